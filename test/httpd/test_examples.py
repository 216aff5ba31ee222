# SPDX-License-Identifier: Apache-2.0
"""What users copy works: the examples of conf/, and the manual knows every directive."""
import re
import subprocess
from pathlib import Path

import pytest

from lib.client import context, get, lenient
from lib.hosts import ALPHA_BETA

TOP = Path(__file__).resolve().parents[2]
EXAMPLES = sorted((TOP / "conf").glob("*.conf"))

VHOSTS = """
Define TLSX_CERTS @certs@
Define TLSX_DOCROOT @site@
Define TLSX_ADDRESS 127.0.0.1
Define TLSX_PORT @https@
"""


def test_there_are_examples():
    """The folder is where this file looks for it."""
    assert {p.name for p in EXAMPLES} >= {"tlsx.conf", "tlsx-modern.conf", "tlsx-vhosts.conf"}


@pytest.mark.parametrize("http2", [True, False])
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda p: p.name)
def test_example(httpd, certs, people, world, example, http2):
    """Each example, with HTTP/2 and without: no warning, and both hosts serve."""
    modules = ("http2",) if http2 and world.mpm != "prefork" else ()
    hosts = VHOSTS if "VirtualHost " in example.read_text() and "ServerName" in \
        example.read_text() else ALPHA_BETA
    server = httpd(f'{hosts}\nDefine TLSX_CLIENT_CA {people.pem("people")}\n'
                   f'Include "{example}"\n', modules=modules, level="info")
    ctx = context(certs)
    ctx.load_cert_chain(people.pem("alice"), people.key("alice"))
    for name in ("alpha", "beta"):
        answer = get(server.port(), f"{name}.tlsx.test", ctx=ctx)
        assert answer.status == 200 and f"{name} page" in answer.text
    assert not re.search(r"\[tlsx:(warn|error)", server.log())


def test_modern_example_is_strict(httpd, certs):
    """What tlsx-modern.conf promises: no page for clients that name no host."""
    server = httpd(ALPHA_BETA + f'Include "{TOP}/conf/tlsx-modern.conf"\n')
    assert get(server.port(), "alpha.tlsx.test", ctx=lenient(certs), sni="").status == 403


@pytest.mark.parametrize("name, status", [(None, 403), ("alice", 404)])
def test_example_of_client_certificates(httpd, certs, people, name, status):
    """What tlsx-client-certs.conf has in comments works, too: a part of a host for those who have
    shown a certificate, and a header that says who it is."""
    text = (TOP / "conf" / "tlsx-client-certs.conf").read_text(encoding="utf-8")
    text = re.sub(r"(?m)^(\s*)#(?=Rewrite|Request|Log)", r"\1", text)
    server = httpd(f'{VHOSTS}\nDefine TLSX_CLIENT_CA {people.pem("people")}\n{text}',
                   modules=("rewrite", "headers"))
    ctx = context(certs)
    if name:
        ctx.load_cert_chain(people.pem(name), people.key(name))
    assert get(server.port(), "alpha.tlsx.test", "/members/x", ctx=ctx).status == status
    seen = get(server.port(), "alpha.tlsx.test", "/cgi-bin/env", ctx=ctx,
               headers={"X-Client-Subject": "CN=root"}).vars
    assert seen.get("HTTP_X_CLIENT_SUBJECT") == seen.get("SSL_CLIENT_S_DN") != "CN=root"


def test_both_examples_together(httpd, certs):
    """tlsx.conf and tlsx-vhosts.conf, as the README shows them."""
    server = httpd(f'{VHOSTS}\nInclude "{TOP}/conf/tlsx.conf"\n'
                   f'Include "{TOP}/conf/tlsx-vhosts.conf"\n')
    assert get(server.port(), "alpha.tlsx.test", ctx=context(certs)).status == 200


def directives(httpd):
    """Those that the module has, by httpd itself."""
    server = httpd.new(ALPHA_BETA)
    server.write()
    said = subprocess.run([server.world.httpd, "-f", str(server.conf), "-L"], capture_output=True,
                          text=True, check=True).stdout
    return set(re.findall(r"^(TLS\w+) \(mod_tlsx\.c\)", said, re.M))


def test_every_directive_has_a_page(httpd, world):
    """docs/manual has a page for each directive, and none for others."""
    if world.sanitized or world.kind != "tlsx":
        pytest.skip("httpd -L is asked without the sanitizers' libraries")
    pages = {p.stem for p in (TOP / "docs" / "manual").glob("TLS*.md")}
    names = directives(httpd)
    assert len(names) >= 9 and pages == names
    for name in names:
        text = (TOP / "docs" / "manual" / f"{name}.md").read_text(encoding="utf-8")
        for word in ("Description", "Syntax", "Default", "Context"):
            assert f"**{word}**" in text, f"{name}.md has no {word}"


def configurations(path):
    """The ```apache examples of a page."""
    return re.findall(r"^```apache\n(.*?)^```", path.read_text(encoding="utf-8"), re.M | re.S)


PAGES = [(page, number) for page in sorted((TOP / "docs" / "manual").glob("TLS*.md"))
         for number in range(len(configurations(page)))]


@pytest.mark.parametrize("page, number", PAGES, ids=lambda x: getattr(x, "stem", x))
def test_example_of_the_manual(httpd, page, number):
    """Each example of a page is a configuration that httpd takes, with our paths in place."""
    text = configurations(page)[number]
    server = httpd.new("", modules=("rewrite",))
    port = server.port()
    text = re.sub(r"(?m)^(\s*TLSCertificate) .*$",
                  r"\1 @certs@/alpha-ecdsa.pem @certs@/alpha-ecdsa.key", text)
    text = re.sub(r"(?m)^(\s*TLSClientCA) .*$", r"\1 @certs@/ca.pem", text)
    text = re.sub(r"(?m)^(\s*DocumentRoot) .*$", r'\1 "@site@/alpha"', text)
    text = re.sub(r"(?m)^\s*(LoadModule|Include|MD\w+) .*$|^</?MD.*$", "", text)
    text = re.sub(r"(?<=:)443\b|(?<=TLSEngine )443\b|(?<=Listen )443\b", str(port), text)
    listens = "" if re.search(r"(?m)^\s*Listen ", text) else f"Listen 127.0.0.1:{port}\n"
    needs = "" if "TLSCertificate" in text else \
        "TLSCertificate @certs@/alpha-ecdsa.pem @certs@/alpha-ecdsa.key\n"
    server.config = listens + needs + text
    code, said = server.check_syntax()
    assert code == 0 and "Syntax OK" in said, f"{text}\n{said}"


def test_every_directive_has_its_row(httpd, world):
    """test/coverage.md names the tests of each directive."""
    if world.sanitized or world.kind != "tlsx":
        pytest.skip("httpd -L is asked without the sanitizers' libraries")
    text = (TOP / "test" / "coverage.md").read_text(encoding="utf-8").partition("## mod_tlsx")[2]
    named = set(re.findall(r"^\| `(TLS\w+)", text, re.M))
    assert named == directives(httpd)
