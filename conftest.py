"""At the root, because pytest loads plugins named in a conftest only from the topmost one."""

pytest_plugins = [
    "tests.plugins.services",
    "tests.plugins.chromium",
    "tests.plugins.strict",
    "tests.plugins.databases",
    "tests.plugins.language",
]
