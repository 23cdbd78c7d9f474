"""One Chromium for all tests of a process: it starts once, and each test opens contexts of its own in it."""

import os

import pytest


class Chromium:
    """Started when first asked for, and again should it have died in a test."""

    def __init__(self, playwright, path):
        self._launch = lambda: playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        self._browser = None

    def running(self):
        if self._browser is None or not self._browser.is_connected():
            self._browser = self._launch()
        return self._browser

    def close(self):
        if self._browser is not None:
            self._browser.close()


@pytest.fixture(scope="session")
def chromium(chromium_path):
    from playwright.sync_api import sync_playwright

    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps a loop running in this thread, in which Django would refuse every query.
        patch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        chromium = Chromium(playwright, chromium_path)
        yield chromium
        chromium.close()


@pytest.fixture
def browser(chromium):
    """What a test left open is closed before the database is emptied."""
    browser = chromium.running()
    yield browser
    for context in browser.contexts:
        context.close()
