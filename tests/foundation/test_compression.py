"""Pages travel packed also where no proxy stands in front; downloads, streams and small answers go as they are."""

import gzip

import pytest
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.test import RequestFactory

from foundation.compression import CompressionMiddleware

LONG = "<p>The same words again and again.</p>" * 100
ACCEPTS = {"Accept-Encoding": "gzip, deflate, br"}


def answered(response, headers=ACCEPTS):
    return CompressionMiddleware(lambda _request: response)(RequestFactory().get("/", headers=headers))


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse(LONG),
        HttpResponse(LONG, status=422),
        JsonResponse({"text": LONG}),
        HttpResponse(LONG, content_type="application/vnd.oai.openapi+json"),
    ],
    ids=["page", "refused page", "json", "schema"],
)
def test_pages_and_json_are_packed_for_those_who_unpack(response):
    plain = response.content
    packed = answered(response)
    assert packed["Content-Encoding"] == "gzip"
    assert packed["Vary"] == "Accept-Encoding"
    assert gzip.decompress(packed.content) == plain
    assert int(packed["Content-Length"]) == len(packed.content) < len(plain) / 2


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse("<p>Short.</p>" * 70),
        HttpResponse(LONG, headers={"Content-Disposition": 'attachment; filename="answers.html"'}),
        HttpResponse(LONG, content_type="text/csv"),
        HttpResponse(b"PK" * 2000, content_type="application/zip"),
        StreamingHttpResponse([LONG]),
    ],
    ids=["short", "download", "table", "archive", "stream"],
)
def test_the_rest_goes_as_it_is(response):
    given = answered(response)
    assert "Content-Encoding" not in given
    assert "Vary" not in given


@pytest.mark.parametrize("headers", [{}, {"Accept-Encoding": "br"}, {"Accept-Encoding": "identity"}])
def test_who_cannot_unpack_gets_it_plain_and_caches_know_the_difference(headers):
    given = answered(HttpResponse(LONG), headers)
    assert given.content.decode() == LONG
    assert given["Vary"] == "Accept-Encoding"


def test_the_length_tells_no_secret():
    """Equal pages differ in length by chance, so that guesses reflected into a page cannot be measured by it."""
    lengths = {len(answered(HttpResponse(LONG)).content) for _ in range(60)}
    assert len(lengths) > 10


def test_a_strong_validator_becomes_a_weak_one():
    assert answered(HttpResponse(LONG, headers={"ETag": '"a"'}))["ETag"] == 'W/"a"'


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/accounts/login/", "/nothing/here/"])
def test_the_product_s_pages_travel_packed(client, address):
    response = client.get(address, headers=ACCEPTS)
    assert response["Content-Encoding"] == "gzip"
    assert b"<html" in gzip.decompress(response.content)
