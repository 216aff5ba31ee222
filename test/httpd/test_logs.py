# SPDX-License-Identifier: Apache-2.0
"""The error log: one line a cause, with host and remedy, at a level that fits."""
import re
import socket
import ssl
import struct

import pytest

from lib.client import context, dial, exchange, get, lenient, s_client
from lib.hosts import ALPHA_BETA, host

FAILED = r"TLSX0100: TLS handshake with (\S+):(\d+) failed: .* \[([A-Z_0-9]+)[^]]*\]"


@pytest.fixture(scope="module")
def quiet(httpd_for_all):
    """At httpd's default level, warn: what an administrator sees day by day."""
    return httpd_for_all(ALPHA_BETA, name="quiet", level="notice")


@pytest.fixture(scope="module")
def info(httpd_for_all):
    """At info: what one turns on to see why a client fails."""
    return httpd_for_all(ALPHA_BETA, name="info", level="info")


@pytest.fixture(scope="module")
def debug(httpd_for_all):
    """At debug."""
    return httpd_for_all(ALPHA_BETA, name="debug", level="info tlsx:debug")


# ---- what clients may do wrong: (what is done, the cause, a word of the line) ----

def by_openssl(*args, sni=None):
    """A handshake by openssl, which fails."""
    return lambda server: s_client(server, "alpha.tlsx.test", *args, sni=sni)


def distrustful(server):
    """A client that does not know the CA."""
    with dial(server.port()) as raw, pytest.raises(ssl.SSLCertVerificationError):
        ssl.create_default_context().wrap_socket(raw, server_hostname="alpha.tlsx.test")


def without_alpn(server):
    """A client of another protocol."""
    ctx = context(server.world.certs, alpn=["irc"])
    with dial(server.port()) as raw, pytest.raises(ssl.SSLError):
        ctx.wrap_socket(raw, server_hostname="alpha.tlsx.test")


def http(server):
    """Plain HTTP."""
    exchange(server.port(), b"GET / HTTP/1.1\r\nHost: alpha.tlsx.test\r\n\r\n")


MISTAKES = {
    "version": (by_openssl("-tls1_1", "-cipher", "ALL@SECLEVEL=0"), "NO_SHARED_VERSION",
                "TLSv1.1. TLSProtocol"),
    "fallback": (by_openssl("-tls1_2", "-fallback_scsv"), "INAPPROPRIATE_FALLBACK", "7507"),
    "suite": (by_openssl("-ciphersuites", "TLS_AES_128_CCM_SHA256"), "NO_SHARED_SUITE", "CCM"),
    "group": (by_openssl("-groups", "X448"), "NO_SHARED_GROUP", "TLSGroups"),
    # the same in TLS 1.2, where suites speak of more
    "cbc": (by_openssl("-tls1_2", "-cipher", "ECDHE-RSA-AES128-SHA"), "NO_SHARED_SUITE",
            "suites: TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA. TLSCiphersSuppress takes away none"),
    "rsa key exchange": (by_openssl("-tls1_2", "-cipher", "AES128-GCM-SHA256"), "NO_SHARED_SUITE",
                         "suites: TLS_RSA_WITH_AES_128_GCM_SHA256. TLSCiphersSuppress takes"),
    "group in 1.2": (by_openssl("-tls1_2", "-groups", "X448", "-cipher", "aRSA"), "NO_SHARED_GROUP",
                     "groups: x448. TLSGroups"),
    "signature in 1.2": (by_openssl("-tls1_2", "-sigalgs", "ed448"), "NO_SHARED_SIGNATURE",
                         "TLSCertificate"),
    "signature": (by_openssl("-sigalgs", "ed448"), "NO_SHARED_SIGNATURE", "TLSCertificate"),
    "alpn": (without_alpn, "NO_SHARED_ALPN", "irc"),
    "trust": (distrustful, "PEER_ALERT", "unknown_ca"),
    "http": (http, "HTTP_REQUEST", "https://"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistakes_of_clients(info, mistake):
    """A client's mistake is one line at info: host, port, cause by name, and what helps."""
    act, cause, word = MISTAKES[mistake]
    mark = len(info.log())
    act(info)
    line = info.wait_for_log(FAILED, mark)
    assert "[tlsx:info]" in line and "[client 127.0.0.1:" in line, line
    host, port, code = re.search(FAILED, line).groups()
    assert (host, port, code) == ("alpha.tlsx.test", str(info.port()), cause)
    assert word in line, line
    assert len(re.findall(r"\[tlsx:", info.log_since(mark))) == 1, info.log_since(mark)


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistakes_are_silent_by_default(quiet, certs, mistake):
    """None of them is seen at the default level, and the server serves on."""
    mark = len(quiet.log())
    MISTAKES[mistake][0](quiet)
    assert get(quiet.port(), "alpha.tlsx.test", ctx=context(certs)).status == 200
    assert "tlsx:" not in quiet.log_since(mark), quiet.log_since(mark)


def test_line_names_the_host_that_was_asked_for(info):
    """Once SNI is known, the line is beta's."""
    mark = len(info.log())
    s_client(info, "beta.tlsx.test", "-sigalgs", "ECDSA+SHA256")
    line = info.wait_for_log(FAILED, mark)
    assert re.search(FAILED, line).groups()[0] == "beta.tlsx.test", line


@pytest.mark.parametrize("name, suite, own", [
    ("gamma.tlsx.test", "ECDHE-RSA-AES128-GCM-SHA256", "ECDSA P-256"),
    ("beta.tlsx.test", "ECDHE-ECDSA-AES128-GCM-SHA256", "RSA"),
])
def test_suites_of_another_kind_of_key(httpd, name, suite, own):
    """In TLS 1.2 a client of RSA suites alone and a host with ECDSA alone, and the other way round:
    what the client offers, what the host has, and that TLSCertificate decides."""
    server = httpd(ALPHA_BETA + host("gamma.tlsx.test", certs=("gamma",)), level="info")
    code, said = s_client(server, name, "-tls1_2", "-cipher", suite)
    assert code != 0 and "handshake failure" in said, said
    line = server.wait_for_log(FAILED)
    asked, _, cause = re.search(FAILED, line).groups()
    assert asked == name and cause in ("NO_SHARED_SIGNATURE", "NO_SHARED_SUITE"), line
    assert f"TLSCertificate decides here; there is: {own}." in line, line
    assert "suites: TLS_ECDHE_" in line and "TLSCiphersSuppress" not in line, line


def test_signatures_of_tls12(httpd):
    """Where the suite fits, but no signature: in TLS 1.2 groups may be why, too, so all is said."""
    server = httpd(ALPHA_BETA + host("gamma.tlsx.test", certs=("gamma",)), level="info")
    code, said = s_client(server, "gamma.tlsx.test", "-tls1_2", "-sigalgs", "RSA-PSS+SHA256")
    assert code != 0 and "handshake failure" in said, said
    line = server.wait_for_log(FAILED)
    assert re.search(FAILED, line).groups()[0::2] == ("gamma.tlsx.test", "NO_SHARED_SIGNATURE")
    for word in ("signatures: rsa_pss_rsae_sha256.", "groups: x25519", "suites: TLS_ECDHE_",
                 "TLSCertificate decides here; there is: ECDSA P-256."):
        assert word in line, line


def test_many_offers_are_cut(info):
    """A client that offers a hundred suites doesn't fill the log."""
    mark = len(info.log())
    s_client(info, "alpha.tlsx.test", "-tls1_2", "-cipher", "ALL:!ECDHE:@SECLEVEL=0")
    line = info.wait_for_log(FAILED, mark)
    assert "NO_SHARED_SUITE" in line and ", .... TLSCiphersSuppress" in line, line
    assert len(line) < 4000, line


NOISE = {
    "nothing": b"", "byte": b"\x16", "half": b"\x16\x03\x01\x01\x00\x01\x00", "zeroes": b"\0" * 300,
    "smb": b"\x00\x00\x00\x85\xffSMBr" + bytes(120), "rdp": b"\x03\x00\x00\x13\x0e\xe0" + bytes(13),
    "ssh": b"SSH-2.0-Go\r\n", "random": bytes((i * 73 + 41) % 251 for i in range(900)),
}


@pytest.mark.parametrize("noise", NOISE)
def test_noise_of_scanners(info, noise):
    """Garbage leaves no line at info: it is for debug."""
    mark = len(info.log())
    exchange(info.port(), NOISE[noise], half_close=True)
    get_one(info)
    assert "tlsx:" not in info.log_since(mark), info.log_since(mark)


@pytest.mark.parametrize("noise", NOISE)
def test_noise_at_debug(debug, noise):
    """At debug there is one line that says what it was."""
    mark = len(debug.log())
    exchange(debug.port(), NOISE[noise], half_close=True)
    line = debug.wait_for_log("handshake with alpha.tlsx.test", mark)
    assert "[tlsx:debug]" in line, line


def test_reset_in_the_middle(debug):
    """A reset is a line at debug."""
    mark = len(debug.log())
    sock = dial(debug.port())
    sock.sendall(b"\x16\x03\x01\x01\x00\x01\x00")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()
    line = debug.wait_for_log("handshake with alpha.tlsx.test.* (not finished|failed|closed)", mark)
    assert "[tlsx:debug]" in line, line


def get_one(server):
    """A page: what was logged before is in the file by then."""
    assert get(server.port(), "beta.tlsx.test", ctx=context(server.world.certs)).status == 200


def test_success_at_debug(debug, certs):
    """A handshake is one line at debug: version, host, suite, group, name."""
    mark = len(debug.log())
    assert get(debug.port(), "beta.tlsx.test", ctx=context(certs)).status == 200
    line = debug.wait_for_log(r"TLSX0070: TLSv1\.3 with beta\.tlsx\.test", mark)
    assert re.search(r"TLSv1\.3 with beta\.tlsx\.test:\d+: TLS_\w+, \w+, beta\.tlsx\.test$", line)


def test_success_is_silent_at_info(info, certs):
    """Nobody's log fills up with handshakes."""
    mark = len(info.log())
    assert get(info.port(), "beta.tlsx.test", ctx=context(certs)).status == 200
    assert "tlsx:" not in info.log_since(mark)


def test_control_characters_of_clients(debug):
    """What a client calls itself does not break the log's lines."""
    mark = len(debug.log())
    ctx = context(debug.world.certs, alpn=["a\nb\x1b[31m", "\x7fz"])
    with dial(debug.port()) as raw, pytest.raises(ssl.SSLError):
        ctx.wrap_socket(raw, server_hostname="alpha.tlsx.test")
    line = debug.wait_for_log("NO_SHARED_ALPN", mark)
    assert "a?b?[31m" in line and "\x1b" not in line and "\x7f" not in line


def test_strange_names(debug):
    """A name with strange letters is no name of ours, and does no harm."""
    for name in ("x" * 60 + ".test", "a_b.test", "*.wild.tlsx.test", "xn--bcher-kva.test", "-"):
        ctx = lenient(debug.world.certs)
        assert get(debug.port(), "alpha.tlsx.test", ctx=ctx, sni=name).status in (200, 421)


def test_no_secrets(debug, certs):
    """Neither keys nor tickets are in the log."""
    assert get(debug.port(), "alpha.tlsx.test", ctx=context(certs)).status == 200
    text = debug.log()
    assert "PRIVATE KEY" not in text and not re.search(r"[0-9a-f]{64}", text)


def test_start_is_quiet(httpd, certs):
    """A good configuration starts without a word of ours."""
    server = httpd(ALPHA_BETA, level="info")
    assert get(server.port(), "alpha.tlsx.test", ctx=context(certs)).status == 200
    assert "tlsx:" not in server.log()
