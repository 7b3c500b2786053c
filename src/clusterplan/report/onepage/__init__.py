"""The page of a plan, part by part: each module makes the sections of one subject."""
