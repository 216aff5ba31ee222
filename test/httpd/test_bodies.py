# SPDX-License-Identifier: Apache-2.0
"""Bodies of all sizes, up and down, arrive whole: compared by their hashes."""
import hashlib
import random
import socket
import struct
import threading
import time

import pytest

from lib.client import Chopped, Http, context, curl, dial, get
from lib.hosts import ALPHA_BETA
from lib.server import wait_until
from lib.site import HUGE, MIB, SIZES, pattern, sha256

UPLOADS = (1, 100, 16384, 16385, 65536, 1_000_003)


@pytest.fixture(scope="module")
def server(httpd_for_all, world):
    """The demo's hosts, with HTTP/2 where there is one."""
    modules = () if world.mpm == "prefork" else ("http2",)
    return httpd_for_all(("Protocols h2 http/1.1\n" if modules else "") + ALPHA_BETA,
                         name="bodies", modules=modules)


@pytest.fixture
def http(server, certs):
    """An HTTP/1.1 connection to alpha."""
    with Http(server.port(), "alpha.tlsx.test", ctx=context(certs)) as made:
        yield made


def versions(world):
    """curl's options for each version that is served."""
    return ("--http1.1",) if world.mpm == "prefork" else ("--http1.1", "--http2")


# ---- down ----

def test_static_files(http, site):
    """Files of sizes around records and batches, one after the other on one connection."""
    for size in SIZES:
        answer = http.get(f"/{size}.bin")
        assert (answer.status, len(answer.body)) == (200, size)
        assert sha256(answer.body) == site.hashes[size]


@pytest.mark.parametrize("option", ["--http1.1", "--http2"])
@pytest.mark.parametrize("size", SIZES)
def test_static_files_by_curl(server, world, site, option, size):
    """The same, each on a connection of its own, over both versions."""
    if option not in versions(world):
        pytest.skip("mod_http2 does not serve on prefork")
    code, data, err = curl(server, "alpha.tlsx.test", f"/{size}.bin", option, text=False)
    assert code == 0, err
    assert (len(data), sha256(data)) == (size, site.hashes[size])


@pytest.mark.parametrize("option", ["--http1.1", "--http2"])
def test_100_megabytes_down(server, world, site, option):
    """A file of 100 MB."""
    if option not in versions(world):
        pytest.skip("mod_http2 does not serve on prefork")
    site.huge()
    out = server.folder / "huge"
    code, _, err = curl(server, "alpha.tlsx.test", f"/{HUGE}.bin", option, "--output", str(out))
    assert code == 0, err
    with open(out, "rb") as file:
        assert hashlib.file_digest(file, "sha256").hexdigest() == site.hashes[HUGE]
    out.unlink()


@pytest.mark.parametrize("first, last", [(0, 0), (0, 99), (16383, 16385), (65534, 65536),
                                         (10 * MIB - 1, 10 * MIB - 1), (1_000_000, 3_000_000)])
def test_ranges(http, first, last):
    """Parts of a file."""
    answer = http.get(f"/{10 * MIB}.bin", headers={"Range": f"bytes={first}-{last}"})
    assert answer.status == 206
    assert answer.body == pattern(10 * MIB)[first:last + 1]


def test_several_ranges(http):
    """multipart/byteranges: pieces of the file between pieces of text."""
    answer = http.get(f"/{MIB}.bin", headers={"Range": "bytes=0-9,70000-140000,1048570-"})
    data = pattern(MIB)
    assert answer.status == 206 and "multipart/byteranges" in answer.headers["content-type"]
    for piece in (data[:10], data[70000:140001], data[1048570:]):
        assert piece in answer.body


def test_head_and_304(http):
    """Answers without a body leave the connection in step."""
    assert http.get("/100.bin", method="HEAD").headers["content-length"] == "100"
    tag = http.get("/100.bin").headers["etag"]
    assert http.get("/100.bin", headers={"If-None-Match": tag}).status == 304
    assert http.get("/100.bin").status == 200


def test_chunked_down(http):
    """A CGI script's answer without a length."""
    for _ in range(3):
        answer = http.get("/cgi-bin/many")
        assert answer.headers.get("transfer-encoding") == "chunked"
        assert answer.text == "".join(f"line {i}\n" for i in range(2000))


def test_mmap_and_sendfile(httpd, certs, site):
    """The other ways in which httpd holds a file: mapped, or as a descriptor to send."""
    for line in ("EnableMMAP on", "EnableSendfile on", "EnableMMAP on\nEnableSendfile on"):
        server = httpd(ALPHA_BETA + line + "\n")
        for size in (1, 16384, 100_000, 10 * MIB):
            answer = get(server.port(), "alpha.tlsx.test", f"/{size}.bin", ctx=context(certs))
            assert sha256(answer.body) == site.hashes[size], (line, size)


@pytest.fixture(scope="module")
def mapping(httpd_for_all, world):
    """The same hosts, with long files mapped, 4 MiB at a time."""
    modules = () if world.mpm == "prefork" else ("http2",)
    return httpd_for_all(("Protocols h2 http/1.1\n" if modules else "") + ALPHA_BETA +
                         "EnableMMAP on\n", name="mapping", modules=modules)


@pytest.mark.parametrize("first, last", [
    (0, 10 * MIB - 1), (1, 10 * MIB - 2), (4 * MIB - 1, 4 * MIB), (MIB, 2 * MIB + 5),
    (4 * MIB - 16384, 9 * MIB + 16384), (3 * MIB + 1, 8 * MIB + 70_000)])
def test_ranges_of_mapped_files(mapping, certs, first, last):
    """Mappings begin and end in the middle of records, pages and batches; then come small files."""
    with Http(mapping.port(), "alpha.tlsx.test", ctx=context(certs)) as http:
        for _ in range(2):
            answer = http.get(f"/{10 * MIB}.bin", headers={"Range": f"bytes={first}-{last}"})
            assert answer.status == 206
            assert sha256(answer.body) == sha256(pattern(10 * MIB)[first:last + 1])
            assert http.get("/100.bin").body == pattern(100)


def test_several_ranges_of_mapped_files(mapping, certs):
    """Pieces of memory, of mappings and of what is read share records."""
    data = pattern(10 * MIB)
    parts = [(5, 5 + 2 * MIB), (100, 16483), (4 * MIB - 7, 7 * MIB), (10 * MIB - 3, 10 * MIB - 1)]
    with Http(mapping.port(), "alpha.tlsx.test", ctx=context(certs)) as http:
        answer = http.get(f"/{10 * MIB}.bin", headers={
            "Range": "bytes=" + ",".join(f"{first}-{last}" for first, last in parts)})
    assert answer.status == 206 and "multipart/byteranges" in answer.headers["content-type"]
    for first, last in parts:
        assert data[first:last + 1] in answer.body


@pytest.mark.parametrize("option", ["--http1.1", "--http2"])
def test_100_megabytes_mapped(mapping, world, site, option):
    """A long file from many mappings, over both versions."""
    if option not in versions(world):
        pytest.skip("mod_http2 does not serve on prefork")
    site.huge()
    out = mapping.folder / "huge"
    code, _, err = curl(mapping, "alpha.tlsx.test", f"/{HUGE}.bin", option, "--output", str(out))
    assert code == 0, err
    with open(out, "rb") as file:
        assert hashlib.file_digest(file, "sha256").hexdigest() == site.hashes[HUGE]
    out.unlink()


# ---- up ----

@pytest.mark.parametrize("size", UPLOADS)
def test_echo(http, size):
    """What goes up comes down again."""
    data = pattern(size, 7)
    assert http.get("/cgi-bin/echo", method="POST", body=data).body == data


def test_echo_again_and_again(http):
    """Uploads of mixed sizes on one connection."""
    dice = random.Random(5)
    for _ in range(40):
        data = pattern(dice.choice((1, 3, 1000, 16384, 50_000)), dice.randrange(1000))
        assert http.get("/cgi-bin/echo", method="POST", body=data).body == data


def test_chunked_up(http):
    """An upload in chunks of odd sizes."""
    pieces = [pattern(size, 3) for size in (1, 2, 16384, 16385, 100_000, 7)]
    answer = http.get("/cgi-bin/echo", method="POST", body=iter(pieces))
    assert answer.body == b"".join(pieces)


@pytest.mark.parametrize("option", ["--http1.1", "--http2"])
@pytest.mark.parametrize("script", ["echo", "sha256"])
def test_10_megabytes_up(server, world, site, option, script):
    """10 MB by curl, echoed or hashed by the script."""
    if option not in versions(world):
        pytest.skip("mod_http2 does not serve on prefork")
    path = site.folder / "alpha" / f"{10 * MIB}.bin"
    code, data, err = curl(server, "alpha.tlsx.test", f"/cgi-bin/{script}", option,
                           "--data-binary", f"@{path}", "--header", "Expect:", text=False)
    assert code == 0, err
    assert (sha256(data) if script == "echo" else data.decode().strip()) == site.hashes[10 * MIB]


@pytest.mark.parametrize("option", ["--http1.1", "--http2"])
def test_100_megabytes_up(server, world, site, option):
    """100 MB up, hashed by the script."""
    if option not in versions(world):
        pytest.skip("mod_http2 does not serve on prefork")
    code, said, err = curl(server, "alpha.tlsx.test", "/cgi-bin/sha256", option, "--upload-file",
                           str(site.huge()), "--request", "POST")
    assert code == 0 and said.strip() == site.hashes[HUGE], err


def test_upload_to_nobody(http):
    """A body that nobody reads: the next request is answered."""
    answer = http.get("/100.bin", method="POST", body=pattern(100_000))
    assert answer.status in (200, 405)
    assert http.get("/1.bin").body == pattern(1)


# ---- bytes in other portions ----

@pytest.mark.parametrize("piece", [1, 2, 5, 7, 100])
def test_handshake_in_pieces(server, certs, piece):
    """A client that sends its handshake and request a few bytes at a time."""
    client = Chopped(server.port(), "alpha.tlsx.test", context(certs), piece=piece)
    client.handshake()
    client.write(b"GET /100.bin HTTP/1.1\r\nHost: alpha.tlsx.test\r\nConnection: close\r\n\r\n")
    assert client.read_all().endswith(pattern(100))
    client.raw.close()


def test_handshake_with_pauses(server, certs):
    """The same with pauses, so that each piece is a read of its own."""
    client = Chopped(server.port(), "alpha.tlsx.test", context(certs), piece=50, pause=0.02)
    client.handshake()
    client.write(b"GET /1.bin HTTP/1.1\r\nHost: alpha.tlsx.test\r\nConnection: close\r\n\r\n")
    assert client.read_all().endswith(pattern(1))
    client.raw.close()


def test_request_a_byte_a_record(http):
    """Each byte of a request in a record of its own."""
    for byte in b"GET /100.bin HTTP/1.1\r\nHost: alpha.tlsx.test\r\n\r\n":
        http.sock.sendall(bytes([byte]))
    assert http.read().body == pattern(100)


def test_upload_in_small_records(http):
    """A body of 2,000 records of 1 to 20 bytes."""
    dice, pieces = random.Random(2), []
    data = pattern(20_000)
    while sum(map(len, pieces)) < len(data):
        at = sum(map(len, pieces))
        pieces.append(data[at:at + dice.randint(1, 20)])
    http.sock.sendall(b"POST /cgi-bin/echo HTTP/1.1\r\nHost: alpha.tlsx.test\r\n"
                      b"Content-Length: %d\r\n\r\n" % len(data))
    for part in pieces:
        http.sock.sendall(part)
    assert http.read().body == data


def test_pipelining(http):
    """Requests sent without waiting: answers in their order, none lost."""
    sizes = [1, 100, 0, 65536, 1, 16385, 100_000, 1] * 5
    for size in sizes:
        http.send(f"/{size}.bin")
    for size in sizes:
        answer = http.read()
        assert (answer.status, len(answer.body)) == (200, size)
        assert answer.body == pattern(size)


def test_pipelining_in_one_record(http):
    """Twenty requests in one write."""
    request = b"GET /100.bin HTTP/1.1\r\nHost: alpha.tlsx.test\r\n\r\n"
    http.sock.sendall(request * 20)
    for _ in range(20):
        assert http.read().body == pattern(100)


def test_pipelined_upload_and_request(http):
    """The end of a body and the next request in one record."""
    data = pattern(30_000)
    http.sock.sendall(b"POST /cgi-bin/echo HTTP/1.1\r\nHost: alpha.tlsx.test\r\nContent-Length: "
                      b"%d\r\n\r\n" % len(data) + data
                      + b"GET /1.bin HTTP/1.1\r\nHost: alpha.tlsx.test\r\n\r\n")
    assert http.read().body == data
    assert http.read().body == pattern(1)


def test_pipelining_after_a_pause(http):
    """A request that lies in the server's buffers while it answers another is not forgotten."""
    http.sock.sendall(b"GET /cgi-bin/pid HTTP/1.1\r\nHost: alpha.tlsx.test\r\n\r\n"
                      b"GET /1.bin HTTP/1.1\r\nHost: alpha.tlsx.test\r\n\r\n"
                      b"GET /100.bin HTTP/1.1\r\nHost: alpha.tlsx.test\r\n\r\n")
    assert http.read().status == 200
    assert http.read().body == pattern(1)
    assert http.read().body == pattern(100)


# ---- slow and gone ----

def test_slow_reader(server, certs):
    """A client that takes 2 MB a little at a time, with a small window, gets all of it."""
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
    raw.settimeout(60)
    raw.connect(("127.0.0.1", server.port()))
    tls = context(certs).wrap_socket(raw, server_hostname="alpha.tlsx.test")
    tls.sendall(f"GET /{10 * MIB}.bin HTTP/1.1\r\nHost: alpha.tlsx.test\r\n"
                f"Range: bytes=0-{2 * MIB - 1}\r\nConnection: close\r\n\r\n".encode())
    got = b""
    while (piece := tls.recv(16384)):
        got += piece
        if len(got) < MIB:
            time.sleep(0.005)
    tls.close()
    assert got.partition(b"\r\n\r\n")[2] == pattern(10 * MIB)[:2 * MIB]


def test_slow_readers_do_not_hinder_others(server, certs):
    """Ten clients that read nothing: another one is answered at once."""
    idle = []
    for _ in range(10):
        http = Http(server.port(), "alpha.tlsx.test", ctx=context(certs))
        http.send(f"/{10 * MIB}.bin")
        idle.append(http)
    start = time.monotonic()
    assert get(server.port(), "alpha.tlsx.test", ctx=context(certs)).status == 200
    assert time.monotonic() - start < 10  # who waits for one of them waits for Timeout, 60 s
    for http in idle:
        http.close()


def test_half_close(server, certs):
    """A client that ends its side by close_notify and FIN still gets the answer."""
    client = Chopped(server.port(), "alpha.tlsx.test", context(certs), piece=10_000)
    client.handshake()
    client.write(b"GET /100000.bin HTTP/1.1\r\nHost: alpha.tlsx.test\r\nConnection: close\r\n\r\n")
    try:
        client.tls.unwrap()
    except OSError: # its own close_notify is out, the server's is not there yet
        pass
    client.flush()
    client.raw.shutdown(socket.SHUT_WR)
    assert count_to_end(client.raw) > 100_000


def test_fin_without_close_notify(server, certs):
    """A client that just ends its side of TCP still gets the answer."""
    client = Chopped(server.port(), "alpha.tlsx.test", context(certs), piece=10_000)
    client.handshake()
    client.write(b"GET /100000.bin HTTP/1.1\r\nHost: alpha.tlsx.test\r\nConnection: close\r\n\r\n")
    client.raw.shutdown(socket.SHUT_WR)
    assert client.read_all().endswith(pattern(100_000))


def count_to_end(sock):
    """How many bytes come until the other side closes."""
    total = 0
    while (piece := sock.recv(65536)):
        total += len(piece)
    return total


def test_close_notify_at_the_end(server, certs):
    """The server says good-bye: a client can tell the end from a cut."""
    client = Chopped(server.port(), "alpha.tlsx.test", context(certs), piece=10_000)
    client.handshake()
    client.write(b"GET /1.bin HTTP/1.0\r\nHost: alpha.tlsx.test\r\n\r\n")
    assert client.read_all().endswith(pattern(1)) # an EOF without close_notify is an SSLEOFError
    client.raw.close()


@pytest.mark.parametrize("reset", [False, True])
@pytest.mark.parametrize("when", ["handshake", "request", "download", "upload"])
def test_client_goes_away(server, certs, when, reset):
    """A client that disappears in the middle harms nobody, and is no error in the log."""
    client = Chopped(server.port(), "alpha.tlsx.test", context(certs), piece=100_000)
    if when == "handshake":
        try:
            client.tls.do_handshake()
        except OSError:
            client.flush()
    else:
        client.handshake()
        client.write({
            "request": b"GET /1.bin HTTP/1.1\r\nHost: al",
            "download": b"GET /%d.bin HTTP/1.1\r\nHost: alpha.tlsx.test\r\n\r\n" % (10 * MIB),
            "upload": b"POST /cgi-bin/sha256 HTTP/1.1\r\nHost: alpha.tlsx.test\r\n"
                      b"Content-Length: 1000000\r\n\r\n" + bytes(100_000),
        }[when])
    if when == "download":
        client.raw.recv(65536)
    if reset:
        client.raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.raw.close()
    assert get(server.port(), "alpha.tlsx.test", ctx=context(certs)).status == 200


def test_cut_in_the_middle_of_an_upload_is_noticed(server, certs):
    """A body that ends early is not taken for a whole one."""
    server.allow(r"AH01225|AH02550|AH01574|AH10371|AH02651|AH01220")
    mark = len(server.access_log())
    client = Chopped(server.port(), "alpha.tlsx.test", context(certs), piece=100_000)
    client.handshake()
    client.write(b"POST /cgi-bin/sha256?cut HTTP/1.1\r\nHost: alpha.tlsx.test\r\n"
                 b"Content-Length: 1000000\r\n\r\n" + bytes(100_000))
    client.raw.shutdown(socket.SHUT_WR)
    got = client.read_all()
    client.raw.close()
    lines = wait_until(lambda: [x for x in server.access_log()[mark:] if "sha256?cut" in x], 20,
                       "the access log")
    assert b" 200 " not in got.split(b"\r\n")[0] and '" 200 ' not in lines[0], (got, lines)


def test_altered_byte_ends_the_connection(server, certs):
    """A record changed on the way: bad_record_mac, no request is served, debug in the log."""
    mark = len(server.log())
    client = Chopped(server.port(), "alpha.tlsx.test", context(certs), piece=100_000)
    client.handshake()
    client.tls.write(b"GET /altered HTTP/1.1\r\nHost: alpha.tlsx.test\r\n\r\n")
    data = bytearray(client.outward.read())
    data[-1] ^= 1
    client.raw.sendall(data)
    with pytest.raises(OSError, match="(?i)bad.record.mac"):
        client.read_all()
    client.raw.close()
    line = server.wait_for_log("BAD_RECORD|DECRYPT", mark)
    assert "[tlsx:debug]" in line or "[tlsx:info]" in line
    assert not any("/altered" in x for x in server.access_log())


# ---- many at once ----

def test_many_clients_at_once(server, certs, site):
    """Eight clients at once, each with files and uploads of its own."""
    faults = []

    def work(seed):
        dice = random.Random(seed)
        try:
            with Http(server.port(), "alpha.tlsx.test", ctx=context(certs)) as http:
                for _ in range(15):
                    size = dice.choice((1, 16384, 65535, 100_000, MIB))
                    assert sha256(http.get(f"/{size}.bin").body) == site.hashes[size]
                    data = pattern(dice.choice((1, 5000, 70_000)), seed)
                    assert http.get("/cgi-bin/echo", method="POST", body=data).body == data
        except (AssertionError, OSError) as e:
            faults.append(f"client {seed}: {e!r}")

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults, "\n".join(faults)


def test_idle_connections(server, certs):
    """A hundred connections that have said nothing yet, or are done with a page, cost no thread."""
    if server.mpm != "event":
        pytest.skip("a connection is a thread or a process on this MPM")
    silent = [dial(server.port()) for _ in range(20)]
    kept = []
    for _ in range(100):
        http = Http(server.port(), "alpha.tlsx.test", ctx=context(certs))
        assert http.get("/1.bin").status == 200
        kept.append(http)
    assert kept[0].get("/100.bin").status == 200
    for sock in silent:
        sock.close()
    for http in kept:
        http.close()
