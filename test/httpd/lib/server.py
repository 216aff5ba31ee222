# SPDX-License-Identifier: Apache-2.0
"""One httpd: its configuration, its start, its restarts and its end, what its log says."""
import contextlib
import ctypes
import os
import pwd
import random
import re
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from lib import sanitizers

PR_SET_PDEATHSIG = 1
START_S, STOP_S = 60, 60  # what is slow is not wrong: these are for what hangs
DRAIN_S = 10

# Nothing of /etc/apache2 is read. Few processes and threads: the machine has others to serve.
BASE = """\
ServerRoot "@dir@"
DefaultRuntimeDir "@dir@/run"
PidFile "@dir@/httpd.pid"
ErrorLog "@dir@/error.log"
LogLevel @level@
ServerName localhost
@user@
LoadModule mpm_@mpm@_module @modules@/mod_mpm_@mpm@.so
LoadModule authz_core_module @modules@/mod_authz_core.so
LoadModule alias_module @modules@/mod_alias.so
LoadModule dir_module @modules@/mod_dir.so
LoadModule mime_module @modules@/mod_mime.so
LoadModule env_module @modules@/mod_env.so
LoadModule reqtimeout_module @modules@/mod_reqtimeout.so
<IfModule !log_config_module>
LoadModule log_config_module @modules@/mod_log_config.so
</IfModule>
@cgi@
@load@
TypesConfig "@dir@/mime.types"
LogFormat "%P %v \\"%r\\" %>s %B %{SSL_PROTOCOL}x %{SSL_CIPHER}x" tests
CustomLog "@dir@/access.log" tests
EnableMMAP off
EnableSendfile off
KeepAlive on
KeepAliveTimeout 60
MaxKeepAliveRequests 0
Timeout 60
DirectoryIndex index.html
ScriptAlias /cgi-bin/ "@site@/cgi-bin/"
<Directory />
    AllowOverride None
    Require all denied
</Directory>
<Directory "@site@">
    Require all granted
</Directory>
"""

MPM = {
    "event": "StartServers 2\nServerLimit 6\nThreadsPerChild 16\nMaxRequestWorkers 96\n"
             "MinSpareThreads 8\nMaxSpareThreads 64\n",
    "worker": "StartServers 2\nServerLimit 6\nThreadsPerChild 16\nMaxRequestWorkers 96\n"
              "MinSpareThreads 8\nMaxSpareThreads 64\n",
    "prefork": "StartServers 4\nServerLimit 40\nMaxRequestWorkers 40\n"
               "MinSpareServers 4\nMaxSpareServers 8\n",
}

# One request at a time in each child: several connections are served by several children.
_THREADED = ("StartServers 6\nServerLimit 12\nThreadsPerChild 1\nMaxRequestWorkers 6\n"
             "MinSpareThreads 1\nMaxSpareThreads 12\n")  # idle children are not ended
MANY_CHILDREN = {"event": _THREADED, "worker": _THREADED, "prefork": "StartServers 6\n"}
FEW_WORKERS = "AH10159|AH00484|AH00161|AH00286"  # what httpd says to that

# A line of the error log that no test may bring about without saying so.
BAD_LINE = re.compile(r"^\[[^]]*\] \[\w+:(error|crit|alert|emerg)\]")
DEAD_CHILD = re.compile(r"AH0005[12]:|exit signal|Sanitizer|runtime error:")
# Told to end at once, the event MPM closes its workers' sockets under them and complains of it.
AT_THE_END = re.compile(r"\[mpm_event:error\] .*\(9\)Bad file descriptor: AH0309[23]:")
WORKING = "resuming normal operations"

# States of sockets as /proc/net/tcp writes them.
LISTENING, TIME_WAIT = "0A", "06"
CLOSED_BY_CLIENT = {"08", "09", "0B"}  # and the server hasn't closed, or its last words are under way


def free_port(taken=()):
    """A port that nothing listens on and that isn't among those taken, below the range from which
    clients get theirs."""
    for _ in range(1000):
        port = random.randint(15000, 31000)
        if port in taken:
            continue
        with socket.socket() as s:
            try:
                s.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise RuntimeError("no free port on 127.0.0.1")


def wait_until(check, seconds, what):
    """Calls `check` until it gives something true, and returns that. what: its name, or a function
    that tells it once it didn't come."""
    deadline = time.monotonic() + seconds
    while True:
        value = check()
        if value:
            return value
        if time.monotonic() >= deadline:
            raise AssertionError(f"{what() if callable(what) else what}: not within {seconds} s")
        time.sleep(0.02)


def tcp_sockets():
    """The fields of each line of /proc/net/tcp: 1 is the local address and port, 3 the state, 9 the
    socket's number."""
    lines = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    return [line.split() for line in lines]


def open_files(pid):
    """Links to what a process has open; none if it is gone."""
    try:
        return [entry.path for entry in os.scandir(f"/proc/{pid}/fd")]
    except (FileNotFoundError, ProcessLookupError):
        return []


def lives(pid):
    """Whether there is such a process, and no zombie."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except (FileNotFoundError, ProcessLookupError):
        return False


def thread_states(pid):
    """What the threads of a process do, a letter each; nothing if it, or one of them, just ended."""
    try:
        return [Path(task.path, "stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
                for task in os.scandir(f"/proc/{pid}/task")]
    except (FileNotFoundError, ProcessLookupError):
        return []


def stands_still(pid):
    """Whether all threads of a process are stopped."""
    return set(thread_states(pid)) == {"T"}


def sleeps(pid):
    """Whether all threads of a process wait for something."""
    return set(thread_states(pid)) == {"S"}


@contextlib.contextmanager
def stopped(pid):
    """A child that takes no connection meanwhile; if there still is one."""
    if not lives(pid):
        yield
        return
    os.kill(pid, signal.SIGSTOP)
    try:
        wait_until(lambda: stands_still(pid), 60, f"{pid}'s standstill")
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def die_with_parent():
    """Runs in the child: if the tests are killed, the server stops by itself."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def user_lines():
    """As root httpd wants to know who to become; as anyone else it must not be asked."""
    if os.geteuid() != 0:
        return ""
    try:
        group = pwd.getpwnam("www-data").pw_gid
    except KeyError as e:
        raise RuntimeError("there is no user www-data for httpd to become") from e
    return f"User www-data\nGroup #{group}"


class World:
    """What all servers of a session share: the programs, the module, files, the options."""

    def __init__(self, folder, certs, site, *, module, httpd, modules, mpm="event",
                 sanitized=False, kind="tlsx"):
        self.folder, self.certs, self.site = Path(folder), certs, site
        self.module, self.httpd, self.modules = Path(module), httpd, Path(modules)
        self.mpm, self.sanitized, self.kind = mpm, sanitized, kind
        self.preload = sanitizers.preload(self.module) if sanitized else ""
        self.count = 0

    def new_folder(self, name):
        """A folder that the server's user may read, and into which nobody else wrote."""
        self.count += 1
        folder = self.folder / f"{self.count:03d}-{name}"
        folder.mkdir(mode=0o755)
        return folder


class Httpd:
    """A server with its own folder. `config` follows BASE; in it @certs@, @site@, @dir@ stand for
    folders, @modules@ for httpd's modules, and any other @NAME@ for a port of 127.0.0.1."""

    def __init__(self, world, config, *, name="httpd", modules=(), mpm=None, cgi="cgi",
                 environ=None, level="info tlsx:debug", tlsx=True):
        self.world, self.config, self.name = world, config, name
        self.modules, self.mpm, self.cgi = tuple(modules), mpm or world.mpm, cgi
        self.environ, self.level, self.tlsx = dict(environ or {}), level, tlsx
        self.folder = world.new_folder(name)
        (self.folder / "run").mkdir(mode=0o755)
        if os.geteuid() == 0:
            shutil.chown(self.folder / "run", "www-data")
        (self.folder / "mime.types").write_text("text/html html\napplication/octet-stream bin\n",
                                                encoding="ascii")
        self.reports = self.folder / "reports"
        self.reports.mkdir()
        self.reports.chmod(0o777)
        self.ports = {}
        self.process = None
        self.allowed = []
        self.ended_at = None  # the log's length when it was told to end
        self.log_path = self.folder / "error.log"

    # ---- configuration ----

    def port(self, name="https"):
        """The port that @name@ stands for."""
        if name not in self.ports:
            self.ports[name] = free_port(self.ports.values())
        return self.ports[name]

    def _load_lines(self):
        lines = [f"LoadModule {name}_module @modules@/mod_{name}.so" for name in self.modules]
        if self.tlsx and self.world.kind == "tlsx":
            lines.append(f'LoadModule tlsx_module "{self.world.module}"')
        elif self.tlsx and "ssl" not in self.modules:
            lines.append("LoadModule ssl_module @modules@/mod_ssl.so\nSSLSessionCache none")
        return "\n".join(lines)

    def _cgi_lines(self):
        if self.cgi == "cgid":
            return ("LoadModule cgid_module @modules@/mod_cgid.so\n"
                    "ScriptSock @dir@/run/cgisock")
        return "LoadModule cgi_module @modules@/mod_cgi.so"

    def text(self):
        """The whole configuration."""
        values = {
            "dir": self.folder, "certs": self.world.certs.folder, "site": self.world.site.folder,
            "modules": self.world.modules, "mpm": self.mpm, "level": self.level,
            "user": user_lines(), "cgi": self._cgi_lines(), "load": self._load_lines(),
        }

        def value(found):
            name = found[1]
            return str(values[name] if name in values else self.port(name))

        text = BASE + MPM[self.mpm] + self.config
        while re.search(r"@(\w+)@", text):
            text = re.sub(r"@(\w+)@", value, text)
        return as_mod_ssl(text) if self.world.kind == "ssl" and self.tlsx else text

    @property
    def conf(self):
        """The configuration's file."""
        return self.folder / "httpd.conf"

    def write(self):
        """Writes the configuration's file."""
        self.conf.write_text(self.text(), encoding="utf-8")

    def line_of(self, text, nth=1):
        """The number of the nth line of the file in which `text` stands."""
        numbers = [n for n, line in enumerate(self.conf.read_text(encoding="utf-8").splitlines(), 1)
                   if text in line]
        assert len(numbers) >= nth, f"{text!r} stands on {len(numbers)} lines of {self.conf}"
        return numbers[nth - 1]

    def _env(self):
        env = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C"}
        env.update(self.environ)
        if self.world.sanitized:
            env.update(sanitizers.environ(self.world.preload, self.reports))
        return env

    def _command(self, *args):
        return [self.world.httpd, "-f", str(self.conf), *args]

    def check_syntax(self, *args, user=None):
        """`httpd -t`, as another user if need be: returns (exit status, all that it says, the error
        log included)."""
        self.write()
        mark = len(self.log())
        done = subprocess.run(self._command("-t", *args), capture_output=True, text=True,
                              env=self._env(), timeout=60, check=False, user=user)
        sanitizers.check(self.reports)
        return done.returncode, done.stdout + done.stderr + self.log_since(mark)

    # ---- life ----

    def start(self):
        """Returns once the server answers on its first port."""
        for left in (2, 1, 0):
            self.write()
            self.log_path.unlink(missing_ok=True)
            with open(self.folder / "stderr", "wb") as out:
                # a session of its own: prefork's parent ends all of its process group
                self.process = subprocess.Popen(
                    self._command("-DFOREGROUND"), stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                    env=self._env(), preexec_fn=die_with_parent, start_new_session=True)
            if self._has_come_up():
                return self
            said = (self.folder / "stderr").read_text(errors="replace") + self.log()
            self.process = None
            if left and "Address already in use" in said:
                self.ports.clear()
                continue
            raise AssertionError(f"httpd does not start:\n{said}")
        return self

    def _has_come_up(self):
        deadline = time.monotonic() + START_S * (4 if self.world.sanitized else 1)
        while time.monotonic() < deadline and self.process.poll() is None:
            if WORKING in self.log() and self._answers():
                return True
            time.sleep(0.02)
        if self.process.poll() is None:
            self._kill()
        return False

    def _answers(self):
        for port in self.ports.values():
            with socket.socket() as s:
                s.settimeout(2)
                if s.connect_ex(("127.0.0.1", port)) == 0:
                    return True
        return not self.ports

    @property
    def pid(self):
        """The parent's, from its pid file."""
        return int((self.folder / "httpd.pid").read_text(encoding="ascii"))

    def children(self):
        """The pids of the parent's children."""
        pid = self.process.pid
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children")
                .read_text(encoding="ascii").split()]

    def memory(self):
        """The parent's own memory, in KiB: what it holds with nobody, and what is resident."""
        text = Path(f"/proc/{self.pid}/smaps_rollup").read_text(encoding="ascii")
        values = dict(re.findall(r"^(\w+): +(\d+) kB", text, re.M))
        return int(values["Pss"]), int(values["Rss"])

    def graceful(self, busy=False):
        """A graceful restart; returns once the new generation works, and the old one is gone. busy: it
        has something under way; once it takes no new connections, then."""
        before, old = self.log().count(WORKING), self.children()
        os.kill(self.pid, signal.SIGUSR1)
        wait_until(lambda: self.log().count(WORKING) > before, START_S * 3, "graceful restart")
        wait_until(lambda: not [pid for pid in old if (self._listens(pid) if busy else lives(pid))],
                   START_S, "the old children's end")

    def _listens(self, pid):
        """Whether a process may still accept connections for this server."""
        listening = {f"socket:[{fields[9]}]" for fields in tcp_sockets() if fields[3] == LISTENING
                     and fields[1].partition(":")[2] in self._hex_ports()}
        for file in open_files(pid):
            try:
                if os.readlink(file) in listening:
                    return True
            except FileNotFoundError:
                pass  # closed in between
        return False

    def _hex_ports(self):
        """The server's ports as /proc/net/tcp has them."""
        return {f"{port:04X}" for port in self.ports.values()}

    def stop(self):
        """Ends the server by its pid file's pid; after a deadline by force."""
        if not self.process or self.process.poll() is not None:
            return
        self.drain()
        pid = self.pid if (self.folder / "httpd.pid").exists() else self.process.pid
        assert pid == self.process.pid, f"the pid file says {pid}, not {self.process.pid}"
        self.ended_at = len(self.log())
        os.kill(pid, signal.SIGTERM)
        try:
            self.process.wait(STOP_S * (4 if self.world.sanitized else 1))
        except subprocess.TimeoutExpired:
            self._kill()
            raise AssertionError(f"{self.name}: httpd did not end on SIGTERM") from None

    def drain(self):
        """Waits for connections to end, before a signal that ends children at once. Told so while a
        worker is closing a connection, the event MPM now and then closes a socket whose memory is
        gone already, and its child crashes (with mod_ssl, too). Those that a client still has open
        are waited for a little."""
        started = time.monotonic()
        while (waited := time.monotonic() - started) < DRAIN_S:
            states = {fields[3] for fields in tcp_sockets()
                      if fields[1].partition(":")[2] in self._hex_ports()} - {LISTENING, TIME_WAIT}
            open_still = states if waited < 0.5 else states & CLOSED_BY_CLIENT
            # A worker isn't done with a connection when its socket is closed: it must sleep again.
            if not open_still and all(sleeps(pid) or not lives(pid) for pid in self.children()):
                break
            time.sleep(0.02)

    def _kill(self):
        pids = [self.process.pid]
        try:
            pids += self.children()
        except (OSError, ValueError):
            pass
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.process.wait(10)

    # ---- what it says ----

    def log(self):
        """The error log so far."""
        try:
            return self.log_path.read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return ""

    def log_since(self, mark):
        """What came after the log was `mark` = len(server.log()) characters long."""
        return self.log()[mark:]

    def access_log(self):
        """The lines of the access log: pid, host, request, status, bytes, protocol, suite."""
        path = self.folder / "access.log"
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []

    def wait_for_log(self, pattern, mark=0, seconds=60):
        """The first line that `pattern` is found in, waited for, and for its end."""
        expression = re.compile(f"^.*(?:{pattern}).*(?=\n)", re.M)
        found = wait_until(lambda: expression.search(self.log_since(mark)), seconds,
                           lambda: f"{pattern!r} in the error log\n{self.log_since(mark)}\n")
        return found[0]

    def allow(self, pattern):
        """Lines at error level that match are what a test is about."""
        self.allowed.append(re.compile(pattern))

    def bad_lines(self):
        """Lines that should not be there: errors, and children that died."""
        log, end = self.log(), self.ended_at
        lines = log[:end].splitlines()
        if end is not None:
            lines += [line for line in log[end:].splitlines() if not AT_THE_END.search(line)]
        return [line for line in lines
                if DEAD_CHILD.search(line)
                or (BAD_LINE.match(line) and not any(a.search(line) for a in self.allowed))]

    def check(self):
        """No error in the log, no child that died by a signal, no report of a sanitizer."""
        sanitizers.check(self.reports)
        bad = self.bad_lines()
        assert not bad, f"{self.name}: the error log says\n" + "\n".join(bad)


class Fleet:
    """Servers that end, and are held to their logs, with the test or the file that uses them."""

    def __init__(self, world):
        self.world = world
        self.servers = []

    def __enter__(self):
        return self

    def new(self, config, **options):
        """A server that is not started."""
        server = Httpd(self.world, config, **options)
        self.servers.append(server)
        return server

    def __call__(self, config, **options):
        """A server that answers."""
        return self.new(config, **options).start()

    def __exit__(self, *_):
        complaints = []
        for server in self.servers:
            for step in (server.stop, server.check):
                try:
                    step()
                except AssertionError as e:
                    complaints.append(str(e))
        assert not complaints, "\n".join(complaints)


def as_mod_ssl(text):
    """The same configuration for mod_ssl (--kind ssl): tells a test's fault from the module's."""
    text = re.sub(r"TLSEngine (on|off)", r"SSLEngine \1", text)
    text = re.sub(r"TLSCertificate (\S+) (\S+)",
                  r"SSLCertificateFile \1\nSSLCertificateKeyFile \2", text)
    text = re.sub(r"TLSStrictSNI (on|off)", r"SSLStrictSNIVHostCheck \1", text)
    text = re.sub(r"TLSSessionTickets (on|off)", r"SSLSessionTickets \1", text)
    text = re.sub(r"(?m)^\s*TLS\w+ .*$", "", text)
    return text.replace(" tlsx:debug", "")
