# SPDX-License-Identifier: Apache-2.0
"""Every client of the list fetches a page of both hosts, and sees the right certificate."""
import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from lib.client import curl, read_until, s_client
from lib.hosts import ALPHA_BETA

HERE = Path(__file__).parent
HYBRID = "X25519MLKEM768"
CERTIFICATE = {"alpha": "alpha-ecdsa", "beta": "beta-rsa"}


@pytest.fixture(scope="module")
def server(httpd_for_all, world):
    """The demo's hosts, with HTTP/2 where there is one."""
    modules = () if world.mpm == "prefork" else ("http2",)
    return httpd_for_all(("Protocols h2 http/1.1\n" if modules else "") + ALPHA_BETA,
                         name="clients", modules=modules)


@pytest.fixture(params=["alpha", "beta"])
def name(request):
    """Both hosts."""
    return request.param


def group_in_log(server, mark, name):
    """The group of the handshake with a host, from the module's own line."""
    line = server.wait_for_log(rf"TLSv1\.3 with {name}\.tlsx\.test", mark)
    return re.search(r"TLS_\w+, ([\w-]+),", line)[1]


def test_curl(server, name):
    """curl, with the CA alone as trust."""
    code, said, err = curl(server, f"{name}.tlsx.test", "/", "--verbose")
    assert code == 0 and f"<title>{name} page</title>" in said, err
    assert f"CN={CERTIFICATE[name]}" in err and "SSL certificate verify ok" in err, err


def test_curl_refuses_a_wrong_name(server):
    """The opposite: a name that the certificate lacks is refused by the client."""
    code, said, _ = curl(server, "gamma.tlsx.test")
    assert code == 60 and not said


def test_openssl(server, name):
    """openssl s_client."""
    code, said = s_client(server, f"{name}.tlsx.test", "-verify_hostname", f"{name}.tlsx.test")
    assert code == 0 and f"{name} page" in said and "Verify return code: 0 (ok)" in said, said
    assert f"subject=CN = {CERTIFICATE[name]}" in said


def gnutls(server, name, *args, need):
    """A page by gnutls-cli: all that it prints."""
    command = [need("gnutls-cli", "gnutls-bin"), "--x509cafile", str(server.world.certs.ca),
               "--sni-hostname", f"{name}.tlsx.test", "--verify-hostname", f"{name}.tlsx.test",
               *args, "--port", str(server.port()), "127.0.0.1"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace") as client:
        client.stdin.write(f"GET / HTTP/1.1\r\nHost: {name}.tlsx.test\r\nConnection: close\r\n\r\n")
        client.stdin.flush()
        said = read_until(client, "</h1>")
        client.stdin.close()
        client.wait(60)
    return said


@pytest.mark.parametrize("priority", [
    "NORMAL", "NORMAL:-GROUP-ALL:+GROUP-X25519", "NORMAL:-GROUP-ALL:+GROUP-SECP256R1",
    "NORMAL:-GROUP-ALL:+GROUP-SECP384R1", "NORMAL:-CIPHER-ALL:+CHACHA20-POLY1305",
    "NORMAL:-CIPHER-ALL:+AES-256-GCM", "NORMAL:-CIPHER-ALL:+AES-128-GCM",
    "NORMAL:-SIGN-ALL:+SIGN-RSA-PSS-RSAE-SHA256:+SIGN-ECDSA-SECP256R1-SHA256:+SIGN-RSA-SHA256",
])
def test_gnutls(server, name, priority, need):
    """gnutls-cli, with each group and each suite."""
    said = gnutls(server, name, "--priority", priority, need=need)
    assert f"{name} page" in said and "The certificate is trusted" in said, said
    assert "(TLS1.3-X.509)" in said and f"CN={CERTIFICATE[name]}" in said, said


def test_gnutls_with_small_records(server, name, need):
    """A client that asks for short records by record_size_limit."""
    said = gnutls(server, name, "--priority", "NORMAL", "--recordsize", "600", need=need)
    assert f"{name} page" in said, said


# ---- Go ----

@pytest.fixture(scope="session")
def go_client(need, tmp_path_factory):
    """clients/go, built once."""
    go = need("go", "golang 1.25 or later, https://go.dev/dl/",
              os.environ.get("GO") or "/usr/local/go/bin/go")
    out = tmp_path_factory.mktemp("go") / "client"
    env = {**os.environ, "GOTOOLCHAIN": "local", "GOFLAGS": "-buildvcs=false", "CGO_ENABLED": "0",
           "GOPROXY": "off"}
    done = subprocess.run([go, "build", "-o", str(out), "."], cwd=HERE / "clients" / "go",
                          env=env, capture_output=True, text=True, timeout=400, check=False)
    assert done.returncode == 0, done.stderr
    return out


def by_go(client, server, name, *args):
    """Its lines, as dictionaries."""
    done = subprocess.run([str(client), "-connect", f"127.0.0.1:{server.port()}", "-name",
                           f"{name}.tlsx.test", "-ca", str(server.world.certs.ca), *args],
                          capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("options", [(), ("-mlkem",)])
def test_go(server, name, go_client, options):
    """Go's client prefers X25519MLKEM768, and may insist on it."""
    (page,) = by_go(go_client, server, name, *options)
    assert (page["version"], page["group"]) == ("TLS 1.3", HYBRID)
    assert (page["status"], page["subject"]) == (200, CERTIFICATE[name])
    assert f"{name} page" in page["body"]


def test_go_http2(server, world, name, go_client):
    """HTTP/2 by Go."""
    if world.mpm == "prefork":
        pytest.skip("mod_http2 does not serve on prefork")
    (page,) = by_go(go_client, server, name, "-h2")
    assert (page["proto"], page["alpn"]) == ("HTTP/2.0", "h2") and f"{name} page" in page["body"]


@pytest.mark.parametrize("version, options", [("TLS 1.3", ()), ("TLS 1.2", ("-tls12",))])
def test_go_resumes(server, name, go_client, version, options):
    """Each later connection is resumed."""
    pages = by_go(go_client, server, name, "-count", "6", *options)
    assert [page["resumed"] for page in pages] == [False] + [True] * 5
    assert all(page["version"] == version for page in pages)
    assert all(f"{name} page" in page["body"] for page in pages)


# ---- BoringSSL ----

@pytest.fixture(scope="session")
def bssl(request, need):
    """BoringSSL's command-line tool."""
    build = Path(os.environ.get("TLSX_BUILD", HERE.parents[1] / "build"))
    deps = Path(os.environ.get("TLSX_DEPS", build / "deps"))
    given = request.config.getoption("--bssl") or str(deps / "boringssl" / "bin" / "bssl")
    return need("bssl", "./bootstrap deps bssl", given)


def by_bssl(tool, server, name, *args):
    """A page by BoringSSL's client: all that it prints."""
    request = f"GET / HTTP/1.1\r\nHost: {name}.tlsx.test\r\nConnection: close\r\n\r\n"
    done = subprocess.run([tool, "client", "-connect", f"127.0.0.1:{server.port()}",
                           "-server-name", f"{name}.tlsx.test", "-root-certs",
                           str(server.world.certs.ca), *args], input=request, text=True,
                          capture_output=True, timeout=120, check=False, errors="replace")
    said = done.stdout + done.stderr
    assert done.returncode == 0 and f"{name} page" in said, said
    return said


@pytest.mark.parametrize("group, shown", [
    (HYBRID, HYBRID), ("X25519", "X25519"), ("P-256", "P-256|prime256v1|secp256r1"),
    ("P-384", "P-384|secp384r1"),
])
def test_boringssl(server, name, bssl, group, shown):
    """BoringSSL's client, with each group; the server's log agrees."""
    mark = len(server.log())
    said = by_bssl(bssl, server, name, "-curves", group)
    assert re.search(rf"ECDHE group: ({shown})", said), said
    assert re.search(rf"Cert subject: .*{CERTIFICATE[name]}", said), said
    assert re.fullmatch(f"(?i:{shown})", group_in_log(server, mark, name))


def test_boringssl_tls12(server, name, bssl):
    """The same client, TLS 1.2 at most."""
    said = by_bssl(bssl, server, name, "-max-version", "tls1.2", "-grease")
    assert "Version: TLSv1.2" in said and "Extended master secret: yes" in said, said
    assert "Secure renegotiation: yes" in said, said


def test_boringssl_with_what_browsers_send(server, name, bssl):
    """GREASE, extensions in any order, an ECH offer that nobody can open."""
    for _ in range(5):
        by_bssl(bssl, server, name, "-grease", "-permute-extensions", "-ech-grease")


@pytest.mark.parametrize("options", [("--group", HYBRID), ("--tls12", "--group", "X25519")],
                         ids=["TLSv1.3", "TLSv1.2"])
def test_boringssl_resumes(server, name, request, need, options):
    """Fifty resumptions by the benchmark's client, which is BoringSSL: it counts each that is none
    as an error. (bssl's own -test-resumption waits for a ticket before it has asked for anything;
    ours come with the first answer.)"""
    build = Path(request.config.getoption("--build-dir") or HERE.parents[1] / "build" / "default")
    client = need("loadclient", "make bench-programs", str(build / "test" / "bench" / "loadclient"))
    done = subprocess.run([client, "--connect", f"127.0.0.1:{server.port()}", "--mode", "resume",
                           "--count", "50", "--name", f"{name}.tlsx.test", "--ca",
                           str(server.world.certs.ca), *options],
                          capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["resumed"] == 50, done.stdout


# ---- a browser ----

@pytest.fixture(scope="session")
def browser(need, world):
    """headless Chromium: call it with a port, a URL's rest and more options: the page's DOM."""
    chromium = need("chromium", "chromium")
    certutil = need("certutil", "libnss3-tools")
    home = world.folder / "browser"
    store = home / ".pki" / "nssdb"
    store.mkdir(parents=True)
    for args in (["-N", "--empty-password"],
                 ["-A", "-t", "C,,", "-n", "tlsx tests", "-i", str(world.certs.ca)]):
        subprocess.run([certutil, "-d", f"sql:{store}", *args], check=True, capture_output=True)

    def dump(url, *options):
        env = {"PATH": os.environ["PATH"], "HOME": str(home), "LC_ALL": "C.UTF-8"}
        command = [chromium, "--headless", "--disable-gpu", "--disable-dev-shm-usage",
                   "--no-first-run", "--disable-background-networking", "--disable-sync",
                   "--disable-component-update", "--no-proxy-server",
                   f"--user-data-dir={home}/profile", "--timeout=120000",
                   "--host-resolver-rules=MAP *.tlsx.test 127.0.0.1", *options, "--dump-dom", url]
        if os.geteuid() == 0:
            command.insert(1, "--no-sandbox") # its sandbox is not for root
        done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=240,
                              check=False, errors="replace")
        return done.stdout + done.stderr[-2000:]
    return dump


def test_chromium(server, name, browser):
    """Chromium shows the page, and agreed on X25519MLKEM768; no certificate error is waved past."""
    mark = len(server.log())
    dom = browser(f"https://{name}.tlsx.test:{server.port()}/")
    assert f"<title>{name} page</title>" in dom and f"<h1>{name}.tlsx.test</h1>" in dom, dom
    assert group_in_log(server, mark, name) == HYBRID


def test_chromium_tls12(server, browser):
    """A browser that has no TLS 1.3."""
    dom = browser(f"https://alpha.tlsx.test:{server.port()}/cgi-bin/env", "--ssl-version-max=tls1.2")
    assert "SSL_PROTOCOL=TLSv1.2" in dom and "SSL_CIPHER=ECDHE-ECDSA-" in dom, dom


def test_chromium_sees_the_script(server, browser):
    """A script's view of a browser's connection."""
    dom = browser(f"https://alpha.tlsx.test:{server.port()}/cgi-bin/env")
    assert "HTTPS=on" in dom and "SSL_PROTOCOL=TLSv1.3" in dom, dom


def test_chromium_refuses_a_wrong_name(server, browser):
    """The opposite: a page by a name that the certificate lacks is not shown."""
    dom = browser(f"https://gamma.tlsx.test:{server.port()}/")
    assert "alpha page" not in dom, dom


# ---- load ----

def h2load(need, server, *args):
    """The line of its report that counts requests."""
    port = server.port()
    tool = need("h2load", "nghttp2-client")
    done = subprocess.run([tool, *args, f"--connect-to=127.0.0.1:{port}",
                           f"https://alpha.tlsx.test:{port}/100.bin"],
                          capture_output=True, text=True, timeout=200, check=False)
    found = re.search(r"^requests: .*$", done.stdout, re.M)
    assert found, done.stdout + done.stderr
    return found[0], done.stdout


def test_h2load(server, world, need):
    """h2load's own line: 1000 succeeded, 0 failed."""
    if world.mpm == "prefork":
        pytest.skip("mod_http2 does not serve on prefork")
    line, said = h2load(need, server, "-n", "1000", "-c", "10", "-m", "10")
    assert "1000 succeeded, 0 failed" in line and "1000 2xx" in said, said
    assert "Application protocol: h2" in said and "TLS Protocol: TLSv1.3" in said, said


def test_10000_requests_keep_alive(server, need):
    """10,000 requests over a few HTTP/1.1 connections; the fixture looks for errors in the log."""
    line, said = h2load(need, server, "--h1", "-n", "10000", "-c", "8")
    assert "10000 succeeded, 0 failed" in line and "10000 2xx" in said, said
    assert "Application protocol: http/1.1" in said, said
