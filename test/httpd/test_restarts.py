# SPDX-License-Identifier: Apache-2.0
"""Restarts: the parent stays, its memory stays, and nobody's request is lost."""
import os
import signal
import socket
import threading
import time

import pytest

from lib.client import Http, context, get, s_client
from lib.hosts import ALPHA_BETA
from lib.server import wait_until

WARM_UP = 15  # restarts until httpd's own pools have their size
SPREAD = 0.05


@pytest.fixture
def server(httpd):
    """The demo's hosts, for one test."""
    return httpd(ALPHA_BETA)


def median(values):
    """The middle one."""
    return sorted(values)[len(values) // 2]


def test_graceful_restarts(httpd, certs, request):
    """The same parent serves after N graceful restarts (60; --restarts 1100 for the long run); its
    resident memory stays within 5 %, it holds no file more, and each generation answers."""
    number = request.config.getoption("--restarts")
    # the log is to stay short, and one child a generation is enough
    server = httpd("TLSClientCA @certs@/ca.pem\nTLSClientCertificate optional\n" + ALPHA_BETA
                   + "StartServers 1\n", level="notice")
    server.allow("AH00286|AH10159")
    pid, port, ctx = server.pid, server.port(), context(certs)
    sizes, files = [], []
    for count in range(number):
        server.graceful()
        sizes.append(server.memory()[1])
        files.append(len(os.listdir(f"/proc/{pid}/fd")))
        if count % 10 == 0:
            assert get(port, "alpha.tlsx.test", ctx=ctx).status == 200, f"after {count} restarts"
    assert server.pid == pid == server.process.pid and server.process.poll() is None
    assert get(port, "beta.tlsx.test", ctx=ctx).status == 200
    first, last = median(sizes[WARM_UP:WARM_UP + 10]), median(sizes[-10:])
    print(f"{number} restarts: {sizes[0]} KiB at first, {first} after {WARM_UP}, {last} at the end")
    if not server.world.sanitized: # AddressSanitizer keeps what was freed
        assert abs(last - first) <= SPREAD * first, f"{first} KiB became {last} KiB"
    assert files[-1] <= max(files[:WARM_UP]), f"{files[0]} open files became {files[-1]}"
    starts = server.log().count("resuming normal operations")
    assert starts == number + 1, f"{starts} starts"


class Load:
    """Clients that make one request a connection, until told to stop."""

    def __init__(self, port, ctx, clients=3):
        self.port, self.ctx = port, ctx
        self.stop, self.done, self.faults = threading.Event(), 0, []
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self._work) for _ in range(clients)]

    def _work(self):
        while not self.stop.is_set():
            try:
                answer = get(self.port, "alpha.tlsx.test", "/100.bin", ctx=self.ctx)
                good = answer.status == 200 and len(answer.body) == 100
                fault = None if good else f"status {answer.status}"
            except (OSError, AssertionError) as e:
                fault = repr(e)
            with self.lock:
                self.done += 1
                if fault:
                    self.faults.append(f"{time.monotonic():.3f} {fault}")
            time.sleep(0.002)

    def wait_for_more(self, number):
        """Returns once that many more requests are done."""
        wanted = self.done + number
        wait_until(lambda: self.done >= wanted, 60, f"{number} requests more")

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        for thread in self.threads:
            thread.join(40)


def test_no_request_lost(httpd, certs):
    """Under load with one request a connection, graceful restarts fail none."""
    server = httpd(ALPHA_BETA)
    server.allow("AH00286|AH10159|AH00484")
    with Load(server.port(), context(certs)) as load:
        for _ in range(5):
            load.wait_for_more(100)
            server.graceful()
        load.wait_for_more(100)
    assert not load.faults, f"{len(load.faults)} of {load.done}: " + "\n".join(load.faults[:20])


def test_a_long_answer_outlives_a_restart(server, certs, world):
    """An answer under way is finished by the old child, by its own keys."""
    steps = world.new_folder("steps")
    with Http(server.port(), "alpha.tlsx.test", ctx=context(certs)) as http:
        http.send(f"/cgi-bin/steps?{steps}/")
        _, headers = http.head()
        server.graceful(busy=True)
        for number in range(1, 6):  # from here on the script goes on
            (steps / str(number)).touch()
        assert http.body(headers).decode() == "".join(f"line {n}\n" for n in range(1, 6))


def test_handshake_during_a_restart(server, certs):
    """A connection that was accepted before a restart, and shakes hands after it."""
    with socket.create_connection(("127.0.0.1", server.port()), 30) as raw:
        raw.sendall(b"")
        time.sleep(0.3)
        server.graceful(busy=True)
        with context(certs).wrap_socket(raw, server_hostname="alpha.tlsx.test") as tls:
            tls.sendall(b"GET /100.bin HTTP/1.1\r\nHost: alpha.tlsx.test\r\n"
                        b"Connection: close\r\n\r\n")
            assert tls.recv(100).startswith(b"HTTP/1.1 200")


def test_new_certificate(server, certs):
    """A graceful restart shows what TLSCertificate names now."""
    assert b"" != get(server.port(), "alpha.tlsx.test", ctx=context(certs)).body
    server.config = server.config.replace("alpha-ecdsa", "p384")
    server.write()
    server.graceful()
    said = s_client(server, "alpha.tlsx.test")[1]
    assert "subject=CN = p384" in said, said


def test_renewed_file(server, world):
    """The same path with another content: files are read again."""
    path = world.certs.folder / "renewed"
    for kind in (".pem", ".key"):
        path.with_suffix(kind).write_bytes((world.certs.folder / f"alpha-ecdsa{kind}").read_bytes())
    path.with_suffix(".key").chmod(0o600)
    server.config = server.config.replace("alpha-ecdsa", "renewed")
    server.write()
    server.graceful()
    assert "subject=CN = alpha-ecdsa" in s_client(server, "alpha.tlsx.test")[1]
    for kind in (".pem", ".key"):
        path.with_suffix(kind).write_bytes((world.certs.folder / f"p384{kind}").read_bytes())
    server.graceful()
    assert "subject=CN = p384" in s_client(server, "alpha.tlsx.test")[1]


def test_hard_restart(server, certs):
    """SIGHUP: the same parent, new children."""
    pid, children = server.pid, set(server.children())
    mark = server.log().count("resuming normal operations")
    server.drain()
    os.kill(pid, signal.SIGHUP)
    wait_until(lambda: server.log().count("resuming normal operations") > mark, 30, "restart")
    wait_until(lambda: not children & set(server.children()), 30, "the old children's end")
    assert server.pid == pid
    assert get(server.port(), "alpha.tlsx.test", ctx=context(certs)).status == 200


def test_killed_child(server, certs):
    """A child that is killed is replaced; the shared memory stays of use."""
    server.allow("AH00052|AH00051|exit signal")
    path_free = server.children()
    for pid in path_free:
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: len(set(server.children()) - set(path_free)) >= 1, 30, "a new child")
    assert get(server.port(), "alpha.tlsx.test", ctx=context(certs)).status == 200


def test_bad_configuration_at_a_restart(httpd, certs):
    """A graceful restart with a spoilt configuration: httpd's parent ends, having said why."""
    server = httpd(ALPHA_BETA)
    server.allow(r"tlsx:emerg|core:(emerg|error|crit|alert)|AH000(16|20|72)")
    good = get(server.port(), "alpha.tlsx.test", ctx=context(certs)).status
    server.config = server.config.replace("alpha-ecdsa.key", "absent.key")
    server.write()
    os.kill(server.pid, signal.SIGUSR1)
    line = server.wait_for_log("absent.key", seconds=20)
    assert good == 200 and f"of {server.conf}" in line and "What to do" in line
    server.process.wait(30)
