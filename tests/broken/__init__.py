"""The corpus of broken regions: small changes to a correct one, each with the fault it must report."""
