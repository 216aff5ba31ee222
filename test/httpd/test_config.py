# SPDX-License-Identifier: Apache-2.0
"""What is wrong in a configuration is said with file, line and remedy, before the server starts."""
import os
import re

import pytest

from lib.client import context, get
from lib.hosts import ALPHA, ALPHA_BETA, host, listen

SUITES = "TLS_AES_128_GCM_SHA256, TLS_AES_256_GCM_SHA384, TLS_CHACHA20_POLY1305_SHA256"


def refused(server, line, *words):
    """`httpd -t` fails, names the file and the number of `line`, and says all of `words`."""
    code, said = server.check_syntax()
    assert code != 0, f"accepted:\n{line}"
    number = server.line_of(line)
    assert re.search(rf"line {number} of {re.escape(str(server.conf))}\b", said), said
    for word in words:
        assert word in said, f"{word!r} is not in\n{said}"
    return said


def accepted(server):
    """`httpd -t` is content; what it says."""
    code, said = server.check_syntax()
    assert code == 0 and "Syntax OK" in said, said
    return said


def warned(server, line, *words):
    """`httpd -t` is content, but warns, with the number of `line` and all of `words`."""
    said = accepted(server)
    place = f"line {server.line_of(line)} of {server.conf}"
    lines = [text for text in said.splitlines() if "[tlsx:warn]" in text and place in text]
    assert lines, said
    for word in words:
        assert any(word in text for text in lines), f"{word!r} is not in\n{said}"
    return lines


# ---- a word that a directive does not take ----

@pytest.mark.parametrize("line, words", [
    ("TLSEngine maybe", ["on, off or [address:]port", "'maybe'"]),
    ("TLSEngine 0", ["on, off or [address:]port"]),
    ("TLSEngine 70000", ["on, off or [address:]port"]),
    ("TLSEngine 127.0.0.1", ["on, off or [address:]port"]),
    ("TLSEngine no..host:8443", ["write an IP address", "the port alone"]),
    ("TLSEngine", ["TLSEngine takes one argument"]),
    ("TLSEngine on off", ["TLSEngine takes one argument"]),
    ("TLSCertificate", ["TLSCertificate takes 1-2 arguments"]),
    ("TLSCertificate a b c", ["TLSCertificate takes 1-2 arguments"]),
    ("TLSProtocol TLSv1.1+", ["TLSv1.2+ or TLSv1.3+", "'TLSv1.1+'", "not safe"]),
    ("TLSProtocol SSLv3", ["default", "TLSv1.3+", "not safe"]),
    ("TLSProtocol TLSv1.3", ["default, TLSv1.2+ or TLSv1.3+"]),
    ("TLSProtocol TLSv0x0302+", ["'TLSv0x0302+'", "not safe"]),
    ("TLSProtocol", ["TLSProtocol takes one argument"]),
    ("TLSCiphersPrefer TLS_RSA_WITH_RC4_128_MD5X", ["no cipher suite", SUITES]),
    ("TLSCiphersPrefer TLS_AES_128_GCM_SHA256 TLS_AES_128_GCM_SHA256", ["twice"]),
    ("TLSCiphersPrefer", ["wants names of cipher suites"]),
    ("TLSCiphersSuppress TLS_RSA_WITH_RC4_128_MD5X", ["no cipher suite", SUITES]),
    ("TLSCiphersSuppress TLS_AES_128_GCM_SHA256:TLS_AES_128_GCM_SHA256", ["twice"]),
    ("TLSCiphersSuppress", ["wants names of cipher suites", "none"]),
    ("TLSCertificateCompression brotli", ["TLSCertificateCompression takes on or off", "'brotli'"]),
    ("TLSHonorClientOrder yes", ["TLSHonorClientOrder takes on or off", "'yes'"]),
    ("TLSClientCertificate require", ["none, optional or required", "'require'"]),
    ("TLSClientCertificate", ["TLSClientCertificate takes one argument"]),
    ("TLSClientCA", ["TLSClientCA requires at least one argument"]),
    ("TLSClientCertificate optional", ["TLSX0055", "nothing says whose are good", "TLSClientCA"]),
    ("TLSClientCertificate required", ["TLSX0055", "nothing says whose are good", "TLSClientCA"]),
    ("TLSStrictSNI 1", ["TLSStrictSNI takes on or off", "'1'"]),
    ("TLSStrictSNI", ["TLSStrictSNI takes one argument"]),
    ("TLSGroups P-2567", ["no key-exchange group 'P-2567'", "X25519MLKEM768", "X25519"]),
    ("TLSGroups X25519:X25519", ["twice"]),
    ("TLSGroups", ["wants names of key-exchange groups"]),
    ("TLSSessionTickets sometimes", ["TLSSessionTickets takes on or off"]),
    ("TLSSessionTicketLifetime 9", ["10 to 604800 seconds", "'9'"]),
    ("TLSSessionTicketLifetime 604801", ["10 to 604800 seconds"]),
    ("TLSSessionTicketLifetime -1", ["10 to 604800 seconds"]),
    ("TLSSessionTicketLifetime 1h", ["10 to 604800 seconds", "'1h'"]),
    ("TLSSessionTicketLifetime", ["TLSSessionTicketLifetime takes one argument"]),
])
def test_bad_value(httpd, line, words):
    """Every directive refuses what it does not take, with the line and what it does take."""
    refused(httpd.new(line + "\n" + ALPHA_BETA), line, *words)


@pytest.mark.parametrize("line", [
    "TLSProtocol default", "TLSProtocol TLSv1.3+", "tlsprotocol tlsv1.3+",
    "TLSProtocol TLSv1.2+", "TLSProtocol TLSv0x0303+", "TLSProtocol TLSv0x0304+",
    "TLSCiphersPrefer default", "TLSCiphersPrefer TLS_AES_256_GCM_SHA384",
    "TLSCiphersPrefer TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256",
    "TLSCiphersPrefer TLS_AES_256_GCM_SHA384 TLS_AES_128_GCM_SHA256",
    "TLSCiphersPrefer ECDHE-RSA-CHACHA20-POLY1305 TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "TLSCiphersSuppress none", "TLSCiphersSuppress ecdhe-rsa-aes128-gcm-sha256",
    "TLSCiphersSuppress TLS_AES_128_GCM_SHA256:ECDHE-ECDSA-CHACHA20-POLY1305 TLS_CIPHER_0xc02f",
    "TLSCiphersSuppress AES128-SHA TLS_AES_128_CCM_SHA256",  # not served anyway
    "TLSCertificateCompression on", "TLSCertificateCompression off",
    "TLSHonorClientOrder on", "TLSHonorClientOrder off", "TLSStrictSNI on", "TLSStrictSNI off",
    "TLSGroups default", "TLSGroups X25519MLKEM768 X25519", "TLSGroups X25519:P-256:P-384",
    "TLSSessionTickets on", "TLSSessionTickets off",
    "TLSSessionTicketLifetime 10", "TLSSessionTicketLifetime 604800",
    "TLSClientCertificate none",
])
def test_good_value(httpd, line):
    """What the directives take, without a warning."""
    assert "tlsx:" not in accepted(httpd.new(line + "\n" + ALPHA_BETA))


@pytest.mark.parametrize("line, words", [
    ("TLSGroups X25519 X448", ["X448 is known, but not served here", "passed over"]),
    ("TLSCiphersPrefer TLS_AES_128_GCM_SHA256 TLS_AES_128_CCM_SHA256",
     ["TLS_AES_128_CCM_SHA256 is known, but not served here"]),
    ("TLSCiphersPrefer ECDHE-RSA-AES128-SHA", ["is known, but not served here"]),
])
def test_warned_of(httpd, line, words):
    """What is served in part only starts with a warning."""
    warned(httpd.new(line + "\n" + ALPHA_BETA), line, *words)


@pytest.mark.parametrize("path, words", [
    ("{certs}/none.pem", ["none.pem", "No such file", "What to do:"]),
    ("none.pem", ["/none.pem", "taken from ServerRoot"]),
    ("{certs}/empty.pem", ["empty.pem", "there is no certificate", "What to do:"]),
    ("{certs}/garbage.pem", ["garbage.pem", "there is no certificate"]),
    ("{certs}/alpha-rsa.key", ["there is no certificate"]),
    ("{site}/cgi-bin", ["cgi-bin", "there is no certificate"]),
    ("/dev/null", ["cannot read /dev/null"]),
])
@pytest.mark.parametrize("inside", [False, True])
def test_bad_authorities(httpd, certs, site, path, words, inside):
    """A file or directory of CAs that is missing or holds none, whether clients are asked or not."""
    line = "TLSClientCA " + path.format(certs=certs.folder, site=site.folder)
    server = httpd.new(listen() + host("alpha.tlsx.test", extra=line) if inside
                       else line + "\n" + ALPHA_BETA)
    refused(server, line, *words)


@pytest.mark.parametrize("line", ["TLSClientCA {0}/ca.pem", "TLSClientCA {0}/ca.pem {0}/ca.pem",
                                  "TLSClientCA {0}/ca.pem {0}/inter.pem {0}/ca.pem"])
def test_good_authorities(httpd, certs, line):
    """Files of CAs, one of them twice, too."""
    server = httpd.new(line.format(certs.folder) + "\nTLSClientCertificate required\n" + ALPHA_BETA)
    assert "[tlsx:warn]" not in accepted(server)


SPOILT = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"


def test_bad_entry_among_authorities(httpd, certs):
    """A CA that can't be used is passed over: one warning, with the file, the line in it, the cause.
    Where it is the only one, that is an error."""
    good = certs.ca.read_text(encoding="ascii")
    line = "TLSClientCA @dir@/cas.pem"
    for text, bad in ((good + SPOILT + good, 1), (SPOILT + good + SPOILT, 2)):
        server = httpd.new(line + "\n" + ALPHA_BETA)
        (server.folder / "cas.pem").write_text(text, encoding="ascii")
        lines = warned(server, f"TLSClientCA {server.folder}", "TLSX0052", "cas.pem (line",
                       "PEM block", "passed over")
        assert len(lines) == bad, lines
    server = httpd.new(line + "\n" + ALPHA_BETA)
    (server.folder / "cas.pem").write_text(SPOILT, encoding="ascii")
    refused(server, f"TLSClientCA {server.folder}", "no certificate that can be used (of 1")


def test_unreadable_authorities(httpd):
    """Rights are said to be missing, to whoever starts httpd without them."""
    if os.geteuid() != 0:
        pytest.skip("root is needed to become somebody else")
    server = httpd.new("TLSClientCA @dir@/cas.pem\n" + ALPHA_BETA)
    (server.folder / "cas.pem").touch(mode=0o600)
    _, said = server.check_syntax(user="www-data")
    assert "TLSX0050" in said and "Permission denied" in said and "let the user that starts" in said


def test_only_unserved_groups(httpd):
    """A list of which nothing can be served is refused."""
    refused(httpd.new("TLSGroups X448\n" + ALPHA_BETA), "TLSGroups X448", "none of these")


SUITES_13 = SUITES.replace(", ", " ")
SUITES_12 = " ".join(f"ECDHE-{key}-{kind}" for key in ("ECDSA", "RSA") for kind in
                     ("AES128-GCM-SHA256", "AES256-GCM-SHA384", "CHACHA20-POLY1305"))


@pytest.mark.parametrize("lines, named", [
    (["TLSCiphersSuppress " + SUITES_13 + " " + SUITES_12], ["TLSCiphersSuppress"]),
    (["TLSProtocol TLSv1.3+", "TLSCiphersSuppress " + SUITES_13],
     ["TLSProtocol", "TLSCiphersSuppress"]),
    (["TLSGroups X25519MLKEM768", "TLSCiphersSuppress " + SUITES_13],
     ["TLSGroups", "TLSCiphersSuppress"]),
])
@pytest.mark.parametrize("inside", [False, True])
def test_nothing_left(httpd, lines, named, inside):
    """Lines that leave no version a suite and a group are refused, each with its place."""
    text = "\n".join(lines)
    server = httpd.new(listen() + host("alpha.tlsx.test", extra=text) if inside
                       else text + "\n" + ALPHA_BETA)
    said = refused(server, named[-1], "no protocol version left", "alpha.tlsx.test", "What to do:")
    for name in named:
        assert f"{name} on line {server.line_of(name)} of {server.conf}" in said, said


@pytest.mark.parametrize("lines", ["TLSCiphersSuppress " + SUITES_13,
                                   "TLSCiphersSuppress " + SUITES_12,
                                   "TLSProtocol TLSv1.3+\nTLSCiphersSuppress " + SUITES_12])
def test_a_version_left(httpd, lines):
    """The opposite: one version is enough."""
    assert "tlsx:warn" not in accepted(httpd.new(lines + "\n" + ALPHA_BETA))


# ---- places ----

@pytest.mark.parametrize("line", ["TLSEngine on", "TLSCertificate a b", "TLSProtocol default",
                                  "TLSCiphersPrefer default", "TLSCiphersSuppress none",
                                  "TLSHonorClientOrder on",
                                  "TLSStrictSNI on", "TLSGroups default", "TLSSessionTickets on",
                                  "TLSSessionTicketLifetime 60"])
def test_not_in_a_directory(httpd, line):
    """Directories know nothing of connections."""
    text = ALPHA_BETA + f'<Directory "@site@/beta">\n    {line}\n</Directory>\n'
    number = len(text.splitlines()) - 1
    server = httpd.new(text)
    code, said = server.check_syntax()
    number += len(server.conf.read_text().splitlines()) - len(text.splitlines())
    assert code != 0 and f"line {number} of {server.conf}" in said, said
    assert f"{line.split()[0]} " in said and "Directory" in said, said


def test_port_form_in_a_host(httpd):
    """TLSEngine with a port belongs to the server."""
    server = httpd.new(listen() + host("alpha.tlsx.test", extra="TLSEngine 8443"))
    refused(server, "TLSEngine 8443", "outside of <VirtualHost>", "write TLSEngine on")


def test_lifetime_in_a_host(httpd):
    """The ring of ticket keys is one for all hosts."""
    server = httpd.new(listen() + host("alpha.tlsx.test", extra="TLSSessionTicketLifetime 60"))
    refused(server, "TLSSessionTicketLifetime 60", "TLSSessionTicketLifetime", "VirtualHost")


# ---- an address and port is TLS or plain as a whole ----

PLAIN = """
<VirtualHost 127.0.0.1:@https@>
    ServerName plain.tlsx.test
    {line}
</VirtualHost>
"""


@pytest.mark.parametrize("line", ["TLSEngine off", ""])
@pytest.mark.parametrize("tls_first", [True, False])
def test_port_disagreement(httpd, line, tls_first):
    """Hosts of one port that disagree: both are named, by their lines."""
    hosts = [ALPHA, PLAIN.format(line=line)]
    server = httpd.new(listen() + "".join(hosts if tls_first else hosts[::-1]))
    said = refused(server, "TLSEngine on", "disagree", "TLS or plain as a whole",
                   f"127.0.0.1:{server.port()}")
    other = "TLSEngine off" if line else "<VirtualHost"
    number = server.line_of(other, 1 if line or not tls_first else 2)
    assert f"line {number} of {server.conf}" in said, said


def test_off_against_the_servers_line(httpd):
    """`off` for a port that TLSEngine has turned on outside."""
    server = httpd.new(listen() + "TLSEngine @https@\n" + PLAIN.format(line="TLSEngine off"))
    said = refused(server, "TLSEngine off", "take one of the lines out")
    assert f"line {server.line_of(f'TLSEngine {server.port()}')} of" in said, said


def test_ports_of_their_own(httpd):
    """TLS and plain on two ports agree."""
    server = httpd.new(listen("https", "http") + ALPHA
                       + PLAIN.format(line="TLSEngine off").replace("@https@", "@http@"))
    accepted(server)


def test_nothing_listens(httpd):
    """TLSEngine for a port without Listen is warned of."""
    server = httpd.new(ALPHA_BETA + "TLSEngine @other@\n")
    warned(server, f"TLSEngine {server.port('other')}", "nothing listens",
           f"Listen {server.port('other')}")


# ---- certificates and keys ----

def with_files(httpd, cert, key=""):
    """A server whose only TLSCertificate names these files."""
    return httpd.new(listen() + host("alpha.tlsx.test", certs=(),
                                     extra=f"TLSCertificate {cert} {key}"))


@pytest.mark.parametrize("cert, key, words", [
    ("@certs@/alpha-ecdsa.pem", "@certs@/beta-ecdsa.key",
     ["alpha-ecdsa.pem", "beta-ecdsa.key", "KEY_MISMATCH", "the key that this certificate was"]),
    ("@certs@/alpha-rsa.pem", "@certs@/alpha-ecdsa.key", ["KEY_MISMATCH"]),
    ("@certs@/absent.pem", "@certs@/alpha-ecdsa.key",
     ["certificate file", "absent.pem", "No such file", "check the path", "ServerRoot"]),
    ("@certs@/alpha-ecdsa.pem", "@certs@/absent.key", ["key file", "absent.key", "No such file"]),
    ("@certs@", "@certs@/alpha-ecdsa.key", ["directory", "name the file, not its folder"]),
    ("@certs@/alpha-ecdsa.pem", "", ["second argument"]),
    ("@certs@/alpha-ecdsa.key", "", ["first argument is the PEM file with the certificate"]),
    ("@certs@/empty.pem", "@certs@/alpha-ecdsa.key", ["empty.pem", "first argument"]),
    ("@certs@/garbage.pem", "@certs@/alpha-ecdsa.key", ["garbage.pem", "first argument"]),
    ("@certs@/cut.pem", "@certs@/alpha-ecdsa.key", ["cut.pem", "What to do:"]),
    ("@certs@/twisted.pem", "@certs@/alpha-ecdsa.key", ["twisted.pem", "openssl x509"]),
    ("@certs@/alpha-ecdsa.pem", "@certs@/garbage.pem", ["garbage.pem", "PRIVATE KEY"]),
    ("@certs@/alpha-ecdsa.pem", "@certs@/encrypted.key",
     ["encrypted.key", "passphrases are not asked for", "openssl pkey -in"]),
    ("@certs@/p224.pem", "@certs@/p224.key", ["P-256, P-384 or P-521"]),
    ("@certs@/rsa1024.pem", "@certs@/rsa1024.key", ["2048 bits"]),
])
def test_bad_certificate_files(httpd, cert, key, words):
    """Each says which file of which line, for which host, and what to do."""
    server = with_files(httpd, cert, key)
    refused(server, "TLSCertificate", "alpha.tlsx.test", "What to do:", *words)


def test_too_big_a_file(httpd, world):
    """A file that cannot be a certificate is not read."""
    big = world.certs.folder / "big.pem"
    big.write_bytes(b"\n" * (1 << 20) + b"\n")
    refused(with_files(httpd, big, "@certs@/alpha-ecdsa.key"), "TLSCertificate", "over 1 MiB")


def test_unreadable_file(httpd):
    """A key that the user who starts httpd may not read. (Root may: it is tried as www-data.)"""
    server = with_files(httpd, "@certs@/alpha-ecdsa.pem", "@certs@/alpha-ecdsa.key")
    if os.geteuid() == 0:
        code, said = server.check_syntax(user="www-data")
    else:
        server.world.certs.key("alpha-ecdsa").chmod(0)
        code, said = server.check_syntax()
        server.world.certs.key("alpha-ecdsa").chmod(0o600)
    assert code != 0 and "key file" in said and "Permission denied" in said, said
    assert f"line {server.line_of('TLSCertificate')} of {server.conf}" in said, said
    assert "let that user" in said, said


def test_all_errors_at_once(httpd):
    """Two wrong lines are two messages: nobody has to start the server twice to hear both."""
    server = httpd.new(listen() + host("alpha.tlsx.test", certs=("absent",))
                       + host("beta.tlsx.test").replace("alpha-ecdsa.key", "missing.key"))
    said = refused(server, "TLSCertificate", "absent.pem", "missing.key")
    assert f"line {server.line_of('TLSCertificate', 2)} of" in said


def test_no_certificate(httpd):
    """TLSEngine on without a TLSCertificate."""
    server = httpd.new(listen() + host("alpha.tlsx.test", certs=()))
    refused(server, "TLSEngine on", "alpha.tlsx.test", "has no certificate", "add TLSCertificate")


@pytest.mark.parametrize("name, words", [
    ("expired", ["has expired", "Renew it", "2021"]),
    ("early", ["not valid yet", "clock", "2090"]),
    ("soon", ["expires soon"]),
])
def test_dates(httpd, certs, name, words):
    """Certificates out of their time are warned of, and served."""
    server = httpd.new(listen() + host("alpha.tlsx.test", certs=(name,)))
    warned(server, "TLSCertificate", f"{name}.pem", "alpha.tlsx.test", *words)
    server.start()
    ctx = context(certs)
    ctx.check_hostname, ctx.verify_mode = False, 0
    assert get(server.port(), "alpha.tlsx.test", ctx=ctx).status == 200


def test_key_that_everybody_reads(httpd, world):
    """A private key that other users may read is warned of."""
    path = world.certs.folder / "open.key"
    path.write_bytes(world.certs.key("alpha-ecdsa").read_bytes())
    path.chmod(0o644)
    server = with_files(httpd, "@certs@/alpha-ecdsa.pem", path)
    warned(server, "TLSCertificate", "open.key", "chmod o-r")
    path.chmod(0o600)
    assert "tlsx:warn" not in accepted(server)


def test_relative_path(httpd, certs):
    """A path without a slash in front starts at ServerRoot."""
    server = httpd.new(listen() + host("alpha.tlsx.test", certs=(),
                                       extra="TLSCertificate own.pem own.key"))
    (server.folder / "own.pem").write_bytes(certs.pem("alpha-ecdsa").read_bytes())
    (server.folder / "own.key").write_bytes(certs.key("alpha-ecdsa").read_bytes())
    (server.folder / "own.key").chmod(0o600)
    accepted(server)


# ---- what is not there ----

@pytest.mark.parametrize("line", ["TLSOptions +StdEnvVars", "TLSProxyEngine on",
                                  "TLSUserName SSL_CLIENT_S_DN_CN"])
def test_directives_to_come(httpd, line):
    """A directive that is not there yet is httpd's own error, not a silent nothing."""
    refused(httpd.new(line + "\n" + ALPHA_BETA), line, "Invalid command")


# ---- a running server ----

def test_failed_reload_leaves_the_server_as_it_was(httpd, certs):
    """`httpd -t` with a spoilt file fails while the server goes on."""
    server = httpd(ALPHA_BETA)
    good = server.config
    server.config = "TLSGroups none\n" + good
    code, said = server.check_syntax()
    assert code != 0 and "no key-exchange group" in said
    server.config = good
    server.write()
    assert get(server.port(), "alpha.tlsx.test", ctx=context(certs)).status == 200
