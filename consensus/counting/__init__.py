"""From a round's rows to counts: answers as columns, joined into items x categories tables."""
