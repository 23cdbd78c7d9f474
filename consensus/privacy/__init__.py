"""What may be shown beside what, so that no small group can be seen or worked out."""
