"""Serve plotly.min.js from the installed package, so that no script of others enters the repository."""

from pathlib import Path

import plotly
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.files.storage import FileSystemStorage

FILE = "plotly.min.js"


class PlotlyFinder(BaseFinder):
    """Finds exactly one file: `plotly/plotly.min.js`."""

    def __init__(self, *args, **kwargs):
        self.storage = FileSystemStorage(location=Path(plotly.__file__).parent / "package_data")
        self.storage.prefix = "plotly"

    def find(self, path, find_all=False, **kwargs):
        found = self.storage.path(FILE) if path == f"plotly/{FILE}" else None
        if find_all:
            return [found] if found else []
        return found

    def list(self, ignore_patterns):
        if not matches_patterns(FILE, ignore_patterns or []):
            yield FILE, self.storage
