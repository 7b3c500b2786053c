"""What a region's chain offers whatever the plan: innovation loops and technology routes."""
