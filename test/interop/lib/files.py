# SPDX-License-Identifier: Apache-2.0
"""Certificates and keys for the matrix: a CA, a server and a client, in each form that a peer wants."""
import os
import subprocess

PASSWORD = "interop"


def openssl(*words):
    subprocess.run(["openssl", *words], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


class Files:
    """Paths: ca.pem, NAME.pem, NAME.key, NAME.p12, NAME.pub, NAME.spki, and NSS's folder."""

    def __init__(self, work):
        self.work = work

    def __call__(self, name):
        return os.path.join(self.work, name)


def make(work):
    f = Files(work)
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
            "-subj", "/CN=interop CA", "-keyout", f("ca.key"), "-out", f("ca.pem"),
            "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign")
    for number, name, usage in ((1, "server", "serverAuth"), (2, "client", "clientAuth")):
        with open(f(name + ".ext"), "w", encoding="ascii") as out:
            out.write("subjectAltName=DNS:localhost\nbasicConstraints=critical,CA:FALSE\n"
                      f"keyUsage=critical,digitalSignature\nextendedKeyUsage={usage}\n")
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
                f"/CN={name}.interop", "-keyout", f(name + ".key"), "-out", f(name + ".csr"))
        openssl("x509", "-req", "-in", f(name + ".csr"), "-CA", f("ca.pem"), "-CAkey", f("ca.key"), "-days", "2",
                "-set_serial", str(number), "-extfile", f(name + ".ext"), "-out", f(name + ".pem"))
        openssl("pkcs12", "-export", "-inkey", f(name + ".key"), "-in", f(name + ".pem"), "-name", name,
                "-passout", "pass:" + PASSWORD, "-out", f(name + ".p12"))
        openssl("pkey", "-in", f(name + ".key"), "-pubout", "-out", f(name + ".pub"))
        openssl("pkey", "-in", f(name + ".key"), "-pubout", "-outform", "DER", "-out", f(name + ".spki"))
    with open(f("request"), "w", encoding="ascii") as out:
        out.write("GET / HTTP/1.0\r\nHost: localhost\r\n\r\n")
    return f


def make_nss(f):
    """NSS's own database, with both certificates and the CA."""
    folder = f("nss")
    os.mkdir(folder)
    run = lambda *words: subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    run("certutil", "-N", "-d", "sql:" + folder, "--empty-password")
    run("certutil", "-A", "-d", "sql:" + folder, "-n", "ca", "-t", "CT,C,C", "-i", f("ca.pem"))
    for name in ("server", "client"):
        run("pk12util", "-i", f(name + ".p12"), "-d", "sql:" + folder, "-W", PASSWORD, "-K", "")
    return "sql:" + folder
