# SPDX-License-Identifier: Apache-2.0
"""SSLKEYLOGFILE: secrets for whoever debugs, and never by accident."""
import re
import stat

import pytest

from lib.client import context, get, s_client
from lib.hosts import ALPHA_BETA

LABELS = {"CLIENT_HANDSHAKE_TRAFFIC_SECRET", "SERVER_HANDSHAKE_TRAFFIC_SECRET",
          "CLIENT_TRAFFIC_SECRET_0", "SERVER_TRAFFIC_SECRET_0", "EXPORTER_SECRET"}
LINE = re.compile(r"^([A-Z0-9_]+) ([0-9a-f]{64}) ([0-9a-f]{64}|[0-9a-f]{96})$")


def lines_of(path):
    """(label, client random, secret) of each line."""
    parsed = [LINE.match(line) for line in path.read_text().splitlines()]
    assert all(parsed), path.read_text()
    return [m.groups() for m in parsed]


def test_key_log(httpd, world, certs):
    """Every handshake's secrets, in the format of SSLKEYLOGFILE; the log warns of it."""
    path = world.folder / "keys.log"
    server = httpd(ALPHA_BETA, environ={"SSLKEYLOGFILE": str(path)})
    server.wait_for_log(rf"\[tlsx:warn\].*SSLKEYLOGFILE is set.*{re.escape(str(path))}")
    for _ in range(3):
        assert get(server.port(), "alpha.tlsx.test", ctx=context(certs)).status == 200
    lines = lines_of(path)
    assert {label for label, _, _ in lines} == LABELS
    assert len({random for _, random, _ in lines}) == 3
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    server.graceful()
    assert get(server.port(), "alpha.tlsx.test", ctx=context(certs)).status == 200
    assert len({random for _, random, _ in lines_of(path)}) == 4


@pytest.mark.parametrize("version", ["-tls1_3", "-tls1_2"])
def test_agrees_with_the_client(httpd, world, version):
    """Both ends of a handshake write the same lines."""
    ours = world.folder / f"server{version}-keys.log"
    theirs = world.folder / f"client{version}-keys.log"
    server = httpd(ALPHA_BETA, environ={"SSLKEYLOGFILE": str(ours)})
    code, said = s_client(server, "alpha.tlsx.test", version, "-keylogfile", str(theirs))
    assert code == 0, said
    client = {line for line in theirs.read_text().splitlines() if not line.startswith("#")}
    assert client and {" ".join(x) for x in lines_of(ours)} == client


@pytest.mark.parametrize("value", ["", None])
def test_off_unless_asked_for(httpd, certs, value):
    """Without the variable nothing is said and nothing written."""
    server = httpd(ALPHA_BETA, environ={} if value is None else {"SSLKEYLOGFILE": value})
    assert get(server.port(), "alpha.tlsx.test", ctx=context(certs)).status == 200
    assert "SSLKEYLOGFILE" not in server.log()


def test_path_that_cannot_be_opened(httpd, certs):
    """A warning; the server serves."""
    server = httpd(ALPHA_BETA, environ={"SSLKEYLOGFILE": "/nonexistent/keys.log"})
    server.wait_for_log(r"\[tlsx:warn\].*cannot open /nonexistent/keys.log")
    assert get(server.port(), "alpha.tlsx.test", ctx=context(certs)).status == 200
