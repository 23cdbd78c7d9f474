"""The client against a server that misbehaves: bounded in time, size and attempts."""

import email.utils
import gzip
import time

import pytest

from scanning.llm.client import Client, _retry_after
from scanning.llm.config import Config
from scanning.llm.errors import BadAnswer, Rejected, Unreachable
from tests.scanning.llm.standin import answer, completion, drop, flood, raw, trickle, until


@pytest.fixture
def waits():
    return []


@pytest.fixture
def client(server, waits):
    def client(**more):
        values = {"timeout": 5.0, "attempts": 3} | more
        config = Config(
            base_url=f"http://{server.place}/v1",
            model="m",
            private_hosts=frozenset({server.place}),
            **values,
        )
        return Client(config, wait=waits.append)

    return client


def ask(client):
    return client.complete(messages=[{"role": "user", "content": "{}"}], schema={"type": "object"}, name="n")


def test_a_request_is_cold_bounded_and_bound_to_a_schema(server, client):
    server.script = [answer({"a": 1})]
    done = ask(client())
    assert (done.text, done.tokens_in, done.tokens_out, done.attempts) == ('{"a": 1}', 120, 40, 1)
    path, headers, body = server.requests[0]
    assert path == "/v1/chat/completions"
    assert (body["model"], body["temperature"], body["max_tokens"]) == ("m", 0, 8000)
    assert body["response_format"]["json_schema"] == {
        "name": "n",
        "strict": True,
        "schema": {"type": "object"},
    }
    assert "Authorization" not in headers


def test_a_server_that_knows_no_schemas_is_asked_for_any_json_from_then_on(server, client):
    refusal = raw(400, b'{"error": {"message": "response_format json_schema is not supported"}}')
    server.script = [refusal, answer({}), answer({})]
    one = client()
    ask(one)
    ask(one)
    kinds = [body["response_format"]["type"] for body in server.bodies]
    assert kinds == ["json_schema", "json_object", "json_object"]


@pytest.mark.parametrize("trouble", [raw(429), raw(500), raw(502), raw(503), drop, raw(200, b"{", length=50)])
def test_passing_trouble_is_tried_again_with_growing_pauses(server, client, waits, trouble):
    server.script = [trouble, trouble, answer({})]
    assert ask(client()).attempts == 3
    assert 0.7 <= waits[0] <= 1.3
    assert 1.5 <= waits[1] <= 2.5


def test_trouble_that_stays_ends_after_the_attempts(server, client, waits):
    server.otherwise = raw(503)
    with pytest.raises(Unreachable):
        ask(client())
    assert (len(server.requests), len(waits)) == (3, 2)


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_a_plain_no_is_not_tried_again(server, client, status):
    server.otherwise = raw(status, b"no")
    with pytest.raises(Rejected):
        ask(client())
    assert len(server.requests) == 1


def test_the_pause_that_a_server_asks_for_is_kept_up_to_a_limit(server, client, waits):
    server.script = [
        raw(429, headers={"Retry-After": "7"}),
        raw(503, headers={"Retry-After": "99999"}),
        answer({}),
    ]
    ask(client(longest_wait=30.0))
    assert waits == [7.0, 30.0]
    in_a_minute = email.utils.formatdate(time.time() + 60, usegmt=True)
    assert 55 < _retry_after(in_a_minute) <= 60
    assert [_retry_after(text) for text in ("", "soon", "-5", "1e9", "²")] == [None] * 5


def test_a_server_that_trickles_is_cut_off(server, client):
    server.script = [trickle]
    with pytest.raises(Unreachable):
        ask(client(deadline=0.3, attempts=1))


def test_a_slow_server_is_left(server, client):
    server.script = [lambda handler: handler.server.over.wait(3)]
    with pytest.raises(Unreachable):
        ask(client(timeout=0.2, attempts=1))
    server.over.set()


def test_a_flood_is_cut_off_and_not_read_to_its_end(server, client):
    server.script = [flood]
    with pytest.raises(BadAnswer):
        ask(client(max_bytes=100_000))
    assert until(lambda: server.cut_off)


def test_a_packed_answer_is_not_unpacked(server, client):
    bomb = gzip.compress(b"0" * 10_000_000)
    server.script = [raw(200, bomb, {"Content-Encoding": "gzip"})]
    with pytest.raises(BadAnswer):
        ask(client())
    assert server.requests[0][1]["Accept-Encoding"] == "identity"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>gateway</html>",
        completion({})[:-20],
        b"[]",
        b'{"choices": []}',
        b'{"choices": [{"message": null}]}',
        b"[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_what_is_no_completion_is_tried_again_and_then_a_bad_answer(server, client, body):
    server.otherwise = raw(200, body)
    with pytest.raises(BadAnswer):
        ask(client(attempts=2))
    assert len(server.requests) == 2


def test_a_refusal_of_the_model_is_a_bad_answer_at_once(server, client):
    refusal = b'{"choices": [{"message": {"content": null, "refusal": "I cannot"}}]}'
    server.script = [raw(200, refusal), answer("x", finish_reason="content_filter")]
    for _each in range(2):
        with pytest.raises(BadAnswer):
            ask(client())
    assert len(server.requests) == 2
