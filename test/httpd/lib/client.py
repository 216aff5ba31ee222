# SPDX-License-Identifier: Apache-2.0
"""Clients of the tests' own: HTTP/1.1 over Python's ssl module, and the command curl."""
import contextlib
import re
import socket
import ssl
import subprocess
import threading
import time

TIMEOUT_S = 30


def context(certs, *, alpn=None, ca=None, tls12=None):
    """A client's settings: it trusts the tests' CA alone and checks names.

    tls12: names of suites, joined by colons: nothing newer than TLS 1.2, with these."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.load_verify_locations(ca or certs.ca)
    if tls12:
        made.maximum_version = ssl.TLSVersion.TLSv1_2
        made.set_ciphers(tls12)
    if alpn:
        made.set_alpn_protocols(list(alpn))
    return made


def lenient(certs):
    """Settings with which names are not checked: the test looks at the certificate itself."""
    made = context(certs)
    made.check_hostname = False
    return made


def dial(port, timeout=TIMEOUT_S):
    """A TCP connection to 127.0.0.1 that sends at once what it is given."""
    sock = socket.create_connection(("127.0.0.1", port), timeout)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


class Response:
    """Status, headers (names in lower case) and body of an answer."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def text(self):
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    @property
    def vars(self):
        """The lines NAME=VALUE of the CGI script env."""
        return dict(line.partition("=")[::2] for line in self.text.splitlines() if "=" in line)


class Http:
    """HTTP/1.1 on a connection that stays open; a context manager."""

    def __init__(self, port, host, *, ctx=None, sni=None, session=None, sock=None, plain=False):
        """sni: the name asked for, if not the host's; "" for none."""
        self.host = f"{host}:{port}"
        self.sock = sock or dial(port)
        if not plain and not sock:
            name = host if sni is None else sni
            self.sock = ctx.wrap_socket(self.sock, server_hostname=name or None, session=session)
        self.file = self.sock.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """Closes the connection, without waiting for anything."""
        self.file.close()
        self.sock.close()

    def send(self, path="/", *, method="GET", headers=(), body=b"", host=None):
        """Sends a request. A body that is an iterable of bytes goes in chunks."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: {host or self.host}"]
        lines += [f"{name}: {value}" for name, value in dict(headers).items()]
        whole = isinstance(body, bytes)
        if not whole:
            lines.append("Transfer-Encoding: chunked")
        elif body or method in ("POST", "PUT"):
            lines.append(f"Content-Length: {len(body)}")
        head = "\r\n".join([*lines, "", ""]).encode("latin-1")
        self.sock.sendall(head + body if whole else head)
        if not whole:
            for piece in body:
                self.sock.sendall(b"%x\r\n%s\r\n" % (len(piece), piece))
            self.sock.sendall(b"0\r\n\r\n")

    def head(self):
        """Reads status line and headers: (status, headers)."""
        line = self.file.readline()
        assert line.startswith(b"HTTP/1."), f"no status line: {line!r}"
        status, headers = int(line.split()[1]), {}
        while (line := self.file.readline().rstrip(b"\r\n")):
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        return status, headers

    def _chunks(self):
        while (size := int(self.file.readline().split(b";")[0], 16)):
            yield self.file.read(size)
            self.file.readline()
        self.file.readline()

    def body(self, headers):
        """Reads the body that belongs to the headers."""
        if headers.get("transfer-encoding") == "chunked":
            return b"".join(self._chunks())
        if "content-length" in headers:
            size = int(headers["content-length"])
            data = self.file.read(size)
            assert len(data) == size, f"{len(data)} of {size} bytes came"
            return data
        return self.file.read()

    def read(self, method="GET"):
        """Reads an answer."""
        status, headers = self.head()
        empty = method == "HEAD" or status in (204, 304) or status < 200
        return Response(status, headers, b"" if empty else self.body(headers))

    def get(self, path="/", **options):
        """A request and its answer."""
        self.send(path, **options)
        return self.read(options.get("method", "GET"))


def get(port, host, path="/", *, ctx, **options):
    """One request on a connection of its own."""
    sni = options.pop("sni", None)
    with Http(port, host, ctx=ctx, sni=sni) as http:
        return http.get(path, **options)


class Chopped:
    """TLS by hand over a plain socket, so that what is sent can be cut anywhere."""

    def __init__(self, port, host, ctx, *, piece=1, pause=0.0):
        self.raw = dial(port)
        self.piece, self.pause = piece, pause
        self.inward, self.outward = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = ctx.wrap_bio(self.inward, self.outward, server_hostname=host)

    def flush(self):
        """Sends what is due, `piece` bytes a segment."""
        data = self.outward.read()
        for at in range(0, len(data), self.piece):
            self.raw.sendall(data[at:at + self.piece])
            if self.pause:
                time.sleep(self.pause)
        return len(data)

    def _more(self):
        self.flush()
        data = self.raw.recv(65536)
        if data:
            self.inward.write(data)
        else:
            self.inward.write_eof()

    def run(self, what, *args):
        """Calls what(*args) of the TLS object until it needs no more bytes."""
        while True:
            try:
                value = what(*args)
                self.flush()
                return value
            except ssl.SSLWantReadError:
                self._more()

    def handshake(self):
        """The handshake."""
        self.run(self.tls.do_handshake)

    def write(self, data):
        """Encrypts and sends."""
        self.run(self.tls.write, data)

    def read_all(self):
        """Everything up to the server's close_notify."""
        data = b""
        while True:
            try:
                piece = self.run(self.tls.read, 65536)
            except ssl.SSLZeroReturnError:
                return data
            if not piece:
                return data
            data += piece


def peer_certificate(port, sni, ctx):
    """The DER certificate that is shown for a name (None: no SNI)."""
    with dial(port) as raw, ctx.wrap_socket(raw, server_hostname=sni) as tls:
        return tls.getpeercert(binary_form=True)


def curl(server, host, path="/", *args, port="https", scheme="https", text=True):
    """Runs curl with the tests' CA as the only trust: (exit status, output, complaints)."""
    done = subprocess.run(curl_command(server, host, path, *args, port=port, scheme=scheme),
                          capture_output=True, text=text, timeout=330, check=False)
    return done.returncode, done.stdout, done.stderr


def curl_command(server, host, path, *args, port="https", scheme="https"):
    """curl's words for a request."""
    number = server.port(port)
    return ["curl", "--silent", "--show-error", "--max-time", "300", "--noproxy", "*",
            "--cacert", str(server.world.certs.ca), "--resolve", f"{host}:{number}:127.0.0.1", *args,
            f"{scheme}://{host}:{number}{path}"]


def exchange(port, data, *, half_close=False):
    """Sends raw bytes and reads until the server closes; what came until then. A server may close
    before it has taken all: what it said before that is there to read."""
    with dial(port) as sock:
        with contextlib.suppress(ConnectionError):
            sock.sendall(data)
        if half_close:
            with contextlib.suppress(OSError):  # ENOTCONN: it has reset the connection
                sock.shutdown(socket.SHUT_WR)
        got = b""
        with contextlib.suppress(ConnectionResetError):
            while (piece := sock.recv(65536)):
                got += piece
        return got


def s_client(server, host, *args, path="/", port="https", sni=None, ca=True):
    """A request by openssl s_client: (exit status, all that it prints)."""
    name = host if sni is None else sni
    request = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    command = ["openssl", "s_client", "-connect", f"127.0.0.1:{server.port(port)}", "-ign_eof"]
    command += ["-servername", name] if name else ["-noservername"]
    if ca:
        command += ["-CAfile", str(server.world.certs.ca), "-verify_return_error"]
    done = subprocess.run([*command, *args], input=request, capture_output=True, text=True,
                          timeout=120, check=False, errors="replace")
    return done.returncode, done.stdout + done.stderr


def read_until(process, pattern):
    """The lines of a program's output, up to one in which the pattern is found."""
    watch = threading.Timer(60, process.kill)
    watch.start()
    said = ""
    try:
        for line in process.stdout:
            said += line
            if re.search(pattern, line):
                return said
    finally:
        watch.cancel()
    raise AssertionError(f"{pattern} did not come:\n{said}")
