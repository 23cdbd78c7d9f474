"""Figures as plain data, pure Python."""
