"""Public codes: what stands in URLs instead of primary keys."""

import secrets

# No vowels (no words by accident), nothing that looks like another letter when read aloud.
ALPHABET = "23456789bcdfghjkmnpqrstvwxz"


def new_code(length: int = 10) -> str:
    """Return a random code; ten characters carry about 47 bits, enough to name, never to authorise."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
