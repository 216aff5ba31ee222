# SPDX-License-Identifier: Apache-2.0
"""The pages that the servers of the tests show: static files of many sizes, and CGI scripts."""
import hashlib
import random
from pathlib import Path

KIB, MIB = 1024, 1024 * 1024

# Around what matters: one byte, a record, a batch of records, and beyond all buffers.
SIZES = (0, 1, 100, 8000, 16383, 16384, 16385, 65534, 65535, 65536, 100_000, MIB, 10 * MIB)
HUGE = 100 * MIB

CGI = {
    # how the connection is secured, and the pid of the child that serves: with mod_cgi it is the
    # script's parent
    "env": """\
printf 'Content-Type: text/plain\\r\\n\\r\\n'
echo "CHILD=$PPID"
env | sort
""",
    "pid": """\
printf 'Content-Type: text/plain\\r\\n\\r\\n%s %s' "$PPID" "$SSL_SESSION_RESUMED"
""",
    # all is read before a word is said: httpd does not read while it still writes
    "echo": """\
file=$(mktemp) || exit 1
cat >"$file"
printf 'Content-Type: application/octet-stream\\r\\n\\r\\n'
cat "$file"
rm "$file"
""",
    "sha256": """\
printf 'Content-Type: text/plain\\r\\n\\r\\n'
sha256sum | cut -d ' ' -f 1
""",
    # keeps a worker for a while, without work
    "nap": """\
printf 'Content-Type: text/plain\\r\\n\\r\\n'
sleep 0.05
""",
    # five lines, each once there is a file that ends in the number of the line before: who waits for
    # one line before he makes way for the next gets them all only if each arrives when it is written
    "steps": """\
printf 'Content-Type: text/plain\\r\\n\\r\\n'
for i in 1 2 3 4 5; do
    echo "line $i"
    tries=0
    until [ -e "$QUERY_STRING$i" ]; do
        tries=$((tries + 1))
        [ "$tries" -lt 3000 ] || exit 1
        sleep 0.02
    done
done
""",
    # answers each line of the request as soon as it has come
    "lines": """\
printf 'Content-Type: text/plain\\r\\n\\r\\n'
while read -r line; do
    echo "got $line"
done
""",
    "many": """\
printf 'Content-Type: text/plain\\r\\n\\r\\n'
i=0
while [ $i -lt 2000 ]; do
    echo "line $i"
    i=$((i + 1))
done
""",
    "header": """\
printf 'Content-Type: text/plain\\r\\nX-Length: %s\\r\\n' "${#HTTP_X_LARGE}"
printf 'X-Back: %s\\r\\n\\r\\n' "$HTTP_X_LARGE"
""",
    "fail": """\
exit 1
""",
}


def pattern(size, seed=1):
    """`size` bytes that no compressor and no repeated block could stand in for."""
    return random.Random(seed * 1_000_003 + size).randbytes(size)


def sha256(data):
    """Hex."""
    return hashlib.sha256(data).hexdigest()


class Site:
    """A folder of documents for each virtual host, and cgi-bin/."""

    HOSTS = ("alpha", "beta", "gamma", "wild", "plain")

    def __init__(self, folder):
        self.folder = Path(folder)
        self.hashes = {}
        self.folder.mkdir(mode=0o755)
        for host in self.HOSTS:
            self._host(host)
        self._files()
        self._cgi()

    def _host(self, host):
        docs = self.folder / host
        docs.mkdir(mode=0o755)
        (docs / "index.html").write_text(
            f"<!DOCTYPE html>\n<title>{host} page</title>\n<h1>{host}.tlsx.test</h1>\n",
            encoding="ascii")
        (docs / "sub").mkdir(mode=0o755)
        (docs / "sub" / "index.html").write_text(f"{host} sub\n", encoding="ascii")

    def _files(self):
        for size in SIZES:
            data = pattern(size)
            (self.folder / "alpha" / f"{size}.bin").write_bytes(data)
            self.hashes[size] = sha256(data)

    def huge(self):
        """The path of the 100 MB file below the document root; made when first asked for."""
        path = self.folder / "alpha" / f"{HUGE}.bin"
        if HUGE not in self.hashes:
            data = pattern(MIB) * (HUGE // MIB)
            path.write_bytes(data)
            self.hashes[HUGE] = sha256(data)
        return path

    def _cgi(self):
        folder = self.folder / "cgi-bin"
        folder.mkdir(mode=0o755)
        for name, text in CGI.items():
            path = folder / name
            path.write_text("#!/bin/sh\n" + text, encoding="ascii")
            path.chmod(0o755)
