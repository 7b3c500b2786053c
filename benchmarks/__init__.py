"""Measuring: published instances with known optima, and the time and memory of growing regions."""
