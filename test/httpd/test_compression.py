# SPDX-License-Identifier: Apache-2.0
"""Certificates that go compressed, RFC 8879: to BoringSSL's libssl, which is the benchmark's client."""
import json
import subprocess
from pathlib import Path

import pytest

from lib.hosts import ALPHA_BETA, host, listen

HERE = Path(__file__).parent
ALGORITHMS = ("brotli", "zlib", "zstd")
COUNT = 20


@pytest.fixture(name="connect")
def fixture_connect(request, need):
    """Twenty handshakes with a host by a client with these options: what it tells."""
    build = Path(request.config.getoption("--build-dir") or HERE.parents[1] / "build" / "default")
    client = need("loadclient", "make bench-programs", str(build / "test" / "bench" / "loadclient"))

    def connect(server, name, *options):
        done = subprocess.run([client, "--connect", f"127.0.0.1:{server.port()}", "--mode", "full",
                               "--count", str(COUNT), "--name", f"{name}.tlsx.test", "--ca",
                               str(server.world.certs.ca), *options],
                              capture_output=True, text=True, timeout=180, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)
    return connect


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_each_algorithm(httpd, connect, algorithm):
    """By default; the flight gets shorter, and the certificate is the same."""
    server = httpd(ALPHA_BETA)
    plain = connect(server, "alpha")
    short = connect(server, "alpha", "--compression", algorithm)
    assert plain["decompressed"] == 0 and short["decompressed"] == COUNT
    assert short["certificate"] == plain["certificate"]
    assert short["server_flight_bytes"] < plain["server_flight_bytes"] - 20


def test_off(httpd, connect):
    """TLSCertificateCompression off."""
    server = httpd("TLSCertificateCompression off\n" + ALPHA_BETA)
    assert connect(server, "alpha", "--compression", "brotli")["decompressed"] == 0


def test_off_in_one_host(httpd, connect):
    """In a virtual host, which else has what the main server says."""
    server = httpd(listen() + host("alpha.tlsx.test", extra="TLSCertificateCompression off") +
                   host("beta.tlsx.test", certs=("beta-rsa",)))
    assert connect(server, "alpha", "--compression", "brotli")["decompressed"] == 0
    assert connect(server, "beta", "--compression", "brotli")["decompressed"] == COUNT


def test_off_and_on_again(httpd, connect):
    """The other way round."""
    server = httpd("TLSCertificateCompression off\n" + listen() +
                   host("alpha.tlsx.test", extra="TLSCertificateCompression on"))
    assert connect(server, "alpha", "--compression", "zlib")["decompressed"] == COUNT


def test_tls12_has_none(httpd, connect):
    """It is an extension of TLS 1.3."""
    told = connect(httpd(ALPHA_BETA), "alpha", "--tls12", "--compression", "brotli")
    assert told["version"].endswith("1.2") and told["decompressed"] == 0
