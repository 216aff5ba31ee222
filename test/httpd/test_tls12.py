# SPDX-License-Identifier: Apache-2.0
"""TLS 1.2, which is served beside 1.3 by default: suites, clients, resumption, bodies, variables.

What it shares with 1.3 stands in the file of its topic: test_negotiation.py, test_tickets.py,
test_logs.py, test_keylog.py."""
import contextlib
import re
import ssl
import subprocess
import threading
import time
from pathlib import Path

import pytest

from lib import session
from lib.client import Chopped, Http, context, curl, get, read_until, s_client
from lib.hosts import ALPHA, ALPHA_BETA, BETA, host, listen
from lib.server import FEW_WORKERS, MANY_CHILDREN
from lib.site import MIB, pattern, sha256

HERE = Path(__file__).parent
TIMES = 72  # new connections of a client that resumes: some of them in another child

KINDS = {"AES128-GCM-SHA256": ("AES-128-GCM", "128"), "AES256-GCM-SHA384": ("AES-256-GCM", "256"),
         "CHACHA20-POLY1305": ("CHACHA20-POLY1305", "256")}
SUITES = [(auth, kind) for auth in ("ECDSA", "RSA") for kind in KINDS]
GCM, CHACHA = "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305"

SHOWN = "".join(f'Header always set X-{name.replace("_", "-")} "%{{{name}}}s"\n' for name in
                ("SSL_PROTOCOL", "SSL_CIPHER", "SSL_CIPHER_USEKEYSIZE", "SSL_CIPHER_ALGKEYSIZE",
                 "SSL_SESSION_RESUMED", "SSL_SERVER_CERT"))


@pytest.fixture(scope="module")
def server(httpd_for_all, world):
    """The demo's hosts; alpha has both kinds of certificate, beta RSA, gamma ECDSA."""
    modules = ("headers",) + (() if world.mpm == "prefork" else ("http2",))
    return httpd_for_all(("Protocols h2 http/1.1\n" if world.mpm != "prefork" else "") + SHOWN
                         + ALPHA_BETA + host("gamma.tlsx.test", certs=("gamma",)),
                         name="tls12", modules=modules)


# ---- suites, groups, keys ----

@pytest.mark.parametrize("auth, kind", SUITES)
def test_each_suite(server, certs, auth, kind):
    """Each suite alone: agreed on, the certificate of its kind shown, named to scripts by OpenSSL's
    name, as mod_ssl does."""
    suite = f"ECDHE-{auth}-{kind}"
    certificate = {"ECDSA": "alpha-ecdsa", "RSA": "alpha-rsa"}[auth]
    code, said = s_client(server, "alpha.tlsx.test", "-tls1_2", "-cipher", suite)
    assert code == 0 and f"New, TLSv1.2, Cipher is {suite}" in said, said
    assert f"subject=CN = {certificate}" in said and "Verify return code: 0 (ok)" in said, said
    assert "Extended master secret: yes" in said and "Secure Renegotiation IS supported" in said
    answer = get(server.port(), "alpha.tlsx.test", "/cgi-bin/env",
                 ctx=context(certs, tls12=suite))
    assert (answer.vars["SSL_PROTOCOL"], answer.vars["SSL_CIPHER"]) == ("TLSv1.2", suite)
    seen = {name: answer.headers[f"x-ssl-{name}"] for name in
            ("protocol", "cipher", "cipher-usekeysize", "cipher-algkeysize", "session-resumed")}
    bits = KINDS[kind][1]
    assert list(seen.values()) == ["TLSv1.2", suite, bits, bits, "Initial"], seen
    assert any(f" TLSv1.2 {suite}" in line for line in server.access_log())


@pytest.mark.parametrize("group, key", [("X25519:P-256", "X25519, 253 bits"),
                                        ("P-256", "ECDH, prime256v1, 256 bits"),
                                        ("P-384:P-256", "ECDH, prime256v1, 256 bits"),
                                        ("P-384", "ECDH, secp384r1, 384 bits")])
def test_each_group(server, group, key):
    """The groups that TLS 1.2 has, in the server's order. (Who lists no P-256 cannot read a P-256
    certificate: RSA serves.)"""
    code, said = s_client(server, "alpha.tlsx.test", "-tls1_2", "-groups", group)
    assert code == 0 and "alpha page" in said and f"Server Temp Key: {key}" in said, said
    assert f"CN = alpha-{'ecdsa' if 'P-256' in group else 'rsa'}" in said, said


@pytest.mark.parametrize("first", KINDS)
def test_orders(httpd, first):
    """TLSHonorClientOrder and TLSCiphersPrefer decide here, too."""
    offer = ":".join([f"ECDHE-ECDSA-{first}", *(f"ECDHE-ECDSA-{kind}" for kind in KINDS)])
    back = ":".join(reversed(offer.split(":")))
    server = httpd(ALPHA_BETA)
    assert f"Cipher is ECDHE-ECDSA-{first}" in s_client(server, "alpha.tlsx.test", "-tls1_2",
                                                        "-cipher", offer)[1]
    server = httpd(f"TLSHonorClientOrder off\nTLSCiphersPrefer ECDHE-ECDSA-{first}\n" + ALPHA_BETA)
    for order in (offer, back):
        said = s_client(server, "alpha.tlsx.test", "-tls1_2", "-cipher", order)[1]
        assert f"Cipher is ECDHE-ECDSA-{first}" in said, said


@pytest.mark.parametrize("name", [f"ECDHE-ECDSA-{kind}" for kind in KINDS]
                         + ["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"])
def test_suppressed(httpd, name):
    """A suppressed suite is never used, by either of its names; TLS 1.3 isn't touched."""
    server = httpd(f"TLSCiphersSuppress {name}\n" + ALPHA_BETA)
    own = {"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256": "ECDHE-ECDSA-AES128-GCM-SHA256"}
    offer = ":".join([own.get(name, name), *(f"ECDHE-ECDSA-{kind}" for kind in KINDS)])
    said = s_client(server, "alpha.tlsx.test", "-tls1_2", "-cipher", offer)[1]
    assert "New, TLSv1.2" in said and f"Cipher is {own.get(name, name)}\n" not in said, said
    assert "New, TLSv1.3" in s_client(server, "alpha.tlsx.test")[1]


@pytest.mark.parametrize("name, algorithm", [
    ("p384", "ECDSA+SHA384"), ("p521", "ECDSA+SHA512"), ("ed25519", "ed25519"),
    ("alpha-rsa", "RSA-PSS+SHA256"), ("alpha-rsa", "RSA+SHA256"), ("alpha-ecdsa", "RSA+SHA256"),
])
def test_kinds_of_keys(httpd, name, algorithm):
    """Every kind of certificate, and RSA by PKCS#1 as well, which old clients know alone."""
    server = httpd(listen() + host("alpha.tlsx.test", certs=(name,)))
    code, said = s_client(server, "alpha.tlsx.test", "-tls1_2", "-sigalgs",
                          algorithm + ":ECDSA+SHA256")
    assert code == 0 and "alpha page" in said and "Verify return code: 0 (ok)" in said, said


# ---- refusals ----

def still_serves(server, certs):
    """The page, by TLS 1.2 and 1.3: what went before did no harm."""
    for tls12 in (GCM, None):
        assert get(server.port(), "alpha.tlsx.test", ctx=context(certs, tls12=tls12)).status == 200


@pytest.mark.parametrize("options, alert", [
    (("-tls1_1", "-cipher", "ALL@SECLEVEL=0"), "protocol version"),
    (("-tls1_2", "-fallback_scsv"), "inappropriate fallback"),
    (("-tls1_2", "-cipher", "ECDHE-RSA-AES256-SHA384:ECDHE-ECDSA-AES128-SHA"), "handshake failure"),
    (("-tls1_2", "-cipher", "AES128-GCM-SHA256:AES256-SHA"), "handshake failure"),
    (("-tls1_2", "-cipher", "DHE-RSA-AES128-GCM-SHA256"), "handshake failure"),
    (("-tls1_2", "-sigalgs", "RSA+SHA1:ECDSA+SHA1", "-cipher", "ALL@SECLEVEL=0"),
     "handshake failure"),
])
def test_refused(server, certs, options, alert):
    """What is not safe is not served: the alert says which it is."""
    code, said = s_client(server, "alpha.tlsx.test", *options)
    assert code != 0 and f"alert {alert}" in said, said
    still_serves(server, certs)


def test_fallback_where_nothing_newer_is(httpd):
    """The opposite: the signal of a fallback is fine where TLS 1.2 is the best there is."""
    server = httpd("TLSCiphersSuppress TLS_AES_128_GCM_SHA256 TLS_AES_256_GCM_SHA384 "
                   "TLS_CHACHA20_POLY1305_SHA256\n" + ALPHA_BETA)
    code, said = s_client(server, "alpha.tlsx.test", "-tls1_2", "-fallback_scsv")
    assert code == 0 and "alpha page" in said, said


def test_renegotiation(server, certs):
    """A client that asks for a renegotiation gets the alert no_renegotiation, and nobody else
    notices: a connection that stands beside it goes on."""
    mark = len(server.log())
    command = ["openssl", "s_client", "-connect", f"127.0.0.1:{server.port()}", "-servername",
               "alpha.tlsx.test", "-CAfile", str(certs.ca), "-tls1_2", "-msg"]
    with Http(server.port(), "alpha.tlsx.test", ctx=context(certs, tls12=GCM)) as beside:
        assert beside.get().status == 200
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, errors="replace") as client:
            read_until(client, "Extended master secret: yes")
            client.stdin.write("R\n") # alone in its read: s_client's command
            client.stdin.flush()
            said = read_until(client, "SSL alert number 100")
            client.wait(60)
        assert "ClientHello" in said and "ServerHello" not in said, said
        assert beside.get().status == 200
    line = server.wait_for_log("RENEGOTIATION", mark)
    assert "[tlsx:debug]" in line, line
    still_serves(server, certs)


# ---- clients ----

def gnutls(server, need, priority, *args, name="alpha"):
    """A page by gnutls-cli with a priority string: all that it prints."""
    command = [need("gnutls-cli", "gnutls-bin"), "--x509cafile", str(server.world.certs.ca),
               "--sni-hostname", f"{name}.tlsx.test", "--verify-hostname", f"{name}.tlsx.test",
               "--priority", priority, *args, "--port", str(server.port()), "127.0.0.1"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace") as client:
        client.stdin.write(f"GET / HTTP/1.1\r\nHost: {name}.tlsx.test\r\nConnection: close\r\n\r\n")
        client.stdin.flush()
        said = read_until(client, "</h1>")
        client.stdin.close()
        client.wait(60)
    assert f"{name} page" in said and "(TLS1.2-X.509)" in said, said
    return said


@pytest.mark.parametrize("auth, kind", SUITES)
def test_gnutls(server, need, auth, kind):
    """gnutls-cli, each suite."""
    cipher = KINDS[kind][0]
    said = gnutls(server, need, f"NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+ECDHE-{auth}:"
                                f"-CIPHER-ALL:+{cipher}")
    assert f"-({cipher})" in said and "extended master secret, safe renegotiation" in said, said


def test_gnutls_resumes(server, need):
    """gnutls-cli resumes."""
    said = gnutls(server, need, "NORMAL:-VERS-ALL:+VERS-TLS1.2", "--resume")
    assert "This is a resumed session" in said, said


def test_no_extended_master_secret(server, need):
    """A client without extended master secret is served, and resumes."""
    said = gnutls(server, need, "NORMAL:-VERS-ALL:+VERS-TLS1.2:%NO_SESSION_HASH", "--resume")
    assert "Options: safe renegotiation" in said and "This is a resumed session" in said, said


@pytest.mark.parametrize("name", ["alpha", "beta", "gamma"])
def test_http2(server, world, name):
    """HTTP/2 over TLS 1.2: mod_http2 knows the suite by its name, and finds no fault with it."""
    if world.mpm == "prefork":
        pytest.skip("mod_http2 does not serve on prefork")
    code, said, err = curl(server, f"{name}.tlsx.test", "/cgi-bin/env", "--http2", "--tls-max",
                           "1.2", "--write-out", "%{http_version}\n")
    assert code == 0 and said.endswith("\n2\n"), err
    assert "SSL_PROTOCOL=TLSv1.2" in said and "SERVER_PROTOCOL=HTTP/2.0" in said, said


# ---- resumption in another child ----

@pytest.fixture(scope="module")
def children(httpd_for_all, world):
    """Several children, one request at a time in each."""
    made = httpd_for_all(SHOWN + ALPHA_BETA + MANY_CHILDREN[world.mpm], name="children",
                         modules=("headers",))
    made.allow(FEW_WORKERS)
    return made


@contextlib.contextmanager
def others_at_work(server, certs):
    """Other clients keep most children for a moment each: one that makes a connection after the
    other meets several."""
    done = threading.Event()

    def work():
        ctx = context(certs)
        while not done.is_set():
            with contextlib.suppress(OSError):
                get(server.port(), "beta.tlsx.test", "/cgi-bin/nap", ctx=ctx)
    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        done.set()
        for thread in threads:
            thread.join()


def check_children(pids, resumed):
    """All but the first resumed, one and more elsewhere than in the child of the first."""
    assert len(pids) == TIMES and resumed == [False] + [True] * (TIMES - 1), resumed
    assert len(set(pids[1:]) - {pids[0]}) > 0, pids


@pytest.mark.parametrize("version", ["1.2", "1.3"])
@pytest.mark.parametrize("name", ["alpha", "beta"])
def test_curl_resumes_in_another_child(children, certs, name, version):
    """curl, many new connections of one process: each later one is resumed. (In TLS 1.2 curl knows
    no tickets, but session ids.)"""
    with others_at_work(children, certs):
        code, said, err = curl(children, f"{name}.tlsx.test", f"/cgi-bin/pid?[1-{TIMES}]",
                               "--tls-max", version, "--verbose", "-H", "Connection: close",
                               "--write-out", " %header{x-ssl-session-resumed}\n")
    assert code == 0 and err.count(f"SSL connection using TLSv{version}") == TIMES, err
    lines = [line.split() for line in said.splitlines()]
    check_children([line[0] for line in lines], [line[1] == "Resumed" for line in lines])
    assert err.count("SSL re-using session ID") == TIMES - 1, err


@pytest.mark.parametrize("name", ["alpha", "beta"])
def test_openssl_resumes_in_another_child(children, certs, name):
    """openssl s_client, a process for each connection, all with the ticket of the first."""
    path = children.folder / f"session-{name}"
    pids, resumed = [], []
    with others_at_work(children, certs):
        for number in range(TIMES):
            option = ("-sess_in" if number else "-sess_out", str(path))
            code, said = s_client(children, f"{name}.tlsx.test", "-tls1_2", *option,
                                  path="/cgi-bin/pid")
            assert code == 0 and ("Reused, TLSv1.2" in said) == (number > 0), said
            pids.append(re.search(r"^(\d+) ", said, re.M)[1])
            resumed.append("X-SSL-SESSION-RESUMED: Resumed" in said)
    check_children(pids, resumed)


@pytest.mark.parametrize("version", ["TLSv1.2", "TLSv1.3"])
@pytest.mark.parametrize("name", ["alpha", "beta"])
def test_java_resumes_in_another_child(children, certs, need, name, version):
    """Java's own client in one JVM, many new connections: each later one is resumed."""
    mark = len(children.log())
    with others_at_work(children, certs):
        done = subprocess.run([need("java", "default-jdk-headless"), str(HERE / "clients" / "java"
                               / "Client.java"), str(children.port()), f"{name}.tlsx.test",
                               str(certs.ca), version, str(TIMES), "/cgi-bin/pid"],
                              capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    lines = [line.split() for line in done.stdout.splitlines()]
    assert {(version, "200")} == {(line[0], line[2]) for line in lines}, done.stdout
    check_children([line[4] for line in lines], [line[3] == "yes" for line in lines])
    assert children.log_since(mark).count(", resumed") == TIMES - 1


# ---- session ids ----

NO_TICKET = "-no_ticket"


def test_session_ids(server):
    """A client without tickets gets a session id, and resumes by it as often as it likes; a ticket
    is what others get, and no id beside it."""
    path = server.folder / "id"
    said = session.make(server, "alpha.tlsx.test", path, NO_TICKET, version="TLSv1.2")
    assert re.search(r"Session-ID: [0-9A-F]{64}\n", said) and "TLS session ticket:" not in said
    for _ in range(3):
        assert session.is_resumed(server, "alpha.tlsx.test", path, NO_TICKET, version="TLSv1.2")
    said = session.make(server, "alpha.tlsx.test", path, version="TLSv1.2")
    assert "TLS session ticket:" in said, said


def test_session_ids_of_another_host(server):
    """A session is its host's alone, and no id that was made up is one."""
    path = server.folder / "id-of-alpha"
    session.make(server, "alpha.tlsx.test", path, NO_TICKET, version="TLSv1.2")
    for _ in range(2):
        assert not session.is_resumed(server, "beta.tlsx.test", path, NO_TICKET, version="TLSv1.2")
    assert session.is_resumed(server, "alpha.tlsx.test", path, NO_TICKET, version="TLSv1.2")
    session.alter_id(path)
    assert not session.is_resumed(server, "alpha.tlsx.test", path, NO_TICKET, version="TLSv1.2")


def test_session_ids_after_a_restart(httpd):
    """They are good in the next generation of children, through a renewed certificate; off with
    TLSSessionTickets, whose keys seal them."""
    server = httpd(listen() + host("alpha.tlsx.test"))
    path = server.folder / "id"
    session.make(server, "alpha.tlsx.test", path, NO_TICKET, version="TLSv1.2")
    server.config = listen() + host("alpha.tlsx.test", certs=("p384",))
    server.write()
    server.graceful()
    assert session.is_resumed(server, "alpha.tlsx.test", path, NO_TICKET, version="TLSv1.2")
    server.config = "TLSSessionTickets off\n" + listen() + host("alpha.tlsx.test")
    server.write()
    server.graceful()
    assert not session.is_resumed(server, "alpha.tlsx.test", path, NO_TICKET, version="TLSv1.2")
    said = session.make(server, "alpha.tlsx.test", path, NO_TICKET, version="TLSv1.2")
    assert re.search(r"Session-ID: \n", said), said


def test_session_ids_live_as_long_as_tickets(httpd):
    """None is good for longer than TLSSessionTicketLifetime."""
    server = httpd("TLSSessionTicketLifetime 10\n" + ALPHA_BETA)
    path = server.folder / "id"
    session.make(server, "alpha.tlsx.test", path, NO_TICKET, version="TLSv1.2")
    assert session.is_resumed(server, "alpha.tlsx.test", path, NO_TICKET, version="TLSv1.2")
    time.sleep(11)
    session.rejuvenate(path)
    assert not session.is_resumed(server, "alpha.tlsx.test", path, NO_TICKET, version="TLSv1.2")


def test_more_sessions_than_there_is_room_for(children, certs):
    """With more sessions than the table holds, from several clients at once, late ones resume; old
    ones may be gone, which costs a full handshake and nothing else."""
    ctx = context(certs, tls12=GCM)
    ctx.options |= ssl.OP_NO_TICKET
    kept, port = [], children.port()

    def work():
        for _ in range(1000):
            with Http(port, "alpha.tlsx.test", ctx=ctx) as http:
                assert http.get("/1.bin").status == 200
                kept.append(http.sock.session)
    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(kept) == 3000

    def resumes(one):
        with Http(port, "alpha.tlsx.test", ctx=ctx, session=one) as http:
            return http.get("/1.bin").status == 200 and http.sock.session_reused
    assert sum(resumes(one) for one in kept[-50:]) >= 48
    assert sum(resumes(one) for one in kept[:50]) <= 49


# ---- bodies ----

@pytest.mark.parametrize("suite", [GCM, CHACHA, "ECDHE-RSA-AES128-GCM-SHA256"])
def test_bodies(server, certs, site, suite):
    """Bodies of one byte to 10 MiB, down and up, on one kept connection."""
    with Http(server.port(), "alpha.tlsx.test", ctx=context(certs, tls12=suite)) as http:
        for size in (1, 16383, 16384, 16385, 100_000, MIB, 10 * MIB):
            answer = http.get(f"/{size}.bin")
            assert answer.status == 200 and sha256(answer.body) == site.hashes[size], size
        for size in (1, 16385, MIB, 10 * MIB):
            data = pattern(size, seed=12)
            answer = http.get("/cgi-bin/sha256", method="POST", body=data)
            assert answer.text.strip() == sha256(data), size
        assert http.sock.version() == "TLSv1.2"


@pytest.mark.parametrize("suite", [GCM, CHACHA])
def test_keep_alive(server, certs, suite):
    """Many requests on one connection."""
    with Http(server.port(), "alpha.tlsx.test", ctx=context(certs, tls12=suite)) as http:
        for _ in range(300):
            assert http.get("/100.bin").body == pattern(100)


def test_resumed_bodies(server, certs, site):
    """A resumed connection serves as any other, and says so."""
    ctx = context(certs, tls12=GCM)
    with Http(server.port(), "alpha.tlsx.test", ctx=ctx) as http:
        assert http.get().headers["x-ssl-session-resumed"] == "Initial"
        kept = http.sock.session
    for _ in range(3):
        with Http(server.port(), "alpha.tlsx.test", ctx=ctx, session=kept) as http:
            answer = http.get(f"/{MIB}.bin")
            assert http.sock.session_reused and sha256(answer.body) == site.hashes[MIB]
            assert answer.headers["x-ssl-session-resumed"] == "Resumed"
            assert answer.headers["x-ssl-cipher"] == GCM


@pytest.mark.parametrize("piece", [1, 7])
def test_handshake_in_pieces(server, certs, piece):
    """A client whose bytes come one by one; the end of the stream is said properly."""
    client = Chopped(server.port(), "alpha.tlsx.test", context(certs, tls12=GCM), piece=piece)
    client.handshake()
    client.write(b"GET / HTTP/1.1\r\nHost: alpha.tlsx.test\r\nConnection: close\r\n\r\n")
    assert b"alpha page" in client.read_all()


def test_silent_after_the_handshake(server, certs):
    """The handshake's last word is the server's: it comes before the client asks for anything."""
    client = Chopped(server.port(), "alpha.tlsx.test", context(certs, tls12=GCM), piece=65536)
    client.handshake()
    assert client.tls.version() == "TLSv1.2" and client.tls.session.has_ticket


def test_hosts_by_name(httpd, certs):
    """SNI chooses the host and its certificate, as in 1.3; a wrong host is misdirected."""
    server = httpd(listen() + ALPHA + BETA)
    for name in ("alpha", "beta"):
        with Http(server.port(), f"{name}.tlsx.test",
                  ctx=context(certs, tls12="ECDHE+AESGCM")) as http:
            assert f"{name} page" in http.get().text
            other = "beta" if name == "alpha" else "alpha"
            assert http.get(host=f"{other}.tlsx.test").status == 421
