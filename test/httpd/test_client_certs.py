# SPDX-License-Identifier: Apache-2.0
"""Clients' certificates: who is let in, who isn't, and what both sides are told."""
import json
import os
import re
import shutil
import ssl
import subprocess
import time
from pathlib import Path

import pytest

from lib import session
from lib.certs import openssl
from lib.client import Http, context, curl, get, lenient, s_client
from lib.client_certs import stamp
from lib.hosts import host, listen

HERE = Path(__file__).parent
VERSIONS = {"TLSv1.3": "-tls1_3", "TLSv1.2": "-tls1_2"}
CERT = ("alpha-ecdsa",)


@pytest.fixture(params=VERSIONS)
def version(request):
    """Both versions."""
    return request.param


def asking(people, mode, ca="people"):
    """The lines of a host that asks for certificates."""
    return f"TLSClientCA {people.pem(ca)}\n    TLSClientCertificate {mode}"


def three_hosts(people):
    """On one address: whom nobody is asked at, who may show a certificate, who must."""
    return listen() + host("open.tlsx.test", docs="alpha", certs=CERT) \
        + host("optional.tlsx.test", docs="alpha", certs=CERT, extra=asking(people, "optional")) \
        + host("required.tlsx.test", docs="alpha", certs=CERT, extra=asking(people, "required"))


@pytest.fixture(scope="module")
def server(httpd_for_all, people, world):
    """The three of them, with HTTP/2 where there is one."""
    modules = () if world.mpm == "prefork" else ("http2",)
    return httpd_for_all(("Protocols h2 http/1.1\n" if modules else "") + three_hosts(people),
                         name="client-certs", modules=modules)


def identity(people, name):
    """s_client's options to show a certificate."""
    if not name:
        return []
    between = ["-cert_chain", str(people.pem("inter"))] if name == "bob" else []
    return ["-cert", str(people.pem(name)), "-key", str(people.key(name)), *between]


def visit(server, people, mode, name, version="TLSv1.3", path="/cgi-bin/env"):
    """A request to a host by openssl: all that it prints. The server's certificate is for another
    name, which is not what this is about."""
    return s_client(server, f"{mode}.tlsx.test", VERSIONS[version], *identity(people, name),
                    path=path)


def ctx_of(certs, people, name=None, tls12=None):
    """Settings of a Python client that has a certificate."""
    made = context(certs, tls12=tls12)
    made.check_hostname = False
    if name:
        made.load_cert_chain(people.pem(name), people.key(name))
    return made


# ---- who is let in ----

@pytest.mark.parametrize("mode, name, verify", [
    ("open", None, None), ("open", "alice", None), ("open", "stranger", None),
    ("optional", None, "NONE"), ("optional", "alice", "SUCCESS"), ("optional", "bob", "SUCCESS"),
    ("required", "alice", "SUCCESS"), ("required", "alice-rsa", "SUCCESS"),
    ("required", "alice-ed25519", "SUCCESS"), ("required", "bob", "SUCCESS"),
])
def test_let_in(server, people, version, mode, name, verify):
    """Who has a good certificate, with or without authorities in between, or needs none."""
    code, said = visit(server, people, mode, name, version)
    assert code == 0 and "HTTP/1.1 200" in said and f"SSL_PROTOCOL={version}" in said, said
    seen = re.search(r"^SSL_CLIENT_VERIFY=(.*)$", said, re.M)
    assert (seen[1].strip() if seen else None) == verify, said
    assert ("SSL_CLIENT_S_DN=" in said) == (verify == "SUCCESS"), said


@pytest.mark.parametrize("mode", ["optional", "required"])
@pytest.mark.parametrize("name, alert, cause, words", [
    ("stranger", "unknown ca", "UNKNOWN_ISSUER",
     ["CN=stranger, issued by CN=others CA", "add the certificate of its authority to"]),
    ("bob-alone", "unknown ca", "UNKNOWN_ISSUER", ["CN=bob, issued by CN=people sub CA"]),
    ("selfsigned", "unknown ca", "SELF_SIGNED|UNKNOWN_ISSUER", ["CN=selfsigned"]),
    ("expired", "certificate expired", "CERTIFICATE_EXPIRED",
     ["certificate 1 of the 1 that the client sent, CN=expired", "until 2021-01-01T00:00:00Z"]),
    ("early", "certificate expired", "CERTIFICATE_NOT_YET_VALID",
     ["CN=early", "valid from 2090-01-01T00:00:00Z"]),
    ("server", "unsupported certificate", "EXTENDED_KEY_USAGE", ["CN=a server", "clientAuth"]),
    ("ca", "bad certificate", "CA_AS_LEAF", ["CN=a CA", "no client's"]),
    ("people", "illegal parameter", "KEY_USAGE", ["its key may not sign"]),
])
def test_turned_away(server, people, version, mode, name, alert, cause, words):
    """A bad certificate ends the handshake, also where none is needed: the client gets the alert
    that says why, the administrator a line that says whose certificate, why and what to do."""
    mark = len(server.log())
    code, said = visit(server, people, mode, name, version)
    assert "HTTP/1.1" not in said and re.search(f"alert {alert}", said, re.I), said
    assert code != 0 or version == "TLSv1.3"
    line = server.wait_for_log(rf"TLSX0100: .*{mode}\.tlsx\.test.*\[(?:{cause})", mark)
    assert "[tlsx:info]" in line, line
    for word in words:
        assert word in line, line
    assert len(re.findall("TLSX0100", server.log_since(mark))) == 1


def test_weak_key(server, people, version):
    """A key of 1024 bits isn't good enough, whoever certified it."""
    mark = len(server.log())
    _, said = s_client(server, "required.tlsx.test", VERSIONS[version], "-cipher",
                       "DEFAULT@SECLEVEL=0", *identity(people, "weak"))
    assert "HTTP/1.1" not in said, said
    line = server.wait_for_log(r"TLSX0100: .*\[(UNSUPPORTED|WEAK)_KEY", mark)
    assert "[tlsx:info]" in line and "the client's certificate" in line, line


def test_no_certificate(server, people, version):
    """Who must show one and has none: certificate_required in TLS 1.3 (RFC 8446 4.4.2.4),
    handshake_failure in TLS 1.2 (RFC 5246 7.4.6)."""
    mark = len(server.log())
    _, said = visit(server, people, "required", None, version)
    alert = {"TLSv1.3": "alert certificate required", "TLSv1.2": "alert handshake failure"}
    assert "HTTP/1.1" not in said and alert[version] in said, said
    line = server.wait_for_log(r"TLSX0100: .*\[CERTIFICATE_REQUIRED", mark)
    number = server.line_of("TLSClientCertificate required")
    assert f"TLSClientCertificate on line {number} of" in line and "TLSClientCA on line" in line


def test_a_key_of_another(server, people):
    """A certificate alone proves nothing: openssl signs with the key that it is given."""
    _, said = s_client(server, "required.tlsx.test", "-cert", str(people.pem("alice")), "-key",
                       str(people.key("bob")))
    assert "HTTP/1.1" not in said, said


# ---- hints ----

def test_hints(server, people, version):
    """The names of the authorities go to the client, on the hosts that ask alone."""
    said = visit(server, people, "required", "alice", version)[1]
    names = re.search(r"Acceptable client certificate CA names\n(.*?)\n(?:Client|Requested)", said,
                      re.S)
    assert names and names[1] == "O = tlsx tests, CN = people CA", said
    assert "No client certificate CA names sent" in visit(server, people, "open", None, version)[1]


def test_too_many_hints(httpd, people, certs, tmp_path):
    """Names of more than 16 KiB aren't sent; a warning says so, and logins go on."""
    big = people.folder / "many.pem"
    if not big.exists():
        made = []
        openssl("genpkey", "-algorithm", "Ed25519", "-out", tmp_path / "key")
        for i in range(10):
            subject = f"/CN=authority {i}" + "".join(f"/OU={n:02d}{'x' * 60}" for n in range(30))
            made.append(openssl("req", "-new", "-x509", "-key", tmp_path / "key", "-subj", subject,
                                "-addext", "keyUsage=critical,keyCertSign"))
        big.write_text("".join(made) + people.pem("people").read_text(encoding="ascii"),
                       encoding="ascii")
    server = httpd(listen() + host("required.tlsx.test", docs="alpha", certs=CERT,
                                   extra=asking(people, "required", "many")))
    line = server.wait_for_log("TLSX0054")
    assert "[tlsx:warn]" in line and "these 11 authorities" in line, line
    code, said = visit(server, people, "required", "alice")
    assert code == 0 and "No client certificate CA names sent" in said, said


# ---- clients ----

@pytest.mark.parametrize("options", [("--http1.1",), ("--http2",), ("--tls-max", "1.2")])
def test_curl(server, people, world, options):
    """curl, with HTTP/1.1 and HTTP/2; the CGI script knows who it is."""
    if world.mpm == "prefork" and "--http2" in options:
        pytest.skip("mod_http2 does not serve on prefork")
    code, said, err = curl(server, "required.tlsx.test", "/cgi-bin/env", *options, "--insecure",
                           "--cert", str(people.pem("alice")), "--key", str(people.key("alice")))
    assert code == 0, err
    assert "SSL_CLIENT_VERIFY=SUCCESS" in said and "SSL_CLIENT_S_DN_CN=Alice Liddell" in said, said


@pytest.mark.parametrize("name, words", [
    (None, "certificate required"), ("stranger", "unknown ca"), ("expired", "certificate expired"),
])
def test_curl_is_turned_away(server, people, name, words):
    """The opposite."""
    own = ["--cert", str(people.pem(name)), "--key", str(people.key(name))] if name else []
    code, said, err = curl(server, "required.tlsx.test", "/", "--insecure", *own)
    assert code != 0 and not said and words in err.lower(), err


@pytest.fixture(scope="module")
def named(httpd_for_all, people):
    """For clients that check names: alpha is open, beta asks."""
    return httpd_for_all(listen() + host("alpha.tlsx.test", certs=("alpha-ecdsa",))
                         + host("beta.tlsx.test", certs=("beta-ecdsa",),
                                extra=asking(people, "required")), name="named")


@pytest.fixture(scope="module")
def go_client(need, tmp_path_factory):
    """clients/go, built once."""
    go = need("go", "golang 1.25 or later, https://go.dev/dl/",
              os.environ.get("GO") or "/usr/local/go/bin/go")
    out = tmp_path_factory.mktemp("go") / "client"
    env = {**os.environ, "GOTOOLCHAIN": "local", "GOFLAGS": "-buildvcs=false", "CGO_ENABLED": "0",
           "GOPROXY": "off"}
    done = subprocess.run([go, "build", "-o", str(out), "."], cwd=HERE / "clients" / "go",
                          env=env, capture_output=True, text=True, timeout=400, check=False)
    assert done.returncode == 0, done.stderr
    return out


def by_go(client, server, people, name, *args):
    """Exit status, its lines as dictionaries, its complaints."""
    own = ["-cert", str(people.pem(name)), "-key", str(people.key(name))] if name else []
    done = subprocess.run([str(client), "-connect", f"127.0.0.1:{server.port()}", "-name",
                           "beta.tlsx.test", "-ca", str(server.world.certs.ca), *own, *args],
                          capture_output=True, text=True, timeout=180, check=False)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr


@pytest.mark.parametrize("tls, options", [("TLS 1.3", ()), ("TLS 1.2", ("-tls12",))])
@pytest.mark.parametrize("name", ["alice", "alice-rsa", "bob"])
def test_go(named, people, go_client, name, tls, options):
    """Go logs in, and each later connection resumes and is still known."""
    code, pages, err = by_go(go_client, named, people, name, "-path", "/cgi-bin/env", "-count", "4",
                             *options)
    assert code == 0, err
    assert [page["resumed"] for page in pages] == [False] + [True] * 3
    who = {"alice": "Alice Liddell", "alice-rsa": "alice rsa", "bob": "bob"}[name]
    for page in pages:
        assert (page["status"], page["version"]) == (200, tls)
        assert "SSL_CLIENT_VERIFY=SUCCESS\n" in page["body"], page["body"]
        assert f"SSL_CLIENT_S_DN_CN={who}\n" in page["body"], page["body"]


@pytest.mark.parametrize("name, options, words", [
    (None, (), "certificate required"),
    ("stranger", (), "certificate required"),  # its issuer is not among the hints: it isn't shown
    ("stranger", ("-force",), "unknown certificate authority"),
    ("expired", (), "expired certificate"),
    ("server", ("-force",), "unsupported certificate"),
])
def test_go_is_turned_away(named, people, go_client, name, options, words):
    """The opposite, in Go's words."""
    code, pages, err = by_go(go_client, named, people, name, *options)
    assert code != 0 and not pages and words in err, err


@pytest.mark.parametrize("name", ["alice", "alice-rsa", "bob"])
def test_java(named, certs, people, need, name, version):
    """Java logs in and resumes."""
    done = by_java(named, certs, people, need, name, version)
    lines = [line.split() for line in done.stdout.splitlines()]
    assert done.returncode == 0 and len(lines) == 3, done.stdout + done.stderr
    assert all(line[0] == version and line[2] == "200" for line in lines), lines
    assert [line[3] for line in lines] == ["no", "yes", "yes"], lines


@pytest.mark.parametrize("name, words", [
    (None, "certificate_required"), ("expired", "certificate_expired|Extended|expired"),
])
def test_java_is_turned_away(named, certs, people, need, name, words):
    """The opposite."""
    done = by_java(named, certs, people, need, name, "TLSv1.3")
    assert done.returncode != 0 and re.search(words, done.stderr), done.stdout + done.stderr


def by_java(server, certs, people, need, name, version):
    """clients/java."""
    own = [str(people.pkcs12(name)), "tlsx"] if name else []
    return subprocess.run(
        [need("java", "default-jdk-headless"), str(HERE / "clients" / "java" / "Client.java"),
         str(server.port()), "beta.tlsx.test", str(certs.ca), version, "3", "/cgi-bin/pid", *own],
        capture_output=True, text=True, timeout=180, check=False)


def test_gnutls(named, people, need):
    """gnutls-cli."""
    done = subprocess.run(
        [need("gnutls-cli", "gnutls-bin"), "--x509cafile", str(named.world.certs.ca),
         "--sni-hostname", "beta.tlsx.test", "--verify-hostname", "beta.tlsx.test",
         "--x509certfile", str(people.pem("alice")), "--x509keyfile", str(people.key("alice")),
         "--port", str(named.port()), "127.0.0.1"],
        input="GET / HTTP/1.0\r\nHost: beta.tlsx.test\r\n\r\n", capture_output=True, text=True,
        timeout=120, check=False, errors="replace")
    assert "Handshake was completed" in done.stdout, done.stdout + done.stderr


# ---- hosts of one address ----

@pytest.mark.parametrize("sni, asked, status", [
    ("open", "open", 200), ("optional", "optional", 200), ("required", "required", 200),
    ("open", "optional", 421), ("open", "required", 421), ("optional", "required", 421),
    ("optional", "open", 421), ("required", "open", 421), ("required", "optional", 421),
])
def test_421(server, certs, people, sni, asked, status):
    """A request for a host that would have asked for another certificate is misdirected, whatever
    the client has shown."""
    mark = len(server.log())
    with Http(server.port(), f"{asked}.tlsx.test", ctx=ctx_of(certs, people, "alice"),
              sni=f"{sni}.tlsx.test") as http:
        assert http.get("/").status == status
    if status == 421:
        assert "[tlsx:info]" in server.wait_for_log("TLSX0092: misdirected", mark)


def test_421_without_a_certificate(server, certs, people):
    """The way in that this is about: a connection for the open host, a request for the other."""
    for sni in ("open.tlsx.test", "nobody.tlsx.test", ""):
        assert get(server.port(), "required.tlsx.test", ctx=ctx_of(certs, people),
                   sni=sni).status == 421


def test_421_over_http2(server, people, world):
    """The same in a stream of an HTTP/2 connection."""
    if world.mpm == "prefork":
        pytest.skip("mod_http2 does not serve on prefork")
    code, said, err = curl(server, "open.tlsx.test", "/", "--http2", "--insecure", "-H",
                           "Host: required.tlsx.test", "--output", "/dev/null", "--write-out",
                           "%{http_version} %{http_code}")
    assert (code, said) == (0, "2 421"), err


def test_the_same_demands_are_no_difference(httpd, certs, people):
    """Hosts that ask for the same share connections; the same CA in another file is the same."""
    copy = people.folder / "copy.pem"
    copy.write_bytes(people.pem("people").read_bytes())
    copy.chmod(0o644)
    server = httpd(listen() + host("one.tlsx.test", docs="alpha", certs=CERT,
                                   extra=asking(people, "required"))
                   + host("two.tlsx.test", docs="beta", certs=CERT,
                          extra=asking(people, "required", "copy"))
                   + host("three.tlsx.test", docs="beta", certs=CERT,
                          extra=asking(people, "required", "both")))
    def status(asked):
        return get(server.port(), asked, ctx=ctx_of(certs, people, "alice"),
                   sni="one.tlsx.test").status
    assert [status(f"{name}.tlsx.test") for name in ("one", "two", "three")] == [200, 200, 421]


def test_keep_alive(server, certs, people):
    """Each request of a connection knows whose it is."""
    with Http(server.port(), "required.tlsx.test", ctx=ctx_of(certs, people, "bob")) as http:
        for _ in range(3):
            seen = http.get("/cgi-bin/env").vars
            assert (seen["SSL_CLIENT_VERIFY"], seen["SSL_CLIENT_S_DN"]) == ("SUCCESS", "CN=bob")


# ---- sessions ----

def opened(server, path, mode, name, people, version):
    """Makes a session of a host."""
    session.make(server, f"{mode}.tlsx.test", path, *identity(people, name), version=version)


@pytest.mark.parametrize("name", ["alice", "bob", "alice-rsa"])
def test_resumed(server, people, version, tmp_path, name):
    """A resumed session brings its client along: nothing is shown again, all of it is known."""
    path = tmp_path / "session"
    opened(server, path, "required", name, people, version)
    code, said = s_client(server, "required.tlsx.test", VERSIONS[version], "-sess_in", str(path),
                          path="/cgi-bin/env")
    assert code == 0 and f"Reused, {version}" in said and "SSL_CLIENT_VERIFY=SUCCESS" in said, said
    subject = openssl("x509", "-in", people.pem(name), "-noout", "-subject", "-nameopt",
                      "RFC2253,-esc_msb,utf8")
    assert f"SSL_CLIENT_S_DN={subject.strip().partition('=')[2]}" in said, said


@pytest.mark.parametrize("made", ["open", "optional"])
def test_no_way_round(server, people, version, tmp_path, made):
    """A session of a host that asks for less is good for nothing where a certificate is needed."""
    path = tmp_path / "session"
    opened(server, path, made, None, people, version)
    _, said = s_client(server, "required.tlsx.test", VERSIONS[version], "-sess_in", str(path))
    assert "HTTP/1.1" not in said and "Reused" not in said, said
    code, said = s_client(server, "required.tlsx.test", VERSIONS[version], "-sess_in", str(path),
                          *identity(people, "alice"), path="/cgi-bin/env")
    assert code == 0 and f"New, {version}" in said and "SSL_CLIENT_VERIFY=SUCCESS" in said, said


def demanding(people, mode):
    """One host, and a file of CAs that may change."""
    return listen() + host("required.tlsx.test", docs="alpha", certs=CERT, extra=mode)


def restarted(server, config=None):
    """A graceful restart with another configuration."""
    if config:
        server.config = config
        server.write()
    server.graceful()


def test_demands_that_grow(httpd, people, version, tmp_path):
    """Sessions from before a certificate was asked for end with that restart; those of optional
    don't serve under required."""
    path = tmp_path / "session"
    server = httpd(demanding(people, ""))
    for mode in ("optional", "required"):
        opened(server, path, "required", None, people, version)
        assert session.is_resumed(server, "required.tlsx.test", path, version=version)
        restarted(server, demanding(people, asking(people, mode)))
        _, said = s_client(server, "required.tlsx.test", VERSIONS[version], "-sess_in", str(path))
        assert "Reused" not in said and ("HTTP/1.1 200" in said) == (mode == "optional"), said


def test_another_ca(httpd, people, version, tmp_path):
    """After a graceful restart with another TLSClientCA file, who was let in isn't, and others are;
    old sessions with them."""
    path, file = tmp_path / "session", people.folder / "changing.pem"
    shutil.copy(people.pem("people"), file)
    server = httpd(demanding(people, asking(people, "required", "changing")))
    opened(server, path, "required", "alice", people, version)
    restarted(server)
    assert session.is_resumed(server, "required.tlsx.test", path, version=version)
    shutil.copy(people.pem("others"), file)
    restarted(server)
    assert "HTTP/1.1 200" in visit(server, people, "required", "stranger", version)[1]
    _, said = s_client(server, "required.tlsx.test", VERSIONS[version], "-sess_in", str(path))
    assert "HTTP/1.1" not in said and "Reused" not in said, said
    assert "HTTP/1.1" not in visit(server, people, "required", "alice", version)[1]


@pytest.mark.slow
def test_expired_since(server, people, version, tmp_path):
    """A certificate that expires takes its sessions along: they are judged again."""
    name, path = f"short-{version}", tmp_path / "session"
    end = time.time() + 15  # much more than the two connections before it take
    people.dated(name, stamp(-60), stamp(end - time.time()))
    opened(server, path, "required", name, people, version)
    assert session.is_resumed(server, "required.tlsx.test", path, version=version)
    time.sleep(max(0.0, end + 1 - time.time()))
    mark = len(server.log())
    _, said = s_client(server, "required.tlsx.test", VERSIONS[version], "-sess_in", str(path))
    assert "HTTP/1.1" not in said and "alert certificate expired" in said, said
    line = server.wait_for_log("TLSX0100: .*CERTIFICATE_EXPIRED", mark)
    assert f"CN={name}" in line and "when this session began" in line, line


# ---- an ACME server ----

MANAGED = """
Protocols http/1.1 acme-tls/1
MDStoreDir "@dir@/run/md"
<MDomain required.tlsx.test manual>
    MDCertificateFile @certs@/alpha-ecdsa.pem
    MDCertificateKeyFile @certs@/alpha-ecdsa.key
</MDomain>
"""


def test_challenge(httpd, certs, people):
    """Who checks a domain by tls-alpn-01 is asked for no certificate, though all others need one;
    and that is a way to a page for nobody."""
    server = httpd(MANAGED + demanding(people, asking(people, "required")), modules=("md",))
    server.allow("AH10085|md:error|md:alert")
    folder = server.folder / "run" / "md" / "challenges" / "required.tlsx.test"
    folder.mkdir(parents=True)
    shutil.copy(certs.pem("gamma"), folder / "acme-tls-alpn-01-pubcert.pem")
    shutil.copy(certs.key("gamma"), folder / "acme-tls-alpn-01-privkey.pem")
    for path in (folder.parent, folder, *folder.iterdir()):
        path.chmod(0o755)
    path = folder / "session"
    for version in VERSIONS.values():
        _, said = s_client(server, "required.tlsx.test", version, "-alpn", "acme-tls/1",
                           "-sess_out", str(path))
        assert "ALPN protocol: acme-tls/1" in said and "subject=CN = gamma" in said, said
        assert "No client certificate CA names sent" in said and "HTTP/1.1 200" not in said, said
        assert not path.exists() or "200" not in s_client(
            server, "required.tlsx.test", version, "-sess_in", str(path))[1]
        _, said = s_client(server, "required.tlsx.test", version)
        assert "HTTP/1.1" not in said, said


# ---- files ----

def test_directory_and_several_files(httpd, people, version):
    """A directory of PEM files, and several lines; a list that two hosts have is read once."""
    folder = people.folder / "cas"
    folder.mkdir(exist_ok=True)
    shutil.copy(people.pem("people"), folder / "one.crt")
    folder.chmod(0o755)
    lines = f"TLSClientCA {folder}\n TLSClientCA {people.pem('others')} {people.pem('inter')}\n" \
            " TLSClientCertificate required"
    server = httpd(listen() + host("required.tlsx.test", docs="alpha", certs=CERT, extra=lines)
                   + host("second.tlsx.test", docs="alpha", certs=CERT, extra=lines))
    for name in ("alice", "stranger", "bob-alone"):
        assert visit(server, people, "required", name, version)[0] == 0
    read = re.findall(r"TLSX0056: .* 3 certificates of authorities", server.log())
    assert len(read) == server.log().count("TLSX0056") <= 2, read  # httpd reads all of it twice


def test_inherited(httpd, certs, people):
    """The main server's lines are inherited; a host's own CAs stand in for them."""
    own = f"TLSClientCA {people.pem('others')}"
    server = httpd(asking(people, "required") + "\n" + listen()
                   + host("one.tlsx.test", docs="alpha", certs=CERT)
                   + host("two.tlsx.test", docs="alpha", certs=CERT, extra=own)
                   + host("three.tlsx.test", docs="alpha", certs=CERT,
                          extra="TLSClientCertificate none"))
    def status(name, cert):
        try:
            return get(server.port(), f"{name}.tlsx.test",
                       ctx=ctx_of(certs, people, cert)).status
        except (ssl.SSLError, OSError):
            return None
    assert [status("one", "alice"), status("one", "stranger")] == [200, None]
    assert [status("two", "alice"), status("two", "stranger")] == [None, 200]
    assert [status("three", None)] == [200]


def test_quiet(httpd, people):
    """At httpd's default level nobody who comes by can fill the log."""
    server = httpd(three_hosts(people), level="warn")
    for name in (None, "stranger", "expired", "server", "weak"):
        visit(server, people, "required", name)
    assert "tlsx:" not in server.log()
