# SPDX-License-Identifier: Apache-2.0
"""What comes beside a chain: OCSP responses by `openssl ocsp`, and by hand where that can't; SCTs."""
import base64
import hashlib
import os
import re
import struct
import time

from asn1crypto import core, x509
from asn1crypto.parser import emit

from lib import certs as c

BASIC = "1.3.6.1.5.5.7.48.1.1"


def write(folder, name, contents):
    path = os.path.join(folder, name)
    with open(path, "wb") as f:
        f.write(contents)
    return path


def write_pem(folder, name, *found):
    return write(folder, name, "".join(c.pem(x.der) for x in found).encode())


def serial_of(cert):
    return x509.Certificate.load(cert.der).serial_number


# -- openssl's responder

class Responder:
    """`openssl ocsp` over a database of what it knows."""

    def __init__(self, folder, issuer, known):
        """known: (Cert, "V" or "R" or "R,reason")"""
        self.folder, self.issuer = folder, issuer
        self.ca = write_pem(folder, "ca.pem", issuer)
        lines = []
        for cert, status in known:
            serial = "%X" % serial_of(cert)
            serial = "0" * (len(serial) % 2) + serial
            revoked = "" if status == "V" else "250101000000Z" + status[1:]
            lines.append("\t".join([status[0], "391231235959Z", revoked, serial, "unknown", "/CN=" + serial]))
        self.index = write(folder, "index.txt", ("\n".join(lines) + "\n").encode())

    def answer(self, cert, signer, *options, digest="sha1", valid=("-ndays", "7")):
        leaf = write_pem(self.folder, "asked.pem", cert)
        out = os.path.join(self.folder, "response.der")
        c.run(["openssl", "ocsp", "-index", self.index, "-CA", self.ca,
               "-rsigner", write_pem(self.folder, "signer.pem", signer), "-rkey", c.KEYS.path(signer.key),
               "-" + digest, "-issuer", self.ca, "-cert", leaf, "-respout", out, "-no_nonce", *valid, *options])
        with open(out, "rb") as f:
            return f.read()


# -- by hand

def generalized(seconds):
    return emit(0, 0, 24, time.strftime("%Y%m%d%H%M%SZ", time.gmtime(seconds)).encode())


HASHES = {"sha1": "1.3.14.3.2.26", "sha256": "2.16.840.1.101.3.4.2.1", "sha384": "2.16.840.1.101.3.4.2.2",
          "sha512": "2.16.840.1.101.3.4.2.3"}


def key_bits(spki):
    return x509.PublicKeyInfo.load(spki)["public_key"].contents[1:]


def cert_id(cert, issuer, digest="sha1"):
    def h(data):
        return c.octets(hashlib.new(digest, data).digest())
    return c.seq(c.seq(c.oid(HASHES[digest]), c.NULL), h(issuer.subject), h(key_bits(issuer.spki)),
                 c.integer(serial_of(cert)))


GOOD, UNKNOWN = c.ctx(0, b"", False), c.ctx(2, b"", False)


def revoked(at, reason=None):
    return c.ctx(1, generalized(at) + (c.ctx(0, emit(0, 0, 10, bytes([reason]))) if reason is not None else b""))


def extensions(*exts):
    return c.seq(*[c.encode_extension(e) for e in exts])


def single(cert, issuer, status=GOOD, this=c.NOW - 3600, until=c.NOW + 86400, digest="sha1", exts=()):
    return c.seq(cert_id(cert, issuer, digest), status, generalized(this),
                 c.ctx(0, generalized(until)) if until else b"", c.ctx(1, extensions(*exts)) if exts else b"")


def response(signer, *singles, by_key=False, certs=(), exts=(), produced=c.NOW - 3600, version=b"", how=None,
             kind=BASIC, sign_with=None, no_certs=False):
    who = c.ctx(2, c.octets(hashlib.sha1(key_bits(signer.spki)).digest())) if by_key else c.ctx(1, signer.subject)
    tbs = c.seq(version, who, generalized(produced), c.seq(*singles), c.ctx(1, extensions(*exts)) if exts else b"")
    default, algorithm = c.algorithm_of(sign_with or signer.key, how)
    parts = [tbs, algorithm, c.bits(c.KEYS.sign(sign_with or signer.key, default, tbs))]
    if certs or no_certs:
        parts.append(c.ctx(0, c.seq(*[x.der for x in certs])))
    return c.seq(emit(0, 0, 10, b"\x00"), c.ctx(0, c.seq(c.oid(kind), c.octets(c.seq(*parts)))))


def unsuccessful(status):
    return c.seq(emit(0, 0, 10, bytes([status])))


# -- SCTs, RFC 6962 3.2

def log_id(spki):
    return hashlib.sha256(spki).digest()


def vec(n, contents):
    return len(contents).to_bytes(n, "big") + contents


def sct(log, entry, at_ms=c.NOW * 1000 - 5000, extensions_=b"", version=0, spoil=False, how="sha256", alg=None):
    """entry: a Cert as it is, or (issuer's Cert, TBSCertificate without the list)."""
    if isinstance(entry, tuple):
        signed = struct.pack(">H", 1) + hashlib.sha256(entry[0].spki).digest() + vec(3, entry[1])
    else:
        signed = struct.pack(">H", 0) + vec(3, entry.der)
    data = b"\x00\x00" + struct.pack(">Q", at_ms) + signed + vec(2, extensions_)
    signature = c.KEYS.sign(log, how, data)
    if spoil:
        signature = signature[:-1] + bytes([signature[-1] ^ 1])
    return (bytes([version]) + log_id(c.KEYS.spki(log)) + struct.pack(">Q", at_ms) + vec(2, extensions_) +
            (alg or (b"\x04\x01" if log.startswith("rsa") else b"\x04\x03")) + vec(2, signature))


def sct_list(*scts):
    return vec(2, b"".join(vec(2, s) for s in scts))


EMBEDDED, IN_OCSP = "1.3.6.1.4.1.11129.2.4.2", "1.3.6.1.4.1.11129.2.4.5"


def scts_extension(*scts, which=EMBEDDED):
    return c.ext(which, c.octets(sct_list(*scts)))


def tbs_of(cert):
    return x509.Certificate.load(cert.der)["tbs_certificate"].dump()


def certified_with(issuer, logs, place=1, **how):
    """A leaf with SCTs of these logs among its extensions: signed over the same one without."""
    serial = c.SERIAL[0] + 1
    exts = c.leaf_exts("p256-9", issuer)
    bare = c.cert("leaf", issuer, "p256-9", exts=exts, serial=serial)
    found = [sct(log, (issuer, tbs_of(bare)), **how) for log in logs]
    exts.insert(place, scts_extension(*found))
    return c.cert("leaf", issuer, "p256-9", exts=exts, serial=serial)


# -- real ones

# Public keys of three logs, as their operators publish them.
LOGS = {
    "nimbus2023": "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEi/8tkhjLRp0SXrlZdTzNkTd6HqmcmXiDJz3fAdWLgOhjmv4mohvRhwXul9bgW0OD"
                  "gRwC9UGAgH/vpGHPvIS1qA==",
    "argon2023": "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE0JCPZFJOQqyEti5M8j13ALN3CAVHqkVM4yyOcKWCu2yye5yYeqDpEXYoALIgtM3T"
                 "mHtNlifmt+4iatGwLpF3eA==",
    "rocketeer": "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEIFsYyDzBi7MxCAC/oJBXK7dHjG+1aLCOkHjpoHPqTyghLpzA9BYbqvnV16mAw04v"
                 "UjyYASVGJCUoI3ctBcJAeg==",
}


def real_log(name):
    return base64.b64decode(LOGS[name])


def go_certificate(source, name):
    """A certificate of Go's crypto/x509 tests, PEM."""
    with open(source, encoding="utf-8") as f:
        found = re.search(r"\b%s = `(-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----)" % name, f.read(), re.S)
    return found.group(1).encode() + b"\n" if found else None
