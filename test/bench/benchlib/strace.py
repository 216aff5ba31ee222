# SPDX-License-Identifier: Apache-2.0
"""Watches one httpd child with strace, and counts what it writes to its client's socket."""

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

WRITES = ("write", "writev", "pwrite64", "pwritev", "pwritev2", "sendto", "sendmsg", "sendmmsg",
          "sendfile", "sendfile64", "splice", "vmsplice")

# 1234 writev(9<TCP:[127.0.0.1:443->127.0.0.1:5]>, [...], 3) = 65535
# A call that another thread interrupts is printed as "<unfinished ...>" and later "resumed":
# the first of the two has the socket, so counting beginnings counts each call once.
CALL = re.compile(r"^(?:\d+ +)?(\w+)\((?:\d+)<(TCP|TCPv6|socket):")
SPLICE_TO = re.compile(r"^(?:\d+ +)?splice\(.*, \d+<(TCP|TCPv6|socket):")


class StraceError(Exception):
    """strace is missing, or may not look at the child."""


class Strace:
    """A context manager: strace is attached inside, and counts() is valid after it."""

    def __init__(self, pid):
        self.pid = pid
        self.log = tempfile.NamedTemporaryFile(prefix="tlsx-strace-", suffix=".txt")
        self.process = None

    def __enter__(self):
        if shutil.which("strace") is None:
            raise StraceError("strace is not there; on Debian: apt-get install strace")
        self.process = subprocess.Popen(
            ["strace", "-f", "-yy", "-s", "0", "-e", "trace=" + ",".join(WRITES), "-e",
             "signal=none", "-o", self.log.name, "-p", str(self.pid)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        line = self.process.stderr.readline()    # "strace: Process 1234 attached with 27 threads"
        if "attached" not in line:
            self.__exit__()
            raise StraceError(f"strace may not attach to the child: {line.strip()}")
        return self

    def __exit__(self, *exc):
        self.process.terminate()    # it detaches, and the child goes on
        self.process.communicate()

    def counts(self):
        """Maps the name of a system call to how often it was called on a TCP socket."""
        found = {}
        for line in Path(self.log.name).read_text(errors="replace").splitlines():
            match = CALL.match(line)
            name = match[1] if match else "splice" if SPLICE_TO.match(line) else None
            if name is not None:
                found[name] = found.get(name, 0) + 1
        return found
