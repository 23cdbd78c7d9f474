"""Work of this app is done by jobs: importing these modules registers their kinds with the worker."""

from scanning.services import backtests, grouping, imports, scans

__all__ = ["backtests", "grouping", "imports", "scans"]
