"""What is said of a candidate that no document defines."""

from dataclasses import dataclass, field

from scanning.services.composing import composed
from scanning.textmining.similar import Similar


@dataclass
class Counted:
    name: str = "virtual machine"
    documents: int = 7
    yearly: dict = field(default_factory=lambda: {2005: 3, 2013: 4})
    similar: tuple = (
        Similar("hypervisor", "hypervisor", 0.4, 3),
        Similar("virtual machine monitor", "vmm", 0.9, 6),
        Similar("host", "host", 0.3, 5),
        Similar("memory", "memory", 0.2, 1),
    )


def test_how_often_since_when_and_beside_what_in_both_languages():
    assert composed(Counted()) == {
        "en": "Found in 7 documents from 2005 to 2013, most often together with host, hypervisor.",
        "zh-hans": "见于7篇文献（2005—2013年），最常与host、hypervisor一同出现。",
    }


def test_one_year_none_known_and_no_company():
    assert (
        composed(Counted(documents=1, yearly={2020: 1}, similar=()))["en"] == "Found in 1 document of 2020."
    )
    assert composed(Counted(yearly={}, similar=()))["zh-hans"] == "见于7篇文献。"
    assert composed(Counted(yearly={0: 2, 2011: 5}, similar=()))["en"] == "Found in 7 documents of 2011."
