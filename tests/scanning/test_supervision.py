"""Supervision of the machine: figures by hand, methods off and on, formula, backtest, comparison, groups, evidence."""

import pytest
from django.urls import reverse

from experts.enums import Role
from foundation.exceptions import InvalidInput, NotAllowed
from foundation.models import Job
from foundation.services import jobs
from scanning.enums import CandidateStatus, DecisionAction
from scanning.exceptions import NoYears
from scanning.formula_words import stored_in_words
from scanning.models import Backtest, Candidate, Corpus, Decision
from scanning.recipe import Recipe
from scanning.selectors.board import Filter, queue
from scanning.selectors.comparing import compared
from scanning.selectors.details import detail, find_candidate
from scanning.selectors.groups import drawing
from scanning.selectors.supervision import by_method, by_origin, precision
from scanning.services import review
from scanning.services.backtests import start_backtest
from scanning.services.grouping import start_writing
from scanning.services.more_evidence import fetch_evidence
from scanning.services.policies import set_policy
from scanning.services.ranking import checked_formula, set_formula
from scanning.services.scans import start_scan
from scanning.services.splitting import split
from scanning.textmining.ranking import Formula
from surveys import hooks
from surveys.enums import Origin
from surveys.services.technologies import add_technology
from tests.factories import give_role
from tests.scanning.conftest import rows

pytestmark = pytest.mark.django_db


def propose(study, scan, number, method="terms-en-1", **fields):
    name = f"Machine term {number}"
    return Candidate.objects.create(
        study=study, scan=scan, name={"en": name}, mined_name=name, method=method, rank=number, **fields
    )


@pytest.fixture
def scan(scanned):
    """A finished scan whose candidates are replaced by twelve known ones."""
    scan = scanned()
    Candidate.objects.filter(scan=scan).delete()
    for number in range(1, 13):
        propose(scan.corpus.study, scan, number)
    return scan


@pytest.fixture
def candidates(scan):
    return list(scan.candidates.order_by("rank"))


@pytest.fixture
def page(client, owner):
    client.force_login(owner)
    return client


def test_methods_are_counted_by_model_and_prompt_version(study, scan, candidates, owner):
    propose(study, scan, 20, method="llm-1", model="small", prompt_version="3")
    review.add_by_hand(study=study, actor=owner, name={"en": "By hand"})
    review.accept(candidate=candidates[0], actor=owner)
    review.edit(candidate=candidates[0], actor=owner, name={"en": "Machine terms 1"})
    review.accept(candidate=candidates[1], actor=owner)
    review.reject(candidate=candidates[2], actor=owner, reason="too_broad")
    undone = review.reject(candidate=candidates[3], actor=owner, reason="duplicate")
    from scanning.services.undoing import undo

    undo(candidate=candidates[3], actor=owner, decision=undone)
    review.merge(candidate=candidates[4], into=candidates[0], actor=owner)
    llm, mined = by_method(study)
    assert (llm.method, llm.model, llm.prompt_version, llm.rate, llm.interval) == (
        "llm-1",
        "small",
        "3",
        None,
        None,
    )
    assert (mined.proposed, mined.accepted, mined.rejected, mined.merged) == (12, 2, 1, 1)
    assert mined.rate == 50
    assert (mined.reworded, mined.edit_distance) == (1, 0.5)
    assert mined.reason_list() == [("Too broad", 1)]


def test_precision_counts_only_what_was_judged_in_the_scans_own_order(study, scan, candidates, owner, corpus):
    for candidate in candidates[:4]:
        review.accept(candidate=candidate, actor=owner)
    review.reject(candidate=candidates[4], actor=owner)
    review.reject(candidate=candidates[11], actor=owner)
    set_formula(corpus=corpus, actor=owner, formula=checked_formula({"volume": 1.0}, 0, 0))
    (found,) = precision(study)
    assert [(point.k, point.judged, point.kept, point.share) for point in found.points] == [(10, 5, 4, 0.8)]


def test_what_was_merged_or_split_counts_as_what_became_of_it(study, scan, candidates, owner):
    """Against a count by hand."""
    accepted, into_it, rejected, into_that, chained, split_kept, split_lost, split_open, waiting, _ = (
        candidates[:10]
    )
    review.merge(candidate=into_it, into=accepted, actor=owner)
    review.accept(candidate=accepted, actor=owner)
    review.merge(candidate=chained, into=into_that, actor=owner)
    review.merge(candidate=into_that, into=rejected, actor=owner)
    review.reject(candidate=rejected, actor=owner, reason="too_broad")
    for row in (split_kept, split_lost, split_open):
        split(candidate=row, names=[f"{row.mined_name} a", f"{row.mined_name} b"], actor=owner)
    review.accept(candidate=split_kept.parts.first(), actor=owner)
    for part in split_lost.parts.all():
        review.reject(candidate=part, actor=owner, reason="too_broad")
    (found,) = precision(study)
    kept, lost = 3, 4  # accepted, into_it, split_kept; rejected, into_that, chained, split_lost
    assert [(p.k, p.judged, p.kept) for p in found.points] == [(10, kept + lost, kept)]
    review.merge(candidate=waiting, into=candidates[9], actor=owner)
    assert [(p.k, p.judged) for p in precision(study)[0].points] == [(10, kept + lost)]


def test_the_panels_verdicts_are_set_against_who_proposed(study, owner, monkeypatch):
    for number, origin in enumerate([Origin.SCAN, Origin.SCAN, Origin.SCAN, Origin.EXPERT, Origin.ORGANISER]):
        add_technology(study=study, actor=owner, name={"en": f"T{number}"}, origin=origin)
    pks = list(study.technologies.order_by("pk").values_list("pk", flat=True))
    said = dict(zip(pks, ["consensus_in", "open", "too_few_answers", "consensus_out"], strict=False))
    monkeypatch.setattr(hooks, "_verdicts", lambda study_id: said)
    found = {row.origin: row for row in by_origin(study)}
    assert (found["scan"].listed, found["scan"].judged, found["scan"].share_in, found["scan"].final) == (
        3,
        2,
        50,
        1,
    )
    assert (found["expert"].judged, found["expert"].share_in) == (1, 0)
    assert (found["organiser"].judged, found["organiser"].share_in) == (0, None)


def test_consensus_answers_the_question_for_the_latest_verdicts():
    from consensus.hooks import latest_verdicts

    assert hooks._verdicts is latest_verdicts


def test_a_method_switched_off_leaves_the_queue_and_later_scans_and_comes_back(
    study, scan, owner, page, upload, django_capture_on_commit_callbacks
):
    path = reverse("scanning:switch_method", args=[study.code])
    page.post(path, {"method": "terms-en-1"})
    assert list(queue(study, Filter())) == []
    assert queue(study, Filter(status="all")).count() == 12
    with django_capture_on_commit_callbacks(execute=True):
        later = start_scan(corpus=scan.corpus, actor=owner, recipe=Recipe(min_documents=2))
    later.refresh_from_db()
    assert (later.recipe["without"], later.candidates.count()) == (["terms-en-1"], 0)
    page.post(path, {"method": "terms-en-1"})
    assert queue(study, Filter()).count() == 12
    with pytest.raises(InvalidInput):
        set_policy(study=study, actor=owner, methods_off=["unheard-of"])
    with pytest.raises(NotAllowed):
        set_policy(study=study, actor=give_role(study, Role.MODERATOR), methods_off=[])


def test_the_formula_orders_the_queue_without_mining_and_mixes_fields(study, scan, candidates, owner, corpus):
    for number, candidate in enumerate(candidates):
        Candidate.objects.filter(pk=candidate.pk).update(n_documents=number, score=12 - number)
    jobs_before = Job.objects.count()
    moved = set_formula(corpus=corpus, actor=owner, formula=checked_formula({"volume": 1.0}, 0, 0))
    ordered = list(queue(study, Filter()))
    assert moved == 12
    assert ordered == candidates[::-1]
    assert ordered[0].how["mined_place"] == 12
    assert "volume" in ordered[0].how["place_formula"]
    assert Job.objects.count() == jobs_before
    from surveys.services.studies import add_field

    field = add_field(study=study, actor=owner, key="f", name={"en": "F"})
    Candidate.objects.filter(pk__in=[row.pk for row in ordered[:6]]).update(field=field)
    set_formula(corpus=corpus, actor=owner, formula=checked_formula({"volume": 1.0}, 0, 2.0))
    mixed = [row.field_id for row in queue(study, Filter())[:6]]
    assert mixed.count(field.pk) < 6
    assert Candidate.objects.get(pk=candidates[0].pk).how["mined_place"] == 1


def test_a_new_scan_is_ordered_by_the_corpus_own_formula(scanned, corpus, owner):
    set_formula(corpus=corpus, actor=owner, formula=checked_formula({"volume": 1.0}, 0, 0))
    found = list(scanned().candidates.order_by("rank"))
    assert [row.n_documents for row in found] == sorted((row.n_documents for row in found), reverse=True)
    assert all("place_formula" in row.how for row in found)


@pytest.mark.parametrize(
    ("weights", "penalty"),
    [
        ({"term": -1.0}, 0),
        ({"term": 11.0}, 0),
        ({"term": 0.0}, 0),
        ({"magic": 1.0}, 0),
        ({"term": float("nan")}, 0),
        ({"term": 1.0}, -1),
    ],
)
def test_a_formula_that_makes_no_sense_is_refused(weights, penalty):
    with pytest.raises(InvalidInput):
        checked_formula(weights, 0, penalty)


def test_trying_a_formula_changes_nothing_and_saving_orders(page, study, scan, candidates, corpus):
    Candidate.objects.filter(pk=candidates[11].pk).update(n_documents=99)
    path = reverse("scanning:formula", args=[study.code, corpus.code])
    weights = dict.fromkeys(
        ("term", "growth", "novelty", "weak_signal", "spread", "similarity_penalty", "field_penalty"), "0"
    )
    text = page.post(path, weights | {"volume": "2", "do": "try"}).content.decode()
    assert "The order it would give" in text
    assert Corpus.objects.get(pk=corpus.pk).formula == {}
    assert page.post(path, weights | {"volume": "0", "do": "save"}).status_code == 400
    assert page.post(path, weights | {"volume": "2", "do": "save"}).status_code == 302
    assert queue(study, Filter()).first() == candidates[11]


def test_more_evidence_attaches_documents_that_name_it_and_no_others(study, corpus, upload, owner):
    upload(rows(30))
    candidate = review.add_by_hand(study=study, actor=owner, name={"en": "Graph Neural Network"})
    n, decision = fetch_evidence(candidate=candidate, actor=owner)
    assert (n, decision.action) == (20, DecisionAction.EVIDENCE)
    shown = detail(find_candidate(study, candidate.code)).exhibits
    assert len(shown) == 20
    assert all(
        piece.text.lower().startswith("graph neural network")
        for exhibit in shown
        for piece in (*exhibit.title, *exhibit.whole)
        if piece.marked
    )
    assert fetch_evidence(candidate=candidate, actor=owner) == (0, None)
    other = review.add_by_hand(study=study, actor=owner, name={"en": "raph neural"})
    assert fetch_evidence(candidate=other, actor=owner) == (0, None)
    from scanning.services.undoing import undo

    undo(candidate=candidate, actor=owner)
    assert candidate.evidence.count() == 20
    assert Decision.objects.filter(candidate=candidate).count() == 3


def yearly(growing="flow battery", years=range(2012, 2022)):
    """One term grows, one stays; every year has the same number of documents."""
    found = []
    for place, year in enumerate(years):
        for n in range(40):
            name = growing if n < 2 + 3 * place else "wind turbine"
            found.append(
                {
                    "id": f"{year}-{n}",
                    "title": f"On the {name}, part {n} of {year}",
                    "abstract": f"We examine the {name}. Each {name} is measured.",
                    "year": year,
                }
            )
    return found


def test_a_backtest_hides_the_last_years_and_counts_what_grew(
    study, corpus, upload, owner, page, django_capture_on_commit_callbacks
):
    upload(yearly())
    with django_capture_on_commit_callbacks(execute=True):
        made = start_backtest(corpus=corpus, actor=owner, cut=2016, horizon=3, factor=1.3, top=5)
    made.refresh_from_db()
    flagged = {row["name"]: row for row in made.result["flagged"]}
    assert flagged["flow battery"]["rose"] is True
    assert "wind turbine" not in flagged
    assert max(made.result["years"]) == 2019
    assert made.result["rose"] == sum(row["rose"] for row in flagged.values())
    text = page.get(reverse("scanning:backtest", args=[study.code, made.code])).content.decode()
    assert "flow battery" in text
    assert "will rise" not in text
    before = made.result
    Backtest.objects.filter(pk=made.pk).update(finished_at=None, result={})
    Job.objects.filter(pk=made.job_id).update(status="queued")
    jobs.run(made.job_id)
    made.refresh_from_db()
    assert made.result == before


def test_what_is_learned_for_a_backtest_comes_from_years_before_the_cut(
    corpus, upload, owner, monkeypatch, django_capture_on_commit_callbacks
):
    from scanning.services import backtests

    upload(yearly(years=range(2014, 2019)))
    taught = []

    def learn(standings, until, horizon, factor):
        taught.append(([standing.cut for standing in standings], until))

    monkeypatch.setattr(backtests, "learn", learn)
    with django_capture_on_commit_callbacks(execute=True):
        made = start_backtest(corpus=corpus, actor=owner, cut=2017, horizon=1, top=3, by="learned")
    made.refresh_from_db()
    assert taught == [([2015, 2016], 2017)]
    assert made.finished_at


def test_a_corpus_without_enough_years_is_not_backtested(corpus, upload, owner):
    upload(rows(6, year=2019))
    with pytest.raises(InvalidInput):
        start_backtest(corpus=corpus, actor=owner, cut=2019, by="oracle")
    for cut in (2019, 2018):
        with pytest.raises(NoYears):
            start_backtest(corpus=corpus, actor=owner, cut=cut)
    with pytest.raises(InvalidInput):
        start_backtest(corpus=corpus, actor=owner, cut=2019, horizon=0)
    assert not Backtest.objects.exists()


def test_the_formula_of_a_run_is_told_in_words(scan, study, page):
    scan.summary = scan.summary | {"formula": Formula({"term": 3.0, "growth": 1.5}).text()}
    scan.save()
    text = page.get(reverse("scanning:scan", args=[study.code, scan.code])).content.decode()
    assert "(3 × Attested + 1.5 × Growing) / 4.5" in text
    assert stored_in_words(Formula({"term": 1.0}).text()) == "Attested"


def test_two_scans_are_compared_by_what_is_new_gone_and_moved(scan, candidates, study, page, scanned):
    later = scanned()
    Candidate.objects.filter(scan=later).delete()
    for number, name in enumerate([3, 2, 1, 99], 1):
        row = propose(study, later, name)
        Candidate.objects.filter(pk=row.pk).update(rank=number)
    found = compared(later, scan).lists  # whichever is named first
    assert [row.name for row in found.new] == ["Machine term 99"]
    assert len(found.gone) == 9
    assert [(row.now.name, row.before.rank, row.now.rank) for row in found.moved] == [
        ("Machine term 3", 3, 1),
        ("Machine term 1", 1, 3),
    ]
    assert found.overlap == pytest.approx(100 * 3 / 13)
    text = page.get(reverse("scanning:compare", args=[study.code])).content.decode()
    assert "Machine term 99" in text


def list_of(study, owner, count):
    subjects = ("solar cell", "protein drug", "quantum sensor")
    for n in range(count):
        add_technology(
            study=study, actor=owner, name={"en": f"{subjects[n % 3]} of kind {'abcdefghij'[n // 3]}"}
        )


def test_the_tree_is_cut_anywhere_and_every_technology_is_in_one_group(study, owner):
    assert drawing(study, "list", 3) is None
    list_of(study, owner, 12)
    for clusters in (2, 3, 7, 500):
        drawn = drawing(study, "list", clusters)
        assert drawn.clusters == min(clusters, 12)
        codes = [code for row in drawn.rows for code in row.cluster.members]
        assert sorted(codes) == sorted(study.technologies.values_list("code", flat=True))
        assert len(drawn.paths) == drawn.clusters - 1
    by_subject = {frozenset(item.name[:5] for item in row.items) for row in drawing(study, "list", 3).rows}
    assert by_subject == {frozenset({"solar"}), frozenset({"prote"}), frozenset({"quant"})}


def test_named_groups_are_written_to_fields_once(study, owner, page, django_capture_on_commit_callbacks):
    list_of(study, owner, 9)
    path = reverse("scanning:groups", args=[study.code]) + "?of=list&clusters=3"
    drawn = drawing(study, "list", 3)
    chosen = drawn.rows[0]
    data = {"group": [chosen.signature], f"name_{chosen.signature}": "My field"}
    for _again in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            assert page.post(path, data).status_code == 302
        field = study.fields.get()
        assert field.name == {"en": "My field"}
        assert set(field.technologies.values_list("code", flat=True)) == set(chosen.cluster.members)
    add_technology(study=study, actor=owner, name={"en": "another solar cell of kind z"})
    stale = page.post(path, {"group": ["0" * 12], f"name_{'0' * 12}": "X"}, follow=True).content.decode()
    assert "changed in the meantime" in stale
    assert study.fields.count() == 1


def test_groups_are_refused_without_names_twice_the_same_or_by_a_moderator(study, owner, page, client):
    for groups in ([], [(" ", ["a"])], [("Same", ["a"]), ("same", ["b"])]):
        with pytest.raises(InvalidInput):
            start_writing(study=study, actor=owner, of="list", groups=groups)
    moderator = give_role(study, Role.MODERATOR)
    with pytest.raises(NotAllowed):
        start_writing(study=study, actor=moderator, of="list", groups=[("A", ["a"])])
    client.force_login(moderator)
    assert client.post(reverse("scanning:groups", args=[study.code])).status_code == 404


def test_candidates_are_grouped_and_their_field_is_a_decision(study, scan, candidates, owner):
    drawn = drawing(study, "candidates", 2)
    assert sum(len(row.items) for row in drawn.rows) == 12
    job = start_writing(
        study=study, actor=owner, of="candidates", groups=[("组", [candidates[0].code, "gone"])]
    )
    jobs.run(job.pk)
    candidates[0].refresh_from_db()
    assert candidates[0].field.name == {"zh-hans": "组"}
    assert candidates[0].decisions.get().action == DecisionAction.EDIT
    assert candidates[0].status == CandidateStatus.PENDING


def test_supervision_shows_all_of_it_and_costs_the_same_whatever_its_length(
    page, study, scan, candidates, owner, django_assert_max_num_queries
):
    path = reverse("scanning:supervision", args=[study.code])
    page.get(path)
    for number in range(30, 50):
        propose(study, scan, number, status=CandidateStatus.ACCEPTED)
    with django_assert_max_num_queries(30):
        text = page.get(path).content.decode()
    for part in (
        "terms-en-1",
        "Precision of the first places",
        "Agreement of reviewers",
        "With the panel",
        "Backtests",
    ):
        assert part in text


def test_the_candidates_page_says_what_it_is_from_the_evidence_until_a_person_does(study, scanned, owner):
    documents = rows(12)
    documents[0]["abstract"] = (
        "Much was tried. A solid-state battery is a cell without liquid. Others differ."
    )
    candidate = scanned(documents).candidates.get(mined_name="solid-state battery")
    assert str(candidate.description) == "A solid-state battery is a cell without liquid."
    assert detail(find_candidate(study, candidate.code)).is_quoted
    review.edit(candidate=candidate, actor=owner, name=candidate.name, description={"en": "A cell."})
    assert not detail(find_candidate(study, candidate.code)).is_quoted
