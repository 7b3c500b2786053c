"""clusterplan: plan industrial clusters around a chain owner, and check the plan."""
