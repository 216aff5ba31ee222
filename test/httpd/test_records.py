# SPDX-License-Identifier: Apache-2.0
"""How data is cut into records and writes: the wire is read by a forwarder, writes by strace."""
import re
import shutil
import signal
import socket
import subprocess

import pytest

from lib.client import Http, context, dial
from lib.hosts import ALPHA_BETA
from lib.server import wait_until
from lib.site import MIB, pattern, sha256
from lib.wire import APPLICATION_DATA, Tap

SIZE = 10 * MIB
MOST_RECORDS, MOST_WRITES = 645, 175
FULL = 16384 + 17  # content type and tag

ONE_CHILD = {
    "event": "StartServers 1\nServerLimit 1\nThreadsPerChild 16\nMaxRequestWorkers 16\n",
    "worker": "StartServers 1\nServerLimit 1\nThreadsPerChild 16\nMaxRequestWorkers 16\n",
    "prefork": "StartServers 1\nServerLimit 1\nMaxRequestWorkers 1\n",
}


@pytest.fixture(scope="module", params=("off", "on"), ids=("read", "mapped"))
def mmap(request):
    """Whether httpd may map files: EnableMMAP."""
    return request.param


@pytest.fixture(scope="module")
def server(httpd_for_all, world, mmap):
    """The demo's hosts in one child."""
    made = httpd_for_all(ALPHA_BETA + ONE_CHILD[world.mpm] + f"EnableMMAP {mmap}\n",
                         name=f"records-{mmap}")
    made.allow("AH00161|AH00484|AH10159")  # a single process, on purpose
    return made


def fetch(port, certs, path):
    """A page on a connection that ends with it."""
    with Http(port, "alpha.tlsx.test", ctx=context(certs)) as http:
        return http.get(path, headers={"Connection": "close"})


def test_records_of_10_mebibytes(server, certs, site):
    """10 MiB take at most 645 records, headers included: nearly all of them are full."""
    with Tap(server.port()) as tap:
        with Http(tap.port, "alpha.tlsx.test", ctx=context(certs)) as http:
            assert http.get("/1.bin").status == 200
            before = len(tap.server.records)
            answer = http.get(f"/{SIZE}.bin")
            assert sha256(answer.body) == site.hashes[SIZE]
            records = tap.server.records[before:]
    assert {r.type for r in records} == {APPLICATION_DATA}
    sizes = [r.length for r in records]
    assert sum(sizes) > SIZE, "the forwarder did not see it all"
    assert len(sizes) <= MOST_RECORDS, f"{len(sizes)} records"
    assert max(sizes) == FULL and sizes.count(FULL) > 0.6 * len(sizes)


def test_records_of_a_small_page(server, certs):
    """A small answer is one record, with its headers; the tickets are in the same flight."""
    with Tap(server.port()) as tap:
        assert fetch(tap.port, certs, "/100.bin").status == 200
    data = [r.length for r in tap.server.records if r.type == APPLICATION_DATA]
    with Tap(server.port()) as other:
        assert fetch(other.port, certs, "/1.bin").status == 200
    less = [r.length for r in other.server.records if r.type == APPLICATION_DATA]
    assert len(data) == len(less) <= 8, (data, less)
    longer = [(a, b) for a, b in zip(data, less) if a - b > 90]
    assert len(longer) == 1, (data, less)


def test_records_of_kept_connections(server, certs):
    """A small answer on a kept connection is a record or two more: headers, and a file."""
    counts = []
    for number in (10, 30):
        with Tap(server.port()) as tap:
            with Http(tap.port, "alpha.tlsx.test", ctx=context(certs)) as http:
                for _ in range(number):
                    assert http.get("/100.bin").body == pattern(100)
        counts.append(len(tap.server.records))
    assert 20 <= counts[1] - counts[0] <= 40, counts


def may_trace(pid):
    """Whether strace may look at a process of ours; the reason if not."""
    if not shutil.which("strace"):
        return "strace is missing (strace)"
    done = subprocess.Popen(["strace", "-p", str(pid), "-o", "/dev/null"], stderr=subprocess.PIPE,
                            text=True)
    said = done.stderr.readline()  # that it is attached, or why not
    done.send_signal(signal.SIGINT)
    said += done.communicate(timeout=60)[1]
    return "ptrace is not permitted here: " + said.strip() if "not permitted" in said else ""


class Trace:
    """strace on a process and its threads: what it writes to sockets of the server's port, or other calls."""

    CALLS = "write,writev,pwritev,pwritev2,sendto,sendmsg,sendmmsg,sendfile,splice"

    def __init__(self, pid, port, out, calls=CALLS):
        self.port, self.out = port, out
        self.process = subprocess.Popen(
            ["strace", "-f", "-yy", "-s", "0", "-e", f"trace={calls}", "-p", str(pid),
             "-o", str(out)], stderr=subprocess.PIPE, text=True)
        said = self.process.stderr.readline()
        assert "attached" in said, said

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGINT)
        self.process.communicate(timeout=60)

    def writes(self):
        """The lines of calls on the client's socket; the halves of an interrupted one are one."""
        on_socket = re.compile(rf"^\d+ +\w+\(\d+<TCP(v6)?:\[[^\]]*:{self.port}->")
        return [line for line in self.out.read_text().splitlines() if on_socket.match(line)]


@pytest.fixture
def pid(server, request):
    """The child, where strace may look at it."""
    found = server.children()
    assert len(found) == 1
    reason = may_trace(found[0])
    if reason:
        (pytest.fail if request.config.getoption("--ci") and "missing" in reason
         else pytest.skip)(reason)
    return found[0]


def test_long_files_are_mapped(server, certs, pid, mmap):
    """EnableMMAP decides, and only for what is worth it."""
    with Trace(pid, server.port(), server.folder / "strace-mmap", "mmap") as trace:
        with Http(server.port(), "alpha.tlsx.test", ctx=context(certs)) as http:
            for size in (100_000, SIZE):
                assert http.get(f"/{size}.bin").body == pattern(size)
    mapped = re.findall(r"mmap\(.*/(\d+)\.bin>", trace.out.read_text())
    assert set(mapped) == ({str(SIZE)} if mmap == "on" else set()), mapped


def test_writes_of_10_mebibytes(server, certs, site, pid):
    """10 MiB read at full speed take at most 175 write system calls on the client's socket. On a busy
    machine a client may not get to read at full speed, so it has five tries."""
    for number in range(5):
        with Trace(pid, server.port(), server.folder / f"strace-{number}") as trace:
            with dial(server.port()) as raw:
                # as wide as a client may be: its window does not cut the server's writes
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 * MIB)
                with Http(server.port(), "alpha.tlsx.test", sock=context(certs).wrap_socket(
                        raw, server_hostname="alpha.tlsx.test")) as http:
                    answer = http.get(f"/{SIZE}.bin")
            assert sha256(answer.body) == site.hashes[SIZE]
            wait_until(trace.writes, 60, "lines of strace")
        count = len(trace.writes())
        assert count >= 3, "strace saw nothing"
        if count <= MOST_WRITES:
            return
    pytest.fail(f"{count} writes\n" + "\n".join(trace.writes()[:40]))
