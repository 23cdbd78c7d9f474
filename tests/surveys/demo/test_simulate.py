"""The demo's content is complete in both languages, and its simulated panel behaves as a panel does."""

import re
from collections import Counter
from functools import cache
from itertools import pairwise
from statistics import median

import pytest

from surveys.demo.behaviour import FIRST_YEAR, LAST_YEAR
from surveys.demo.content import LANGUAGES, corpus_records, load_content
from surveys.demo.simulate import CAUSES, simulate, simulate_round

SEED = 2040
CONTENT = load_content()
CJK = "\u4e00-\u9fff"


@pytest.fixture(scope="module")
def rounds():
    return list(simulate(CONTENT, seed=SEED))


def local_texts(node, path=""):
    """Every {"en", "zh-hans"} mapping below a node, with where it stands."""
    if isinstance(node, dict):
        if set(node) & set(LANGUAGES):
            yield path, node
        else:
            for key, value in node.items():
                yield from local_texts(value, f"{path}.{key}")
    elif isinstance(node, list | tuple):
        for index, value in enumerate(node):
            yield from local_texts(value, f"{path}[{index}]")


def all_strings(node):
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for value in node.values():
            yield from all_strings(value)
    elif isinstance(node, list | tuple):
        for value in node:
            yield from all_strings(value)


def shares(round_, technology):
    given = list(round_.numbers(technology, "importance").values())
    return sum(v >= 7 for v in given) / len(given), sum(v <= 3 for v in given) / len(given)


@cache
def two_rounds(seed):
    first = simulate_round(CONTENT, 1, seed=seed)
    return first, simulate_round(CONTENT, 2, seed=seed, previous=first)


def intended(kind):
    return [e["key"] for e in CONTENT.technologies if e["simulation"]["intended"] == kind]


def net_change(before, after):
    both = before.keys() & after.keys()
    was, now = Counter(before[key] for key in both), Counter(after[key] for key in both)
    return sum(abs(was[v] - now[v]) for v in range(1, 10)) / (2 * len(both))


# --- content -------------------------------------------------------------------------------------


def test_every_text_of_study_and_technologies_is_filled_in_both_languages():
    texts = list(local_texts({"study": CONTENT.study, "technologies": CONTENT.technologies}))
    assert len(texts) > 42 * 3
    for path, text in texts:
        assert set(text) == set(LANGUAGES), path
        assert text["en"].strip(), path
        assert re.search(f"[{CJK}]", text["zh-hans"]), path
        assert not re.search(f"[{CJK}]", text["en"]), path


def test_chinese_texts_use_full_width_punctuation():
    texts = [
        text["zh-hans"]
        for _, text in local_texts([CONTENT.study, CONTENT.technologies, CONTENT.reasons])
        if "zh-hans" in text
    ]
    assert [text for text in texts if re.search(f"[{CJK}][,;:?!()]|[,;:?!()][{CJK}]|[{CJK}]\\.", text)] == []


def test_forty_two_technologies_have_unique_keys_and_codes_and_a_known_leaf_field():
    entries = CONTENT.technologies
    leaves = {child["key"] for top in CONTENT.study["fields"] for child in top["children"]}
    assert len(entries) == len({e["key"] for e in entries}) == len({e["code"] for e in entries}) == 42
    assert {e["field"] for e in entries} == leaves
    assert Counter(e["simulation"]["intended"] for e in entries) == {
        "in": 14,
        "out": 5,
        "dissent": 7,
        "open": 16,
    }


def test_descriptions_have_two_or_three_sentences():
    for entry in CONTENT.technologies:
        assert len(re.findall(r"[.?](?=\s|$)", entry["description"]["en"])) in (2, 3), entry["key"]
        assert entry["description"]["zh-hans"].count("。") in (2, 3), entry["key"]


def test_experts_are_marked_simulated_balanced_and_reachable_nowhere():
    experts = CONTENT.experts
    groups = [group["key"] for group in CONTENT.study["panel"]["groups"]]
    assert all(expert["simulated"] is True for expert in experts)
    assert Counter(e["group"] for e in experts) == dict.fromkeys(groups, 12)
    assert Counter(e["language"] for e in experts) == {"zh-hans": 24, "en": 24}
    assert len({e["email"] for e in experts}) == len({e["name"] for e in experts}) == 48
    assert all(re.fullmatch(r"[a-z.]+@example\.org", e["email"]) for e in experts)


def test_no_address_outside_example_org_anywhere():
    texts = all_strings(
        [CONTENT.study, CONTENT.technologies, CONTENT.reasons, CONTENT.experts, *corpus_records()]
    )
    assert {match for text in texts for match in re.findall(r"@([\w.-]+)", text)} == {"example.org"}


def test_each_reason_is_filled_in_the_languages_it_claims_and_rejections_say_why():
    assert len(CONTENT.reasons) >= 160
    spoken = {"en": ["en"], "zh-hans": ["zh-hans"], "both": list(LANGUAGES)}
    questions = {question["key"] for question in CONTENT.study["questions"]}
    for entry in CONTENT.reasons:
        assert list(entry["text"]) == spoken[entry["language"]], entry["key"]
        assert all(text.strip() for text in entry["text"].values()), entry["key"]
        assert entry["technology"] in CONTENT.technology
        assert entry["question"] in questions
        assert bool(entry["note"]) == (entry["moderation"] == "rejected"), entry["key"]
    assert len({e["key"] for e in CONTENT.reasons}) == len(CONTENT.reasons)
    assert Counter(e["moderation"] for e in CONTENT.reasons)["rejected"] >= 5


def test_every_technology_has_two_to_six_arguments():
    counts = Counter(
        e["technology"]
        for e in CONTENT.reasons
        if e["question"] != "comment" and e["moderation"] != "rejected"
    )
    assert set(counts) == set(CONTENT.technology)
    assert all(2 <= count <= 6 for count in counts.values())


# --- the corpus ----------------------------------------------------------------------------------


def test_corpus_is_bilingual_dated_unique_and_says_it_is_invented():
    records = list(corpus_records())
    assert len(records) == 220
    assert len({r["id"] for r in records}) == len({r["title"] for r in records}) == 220
    assert {r["source"] for r in records} == {"Demo corpus (invented)"}
    assert {r["kind"] for r in records} == {"paper", "patent", "news", "project"}
    assert {r["year"] for r in records} == set(range(2016, 2026))
    assert 125 <= Counter(r["language"] for r in records)["en"] <= 140
    for record in records:
        assert record["title"].strip()
        assert len(record["abstract"]) > 40
        assert record["date"].startswith(str(record["year"]))
        assert bool(re.search(f"[{CJK}]", record["title"])) == (record["language"] == "zh")


@pytest.mark.parametrize(
    ("term", "grows"),
    [
        ("perovskite", True),
        ("钠离子电池", True),
        ("post-quantum", True),
        ("biofuel", False),
        ("燃料电池客车", False),
    ],
)
def test_corpus_terms_rise_or_fall_over_the_years(term, grows):
    years = [r["year"] for r in corpus_records() if term in (r["title"] + r["abstract"]).lower()]
    late, early = sum(year >= 2021 for year in years), sum(year < 2021 for year in years)
    assert len(years) >= 4
    assert (late > early) is grows


# --- the panel -----------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_panel_and_another_seed_another(rounds):
    again = list(simulate(CONTENT, seed=SEED))
    assert again == rounds
    assert next(simulate(CONTENT, seed=SEED + 1)).answers != rounds[0].answers


def test_what_is_asked_beside_a_technology_does_not_change_its_answers(rounds):
    alone = simulate_round(CONTENT, 1, seed=SEED, technologies={"smr"})
    assert alone.numbers("smr", "importance") == rounds[0].numbers("smr", "importance")


def test_a_later_round_needs_the_one_before():
    with pytest.raises(ValueError, match="round"):
        simulate_round(CONTENT, 2, seed=SEED)


def test_members_drop_out_and_the_third_round_is_half_way(rounds):
    first, second, third = rounds
    assert [len(r.submitted) for r in rounds] == [48, 39, 14]
    assert len(third.in_progress) == 5
    assert set(second.submitted) < set(first.submitted)
    assert set(third.submitted) | set(third.in_progress) < set(second.submitted)
    assert not set(third.submitted) & set(third.in_progress)
    open_keys = set(intended("open"))
    for member in third.in_progress:
        done = {
            a.technology_key
            for a in third.answers
            if a.member_key == member and a.question_key == "familiarity"
        }
        assert 0 < len(done) < len(open_keys & set(CONTENT.assignments[member]))


def test_every_answer_is_in_range_and_every_key_is_known(rounds):
    ranges = {
        "familiarity": (1, 5),
        "importance": (1, 9),
        "feasibility": (1, 9),
        "year_lab": (FIRST_YEAR, LAST_YEAR),
        "year_society": (FIRST_YEAR, LAST_YEAR),
    }
    specials = {
        "year_lab": {"already", "never", "cannot_say"},
        "constraint": set(CONTENT.options("constraint")),
    }
    specials["year_society"] = specials["year_lab"]
    for answer in (a for r in rounds for a in r.answers):
        key = answer.question_key
        assert answer.technology_key in CONTENT.assignments[answer.member_key]
        if key == "comment":
            assert answer.text.strip()
            assert answer.language in LANGUAGES
            continue
        assert [answer.number is not None, answer.special is not None, answer.cannot_judge].count(True) == 1
        if answer.number is not None:
            low, high = ranges[key]
            assert low <= answer.number <= high
        if answer.special is not None:
            assert answer.special in specials[key]
        assert answer.confidence is None or 1 <= answer.confidence <= 5


def test_no_member_answers_a_question_twice_in_a_round(rounds):
    for round_ in rounds:
        assert len(round_.by_key) == len(round_.answers)


def test_wide_use_never_precedes_the_laboratory(rounds):
    for round_ in rounds:
        for key, society in round_.by_key.items():
            if key[2] != "year_society":
                continue
            lab = round_.by_key[(key[0], key[1], "year_lab")]
            if lab.number and society.number:
                assert society.number > lab.number or society.number == LAST_YEAR
            if society.special == "already":
                assert lab.special == "already"
            if lab.special == "never":
                assert society.special == "never"


@pytest.mark.parametrize("seed", [SEED, 1, 7])
def test_consensus_mixture_is_roughly_as_intended(seed):
    _, second = two_rounds(seed)
    reached = {
        kind: [shares(second, key) for key in intended(kind)] for kind in ("in", "out", "dissent", "open")
    }
    assert sum(high >= 0.7 and low < 0.15 for high, low in reached["in"]) >= 12
    assert sum(low >= 0.7 and high < 0.15 for high, low in reached["out"]) >= 4
    assert all(high < 0.7 and low < 0.7 for high, low in reached["dissent"])
    assert sum(high < 0.7 and low < 0.7 for high, low in reached["open"]) >= 12


@pytest.mark.parametrize("seed", [SEED, 1, 7])
def test_camps_stand_still_while_open_technologies_move(seed):
    first, second = two_rounds(seed)

    def moved(kind):
        return median(
            net_change(first.numbers(key, "importance"), second.numbers(key, "importance"))
            for key in intended(kind)
        )

    assert moved("dissent") < 0.15 < moved("open")


def test_camps_are_the_groups(rounds):
    group_of = {expert["key"]: expert["group"] for expert in CONTENT.experts}
    given = rounds[1].numbers("smr", "importance")
    by_group = {g: median(v for m, v in given.items() if group_of[m] == g) for g in set(group_of.values())}
    assert by_group["industry"] - by_group["society"] >= 4


def test_answers_draw_together_where_the_panel_is_open_to_it(rounds):
    def spread(round_, key):
        given = sorted(round_.numbers(key, "importance").values())
        return given[3 * len(given) // 4] - given[len(given) // 4]

    narrower = [spread(rounds[1], key) <= spread(rounds[0], key) for key in intended("open")]
    assert sum(narrower) >= 14


def test_each_reason_is_given_once_by_someone_who_speaks_its_language_and_rated(rounds):
    language = {expert["key"]: expert["language"] for expert in CONTENT.experts}
    reasons = [reason for r in rounds for reason in r.reasons]
    assert len(reasons) == len({reason.reason_key for reason in reasons})
    assert len(reasons) >= 0.95 * sum(e["question"] != "comment" for e in CONTENT.reasons)
    for round_ in rounds:
        for reason in round_.reasons:
            assert reason.language in ("both", language[reason.member_key])
            assert reason.technology_key in CONTENT.assignments[reason.member_key]
            assert round_.by_key[(reason.member_key, reason.technology_key, "importance")].number


def test_changes_name_what_changed_and_a_known_cause(rounds):
    known = {cause["key"] for cause in CONTENT.study["change_causes"]}
    assert set(CAUSES) == known
    assert rounds[0].changes == ()
    for before, after in pairwise(rounds):
        assert {change.cause for change in after.changes} <= known
        for change in after.changes:
            key = (change.member_key, change.technology_key, change.question_key)
            assert (before.by_key[key].value, after.by_key[key].value) == (change.before, change.after)
            assert change.before != change.after
    assert {change.cause for change in rounds[1].changes} == known
