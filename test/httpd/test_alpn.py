# SPDX-License-Identifier: Apache-2.0
"""ALPN: HTTP/2 and HTTP/1.1, by the server's preference."""
import hashlib
import ssl

import pytest

from lib.client import context, curl, dial, get
from lib.hosts import ALPHA, ALPHA_BETA, BETA, listen


@pytest.fixture(scope="module")
def h2(httpd_for_all, world):
    """Both hosts with `Protocols h2 http/1.1'."""
    if world.mpm == "prefork":
        pytest.skip("mod_http2 does not serve on prefork")
    return httpd_for_all("Protocols h2 http/1.1\n" + ALPHA_BETA, name="h2", modules=("http2",))


def agreed(server, certs, alpn, host="alpha.tlsx.test"):
    """What the server chooses of a client's list."""
    with dial(server.port()) as raw:
        with context(certs, alpn=alpn).wrap_socket(raw, server_hostname=host) as tls:
            return tls.selected_alpn_protocol()


@pytest.mark.parametrize("offer, chosen", [
    (["h2", "http/1.1"], "h2"),
    (["http/1.1", "h2"], "h2"),
    (["h2"], "h2"),
    (["http/1.1"], "http/1.1"),
    (["spdy/3", "http/1.1"], "http/1.1"),
    (["x" * 255, "h2"], "h2"),
    (None, None),
])
def test_choice(h2, certs, offer, chosen):
    """The server's order decides; a client without ALPN gets none."""
    assert agreed(h2, certs, offer) == chosen


def test_servers_order(httpd, certs, world):
    """ProtocolsHonorOrder and the order of Protocols are the administrator's."""
    if world.mpm == "prefork":
        pytest.skip("mod_http2 does not serve on prefork")
    server = httpd("Protocols http/1.1 h2\n" + ALPHA_BETA, modules=("http2",))
    assert agreed(server, certs, ["h2", "http/1.1"]) == "http/1.1"


def test_protocols_by_host(httpd, certs, world):
    """The virtual host that SNI chooses decides: Protocols may differ."""
    if world.mpm == "prefork":
        pytest.skip("mod_http2 does not serve on prefork")
    server = httpd(listen() + ALPHA.replace("TLSEngine on", "TLSEngine on\n Protocols http/1.1")
                   + BETA.replace("TLSEngine on", "TLSEngine on\n Protocols h2 http/1.1"),
                   modules=("http2",))
    assert agreed(server, certs, ["h2", "http/1.1"]) == "http/1.1"
    assert agreed(server, certs, ["h2", "http/1.1"], "beta.tlsx.test") == "h2"


@pytest.mark.parametrize("offer", [["spdy/3"], ["acme-tls/1"], ["h3", "http/0.9"]])
def test_nothing_in_common(h2, certs, offer):
    """no_application_protocol, and a line with what the client offered, at info."""
    mark = len(h2.log())
    with pytest.raises(ssl.SSLError, match="(?i)no.application.protocol"):
        agreed(h2, certs, offer)
    line = h2.wait_for_log("NO_SHARED_ALPN", mark)
    assert ", ".join(offer) in line and "Protocols decides here" in line and "[tlsx:info]" in line


def test_without_http2(httpd, certs):
    """Without mod_http2, HTTP/1.1 is what there is."""
    server = httpd(ALPHA_BETA)
    assert agreed(server, certs, ["h2", "http/1.1"]) == "http/1.1"
    assert get(server.port(), "alpha.tlsx.test", ctx=context(certs, alpn=["h2", "http/1.1"])
               ).status == 200


@pytest.mark.parametrize("options, version", [
    (["--http1.1"], "1.1"), (["--http2"], "2"), (["--http2-prior-knowledge"], "2"),
    (["--http1.0", "--no-alpn"], "1.1"), (["--no-alpn"], "1.1"),
])
@pytest.mark.parametrize("host", ["alpha", "beta"])
def test_curl(h2, options, version, host):
    """curl's own idea of the version, and the page."""
    code, said, err = curl(h2, f"{host}.tlsx.test", "/", *options, "--write-out",
                           "%{http_version} %{http_code}")
    assert code == 0 and f"{host} page" in said and said.endswith(f"{version} 200"), err + said


def test_many_streams(h2, site):
    """Several files at once over one HTTP/2 connection, each with its own content."""
    sizes = [1, 16384, 65535, 100_000, 1048576]
    port = h2.port()
    urls = []
    for size in sizes:
        out = h2.folder / f"out-{size}"
        urls += ["--output", str(out), f"https://alpha.tlsx.test:{port}/{size}.bin"]
    code, _, err = curl(h2, "alpha.tlsx.test", "/", "--http2", "--parallel", *urls, "--output",
                        "/dev/null")
    assert code == 0, err
    for size in sizes:
        data = (h2.folder / f"out-{size}").read_bytes()
        assert hashlib.sha256(data).hexdigest() == site.hashes[size]
