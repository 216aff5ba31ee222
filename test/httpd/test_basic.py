# SPDX-License-Identifier: Apache-2.0
"""Which virtual host answers, with which certificate, and who is turned away."""
import hashlib
import ssl
import subprocess

import pytest

from lib.client import Http, context, curl, get, lenient, peer_certificate, s_client
from lib.hosts import ALPHA, ALPHA_BETA, BETA, host, listen

HOSTS = (
    listen()
    + ALPHA.replace("ServerName alpha.tlsx.test",
                    "ServerName alpha.tlsx.test\n    ServerAlias alias.tlsx.test")
    + BETA
    + host("wild.tlsx.test", certs=("wild",), extra="ServerAlias *.wild.tlsx.test")
    + host("gamma.tlsx.test", certs=("gamma",), extra="ServerAlias also.gamma.tlsx.test")
)


@pytest.fixture(scope="module")
def hosts(httpd_for_all):
    """Four virtual hosts by name on one port; alpha is its default."""
    return httpd_for_all(HOSTS, name="hosts")


def fingerprint(der):
    """SHA-256 in hex."""
    return hashlib.sha256(der).hexdigest()


@pytest.mark.parametrize("name, page, certificate", [
    ("alpha.tlsx.test", "alpha", "alpha-ecdsa"),
    ("beta.tlsx.test", "beta", "beta-rsa"),
    ("BETA.tlsx.TEST", "beta", "beta-rsa"),
    ("wild.tlsx.test", "wild", "wild"),
    ("one.wild.tlsx.test", "wild", "wild"),
    ("gamma.tlsx.test", "gamma", "gamma"),
    ("also.gamma.tlsx.test", "gamma", "gamma"),
])
def test_sni_chooses_host_and_certificate(hosts, certs, name, page, certificate):
    """Exact names, aliases, wildcards, in any case: the host that has the name serves."""
    der = peer_certificate(hosts.port(), name, lenient(certs))
    assert fingerprint(der) == certs.fingerprint(certificate)
    answer = get(hosts.port(), name, ctx=lenient(certs))
    assert (answer.status, f"<title>{page} page</title>" in answer.text) == (200, True)


@pytest.mark.parametrize("name", ["alpha.tlsx.test", "beta.tlsx.test", "two.wild.tlsx.test",
                                  "also.gamma.tlsx.test"])
def test_names_are_verified(hosts, certs, name):
    """A client that checks the name accepts the certificate."""
    assert get(hosts.port(), name, ctx=context(certs)).status == 200


@pytest.mark.parametrize("sni", [None, "unknown.tlsx.test", "wild.tlsx.test.example",
                                 "alpha.tlsx.test.", "xwild.tlsx.test"])
def test_default_host(hosts, certs, sni):
    """Without SNI or with a name that nobody has, the port's first host serves."""
    der = peer_certificate(hosts.port(), sni, lenient(certs))
    assert fingerprint(der) == certs.fingerprint("alpha-ecdsa")


def test_no_sni_serves_the_default_page(hosts, certs):
    """A client without SNI gets a page of the default host."""
    answer = get(hosts.port(), "127.0.0.1", ctx=lenient(certs), sni="")
    assert answer.status == 200 and "alpha page" in answer.text


def test_listed_order_of_hosts_is_httpds(httpd, certs):
    """The default host is the first in the file, whatever its name."""
    server = httpd(listen() + BETA + ALPHA)
    der = peer_certificate(server.port(), None, lenient(certs))
    assert fingerprint(der) == certs.fingerprint("beta-rsa")


@pytest.mark.parametrize("algorithms, kind", [
    ("ECDSA+SHA256:RSA-PSS+SHA256", "ecdsa"),
    ("RSA-PSS+SHA256:ECDSA+SHA256", "ecdsa"),
    ("RSA-PSS+SHA256", "rsa"),
    ("RSA-PSS+SHA384", "rsa"),
    ("RSA-PSS+SHA512", "rsa"),
    ("ECDSA+SHA256", "ecdsa"),
])
def test_ecdsa_and_rsa_side_by_side(hosts, algorithms, kind):
    """The first TLSCertificate whose signature the client accepts serves. (The tests' CA signs
    with ECDSA: signatures in certificates have a list of their own.)"""
    code, said = s_client(hosts, "alpha.tlsx.test", "-sigalgs", algorithms, ca=False)
    assert code == 0 and "alpha page" in said, said
    assert f"subject=CN = alpha-{kind}" in said, said


def test_rsa_first_if_it_is_named_first(httpd, certs):
    """The order of the TLSCertificate lines is the server's preference."""
    server = httpd(listen() + host("alpha.tlsx.test", certs=("alpha-rsa", "alpha-ecdsa")))
    der = peer_certificate(server.port(), "alpha.tlsx.test", context(certs))
    assert fingerprint(der) == certs.fingerprint("alpha-rsa")


def test_no_shared_signature(httpd):
    """A client that accepts none of the keys is turned away by handshake_failure, at info."""
    server = httpd(listen() + host("alpha.tlsx.test", certs=("alpha-ecdsa",)))
    code, said = s_client(server, "alpha.tlsx.test", "-sigalgs", "RSA-PSS+SHA256", ca=False)
    assert code != 0 and "handshake failure" in said, said
    line = server.wait_for_log("NO_SHARED_SIGNATURE")
    assert "[tlsx:info]" in line and "alpha.tlsx.test" in line
    assert "rsa_pss_rsae_sha256" in line and "TLSCertificate" in line


@pytest.mark.parametrize("name, algorithm", [
    ("p384", "ECDSA+SHA384"), ("p521", "ECDSA+SHA512"), ("ed25519", "ed25519"),
    ("alpha-rsa", "RSA-PSS+SHA256"), ("alpha-ecdsa", "ECDSA+SHA256"),
])
def test_kinds_of_keys(httpd, certs, name, algorithm):
    """Every kind of certificate serves a client that verifies it."""
    server = httpd(listen() + host("alpha.tlsx.test", certs=(name,)))
    code, said = s_client(server, "alpha.tlsx.test", "-sigalgs", algorithm + ":RSA+SHA256")
    assert code == 0 and "alpha page" in said and "Verify return code: 0 (ok)" in said, said
    assert get(server.port(), "alpha.tlsx.test", ctx=context(certs)).status == 200


@pytest.mark.parametrize("key", ["sec1", "pkcs1", "bundle"])
def test_forms_of_keys(httpd, certs, key):
    """SEC1 and PKCS#1 keys, and a key in the certificate's own file."""
    line = {"sec1": "@certs@/alpha-ecdsa.pem @certs@/sec1.key",
            "pkcs1": "@certs@/alpha-rsa.pem @certs@/pkcs1.key",
            "bundle": "@certs@/bundle.pem"}[key]
    server = httpd(listen() + host("alpha.tlsx.test", certs=(), extra=f"TLSCertificate {line}"))
    assert get(server.port(), "alpha.tlsx.test", ctx=context(certs)).status == 200


def test_chain_is_sent(httpd, certs):
    """What leads to the root is sent: a client with the root alone verifies."""
    server = httpd(listen() + host("alpha.tlsx.test", certs=(),
                                   extra="TLSCertificate @certs@/chain.pem @certs@/chain.key"))
    assert get(server.port(), "alpha.tlsx.test", ctx=context(certs)).status == 200
    bare = httpd(listen() + host("alpha.tlsx.test", certs=(),
                                 extra="TLSCertificate @certs@/lone.pem @certs@/chain.key"))
    with pytest.raises(ssl.SSLCertVerificationError):
        get(bare.port(), "alpha.tlsx.test", ctx=context(certs))


def test_certificates_of_the_main_server_are_inherited(httpd, certs):
    """TLSCertificate outside of <VirtualHost> serves the hosts without one of their own."""
    server = httpd("TLSCertificate @certs@/alpha-ecdsa.pem @certs@/alpha-ecdsa.key\n" + listen()
                   + host("alpha.tlsx.test", certs=()) + BETA)
    assert get(server.port(), "alpha.tlsx.test", ctx=context(certs)).status == 200
    assert get(server.port(), "beta.tlsx.test", ctx=context(certs)).status == 200


@pytest.mark.parametrize("line", ["TLSEngine @https@", "TLSEngine 127.0.0.1:@https@",
                                  "TLSEngine *:@https@"])
def test_engine_by_port(httpd, certs, line):
    """TLSEngine [addr:]port in the server turns on all hosts of that port, and no other port."""
    server = httpd(listen("https", "http") + line + "\n"
                   + ALPHA.replace("TLSEngine on", "") + BETA.replace("TLSEngine on", "")
                   + "<VirtualHost 127.0.0.1:@http@>\nServerName plain.tlsx.test\n"
                     'DocumentRoot "@site@/plain"\n</VirtualHost>\n')
    assert get(server.port(), "alpha.tlsx.test", ctx=context(certs)).status == 200
    assert get(server.port(), "beta.tlsx.test", ctx=context(certs)).status == 200
    with Http(server.port("http"), "plain.tlsx.test", plain=True) as http:
        assert "plain page" in http.get().text


def test_engine_off(httpd):
    """TLSEngine off: plain HTTP."""
    server = httpd(listen("http") + "TLSEngine off\n<VirtualHost 127.0.0.1:@http@>\n"
                   'ServerName plain.tlsx.test\nDocumentRoot "@site@/plain"\n'
                   "TLSEngine off\n</VirtualHost>\n")
    with Http(server.port("http"), "plain.tlsx.test", plain=True) as http:
        assert "plain page" in http.get().text


def test_without_virtual_hosts(httpd, certs):
    """The main server alone may be TLS."""
    server = httpd(listen() + 'DocumentRoot "@site@/alpha"\nTLSEngine on\n'
                   "TLSCertificate @certs@/alpha-ecdsa.pem @certs@/alpha-ecdsa.key\n")
    assert "alpha page" in get(server.port(), "alpha.tlsx.test", ctx=context(certs)).text


# ---- strict SNI ----

STRICT = "TLSStrictSNI on\n" + ALPHA_BETA


@pytest.fixture(scope="module")
def strict(httpd_for_all):
    """Both hosts with TLSStrictSNI on."""
    return httpd_for_all(STRICT, name="strict")


def test_strict_known_name(strict, certs):
    """Who asks for a known name is served."""
    assert get(strict.port(), "beta.tlsx.test", ctx=context(certs)).status == 200


def test_strict_unknown_name(strict, certs):
    """An unknown name ends the handshake by unrecognized_name, and the log says why."""
    mark = len(strict.log())
    with pytest.raises(ssl.SSLError, match="(?i)unrecognized.name"):
        get(strict.port(), "unknown.tlsx.test", ctx=lenient(certs))
    line = strict.wait_for_log("UNKNOWN_SERVER_NAME", mark)
    assert '"unknown.tlsx.test"' in line and "TLSStrictSNI" in line and "[tlsx:info]" in line


def test_strict_without_a_name(strict, certs):
    """No SNI: a page of status 403, which says what is missing."""
    mark = len(strict.log())
    answer = get(strict.port(), "alpha.tlsx.test", ctx=lenient(certs), sni="")
    assert answer.status == 403 and "SNI" in answer.text
    strict.wait_for_log("TLSStrictSNI is on", mark)


def test_strict_for_one_host(httpd, certs):
    """TLSStrictSNI on in a host: its pages are not for clients without SNI; others' are."""
    server = httpd(listen() + ALPHA
                   + host("strict.tlsx.test", docs="beta", certs=("alpha-ecdsa", "alpha-rsa"),
                          extra="TLSStrictSNI on"))
    assert get(server.port(), "alpha.tlsx.test", ctx=lenient(certs), sni="").status == 200
    assert get(server.port(), "strict.tlsx.test", ctx=lenient(certs), sni="").status == 403
    assert get(server.port(), "strict.tlsx.test", ctx=lenient(certs)).status == 200


# ---- misdirected requests ----

def answer_for(server, certs, sni, asked):
    """Status of a request for `asked` on a connection that was made for `sni`."""
    return get(server.port(), asked, ctx=lenient(certs), sni=sni).status


def test_421_other_certificate(hosts, certs):
    """A request for a host with another certificate is misdirected, in both directions."""
    mark = len(hosts.log())
    assert answer_for(hosts, certs, "alpha.tlsx.test", "beta.tlsx.test") == 421
    assert answer_for(hosts, certs, "beta.tlsx.test", "alpha.tlsx.test") == 421
    line = hosts.wait_for_log("misdirected", mark)
    assert "alpha.tlsx.test" in line and "beta.tlsx.test" in line and "[tlsx:info]" in line


def test_421_over_http2(httpd, world, certs):
    """The same on an HTTP/2 connection."""
    if world.mpm == "prefork":
        pytest.skip("mod_http2 does not serve on prefork")
    server = httpd("Protocols h2 http/1.1\n" + ALPHA_BETA, modules=("http2",))
    code, said, err = curl(server, "alpha.tlsx.test", "/", "--http2", "-H", "Host: beta.tlsx.test",
                           "--write-out", "%{http_version} %{http_code}", "--output", "/dev/null")
    assert (code, said) == (0, "2 421"), err


SAME = ("alpha-ecdsa",)


@pytest.mark.parametrize("difference, status", [
    ("", 200),
    ("TLSStrictSNI off", 200),
    ("TLSCertificateCompression off", 200),
    ("TLSSessionTickets off", 200),
    ("TLSGroups X25519", 421),
    ("TLSCiphersPrefer TLS_CHACHA20_POLY1305_SHA256", 421),
    ("TLSCiphersSuppress none", 200),
    ("TLSCiphersSuppress ECDHE-RSA-AES128-SHA", 200),
    ("TLSCiphersSuppress ECDHE-RSA-AES128-GCM-SHA256", 421),
    ("TLSProtocol TLSv1.2+", 200),
    ("TLSProtocol TLSv1.3+", 421),
    ("TLSHonorClientOrder off", 421),
])
def test_421_by_difference(httpd, certs, difference, status):
    """Hosts that serve alike share connections; those that differ in groups or suites do not."""
    server = httpd(listen() + host("one.tlsx.test", docs="alpha", certs=SAME)
                   + host("two.tlsx.test", docs="beta", certs=SAME, extra=difference))
    assert answer_for(server, certs, "one.tlsx.test", "two.tlsx.test") == status
    assert answer_for(server, certs, "two.tlsx.test", "one.tlsx.test") == status
    assert answer_for(server, certs, "two.tlsx.test", "two.tlsx.test") == 200


def test_same_default_written_out_is_no_difference(httpd, certs):
    """Saying the default is as good as saying nothing."""
    server = httpd(listen() + host("one.tlsx.test", docs="alpha", certs=SAME)
                   + host("two.tlsx.test", docs="beta", certs=SAME,
                          extra="TLSGroups default\n TLSCiphersPrefer default\n"
                                "TLSProtocol default\n TLSHonorClientOrder on"))
    assert answer_for(server, certs, "one.tlsx.test", "two.tlsx.test") == 200


def test_unknown_host_on_a_named_connection(hosts, certs):
    """A Host that nobody has belongs to the default host: misdirected on beta's connection."""
    assert answer_for(hosts, certs, "beta.tlsx.test", "nobody.example") == 421
    assert answer_for(hosts, certs, "alpha.tlsx.test", "nobody.example") == 200


def test_name_without_host_header(hosts, certs):
    """SNI, but no Host in an HTTP/1.0 request: 400."""
    with Http(hosts.port(), "alpha.tlsx.test", ctx=context(certs)) as http:
        http.sock.sendall(b"GET / HTTP/1.0\r\n\r\n")
        assert http.read().status == 400


# ---- denials that are httpd's own ----

def test_403_of_httpd(httpd, certs):
    """Require all denied works as without TLS."""
    server = httpd(ALPHA_BETA + '<Location /sub>\nRequire all denied\n</Location>\n')
    server.allow("AH01630: client denied")
    assert get(server.port(), "alpha.tlsx.test", "/sub/", ctx=context(certs)).status == 403


def test_exported_name(world):
    """The module gives httpd one name: tlsx_module."""
    if world.kind != "tlsx" or world.sanitized:
        pytest.skip("a sanitized build exports the sanitizers' own names")
    names = subprocess.run(["nm", "-D", "--defined-only", str(world.module)], text=True,
                           capture_output=True, check=True).stdout.split("\n")
    assert [line.split()[-1] for line in names if line] == ["tlsx_module"]
