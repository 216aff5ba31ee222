# SPDX-License-Identifier: Apache-2.0
"""Certificates and keys for the matrix: a CA, a server and a client, in each form that a peer wants."""
import os
import ssl
import subprocess

PASSWORD = "interop"
CERTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../vectors/certs")


def openssl(*words):
    subprocess.run(["openssl", *words], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


class Files:
    """Paths: ca.pem, NAME.pem, NAME.key, NAME.p12, NAME.pub, NAME.spki, and NSS's folder."""

    def __init__(self, work):
        self.work = work

    def __call__(self, name):
        return os.path.join(self.work, name)

    def of(self, kind):
        """The same names for certificates of test/vectors/certs, each of which is its own CA."""
        return KindFiles(self, kind) if kind else self


class KindFiles:
    """As Files, where NAME and ca are one certificate, whose algorithm openssl may not know."""

    def __init__(self, files, kind):
        self.files = files
        self.kind = kind

    def __call__(self, name):
        stem, end = os.path.splitext(name)
        if stem not in ("ca", "server", "client"):
            return self.files(name)
        if end == ".spki":
            return self.spki()
        return os.path.join(CERTS, f"{self.kind}.{'key' if end == '.key' else 'crt'}.pem")

    def spki(self):
        """The certificate's subjectPublicKeyInfo: the seventh of what was signed (RFC 5280 4.1)."""
        path = self.files(self.kind + ".spki")
        with open(self("server.pem"), encoding="ascii") as f:
            at = ssl.PEM_cert_to_DER_cert(f.read())
        at = list(elements(list(elements(at))[0][1]))[0][1]
        with open(path, "wb") as out:
            out.write(list(elements(at))[6][0])
        return path


def elements(der):
    """(whole, contents) of each element of DER."""
    while der:
        n, head = der[1], 2
        if n >= 0x80:
            head += n - 0x80
            n = int.from_bytes(der[2:head], "big")
        yield der[:head + n], der[head:head + n]
        der = der[head + n:]


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
