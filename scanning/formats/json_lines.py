"""JSON Lines: one object a line. Keys are read like the columns of a table; OpenAlex works are known."""

import json
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from scanning.formats.base import Fault, Format, Parsed, Sample, near
from scanning.formats.objects import from_object
from scanning.formats.source import TextSource


def sniff(sample: Sample) -> float:
    line = sample.first_line.strip()
    if line.startswith("{") and (line.endswith("}") or len(line) >= 60_000):
        return 0.9
    return 0.6 if line.startswith("{") and sample.name.endswith((".jsonl", ".ndjson")) else 0


def read(source: TextSource) -> Iterator[Parsed]:
    for line in source.lines():
        if line.isspace():
            continue
        try:
            value = json.loads(line)
        except RecursionError:
            yield Fault(source.line, "too_deep")
        except json.JSONDecodeError as error:
            yield Fault(source.line, "not_json", near(line, error.pos))
        except ValueError:  # a number of thousands of figures
            yield Fault(source.line, "not_json")
        else:
            yield from_object(value, source.line)


FORMAT = Format("jsonl", _("JSON Lines"), sniff, read)
