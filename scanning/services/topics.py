"""Topics: written by a scan, then renamed, merged, split and deleted by people. Each act is kept and can be undone."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from experts.enums import Capability
from experts.permissions import require
from foundation.exceptions import InvalidInput
from foundation.localized import Localized, localized
from foundation.services.audit import record
from scanning.enums import TopicAction, TopicStatus
from scanning.exceptions import AlreadyDecided, NotUndoable
from scanning.models import Candidate, Scan, Topic, TopicDecision
from scanning.services.findings import CONTENT_LANGUAGE, Findings

NETWORK_EDGES = 4000


def write_topics(scan: Scan, findings: Findings) -> dict[str, Topic]:
    """Topics of a scan under way, by the keys of the terms in them."""
    rows = [
        Topic(
            scan=scan,
            name=Localized({CONTENT_LANGUAGE[topic.language]: topic.label[:200]}),
            mined_name=topic.label[:300],
            number=number,
        )
        for number, topic in enumerate(findings.topic_map.topics, 1)
    ]
    Topic.objects.bulk_create(rows)
    return {
        key: row for row, topic in zip(rows, findings.topic_map.topics, strict=True) for key in topic.keys
    }


def network_as_dict(findings: Findings) -> dict:
    """Bonds by mined name, which no later decision changes."""
    names = {each.term.key: each.term.name[:300] for each in findings.found}
    index = {key: number for number, key in enumerate(names)}
    edges = [
        [index[one], index[other], shared, strength]
        for one, other, shared, strength in findings.topic_map.edges[:NETWORK_EDGES]
    ]
    return {"names": list(names.values()), "edges": edges}


def held_topic(topic: Topic, actor, seen: int | None = None) -> Topic:
    """The topic as it is now, locked, for somebody who may review it."""
    require(actor, topic.scan.corpus.study.panel, Capability.REVIEW)
    fresh = Topic.objects.select_for_update(of=("self",)).filter(pk=topic.pk).first()
    if fresh is None or (seen is not None and fresh.decisions.count() != seen):
        raise AlreadyDecided(_("Somebody else has changed this topic in the meantime."), topic=topic.code)
    return fresh


def _active(topic: Topic) -> Topic:
    if topic.status != TopicStatus.ACTIVE:
        raise AlreadyDecided(_("This topic is no longer on the map."), topic=topic.code)
    return topic


def _decide(topic: Topic, actor, action: str, before: dict, after: dict, **details) -> TopicDecision:
    decision = TopicDecision.objects.create(
        topic=topic,
        action=action,
        reviewer=actor,
        reviewer_label=actor.audit_label,
        before=before,
        after=after,
        at=timezone.now(),
        **details,
    )
    record(
        stream=topic.scan.corpus.study.stream,
        action=f"topic.{action}",
        actor=actor,
        target=f"{topic.code} {topic.name}",
        detail={"before": before, "after": after},
    )
    return decision


def _set(topic: Topic, **values) -> None:
    for name, value in values.items():
        setattr(topic, name, value)
    topic.save(update_fields=list(values))


@transaction.atomic
def relabel_topic(*, topic: Topic, actor, name, seen: int | None = None) -> TopicDecision | None:
    """Give a topic another name. None when it has this name already."""
    topic, name = _active(held_topic(topic, actor, seen)), localized(name)
    Topic._meta.get_field("name").clean(name, topic)
    if topic.name == name:
        return None
    before = {"name": dict(topic.name)}
    _set(topic, name=name)
    return _decide(topic, actor, TopicAction.RELABEL, before, {"name": dict(name)})


@transaction.atomic
def merge_topics(*, topic: Topic, into: Topic, actor, seen: int | None = None) -> TopicDecision:
    """Put all candidates of one topic into another."""
    # Both are locked, always in the same order: of two who merge them into each other the second is told.
    both = Topic.objects.select_for_update(of=("self",)).filter(pk__in=(topic.pk, into.pk))
    list(both.order_by("pk").values_list("pk", flat=True))
    topic = _active(held_topic(topic, actor, seen))
    target = Topic.objects.filter(pk=into.pk, scan=topic.scan_id).first()
    if target is None or target.pk == topic.pk:
        raise InvalidInput(errors={"into": [_("Choose another topic of this scan.")]})
    _active(target)
    before = {"status": topic.status, "members": _members(topic)}
    Candidate.objects.filter(topic=topic).update(topic=target)
    _set(topic, status=TopicStatus.MERGED, merged_into=target)
    return _decide(topic, actor, TopicAction.MERGE, before, {"status": topic.status, "into": target.code})


@transaction.atomic
def split_topic(*, topic: Topic, name, members: list[str], actor, seen: int | None = None) -> TopicDecision:
    """Take the candidates with these codes out of a topic into a new one."""
    topic = _active(held_topic(topic, actor, seen))
    everyone = _members(topic)
    chosen = [code for code in everyone if code in set(members)]
    if not chosen or len(chosen) == len(everyone):
        raise InvalidInput(errors={"members": [_("Tick some of the candidates, not all of them.")]})
    name = localized(name)
    Topic._meta.get_field("name").clean(name, topic)
    part = Topic.objects.create(
        scan=topic.scan, name=name, mined_name=topic.mined_name, number=topic.number, split_from=topic
    )
    Candidate.objects.filter(topic=topic, code__in=chosen).update(topic=part)
    return _decide(
        topic, actor, TopicAction.SPLIT, {"members": chosen}, {"part": part.code, "name": dict(name)}
    )


@transaction.atomic
def delete_topic(*, topic: Topic, actor, note: str = "", seen: int | None = None) -> TopicDecision:
    """Take a topic off the map. Its candidates stay in the queue, without a topic."""
    topic = _active(held_topic(topic, actor, seen))
    before = {"status": topic.status, "members": _members(topic)}
    Candidate.objects.filter(topic=topic).update(topic=None)
    _set(topic, status=TopicStatus.DELETED)
    return _decide(topic, actor, TopicAction.DELETE, before, {"status": topic.status}, note=note[:1000])


@transaction.atomic
def move_candidate(*, candidate: Candidate, topic: Topic, actor) -> TopicDecision | None:
    """Put one candidate into another topic of its scan; kept in the history of the topic it goes to."""
    topic = _active(held_topic(topic, actor))
    candidate = Candidate.objects.select_for_update(of=("self",)).get(pk=candidate.pk)
    if candidate.scan_id != topic.scan_id:
        raise InvalidInput(errors={"topic": [_("Choose another topic of this scan.")]})
    if candidate.topic_id == topic.pk:
        return None
    before = {"candidate": candidate.code, "topic": candidate.topic.code if candidate.topic else None}
    Candidate.objects.filter(pk=candidate.pk).update(topic=topic)
    return _decide(topic, actor, TopicAction.MOVE, before, {"topic": topic.code})


def last_topic_decision(topic: Topic) -> TopicDecision | None:
    standing = topic.decisions.filter(undone_by=None).exclude(action=TopicAction.UNDO)
    return standing.order_by("-at", "-pk").first()


@transaction.atomic
def undo_topic(*, topic: Topic, actor, seen: int | None = None) -> TopicDecision:
    """Take back the last act on a topic, unless later acts build on it."""
    topic = held_topic(topic, actor, seen)
    last = last_topic_decision(topic)
    if last is None:
        raise NotUndoable
    _UNDO[last.action](topic, last)
    return _decide(topic, actor, TopicAction.UNDO, last.after, last.before, undoes=last)


def _undo_relabel(topic: Topic, last: TopicDecision) -> None:
    _set(topic, name=localized(last.before["name"]))


def _undo_merge(topic: Topic, last: TopicDecision) -> None:
    if (
        topic.merged_into.status != TopicStatus.ACTIVE
    ):  # its candidates went on with the topic that they came to
        raise NotUndoable
    _bring_back(topic, last.before["members"], came_from=topic.merged_into)
    _set(topic, status=TopicStatus.ACTIVE, merged_into=None)


def _undo_delete(topic: Topic, last: TopicDecision) -> None:
    _bring_back(topic, last.before["members"], came_from=None)
    _set(topic, status=TopicStatus.ACTIVE)


def _undo_split(topic: Topic, last: TopicDecision) -> None:
    part = topic.parts.filter(code=last.after["part"]).first()
    if part is None or part.status != TopicStatus.ACTIVE or last_topic_decision(part) is not None:
        raise NotUndoable
    if part.merged.exists():
        raise NotUndoable
    Candidate.objects.filter(topic=part).update(topic=topic)
    _set(part, status=TopicStatus.MERGED, merged_into=topic)


def _undo_move(topic: Topic, last: TopicDecision) -> None:
    origin = Topic.objects.filter(scan=topic.scan_id, code=last.before["topic"] or "").first()
    if origin is not None and origin.status != TopicStatus.ACTIVE:
        raise NotUndoable
    _bring_back(origin, [last.before["candidate"]], came_from=topic)


def _bring_back(topic: Topic | None, members: list[str], came_from: Topic | None) -> None:
    """Candidates that went on elsewhere since then stay where they are now."""
    Candidate.objects.filter(code__in=members, topic=came_from).update(topic=topic)


_UNDO = {
    TopicAction.RELABEL: _undo_relabel,
    TopicAction.MERGE: _undo_merge,
    TopicAction.DELETE: _undo_delete,
    TopicAction.SPLIT: _undo_split,
    TopicAction.MOVE: _undo_move,
}


def _members(topic: Topic) -> list[str]:
    return list(topic.candidates.order_by("rank", "pk").values_list("code", flat=True))
