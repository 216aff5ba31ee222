# SPDX-License-Identifier: Apache-2.0
"""The peers: how each is told what a cell asks for, and what it prints when it saw it."""
import os
import re
import shutil
import subprocess
import time

from . import files
from .scenarios import Difference, Process, free_port, wait_until_open

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
REQUEST = b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n"


class Peer:
    """What all have in common."""

    programs = ()
    sends_early_bytes = True  # its client does, once it may

    def __init__(self, world, bssl):
        self.world = world
        self.files = world.files
        self.bssl = bssl

    def missing(self):
        """Why it can't run, or nothing."""
        lacking = [p for p in self.programs if shutil.which(p) is None]
        return f"{', '.join(lacking)} not installed" if lacking else ""

    def first_line(self, *words):
        out = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False).stdout
        return out.decode("utf-8", "replace").splitlines()[0].strip()

    def listening(self, words, port, **more):
        """A server whose place to listen can't be chosen is held to 127.0.0.1."""
        preload = os.path.join(os.path.dirname(self.world.ours), "loopback.so")
        process = Process(self.world, words, env={"LD_PRELOAD": preload}, **more)
        wait_until_open(port, process)
        return process, port

    def our_options(self, cell):
        """What our client does differently with this server."""
        return []

    def last_words(self, cell):
        """What its server prints of a cell, perhaps after our client has ended: for judge to see."""
        return []

    def judge(self, cell, text):
        """What only the peer can tell."""


def hellos(connections):
    """What s_server is to say to each of its clients; before a handshake it would write instead of reading
    early data, and tell nothing of the connection."""
    return [("CIPHER is", b"hello from openssl\n")] * connections


class OpenSSL(Peer):
    programs = ("openssl",)

    def version(self):
        return self.first_line("openssl", "version")

    def protocol(self, cell):
        return ["-tls1_3" if cell.version == "1.3" else "-tls1_2"]

    def export(self, cell):
        return ["-keymatexport", cell.export, "-keymatexportlen", "32"] if cell.export else []

    def start_server(self, cell):
        f, port = self.files, free_port()
        words = ["openssl", "s_server", "-accept", f"127.0.0.1:{port}", "-cert", f("server.pem"), "-key",
                 f("server.key"), *self.protocol(cell)]
        feed = []
        if cell.early:
            words += ["-early_data", "-no_anti_replay"]
            feed = hellos(cell.connections)
        elif cell.export:  # its page says nothing of that
            feed = hellos(cell.connections)
        elif cell.post_auth:
            words += ["-CAfile", f("ca.pem"), "-naccept", "2"]
            feed = [("CIPHER is", b"c\n"), ("depth=0", b"hello from openssl\n"), (None, b"Q\n")]
        else:
            words += ["-www"]
        if cell.client_auth:
            words += ["-Verify", "1", "-CAfile", f("ca.pem"), "-verify_return_error"]
        if cell.retry:
            words += ["-groups", "P-384"]
        words += self.export(cell)
        process = Process(self.world, words, feed=feed)
        if not process.wait_for("ACCEPT"):
            raise Difference("s_server doesn't start: " + process.text[-300:])
        return process, port

    def run_client(self, cell, port):
        f = self.files
        words = ["openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-CAfile", f("ca.pem"), "-servername",
                 "localhost", "-verify_return_error", "-ign_eof", *self.protocol(cell)]
        if cell.client_auth or cell.post_auth:
            words += ["-cert", f("client.pem"), "-key", f("client.key")]
        if cell.post_auth:
            words += ["-enable_pha"]
        words += self.export(cell)
        text = ""
        for i in range(cell.connections):
            more, stdin = [], REQUEST
            if cell.resumes:
                more = ["-sess_in" if i else "-sess_out", f("openssl.session")]
            if cell.early and i:
                more += ["-early_data", f("request")]
                stdin = b""
            text += Process(self.world, words + more, stdin=stdin).wait()
        return text

    def last_words(self, cell):
        return ["Keying material: "] * (cell.export != "") + ["depth=0"] * cell.post_auth \
            + ["GET / HTTP/1.0"] * cell.early

    def judge(self, cell, text):
        if cell.ours_is_server and "hello, peer" not in text:
            raise Difference("s_client didn't get the page: " + text[-300:])
        if cell.export and f"Keying material: {cell.reports[-1]['exported']}\n" not in text:
            raise Difference(f"other keying material: {cell.reports[-1]}; {text[-600:]}")
        if not cell.ours_is_server and cell.post_auth and "depth=0" not in text:
            raise Difference("s_server saw no certificate: " + text[-600:])
        if not cell.ours_is_server and cell.early and "GET / HTTP/1.0" not in text:
            raise Difference("s_server saw no early data: " + text[-600:])


class GnuTLS(Peer):
    programs = ("gnutls-serv", "gnutls-cli")

    def version(self):
        return self.first_line("gnutls-cli", "--version")

    def priority(self, cell):
        text = "NORMAL:-VERS-ALL:+VERS-TLS" + cell.version
        if cell.retry and not cell.ours_is_server:
            text += ":-GROUP-ALL:+GROUP-SECP384R1"
        if cell.raw:
            text += ":-CTYPE-SRV-ALL:+CTYPE-SRV-RAWPK"
        return ["--priority", text]

    def start_server(self, cell):
        f, port = self.files, free_port()
        words = ["gnutls-serv", "-p", str(port), *self.priority(cell)]
        if cell.raw:
            words += ["--rawpkkeyfile", f("server.key"), "--rawpkfile", f("server.pub")]
        else:
            words += ["--x509certfile", f("server.pem"), "--x509keyfile", f("server.key")]
        if cell.client_auth:
            words += ["--require-client-cert", "--verify-client-cert", "--x509cafile", f("ca.pem")]
        elif cell.post_auth:
            words += ["--x509cafile", f("ca.pem"), "--disable-client-cert", "--echo"]
        else:
            words += ["--disable-client-cert"]
        if cell.early:
            words += ["--earlydata", "--maxearlydata", "16384"]
        if not cell.post_auth:
            words += ["--http"]
        return self.listening(words, port, stdin=b"")

    def run_client(self, cell, port):
        f = self.files
        words = ["gnutls-cli", "-p", str(port), "--sni-hostname", "localhost", "--verify-hostname", "localhost",
                 "--x509cafile", f("ca.pem"), *self.priority(cell), "127.0.0.1"]
        if cell.record_size:
            words += ["--recordsize", str(cell.record_size)]
        if cell.raw:
            words += ["--insecure"]
        if cell.client_auth or cell.post_auth:
            words += ["--x509certfile", f("client.pem"), "--x509keyfile", f("client.key")]
        if cell.post_auth:
            words += ["--post-handshake-auth"]
        if cell.resumes:
            words += ["--resume"] + (["--waitresumption"] if cell.version == "1.3" else [])
        if cell.early:
            words += ["--earlydata", f("request")]
        # --resume asks for its session before it sends anything
        feed = [] if cell.early else [(0.5, REQUEST)] + [(1.0, REQUEST)] * cell.resumes
        return Process(self.world, words, feed=feed).wait()

    def our_options(self, cell):
        words = ["--request", "**REAUTH**"] if cell.post_auth else []
        # in these cells gnutls-serv doesn't close: silence is the end
        return words + (["--patience", "10"] if cell.post_auth or cell.early else [])

    def judge(self, cell, text):
        if cell.post_auth and not cell.ours_is_server and "Successfully executed command" not in text:
            raise Difference("gnutls-serv saw no certificate: " + text[-600:])


class NSS(Peer):
    programs = ("selfserv", "tstclnt", "certutil", "pk12util")
    sends_early_bytes = False  # tstclnt's socket blocks until the handshake is over: offered, taken, left empty

    def __init__(self, world, bssl):
        super().__init__(world, bssl)
        self.folder = None

    def version(self):
        out = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", "libnss3"], stdout=subprocess.PIPE, check=False)
        return "NSS " + out.stdout.decode()

    def database(self):
        if self.folder is None:
            self.folder = files.make_nss(self.files)
        return self.folder

    def protocol(self, cell):
        return ["-V", f"tls{cell.version}:tls{cell.version}", "-G"]

    def start_server(self, cell):
        port = free_port()
        words = ["selfserv", "-d", self.database(), "-n", "server", "-p", str(port), "-u", *self.protocol(cell)]
        words += ["-r", "-r"] if cell.client_auth else []
        words += ["-Z"] if cell.early else []
        words += ["-I", "P384"] if cell.retry else []
        server = self.listening(words, port, stdin=b"")
        if cell.early:
            time.sleep(10.5)  # until its first window is over, any early data could be a replay
        return server

    def run_client(self, cell, port):
        words = ["tstclnt", "-h", "127.0.0.1", "-p", str(port), "-a", "localhost", "-d", self.database(), "-v", "-u",
                 "-A", self.files("request"), *self.protocol(cell)]
        words += ["-n", "client"] if cell.client_auth else []
        words += ["-L", "2"] if cell.resumes else []
        words += ["-Z"] if cell.early else []
        return Process(self.world, words, stdin=b"").wait()


class Program(Peer):
    """A peer that is a program of this folder, with the options of peer.c."""

    def words(self):
        raise NotImplementedError

    def options(self, cell):
        f = self.files
        own = "client" if cell.ours_is_server else "server"
        words = ["--version", cell.version, "--connections", str(cell.connections), "--ca", f("ca.pem")]
        if not cell.ours_is_server or cell.client_auth:
            words += ["--cert", f(own + ".pem"), "--key", f(own + ".key"), "--p12", f(own + ".p12")]
        if not cell.ours_is_server and cell.client_auth:
            words += ["--client-auth", "required"]
        if cell.retry:
            words += ["--groups", "x25519:secp256r1:secp384r1" if cell.ours_is_server else "secp384r1"]
        words += ["--groups", cell.group] if cell.group else []
        if cell.early:
            words += ["--early"]
        return words

    def start_server(self, cell):
        process = Process(self.world, [*self.words(), "server", *self.options(cell)], stdin=b"")
        if not process.wait_for("port "):
            raise Difference("it doesn't start: " + process.wait(0)[-300:])
        return process, int(re.search(r"port (\d+)", process.text).group(1))

    def run_client(self, cell, port):
        words = [*self.words(), "client", "--port", str(port), *self.options(cell)]
        return Process(self.world, words, stdin=b"").wait()


class BoringSSL(Program):
    """Its own program; where that lacks something, one of ours on its libssl."""

    def words(self):
        path = os.path.join(os.path.dirname(self.world.ours), "boring")
        if not os.path.exists(path):
            raise Difference(f"{path} isn't built: configure --with-test-libssl, with libzstd there")
        return [path]

    def options(self, cell):
        words = super().options(cell) + ["--compression", cell.compression]
        if "--p12" in words:
            at = words.index("--p12")
            del words[at:at + 2]
        return words

    def missing(self):
        return "" if self.bssl and os.path.exists(self.bssl) else "no bssl: ./bootstrap deps bssl, then --bssl FILE"

    def version(self):
        return "BoringSSL of the pinned sources"

    def protocol(self, cell):
        return ["-min-version", "tls" + cell.version, "-max-version", "tls" + cell.version]

    def start_server(self, cell):
        if cell.compression:
            return super().start_server(cell)
        f, port = self.files.of(cell.own_kind), free_port()
        words = [self.bssl, "server", "-accept", str(port), "-loop", "-www", "-cert", f("server.pem"), "-key",
                 f("server.key"), *self.protocol(cell)]
        words += ["-require-any-client-cert"] if cell.client_auth else []
        words += ["-early-data"] if cell.early else []
        words += ["-curves", "P-384"] if cell.retry else []
        words += ["-rpk-key", f("server.key")] if cell.raw else []
        return self.listening(words, port, stdin=b"")

    def run_client(self, cell, port):
        if cell.compression:
            return super().run_client(cell, port)
        f = self.files.of(cell.own_kind)
        words = [self.bssl, "client", "-connect", f"127.0.0.1:{port}", "-server-name", "localhost",
                 *self.protocol(cell)]
        if cell.raw:
            words += ["-accept-cert-types", "rpk"]
        elif not cell.own_kind:  # no CAs of such kinds: the handshake's signature alone is checked
            words += ["-root-certs", f("ca.pem")]
        if cell.own_kind:  # not among those that it offers by itself
            words += ["-sigalgs", cell.own_kind]
        if cell.client_auth:
            words += ["-cert", f("client.pem"), "-key", f("client.key")]
        text = ""
        for i in range(cell.connections):
            more, feed = [], [(0.3, REQUEST)]
            if cell.resumes:
                more = ["-session-in" if i else "-session-out", f("bssl.session")]
            if cell.early and i:
                more += ["-early-data", "@" + f("request")]
                feed = []
            text += Process(self.world, words + more, feed=feed).wait()
        return text

    def last_words(self, cell):
        return ["compressed by 3: "] * (cell.compression == "zstd")

    def judge(self, cell, text):
        did = "compressed by 3: 0, decompressed: 1" if cell.ours_is_server else "compressed by 3: 1, decompressed: 0"
        if cell.compression == "zstd" and did not in text:
            raise Difference("zstd's own library had nothing to do: " + text[-600:])


class Go(Program):
    go = os.environ.get("GO") or "go"
    programs = (go,)

    def version(self):
        return self.first_line(self.go, "version")

    def words(self):
        path = os.path.join(self.world.work, "go-peer")
        if not os.path.exists(path):
            subprocess.run([self.go, "build", "-o", path, "."], cwd=os.path.join(HERE, "go"), check=True,
                           env={**os.environ, "GOFLAGS": "-mod=mod", "GOTOOLCHAIN": "local"})
        return [path]

    def options(self, cell):
        words = super().options(cell)
        if "--p12" in words:
            at = words.index("--p12")
            del words[at:at + 2]
        return words


class Rustls(Program):
    programs = ("cargo",)

    def version(self):
        lock = open(os.path.join(HERE, "rustls", "Cargo.lock"), encoding="utf-8").read()
        return "rustls " + re.search(r'name = "rustls"\nversion = "([^"]+)"', lock).group(1)

    def words(self):
        target = os.path.join(os.path.dirname(self.world.ours), "rustls")
        path = os.path.join(target, "release", "peer")
        subprocess.run(["cargo", "build", "--quiet", "--release", "--locked", "-j2"], check=True,
                       cwd=os.path.join(HERE, "rustls"), env={**os.environ, "CARGO_TARGET_DIR": target})
        return [path]


class Java(Program):
    programs = ("java", "javac")

    def version(self):
        return self.first_line("java", "-version")

    def words(self):
        target = os.path.join(self.world.work, "java")
        if not os.path.exists(target):
            subprocess.run(["javac", "-d", target, os.path.join(HERE, "java", "Peer.java")], check=True)
        return ["java", "-cp", target, "Peer"]


ALL = {"openssl": OpenSSL, "gnutls": GnuTLS, "nss": NSS, "bssl": BoringSSL, "go": Go, "rustls": Rustls,
       "java": Java}
