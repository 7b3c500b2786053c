"""What was decided: tables, indicators, the independent check, files."""
