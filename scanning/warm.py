"""What mining needs of large libraries, loaded once before a worker divides itself into processes.

Each process would load it by itself with its first scan, which took longer than the scan of a thousand new documents.
Loaded before, the processes share its memory.
"""

from importlib import import_module

from celery.signals import worker_init

HEAVY = (
    "scipy.sparse",
    "sklearn.cluster",
    "sklearn.decomposition",
    "sklearn.feature_extraction.text",
    "threadpoolctl",
)


@worker_init.connect(dispatch_uid="scanning.warm")
def load(**_kwargs) -> None:
    for name in HEAVY:
        import_module(name)
