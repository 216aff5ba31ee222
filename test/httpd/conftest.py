# SPDX-License-Identifier: Apache-2.0
"""Options and fixtures of the tests that drive a stock httpd with mod_tlsx."""
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from lib.certs import Certs
from lib.client_certs import ClientCerts
from lib.hosts import ALPHA_BETA
from lib.server import Fleet, World
from lib.site import Site

TOP = Path(__file__).resolve().parents[2]


def pytest_addoption(parser):
    group = parser.getgroup("mod_tlsx")
    group.addoption("--build-dir", default=os.environ.get("TLSX_BUILD_DIR"), metavar="DIR",
                    help="the build whose mod_tlsx.so is tested")
    group.addoption("--module", default=os.environ.get("TLSX_MODULE"), metavar="FILE",
                    help="mod_tlsx.so, if it lies elsewhere")
    group.addoption("--mpm", default="event", choices=("event", "worker", "prefork"))
    group.addoption("--sanitizers", action="store_true",
                    help="the module is built with ASan and UBSan: any report fails")
    group.addoption("--restarts", type=int, default=60, metavar="N",
                    help="graceful restarts in a loop (60; the long run: 1100)")
    group.addoption("--ci", action="store_true", default=bool(os.environ.get("CI")),
                    help="what is missing on this machine fails instead of being skipped")
    group.addoption("--bssl", default=os.environ.get("TLSX_BSSL"), metavar="FILE",
                    help="BoringSSL's command-line client")
    group.addoption("--kind", default="tlsx", choices=("tlsx", "ssl"),
                    help="ssl: serve by Debian's mod_ssl instead, to tell whose fault a failure is")
    group.addoption("--keep", action="store_true", help="leave configurations and logs behind")


def pytest_configure(config):
    config.addinivalue_line("markers", "slow: takes more than a few seconds")


def find_apxs(variable):
    """One of apxs's own answers: where httpd and its modules lie."""
    apxs = next((p for p in ("apxs2", "apxs", "/usr/bin/apxs2") if shutil.which(p)), None)
    if not apxs:
        pytest.exit("apxs is missing; on Debian: apt-get install apache2-dev", 2)
    return subprocess.run([apxs, "-q", variable], capture_output=True, text=True,
                          check=True).stdout.strip()


def find_httpd():
    """The stock server."""
    path = os.path.join(find_apxs("SBINDIR"), find_apxs("PROGNAME"))
    for candidate in (path, shutil.which("apache2"), "/usr/sbin/apache2", shutil.which("httpd")):
        if candidate and os.access(candidate, os.X_OK):
            return candidate
    return pytest.exit("httpd is missing; on Debian: apt-get install apache2-bin", 2)


def find_module(config):
    """The module under test: never skipped over."""
    given = config.getoption("--module")
    build = config.getoption("--build-dir")
    if not given:
        given = Path(build or TOP / "build" / "default") / "mod_tlsx.so"
    path = Path(given).resolve()
    if not path.is_file() and config.getoption("--kind") == "tlsx":
        pytest.exit(f"{path} is not there: build it, or name another by --build-dir or --module", 2)
    return path


@pytest.fixture(scope="session")
def world(request):
    """Files and options of the session, in a folder that httpd's user can read."""
    config = request.config
    module = find_module(config)
    folder = Path(tempfile.mkdtemp(prefix="tlsx-httpd-"))
    folder.chmod(0o755)
    if module.is_file():
        # where the source lies, httpd's user may have no business: a copy is for all
        module = Path(shutil.copy(module, folder))
        module.chmod(0o755)
    here = World(folder, Certs(folder / "certs"), Site(folder / "site"), module=module,
                 httpd=find_httpd(), modules=find_apxs("LIBEXECDIR"),
                 mpm=config.getoption("--mpm"), sanitized=config.getoption("--sanitizers"),
                 kind=config.getoption("--kind"))
    yield here
    if config.getoption("--keep") or request.session.testsfailed:
        print(f"\nconfigurations and logs: {folder}")
        for path in (folder / "site").glob("*/*.bin"):
            path.unlink()
    else:
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def certs(world):
    """The certificates."""
    return world.certs


@pytest.fixture(scope="session")
def people(world):
    """Certificates that clients show; made when first asked for."""
    return ClientCerts(world.folder / "people")


@pytest.fixture(scope="session")
def site(world):
    """The pages."""
    return world.site


@pytest.fixture
def httpd(world):
    """Call it with a configuration: a server for one test."""
    with Fleet(world) as fleet:
        yield fleet


@pytest.fixture(scope="module")
def httpd_for_all(world):
    """Call it with a configuration: a server for all tests of a file."""
    with Fleet(world) as fleet:
        yield fleet


@pytest.fixture(scope="module")
def demo(httpd_for_all):
    """alpha.tlsx.test and beta.tlsx.test on one port, with HTTP/2."""
    return httpd_for_all(ALPHA_BETA + "Protocols h2 http/1.1\n", name="demo", modules=("http2",)
                         if httpd_for_all.world.mpm != "prefork" else ())


@pytest.fixture(scope="session")
def need(request):
    """Call it with a program's name and package: its path. Missing programs fail under --ci."""
    def find(program, package, path=None):
        found = path if path and os.access(path, os.X_OK) else shutil.which(program)
        if not found:
            reason = f"{program} is missing ({package})"
            (pytest.fail if request.config.getoption("--ci") else pytest.skip)(reason)
        return found
    return find
