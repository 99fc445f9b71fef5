"""Addresses that a stranger's feed must not make us ask, by name, by number, by redirect and by changing DNS."""

from __future__ import annotations

import ipaddress
import ssl
import subprocess
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import httpcore
import httpx
import pytest

from pipeline.fetch import FeedJob, FeedState
from pipeline.fetch.guard import AddressGuard, BlockedAddressError, UnresolvedError, is_public

PUBLIC = "93.184.215.14"
RSS = b"<rss></rss>"


def poll(fetcher, url):
    (fetched,) = fetcher.fetch_feeds([FeedJob("source", FeedState(url))])
    return fetched


class RoutedBackend(httpcore.SyncBackend):
    """Stands for the internet: the public address leads to the test's server, and every connection is noted."""

    def __init__(self) -> None:
        self.connected: list[str] = []

    def connect_tcp(self, host, port, timeout=None, local_address=None, socket_options=None):
        self.connected.append(host)
        return super().connect_tcp("127.0.0.1" if host == PUBLIC else host, port, timeout)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.5.4", "192.168.1.1", "100.64.0.1", "100.100.100.200",
        "169.254.1.1", "169.254.169.254", "168.63.129.16", "192.0.2.1", "198.18.0.1", "203.0.113.9", "224.0.0.1",
        "239.1.1.1", "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254",
        "fec0::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
        "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2002:a00:1::1", "::7f00:1",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public(address):
    assert not is_public(ipaddress.ip_address(address))
    guard = AddressGuard(resolver=lambda host, port: [PUBLIC, address])
    with pytest.raises(BlockedAddressError, match=r"news\.example: .* is not a public address"):
        guard.addresses("news.example", 443)
    assert AddressGuard(allow_private=True, resolver=lambda host, port: [address]).addresses("x", 1) == [address]


@pytest.mark.parametrize("address", [PUBLIC, "1.1.1.1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"])
def test_public_addresses(address):
    assert AddressGuard(resolver=lambda host, port: [address]).addresses("news.example", 443) == [address]


@pytest.mark.parametrize(
    "url",
    [
        "http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/", "http://127.1/", "http://0x7f.1/",
        "http://127.0.0.1/", "http://127.0.0.1./", "http://[::1]/", "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/", "http://169.254.169.254/latest/meta-data/", "http://192.168.0.1:8080/feed",
        "file:///etc/passwd", "gopher://example.org/", "ftp://example.org/feed", "http:///feed", "feed",
        "http://user:secret@example.org/feed", "http://example.org:70000/feed",
    ],
)  # fmt: skip
def test_urls_refused_by_their_look(url):
    with pytest.raises((BlockedAddressError, httpx.InvalidURL)):
        AddressGuard().check_url(httpx.URL(url))


@pytest.mark.parametrize("url", ["https://example.org/feed", "http://1.1.1.1/", "http://münchen.example:8080/a?b=c"])
def test_urls_let_through(url):
    AddressGuard().check_url(httpx.URL(url))


def test_a_password_does_not_reach_the_error():
    with pytest.raises(BlockedAddressError) as caught:
        AddressGuard().check_url(httpx.URL("http://user:secret@example.org/feed"))
    assert "secret" not in str(caught.value)


def test_a_resolver_that_hangs_is_given_up():
    never = Event()
    try:
        with pytest.raises(UnresolvedError, match="did not answer in time"):
            AddressGuard(resolver=lambda host, port: never.wait() or []).addresses("slow.example", 80, timeout=0.05)
    finally:
        never.set()


def test_loopback_is_never_asked_by_default(site, make_fetcher):
    fetcher = make_fetcher(allow_private=False)
    for host in ("127.0.0.1", "localhost", "2130706433", "0177.0.0.1", "[::ffff:127.0.0.1]"):
        assert poll(fetcher, site.url("/feed", host=host)).state == "blocked_address", host
    assert site.asked == []


def test_a_redirect_into_the_private_network_is_refused(site, answer, make_fetcher):
    names = {"news.example": PUBLIC, "intranet.example": "127.0.0.1"}
    backend = RoutedBackend()
    fetcher = make_fetcher(allow_private=False, resolver=lambda host, port: [names[host]], backend=backend)
    for target in (site.url("/secret", host="intranet.example"), site.url("/secret"), "file:///etc/passwd"):
        site.on("/feed", answer(302, b"", Location=target))
        fetched = poll(fetcher, site.url("/feed", host="news.example"))
        assert (fetched.state, fetched.body_sha256) == ("blocked_address", None)
    assert set(site.paths()) == {"/feed"}
    assert set(backend.connected) == {PUBLIC}


def test_the_connection_goes_to_the_checked_address_and_keeps_the_name(site, answer, make_fetcher):
    """A name server that turns to loopback after the check gains nothing: nobody asks it a second time."""
    answers = [PUBLIC, "127.0.0.1"]
    backend = RoutedBackend()
    fetcher = make_fetcher(allow_private=False, resolver=lambda host, port: [answers.pop(0)], backend=backend)
    site.on("/feed", answer(body=RSS, Connection="close"))
    url = site.url("/feed", host="rebind.example")
    assert poll(fetcher, url).state == "ok"
    assert (backend.connected, answers) == ([PUBLIC], ["127.0.0.1"])
    assert site.asked[0][1]["host"] == f"rebind.example:{site.port}"

    second = poll(fetcher, url)
    assert (second.state, len(site.asked), backend.connected) == ("blocked_address", 1, [PUBLIC])


def test_the_next_address_is_tried_where_one_is_dead(site, answer, make_fetcher):
    fetcher = make_fetcher(resolver=lambda host, port: ["127.0.0.2", "127.0.0.1"])
    site.on("/feed", answer(body=RSS))
    assert poll(fetcher, site.url("/feed", host="two.example")).state == "ok"


@pytest.fixture
def tls_site(tmp_path):
    """An HTTPS server for news.example; yields its port, the names clients asked for, and a context that trusts it."""
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-keyout", str(key), "-out", str(cert), "-days", "2", "-subj", "/CN=news.example"]
    command += ["-addext", "subjectAltName=DNS:news.example"]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("needs the openssl command to make a certificate")
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(RSS)))
            self.end_headers()
            self.wfile.write(RSS)

        def log_message(self, *args: object) -> None:
            return

    class Server(ThreadingHTTPServer):
        def handle_error(self, *args: object) -> None:
            return

    server = Server(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    context.sni_callback = lambda sock, name, _: asked.append(name)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server.server_address[1], asked, ssl.create_default_context(cafile=str(cert))
    server.shutdown()
    server.server_close()


def test_tls_is_checked_against_the_name_not_the_pinned_address(tls_site, make_fetcher):
    port, asked, trusting = tls_site
    fetcher = make_fetcher(resolver=lambda host, port: ["127.0.0.1"], ssl_context=trusting)
    assert poll(fetcher, f"https://news.example:{port}/feed").state == "ok"
    assert asked == ["news.example"]
    wrong_name = poll(fetcher, f"https://other.example:{port}/feed")
    assert wrong_name.state == "unreachable"
    assert "CERTIFICATE_VERIFY_FAILED" in wrong_name.error
    untrusted = poll(make_fetcher(resolver=lambda host, port: ["127.0.0.1"]), f"https://news.example:{port}/feed")
    assert untrusted.state == "unreachable"
