"""Frozen feedback, reasons and intervals as a reader meets them."""
