# SPDX-License-Identifier: Apache-2.0
"""Data moves when it should: streams without delay, tunnels, waiting for more, large headers."""
import socket
import subprocess
import threading
import time

import pytest

from lib.client import Http, context, curl, curl_command, get
from lib.hosts import ALPHA_BETA
from lib.site import sha256

PROXY = ("proxy", "proxy_http", "proxy_wstunnel")


class Backend:
    """A plain server behind mod_proxy: `answer` deals with each connection in a thread."""

    def __init__(self, answer):
        self.answer = answer
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            sock.settimeout(60)
            threading.Thread(target=self._one, args=(sock,), daemon=True).start()

    def _one(self, sock):
        with sock:
            try:
                self.answer(sock, sock.makefile("rb"))
            except OSError:
                pass

    def close(self):
        """No more connections."""
        self.listener.close()


def read_head(file):
    """The lines of a request up to the empty one."""
    lines = []
    while (line := file.readline().rstrip(b"\r\n")):
        lines.append(line.decode())
    return lines


def tunnel(sock, file):
    """Switches protocols, then answers each line by the same in capitals."""
    head = read_head(file)
    assert any(line.lower().startswith("upgrade: websocket") for line in head)
    sock.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                 b"Connection: Upgrade\r\n\r\nhello\n")
    while (line := file.readline()):
        sock.sendall(line.upper())


def drip(drops):
    """An answer of five pieces, for each of which `drops` makes way."""
    def answer(sock, file):
        read_head(file)
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
        for number in range(5):
            sock.sendall(b"data: %d\n\n" % number)
            drops.acquire(timeout=60)
    return answer


@pytest.fixture(scope="module")
def drops():
    """A semaphore: a piece of drip's answer each."""
    return threading.Semaphore(0)


@pytest.fixture(scope="module")
def backends(drops):
    """(tunnel, drip)"""
    made = Backend(tunnel), Backend(drip(drops))
    yield made
    for backend in made:
        backend.close()


@pytest.fixture(scope="module")
def server(httpd_for_all, backends, world):
    """The demo's hosts, with a proxy to both backends."""
    modules = PROXY if world.mpm == "prefork" else PROXY + ("http2",)
    return httpd_for_all(
        ("Protocols h2 http/1.1\n" if "http2" in modules else "") + ALPHA_BETA
        + f"ProxyPass /ws/ http://127.0.0.1:{backends[0].port}/ upgrade=websocket\n"
        + f"ProxyPass /tunnel/ ws://127.0.0.1:{backends[0].port}/\n"
        + f"ProxyPass /drip/ http://127.0.0.1:{backends[1].port}/ flushpackets=on\n",
        name="io", modules=modules)


@pytest.fixture
def http(server, certs):
    """An HTTP/1.1 connection to alpha."""
    with Http(server.port(), "alpha.tlsx.test", ctx=context(certs)) as made:
        yield made


# ---- streams ----

@pytest.mark.parametrize("path", ["/ws/", "/tunnel/"])
def test_websocket(http, path):
    """After the upgrade data goes both ways, each piece at once: by mod_proxy_http, by wstunnel."""
    http.send(path, headers={"Upgrade": "websocket", "Connection": "Upgrade",
                             "Sec-WebSocket-Version": "13",
                             "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="})
    assert http.head()[0] == 101
    assert http.file.readline() == b"hello\n"
    times = []
    for number in range(30):  # each line waits for the answer to the one before: if one lay, so would all
        start = time.monotonic()
        http.sock.sendall(b"line %d\n" % number)
        assert http.file.readline() == b"LINE %d\n" % number
        times.append(time.monotonic() - start)
    assert max(times) < 2, "an answer lay somewhere"
    line = b"x" * 100_000 + b"\n"
    http.sock.sendall(line)
    assert http.file.readline() == line.upper()


class Steps:
    """What makes way for the pieces of an answer, one by one: for the script steps, and for drip."""

    def __init__(self, folder, drops):
        self.folder, self.drops = folder, drops
        self.path = f"/cgi-bin/steps?{folder}/"

    def made_way(self, number):
        """The next piece may be made."""
        (self.folder / str(number)).touch()
        self.drops.release()


@pytest.fixture
def steps(world, drops):
    """For one test; its folder is one that the scripts' user may read."""
    folder = world.new_folder("steps")
    made = Steps(folder, drops)
    yield made
    for number in range(1, 6):  # nobody waits any longer
        made.made_way(number)
    while drops.acquire(blocking=False):
        pass


def pieces(file, steps, marker):
    """The five lines with the marker, each waited for before the next may be made."""
    found = []
    while len(found) < 5:
        line = file.readline()
        assert line, f"the answer ended early, after {found}"
        if line.startswith(marker):
            found.append(line)
            steps.made_way(len(found))
    return found


@pytest.mark.parametrize("path, marker", [(None, b"line"), ("/drip/", b"data:")],
                         ids=["steps", "drip"])
def test_pieces_come_as_they_are_made(http, steps, path, marker):
    """Each piece of an answer arrives before the next is made, by a CGI script and by a proxy."""
    http.send(path or steps.path)
    assert http.head()[0] == 200
    assert len(set(pieces(http.file, steps, marker))) == 5


def test_pieces_by_cgid(httpd, certs, steps):
    """The same with mod_cgid, Debian's choice for MPMs with threads."""
    server = httpd(ALPHA_BETA, cgi="cgid")
    if server.mpm == "prefork":
        pytest.skip("mod_cgid is for MPMs with threads")
    with Http(server.port(), "alpha.tlsx.test", ctx=context(certs)) as http:
        http.send(steps.path)
        assert http.head()[0] == 200
        assert len(set(pieces(http.file, steps, b"line"))) == 5


def test_pieces_over_http2(server, steps, world):
    """The same over HTTP/2: curl writes each piece before the next is made."""
    if world.mpm == "prefork":
        pytest.skip("mod_http2 does not serve on prefork")
    with subprocess.Popen(curl_command(server, "alpha.tlsx.test", steps.path, "--http2",
                                       "--no-buffer", "--write-out", "%{http_version}\n"),
                          stdout=subprocess.PIPE) as client:
        watch = threading.Timer(60, client.kill)
        watch.start()
        try:
            found = pieces(client.stdout, steps, b"line")
            assert len(set(found)) == 5 and client.stdout.read() == b"2\n" and client.wait(60) == 0
        finally:
            watch.cancel()


def test_dialogue_with_a_proxied_upload(http):
    """A request body that is sent slowly reaches the script whole."""
    http.sock.sendall(b"POST /cgi-bin/lines HTTP/1.1\r\nHost: alpha.tlsx.test\r\n"
                      b"Transfer-Encoding: chunked\r\n\r\n")
    for number in range(5):
        http.sock.sendall(b"7\r\nline %d\n\r\n" % number)
        time.sleep(0.1)
    http.sock.sendall(b"0\r\n\r\n")
    assert http.read().text == "".join(f"got line {n}\n" for n in range(5))


# ---- waiting ----

def test_keep_alive_idle(http):
    """A connection that was idle for a while serves on."""
    assert http.get("/1.bin").status == 200
    time.sleep(1.5)
    assert http.get("/100.bin").status == 200


def test_keep_alive_ends(httpd, certs):
    """After KeepAliveTimeout the server closes, by close_notify: the client sees a clean end."""
    server = httpd(ALPHA_BETA + "KeepAliveTimeout 1\n")
    with Http(server.port(), "alpha.tlsx.test", ctx=context(certs)) as http:
        assert http.get("/1.bin").status == 200
        assert http.file.read() == b""


def test_half_a_request_times_out(httpd, certs):
    """RequestReadTimeout works above TLS: 408, then the end."""
    server = httpd(ALPHA_BETA + "RequestReadTimeout header=2\n")
    with Http(server.port(), "alpha.tlsx.test", ctx=context(certs)) as http:
        http.sock.sendall(b"GET / HTTP/1.1\r\nHost: al")
        assert http.read().status == 408


def test_half_a_handshake_times_out(httpd, certs):
    """A client that falls silent in its handshake is let go after a while, with a line at info."""
    server = httpd(ALPHA_BETA + "RequestReadTimeout handshake=2 header=5\nTimeout 5\n")
    with socket.create_connection(("127.0.0.1", server.port()), 30) as sock:
        sock.sendall(b"\x16\x03\x01\x02\x00\x01\x00")
        start = time.monotonic()
        try:
            while sock.recv(1000):
                pass
        except ConnectionResetError:
            pass
        assert time.monotonic() - start < 20
    line = server.wait_for_log("handshake with .* timed out")
    assert "[tlsx:info]" in line and "fell silent" in line and "Timeout" in line
    assert get(server.port(), "alpha.tlsx.test", ctx=context(certs)).status == 200


def test_100_continue(http):
    """The interim answer comes before the body is sent."""
    http.sock.sendall(b"POST /cgi-bin/echo HTTP/1.1\r\nHost: alpha.tlsx.test\r\n"
                      b"Content-Length: 5\r\nExpect: 100-continue\r\n\r\n")
    assert http.head()[0] == 100
    http.sock.sendall(b"hello")
    assert http.read().body == b"hello"


# ---- headers ----

def test_large_headers(http):
    """Headers near httpd's limit come and go whole."""
    value = "v" * 8000
    answer = http.get("/cgi-bin/header", headers={"X-Large": value})
    assert answer.headers["x-length"] == "8000" and answer.headers["x-back"] == value


def test_many_headers(http):
    """Ninety headers of 200 bytes: more than a record."""
    headers = {f"X-{n}": "y" * 200 for n in range(90)}
    assert http.get("/1.bin", headers=headers).status == 200


def test_too_large_a_header(http):
    """A line beyond LimitRequestFieldSize is httpd's 400, not a broken connection."""
    answer = http.get("/1.bin", headers={"X-Large": "v" * 9000})
    assert answer.status == 400 and "exceeds" in answer.text


def test_too_long_a_request_line(http):
    """A line beyond LimitRequestLine: 414."""
    assert http.get("/" + "x" * 9000).status == 414


def test_header_in_pieces(http):
    """A header line over three records, cut within CRLF."""
    for part in (b"GET /1.bin HTTP/1.1\r", b"\nHost: alpha.tls", b"x.test\r\nX-A: b\r\n\r", b"\n"):
        http.sock.sendall(part)
        time.sleep(0.05)
    assert http.read().status == 200


def test_empty_lines_between_requests(http):
    """Line ends after a request, as old clients send them."""
    http.sock.sendall(b"\r\nGET /1.bin HTTP/1.1\r\nHost: alpha.tlsx.test\r\n\r\n\r\n")
    assert http.read().status == 200
    assert http.get("/100.bin").status == 200


def test_script_that_fails(server, http):
    """A script's failure is a page of status 500, and the connection's next request is served."""
    server.allow("AH01215|End of script output before headers")
    assert http.get("/cgi-bin/fail").status == 500


def test_compression_and_filters(httpd, certs, site):
    """Filters above (deflate) and the connection's own (ratelimit) get along with TLS."""
    server = httpd(ALPHA_BETA + "SetOutputFilter DEFLATE\n"
                   "<Location /100000.bin>\nSetOutputFilter RATE_LIMIT\nSetEnv rate-limit 100\n"
                   "</Location>\n", modules=("deflate", "filter", "ratelimit"))
    code, data, err = curl(server, "alpha.tlsx.test", "/16384.bin", "--compressed", text=False)
    assert code == 0 and len(data) == 16384, err
    answer = get(server.port(), "alpha.tlsx.test", "/100000.bin", ctx=context(certs))
    assert sha256(answer.body) == site.hashes[100_000]
