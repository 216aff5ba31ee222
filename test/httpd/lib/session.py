# SPDX-License-Identifier: Apache-2.0
"""openssl's session files: making them, and making a client offer one that it finds too old."""
import base64
import re
import time
from pathlib import Path

from lib.client import s_client


VERSIONS = {"TLSv1.2": "-tls1_2", "TLSv1.3": "-tls1_3"}


def make(server, host, path, *args, version="TLSv1.3"):
    """A full handshake and a request; the newest session goes to the file."""
    code, said = s_client(server, host, VERSIONS[version], "-sess_out", str(path), *args)
    assert code == 0 and f"New, {version}" in said and Path(path).exists(), said
    return said


def is_resumed(server, host, path, *args, sni=None, version="TLSv1.3"):
    """Offers the session with a request: whether the server took it."""
    code, said = s_client(server, host, VERSIONS[version], "-sess_in", str(path), *args, sni=sni)
    assert code == 0 and "HTTP/1.1 200" in said, said
    assert (f"Reused, {version}" in said) != (f"New, {version}" in said), said
    return f"Reused, {version}" in said


def _change(path, change):
    """Rewrites the file with what `change` makes of its DER bytes, in place."""
    text = Path(path).read_text(encoding="ascii")
    body = re.search(r"PARAMETERS-----\n(.*?)-----END", text, re.S)[1]
    der = bytearray(base64.b64decode(body))
    change(der)
    encoded = base64.encodebytes(bytes(der)).decode("ascii")
    Path(path).write_text(text.replace(body, encoded), encoding="ascii")


def rejuvenate(path):
    """Sets the session's time to now: a client does not offer what it takes for outlived."""
    def change(der):
        found = bytes(der).index(b"\xa1\x06\x02\x04")  # [1] INTEGER
        der[found + 4:found + 8] = int(time.time()).to_bytes(4, "big")
    _change(path, change)


def alter_id(path):
    """Changes a bit of the session id."""
    def change(der):
        der[bytes(der).index(b"\x04\x20") + 20] ^= 1  # OCTET STRING of 32 bytes, the first one
    _change(path, change)


def alter(path, at):
    """Changes byte `at` of the ticket."""
    def change(der):
        length = rb"(?:\x81.|\x82..|[\x20-\x7f])"
        found = re.search(rb"\xaa" + length + rb"\x04(" + length + rb")", bytes(der), re.S)  # [10]
        octets = found[1]
        size = octets[0] if len(octets) == 1 else int.from_bytes(octets[1:], "big")
        assert size > 60, f"a ticket of {size} bytes"
        der[found.end() + at % size] ^= 1
    _change(path, change)
