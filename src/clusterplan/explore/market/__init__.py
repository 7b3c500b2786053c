"""What firms would do of themselves: the market alone, an anchor's attraction, who would rather move."""
