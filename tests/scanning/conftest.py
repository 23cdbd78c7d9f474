"""A study with an owner, and corpus files to import."""

import json
from dataclasses import replace

import pytest
from django.core.files.base import ContentFile

from scanning.formats import Entry, Fault, FileFault, detect_format
from scanning.formats.source import inspect, open_source
from scanning.recipe import Recipe
from scanning.services import monitoring
from scanning.services.corpora import create_corpus, receive_file
from scanning.services.scans import start_scan
from tests.factories import make_study, owner_of


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Uploaded files of tests go away with them."""
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "files")},
        }
    }


@pytest.fixture
def study(db):
    return make_study(technologies=0, members=0)


@pytest.fixture
def owner(study):
    return owner_of(study)


@pytest.fixture
def corpus(study, owner):
    return create_corpus(study=study, actor=owner, name="Corpus")


def rows(count=30, **fields) -> list[dict]:
    """Documents that speak of a few technologies, over several years."""
    names = ["solid-state battery", "graph neural network (GNN)", "perovskite solar cell"]
    return [
        {
            "id": f"d{n}",
            "title": f"A study of the {names[n % 3]} number {n}",
            "abstract": f"We examine the {names[n % 3]}. The {names[n % 3]} is compared with {names[(n + 1) % 3]}.",
            "year": 2015 + n % 6,
        }
        | fields
        for n in range(count)
    ]


def json_lines(documents) -> bytes:
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in documents).encode()


@pytest.fixture
def upload(corpus, owner, django_capture_on_commit_callbacks):
    """Receive a file; the import job runs as it would when the request's transaction commits."""

    def upload(content, name="corpus.jsonl", into=None, run=True, **options):
        if not isinstance(content, bytes):
            content = json_lines(content)
        with django_capture_on_commit_callbacks(execute=run):
            received = receive_file(
                corpus=into or corpus, actor=owner, file=ContentFile(content, name=name), **options
            )
        received.refresh_from_db()
        return received

    return upload


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def scanned(corpus, owner, upload, django_capture_on_commit_callbacks):
    """A finished scan of a small corpus."""

    def scanned(documents=None, into=None, **recipe):
        upload(documents or rows(), into=into)
        with django_capture_on_commit_callbacks(execute=True):
            scan = start_scan(
                corpus=into or corpus, actor=owner, recipe=Recipe(**({"min_documents": 2} | recipe))
            )
        scan.refresh_from_db()
        return scan

    return scanned


@pytest.fixture
def read(tmp_path):
    """(format key, entries, faults as (line, code)) of a file, the way an import reads it."""

    def read(content, name="corpus", mapping=None, encoding="utf-8"):
        path = tmp_path / "uploaded.data"
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        try:
            inspection = inspect(path, name=name)
            form = detect_format(replace(inspection.sample, mapping=mapping or {}))
            if form is None:
                return "", [], [(1, "unknown_format")]
            with open_source(path, inspection, name, mapping) as source:
                parsed = list(form.read(source))
        except FileFault as error:
            return "", [], [(error.fault.line, error.fault.code)]
        return (
            form.key,
            [each for each in parsed if isinstance(each, Entry)],
            [(each.line, each.code) for each in parsed if isinstance(each, Fault)],
        )

    return read


CALM = rows(15) + [
    {
        "id": f"h{n}",
        "title": f"Reading {n} of a heat pump",
        "abstract": "The heat pump is measured.",
        "year": 2015 + n % 6,
    }
    for n in range(150)
]


@pytest.fixture
def watch(corpus, owner, upload, commit):
    """A monitor over a small corpus whose first run is done."""

    def watch(documents=None, **options):
        upload(documents or CALM)
        fields = {"name": "Batteries", "schedule": "weekly", "recipe": Recipe(min_documents=2)} | options
        with commit():
            return monitoring.create_monitor(corpus=corpus, actor=owner, **fields)

    return watch
