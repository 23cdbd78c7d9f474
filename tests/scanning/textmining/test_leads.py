"""Which kind of document took a term up first, on counts small enough to check by hand."""

import pytest

from scanning.textmining import Record, count_chunk, kind_totals, leads, mine_counts, signals_of

EVEN = dict.fromkeys(range(2010, 2020), 100)


def test_science_leads_and_patents_follow():
    papers, patents = {2012: 10, 2013: 10}, {2016: 10, 2017: 10}
    (lead,) = leads({"paper": papers, "patent": patents}, {"paper": EVEN, "patent": EVEN})
    assert (lead.first, lead.then, lead.years) == ("paper", "patent", 4.0)
    assert (lead.starts, lead.documents, lead.together) == ((2012, 2016), (20, 20), False)


def test_a_corpus_with_more_late_patents_does_not_make_patents_late():
    growing = {year: 10 * (year - 2009) for year in EVEN}
    patents = {year: total // 10 for year, total in growing.items()}
    papers = dict.fromkeys(EVEN, 10)
    (lead,) = leads({"paper": papers, "patent": patents}, {"paper": EVEN, "patent": growing})
    assert lead.together
    assert lead.years == pytest.approx(0.0)


def test_few_documents_or_no_common_years_say_nothing():
    assert leads({"paper": {2012: 4}, "patent": {2016: 9}}, {"paper": EVEN, "patent": EVEN}) == ()
    apart = {"paper": {2010: 9, 2011: 9}, "patent": {2016: 9, 2017: 9}}
    assert leads(apart, {"paper": {2010: 50, 2011: 50}, "patent": {2016: 50, 2017: 50}}) == ()


def test_signals_carry_leads_and_growth_of_each_kind():
    rows = [
        Record(f"{kind}{year}-{i}", "", f"The {name} is here.", year, kind=kind)
        for kind, since in (("paper", 2014), ("patent", 2018))
        for year in range(2012, 2022)
        for i, name in enumerate(
            ["fuel cell"] * 4 + ["solid state battery" if year >= since else "gas turbine"] * 4
        )
    ]
    mined = mine_counts([count_chunk(rows)])
    assert kind_totals(mined.documents)["patent"][2015] == 8
    found = signals_of(mined)["solidstatebattery"]
    assert (found.leads[0].first, found.leads[0].then) == ("paper", "patent")
    assert found.leads[0].years == 2.0
    assert found.kind_growth["patent"] > found.kind_growth["paper"] == pytest.approx(0.0)
