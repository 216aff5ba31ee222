# SPDX-License-Identifier: Apache-2.0
"""What CGI scripts and other modules are told of the connection."""
import base64
import hashlib
import re

import pytest

from lib.client import Http, context, curl, get
from lib.hosts import ALPHA, ALPHA_BETA, BETA, listen, plain_host
from lib.server import wait_until

MODULES = ("headers", "rewrite", "setenvif")

NAMES = ("HTTPS", "SSL_PROTOCOL", "SSL_CIPHER", "SSL_TLS_SNI", "SSL_SESSION_RESUMED",
         "SSL_CIPHER_USEKEYSIZE", "SSL_CIPHER_ALGKEYSIZE", "SSL_CIPHER_EXPORT",
         "SSL_COMPRESS_METHOD", "SSL_CLIENT_VERIFY", "SSL_SERVER_CERT", "SSL_SERVER_V_START",
         "SSL_SERVER_V_END", "SSL_VERSION_INTERFACE", "SSL_VERSION_LIBRARY", "SSL_NO_SUCH_THING")

CONFIG = (
    "".join(f'Header always set X-{name.replace("_", "-")} "%{{{name}}}s"\n' for name in NAMES)
    + listen("https", "http")
    + ALPHA.replace("TLSEngine on", """TLSEngine on
    RewriteEngine on
    RewriteRule ^/seen$ /cgi-bin/env [PT,E=SEEN_HTTPS:%{HTTPS},E=SEEN:%{SSL:SSL_PROTOCOL}]
    RewriteCond %{HTTPS} =on
    RewriteRule ^/if-on$ /0.bin [R=302]
    RewriteCond %{SSL:SSL_CIPHER} ^TLS_
    RewriteRule ^/if-suite$ /1.bin [R=302]
    SetEnvIf Request_URI . SEEN_SETENVIF=1
    <Location /only-tls>
        Require expr %{HTTPS} == 'on'
    </Location>
""")
    + BETA
    + plain_host("plain.tlsx.test", extra="""
    RewriteEngine on
    RewriteCond %{HTTPS} =off
    RewriteRule ^/if-off$ /index.html [R=302]
""")
)


@pytest.fixture(scope="module")
def server(httpd_for_all):
    """TLS hosts and a plain one, with mod_headers and mod_rewrite."""
    return httpd_for_all(CONFIG, name="vars", modules=MODULES)


@pytest.fixture(scope="module")
def env(server, certs):
    """The environment of a CGI script."""
    return get(server.port(), "alpha.tlsx.test", "/cgi-bin/env", ctx=context(certs)).vars


@pytest.mark.parametrize("name, value", [
    ("HTTPS", "on"), ("SSL_PROTOCOL", "TLSv1.3"), ("SSL_TLS_SNI", "alpha.tlsx.test"),
    ("REQUEST_SCHEME", "https"), ("SERVER_NAME", "alpha.tlsx.test"),
])
def test_cgi(env, name, value):
    """A CGI script's environment."""
    assert env.get(name) == value


def test_cgi_cipher(env):
    """SSL_CIPHER is the suite's name."""
    assert env["SSL_CIPHER"] in ("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384",
                                 "TLS_CHACHA20_POLY1305_SHA256")


def test_cgi_port(env, server):
    """SERVER_PORT is the port that the client spoke to."""
    assert env["SERVER_PORT"] == str(server.port())


def test_cgi_of_the_other_host(server, certs):
    """SSL_TLS_SNI is what this client asked for."""
    seen = get(server.port(), "beta.tlsx.test", "/cgi-bin/env", ctx=context(certs)).vars
    assert seen["SSL_TLS_SNI"] == "beta.tlsx.test" and seen["HTTPS"] == "on"


def test_cgi_without_sni(server, certs):
    """No SNI, no SSL_TLS_SNI."""
    ctx = context(certs)
    ctx.check_hostname = False
    seen = get(server.port(), "alpha.tlsx.test", "/cgi-bin/env", ctx=ctx, sni="").vars
    assert seen["HTTPS"] == "on" and "SSL_TLS_SNI" not in seen


def test_client_cannot_set_them(server, certs):
    """Request headers do not become these variables."""
    seen = get(server.port(), "alpha.tlsx.test", "/cgi-bin/env", ctx=context(certs),
               headers={"HTTPS": "off", "SSL-Protocol": "TLSv9"}).vars
    assert seen["HTTPS"] == "on" and seen["SSL_PROTOCOL"] == "TLSv1.3"
    assert seen["HTTP_SSL_PROTOCOL"] == "TLSv9"


def test_cgi_over_http2(httpd, world):
    """Streams of an HTTP/2 connection have them too."""
    if world.mpm == "prefork":
        pytest.skip("mod_http2 does not serve on prefork")
    server = httpd("Protocols h2\n" + ALPHA_BETA, modules=("http2",))
    code, said, err = curl(server, "alpha.tlsx.test", "/cgi-bin/env", "--http2")
    assert code == 0, err
    for line in ("HTTPS=on", "SSL_PROTOCOL=TLSv1.3", "SSL_TLS_SNI=alpha.tlsx.test",
                 "SERVER_PROTOCOL=HTTP/2.0", "REQUEST_SCHEME=https"):
        assert line in said.splitlines(), said


def test_plain_host_has_none(server):
    """A plain port has none of them."""
    with Http(server.port("http"), "plain.tlsx.test", plain=True) as http:
        seen = http.get("/cgi-bin/env").vars
    assert "HTTPS" not in seen and not [name for name in seen if name.startswith("SSL_")]
    assert seen["REQUEST_SCHEME"] == "http"


# ---- ap_ssl_var_lookup, seen through mod_headers, mod_rewrite and mod_log_config ----

@pytest.fixture(scope="module")
def looked_up(server, certs):
    """The headers into which mod_headers writes each variable."""
    return get(server.port(), "alpha.tlsx.test", ctx=context(certs)).headers


@pytest.mark.parametrize("name, value", [
    ("HTTPS", "on"), ("SSL_PROTOCOL", "TLSv1.3"), ("SSL_CIPHER", "TLS_[A-Z0-9_]+"),
    ("SSL_TLS_SNI", "alpha[.]tlsx[.]test"), ("SSL_SESSION_RESUMED", "Initial"),
    ("SSL_CIPHER_USEKEYSIZE", "128|256"), ("SSL_CIPHER_ALGKEYSIZE", "128|256"),
    ("SSL_CIPHER_EXPORT", "false"), ("SSL_COMPRESS_METHOD", "NULL"), ("SSL_CLIENT_VERIFY", "NONE"),
    ("SSL_SERVER_V_START", r"[A-Z][a-z]{2} [ 1-3]\d \d\d:\d\d:\d\d \d{4} GMT"),
    ("SSL_SERVER_V_END", r"[A-Z][a-z]{2} [ 1-3]\d \d\d:\d\d:\d\d \d{4} GMT"),
    ("SSL_VERSION_INTERFACE", r"mod_tlsx/\d.*"), ("SSL_VERSION_LIBRARY", r"tlscore/\d.*"),
    ("SSL_NO_SUCH_THING", r"\(null\)|"),
])
def test_lookup(looked_up, name, value):
    """Each variable, as mod_headers' %{NAME}s asks for it."""
    seen = looked_up["x-" + name.lower().replace("_", "-")]
    assert re.fullmatch(value, seen), seen


def test_server_certificate(looked_up, certs):
    """SSL_SERVER_CERT is the certificate that was shown."""
    text = looked_up["x-ssl-server-cert"]
    body = re.search("-----BEGIN CERTIFICATE-----(.*)-----END CERTIFICATE-----", text)[1]
    der = base64.b64decode(re.sub(r"\s", "", body))
    assert hashlib.sha256(der).hexdigest() == certs.fingerprint("alpha-ecdsa")


def test_resumed(server, certs):
    """SSL_SESSION_RESUMED says whether a ticket was used."""
    ctx = context(certs)
    with Http(server.port(), "alpha.tlsx.test", ctx=ctx) as http:
        assert http.get().headers["x-ssl-session-resumed"] == "Initial"
        session = http.sock.session
    with Http(server.port(), "alpha.tlsx.test", ctx=ctx, session=session) as http:
        assert http.get().headers["x-ssl-session-resumed"] == "Resumed"
        assert http.sock.session_reused


def test_plain_lookup(server):
    """On a plain port there is nothing to look up."""
    with Http(server.port("http"), "plain.tlsx.test", plain=True) as http:
        headers = http.get().headers
    assert headers["x-ssl-protocol"] in ("(null)", "") and headers["x-https"] != "on"


@pytest.mark.parametrize("path, target", [("/if-on", "/0.bin"), ("/if-suite", "/1.bin")])
def test_rewrite(server, certs, path, target):
    """%{HTTPS} and %{SSL:...} of mod_rewrite; the redirect keeps scheme and port."""
    answer = get(server.port(), "alpha.tlsx.test", path, ctx=context(certs))
    assert answer.status == 302
    assert answer.headers["location"] == f"https://alpha.tlsx.test:{server.port()}{target}"


def test_rewrite_into_the_environment(server, certs):
    """The same values in a rule's E= flag."""
    seen = get(server.port(), "alpha.tlsx.test", "/seen", ctx=context(certs)).vars
    seen = {name.replace("REDIRECT_", ""): value for name, value in seen.items()}
    assert (seen.get("SEEN_HTTPS"), seen.get("SEEN")) == ("on", "TLSv1.3")


def test_rewrite_on_the_plain_port(server):
    """%{HTTPS} is off there."""
    with Http(server.port("http"), "plain.tlsx.test", plain=True) as http:
        assert http.get("/if-off").status == 302


def test_expression(server, certs):
    """%{HTTPS} of httpd's expressions."""
    assert get(server.port(), "alpha.tlsx.test", "/only-tls", ctx=context(certs)).status == 404


def test_access_log(server, certs):
    """%{SSL_PROTOCOL}x and %{SSL_CIPHER}x of a log format."""
    get(server.port(), "alpha.tlsx.test", "/?access-log", ctx=context(certs))
    lines = wait_until(lambda: [x for x in server.access_log() if "access-log" in x], 10, "a line")
    assert re.search(r" TLSv1\.3 TLS_\w+$", lines[0]), lines


# ---- scheme and port ----

def test_trailing_slash(server, certs):
    """mod_dir's redirect of a folder names https and the port."""
    answer = get(server.port(), "alpha.tlsx.test", "/sub", ctx=context(certs))
    assert answer.status == 301
    assert answer.headers["location"] == f"https://alpha.tlsx.test:{server.port()}/sub/"


def test_default_port(httpd, certs):
    """443 is https's own port: UseCanonicalName leaves it out."""
    server = httpd("UseCanonicalName On\nUseCanonicalPhysicalPort Off\n" + listen()
                   + ALPHA.replace("ServerName alpha.tlsx.test", "ServerName alpha.tlsx.test:443"))
    answer = get(server.port(), "alpha.tlsx.test", "/sub", ctx=context(certs))
    assert answer.headers["location"] == "https://alpha.tlsx.test/sub/"


def test_server_token(server, certs):
    """The module names itself beside httpd."""
    answer = get(server.port(), "alpha.tlsx.test", ctx=context(certs))
    assert "mod_tlsx/" in answer.headers["server"]
