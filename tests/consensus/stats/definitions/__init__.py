"""The published definitions once more, by loops and fractions over single answers.

Slow, and nothing in common with `consensus.stats`: a mistake would have to be made twice. None = not defined.
"""
