# SPDX-License-Identifier: Apache-2.0
"""One httpd of the comparison: its configuration, its start and end, its CPU time and memory."""

import os
import pwd
import re
import resource
import signal
import socket
import subprocess
import time
from pathlib import Path

from . import certs, machine

CPUCLOCK_SCHED = 2    # of a clock id: nanoseconds on a CPU, user and system, ended threads too

# The same for every server. The numbers of children and threads never change while it runs, so
# that no process comes or goes between two readings of the CPU clocks.
COMMON = """\
ServerRoot "{directory}"
DefaultRuntimeDir "{directory}"
PidFile "{directory}/httpd.pid"
ErrorLog "{directory}/error.log"
LogLevel {log_level}
ServerName {name}
{user}
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule reqtimeout_module {modules}/mod_reqtimeout.so

StartServers {children}
ServerLimit {children}
ThreadsPerChild 25
ThreadLimit 25
MaxRequestWorkers {workers}
MinSpareThreads 25
MaxSpareThreads {spare}
MaxConnectionsPerChild 0
AsyncRequestWorkerFactor 60

EnableMMAP off
EnableSendfile off
KeepAlive on
KeepAliveTimeout 300
MaxKeepAliveRequests 0
Timeout 300
DocumentRoot "{htdocs}"
<Directory />
    AllowOverride None
    Require all denied
</Directory>
<Directory "{htdocs}">
    Require all granted
</Directory>
<Directory "{htdocs}/mapped">
    EnableMMAP on
</Directory>
"""

PLAIN = """
Listen 127.0.0.1:{port}
"""

MOD_SSL = """
LoadModule ssl_module {modules}/mod_ssl.so
SSLSessionCache none
SSLProtocol -all +TLSv1.2 +TLSv1.3
SSLCipherSuite TLSv1.3 {suite}
{extra}
"""

MOD_SSL_HOST = """
Listen 127.0.0.1:{port}
<VirtualHost 127.0.0.1:{port}>
    ServerName {name}
    SSLEngine on
    SSLCertificateFile "{certs}/{cert}.pem"
    SSLCertificateKeyFile "{certs}/{cert}.key"
    SSLSessionTickets on
    SSLOpenSSLConfCmd NumTickets {tickets}
</VirtualHost>
"""

MOD_TLSX = """
LoadModule tlsx_module {so}
{extra}
"""

MOD_TLSX_HOST = """
Listen 127.0.0.1:{port}
<VirtualHost 127.0.0.1:{port}>
    ServerName {name}
    TLSEngine on
    TLSCertificate "{certs}/{cert}.pem" "{certs}/{cert}.key"
    TLSProtocol TLSv1.2+
    TLSSessionTickets on
</VirtualHost>
"""


# mod_ssl on SSLSessionCache none: tickets need no cache, and without one it is faster. And what
# event says of children and threads whose numbers can't grow, or of connections at its own end.
EXPECTED = re.compile(r"AH01873: Init: Session Cache is not configured|\[mpm_event:")


class ServerError(Exception):
    """The server did not do what the benchmark needs; the text says what."""


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def user_lines():
    """As root httpd wants to know who to become; as anyone else it must not be asked."""
    if os.geteuid() != 0:
        return ""
    for name in ("www-data", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return f"User {name}\nGroup #{entry.pw_gid}"
    raise ServerError("neither the user www-data nor nobody exists, and httpd won't run as root")


class Httpd:
    """kind is plain, mod_ssl or mod_tlsx; a context manager that starts and stops it."""

    def __init__(self, kind, name, base, options, *, so=None, tickets=2, extra=(), children=1):
        self.kind, self.name, self.options = kind, name, options
        self.so, self.tickets, self.extra, self.children = so, tickets, extra, children
        self.base = Path(base)
        self.directory = self.base / name
        self.ports = {}
        self.parent = None
        self.pids = []

    # ---- configuration ----

    def _hosts(self, template, **values):
        text = ""
        for cert in ("ecdsa", "rsa"):
            self.ports[cert] = free_port()
            text += template.format(port=self.ports[cert], name=certs.NAME, cert=cert,
                                    certs=self.base / "certs", **values)
        return text

    def _tls_lines(self):
        extra = "\n".join(self.extra)
        if self.kind == "plain":
            port = free_port()
            self.ports = {"ecdsa": port, "rsa": port}
            return PLAIN.format(port=port)
        if self.kind == "mod_tlsx":
            return MOD_TLSX.format(so=self.so, extra=extra) + self._hosts(MOD_TLSX_HOST)
        head = MOD_SSL.format(modules=self.options.module_dir, suite=self.options.suite,
                              extra=extra)
        return head + self._hosts(MOD_SSL_HOST, tickets=self.tickets)

    def write_config(self):
        self.directory.mkdir(exist_ok=True)
        config = self.directory / "httpd.conf"
        workers = 25 * self.children
        config.write_text(COMMON.format(
            directory=self.directory, name=certs.NAME, user=user_lines(),
            modules=self.options.module_dir, log_level=self.options.log_level,
            children=self.children, workers=workers, spare=workers + 25,
            htdocs=self.base / "htdocs") + self._tls_lines())
        return config

    # ---- start and end ----

    def _in_child(self):
        """Runs between fork and exec: ends with the harness, whatever happens to that."""
        machine.end_with_parent()
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        machine.use_cpu(self.options.server_cpu)

    def __enter__(self):
        config = self.write_config()
        (self.directory / "error.log").unlink(missing_ok=True)    # an earlier server's
        command = [self.options.httpd, "-f", str(config), "-DFOREGROUND"]
        with open(self.directory / "output", "wb") as output:
            self.parent = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output,
                                           stderr=output, preexec_fn=self._in_child)
        try:
            self._wait_until_ready()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _complain(self, what):
        words = ""
        for file in ("output", "error.log"):
            path = self.directory / file
            if path.exists():
                words += path.read_text(errors="replace")
        raise ServerError(f"{self.name}: {what}\n{words.rstrip()}")

    def _wait_until_ready(self):
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            if self.parent.poll() is not None:
                self._complain(f"httpd ended with status {self.parent.returncode}")
            children = self._children()
            if len(children) == self.children and self._accepts():
                self.pids = [self.parent.pid, *children]
                self.settle()
                return
            time.sleep(0.02)
        self._complain("httpd was not ready after 20 s")

    def _accepts(self):
        try:
            for port in set(self.ports.values()):
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            return False
        return True

    def __exit__(self, *exc):
        if self.parent.poll() is None:
            self._stop()
        self.options.complaints += [f"{self.name}: {line}" for line in self.complaints()]

    def _stop(self):
        children = self._children()
        self.parent.terminate()
        try:
            self.parent.wait(10)
        except subprocess.TimeoutExpired:
            for pid in children:
                os.kill(pid, signal.SIGKILL)
            self.parent.kill()
            self.parent.wait()

    def _children(self):
        pids = []
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue    # ended meanwhile
            if int(fields[1]) == self.parent.pid:
                pids.append(int(stat.parent.name))
        return sorted(pids)

    # ---- what it costs ----

    def cpu_ns(self):
        """utime + stime of the parent and all children, in nanoseconds.

        /proc/PID/stat has the same sum in ticks of 10 ms, too coarse for a short round.
        """
        try:
            return sum(time.clock_gettime_ns((~pid << 3) | CPUCLOCK_SCHED) for pid in self.pids)
        except OSError:
            self._complain("a process ended during a measurement")

    def settle(self):
        """Waits until the server has finished with what the client already has, at most 2 s."""
        last = self.cpu_ns()
        for _ in range(100):
            time.sleep(0.02)
            now = self.cpu_ns()
            if now - last < 50_000:
                return
            last = now

    def check_processes(self):
        if self._children() != self.pids[1:]:
            self._complain("its children are not the same as before")

    def pss_bytes(self):
        """Proportional set size, summed over the children."""
        total = 0
        for pid in self.pids[1:]:
            text = Path(f"/proc/{pid}/smaps_rollup").read_text()
            total += 1024 * int(re.search(r"^Pss:\s+(\d+) kB", text, re.M)[1])
        return total

    def complaints(self):
        """Lines of its log that are warnings or worse."""
        path = self.directory / "error.log"
        lines = path.read_text(errors="replace").splitlines() if path.exists() else []
        bad = re.compile(r"^\[[^]]*\] \[[^]:]*:(warn|error|crit|alert|emerg)\]")
        return [line for line in lines if bad.match(line) and not EXPECTED.search(line)]
