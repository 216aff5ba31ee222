# SPDX-License-Identifier: Apache-2.0
"""What CGI scripts and other modules are told of a client's certificate: name by name and letter by
letter what mod_ssl tells of the same one, in the same httpd."""
import re

import pytest

from lib.certs import openssl
from lib.client import Http, context, curl, s_client
from lib.hosts import listen
from lib.server import wait_until

PEOPLE = ("alice", "alice-rsa", "alice-ed25519", "bob", "odd")

# Asked for by name; some of them are there in no certificate, some are no names at all.
LOOKED_UP = (
    "CLIENT_VERIFY", "CLIENT_CERT", "CLIENT_CERT_CHAIN_0", "CLIENT_CERT_CHAIN_1",
    "CLIENT_CERT_RFC4523_CEA", "CLIENT_M_VERSION", "CLIENT_M_SERIAL", "CLIENT_V_START",
    "CLIENT_V_END", "CLIENT_V_REMAIN", "CLIENT_A_KEY", "CLIENT_A_SIG", "CLIENT_S_DN",
    "CLIENT_I_DN", "CLIENT_I_DN_CN", "CLIENT_I_DN_O", "CLIENT_I_DN_C",
    "CLIENT_S_DN_C", "CLIENT_S_DN_ST", "CLIENT_S_DN_SP", "CLIENT_S_DN_L", "CLIENT_S_DN_O",
    "CLIENT_S_DN_OU", "CLIENT_S_DN_OU_0", "CLIENT_S_DN_OU_1", "CLIENT_S_DN_OU_2", "CLIENT_S_DN_CN",
    "CLIENT_S_DN_CN_1", "CLIENT_S_DN_CN_RAW", "CLIENT_S_DN_OU_1_RAW", "CLIENT_S_DN_T",
    "CLIENT_S_DN_I", "CLIENT_S_DN_G", "CLIENT_S_DN_S", "CLIENT_S_DN_D", "CLIENT_S_DN_SerialNumber",
    "CLIENT_S_DN_UID", "CLIENT_S_DN_Email", "CLIENT_S_DN_DC", "CLIENT_S_DN_", "CLIENT_S_DN_CN_x",
    "CLIENT_SAN_Email_0", "CLIENT_SAN_Email_1", "CLIENT_SAN_Email_2", "CLIENT_SAN_DNS_0",
    "CLIENT_SAN_DNS_1", "CLIENT_SAN_DNS_2", "CLIENT_SAN_OTHER_msUPN_0", "CLIENT_SAN_OTHER_msUPN_1",
    "CLIENT_SAN_OTHER_dnsSRV_0", "CLIENT_SAN_DNS_", "CLIENT_SAN_DNS_12345", "CLIENT_SAN_URI_0",
    "CLIENT_NOTHING", "SERVER_CERT", "SERVER_M_VERSION", "SERVER_M_SERIAL", "SERVER_V_START",
    "SERVER_V_END", "SERVER_S_DN", "SERVER_I_DN", "SERVER_S_DN_CN", "SERVER_I_DN_O",
    "SERVER_A_KEY", "SERVER_A_SIG", "SERVER_SAN_DNS_0", "SERVER_SAN_DNS_1",
)

HOSTS = """
Header always set X-Marker 1
{headers}
<VirtualHost 127.0.0.1:@https@>
    ServerName alpha.tlsx.test
    DocumentRoot "@site@/alpha"
    TLSEngine on
    TLSCertificate @certs@/alpha-rsa.pem @certs@/alpha-rsa.key
    TLSClientCA {ca}
    TLSClientCertificate optional
    RewriteEngine on
    RewriteCond %{{SSL:SSL_CLIENT_S_DN_CN}} ^bob$
    RewriteRule ^/if-bob$ /1.bin [R=302]
</VirtualHost>
<VirtualHost 127.0.0.1:@ssl@>
    ServerName alpha.tlsx.test
    DocumentRoot "@site@/alpha"
    SSLEngine on
    SSLCertificateFile @certs@/alpha-rsa.pem
    SSLCertificateKeyFile @certs@/alpha-rsa.key
    SSLCACertificateFile {ca}
    SSLVerifyClient optional
    SSLVerifyDepth 5
    SSLOptions +StdEnvVars
</VirtualHost>
"""


@pytest.fixture(scope="module")
def server(httpd_for_all, people, world):
    """mod_tlsx on one port, mod_ssl on another."""
    if world.kind != "tlsx":
        pytest.skip("this compares two modules")
    headers = "".join(f'Header always set X-{name.replace("_", "-")} "%{{SSL_{name}}}s"\n'
                      for name in (*LOOKED_UP, "CLIENT_S_DN_CN_1_RAW"))
    text = listen("https", "ssl") + HOSTS.format(headers=headers, ca=people.pem("people")) \
        + 'LogFormat "%{SSL_CLIENT_VERIFY}x %{SSL_CLIENT_S_DN}x %U" clients\n' \
        + 'CustomLog "@dir@/clients.log" clients\n'
    made = httpd_for_all("SSLSessionCache none\n" + text, name="client-vars",
                         modules=("headers", "rewrite", "ssl"))
    made.allow("AH01906|AH01909")
    return made


def ask(server, certs, people, name, port, path="/cgi-bin/env"):
    """The environment of a script, and the headers."""
    ctx = context(certs)
    if name:
        ctx.load_cert_chain(people.pem(name), people.key(name))
    with Http(server.port(port), "alpha.tlsx.test", ctx=ctx) as http:
        answer = http.get(path)
        assert answer.status == 200
        return answer


def client_vars(answer):
    """Those of the environment that are about a client's certificate."""
    return {name: value for name, value in answer.vars.items() if name.startswith("SSL_CLIENT_")}


@pytest.mark.parametrize("name", PEOPLE)
def test_environment(server, certs, people, name):
    """The environment of a CGI script has mod_ssl's StdEnvVars of the client's certificate: the
    same names, the same values, none more, none less."""
    ours = client_vars(ask(server, certs, people, name, "https"))
    theirs = client_vars(ask(server, certs, people, name, "ssl"))
    assert ours == theirs
    assert ours["SSL_CLIENT_VERIFY"] == "SUCCESS" and len(ours) >= 11


@pytest.mark.parametrize("name", PEOPLE)
def test_lookup(server, certs, people, name):
    """So has ap_ssl_var_lookup, seen through mod_headers, and what there isn't isn't."""
    ours, theirs = (ask(server, certs, people, name, port).headers for port in ("https", "ssl"))
    for variable in LOOKED_UP:
        header = "x-" + variable.lower().replace("_", "-")
        assert ours.get(header) == theirs.get(header), variable
    assert "(null)" in ours["x-client-nothing"] and "BEGIN CERT" in ours["x-client-cert"]


def test_raw_is_as_it_stands(server, certs, people):
    """..._RAW is what the certificate says, byte by byte. mod_ssl makes ISO 8859-1 of UTF-8 here."""
    headers = ask(server, certs, people, "alice", "https").headers
    assert headers["x-client-s-dn-cn-1-raw"].encode("latin-1").decode() == \
        "M\u00fcller\\\\Z\u00fcrich"


def test_every_part_is_there(server, certs, people):
    """The comparison compares something: Alice's certificate has it all."""
    seen = client_vars(ask(server, certs, people, "alice", "https"))
    assert seen["SSL_CLIENT_S_DN_CN"] == "Alice Liddell"
    assert seen["SSL_CLIENT_S_DN_CN_1"] == "M\u00fcller\\\\Z\u00fcrich"
    assert seen["SSL_CLIENT_S_DN_OU_1"] == "Hats"
    assert seen["SSL_CLIENT_S_DN_Email"] == seen["SSL_CLIENT_SAN_Email_0"] == "alice@example.org"
    assert seen["SSL_CLIENT_SAN_DNS_1"] == "*.wonder.example.org"
    assert seen["SSL_CLIENT_SAN_OTHER_msUPN_0"] == "alice@corp.example.org"
    assert seen["SSL_CLIENT_V_REMAIN"] in ("29", "30")
    assert re.fullmatch(r"\w{3} [ 1-3]\d \d\d:\d\d:\d\d 20\d\d GMT", seen["SSL_CLIENT_V_END"])
    subject = openssl("x509", "-in", people.pem("alice"), "-noout", "-subject", "-nameopt",
                      "RFC2253,-esc_msb,utf8").strip().partition("=")[2]
    assert seen["SSL_CLIENT_S_DN"] == subject and "Müller" in subject


def test_assertion(server, certs, people):
    """The name of the directory's look-up: the serial number in decimal, the issuer in ASCII."""
    seen = client_vars(ask(server, certs, people, "bob", "https"))
    serial = openssl("x509", "-in", people.pem("bob"), "-noout", "-serial").strip()
    assert seen["SSL_CLIENT_CERT_RFC4523_CEA"] == (
        f'{{ serialNumber {int(serial.partition("=")[2], 16)}, issuer '
        'rdnSequence:"CN=people sub CA f\\C3\\BCr Bob,O=tlsx tests" }')
    assert seen["SSL_CLIENT_I_DN"] == "CN=people sub CA für Bob,O=tlsx tests"


def test_a_nul_ends_no_name(server, certs, people):
    """What is behind a NUL in a name is there to see: a@... isn't a\\0b@... ."""
    seen = client_vars(ask(server, certs, people, "odd", "https"))
    assert seen["SSL_CLIENT_SAN_Email_0"] == "a\\00b@example.org"
    assert seen["SSL_CLIENT_SAN_DNS_0"] == "line\\0Abreak.example.org"
    assert seen["SSL_CLIENT_SAN_OTHER_msUPN_0"] == "back\\\\slash\u00fc\\1B[2J"


def test_nobody(server, certs, people):
    """Without a certificate there is SSL_CLIENT_VERIFY and no more, as with mod_ssl."""
    ours, theirs = (ask(server, certs, people, None, port) for port in ("https", "ssl"))
    assert client_vars(ours) == client_vars(theirs) == {"SSL_CLIENT_VERIFY": "NONE"}
    assert ours.headers["x-client-s-dn"] == theirs.headers["x-client-s-dn"]


def test_headers_are_no_variables(server, certs, people):
    """A client that has no certificate can't say that it has."""
    with Http(server.port(), "alpha.tlsx.test", ctx=context(certs)) as http:
        seen = http.get("/cgi-bin/env", headers={"SSL-CLIENT-VERIFY": "SUCCESS",
                                                 "SSL_CLIENT_S_DN": "CN=root"}).vars
    assert seen["SSL_CLIENT_VERIFY"] == "NONE" and "SSL_CLIENT_S_DN" not in seen


def test_http2(httpd, people, world):
    """Streams of an HTTP/2 connection have them all at once."""
    if world.mpm == "prefork":
        pytest.skip("mod_http2 does not serve on prefork")
    server = httpd("Protocols h2\n" + listen() + HOSTS.partition("<VirtualHost 127.0.0.1:@ssl@>")[0]
                   .format(headers="", ca=people.pem("people")),
                   modules=("http2", "headers", "rewrite"))
    port = server.port()
    more = [f"https://alpha.tlsx.test:{port}/cgi-bin/env?{i}" for i in range(8)]
    code, said, err = curl(server, "alpha.tlsx.test", "/cgi-bin/env", "--http2", "--parallel",
                           "--cert", str(people.pem("alice")), "--key", str(people.key("alice")),
                           *more)
    assert code == 0, err
    assert said.count("SERVER_PROTOCOL=HTTP/2.0\n") == said.count("SSL_CLIENT_VERIFY=SUCCESS\n") \
        == said.count("SSL_CLIENT_S_DN_CN=Alice Liddell\n") == 9


def test_rewrite(server, people):
    """A condition of mod_rewrite."""
    _, said = s_client(server, "alpha.tlsx.test", "-cert", str(people.pem("bob")), "-key",
                       str(people.key("bob")), "-cert_chain", str(people.pem("inter")),
                       path="/if-bob")
    assert "HTTP/1.1 302" in said, said
    _, said = s_client(server, "alpha.tlsx.test", path="/if-bob")
    assert "HTTP/1.1 404" in said, said


def test_access_log(server, certs, people):
    """%{...}x of a log format."""
    ask(server, certs, people, "odd", "https", "/100.bin")
    path = server.folder / "clients.log"
    lines = wait_until(lambda: [x for x in path.read_text(encoding="utf-8").splitlines()
                                if "/100.bin" in x], 10, "a line")
    assert re.fullmatch(r"SUCCESS .*CN=tab.*here /100\.bin", lines[0]), lines
