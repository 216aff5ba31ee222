# SPDX-License-Identifier: Apache-2.0
"""Suites, groups and versions: what is agreed on, by whose order, and who is turned away."""
import re
import subprocess

import pytest

from lib.client import read_until, s_client
from lib.hosts import ALPHA_BETA

ALL = ("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256")
A128, A256, CHACHA = ALL


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

@pytest.mark.parametrize("option, version", [("-tls1_2", "TLSv1.2")])
def test_older_clients(server, option, version):
    """A client without TLS 1.3 is turned away by protocol_version, and the log says what it has."""
    mark = len(server.log())
    code, said = s_client(server, "alpha.tlsx.test", option)
    assert code != 0 and "alert protocol version" in said, said
    line = server.wait_for_log("NO_SHARED_VERSION", mark)
    assert version in line and "TLSProtocol" in line and "[tlsx:info]" in line


def test_client_of_both_versions(server):
    """A client with TLS 1.2 and 1.3 speaks 1.3."""
    code, said = s_client(server, "alpha.tlsx.test", "-min_protocol", "TLSv1.2")
    assert code == 0 and "Protocol  : TLSv1.3" in said or "New, TLSv1.3" in said, said


@pytest.mark.parametrize("line", ["TLSProtocol default", "TLSProtocol TLSv1.3+"])
def test_protocol_directive(httpd, line):
    """Both serve TLS 1.3 alone."""
    server = httpd(line + "\n" + ALPHA_BETA)
    assert s_client(server, "alpha.tlsx.test")[0] == 0
    assert s_client(server, "alpha.tlsx.test", "-tls1_2")[0] != 0


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
