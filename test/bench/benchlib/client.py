# SPDX-License-Identifier: Apache-2.0
"""Drives the load client step by step, and reads the server's clocks between the steps."""

import hashlib
import json
import random
import subprocess
from pathlib import Path

from . import certs, machine

FILES = {"/1k": 1024, "/10m": 10 * 1024 * 1024, "/mapped/10m": 10 * 1024 * 1024}


class ClientError(Exception):
    """The load client ended with an error; the text is its own."""


def make_files(htdocs):
    """Writes the files to GET; their contents are random, so that nothing can compress them."""
    hashes = {}
    for path, size in FILES.items():
        data = random.Random(path).randbytes(size)
        file = Path(htdocs) / path[1:]
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(data)
        hashes[path] = hashlib.sha256(data).hexdigest()
    return hashes


def suite_of(suite13, cert):
    """The suite of TLS 1.2 with the same cipher: there, a suite names the certificate's kind."""
    return f"TLS_ECDHE_{cert.upper()}_WITH_{suite13.removeprefix('TLS_')}"


class Client:
    """One run of the load client; a context manager that ends it."""

    def __init__(self, server, options, *, mode, cert, path, count, warmup, connections, group,
                 tls12=False, beside_server=False):
        self.command = [
            str(options.loadclient), "--step", "--connect", f"127.0.0.1:{server.ports[cert]}",
            "--name", certs.NAME, "--mode", mode, "--path", path, "--count", str(count),
            "--warmup", str(warmup), "--connections", str(connections),
            "--expect-length", str(FILES[path]), "--expect-sha256", options.hashes[path],
        ]
        if server.kind == "plain":
            self.command.append("--plain")
        else:
            self.command += ["--ca", str(server.base / "certs" / "ca.pem"), "--group", group,
                             "--suite", suite_of(options.suite, cert) if tls12 else options.suite]
            self.command += ["--tls12"] * tls12
        self.cpu = options.server_cpu if beside_server else options.client_cpu
        if self.cpu not in (None, options.server_cpu):    # it has a CPU for itself
            self.command.append("--spin")
        self.name = server.name

    def _in_child(self):
        machine.use_cpu(self.cpu)

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                        preexec_fn=self._in_child)
        try:
            self._line()    # "ready": connected and warmed up
        except BaseException:
            self.__exit__()
            raise
        return self

    def _line(self):
        line = self.process.stdout.readline()
        if not line:
            error = self.process.stderr.read().strip()
            raise ClientError(f"{self.name}: {error}\n  {' '.join(self.command)}")
        return line

    def run(self):
        """The measured operations; returns what the client saw. Connections stay open."""
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return json.loads(self._line())

    def finish(self):
        """Lets go of the connections; a connection that was not as it should be is an error."""
        _, error = self.process.communicate("\n")
        if self.process.returncode != 0:
            raise ClientError(f"{self.name}: {error.strip()}\n  {' '.join(self.command)}")

    def __exit__(self, *exc):
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()


def measure_cpu(server, options, row):
    """Returns server CPU in microseconds an operation, and what the client saw."""
    with Client(server, options, **row) as client:
        server.settle()
        before = server.cpu_ns()
        seen = client.run()
        server.settle()
        after = server.cpu_ns()
        client.finish()
    server.check_processes()
    return (after - before) / 1000 / seen["operations"], seen


def measure_idle(server, options, row):
    """Returns KiB of the children's Pss for each idle connection, and what the client saw."""
    warm = dict(row, mode="full", count=100, warmup=0)
    with Client(server, options, **warm) as client:
        client.run()
        client.finish()
    with Client(server, options, **dict(row, warmup=0)) as client:
        server.settle()
        before = server.pss_bytes()
        seen = client.run()
        server.settle()
        after = server.pss_bytes()
        client.finish()
    server.check_processes()
    return (after - before) / 1024 / seen["operations"], seen
