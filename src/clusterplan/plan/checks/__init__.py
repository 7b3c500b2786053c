"""The independent check of a plan, one family of rules a file.

Everything here is derived from the region's and the plan's tables alone. Nothing is taken from the
mixed-integer program or from the arrays it is built on, so that a mistake in one of the two shows as a
disagreement between them.
"""
