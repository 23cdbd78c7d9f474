import logging

import pytest

from foundation.logs import HideTokens


def logged(message, *args):
    record = logging.LogRecord("x", logging.WARNING, "f", 1, message, args, None)
    assert HideTokens().filter(record) is True
    return record.getMessage()


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/p/" + "a1_-" * 10 + "abc/", "/p/***/"),
        ("/accounts/password/reset/key/1-cx2b1g-0123456789abcdef/", "/accounts/password/reset/key/1-***/"),
        ("/panels/abc/", "/panels/abc/"),
    ],
)
def test_secrets_in_addresses_are_hidden(address, expected):
    assert logged("Forbidden (CSRF): %s", address) == f"Forbidden (CSRF): {expected}"


def test_other_messages_keep_their_arguments():
    record = logging.LogRecord("x", logging.INFO, "f", 1, "%d of %d", (1, 2), None)
    HideTokens().filter(record)
    assert record.args == (1, 2)
