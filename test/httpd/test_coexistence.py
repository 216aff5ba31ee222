# SPDX-License-Identifier: Apache-2.0
"""mod_ssl, mod_md and mod_tlsx in one httpd: a port each, served at the same time."""
import ssl
import threading

import pytest

from lib.client import Http, context, curl, get, lenient, peer_certificate, s_client
from lib.hosts import ALPHA, BETA, host, listen
from lib.server import wait_until
from lib.site import MIB, sha256

SSL_HOST = """
<VirtualHost 127.0.0.1:@ssl@>
    ServerName beta.tlsx.test
    DocumentRoot "@site@/beta"
    SSLEngine on
    SSLCertificateFile @certs@/beta-rsa.pem
    SSLCertificateKeyFile @certs@/beta-rsa.key
</VirtualHost>
"""

SSL_MODULES = ("socache_shmcb", "ssl", "md")
ORDERS = {"tlsx-last": True, "tlsx-first": False}


def both(world, order):
    """Configuration and modules: mod_ssl on one port, mod_tlsx on another."""
    modules = () if world.mpm == "prefork" else ("http2",)
    text = "TLSProtocol TLSv1.3+\n" + listen("https", "ssl") + ALPHA + SSL_HOST + 'MDStoreDir "@dir@/run/md"\n'
    if modules:
        text = "Protocols h2 http/1.1\n" + text
    if order: # the fleet loads what it is given, then mod_tlsx
        return text, {"modules": modules + SSL_MODULES}
    late = "".join(f"LoadModule {m}_module @modules@/mod_{m}.so\n" for m in SSL_MODULES)
    return late + text, {"modules": modules}


@pytest.fixture(scope="module", params=ORDERS)
def server(request, httpd_for_all, world):
    """Both, in either order of LoadModule."""
    if world.kind != "tlsx":
        pytest.skip("this is about two modules")
    text, options = both(world, ORDERS[request.param])
    made = httpd_for_all(text, name=f"both-{request.param}", **options)
    made.allow("AH10085|AH01906|AH01909")
    return made


def test_both_serve(server, certs):
    """Each port by its own module."""
    ours = get(server.port(), "alpha.tlsx.test", "/cgi-bin/env", ctx=context(certs)).vars
    theirs = get(server.port("ssl"), "beta.tlsx.test", ctx=context(certs))
    assert ours["HTTPS"] == "on" and ours["SSL_PROTOCOL"] == "TLSv1.3"
    assert theirs.status == 200 and "beta page" in theirs.text


def test_the_right_one_serves(server):
    """mod_ssl speaks TLS 1.2, mod_tlsx is told not to: the ports are told apart by that."""
    assert s_client(server, "beta.tlsx.test", "-tls1_2", port="ssl")[0] == 0
    assert s_client(server, "alpha.tlsx.test", "-tls1_2")[0] != 0


def test_certificates_are_not_mixed_up(server, certs):
    """Each port shows its own host's certificate, whatever name is asked for."""
    ours = peer_certificate(server.port(), "beta.tlsx.test", lenient(certs))
    theirs = peer_certificate(server.port("ssl"), "alpha.tlsx.test", lenient(certs))
    assert ours != theirs
    with pytest.raises(ssl.SSLCertVerificationError):
        get(server.port(), "beta.tlsx.test", ctx=context(certs))


def test_variables_on_both(server, certs):
    """Log and rewrite variables have values on both ports."""
    for port, name in (("https", "alpha"), ("ssl", "beta")):
        assert get(server.port(port), f"{name}.tlsx.test", f"/?seen-{port}",
                   ctx=context(certs)).status == 200
    for port in ("https", "ssl"):
        line = wait_until(lambda p=port: [x for x in server.access_log() if f"seen-{p}" in x], 10,
                          "a line in the access log")[0]
        assert " TLSv1.3 TLS_" in line, line


def test_http2_on_both(server, world):
    """HTTP/2 through either."""
    if world.mpm == "prefork":
        pytest.skip("mod_http2 does not serve on prefork")
    for port, name in (("https", "alpha"), ("ssl", "beta")):
        code, said, err = curl(server, f"{name}.tlsx.test", "/", "--http2", "--write-out",
                               "%{http_version}", port=port)
        assert code == 0 and said.endswith("2") and f"{name} page" in said, err


def test_resumption_on_both(server, certs):
    """Tickets of both modules resume at home."""
    for port, name in (("https", "alpha"), ("ssl", "beta")):
        ctx = context(certs)
        with Http(server.port(port), f"{name}.tlsx.test", ctx=ctx) as http:
            http.get()
            kept = http.sock.session
        with Http(server.port(port), f"{name}.tlsx.test", ctx=ctx, session=kept) as http:
            assert http.get().status == 200 and http.sock.session_reused


def test_at_once(server, certs, site):
    """Large files from both at the same time: OpenSSL and our own libcrypto in one process."""
    faults = []

    def fetch(port, name, path, good):
        try:
            for _ in range(5):
                answer = get(server.port(port), f"{name}.tlsx.test", path, ctx=context(certs))
                assert good(answer), f"{port}: {answer.status}"
        except (OSError, AssertionError) as e:
            faults.append(repr(e))

    large = 10 * MIB
    jobs = [("https", "alpha", f"/{large}.bin", lambda a: sha256(a.body) == site.hashes[large]),
            ("ssl", "beta", "/", lambda a: "beta page" in a.text),
            ("https", "alpha", "/cgi-bin/env", lambda a: a.vars["HTTPS"] == "on"),
            ("ssl", "beta", "/cgi-bin/many", lambda a: a.text.count("\n") == 2000)]
    threads = [threading.Thread(target=fetch, args=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults, faults


def test_restarts_with_both(server, certs):
    """Graceful restarts load and unload mod_ssl's OpenSSL around us."""
    for _ in range(3):
        server.graceful()
        assert get(server.port(), "alpha.tlsx.test", ctx=context(certs)).status == 200
        assert get(server.port("ssl"), "beta.tlsx.test", ctx=context(certs)).status == 200


def test_both_engines_in_one_host(httpd, world, certs):
    """SSLEngine and TLSEngine in the same host: nobody gets a page by a muddle of two modules, and
    it is said, at the latest with the first connection."""
    if world.kind != "tlsx":
        pytest.skip("this is about two modules")
    text = listen() + host("alpha.tlsx.test", extra="""
    SSLEngine on
    SSLCertificateFile @certs@/alpha-ecdsa.pem
    SSLCertificateKeyFile @certs@/alpha-ecdsa.key""")
    server = httpd.new(text, modules=("socache_shmcb", "ssl"))
    server.allow("tlsx:(emerg|error)|AH00016|core:error|ssl:error")
    try:
        server.start()
    except AssertionError as e:
        assert "TLSEngine" in str(e) and "SSLEngine" in str(e)
        return
    try:
        get(server.port(), "alpha.tlsx.test", ctx=context(certs))
    except (OSError, AssertionError):
        pass
    server.wait_for_log("take out either SSLEngine or TLSEngine")


def test_certificates_of_mod_md(httpd, world, certs):
    """A host whose certificate mod_md names needs no TLSCertificate; its files serve."""
    if world.kind != "tlsx":
        pytest.skip("this is about two modules")
    server = httpd(listen() + 'MDStoreDir "@dir@/run/md"\n'
                   "<MDomain alpha.tlsx.test>\nMDCertificateFile @certs@/alpha-ecdsa.pem\n"
                   "MDCertificateKeyFile @certs@/alpha-ecdsa.key\n</MDomain>\n"
                   + host("alpha.tlsx.test", certs=()) + BETA, modules=SSL_MODULES)
    assert get(server.port(), "alpha.tlsx.test", ctx=context(certs)).status == 200
    assert get(server.port(), "beta.tlsx.test", ctx=context(certs)).status == 200
    server.allow("md:")
    said = s_client(server, "alpha.tlsx.test")[1]
    assert "subject=CN = alpha-ecdsa" in said


def test_domain_without_a_certificate_yet(httpd, world, certs):
    """Until mod_md has one, requests get 503 from a stand-in certificate."""
    if world.kind != "tlsx":
        pytest.skip("this is about two modules")
    server = httpd(listen() + 'MDStoreDir "@dir@/run/md"\nMDomain alpha.tlsx.test\n'
                   "MDCertificateAgreement accepted\nMDRenewMode manual\n"
                   "MDCertificateAuthority http://127.0.0.1:1/directory\n"
                   "MDContactEmail nobody@tlsx.test\n"
                   + host("alpha.tlsx.test", certs=()) + BETA, modules=SSL_MODULES)
    server.allow("md:")
    ctx = lenient(certs)
    ctx.verify_mode = ssl.CERT_NONE
    assert get(server.port(), "alpha.tlsx.test", ctx=ctx).status == 503
    assert get(server.port(), "beta.tlsx.test", ctx=context(certs)).status == 200
