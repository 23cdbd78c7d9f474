import gettext
import os

import polib
import pytest
from django.core.management import CommandError, call_command

from foundation.catalogues import compile_catalogues, faults


@pytest.fixture
def catalogue(tmp_path):
    """A catalogue of the given entries in a folder laid out like locale/."""

    def make(*entries):
        path = tmp_path / "zh_Hans" / "LC_MESSAGES" / "django.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        po = polib.POFile()
        po.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
        po.extend(polib.POEntry(**entry) for entry in entries)
        po.save(str(path))
        return path

    return make


def test_catalogue_compiled_without_gettext_is_read_by_python(catalogue, tmp_path):
    path = catalogue({"msgid": "Round", "msgstr": "轮次"})
    assert compile_catalogues(tmp_path) == [path]
    with path.with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Round") == "轮次"


def test_only_changed_catalogues_are_compiled_again(catalogue, tmp_path):
    path = catalogue({"msgid": "Round", "msgstr": "轮次"})
    compile_catalogues(tmp_path)
    assert compile_catalogues(tmp_path) == []
    later = path.with_suffix(".mo").stat().st_mtime + 5
    os.utime(path, (later, later))
    assert compile_catalogues(tmp_path) == [path]


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ({"msgid": "Round"}, "not translated"),
        ({"msgid": "Round", "msgstr": "轮", "flags": ["fuzzy"]}, "fuzzy"),
        ({"msgid": "Round", "msgstr": "轮", "obsolete": True}, "obsolete"),
        ({"msgid": "%(n)s left", "msgstr": "剩余", "flags": ["python-format"]}, "placeholders"),
        ({"msgid": "%(n)s left", "msgstr": "%(m)s", "flags": ["python-format"]}, "placeholders"),
        (
            {
                "msgid": "one",
                "msgid_plural": "%(n)s",
                "msgstr_plural": {0: "%(x)s"},
                "flags": ["python-format"],
            },
            "placeholders",
        ),
    ],
)
def test_each_fault_of_a_catalogue_is_named(catalogue, entry, fault):
    found = list(faults(catalogue(entry)))
    assert len(found) == 1
    assert fault in found[0]


def test_complete_catalogue_has_no_fault(catalogue):
    plural = {
        "msgid": "one",
        "msgid_plural": "%(n)s",
        "msgstr_plural": {0: "%(n)s"},
        "flags": ["python-format"],
    }
    assert list(faults(catalogue({"msgid": "Round", "msgstr": "轮次"}, plural))) == []


def test_check_fails_when_a_language_has_no_catalogue(settings, tmp_path, monkeypatch):
    monkeypatch.setattr("foundation.management.commands.catalogues.shutil.which", lambda name: None)
    settings.LOCALE_PATHS = [tmp_path]
    with pytest.raises(CommandError, match="no catalogue for zh-hans"):
        call_command("catalogues", "check")
