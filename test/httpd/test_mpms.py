# SPDX-License-Identifier: Apache-2.0
"""The essentials on each MPM, whatever --mpm says of the other files."""
import pytest

from lib.client import Http, context, curl, exchange, get
from lib.hosts import ALPHA_BETA
from lib.server import Fleet
from lib.site import MIB, pattern, sha256


@pytest.fixture(scope="module", params=["event", "worker", "prefork"])
def server(request, world):
    """The demo's hosts on each MPM."""
    modules = () if request.param == "prefork" else ("http2",)
    with Fleet(world) as fleet:
        yield fleet(("Protocols h2 http/1.1\n" if modules else "") + ALPHA_BETA,
                    name=f"mpm-{request.param}", mpm=request.param, modules=modules)


@pytest.fixture
def http(server, certs):
    """An HTTP/1.1 connection to alpha."""
    with Http(server.port(), "alpha.tlsx.test", ctx=context(certs)) as made:
        yield made


@pytest.mark.parametrize("name", ["alpha", "beta"])
def test_page(server, certs, name):
    """A page of each host."""
    answer = get(server.port(), f"{name}.tlsx.test", ctx=context(certs))
    assert answer.status == 200 and f"{name} page" in answer.text


def test_http2(server):
    """HTTP/2 where httpd has it."""
    version = "1.1" if server.mpm == "prefork" else "2"
    code, said, err = curl(server, "alpha.tlsx.test", "/", "--http2", "--write-out",
                           "%{http_version}")
    assert code == 0 and said.endswith(version), err


def test_files(http, site):
    """Files on a kept connection, twice the largest."""
    for size in (1, 16384, 65536, 10 * MIB, 100, 10 * MIB):
        assert sha256(http.get(f"/{size}.bin").body) == site.hashes[size]


def test_uploads(http):
    """Uploads come back."""
    for size in (1, 16385, 1_000_003):
        data = pattern(size, 9)
        assert http.get("/cgi-bin/echo", method="POST", body=data).body == data


def test_pipelining(http):
    """Requests without waiting."""
    http.sock.sendall(b"GET /100.bin HTTP/1.1\r\nHost: alpha.tlsx.test\r\n\r\n" * 20)
    for _ in range(20):
        assert http.read().body == pattern(100)


def test_variables(http):
    """A script knows that it is secure."""
    seen = http.get("/cgi-bin/env").vars
    assert (seen["HTTPS"], seen["SSL_PROTOCOL"]) == ("on", "TLSv1.3")


def test_plain_http(server):
    """The page for plain HTTP."""
    got = exchange(server.port(), b"GET / HTTP/1.1\r\nHost: alpha.tlsx.test\r\n\r\n")
    assert b"speaking plain HTTP" in got


def test_resumption_and_restart(server, certs):
    """A ticket is good in other children, and after a graceful restart."""
    ctx, kept, pids, resumed = context(certs), None, set(), 0
    for number in range(30):
        with Http(server.port(), "alpha.tlsx.test", ctx=ctx, session=kept) as http:
            pids.add(http.get("/cgi-bin/pid").text.split()[0])
            resumed += http.sock.session_reused
            kept = http.sock.session
        if number == 14:
            server.graceful()
    assert resumed == 29 and len(pids) >= 2


def test_chunked_stream(http):
    """A script's answer in chunks."""
    assert http.get("/cgi-bin/many").text.count("\n") == 2000
