"""Fault 28: the address of the model leads nowhere else, in whatever form it is written, whatever names resolve to."""

import ssl
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from scanning.llm.client import Client
from scanning.llm.config import Config
from scanning.llm.errors import AddressRefused, ModelError, Rejected, Unreachable
from scanning.llm.guard import judge
from tests.scanning.llm.conftest import KEY
from tests.scanning.llm.standin import StandIn, answer, raw

HOST = "model.example.org"
ALLOWED = frozenset({HOST, "1.1.1.1"})
PUBLIC = "93.184.215.14"


def target(url=f"https://{HOST}/v1", addresses=(PUBLIC,), private=(), allowed=ALLOWED):
    return judge(
        url,
        allowed=frozenset(allowed),
        private=frozenset(private),
        resolver=lambda host, port: list(addresses),
    )


def test_a_named_public_host_is_reached_at_the_address_that_was_judged():
    found = target()
    assert (found.address, found.url) == (PUBLIC, f"https://{PUBLIC}:443/v1")
    assert (found.host, found.host_header) == (HOST, HOST)
    assert target(addresses=["2606:4700::1111"]).url == "https://[2606:4700::1111]:443/v1"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "10.0.0.1",
        "172.16.3.4",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "::10.0.0.1",
        "64:ff9b::a00:1",
        "64:ff9b:1::a00:1",
        "2002:a00:1::",
        "2001:0:4136:e378:8000:63bf:f5ff:fffe",
        "not an address",
    ],
)
def test_fault_28_private_link_local_and_wrapped_addresses_are_refused(address):
    with pytest.raises(AddressRefused):
        target(addresses=[address])


def test_fault_28_one_private_address_among_public_ones_is_enough_to_refuse():
    with pytest.raises(AddressRefused):
        target(addresses=[PUBLIC, "10.0.0.1"])


@pytest.mark.parametrize(
    "url",
    [
        "https://2130706433/v1",
        "https://0x7f000001/v1",
        "https://0x7f.1/v1",
        "https://0177.0.0.1/v1",
        "https://127.1/v1",
        "https://017700000001/v1",
        "https://010.0.0.1/v1",
        "https://[::ffff:7f00:1]/v1",
        "https://[::1%25lo]/v1",
        "https://1.1.1.1.1/v1",
        f"https://{HOST}@127.0.0.1/v1",
        f"https://user:secret@{HOST}/v1",
        f"https://{HOST}\\@127.0.0.1/v1",
        f"https://{HOST}\t.evil.example/v1",
        f"https://{HOST}:99999/v1",
        f"https://{HOST}#@127.0.0.1/v1",
        f"https://{HOST}?x=1",
        "https://mоdel.example.org/v1",
        "https://①②⑦.0.0.1/v1",
        f"http://{HOST}/v1",
        f"ftp://{HOST}/v1",
        "file:///etc/passwd",
        "https:///v1",
        "https://other.example.org/v1",
        f"https://{HOST}.evil.example/v1",
        f"https://evil-{HOST}/v1",
        "",
    ],
)
def test_fault_28_odd_forms_other_hosts_and_plain_http_are_refused(url):
    every = ALLOWED | {
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "127.1",
        "017700000001",
        "010.0.0.1",
        "::ffff:7f00:1",
        "::1%lo",
        "1.1.1.1.1",
        "127.0.0.1",
    }
    with pytest.raises(AddressRefused):
        target(url, allowed=every)


def test_a_private_server_has_to_be_named_with_its_port_and_link_local_stays_refused():
    local = "http://127.0.0.1:8080/v1"
    assert target(local, private=["127.0.0.1:8080"]).url == local
    for private in ([], ["127.0.0.1"], ["127.0.0.1:8081"]):
        with pytest.raises(AddressRefused):
            target(local, private=private, allowed=["127.0.0.1", "127.0.0.1:8080"])
    with pytest.raises(AddressRefused):
        target("http://169.254.169.254:80/", private=["169.254.169.254:80"])
    with pytest.raises(AddressRefused):
        target("http://model.lan:80/", private=["model.lan:80"], addresses=["169.254.169.254"])


def config(url, private=(), **more):
    defaults = {"timeout": 5.0, "attempts": 2, "longest_wait": 0.0}
    return Config(
        base_url=url,
        model="m",
        key=KEY,
        allowed_hosts=frozenset({HOST}),
        private_hosts=frozenset(private),
        **defaults | more,
    )


def ask(client):
    return client.complete(messages=[{"role": "user", "content": "{}"}], schema={}, name="n")


def test_fault_28_a_name_that_turns_private_between_two_looks_is_not_followed(server):
    """Rebinding: the first look is judged and used; there is no second one behind the judge's back."""
    looks = []

    def resolver(host, port):
        looks.append(host)
        return ["127.0.0.1"]

    private = f"{HOST}:{server.port}"
    server.script = [answer({"ok": True})]
    client = Client(config(f"http://{private}/v1", [private]), resolver=resolver)
    assert ask(client).text == '{"ok": true}'
    assert looks == [HOST]
    assert server.requests[0][1]["Host"] == private
    # The same name without leave for private addresses: nothing is sent at all.
    refused = Client(config(f"https://{HOST}:{server.port}/v1"), resolver=resolver)
    with pytest.raises(AddressRefused):
        ask(refused)
    assert len(server.requests) == 1


def test_fault_28_each_attempt_is_judged_anew(server):
    """A name that turns link-local while retries go on is refused then."""
    answers = [["127.0.0.1"], ["169.254.169.254"]]
    private = f"{HOST}:{server.port}"
    server.script = [raw(503)]
    client = Client(config(f"http://{private}/v1", [private]), resolver=lambda host, port: answers.pop(0))
    with pytest.raises(AddressRefused):
        ask(client)
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_fault_28_the_key_never_follows_a_redirect(server, status):
    with StandIn() as other:
        other.otherwise = answer({"stolen": True})
        server.script = [raw(status, headers={"Location": f"http://{other.place}/v1/chat/completions"})]
        with pytest.raises(Rejected):
            ask(Client(config(f"http://{server.place}/v1", [server.place, other.place])))
        assert (len(server.requests), other.requests) == (1, [])


def test_fault_28_a_proxy_of_the_environment_is_not_used(server, monkeypatch):
    with StandIn() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
            monkeypatch.setenv(name, f"http://{proxy.place}")
        server.script = [answer({})]
        ask(Client(config(f"http://{server.place}/v1", [server.place])))
        assert proxy.requests == []


@pytest.fixture
def tls(tmp_path):
    """`tls(name)` makes a stand-in speak TLS with a certificate of an own authority; returns the authority's file."""

    def tls(server, name):
        certificate, key = certificate_for(name)
        pem = tmp_path / "server.pem"
        pem.write_bytes(key + certificate)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        authority = tmp_path / "authority.pem"
        authority.write_bytes(certificate)
        return str(authority)

    return tls


def certificate_for(name) -> tuple[bytes, bytes]:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = (
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return certificate.public_bytes(serialization.Encoding.PEM), key.private_bytes(*plain)


def test_fault_28_the_certificate_must_bear_the_name_though_the_address_is_dialled(server, tls):
    private = f"{HOST}:{server.port}"
    authority = tls(server, HOST)
    server.script = [answer({"ok": True})]
    right = config(f"https://{private}/v1", [private], ca_file=authority)
    assert ask(Client(right, resolver=lambda host, port: ["127.0.0.1"])).text == '{"ok": true}'
    assert server.requests[0][1]["Host"] == private


@pytest.mark.parametrize("believed", [True, False])
def test_fault_28_another_servers_certificate_gets_no_request_and_no_key(server, tls, believed):
    private = f"{HOST}:{server.port}"
    authority = tls(server, "other.example.org" if believed else HOST)
    wrong = config(f"https://{private}/v1", [private], ca_file=authority if believed else "")
    with pytest.raises(Unreachable):
        ask(Client(wrong, resolver=lambda host, port: ["127.0.0.1"]))
    assert server.requests == []


def test_the_key_shows_in_no_text_of_the_configuration_or_an_error(server):
    server.script = [raw(401, b"bad key")]
    shown = config(f"http://{server.place}/v1", [server.place])
    with pytest.raises(ModelError) as refused:
        ask(Client(shown))
    assert KEY not in f"{shown!r} {shown} {refused.value!r} {refused.value.details}"
    assert server.requests[0][1]["Authorization"] == f"Bearer {KEY}"
