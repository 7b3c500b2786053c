"""What public money moves, whom it reaches, and how a plan's gain is shared."""
