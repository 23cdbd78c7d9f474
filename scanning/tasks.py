"""Work of this app is done by jobs: importing these modules registers their kinds with the worker."""

from scanning.services import counting, imports, scans

__all__ = ["counting", "imports", "scans"]
