# SPDX-License-Identifier: Apache-2.0
"""The tests' own tools notice what they are there to notice."""
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from lib import sanitizers
from lib.client import context, get
from lib.hosts import ALPHA_BETA
from lib.server import Fleet, lives, wait_until
from lib.wire import Record, Scanner

HERE = Path(__file__).parent


@pytest.fixture
def server(world):
    """A server whose end is this test's own affair."""
    fleet = Fleet(world)
    made = fleet(ALPHA_BETA, name="harness")
    yield made
    made.stop()


def test_error_line_is_noticed(server):
    """A line at error level fails the check, unless it was allowed."""
    server.check()
    with open(server.log_path, "a", encoding="ascii") as log:
        log.write("[Mon Nov 23 15:00:00.000000 2026] [tlsx:error] [pid 1] TLSX9999: planted\n")
    with pytest.raises(AssertionError, match="planted"):
        server.check()
    server.allow("TLSX9999")
    server.check()


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT, signal.SIGILL])
def test_dead_child_is_noticed(server, number):
    """A child that dies by a signal fails the check, allowed or not."""
    os.kill(server.children()[0], number)
    server.wait_for_log("exit signal")
    server.allow("AH0005")
    with pytest.raises(AssertionError, match="exit signal|AddressSanitizer"):
        server.check()


def test_report_is_noticed(server):
    """A sanitizer's report fails the check."""
    (server.reports / "asan.1").write_text("ERROR: AddressSanitizer: planted\n", encoding="ascii")
    with pytest.raises(AssertionError, match="planted"):
        server.check()


def test_sanitizers_are_there(world, server):
    """With --sanitizers every child has the library in it; without, none has."""
    maps = Path(f"/proc/{server.children()[0]}/maps").read_text(encoding="ascii")
    assert ("asan" in maps) == world.sanitized
    assert (sanitizers.preload(world.module) if world.sanitized else "") == world.preload


def test_missing_module_is_no_skip(tmp_path):
    """Without the module the session ends at once, by an error."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", str(HERE / "test_basic.py"),
         f"--module={tmp_path / 'absent.so'}", "-k", "test_403_of_httpd"],
        cwd=HERE, capture_output=True, text=True, timeout=300, check=False,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
    assert done.returncode not in (0, 5) and "absent.so is not there" in done.stdout + done.stderr


def test_missing_program(world, tmp_path):
    """What is missing is skipped with its reason, and fails under --ci."""
    for option, code in (([], 0), (["--ci"], 1)):
        env = {k: v for k, v in os.environ.items() if k not in ("CI", "TLSX_BSSL")}
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-rs",
             str(HERE / "test_clients.py"), f"--build-dir={tmp_path}", "-k",
             "test_boringssl_resumes and alpha", *option,
             f"--module={world.module}", *(["--sanitizers"] if world.sanitized else [])],
            cwd=HERE, capture_output=True, text=True, timeout=300, check=False,
            env={**env, "PYTHONDONTWRITEBYTECODE": "1", "TMPDIR": str(world.folder)})
        assert done.returncode == code and "loadclient is missing" in done.stdout, done.stdout


def test_server_ends_with_its_test(world, certs):
    """A server is gone after its fleet, children and all."""
    with Fleet(world) as fleet:
        server = fleet(ALPHA_BETA, name="short")
        pids = [server.pid, *server.children()]
        assert get(server.port(), "alpha.tlsx.test", ctx=context(certs)).status == 200
    wait_until(lambda: not [p for p in pids if lives(p)], 60, "the processes' end")


@pytest.mark.parametrize("piece", [1, 3, 4, 5, 6, 1000])
def test_scanner(piece):
    """The reader of record headers, however the stream is cut."""
    lengths = [0, 1, 5, 300, 17, 0, 2]
    stream = b"".join(bytes([23, 3, 3]) + n.to_bytes(2, "big") + bytes(n) for n in lengths)
    scanner = Scanner()
    for at in range(0, len(stream), piece):
        scanner.feed(stream[at:at + piece])
    assert scanner.records == [Record(23, n) for n in lengths]
