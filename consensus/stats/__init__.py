"""The field's statistics, pure NumPy and SciPy."""
