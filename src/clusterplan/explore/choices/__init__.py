"""Why this plan, what else is nearly as good, and what a change would do."""
