"""What must not reach a log."""

import logging
import re

SECRETS = re.compile(r"(/p/|/key/[0-9A-Za-z]+-|/confirm-email/)[^/\s\"']{16,}")


class HideTokens(logging.Filter):
    """Takes the secret out of logged addresses: personal links, password and confirmation links."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        hidden = SECRETS.sub(r"\1***", message)
        if hidden != message:
            record.msg, record.args = hidden, None
        return True
