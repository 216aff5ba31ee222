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


def _element(der, at):
    """Of the DER element at `at`: its tag and where its content begins and ends."""
    length, begin = der[at + 1], at + 2
    if length >= 0x80:
        count = length & 0x7f
        length, begin = int.from_bytes(der[begin:begin + count], "big"), begin + count
    return der[at], begin, begin + length


def _field(der, tag, nth=0):
    """Where the content of the `nth` field of that tag begins and ends in openssl's SSL_SESSION. It is found
    element by element: secrets and tickets are random, and hold any bytes that look like a tag."""
    _, at, stop = _element(der, 0)
    found = []
    while at < stop:
        its_tag, begin, at = _element(der, at)
        if its_tag == tag:
            found.append((begin, at))
    begin, end = found[nth]
    if tag & 0x20:  # explicitly tagged: what it holds
        _, begin, end = _element(der, begin)
    return begin, end


OCTETS, TIME, TICKET = 0x04, 0xa1, 0xaa  # OCTET STRINGs: the suite, the session id, the secret


def rejuvenate(path):
    """Sets the session's time to now: a client does not offer what it takes for outlived."""
    def change(der):
        begin, end = _field(der, TIME)
        der[begin:end] = int(time.time()).to_bytes(end - begin, "big")
    _change(path, change)


def alter_id(path):
    """Changes a bit of the session id."""
    def change(der):
        begin, end = _field(der, OCTETS, 1)
        assert end - begin == 32
        der[begin + 18] ^= 1
    _change(path, change)


def alter(path, at):
    """Changes byte `at` of the ticket."""
    def change(der):
        begin, end = _field(der, TICKET)
        assert end - begin > 60, f"a ticket of {end - begin} bytes"
        der[begin + at % (end - begin)] ^= 1
    _change(path, change)
