# SPDX-License-Identifier: Apache-2.0
"""Throw-away CA and certificates, made with the openssl command."""

import subprocess
from pathlib import Path

NAME = "bench.tlsx.test"
DAYS = 90    # far from their end, so that nobody logs a warning

KEY_OPTIONS = {
    "ca": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
    "ecdsa": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
    "rsa": ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
}


def _openssl(*args):
    subprocess.run(["openssl", *map(str, args)], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)


def _make_key(directory, which):
    key = directory / f"{which}.key"
    _openssl("genpkey", *KEY_OPTIONS[which], "-out", key)
    return key


def make(directory):
    """Writes ca.pem, and {ecdsa,rsa}.pem and .key; each leaf is signed by the CA directly."""
    directory = Path(directory)
    ca_key = _make_key(directory, "ca")
    ca = directory / "ca.pem"
    _openssl("req", "-x509", "-new", "-key", ca_key, "-subj", "/CN=bench CA", "-days", DAYS,
             "-out", ca)
    extensions = directory / "leaf.cnf"
    extensions.write_text(f"subjectAltName=DNS:{NAME}\nextendedKeyUsage=serverAuth\n"
                          "basicConstraints=CA:FALSE\n")
    for which in ("ecdsa", "rsa"):
        key = _make_key(directory, which)
        request = directory / f"{which}.csr"
        _openssl("req", "-new", "-key", key, "-subj", f"/CN={NAME}", "-out", request)
        _openssl("x509", "-req", "-in", request, "-CA", ca, "-CAkey", ca_key, "-CAcreateserial",
                 "-days", DAYS, "-extfile", extensions, "-out", directory / f"{which}.pem")
    return ca
