# SPDX-License-Identifier: Apache-2.0
"""What each column of the matrix does, and what shows that it was done."""
import array
import fcntl
import json
import os
import socket
import subprocess
import termios
import threading
import time

PATIENCE_S = 120  # with what hangs; what is slow is not wrong


class Difference(Exception):
    """A cell isn't what matrix.txt says."""


class World:
    """What every cell shares."""

    def __init__(self, ours, files, work, verbose):
        self.ours = ours
        self.files = files
        self.work = work
        self.verbose = verbose

    def note(self, text):
        if self.verbose:
            print("    | " + text.rstrip().replace("\n", "\n    | "))


class Process:
    """A program of ours or the peer's; all that it prints is kept.

    in: feed, what is typed and when: (seconds or word, line). A number is how long to wait, a word is what
    the program prints before, once more for each; None is once it has read the line before."""

    def __init__(self, world, words, stdin=None, env=None, feed=()):
        world.note(" ".join(words))
        self.world = world
        self.text = ""
        self.changed = threading.Condition()
        self.child = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                      env={**os.environ, **(env or {})}, cwd=world.work)
        self.collector = threading.Thread(target=self.collect, daemon=True)
        self.collector.start()
        if stdin is not None:
            self.type(stdin)
            self.child.stdin.close()
        elif feed:
            threading.Thread(target=self.feed, args=[feed], daemon=True).start()

    def feed(self, feed):
        seen = {}
        for when, line in feed:
            if isinstance(when, str):
                seen[when] = seen.get(when, 0) + 1
                self.wait_for(when, times=seen[when])
            elif when is not None:
                time.sleep(when)
            self.type(line)
            if not self.wait_until_read():
                return

    def wait_until_read(self):
        """Lines that arrive in one read are one to some programs. False: it has ended."""
        left = array.array("i", [1])
        end = time.monotonic() + PATIENCE_S
        while self.child.poll() is None and time.monotonic() < end:
            fcntl.ioctl(self.child.stdin.fileno(), termios.FIONREAD, left)
            if left[0] == 0:
                return True
            time.sleep(0.02)
        return False

    def type(self, data):
        try:
            self.child.stdin.write(data)
            self.child.stdin.flush()
        except (OSError, ValueError):
            pass  # it has ended, and its output says how

    def collect(self):
        while True:
            data = os.read(self.child.stdout.fileno(), 65536)
            with self.changed:
                self.text += data.decode("utf-8", "replace")
                self.changed.notify_all()
            if not data:
                return

    def wait_for(self, word, patience_s=PATIENCE_S, times=1):
        end = time.monotonic() + patience_s
        with self.changed:
            while self.text.count(word) < times:
                left = end - time.monotonic()
                if left <= 0:
                    return False
                self.changed.wait(min(left, 0.2))
                if self.child.poll() is not None and not self.collector.is_alive():
                    return self.text.count(word) >= times
        return True

    def wait(self, patience_s=PATIENCE_S):
        """All that it printed, once it has ended."""
        try:
            self.child.wait(patience_s)
        except subprocess.TimeoutExpired:
            self.stop()
        self.collector.join(10)
        self.world.note(self.text)
        return self.text

    def stop(self):
        if self.child.poll() is None:
            self.child.terminate()
            try:
                self.child.wait(3)
            except subprocess.TimeoutExpired:
                self.child.kill()
                self.child.wait()


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_until_open(port, process):
    """A server that doesn't say when it listens."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end and process.child.poll() is None:
        with socket.socket() as s:
            if s.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise Difference("the peer's server doesn't start: " + process.wait(0)[-300:])


def reports(text):
    """Our side's lines of JSON."""
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


class Cell:
    """A cell's settings, in terms that every peer knows."""

    def __init__(self, role, version, column):
        self.ours_is_server = role == "server"
        self.version = version
        self.column = column
        self.resumes = column in ("resumed", "early-data")
        self.connections = 2 if self.resumes else 1
        self.early = column == "early-data"
        self.retry = column == "hello-retry"
        self.raw = column == "raw-key"
        self.post_auth = column == "post-auth"
        self.client_auth = column == "client-auth"
        self.export = "EXPERIMENTAL tlscore" if column == "exporter" else ""  # a label
        # what the server's certificate is compressed with
        self.compression = column.split("-")[1] if column.startswith("compression-") else ""
        # the only group of both sides
        self.group = column.split("-", 1)[1] if column.startswith("group-") else ""
        # the kind of key of both sides' certificates, if it isn't the usual one; BoringSSL's server can't be
        # told to take one of a client
        self.own_kind = column.replace("-", "") if column.startswith("ml-dsa-") else ""
        self.client_auth = self.client_auth or self.own_kind != "" and self.ours_is_server
        # what the client takes in a record
        self.record_size = 1000 if column == "record-size" else 0
        self.reports = []  # our side's, once it has ended


def our_words(world, cell):
    f = world.files.of(cell.own_kind)
    words = [world.ours, "server" if cell.ours_is_server else "client", "--version", cell.version,
             "--connections", str(cell.connections)]
    own, other = ("server", "client") if cell.ours_is_server else ("client", "server")
    if cell.ours_is_server or cell.client_auth or cell.post_auth:
        words += ["--cert", f(own + ".pem"), "--key", f(own + ".key")]
    if not cell.ours_is_server or cell.client_auth or cell.post_auth:
        words += ["--pin", f(other + ".spki")]
    if cell.ours_is_server and cell.client_auth:
        words += ["--client-auth", "required"]
    if cell.ours_is_server and cell.retry:
        words += ["--groups", "secp384r1"]
    if cell.raw:
        words += ["--raw-key"] if cell.ours_is_server else ["--peer-raw-key"]
    words += ["--groups", cell.group] if cell.group else []
    words += ["--early"] if cell.early else []
    words += ["--pha"] if cell.post_auth else []
    words += ["--export", cell.export] if cell.export else []
    words += ["--compression", cell.compression] if cell.compression else []
    if cell.record_size and not cell.ours_is_server:
        words += ["--record-size-limit", str(cell.record_size)]
    return words


def judge(cell, ours, peer_text, early_bytes):
    """Our side's reports say what happened; the peer's word is asked for where ours can't know."""
    if len(ours) != cell.connections:
        raise Difference(f"{len(ours)} connections, not {cell.connections}: {peer_text[-400:]!r}")
    for i, report in enumerate(ours):
        wanted = {"done": True, "version": cell.version, "error": "",
                  "resumed": cell.resumes and i > 0,
                  "early": "accepted" if cell.early and i > 0 else "none"}
        if cell.retry:
            wanted["hello_retry"] = True
        if cell.ours_is_server and (cell.client_auth or cell.post_auth):
            wanted["authenticated"] = True
        if cell.post_auth and cell.ours_is_server:
            wanted["later"] = True
        if cell.record_size:
            # other clients count what they read; ours says what goes into the extension
            type_counts = cell.version == "1.3" and not cell.ours_is_server
            wanted["max_sent" if cell.ours_is_server else "max_received"] = cell.record_size - type_counts
        if cell.compression:
            wanted["compression" if cell.ours_is_server else "peer_compression"] = cell.compression
        if cell.group:
            wanted["group"] = cell.group
        if cell.raw:
            wanted["own_raw_key" if cell.ours_is_server else "raw_key"] = True
        for name, value in wanted.items():
            if report.get(name) != value:
                raise Difference(f"connection {i}: {name} is {report.get(name)!r}, not {value!r}; {report}; "
                                 f"the peer: {peer_text[-400:]!r}")
        early_took_it_all = cell.early and not cell.ours_is_server  # some peers answer nothing to it
        if i + 1 == cell.connections and report["bytes"] == 0 and not early_took_it_all:
            raise Difference(f"connection {i}: nothing was read; the peer: {peer_text[-400:]!r}")
        if cell.early and i > 0 and cell.ours_is_server and early_bytes and report["early_bytes"] == 0:
            raise Difference("no early data came")


def check(world, peer, role, version, column):
    cell = Cell(role, version, column)
    words = our_words(world, cell)
    if cell.ours_is_server:
        ours = Process(world, words, stdin=b"")
        if not ours.wait_for("\n") or not ours.text.startswith("port "):
            raise Difference("our server doesn't start: " + ours.wait(0))
        port = int(ours.text.split()[1])
        peer_text = peer.run_client(cell, port)
        text = ours.wait()
    else:
        server, port = peer.start_server(cell)
        ours = Process(world, words + ["--port", str(port), *peer.our_options(cell)], stdin=b"")
        text = ours.wait()
        for word in peer.last_words(cell):
            server.wait_for(word, 10)
        server.stop()
        peer_text = server.wait() + text
    cell.reports = reports(text)
    judge(cell, cell.reports, peer_text, peer.sends_early_bytes)
    peer.judge(cell, peer_text)
