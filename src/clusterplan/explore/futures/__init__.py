"""A plan under futures that are not known."""
