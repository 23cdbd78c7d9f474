"""The questionnaire's small study, for tests that break what it is stored in."""

from tests.surveys.respond.conftest import world  # noqa: F401
