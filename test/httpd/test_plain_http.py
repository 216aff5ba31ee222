# SPDX-License-Identifier: Apache-2.0
"""What isn't TLS on the TLS port: HTTP gets a page, garbage gets an alert, none is an error."""
import re
import socket
import struct

import pytest

from lib.client import Http, context, curl, dial, exchange, get
from lib.hosts import ALPHA_BETA


@pytest.fixture(scope="module")
def server(httpd_for_all):
    """The demo's hosts."""
    return httpd_for_all(ALPHA_BETA, name="plain-http")


def works(server, certs):
    """The server serves TLS as before."""
    return get(server.port(), "alpha.tlsx.test", ctx=context(certs)).status == 200


@pytest.mark.parametrize("request_line", [
    "GET / HTTP/1.1", "GET /a?b=c HTTP/1.1", "HEAD / HTTP/1.1", "POST /form HTTP/1.1",
    "PUT /x HTTP/1.1", "DELETE /x HTTP/1.1", "OPTIONS * HTTP/1.1", "GET / HTTP/1.0",
])
def test_page(server, certs, request_line):
    """400 with a page that says so and where to go; the connection ends."""
    method, path, version = request_line.split()
    got = exchange(server.port(), f"{request_line}\r\nHost: alpha.tlsx.test\r\n\r\n".encode())
    text = got.decode()
    assert text.startswith("HTTP/1.1 400 Bad Request"), text
    assert re.search("(?mi)^Connection: close", text), text
    if method != "HEAD":
        assert "You're speaking plain HTTP to an SSL-enabled server port" in text, text
        if path.startswith("/"):
            assert f"https://alpha.tlsx.test:{server.port()}{path}" in text, text
    assert version and works(server, certs)


def test_curl_by_http(server):
    """What a user who forgot the s sees."""
    code, said, err = curl(server, "alpha.tlsx.test", "/", scheme="http")
    assert code == 0 and "speaking plain HTTP" in said, err


def test_hint_is_escaped(server):
    """What the client sent comes back as text, not as markup."""
    got = exchange(server.port(), b"GET /<script>alert(1)</script> HTTP/1.1\r\n"
                                  b"Host: alpha.tlsx.test\r\n\r\n").decode()
    assert "<script>" not in got and "400 Bad Request" in got


def test_nothing_else_is_served(server):
    """A second request on the same connection is not answered, a page of the site not shown."""
    got = exchange(server.port(), b"GET / HTTP/1.1\r\nHost: alpha.tlsx.test\r\n\r\n" * 2)
    assert got.count(b"HTTP/1.1 400") == 1 and b"alpha page" not in got


def test_body_is_no_request(server, certs):
    """A plain POST with a body of 100 KB: the page, then the end."""
    body = b"GET / HTTP/1.1\r\nHost: alpha.tlsx.test\r\n\r\n" * 2000
    head = b"POST / HTTP/1.1\r\nHost: alpha.tlsx.test\r\nContent-Length: %d\r\n\r\n" % len(body)
    got = exchange(server.port(), head + body)
    assert got.count(b"HTTP/1.1 400") <= 1 and b"alpha page" not in got
    assert works(server, certs)


def test_byte_by_byte(server):
    """A request that comes a byte at a time is still seen as what it is."""
    with dial(server.port()) as sock:
        for byte in b"GET / HTTP/1.1\r\nHost: alpha.tlsx.test\r\n\r\n":
            sock.sendall(bytes([byte]))
        got = b""
        while (piece := sock.recv(4096)):
            got += piece
    assert got.startswith(b"HTTP/1.1 400") and b"plain HTTP" in got


def test_logged_once(server):
    """One line at info, which names host and remedy."""
    mark = len(server.log())
    exchange(server.port(), b"GET / HTTP/1.1\r\nHost: alpha.tlsx.test\r\n\r\n")
    line = server.wait_for_log("HTTP_REQUEST", mark)
    assert "[tlsx:info]" in line and "https://" in line
    assert server.log_since(mark).count("[HTTP_REQUEST") == 1


def test_variables_are_not_tls(httpd, certs):
    """The page of the plain request does not claim to be secure."""
    server = httpd('Header always set X-Seen "%{HTTPS}s %{SSL_PROTOCOL}s"\n' + ALPHA_BETA,
                   modules=("headers",))
    secure = get(server.port(), "alpha.tlsx.test", ctx=context(certs))
    assert secure.headers["x-seen"] == "on TLSv1.3"
    got = exchange(server.port(), b"GET / HTTP/1.1\r\nHost: alpha.tlsx.test\r\n\r\n").decode()
    seen = re.search("(?mi)^X-Seen: (.*?)\r?$", got)[1]
    assert "400 Bad Request" in got and "on" not in seen.split() and "TLS" not in seen


# ---- neither HTTP nor TLS ----

SSLV2 = bytes.fromhex("802e0100020015000000100100800200800300800400800500800600400700c0") \
    + b"x" * 16
ALERT = bytes.fromhex("15030100020246")
NO_HELLO = bytes.fromhex("160301000401000000")
OVERLONG = b"\x16\x03\x01\xff\xff" + b"\0" * 100
EMPTY_RECORD = b"\x16\x03\x01\x00\x00"
DATA_FIRST = b"\x17\x03\x03\x00\x05hello"
GARBAGE = bytes(range(256)) * 4
SSH = b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n"
H2 = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(9)


@pytest.mark.parametrize("data", [SSLV2, NO_HELLO, OVERLONG, EMPTY_RECORD, DATA_FIRST, GARBAGE, SSH,
                                  b"\0" * 2000, b"\x16", b"\x16\x03\x01\x02\x00\x01", b"\r\n\r\n",
                                  b"EHLO example\r\n", ALERT],
                         ids=["sslv2", "no-hello", "overlong", "empty-record", "data-first",
                              "garbage", "ssh", "zeroes", "one-byte", "half-record", "crlf",
                              "smtp", "alert"])
def test_garbage(server, certs, data):
    """The connection ends in time, the log has no error (the fixture looks), others are served."""
    mark = len(server.log())
    got = exchange(server.port(), data, half_close=True)
    assert len(got) < 400 and b"alpha" not in got
    assert got == b"" or got.startswith(b"\x15\x03") or got.startswith(b"HTTP/1.1 400"), got
    assert works(server, certs)
    said = [line for line in server.log_since(mark).splitlines() if "handshake with" in line]
    assert len(said) <= 1, said


def test_http2_preface(server, certs):
    """HTTP/2 with prior knowledge and without TLS: turned away, no page of the site."""
    got = exchange(server.port(), H2, half_close=True)
    assert b"alpha page" not in got and (got == b"" or b"400" in got[:20] or got[:1] == b"\x15")
    assert works(server, certs)


def test_alert_for_garbage(server):
    """A record of an unknown type is answered by an alert, then the connection is closed."""
    got = exchange(server.port(), b"\x99\x03\x01\x00\x05hello")
    assert got == b"" or (got[0] == 0x15 and got[5] == 2), got


@pytest.mark.parametrize("sent", [b"", b"\x16", b"\x16\x03\x01\x01\x00",
                                  b"\x16\x03\x01\x01\x00\x01"])
@pytest.mark.parametrize("reset", [False, True])
def test_closed_early(server, certs, sent, reset):
    """A client that goes away in the middle of its first record leaves a line at debug, if any."""
    mark = len(server.log())
    sock = dial(server.port())
    sock.sendall(sent)
    if reset:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()
    assert works(server, certs)
    said = [line for line in server.log_since(mark).splitlines() if "not finished" in line]
    assert all("[tlsx:debug]" in line for line in said), said


def test_plain_port_beside_it(httpd, certs):
    """A plain port of the same server stays plain, and the TLS port TLS."""
    server = httpd(ALPHA_BETA + "Listen 127.0.0.1:@http@\n<VirtualHost 127.0.0.1:@http@>\n"
                   'ServerName plain.tlsx.test\nDocumentRoot "@site@/plain"\n</VirtualHost>\n')
    with Http(server.port("http"), "plain.tlsx.test", plain=True) as http:
        assert "plain page" in http.get().text
    assert works(server, certs)
