"""What stands in the way of a plan: causes, conflicts among them, and changes that mend them."""
