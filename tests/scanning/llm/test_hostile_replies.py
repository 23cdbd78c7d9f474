"""Replies that real servers give and no specification foresees: each is understood, or costs its own batch alone."""

import email.utils
import json
import logging
import socket
import struct
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.core import serializers
from django.db import connection

from foundation.enums import JobStatus
from foundation.models import Job
from scanning.enums import CallStatus
from scanning.llm.client import Client, _retry_after
from scanning.llm.config import Config, configured
from scanning.llm.errors import BadAnswer, CutOff, Filtered, KeyUnusable, Rejected, Unreachable
from scanning.llm.naming import TASK
from scanning.models import ModelCall, Suggestion
from scanning.services.model_calls import ask as ask_model
from scanning.services.model_calls import spent_by
from scanning.services.suggesting import request_suggestions
from tests.scanning.llm.conftest import KEY
from tests.scanning.llm.standin import StandIn, answer, completion, raw
from tests.scanning.llm.test_model_calls import BATCH, GOOD, clean, put
from tests.scanning.llm.test_suggestions import describe


@pytest.fixture
def client(server):
    def client(**more):
        values = {"timeout": 5.0, "attempts": 2, "longest_wait": 0.0} | more
        return Client(
            Config(
                base_url=f"http://{server.place}/v1",
                model="m",
                private_hosts=frozenset({server.place}),
                **values,
            )
        )

    return client


def ask(client):
    return client.complete(messages=[{"role": "user", "content": "{}"}], schema={"type": "object"}, name="n")


def events(*pieces, finish="stop", done=True, usage=True):
    """What a server sends that streams whatever was asked for."""
    rows = [{"choices": [{"index": 0, "delta": {"role": "assistant"}}]}]
    rows += [{"choices": [{"index": 0, "delta": {"content": piece}}]} for piece in pieces]
    rows.append({"choices": [{"index": 0, "delta": {}, "finish_reason": finish}]})
    if usage:
        rows.append({"choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 3}})
    text = ": keep-alive\n\n" + "".join(f"data: {json.dumps(row)}\n\n" for row in rows)
    return (text + ("data: [DONE]\n\n" if done else "")).encode()


def test_a_stream_that_nobody_asked_for_is_put_together(server, client):
    server.script = [raw(200, events('{"a"', ': "电', '池"}'), {"Content-Type": "text/event-stream"})]
    done = ask(client())
    assert (done.text, done.tokens_in, done.tokens_out) == ('{"a": "电池"}', 7, 3)


def test_a_stream_that_breaks_off_is_tried_again_and_one_that_is_cut_is_cut(server, client):
    broken = raw(200, events('{"a": ', finish=None, done=False))
    server.script = [broken, raw(200, events("{}"))]
    assert ask(client()).attempts == 2
    server.script = [raw(200, events("{", finish="length"))]
    with pytest.raises(CutOff):
        ask(client())


def chunked(handler):
    """HTTP/1.1 chunks, some of one byte."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    body = completion({"a": 1})
    for part in (body[:1], body[1:2], body[2:]):
        handler.wfile.write(f"{len(part):x}\r\n".encode() + part + b"\r\n")
        handler.wfile.flush()
    handler.wfile.write(b"0\r\n\r\n")


def test_chunks_are_joined(server, client):
    server.script = [chunked]
    assert ask(client()).text == '{"a": 1}'


def reset(handler):
    """Half a body, then a reset instead of an end."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n{")
    handler.wfile.flush()
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()


def test_a_reset_in_the_middle_of_a_body_is_tried_again(server, client):
    server.script = [reset, answer({})]
    assert ask(client()).attempts == 2
    server.script = [reset, reset]
    with pytest.raises(Unreachable):
        ask(client())


def test_text_in_parts_is_joined(server, client):
    parts = [{"type": "text", "text": '{"a"'}, {"type": "image"}, {"type": "text", "text": ": 1}"}]
    server.script = [answer({}, message={"role": "assistant", "content": parts})]
    assert ask(client()).text == '{"a": 1}'


@pytest.mark.parametrize(
    "message",
    [
        {"content": None, "refusal": "I cannot"},
        {"content": None, "tool_calls": [{"function": {"name": "accept", "arguments": "{}"}}]},
        {"role": "assistant"},
    ],
)
def test_a_refusal_or_a_call_of_a_tool_is_no_answer_at_once_and_does_nothing(server, client, message):
    server.script = [answer({}, message=message)]
    with pytest.raises(Filtered):
        ask(client())
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"<!doctype html><title>502</title>" + b"x" * 5000,
        b'{"error": {"code": 429, "message": "rate limited"}}',
        b'{"choices": []}',
        b'{"choices": [[]]}',
        b'{"choices": [{"message": "text"}]}',
        b"data: {}\n\ndata: [1]\n\n",
        b"data: not json\n\n",
        completion("  \n "),
    ],
)
def test_a_page_an_error_or_nothing_with_status_200_is_tried_again(server, client, body):
    server.script = [raw(200, body, {"Content-Type": "text/html"}), answer({"a": 1})]
    assert ask(client()).attempts == 2
    server.script = [raw(200, body)] * 2
    with pytest.raises(BadAnswer):
        ask(client())


def test_a_pause_may_be_a_part_of_a_second_or_a_date_of_greenwich_without_saying_so(monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    try:
        in_a_minute = datetime.fromtimestamp(time.time() + 60, UTC).strftime("%a, %d %b %Y %H:%M:%S")
        assert 55 < _retry_after(in_a_minute) <= 60
        assert 55 < _retry_after(f"{in_a_minute} -0000") <= 60
        assert 55 < _retry_after(email.utils.formatdate(time.time() + 60, usegmt=True)) <= 60
    finally:
        monkeypatch.undo()
        time.tzset()
    assert _retry_after("1.5") == 1.5
    odd = (
        "-1",
        "1e9",
        "9" * 400,
        "Fri, 31 Dec 99999 00:00:00 GMT",
        "Wed, 21 Oct 2015 07:28:00 +9999",
        "\x00",
    )
    assert [_retry_after(text) for text in odd] == [None] * len(odd)
    assert _retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0.0


@pytest.mark.parametrize(
    ("said", "change"),
    [
        (
            "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.",
            "max_completion_tokens",
        ),
        ("Unsupported value: 'temperature' does not support 0 with this model.", "temperature"),
    ],
)
def test_a_server_that_knows_other_parameters_is_asked_with_those(server, client, said, change):
    server.script = [raw(400, json.dumps({"error": {"message": said}}).encode()), answer({}), answer({})]
    one = client()
    ask(one)
    ask(one)
    first, *later = server.bodies
    assert "max_tokens" in first
    assert all((change in body) == (change != "temperature") for body in later)
    assert len(later) == 2


def test_a_server_that_knows_no_format_at_all_is_asked_without(server, client):
    refusal = raw(400, b'{"error": {"message": "response_format is not supported"}}')
    server.script = [refusal, refusal, answer({})]
    ask(client())
    kinds = [body.get("response_format", {}).get("type") for body in server.bodies]
    assert kinds == ["json_schema", "json_object", None]
    server.otherwise = raw(400, b"response_format max_completion_tokens temperature")
    with pytest.raises(Rejected):
        ask(client())
    assert len(server.requests) < 10


@pytest.mark.parametrize(
    ("status", "said", "error"),
    [
        (413, "Request Entity Too Large", CutOff),
        (400, "This model's maximum context length is 4096 tokens.", CutOff),
        (400, '{"code": "content_filter"}', Filtered),
        (400, '{"code": "data_inspection_failed"}', Filtered),
        (400, "输入包含敏感内容", Filtered),
        (400, "The model does not exist", Rejected),
        (401, "content_filter", Rejected),
    ],
)
def test_a_question_too_long_or_too_delicate_is_not_a_server_that_says_no(
    server, client, status, said, error
):
    server.otherwise = raw(status, said.encode())
    with pytest.raises(error) as refused:
        ask(client())
    assert type(refused.value) is error


@pytest.mark.parametrize(
    "key", ["sk-ключ-secret", "sk-two\nlines-secret", "sk-two words-secret", "sk-nul\0-secret"]
)
def test_a_key_that_cannot_be_sent_is_refused_without_being_named(server, client, key, caplog):
    caplog.set_level(logging.DEBUG)
    with pytest.raises(KeyUnusable) as refused:
        ask(client(key=key))
    seen, error = [], refused.value
    while error is not None:
        seen.append(f"{error!r} {error}")
        error = error.__cause__ or error.__context__
    assert "secret" not in " ".join(seen) + caplog.text
    assert server.requests == []


@pytest.mark.django_db
def test_a_key_read_from_a_file_loses_its_line_break(model, settings):
    settings.LLM_API_KEY = f"{KEY}\n"
    assert configured().key == KEY


# --- In a run -------------------------------------------------------------------------------------


@pytest.fixture
def candidates(scanned):
    return list(scanned().candidates.order_by("rank"))


@pytest.fixture
def suggest(study, owner, commit):
    def suggest():
        with commit():
            job = request_suggestions(study=study, actor=owner)
        job.refresh_from_db()
        return job

    return suggest


@pytest.mark.parametrize(
    "wrap",
    [
        '<think>First {{"candidates": []}} I thought.\nThen</think>\n{}',
        "Let me think {{ about }} it.\n</think>{}",
        "Here is the JSON:\n```json\n{}\n```\nI hope this helps {{:-)}}",
        '```\n{{"a": 1}}\n```\nand the answer:\n```json\n{}\n```',
        "\ufeff{}",
        "The result is {} as asked.",
    ],
)
@pytest.mark.django_db
def test_json_among_thoughts_fences_and_courtesies_is_found(model, study, wrap):
    model.script = [answer(wrap.format(json.dumps(GOOD, ensure_ascii=False)))]
    assert put(study).value.wordings
    assert len(model.requests) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text", ["{" * 300_000, '{"a":' * 50_000, "[" * 500_000, "```" * 100_000, "<think>" * 90_000]
)
def test_text_made_to_take_long_to_read_does_not(model, study, text):
    model.otherwise = answer(text)
    began = time.monotonic()
    with pytest.raises(BadAnswer):
        put(study)
    assert time.monotonic() - began < 10


@pytest.mark.django_db
@pytest.mark.parametrize("usage", [True, False])
def test_an_answer_that_was_cut_off_is_paid_from_the_budget(model, settings, study, usage):
    """It cost as much as any: uncounted, a model that always runs on would never use its budget up."""
    body = json.loads(completion("{", tokens=(100, 8000), finish_reason="length"))
    if not usage:
        del body["usage"]
    model.script = [raw(200, json.dumps(body).encode())]
    with pytest.raises(CutOff):
        put(study)
    call = ModelCall.objects.get()
    assert (call.status, call.error, call.tokens_out) == (CallStatus.FAILED, "model_cut_off", 8000)
    assert spent_by(study)["tokens"] >= 8100


@pytest.mark.django_db
def test_one_candidate_that_the_server_will_not_speak_of_costs_only_itself(model, candidates, suggest):
    """Halving finds it. Before, its batch ended the whole run, and every later run at the same place."""
    unspeakable = candidates[1].mined_name

    def choosy(handler):
        if unspeakable in [each["mined_name"] for each in handler.data()["candidates"]]:
            handler.reply(400, b'{"error": {"code": "content_filter"}}')
        else:
            answer(describe)(handler)

    model.otherwise = choosy
    job = suggest()
    assert job.status == JobStatus.DONE
    assert job.result == {"suggestions": len(candidates) - 1, "kept as mined": 1}
    assert not Suggestion.objects.filter(candidate=candidates[1]).exists()


@pytest.mark.django_db
def test_a_server_that_refuses_the_attempt_at_repair_does_not_end_the_run(
    model, settings, candidates, suggest
):
    settings.LLM_LIMITS = settings.LLM_LIMITS | {"batch": 1}
    model.script = [answer("no json"), raw(400, b"assistant message must not be empty")]
    model.otherwise = answer(describe)
    job = suggest()
    assert (job.status, job.result["kept as mined"]) == (JobStatus.DONE, 1)


@pytest.mark.django_db
def test_a_call_that_died_between_answer_and_note_is_asked_anew(model, study):
    model.script = [clean(), clean()]
    put(study)
    ModelCall.objects.update(answer=None)
    assert put(study).fresh
    assert len(model.requests) == 2


@pytest.mark.django_db
def test_another_prompt_version_is_not_answered_from_the_cache(model, study):
    model.script = [clean(), clean(), clean()]
    put(study)
    assert ask_model(study=study, task=replace(TASK, version="naming-next"), supplied=BATCH).fresh
    assert ask_model(study=study, task=replace(TASK, instructions="Else."), supplied=BATCH).fresh
    assert len(model.requests) == 3


@pytest.mark.django_db
def test_a_run_that_used_up_its_budget_goes_on_where_it_stopped(model, settings, candidates, suggest):
    settings.LLM_LIMITS = settings.LLM_LIMITS | {"batch": 1, "max_output_tokens": 100, "study_tokens": 2600}
    model.otherwise = answer(describe, tokens=(1000, 1000))
    first = suggest()
    assert first.status == JobStatus.FAILED
    assert "budget" in first.error
    done = Suggestion.objects.count()
    assert 0 < done < len(candidates)
    settings.LLM_LIMITS = settings.LLM_LIMITS | {"study_tokens": 0}
    asked = len(model.requests)
    assert suggest().status == JobStatus.DONE
    assert Suggestion.objects.count() == len(candidates)
    assert len(model.requests) - asked == len(candidates) - done


def everything_stored() -> str:
    """All rows of all tables, as a backup would hold them."""
    texts = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            texts.append(repr(cursor.fetchall()))
    return " ".join(texts)


@pytest.mark.django_db
def test_a_server_that_gives_the_key_back_does_not_get_it_stored_or_logged(
    model, candidates, suggest, caplog
):
    caplog.set_level(logging.INFO)

    def echo(data):
        row = describe(data)
        row["candidates"][0]["name"]["en"] = f"Battery {KEY}"
        row["candidates"][0]["description"]["text"]["en"] = f"Bearer {KEY}."
        return row

    model.script = [
        raw(503, f"busy, {KEY}".encode(), {"X-Echo": KEY}),
        answer(echo),
    ]
    model.otherwise = raw(401, f'{{"error": "wrong key {KEY}"}}'.encode(), {"X-Echo": KEY})
    suggest()
    stored = everything_stored() + serializers.serialize(
        "json", [*Job.objects.all(), *ModelCall.objects.all()]
    )
    assert Suggestion.objects.exists()
    assert KEY not in stored
    assert KEY not in caplog.text


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_fault_28_a_redirect_to_loopback_or_elsewhere_is_not_followed_even_if_allowed(server, client, status):
    with StandIn() as other:
        for place in (f"http://127.0.0.1:{other.port}/v1", f"http://localhost:{other.port}/", "//[::1]/"):
            server.script = [raw(status, b"", {"Location": place})]
            with pytest.raises(Rejected):
                ask(client())
        assert other.requests == []
