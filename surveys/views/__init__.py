"""Organisers' pages. Experts' pages are in `surveys.respond`."""
