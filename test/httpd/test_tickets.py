# SPDX-License-Identifier: Apache-2.0
"""Session tickets: good in every child, through restarts, and for their lifetime only."""
import re
import threading
import time

import pytest

from lib import session
from lib.client import Http, context, s_client
from lib.hosts import ALPHA, ALPHA_BETA, BETA, host, listen
from lib.server import FEW_WORKERS, MANY_CHILDREN, stopped

RESUMPTIONS, ELSEWHERE = 200, 50
CLIENTS = 4  # at once


@pytest.fixture(scope="module")
def server(httpd_for_all):
    """The demo's hosts."""
    return httpd_for_all(ALPHA_BETA, name="tickets")


class Client:
    """Requests over new connections, each with the newest ticket."""

    def __init__(self, server, certs, tls12):
        self.server, self.ctx = server, context(certs, tls12=tls12)
        self.session, self.issuer = None, None
        self.resumed, self.elsewhere, self.fault = 0, 0, None

    def once(self):
        """One request; notes whether it was resumed, and in which child."""
        port = self.server.port()
        with Http(port, "alpha.tlsx.test", ctx=self.ctx, session=self.session) as http:
            pid = int(http.get("/cgi-bin/pid").text)
            if self.session:
                self.resumed += http.sock.session_reused
                self.elsewhere += pid != self.issuer
            self.session, self.issuer = http.sock.session, pid

    def many(self, count):
        """`count` requests; what goes wrong is kept."""
        try:
            for _ in range(count):
                self.once()
        except (OSError, AssertionError, ValueError) as e:
            self.fault = repr(e)


def run(clients, count):
    """Each client's requests, all clients at once: how many resumed."""
    for client in clients:
        client.resumed = 0
    threads = [threading.Thread(target=c.many, args=(count,)) for c in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    faults = [c.fault for c in clients if c.fault]
    assert not faults, faults
    return sum(c.resumed for c in clients)


def run_elsewhere(client, count):
    """Requests while the child that issued the ticket stands still: (resumed, in another child)."""
    client.resumed = client.elsewhere = 0
    for _ in range(count):
        with stopped(client.issuer):
            client.once()
    return client.resumed, client.elsewhere


@pytest.mark.parametrize("tls12", [None, "ECDHE+AESGCM"], ids=["TLSv1.3", "TLSv1.2"])
def test_200_resumptions_in_all_children(httpd, certs, world, tls12):
    """Of 200 new connections all resume, whichever child serves; so do 50 that another child serves
    than the one that issued the ticket; the same again after a graceful restart, with the tickets
    from before it."""
    server = httpd(ALPHA_BETA + MANY_CHILDREN[world.mpm])
    server.allow(FEW_WORKERS)
    clients = [Client(server, certs, tls12) for _ in range(CLIENTS)]
    for client in clients:
        client.once()
    for when in ("before", "after"):
        resumed = run(clients, RESUMPTIONS // CLIENTS)
        assert resumed == RESUMPTIONS, f"{when} the restart: {resumed} of {RESUMPTIONS} resumed"
        assert run_elsewhere(clients[0], ELSEWHERE) == (ELSEWHERE, ELSEWHERE), f"{when} the restart"
        if when == "before":
            server.graceful()


def test_lifetime_and_rotation(httpd):
    """With a lifetime of 10 s, tickets of every second around two rotations, of either version: each
    resumes while it is 4 s old, and none once it is older than 10 s, even if a client offers it."""
    server = httpd("TLSSessionTicketLifetime 10\n" + ALPHA_BETA)
    young, end, old = 4, 9, 11.5  # openssl counts whole seconds
    waiting, aged = [], []  # (path, version, before and after it was made)
    start, number = time.monotonic(), 0
    resumed, refused, rotations = [], [], 0
    while len(resumed) < 16 or len(refused) < 10 or rotations < 2:
        now = time.monotonic()
        assert now - start < 180, f"{rotations} rotations, {len(resumed)} resumed, {len(refused)} not"
        for version in session.VERSIONS:
            path, number = server.folder / f"ticket-{number}", number + 1
            before = time.monotonic()
            session.make(server, "alpha.tlsx.test", path, version=version)
            waiting.append((path, version, before, time.monotonic()))
        while waiting and time.monotonic() - waiting[0][3] >= young:
            path, version, before, _ = ticket = waiting.pop(0)
            took = session.is_resumed(server, "alpha.tlsx.test", path, version=version)
            if time.monotonic() - before < end:  # else this machine was too slow to tell
                resumed.append((path.name, took))
            aged.append(ticket)
        while aged and time.monotonic() - aged[0][3] >= old:
            path, version, *_ = aged.pop(0)
            session.rejuvenate(path)
            took = session.is_resumed(server, "alpha.tlsx.test", path, version=version)
            refused.append((path.name, took))
        rotations = server.log().count("session ticket keys rotated")
        time.sleep(max(0.0, 1.0 - (time.monotonic() - now)))
    assert all(took for _, took in resumed), resumed
    assert not any(took for _, took in refused), refused


@pytest.mark.parametrize("version", session.VERSIONS)
def test_rejuvenated_session_is_offered(server, version):
    """The trick of the test above is sound: a young ticket still resumes after it."""
    path = server.folder / f"young-{version}"
    session.make(server, "alpha.tlsx.test", path, version=version)
    session.rejuvenate(path)
    assert session.is_resumed(server, "alpha.tlsx.test", path, version=version)


def tickets_in(said):
    """How many tickets openssl saw arrive."""
    return len(re.findall("Post-Handshake New Session Ticket arrived", said))


def test_number_of_tickets(server):
    """Two after a full handshake, one after a resumed one; their lifetime is the directive's."""
    path = server.folder / "count"
    said = session.make(server, "alpha.tlsx.test", path)
    assert tickets_in(said) == 2
    hint = re.findall(r"TLS session ticket lifetime hint: (\d+)", said)
    assert hint and set(hint) == {"86400"}
    said = s_client(server, "alpha.tlsx.test", "-sess_in", str(path))[1]
    assert "Reused" in said and tickets_in(said) == 1, said


@pytest.mark.parametrize("version", session.VERSIONS)
def test_lifetime_is_told_to_clients(httpd, version):
    """The lifetime that clients are told is TLSSessionTicketLifetime."""
    server = httpd("TLSSessionTicketLifetime 300\n" + ALPHA_BETA)
    said = session.make(server, "alpha.tlsx.test", server.folder / "t", version=version)
    assert set(re.findall(r"lifetime hint: (\d+)", said)) == {"300"}


def test_off(httpd, server):
    """TLSSessionTickets off: none are sent, none are taken."""
    path = server.folder / "off"
    session.make(server, "alpha.tlsx.test", path)
    without = httpd("TLSSessionTickets off\n" + ALPHA_BETA)
    code, said = s_client(without, "alpha.tlsx.test")
    assert code == 0 and tickets_in(said) == 0, said
    assert not session.is_resumed(without, "alpha.tlsx.test", path)


def test_off_in_tls12(httpd, server):
    """The same in TLS 1.2, where the ticket is a part of the handshake."""
    path = server.folder / "off12"
    session.make(server, "alpha.tlsx.test", path, version="TLSv1.2")
    without = httpd("TLSSessionTickets off\n" + ALPHA_BETA)
    code, said = s_client(without, "alpha.tlsx.test", "-tls1_2", "-msg")
    assert code == 0 and "NewSessionTicket" not in said and "session ticket:" not in said, said
    assert not session.is_resumed(without, "alpha.tlsx.test", path, version="TLSv1.2")


def test_off_in_one_host(httpd):
    """Off in a host is that host's alone."""
    server = httpd(listen() + ALPHA
                   + BETA.replace("TLSEngine on", "TLSEngine on\nTLSSessionTickets off"))
    assert tickets_in(s_client(server, "alpha.tlsx.test")[1]) == 2
    assert tickets_in(s_client(server, "beta.tlsx.test")[1]) == 0


def test_off_and_on_again(httpd):
    """Off outside, on in a host."""
    server = httpd("TLSSessionTickets off\n" + listen() + ALPHA
                   + BETA.replace("TLSEngine on", "TLSEngine on\nTLSSessionTickets on"))
    assert tickets_in(s_client(server, "alpha.tlsx.test")[1]) == 0
    assert tickets_in(s_client(server, "beta.tlsx.test")[1]) == 2


@pytest.mark.parametrize("version", session.VERSIONS)
def test_not_across_hosts(server, version):
    """A ticket of alpha is none for beta, and the other way round; at home each is good."""
    for mine, other in (("alpha", "beta"), ("beta", "alpha")):
        path = server.folder / f"of-{mine}-{version}"
        session.make(server, f"{mine}.tlsx.test", path, version=version)
        assert session.is_resumed(server, f"{mine}.tlsx.test", path, version=version)
        assert not session.is_resumed(server, f"{other}.tlsx.test", path, version=version)


def test_not_across_versions(server):
    """A session of one version, offered by a client of the other: in full."""
    for mine, other in (("TLSv1.2", "TLSv1.3"), ("TLSv1.3", "TLSv1.2")):
        path = server.folder / f"of-{mine}"
        session.make(server, "alpha.tlsx.test", path, version=mine)
        code, said = s_client(server, "alpha.tlsx.test", "-sess_in", str(path),
                              session.VERSIONS[other])
        assert "Reused" not in said, said
        assert code != 0 or "alpha page" in said, said


def test_not_across_hosts_of_one_certificate(httpd):
    """Two hosts with the same certificate are two hosts."""
    server = httpd(listen() + host("alpha.tlsx.test") + host("two.tlsx.test", docs="beta"))
    path = server.folder / "t"
    session.make(server, "alpha.tlsx.test", path)
    assert not session.is_resumed(server, "two.tlsx.test", path)
    assert session.is_resumed(server, "alpha.tlsx.test", path)


def test_not_across_ports(httpd):
    """The same name on another port is another host."""
    server = httpd(listen("https", "other") + ALPHA + ALPHA.replace("@https@", "@other@"))
    path = server.folder / "t"
    session.make(server, "alpha.tlsx.test", path)
    assert session.is_resumed(server, "alpha.tlsx.test", path)
    code, said = s_client(server, "alpha.tlsx.test", "-sess_in", str(path), port="other")
    assert code == 0 and "New, TLSv1.3" in said, said


def test_another_server_has_other_keys(httpd, server):
    """Each start makes its own keys: a ticket of another httpd is refused, and served in full."""
    path = server.folder / "foreign"
    session.make(server, "alpha.tlsx.test", path)
    other = httpd(ALPHA_BETA.replace("@https@", str(server.port()))
                  .replace("127.0.0.1", "127.0.0.2"))
    other.ports["https"] = server.port()
    text = other.conf.read_text()
    assert f"127.0.0.2:{server.port()}" in text
    code, said = s_client(server, "alpha.tlsx.test", "-sess_in", str(path))
    assert code == 0 and "Reused" in said
    code, said = s_client(other, "alpha.tlsx.test", "-sess_in", str(path), "-connect",
                          f"127.0.0.2:{server.port()}")
    assert code == 0 and "New, TLSv1.3" in said and "alpha page" in said, said


@pytest.mark.parametrize("version", session.VERSIONS)
def test_through_a_renewal(httpd, version):
    """After a graceful restart with a new certificate, other lines and other files, tickets go on
    to resume."""
    server = httpd(listen() + host("alpha.tlsx.test"))
    path = server.folder / "t"
    session.make(server, "alpha.tlsx.test", path, version=version)
    server.config = ("# a line more\n\n\n" + listen() + BETA.replace("beta", "gamma", 1)
                     + host("alpha.tlsx.test", certs=("p384",), extra="# another"))
    server.write()
    server.graceful()
    assert session.is_resumed(server, "alpha.tlsx.test", path, version=version)


def test_through_a_change_of_lifetime(httpd):
    """A restart with another lifetime keeps the tickets of the key in force."""
    server = httpd("TLSSessionTicketLifetime 100\n" + ALPHA_BETA)
    path = server.folder / "t"
    session.make(server, "alpha.tlsx.test", path)
    server.config = "TLSSessionTicketLifetime 200\n" + ALPHA_BETA
    server.write()
    server.graceful()
    assert session.is_resumed(server, "alpha.tlsx.test", path)


@pytest.mark.parametrize("version", session.VERSIONS)
@pytest.mark.parametrize("at", [0, 20, -1])
def test_altered_ticket(server, at, version):
    """A ticket with a changed byte is no ticket: a full handshake and the page."""
    path = server.folder / f"altered-{version}"
    session.make(server, "alpha.tlsx.test", path, version=version)
    session.alter(path, at)
    assert not session.is_resumed(server, "alpha.tlsx.test", path, version=version)


def test_ticket_of_another_suite(server):
    """A session of AES-128 offered by a client that now wants AES-256 alone: in full."""
    path = server.folder / "suite"
    session.make(server, "alpha.tlsx.test", path, "-ciphersuites", "TLS_AES_128_GCM_SHA256")
    code, said = s_client(server, "alpha.tlsx.test", "-sess_in", str(path), "-ciphersuites",
                          "TLS_AES_256_GCM_SHA384")
    assert code == 0 and "alpha page" in said and "New, TLSv1.3" in said, said


def test_resumed_with_hello_retry_request(httpd):
    """A resumption that needs a second ClientHello: the binder covers both."""
    server = httpd("TLSGroups P-384\n" + ALPHA_BETA)
    path = server.folder / "t"
    session.make(server, "alpha.tlsx.test", path)
    assert session.is_resumed(server, "alpha.tlsx.test", path, "-groups", "X25519:P-384")


def test_early_data_is_refused_and_skipped(server):
    """0-RTT is not served: its records are skipped, and the request that follows is answered."""
    path, early = server.folder / "early", server.folder / "early.txt"
    session.make(server, "alpha.tlsx.test", path)
    early.write_bytes(b"GET /early HTTP/1.1\r\nHost: alpha.tlsx.test\r\n\r\n")
    code, said = s_client(server, "alpha.tlsx.test", "-sess_in", str(path), "-early_data",
                          str(early))
    assert code == 0 and "alpha page" in said, said
    assert "Early data was accepted" not in said
    assert not any("/early" in line for line in server.access_log())


def test_resumed_page_is_whole(server, certs):
    """A resumed connection serves as any other."""
    ctx = context(certs)
    with Http(server.port(), "alpha.tlsx.test", ctx=ctx) as http:
        http.get()
        kept = http.sock.session
    with Http(server.port(), "alpha.tlsx.test", ctx=ctx, session=kept) as http:
        assert len(http.get("/1048576.bin").body) == 1048576 and http.sock.session_reused
