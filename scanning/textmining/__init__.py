"""Terms, topics and signals from text, pure Python and NumPy."""
