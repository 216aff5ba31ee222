# SPDX-License-Identifier: Apache-2.0
"""Options and preparation that the programs of test/bench have in common."""

import contextlib
import functools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from . import certs, network
from .client import Client, make_files
from .machine import FIRST, choose_cpus, go_first, may_go_first
from .server import Httpd

TOP = Path(__file__).resolve().parents[3]


def add_options(parser):
    parser.add_argument("--build-dir", type=Path, default=TOP / "build", metavar="DIR",
                        help="where loadclient and mod_tlsx.so were built (build)")
    parser.add_argument("--loadclient", type=Path, metavar="FILE")
    parser.add_argument("--tlsx", action="append", default=[], metavar="[NAME=]FILE",
                        help="a mod_tlsx.so to measure; can be repeated to compare two builds")
    parser.add_argument("--without-tlsx", action="store_true", help="plain HTTP and mod_ssl only")
    parser.add_argument("--httpd", default=shutil.which("apache2") or "/usr/sbin/apache2",
                        metavar="FILE")
    parser.add_argument("--module-dir", default="/usr/lib/apache2/modules", metavar="DIR",
                        help="httpd's own modules and mod_ssl")
    parser.add_argument("--suite", default="TLS_AES_256_GCM_SHA384")
    parser.add_argument("--tickets", type=int, metavar="N",
                        help="that mod_ssl sends; default: as many as mod_tlsx is seen to send")
    parser.add_argument("--ssl-conf", action="append", default=[], metavar="LINE",
                        help="one more directive for mod_ssl's server")
    parser.add_argument("--tlsx-conf", action="append", default=[], metavar="LINE",
                        help="one more directive for mod_tlsx's server")
    parser.add_argument("--log-level", default="warn")
    parser.add_argument("--no-pin", action="store_true", help="let the kernel choose the CPUs")
    parser.add_argument("--polite", action="store_true",
                        help="leave the priority as it is; root's runs go before other work")
    parser.add_argument("--host-network", action="store_true",
                        help="measure on the machine's loopback; root's runs have one of their own")
    parser.add_argument("--keep", action="store_true", help="leave the temporary folder there")
    parser.add_argument("--quiet", action="store_true", help="no progress lines")


def _find_loadclient(parser, options):
    built = options.build_dir / "test" / "bench" / "loadclient"
    if options.loadclient is None and not built.exists() and \
            (options.build_dir / "Makefile").exists():
        subprocess.run(["make", "-C", str(options.build_dir), "test/bench/loadclient"],
                       check=False, stdout=sys.stderr)
    options.loadclient = (options.loadclient or built).resolve()
    if not os.access(options.loadclient, os.X_OK):
        parser.error(f"{options.loadclient} is not there; give --loadclient or --build-dir")


def _find_tlsx(parser, options):
    given = options.tlsx
    options.tlsx = {}
    if not given and not options.without_tlsx:
        built = options.build_dir / "mod_tlsx.so"
        if not built.exists():
            parser.error(f"{built} is not there; give --tlsx, --build-dir or --without-tlsx")
        given = [str(built)]
    for text in given:
        name, _, path = text.rpartition("=")
        options.tlsx[name or "mod_tlsx"] = Path(path).resolve()
        if not Path(path).exists():
            parser.error(f"{path} is not there")


def complete(parser, options):
    _find_loadclient(parser, options)
    _find_tlsx(parser, options)
    if not os.access(options.httpd, os.X_OK):
        parser.error(f"{options.httpd} is not there; on Debian: apt-get install apache2")
    options.server_cpu, options.client_cpu = choose_cpus(not options.no_pin)
    options.nice = FIRST if may_go_first() and not options.polite else 0
    if options.nice:
        go_first()
    options.own_network = not options.host_network and network.make_own()
    options.complaints = []    # what the servers logged, filled when they stop
    options.progress = (lambda text: None) if options.quiet else \
        functools.partial(print, file=sys.stderr, flush=True)


def leave_by_the_front_door():
    """A signal unwinds the stack like an error does, so that servers are stopped on the way."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda n, _: sys.exit(128 + n))


@contextlib.contextmanager
def workplace(options):
    """A temporary folder with certificates and files, which httpd's user can read, too."""
    base = Path(tempfile.mkdtemp(prefix="tlsx-bench-"))
    try:
        base.chmod(0o755)
        for name in ("certs", "htdocs"):
            (base / name).mkdir()
        certs.make(base / "certs")
        options.hashes = make_files(base / "htdocs")
        yield base
    finally:
        if options.keep:
            print(f"left there: {base}", file=sys.stderr)
        else:
            shutil.rmtree(base, ignore_errors=True)


def _tickets_of(make, options):
    """How many tickets mod_tlsx sends after a full handshake; mod_ssl is told to do the same."""
    with make("mod_tlsx-probe") as server, \
            Client(server, options, mode="full", cert="ecdsa", path="/1k", count=1, warmup=0,
                   connections=1, group="X25519") as client:
        tickets = client.run()["tickets"]["sum"]
        client.finish()
    return tickets


def server_makers(options, base):
    """Maps a server's name to a function that makes it; its argument is the folder's name."""
    tlsx = {name: functools.partial(_make, "mod_tlsx", base, options, so=so,
                                    extra=options.tlsx_conf)
            for name, so in options.tlsx.items()}
    if options.tickets is None:
        options.tickets = _tickets_of(next(iter(tlsx.values())), options) if tlsx else 2
    return {
        "plain": functools.partial(_make, "plain", base, options),
        "mod_ssl": functools.partial(_make, "mod_ssl", base, options, tickets=options.tickets,
                                     extra=options.ssl_conf),
        **tlsx,
    }


def _make(kind, base, options, name, **more):
    return Httpd(kind, name, base, options, **more)
