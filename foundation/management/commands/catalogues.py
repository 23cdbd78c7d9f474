"""`manage.py catalogues compile` and `manage.py catalogues check`."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from foundation.catalogues import catalogues, compile_catalogues, faults, message_ids

COPIED = ("*.py", "*.html", "*.txt", "*.js")
LEFT_OUT = ("tests", "bench", "docs", "var", "node_modules", "staticfiles", "scripts")


class Command(BaseCommand):
    help = "Compiles the message catalogues, or checks that they are complete and match the code."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("action", choices=["compile", "check"])

    def handle(self, *args, action, **options):
        folder = Path(settings.LOCALE_PATHS[0])
        if action == "compile":
            for source in compile_catalogues(folder):
                self.stdout.write(f"compiled {source.relative_to(settings.BASE_DIR)}")
            return
        self._check(folder)

    def _check(self, folder: Path) -> None:
        found = [fault for source in catalogues(folder) for fault in faults(source)]
        expected = {code for code, _ in settings.LANGUAGES if code != "en"}
        present = {source.parts[-3].lower().replace("_", "-") for source in catalogues(folder)}
        found += [f"no catalogue for {code}" for code in sorted(expected - present)]
        if shutil.which("xgettext"):
            found += self._differences(folder)
        else:
            self.stdout.write(
                "SKIPPED: gettext is missing, so strings outside the catalogues were not looked for"
            )
        if found:
            raise CommandError("\n".join(["Message catalogues:", *found]))
        self.stdout.write(f"{len(catalogues(folder))} message catalogues are complete")

    def _differences(self, folder: Path) -> Iterator[str]:
        """Extract the messages anew in a copy of the sources, and compare."""
        with tempfile.TemporaryDirectory() as copy:
            root = Path(copy)
            _copy_sources(Path(settings.BASE_DIR), root)
            for source in catalogues(folder):
                fresh = _extract(root, language=source.parts[-3], domain=source.stem)
                known = message_ids(source)
                yield from (f"{source}: not in the catalogue: {m[1]!r}" for m in sorted(fresh - known))
                yield from (f"{source}: no longer in the code: {m[1]!r}" for m in sorted(known - fresh))


def _copy_sources(base: Path, target: Path) -> None:
    for pattern in COPIED:
        for path in base.rglob(pattern):
            parts = path.relative_to(base).parts
            if parts[0] in LEFT_OUT or any(part.startswith(".") for part in parts):
                continue
            copy = target.joinpath(*parts)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)


def _extract(root: Path, *, language: str, domain: str) -> set[tuple[str, str, str]]:
    (root / "locale").mkdir(exist_ok=True)
    subprocess.run(  # noqa: S603
        [
            sys.executable,
            "-m",
            "django",
            "makemessages",
            "--locale",
            language,
            "--domain",
            domain,
            "--no-location",
            "--verbosity",
            "0",
        ],
        cwd=root,
        check=True,
    )
    made = root / "locale" / language / "LC_MESSAGES" / f"{domain}.po"
    return message_ids(made) if made.exists() else set()
