"""The topic map: topics of a scan, shaped by people; every act is kept, and undone unless others build on it."""

import csv
import io

import pytest
from django.urls import reverse

from experts.enums import Role
from foundation.exceptions import InvalidInput, NotAllowed
from foundation.services.audit import broken_links
from scanning.append_only import Appended
from scanning.enums import CandidateStatus, TopicStatus
from scanning.exceptions import AlreadyDecided, NotUndoable
from scanning.map_layout import discs, name_lines, text_width
from scanning.models import Candidate, Scan, Topic, TopicDecision
from scanning.selectors.topics import topic_map
from scanning.services import review
from scanning.services import topics as service
from tests.factories import give_role, make_study, owner_of

pytestmark = pytest.mark.django_db


def grouped(count=40):
    """Two subjects whose terms keep to themselves."""
    subjects = (
        ("solid-state battery", "ceramic electrolyte", "lithium anode"),
        ("graph neural network", "message passing", "node embedding"),
    )
    return [
        {
            "id": f"g{n}",
            "title": f"On the {subjects[n % 2][n % 3]}",
            "abstract": " ".join(f"The {name} is examined." for name in subjects[n % 2]),
            "year": 2015 + n % 6,
        }
        for n in range(count)
    ]


@pytest.fixture
def scan(scanned):
    return scanned(grouped())


@pytest.fixture
def topics(scan):
    return list(scan.topics.all())


def members(topic):
    return set(Candidate.objects.filter(topic=topic).values_list("mined_name", flat=True))


def test_a_scan_puts_terms_of_the_same_documents_into_one_topic(scan, topics):
    assert {frozenset(members(topic)) for topic in topics} == {
        frozenset({"solid-state battery", "ceramic electrolyte", "lithium anode"}),
        frozenset({"graph neural network", "message passing", "node embedding"}),
    }
    assert all(any(name in topic.mined_name for name in members(topic)) for topic in topics)


def test_the_map_has_figures_places_and_bonds(scan):
    drawn = topic_map(scan)
    assert [len(place.nodes) for place in drawn.places] == [3, 3]
    figures = drawn.places[0].figures
    assert figures.volume == sum(row.n_documents for row in drawn.places[0].candidates)
    assert figures.diversity == pytest.approx(3)
    assert sum(figures.yearly.values()) == figures.volume
    one = drawn.places[0].nodes[0].candidate
    assert len(drawn.bonds[one.code]) == 2


def test_discs_and_names_do_not_overlap_and_the_map_is_always_the_same():
    names = [
        "Solid-state battery, ceramic electrolyte",
        "钠离子电池，绿色采购，低碳水泥生产线",
        *map(str, range(20)),
    ]
    sizes = [30, 11, *range(1, 21)]
    placed = discs(names, sizes, {(0, 1): 2.0})
    assert placed == discs(names, sizes, {(0, 1): 2.0})
    for number, one in enumerate(placed):
        assert len(one.dots) == sizes[number]
        for other in placed[number + 1 :]:
            apart = ((one.x - other.x) ** 2 + (one.y - other.y) ** 2) ** 0.5
            assert apart >= one.radius + other.radius
    assert all(text_width(line) <= 21 for name in names for line in name_lines(name))
    assert name_lines("傅里叶变换红外光谱、傅里叶变换") == ["傅里叶变换红外光谱", "傅里叶变换"]
    assert name_lines("傅里叶变换红外光谱仪、傅里叶变换") == ["傅里叶变换红外光谱仪", "傅里叶变换"]


def test_renaming_is_a_decision_that_keeps_the_mined_name(topics, owner, study):
    topic, mined = topics[0], topics[0].mined_name
    service.relabel_topic(topic=topic, actor=owner, name={"en": "Storage", "zh-hans": "储能"})
    topic.refresh_from_db()
    assert (topic.name, topic.mined_name) == ({"en": "Storage", "zh-hans": "储能"}, mined)
    assert service.relabel_topic(topic=topic, actor=owner, name=topic.name) is None
    service.undo_topic(topic=topic, actor=owner)
    topic.refresh_from_db()
    assert topic.name == {"en": mined}
    assert list(topic.decisions.values_list("action", flat=True)) == ["relabel", "undo"]
    assert broken_links(study.stream) == []


def test_merging_moves_the_candidates_and_undoing_brings_back_those_that_stayed(topics, owner):
    first, second = topics
    mine, theirs = members(first), members(second)
    service.merge_topics(topic=first, into=second, actor=owner)
    first.refresh_from_db()
    assert (first.status, first.merged_into, members(second)) == (TopicStatus.MERGED, second, mine | theirs)
    gone_on = Candidate.objects.get(topic=second, mined_name=min(mine))
    part = service.split_topic(topic=second, name={"en": "Part"}, members=[gone_on.code], actor=owner)
    service.undo_topic(topic=first, actor=owner)
    first.refresh_from_db()
    assert (first.status, members(first)) == (TopicStatus.ACTIVE, mine - {gone_on.mined_name})
    assert members(Topic.objects.get(code=part.after["part"])) == {gone_on.mined_name}


def three_topics(topics, owner):
    """The second topic in two, so that there are three."""
    first, second = topics
    code = second.candidates.values_list("code", flat=True)[0]
    part = service.split_topic(topic=second, name={"en": "Third"}, members=[code], actor=owner)
    return first, second, Topic.objects.get(code=part.after["part"])


def test_a_merge_is_undone_only_before_or_after_the_merges_that_came_later(topics, owner):
    """Else the topic came back empty, and its candidates were in the one that its target went into."""
    first, second, third = three_topics(topics, owner)
    mine = members(first)
    service.merge_topics(topic=first, into=second, actor=owner)
    service.merge_topics(topic=second, into=third, actor=owner)
    with pytest.raises(NotUndoable):
        service.undo_topic(topic=first, actor=owner)
    service.undo_topic(topic=second, actor=owner)
    service.undo_topic(topic=first, actor=owner)
    assert members(first) == mine
    service.merge_topics(topic=first, into=second, actor=owner)
    service.delete_topic(topic=second, actor=owner)
    with pytest.raises(NotUndoable):
        service.undo_topic(topic=first, actor=owner)


def test_a_split_is_not_undone_while_another_topic_is_merged_into_its_part(topics, owner):
    first, second, third = three_topics(topics, owner)
    mine = members(first)
    service.merge_topics(topic=first, into=third, actor=owner)
    with pytest.raises(NotUndoable):
        service.undo_topic(topic=second, actor=owner)
    service.undo_topic(topic=first, actor=owner)
    assert members(first) == mine
    service.undo_topic(topic=second, actor=owner)


def test_who_undoes_on_a_stale_page_does_not_undo_what_another_did_since(page, study, topics, owner):
    topic, _other = topics
    service.relabel_topic(topic=topic, actor=owner, name={"en": "Mine"})
    service.relabel_topic(topic=topic, actor=owner, name={"en": "Theirs"})
    address = reverse("scanning:topic_decide", args=[study.code, topic.code])
    page.post(address, {"do": "undo", "seen": "1"})
    topic.refresh_from_db()
    assert topic.name == {"en": "Theirs"}
    page.post(address, {"do": "undo", "seen": "2"})
    topic.refresh_from_db()
    assert topic.name == {"en": "Mine"}


def test_a_part_that_went_back_with_its_split_offers_no_undo(page, study, topics, owner):
    """Nothing was decided of it: the button could only ever be refused."""
    three_topics(topics, owner)
    service.undo_topic(topic=topics[1], actor=owner)
    text = page.get(reverse("scanning:map", args=[study.code])).content.decode()
    assert "No longer on the map" in text
    assert 'value="undo"' not in text


def test_what_left_the_map_comes_back_once_when_two_press_undo(page, study, topics, scan, owner):
    topic, _other = topics
    service.relabel_topic(topic=topic, actor=owner, name={"en": "Mine"})
    service.delete_topic(topic=topic, actor=owner)
    shown = page.get(reverse("scanning:map", args=[study.code])).content.decode()
    assert '<input type="hidden" name="seen" value="2">' in shown
    for _press in range(2):
        page.post(
            reverse("scanning:topic_decide", args=[study.code, topic.code]), {"do": "undo", "seen": "2"}
        )
    topic.refresh_from_db()
    assert (topic.status, topic.name) == (TopicStatus.ACTIVE, {"en": "Mine"})


def test_splitting_takes_the_ticked_out_and_undoing_puts_them_back(topics, owner):
    topic = topics[0]
    everyone = members(topic)
    codes = list(topic.candidates.values_list("code", flat=True))
    for wrong in ([], codes, ["nobody"]):
        with pytest.raises(InvalidInput):
            service.split_topic(topic=topic, name={"en": "Part"}, members=wrong, actor=owner)
    service.split_topic(topic=topic, name={"en": "Part"}, members=codes[:1], actor=owner)
    part = topic.parts.get()
    assert (len(members(part)), len(members(topic))) == (1, 2)
    service.relabel_topic(topic=part, actor=owner, name={"en": "Touched"})
    with pytest.raises(NotUndoable):
        service.undo_topic(topic=topic, actor=owner)
    service.undo_topic(topic=part, actor=owner)
    service.undo_topic(topic=topic, actor=owner)
    assert members(topic) == everyone
    part.refresh_from_db()
    assert (part.status, part.merged_into) == (TopicStatus.MERGED, topic)


def test_deleting_loses_no_candidate(topics, owner, scan):
    topic, mine = topics[0], members(topics[0])
    service.delete_topic(topic=topic, actor=owner)
    assert members(None) == mine
    drawn = topic_map(scan)
    assert drawn.places[-1].topic is None
    assert {row.mined_name for row in drawn.places[-1].candidates} == mine
    with pytest.raises(AlreadyDecided):
        service.relabel_topic(topic=topic, actor=owner, name={"en": "X"})
    service.undo_topic(topic=topic, actor=owner)
    assert members(topic) == mine


def test_moving_one_candidate_and_back(topics, owner):
    first, second = topics
    candidate = first.candidates.first()
    service.move_candidate(candidate=candidate, topic=second, actor=owner)
    assert candidate.mined_name in members(second)
    assert service.move_candidate(candidate=candidate, topic=second, actor=owner) is None
    service.undo_topic(topic=second, actor=owner)
    assert candidate.mined_name in members(first)
    candidate.refresh_from_db()
    foreign = Topic.objects.create(
        scan=Scan.objects.create(corpus=first.scan.corpus), name={"en": "F"}, mined_name="F"
    )
    with pytest.raises(InvalidInput):
        service.move_candidate(candidate=candidate, topic=foreign, actor=owner)


def test_a_topic_decision_is_never_changed_and_a_stale_page_is_told(topics, owner):
    decision = service.relabel_topic(topic=topics[0], actor=owner, name={"en": "A"}, seen=0)
    for attempt in (decision.save, decision.delete, lambda: TopicDecision.objects.all().delete()):
        with pytest.raises(Appended):
            attempt()
    with pytest.raises(AlreadyDecided):
        service.delete_topic(topic=topics[0], actor=owner, seen=0)


def test_those_who_may_not_review_change_nothing(topics, study, owner):
    analyst = give_role(study, Role.ANALYST)
    candidate = topics[0].candidates.first()
    for attempt in (
        lambda: service.relabel_topic(topic=topics[0], actor=analyst, name={"en": "X"}),
        lambda: service.merge_topics(topic=topics[0], into=topics[1], actor=analyst),
        lambda: service.split_topic(topic=topics[0], name={"en": "X"}, members=["a"], actor=analyst),
        lambda: service.delete_topic(topic=topics[0], actor=analyst),
        lambda: service.move_candidate(candidate=candidate, topic=topics[1], actor=analyst),
        lambda: service.undo_topic(topic=topics[0], actor=analyst),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    assert not TopicDecision.objects.exists()


@pytest.fixture
def page(client, owner):
    client.force_login(owner)
    return client


def test_every_act_is_a_plain_form_on_the_map(page, study, scan, topics):
    path = reverse("scanning:map", args=[study.code])
    text = page.get(path).content.decode()
    assert text.count('class="map-dot"') == 6
    assert "Topics as a table" in text

    def act(topic, **data):
        return page.post(
            reverse("scanning:topic_decide", args=[study.code, topic.code]), data, follow=True
        ).content.decode()

    assert "Storage" in act(topics[0], do="relabel", name_en="Storage", name_zh_hans="")
    codes = list(topics[0].candidates.values_list("code", flat=True))
    act(topics[0], do="split", **{"part-name_en": "Anodes", "part-name_zh_hans": "", "member": codes[:1]})
    part = topics[0].parts.get()
    act(topics[0], do="move", candidate=codes[0], to=topics[1].code)
    assert Candidate.objects.get(code=codes[0]).topic == topics[1]
    assert "No longer on the map" in act(topics[0], do="delete")
    act(topics[0], do="undo")
    act(topics[1], do="merge", into=topics[0].code)
    assert Candidate.objects.filter(topic=topics[0]).count() == 6
    assert part.decisions.count() == 0
    assert act(topics[0], do="relabel", name_en="", name_zh_hans="").count("is-error") >= 1


def test_a_candidate_is_decided_from_the_map_and_the_reader_stays_there(page, study, scan, topics):
    candidate = topics[0].candidates.first()
    path = f"{reverse('scanning:map', args=[study.code])}?candidate={candidate.code}"
    assert 'aria-current="true"' in page.get(path).content.decode()
    answer = page.post(
        reverse("scanning:decide", args=[study.code, candidate.code]),
        {"do": "reject", "reason": "other", "back": "map"},
    )
    assert answer.url.startswith(reverse("scanning:map", args=[study.code]))
    candidate.refresh_from_db()
    assert candidate.status == CandidateStatus.REJECTED
    assert page.get(path).status_code == 404
    assert candidate.decisions.count() == 1


def test_a_part_of_a_split_stays_in_the_topic(topics, owner):
    from scanning.services.splitting import split

    candidate = topics[0].candidates.first()
    split(candidate=candidate, names=["one", "two"], actor=owner)
    assert {part.topic for part in candidate.parts.all()} == {topics[0]}


def test_fault_25_and_26_the_downloads_are_inert(page, study, scan, topics, owner):
    candidate = topics[0].candidates.first()
    review.edit(candidate=candidate, actor=owner, name={"en": '=cmd|"/c calc"!A1<script>'})
    service.relabel_topic(topic=topics[0], actor=owner, name={"en": "<script>alert(1)</script>"})
    path = reverse("scanning:map_download", args=[study.code])
    table = page.get(path, {"format": "csv"})
    rows = list(csv.reader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert len(rows) == 7
    assert all(not cell.startswith(("=", "+", "@")) for row in rows for cell in row)
    drawing = page.get(path, {"format": "svg"})
    assert "attachment" in drawing["Content-Disposition"]
    assert b"<script" not in drawing.content
    import defusedxml.ElementTree

    assert defusedxml.ElementTree.fromstring(drawing.content).tag == "{http://www.w3.org/2000/svg}svg"


def test_another_studys_topics_are_404(page, study, scan, topics, owner):
    other = make_study(owner, technologies=0, members=0)
    assert owner_of(other) == owner
    path = reverse("scanning:topic_decide", args=[other.code, topics[0].code])
    assert page.post(path, {"do": "delete"}).status_code == 404
    assert page.get(reverse("scanning:map", args=[other.code]), {"scan": scan.code}).status_code == 404
    assert "No map yet" in page.get(reverse("scanning:map", args=[other.code])).content.decode()


def test_the_map_costs_the_same_whatever_its_size(page, study, scan, topics, django_assert_max_num_queries):
    path = reverse("scanning:map", args=[study.code])
    page.get(path)
    for extra in (0, 12):
        for n in range(extra):
            topic = Topic.objects.create(scan=scan, name={"en": f"T{n}"}, mined_name=f"T{n}", number=n + 9)
            Candidate.objects.create(
                study=study, scan=scan, topic=topic, name={"en": f"C{n}"}, mined_name=f"C{n}", rank=90 + n
            )
        with django_assert_max_num_queries(16):
            page.get(path, {"topic": topics[0].code})
