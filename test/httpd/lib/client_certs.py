# SPDX-License-Identifier: Apache-2.0
"""Certificates that clients show, good and bad, and their authorities: made once by openssl."""
import datetime
from pathlib import Path

from lib.certs import DATED, KEYS, openssl

CA = """\
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
"""

CLIENT = """\
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = {purpose}
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
{more}
"""

ALL_NAMES = """\
subjectAltName = @names
[names]
email.1 = alice@example.org
email.2 = a.liddell@example.org
DNS.1 = alice.example.org
DNS.2 = *.wonder.example.org
URI.1 = https://example.org/alice
IP.1 = 192.0.2.7
otherName.1 = 1.3.6.1.4.1.311.20.2.3;UTF8:alice@corp.example.org
"""

# each kind of part that mod_ssl has a variable for, some of them twice, some hard to write
ALICE = ("/C=DE/ST=Hessen/L=Frankfurt am Main/O=Liddell, Pleasance \\+ Co. \\\"Wonder\\\""
         "/OU=Rabbits/OU=Hats/CN=Alice Liddell/CN=M\u00fcller\\\\Z\u00fcrich/title=Miss"
         "/initials=A.L./GN=Alice/SN=Liddell/description=curiouser/serialNumber=42/UID=al/emailAddress=alice@example.org/DC=org")


def tlv(tag, *contents):
    """An element of DER with a short length."""
    data = b"".join(contents)
    assert len(data) < 128
    return bytes([tag, len(data)]) + data


def odd_names():
    """Alternative names that are hard to write: control characters, a NUL, the escape character."""
    upn = tlv(0x06, bytes.fromhex("2b060104018237140203"))
    names = [tlv(0x81, b"a\0b@example.org"), tlv(0x82, b"line\nbreak.example.org"),
             tlv(0xa0, upn, tlv(0xa0, tlv(0x0c, "back\\slash\u00fc\x1b[2J".encode())))]
    return "subjectAltName = DER:" + tlv(0x30, *names).hex(":")


def stamp(seconds):
    """That many seconds from now, as openssl writes times."""
    when = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
    return when.strftime("%Y%m%d%H%M%SZ")


class ClientCerts:
    """The folder: NAME.pem (the chain that the client sends) and NAME.key."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir(mode=0o755)
        self.authority("people", "/O=tlsx tests/CN=people CA")
        self.authority("others", "/O=tlsx tests/CN=others CA")
        self.authority("inter", "/O=tlsx tests/CN=people sub CA f\u00fcr Bob", issuer="people")
        self.client("alice", ALICE, more=ALL_NAMES)
        self.client("alice-rsa", "/CN=alice rsa", kind="rsa")
        self.client("alice-ed25519", "/CN=alice ed25519", kind="ed25519")
        self.client("bob", "/CN=bob", issuer="inter")
        self.pem("bob-alone").write_bytes(self.pem("bob").read_bytes())
        self.key("bob-alone").write_bytes(self.key("bob").read_bytes())
        with open(self.pem("bob"), "ab") as chain:
            chain.write(self.pem("inter").read_bytes())
        self.client("odd", "/CN=tab\there/O=C\\\\D/OU= spaces /ST=#sharp/L=\u65e5\u672c",
                    more=odd_names())
        self.client("stranger", "/CN=stranger", issuer="others")
        self.client("server", "/CN=a server", purpose="serverAuth")
        self.client("weak", "/CN=weak", kind="rsa1024")
        self._make("ca", "/CN=a CA", CA.replace("keyCertSign", "digitalSignature, keyCertSign"),
                   "people")
        self.dated("expired", "20200101000000Z", "20210101000000Z")
        self.dated("early", "20900101000000Z", "20910101000000Z")
        self._self_signed()
        self.bundle("both", "people", "others")
        for path in self.folder.glob("*.pem"):
            path.chmod(0o644)

    def pem(self, name):
        """The certificate file of `name`."""
        return self.folder / f"{name}.pem"

    def key(self, name):
        """The key file of `name`."""
        return self.folder / f"{name}.key"

    def bundle(self, name, *parts):
        """A file with the certificates of several."""
        self.pem(name).write_bytes(b"".join(self.pem(part).read_bytes() for part in parts))

    def pkcs12(self, name):
        """The same for Java; the password is "tlsx"."""
        path = self.folder / f"{name}.p12"
        if not path.exists():
            openssl("pkcs12", "-export", "-in", self.pem(name), "-inkey", self.key(name), "-name",
                    name, "-passout", "pass:tlsx", "-out", path)
        return path

    def authority(self, name, subject, issuer=None):
        """A CA's certificate, self-signed unless an issuer is named."""
        self._make(name, subject, CA, issuer or name)

    def client(self, name, subject, *, kind="p256", issuer="people", purpose="clientAuth", more=""):
        """A client's certificate."""
        self._make(name, subject, CLIENT.format(purpose=purpose, more=more), issuer, kind)

    def _make(self, name, subject, extensions, issuer, kind="p256"):
        request, ext = self.folder / f"{name}.csr", self.folder / f"{name}.ext"
        openssl("genpkey", *KEYS[kind], "-out", self.key(name))
        openssl("req", "-new", "-utf8", "-key", self.key(name), "-subj", subject, "-out", request)
        ext.write_text(extensions, encoding="ascii")
        signer = (["-signkey", self.key(name)] if issuer == name else
                  ["-CA", self.pem(issuer), "-CAkey", self.key(issuer)])
        openssl("x509", "-req", "-in", request, *signer, "-sha256", "-days", 30, "-set_serial",
                "0x" + openssl("rand", "-hex", 12).strip(), "-extfile", ext, "-out", self.pem(name))
        request.unlink()
        ext.unlink()

    def dated(self, name, start, end):
        """A client's certificate with dates of one's choice."""
        request, work = self.folder / f"{name}.csr", self.folder / f"{name}.d"
        openssl("genpkey", *KEYS["p256"], "-out", self.key(name))
        openssl("req", "-new", "-key", self.key(name), "-subj", f"/CN={name}", "-out", request)
        work.mkdir()
        (work / "index.txt").touch()
        config = work / "ca.cnf"
        config.write_text(DATED.format(folder=work) + CLIENT.format(purpose="clientAuth", more=""),
                          encoding="ascii")
        openssl("ca", "-batch", "-notext", "-config", config, "-cert", self.pem("people"),
                "-keyfile", self.key("people"), "-startdate", start, "-enddate", end,
                "-in", request, "-out", self.pem(name))
        request.unlink()

    def _self_signed(self):
        openssl("genpkey", *KEYS["p256"], "-out", self.key("selfsigned"))
        openssl("req", "-new", "-x509", "-key", self.key("selfsigned"), "-days", 30, "-subj",
                "/CN=selfsigned", "-addext", "basicConstraints=critical,CA:FALSE", "-out",
                self.pem("selfsigned"))
