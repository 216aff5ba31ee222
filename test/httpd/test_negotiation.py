# SPDX-License-Identifier: Apache-2.0
"""Suites, groups and versions: what is agreed on, by whose order, and who is turned away."""
import re
import subprocess

import pytest

from lib.client import read_until, s_client
from lib.hosts import ALPHA_BETA

ALL = ("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256")
A128, A256, CHACHA = ALL
KINDS = ("AES128-GCM-SHA256", "AES256-GCM-SHA384", "CHACHA20-POLY1305")
ALL12 = tuple(f"ECDHE-{auth}-{kind}" for auth in ("ECDSA", "RSA") for kind in KINDS)


@pytest.fixture(scope="module")
def server(httpd_for_all):
    """The demo's hosts, nothing said about suites or groups."""
    return httpd_for_all(ALPHA_BETA, name="negotiation")


def suite_of(said):
    """The suite that openssl says is in use."""
    return re.search(r"New, TLSv1.3, Cipher is (\S+)", said)[1]


@pytest.mark.parametrize("suite", ALL)
def test_each_suite(server, suite):
    """A client that offers one suite gets it, and a page through it."""
    code, said = s_client(server, "alpha.tlsx.test", "-ciphersuites", suite)
    assert code == 0 and "alpha page" in said and suite_of(said) == suite, said


def asked(httpd, lines, *offer):
    """The suite agreed on with a client that offers these, in this order."""
    said = s_client(httpd(lines + "\n" + ALPHA_BETA), "alpha.tlsx.test", "-ciphersuites",
                    ":".join(offer))[1]
    return suite_of(said)


@pytest.mark.parametrize("first", ALL)
def test_client_order_decides(httpd, first):
    """TLSHonorClientOrder on, the default: the client's first suite."""
    assert asked(httpd, "", first, *ALL) == first


@pytest.mark.parametrize("first", ALL)
def test_server_order_decides(httpd, first):
    """TLSHonorClientOrder off: the server's preferred suite, whatever the client likes best."""
    lines = f"TLSHonorClientOrder off\nTLSCiphersPrefer {first}"
    for client_first in ALL:
        assert asked(httpd, lines, client_first, *ALL) == first


def test_preferred_suite_is_no_demand(httpd):
    """A preferred suite that the client lacks leaves the others."""
    assert asked(httpd, f"TLSHonorClientOrder off\nTLSCiphersPrefer {CHACHA}", A128) == A128


def test_several_preferred_suites(httpd):
    """The list is an order."""
    lines = f"TLSHonorClientOrder off\nTLSCiphersPrefer {CHACHA} {A256}"
    assert asked(httpd, lines, A128, A256) == A256


def test_preferred_suites_and_the_clients_order(httpd):
    """With TLSHonorClientOrder on the client's order stands."""
    assert asked(httpd, f"TLSCiphersPrefer {CHACHA}", A128, A256, CHACHA) == A128


def test_no_shared_suite(server):
    """A suite that is not served (CCM): handshake_failure, and what the client offered."""
    mark = len(server.log())
    code, said = s_client(server, "alpha.tlsx.test", "-ciphersuites", "TLS_AES_128_CCM_SHA256")
    assert code != 0 and "handshake failure" in said, said
    line = server.wait_for_log("NO_SHARED_SUITE", mark)
    assert "TLS_AES_128_CCM_SHA256" in line and "[tlsx:info]" in line


# ---- suppressed suites ----

@pytest.mark.parametrize("names", [A128, f"{A128} {CHACHA}", f"{A128}:{CHACHA}"])
def test_suppressed_suites(httpd, names):
    """A suppressed suite isn't used, though the client likes it best; the others are."""
    assert asked(httpd, f"TLSCiphersSuppress {names}", A128, A256) == A256


def test_suppressed_is_not_preferred(httpd):
    """What is suppressed stays so where it is preferred, too."""
    lines = f"TLSHonorClientOrder off\nTLSCiphersPrefer {A256} {CHACHA}\nTLSCiphersSuppress {A256}"
    assert asked(httpd, lines, *ALL) == CHACHA


def test_suppressed_in_a_host(httpd):
    """A host's list stands in for the server's; none takes it back."""
    server = httpd(f"TLSCiphersSuppress {A128}\n"
                   + ALPHA_BETA.replace("ServerName beta.tlsx.test",
                                        "ServerName beta.tlsx.test\n    TLSCiphersSuppress none"))
    for name, suite in (("alpha.tlsx.test", A256), ("beta.tlsx.test", A128)):
        assert suite_of(s_client(server, name, "-ciphersuites", f"{A128}:{A256}")[1]) == suite


def test_only_suppressed_suites(httpd):
    """A client that has nothing else: handshake_failure, and the line that took it away."""
    server = httpd(f"TLSCiphersSuppress {A128}\n" + ALPHA_BETA)
    code, said = s_client(server, "alpha.tlsx.test", "-ciphersuites", A128)
    assert code != 0 and "handshake failure" in said, said
    line = server.wait_for_log("NO_SHARED_SUITE")
    number = server.line_of("TLSCiphersSuppress")
    assert f"TLSCiphersSuppress on line {number} of {server.conf} takes away {A128}" in line, line
    assert f"Served in TLSv1.3: {A256}, {CHACHA}." in line, line


# ---- groups ----

@pytest.mark.parametrize("group, key", [("X25519", "X25519, 253 bits"),
                                        ("P-256", "ECDH, prime256v1, 256 bits"),
                                        ("P-384", "ECDH, secp384r1, 384 bits")])
def test_each_group(server, group, key):
    """Each classic group alone (the hybrid one: test_clients.py)."""
    code, said = s_client(server, "alpha.tlsx.test", "-groups", group)
    assert code == 0 and "alpha page" in said and f"Server Temp Key: {key}" in said, said


def test_hello_retry_request(httpd):
    """A key share of a group that is not served, another offered: one more round."""
    server = httpd("TLSGroups P-384\n" + ALPHA_BETA)
    code, said = s_client(server, "alpha.tlsx.test", "-groups", "X25519:P-384", "-msg")
    assert code == 0 and "alpha page" in said, said
    assert said.count(", ClientHello") == 2 and "secp384r1" in said, said


@pytest.mark.parametrize("order, offer, key", [
    ("P-256 X25519", "P-256:X25519", "prime256v1"),
    ("X25519 P-256", "X25519:P-256", "X25519"),
    ("P-256", "X25519:P-256", "prime256v1"),
    ("X25519", "P-256:X25519", "X25519"),
    ("P-256 X25519", "X25519:P-256", "X25519"),  # its share is there: no round more for P-256
])
def test_listed_groups(httpd, order, offer, key):
    """TLSGroups lists all that is served, best first: a group is used if both sides have it."""
    code, said = s_client(httpd(f"TLSGroups {order}\n" + ALPHA_BETA), "alpha.tlsx.test",
                          "-groups", offer)
    assert code == 0 and key in re.search(r"Server Temp Key: .*", said)[0], said


def test_no_shared_group(httpd):
    """No common group: handshake_failure, with both sides' groups to be seen."""
    server = httpd("TLSGroups X25519\n" + ALPHA_BETA)
    code, said = s_client(server, "alpha.tlsx.test", "-groups", "P-256")
    assert code != 0 and "handshake failure" in said, said
    line = server.wait_for_log("NO_SHARED_GROUP")
    assert "TLSGroups decides here" in line and "[tlsx:info]" in line
    assert re.search(r"groups: (P-256|secp256r1)", line), line


def test_groups_by_host(httpd):
    """TLSGroups in a host is that host's alone."""
    server = httpd(ALPHA_BETA.replace("ServerName beta.tlsx.test",
                                      "ServerName beta.tlsx.test\n    TLSGroups P-384"))
    for name, key in (("alpha.tlsx.test", "X25519"), ("beta.tlsx.test", "secp384r1")):
        said = s_client(server, name, "-groups", "X25519:P-384")[1]
        assert key in re.search(r"Server Temp Key: .*", said)[0], said


# ---- versions ----

@pytest.mark.parametrize("option, version", [("-tls1_1", "TLSv1.1"), ("-tls1", "TLSv1")])
def test_older_clients(server, option, version):
    """A client without TLS 1.2 is turned away by protocol_version, and the log says what it has."""
    mark = len(server.log())
    code, said = s_client(server, "alpha.tlsx.test", option, "-cipher", "ALL@SECLEVEL=0")
    assert code != 0 and "alert protocol version" in said, said
    line = server.wait_for_log("NO_SHARED_VERSION", mark)
    assert f"versions: {version}. TLSProtocol" in line and "[tlsx:info]" in line, line
    assert "served: TLSv1.2 and TLSv1.3" in line, line


def barred(httpd, lines, option, *words):
    """A client of one version is turned away; the log says what it offers, and who decides."""
    server = httpd(lines + "\n" + ALPHA_BETA)
    code, said = s_client(server, "alpha.tlsx.test", option)
    assert code != 0 and "alert protocol version" in said, said
    line = server.wait_for_log("NO_SHARED_VERSION")
    for word in words:
        assert word in line, line
    return server


def test_version_barred_by_directive(httpd):
    """The line of TLSProtocol is named."""
    server = barred(httpd, "TLSProtocol TLSv1.3+", "-tls1_2", "versions: TLSv1.2.",
                    "served: TLSv1.3.")
    place = f"TLSProtocol on line {server.line_of('TLSProtocol')} of {server.conf} decides here"
    assert place in server.log()


def test_version_barred_by_suites(httpd):
    """A version whose suites are all suppressed is dropped, and the line that did it named."""
    server = barred(httpd, f"TLSCiphersSuppress {' '.join(ALL12)}", "-tls1_2",
                    "TLSCiphersSuppress on line", "served: TLSv1.3.")
    assert s_client(server, "alpha.tlsx.test")[0] == 0
    server = barred(httpd, f"TLSCiphersSuppress {':'.join(ALL)}", "-tls1_3",
                    "TLSCiphersSuppress on line", "served: TLSv1.2.")
    assert "New, TLSv1.2" in s_client(server, "alpha.tlsx.test")[1]


def test_version_barred_by_groups(httpd):
    """TLS 1.2 has no hybrid groups: with these alone it isn't served."""
    barred(httpd, "TLSGroups X25519MLKEM768", "-tls1_2", "TLSGroups on line", "served: TLSv1.3.")


def test_dropped_version_is_said(httpd):
    """A version that was dropped by a list is told at the start, at info."""
    server = httpd("TLSGroups X25519MLKEM768\n" + ALPHA_BETA)
    line = server.wait_for_log(r"\[tlsx:info\].*alpha\.tlsx\.test.* does not serve TLSv1\.2")
    assert f"TLSGroups on line {server.line_of('TLSGroups')} of" in line and "no group" in line


def test_client_of_both_versions(server):
    """A client with TLS 1.2 and 1.3 speaks 1.3."""
    code, said = s_client(server, "alpha.tlsx.test", "-min_protocol", "TLSv1.2")
    assert code == 0 and "Protocol  : TLSv1.3" in said or "New, TLSv1.3" in said, said


@pytest.mark.parametrize("line, older", [
    ("", True), ("TLSProtocol default", True), ("TLSProtocol TLSv1.2+", True),
    ("TLSProtocol TLSv0x0303+", True), ("TLSProtocol TLSv1.3+", False), ("TLSProtocol TLSv0x0304+", False),
])
def test_protocol_directive(httpd, line, older):
    """Nothing said is TLS 1.2 and 1.3; TLSv1.3+ is TLS 1.3 alone."""
    server = httpd(line + "\n" + ALPHA_BETA)
    assert "New, TLSv1.3" in s_client(server, "alpha.tlsx.test")[1]
    assert (s_client(server, "alpha.tlsx.test", "-tls1_2")[0] == 0) == older


def test_protocol_by_host(httpd):
    """A host may say otherwise than the server, both ways."""
    server = httpd("TLSProtocol TLSv1.3+\n"
                   + ALPHA_BETA.replace("ServerName beta.tlsx.test",
                                        "ServerName beta.tlsx.test\n    TLSProtocol default"))
    assert s_client(server, "alpha.tlsx.test", "-tls1_2")[0] != 0
    assert s_client(server, "beta.tlsx.test", "-tls1_2")[0] == 0


# ---- what TLS 1.3 lets clients do ----

@pytest.mark.parametrize("letter", ["k", "K"])
def test_key_update_by_the_client(server, letter):
    """A client changes its keys, and asks for the server's to change (K): the page still comes."""
    command = ["openssl", "s_client", "-connect", f"127.0.0.1:{server.port()}", "-servername",
               "alpha.tlsx.test", "-CAfile", str(server.world.certs.ca), "-msg"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace") as client:
        said = read_until(client, "NewSessionTicket|Verify return code")
        client.stdin.write(letter + "\n") # alone in its read: a letter at the start is a command
        client.stdin.flush()
        said += read_until(client, "KEYUPDATE|KeyUpdate")
        client.stdin.write("GET / HTTP/1.1\r\nHost: alpha.tlsx.test\r\n\r\n")
        client.stdin.flush()
        said += read_until(client, "alpha page")
        client.kill()
    assert said.count("KeyUpdate") == (2 if letter == "K" else 1), said


def test_padding(server):
    """Records with padding are accepted."""
    code, said = s_client(server, "alpha.tlsx.test", "-record_padding", "1000")
    assert code == 0 and "alpha page" in said, said


def test_small_records_of_the_client(server):
    """A handshake in many small fragments."""
    code, said = s_client(server, "alpha.tlsx.test", "-max_send_frag", "512", "-split_send_frag",
                          "512")
    assert code == 0 and "alpha page" in said, said


def test_no_middlebox_compatibility(server):
    """A client without session id and without ChangeCipherSpec."""
    code, said = s_client(server, "alpha.tlsx.test", "-no_middlebox")
    assert code == 0 and "alpha page" in said, said
