"""Every test begins in English: a page that spoke Chinese leaves its language behind in the process."""

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def english():
    translation.activate("en")
    yield
    translation.activate("en")
