# SPDX-License-Identifier: Apache-2.0
"""A CA and every certificate that the tests need, made once a session by the openssl command."""
import subprocess
from pathlib import Path

DAYS = 30

LEAF = """\
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = {names}
authorityKeyIdentifier = keyid
subjectKeyIdentifier = hash
"""

# Dates of one's choice are to be had from `openssl ca' only.
DATED = """\
[ca]
default_ca = default
[default]
database = {folder}/index.txt
new_certs_dir = {folder}
rand_serial = yes
default_md = sha256
policy = any
unique_subject = no
x509_extensions = leaf
[any]
commonName = supplied
[leaf]
"""

KEYS = {
    "p256": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
    "p384": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
    "p521": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"],
    "p224": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-224"],
    "rsa": ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
    "rsa1024": ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"],
    "ed25519": ["-algorithm", "Ed25519"],
}


def openssl(*args, text=None):
    """Runs openssl; what it says is shown if it fails."""
    done = subprocess.run(["openssl", *map(str, args)], input=text, capture_output=True, text=True,
                          check=False)
    assert done.returncode == 0, f"openssl {' '.join(map(str, args))}\n{done.stderr}"
    return done.stdout


class Certs:
    """The folder: ca.pem, NAME.pem and NAME.key for each name below."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir(mode=0o755)
        self.ca = self.folder / "ca.pem"
        self._make_ca()
        alpha, beta = "DNS:alpha.tlsx.test", "DNS:beta.tlsx.test"
        self._leaf("alpha-ecdsa", "p256", alpha)
        self._leaf("alpha-rsa", "rsa", alpha)
        self._leaf("beta-rsa", "rsa", beta)
        self._leaf("beta-ecdsa", "p256", beta)
        self._leaf("p384", "p384", alpha)
        self._leaf("p521", "p521", alpha)
        self._leaf("p224", "p224", alpha)
        self._leaf("ed25519", "ed25519", alpha)
        self._leaf("rsa1024", "rsa1024", alpha)
        self._leaf("wild", "p256", "DNS:*.wild.tlsx.test, DNS:wild.tlsx.test")
        self._leaf("gamma", "p256", "DNS:gamma.tlsx.test, DNS:also.gamma.tlsx.test")
        self._leaf("soon", "p256", alpha, days=5)
        self._dated("expired", alpha, "20200101000000Z", "20210101000000Z")
        self._dated("early", alpha, "20900101000000Z", "20910101000000Z")
        self._chain()
        self._spoilt()
        for path in self.folder.glob("*.pem"):
            path.chmod(0o644)
        for path in self.folder.glob("*.key"):
            path.chmod(0o600)

    def pem(self, name):
        """The certificate file of `name`."""
        return self.folder / f"{name}.pem"

    def key(self, name):
        """The key file of `name`."""
        return self.folder / f"{name}.key"

    def fingerprint(self, name):
        """SHA-256 of the (first) certificate, as openssl prints it without colons."""
        said = openssl("x509", "-in", self.pem(name), "-noout", "-fingerprint", "-sha256")
        return said.strip().partition("=")[2].replace(":", "").lower()

    def _new_key(self, name, kind):
        openssl("genpkey", *KEYS[kind], "-out", self.key(name))

    def _make_ca(self):
        self._new_key("ca", "p256")
        openssl("req", "-new", "-x509", "-key", self.key("ca"), "-sha256", "-days", 365,
                "-subj", "/O=tlsx tests/CN=tlsx test CA", "-out", self.ca, "-addext",
                "keyUsage=critical,keyCertSign,cRLSign")

    def _request(self, name):
        """A request: the certificate's name is the common name, for messages to show."""
        path = self.folder / f"{name}.csr"
        openssl("req", "-new", "-key", self.key(name), "-subj", f"/CN={name}", "-out", path)
        return path

    def _sign(self, name, extensions, issuer="ca", days=DAYS):
        request = self._request(name)
        ext = self.folder / f"{name}.ext"
        ext.write_text(extensions, encoding="ascii")
        openssl("x509", "-req", "-in", request, "-CA", self.pem(issuer), "-CAkey", self.key(issuer),
                "-sha256", "-days", days, "-set_serial", "0x" + openssl("rand", "-hex", 12).strip(),
                "-extfile", ext, "-out", self.pem(name))
        request.unlink()
        ext.unlink()

    def _leaf(self, name, kind, names, days=DAYS, issuer="ca"):
        self._new_key(name, kind)
        self._sign(name, LEAF.format(names=names), issuer, days)

    def _dated(self, name, names, start, end):
        self._new_key(name, "p256")
        request = self._request(name)
        work = self.folder / f"{name}.d"
        work.mkdir()
        (work / "index.txt").touch()
        config = work / "ca.cnf"
        config.write_text(DATED.format(folder=work) + LEAF.format(names=names), encoding="ascii")
        openssl("ca", "-batch", "-notext", "-config", config, "-cert", self.ca,
                "-keyfile", self.key("ca"), "-startdate", start, "-enddate", end,
                "-in", request, "-out", self.pem(name))
        request.unlink()

    def _chain(self):
        """chain.pem: a leaf, then the intermediate that leads to the root."""
        self._new_key("inter", "p256")
        self._sign("inter", "basicConstraints = critical, CA:TRUE\n"
                            "keyUsage = critical, keyCertSign\nsubjectKeyIdentifier = hash\n"
                            "authorityKeyIdentifier = keyid\n")
        self._leaf("chain", "p256", "DNS:alpha.tlsx.test", issuer="inter")
        leaf = self.pem("chain").read_text(encoding="ascii")
        self.pem("lone").write_text(leaf, encoding="ascii")
        self.pem("chain").write_text(leaf + self.pem("inter").read_text(encoding="ascii"),
                                     encoding="ascii")

    def _spoilt(self):
        """Files that a configuration should not name."""
        alpha, key = self.pem("alpha-ecdsa"), self.key("alpha-ecdsa")
        openssl("pkey", "-in", key, "-aes256", "-passout", "pass:tlsx", "-out",
                self.key("encrypted"))
        openssl("pkey", "-in", key, "-traditional", "-out", self.key("sec1"))
        openssl("rsa", "-in", self.key("alpha-rsa"), "-traditional", "-out", self.key("pkcs1"))
        self.pem("empty").touch()
        self.pem("garbage").write_text("This is no certificate.\n", encoding="ascii")
        lines = alpha.read_text(encoding="ascii").splitlines(keepends=True)
        self.pem("cut").write_text("".join(lines[:4]), encoding="ascii")
        lines[1] = "MIIX" + lines[1][4:]  # the outermost length
        self.pem("twisted").write_text("".join(lines), encoding="ascii")
        self.pem("bundle").write_text(alpha.read_text(encoding="ascii")
                                      + key.read_text(encoding="ascii"), encoding="ascii")
