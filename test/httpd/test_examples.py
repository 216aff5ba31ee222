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
def test_example(httpd, certs, world, example, http2):
    """Each example, with HTTP/2 and without: no warning, and both hosts serve."""
    modules = ("http2",) if http2 and world.mpm != "prefork" else ()
    hosts = VHOSTS if "VirtualHost " in example.read_text() and "ServerName" in \
        example.read_text() else ALPHA_BETA
    server = httpd(f'{hosts}\nInclude "{example}"\n', modules=modules, level="info")
    for name in ("alpha", "beta"):
        answer = get(server.port(), f"{name}.tlsx.test", ctx=context(certs))
        assert answer.status == 200 and f"{name} page" in answer.text
    assert not re.search(r"\[tlsx:(warn|error)", server.log())


def test_modern_example_is_strict(httpd, certs):
    """What tlsx-modern.conf promises: no page for clients that name no host."""
    server = httpd(ALPHA_BETA + f'Include "{TOP}/conf/tlsx-modern.conf"\n')
    assert get(server.port(), "alpha.tlsx.test", ctx=lenient(certs), sni="").status == 403


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
    server = httpd.new("")
    port = server.port()
    text = re.sub(r"(?m)^(\s*TLSCertificate) .*$",
                  r"\1 @certs@/alpha-ecdsa.pem @certs@/alpha-ecdsa.key", text)
    text = re.sub(r"(?m)^(\s*DocumentRoot) .*$", r'\1 "@site@/alpha"', text)
    text = re.sub(r"(?m)^\s*(LoadModule|Include|MD\w+) .*$|^</?MD.*$", "", text)
    text = re.sub(r"(?<=:)443\b|(?<=TLSEngine )443\b|(?<=Listen )443\b", str(port), text)
    listens = "" if re.search(r"(?m)^\s*Listen ", text) else f"Listen 127.0.0.1:{port}\n"
    needs = "" if "TLSCertificate" in text else \
        "TLSCertificate @certs@/alpha-ecdsa.pem @certs@/alpha-ecdsa.key\n"
    server.config = listens + needs + text
    code, said = server.check_syntax()
    assert code == 0 and "Syntax OK" in said, f"{text}\n{said}"
