"""Tokens of personal links: derived from the invitation's nonce and the server's key, never stored."""

import base64
import hashlib
import re
import secrets

from django.utils.crypto import constant_time_compare, salted_hmac

SALT = "experts.invitation.link"
FORM = re.compile(r"[A-Za-z0-9_-]{43}")  # 256 bits, URL-safe


def new_nonce() -> str:
    return secrets.token_hex(32)


def derive(nonce: str) -> str:
    digest = salted_hmac(SALT, nonce, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def hash_token(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8")).hexdigest()


def belongs(token: str, nonce: str) -> bool:
    """Whether the present server key derives this token: a changed key revokes links that were mailed before."""
    return constant_time_compare(token, derive(nonce))
