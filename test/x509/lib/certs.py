# SPDX-License-Identifier: Apache-2.0
"""Certificates of any shape, well-formed or not: DER by asn1crypto's emitter, signatures by openssl."""
import hashlib
import importlib.machinery
import importlib.util
import os
import subprocess

from asn1crypto import core
from asn1crypto.parser import emit

NOW = 1767225600  # 2026-01-01, within the default validity
FROM, UNTIL = "20200101000000Z", "20391231235959Z"


def seq(*parts):
    return emit(0, 1, 16, b"".join(parts))


def set_of(*parts):
    return emit(0, 1, 17, b"".join(parts))


def ctx(number, contents, constructed=True):
    return emit(2, 1 if constructed else 0, number, contents)


def oid(text):
    return core.ObjectIdentifier(text).dump()


def integer(value):
    return core.Integer(value).dump()


def boolean(value):
    return emit(0, 0, 1, b"\xff" if value else b"\x00")


def octets(contents):
    return emit(0, 0, 4, contents)


def bits(contents, unused=0):
    return emit(0, 0, 3, bytes([unused]) + contents)


def time(text):
    if text[:2] == "20" and text < "2050" and len(text) == 15:
        return emit(0, 0, 23, text[2:].encode())
    return emit(0, 0, 24, text.encode())


NULL = b"\x05\x00"
UTF8, PRINTABLE, T61, IA5, BMP = 12, 19, 20, 22, 30
ATTRIBUTES = {"CN": "2.5.4.3", "O": "2.5.4.10", "OU": "2.5.4.11", "C": "2.5.4.6",
              "emailAddress": "1.2.840.113549.1.9.1", "DC": "0.9.2342.19200300.100.1.25"}


def attribute(kind, value, tag=UTF8):
    if isinstance(value, str):
        value = value.encode("utf-16-be" if tag == BMP else "latin-1" if tag == T61 else "utf-8")
    return seq(oid(ATTRIBUTES.get(kind, kind)), emit(0, 0, tag, value))


def name(*rdns, ordered=True):
    """name(("CN", "a"), [("O", "b"), ("OU", "c")], ...): a list is a set of several attributes, which DER has
    in order (X.690 11.6), or as they stand."""
    sets = [[attribute(*a) for a in (r if isinstance(r, list) else [r])] for r in rdns]
    return seq(*[set_of(*(sorted(s) if ordered else s)) for s in sets])


# -- keys

class Keys:
    """A pool of keys by kind and number, made once by openssl."""
    MAKE = {
        "p256": ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
        "p384": ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
        "p521": ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"],
        "p224": ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-224"],
        "k256": ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"],
        "explicit": ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256",
                     "-pkeyopt", "ec_param_enc:explicit"],
        "ed25519": ["genpkey", "-algorithm", "ED25519"],
        "ed448": ["genpkey", "-algorithm", "ED448"],
        "rsa1024": ["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"],
        "rsa2047": ["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2047"],
        "rsa2048": ["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
        "rsa3072": ["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072"],
        "rsa4096": ["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:4096"],
        "rsa8192": ["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:8192"],
        "pss": ["genpkey", "-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048"],
        "pss256": ["genpkey", "-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048",
                   "-pkeyopt", "rsa_pss_keygen_md:sha256", "-pkeyopt", "rsa_pss_keygen_mgf1_md:sha256",
                   "-pkeyopt", "rsa_pss_keygen_saltlen:32"],
    }

    def __init__(self, folder):
        self.folder = folder
        self.spkis = {}
        self.pairs = {}
        os.makedirs(folder, exist_ok=True)

    def mldsa(self, key):
        """ML-DSA isn't in openssl before 3.5, but in test/vectors/certs/make-mldsa: parameters, public and
        private key."""
        if key not in self.pairs:
            p = MLDSA.SETS[key.split("-")[0]]
            self.pairs[key] = (p, *MLDSA.key_pair(hashlib.sha256(key.encode()).digest(), p))
        return self.pairs[key]

    def mldsa_public(self, key):
        return self.mldsa(key)[1]

    def path(self, key):
        path = os.path.join(self.folder, key + ".pem")
        if not os.path.exists(path):
            run(["openssl", *self.MAKE[key.split("-")[0]], "-out", path])
        return path

    def spki(self, key):
        if key.startswith("mldsa") and key not in self.spkis:
            self.spkis[key] = seq(algorithm_of(key, None)[1], bits(self.mldsa_public(key)))
        if key not in self.spkis:
            self.spkis[key] = run(["openssl", "pkey", "-in", self.path(key), "-pubout", "-outform", "DER"])
        return self.spkis[key]

    def sign(self, key, how, data):
        if how.startswith("mldsa"):
            p, _, private = self.mldsa(key)
            return MLDSA.sign(private, data, p)
        path = self.path(key)
        if how.startswith("ed"):
            message = os.path.join(self.folder, "message")
            with open(message, "wb") as f:
                f.write(data)
            return run(["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", path, "-in", message])
        options = []
        if how.startswith("pss"):
            _, md, salt = how.split(":")
            options = ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:" + salt]
        else:
            md = how
        return run(["openssl", "dgst", "-" + md, *options, "-sign", path], data)


def run(command, data=None):
    done = subprocess.run(command, input=data, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode != 0:
        raise RuntimeError("%s: %s" % (" ".join(command), done.stderr.decode()))
    return done.stdout


def load_mldsa():
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../vectors/certs/make-mldsa")
    loader = importlib.machinery.SourceFileLoader("make_mldsa", path)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("make_mldsa", loader))
    loader.exec_module(module)
    return module


MLDSA = load_mldsa()
KEYS = None  # set by the generator

# -- algorithms

RSA = {"sha1": "1.2.840.113549.1.1.5", "sha256": "1.2.840.113549.1.1.11",
       "sha384": "1.2.840.113549.1.1.12", "sha512": "1.2.840.113549.1.1.13",
       "md5": "1.2.840.113549.1.1.4", "sha224": "1.2.840.113549.1.1.14"}
ECDSA = {"sha1": "1.2.840.10045.4.1", "sha256": "1.2.840.10045.4.3.2",
         "sha384": "1.2.840.10045.4.3.3", "sha512": "1.2.840.10045.4.3.4",
         "sha224": "1.2.840.10045.4.3.1"}
HASH = {"sha1": "1.3.14.3.2.26", "sha256": "2.16.840.1.101.3.4.2.1",
        "sha384": "2.16.840.1.101.3.4.2.2", "sha512": "2.16.840.1.101.3.4.2.3"}


def pss_algorithm(md, salt, mgf=None, trailer=None, null=True):
    def h(which):
        return seq(oid(HASH[which]), NULL) if null else seq(oid(HASH[which]))
    parts = [ctx(0, h(md)), ctx(1, seq(oid("1.2.840.113549.1.1.8"), h(mgf or md)))]
    if salt is not None:
        parts.append(ctx(2, integer(salt)))
    if trailer is not None:
        parts.append(ctx(3, integer(trailer)))
    return seq(oid("1.2.840.113549.1.1.10"), seq(*parts))


def algorithm_of(key, how):
    """How a key signs by default, and the AlgorithmIdentifier for that."""
    kind = key.split("-")[0]
    if kind.startswith("mldsa"):
        return kind, seq(oid("2.16.840.1.101.3.4.3.%d" % MLDSA.SETS[kind]["oid"]))
    if kind.startswith("ed"):
        return kind, seq(oid("1.3.101.112" if kind == "ed25519" else "1.3.101.113"))
    if kind.startswith("rsa") and not (how or "").startswith("pss"):
        return how or "sha256", seq(oid(RSA[how or "sha256"]), NULL)
    if kind.startswith(("rsa", "pss")):
        how = how or "pss:sha256:32"
        return how, pss_algorithm(how.split(":")[1], int(how.split(":")[2]))
    default = {"p384": "sha384", "p521": "sha512"}.get(kind, "sha256")
    return how or default, seq(oid(ECDSA[how or default]))


# -- extensions: (OID, critical, value)

def ext(which, value, critical=False):
    return (which, critical, value)


def basic_constraints(ca=True, path_len=None, critical=True, explicit_false=False):
    parts = [boolean(ca)] if ca or explicit_false else []
    if path_len is not None:
        parts.append(integer(path_len))
    return ext("2.5.29.19", seq(*parts), critical)


KU_BITS = {"digitalSignature": 0, "contentCommitment": 1, "keyEncipherment": 2, "dataEncipherment": 3,
           "keyAgreement": 4, "keyCertSign": 5, "cRLSign": 6, "encipherOnly": 7, "decipherOnly": 8}


def key_usage(*names, critical=True):
    value = bytearray(2)
    last = 0
    for n in names:
        b = KU_BITS[n]
        value[b // 8] |= 0x80 >> b % 8
        last = max(last, b)
    return ext("2.5.29.15", bits(bytes(value[:last // 8 + 1]), 7 - last % 8), critical)


PURPOSES = {"server": "1.3.6.1.5.5.7.3.1", "client": "1.3.6.1.5.5.7.3.2", "code": "1.3.6.1.5.5.7.3.3",
            "email": "1.3.6.1.5.5.7.3.4", "ocsp": "1.3.6.1.5.5.7.3.9", "any": "2.5.29.37.0"}


def extended_key_usage(*names, critical=False):
    return ext("2.5.29.37", seq(*[oid(PURPOSES.get(n, n)) for n in names]), critical)


def key_id(spki):
    return hashlib.sha1(spki).digest()


def subject_key_id(value, critical=False):
    return ext("2.5.29.14", octets(value), critical)


def authority_key_id(value, critical=False):
    return ext("2.5.29.35", seq(ctx(0, value, False)), critical)


def general_name(kind, value):
    if kind == "email":
        return ctx(1, value.encode(), False)
    if kind == "dns":
        return ctx(2, value.encode("utf-8"), False)
    if kind == "dir":
        return ctx(4, value)
    if kind == "uri":
        return ctx(6, value.encode(), False)
    if kind == "ip":
        return ctx(7, value if isinstance(value, bytes) else ip(value), False)
    if kind == "rid":
        return ctx(8, core.ObjectIdentifier(value).contents, False)
    if kind == "upn":
        return ctx(0, oid("1.3.6.1.4.1.311.20.2.3") + ctx(0, emit(0, 0, 12, value.encode())))
    if kind == "smtp":
        return ctx(0, oid("1.3.6.1.5.5.7.8.9") + ctx(0, emit(0, 0, 12, value.encode())))
    if kind == "raw":
        return value
    raise ValueError(kind)


def ip(text):
    import ipaddress
    if "/" in text:
        net = ipaddress.ip_network(text)
        return net.network_address.packed + net.netmask.packed
    return ipaddress.ip_address(text).packed


def alt_names(*names, critical=False):
    return ext("2.5.29.17", seq(*[general_name(*n) for n in names]), critical)


def name_constraints(permitted=(), excluded=(), critical=True):
    parts = []
    if permitted:
        parts.append(ctx(0, b"".join(seq(general_name(*n)) for n in permitted)))
    if excluded:
        parts.append(ctx(1, b"".join(seq(general_name(*n)) for n in excluded)))
    return ext("2.5.29.30", seq(*parts), critical)


def policies(*oids, critical=False):
    return ext("2.5.29.32", seq(*[seq(oid(o)) for o in oids]), critical)


def policy_mappings(*pairs, critical=True):
    return ext("2.5.29.33", seq(*[seq(oid(a), oid(b)) for a, b in pairs]), critical)


def policy_constraints(require=None, inhibit=None, critical=True):
    parts = []
    if require is not None:
        parts.append(ctx(0, core.Integer(require).contents, False))
    if inhibit is not None:
        parts.append(ctx(1, core.Integer(inhibit).contents, False))
    return ext("2.5.29.36", seq(*parts), critical)


def inhibit_any(skip, critical=True):
    return ext("2.5.29.54", integer(skip), critical)


def encode_extension(e):
    which, critical, value = e
    middle = {True: boolean(True), False: b"", "false": boolean(False)}[critical]
    return seq(oid(which), middle, octets(value))


# -- certificates

class Cert:
    def __init__(self, der, subject, key, spki, subject_id):
        self.der, self.subject, self.key, self.spki, self.key_id = der, subject, key, spki, subject_id


SERIAL = [1000]


def cert(cn=None, issuer=None, key="p256", subject=None, issuer_name=None, exts=(), version=3,
         serial=None, raw_serial=None, not_before=FROM, not_after=UNTIL, how=None, algorithm=None,
         inner_algorithm=None, spki=None, spoil=False, sign_with=None, raw_exts=None, tail=b"",
         unique_ids=b"", raw_version=None, signature=None):
    """One certificate. `issuer` is a Cert, or None for a self-signed one; `signature` takes the place of a
    real one."""
    subject = name(("CN", cn)) if subject is None else subject
    key_hash = key_id(spki if spki is not None and key is None else KEYS.spki(key))
    spki = KEYS.spki(key) if spki is None else spki
    signer = sign_with or (issuer.key if issuer else key)
    if signature is None or algorithm is None:
        how, default_algorithm = algorithm_of(signer, how)
        algorithm = algorithm or default_algorithm
    issuer_name = issuer_name if issuer_name is not None else (issuer.subject if issuer else subject)
    SERIAL[0] += 1
    number = emit(0, 0, 2, raw_serial) if raw_serial is not None else integer(
        SERIAL[0] if serial is None else serial)
    parts = [raw_version if raw_version is not None else ctx(0, integer(version - 1)) if version > 1 else b"",
             number, inner_algorithm or algorithm, issuer_name,
             seq(not_before if isinstance(not_before, bytes) else time(not_before),
                 not_after if isinstance(not_after, bytes) else time(not_after)),
             subject, spki, unique_ids]
    if raw_exts is not None:
        parts.append(raw_exts)
    elif exts and version == 3:
        parts.append(ctx(3, seq(*[encode_extension(e) for e in exts])))
    tbs = seq(*parts)
    if signature is None:
        signature = KEYS.sign(signer, how, tbs)
    if spoil:
        signature = signature[:-1] + bytes([signature[-1] ^ 1])
    return Cert(seq(tbs, algorithm, bits(signature)) + tail, subject, key, spki, key_hash)


def replace(exts, *new, drop=()):
    """The extensions with some replaced by OID, added, or dropped."""
    out = [e for e in exts if e[0] not in drop and e[0] not in {n[0] for n in new}]
    return out + list(new)


def ca_exts(cert_key, issuer=None, path_len=None):
    exts = [basic_constraints(True, path_len), key_usage("keyCertSign", "cRLSign"),
            subject_key_id(key_id(KEYS.spki(cert_key)))]
    return exts + ([authority_key_id(issuer.key_id)] if issuer else [])


def leaf_exts(cert_key, issuer, *names):
    return [key_usage("digitalSignature"), extended_key_usage("server", "client"),
            subject_key_id(key_id(KEYS.spki(cert_key))), authority_key_id(issuer.key_id),
            alt_names(*(names or [("dns", "www.example.com")]))]


def ca(cn, issuer=None, key="p256", path_len=None, new=(), drop=(), **more):
    exts = replace(ca_exts(key, issuer, path_len), *new, drop=drop)
    return cert(cn, issuer, key, exts=exts, **more)


def leaf(issuer, *names, cn="leaf", key="p256-9", new=(), drop=(), **more):
    exts = replace(leaf_exts(key, issuer, *names), *new, drop=drop)
    return cert(cn, issuer, key, exts=exts, **more)


def pem(der, label="CERTIFICATE"):
    import base64
    text = base64.b64encode(der).decode()
    lines = [text[i:i + 64] for i in range(0, len(text), 64)]
    return "-----BEGIN %s-----\n" % label + "\n".join(lines) + "\n-----END %s-----\n" % label


# -- CRLs

def number_of(contents):
    """An INTEGER's contents as an element."""
    return contents if isinstance(contents, bytes) else integer(contents)


def revoked(serial, date="20251224000000Z", reason=None, exts=()):
    """An entry of a CRL. RFC 5280 5.3"""
    exts = ([ext("2.5.29.21", emit(0, 0, 10, bytes([reason])))] if reason is not None else []) + list(exts)
    return seq(number_of(serial), time(date), seq(*[encode_extension(e) for e in exts]) if exts else b"")


def full_name(*names):
    """DistributionPointName with GeneralNames."""
    return ctx(0, b"".join(general_name(*n) for n in names))


def idp(*names, users=False, cas=False, reasons=None, indirect=False, attributes=False, critical=True, raw=None):
    """issuingDistributionPoint. RFC 5280 5.2.5"""
    yes = b"\xff"
    parts = [ctx(0, full_name(*names)) if names else b"", ctx(1, yes, False) if users else b"",
             ctx(2, yes, False) if cas else b"", ctx(3, reasons, False) if reasons is not None else b"",
             ctx(4, yes, False) if indirect else b"", ctx(5, yes, False) if attributes else b""]
    return ext("2.5.29.28", seq(*parts) if raw is None else raw, critical)


def point(*names, reasons=None, issuer=None):
    """A DistributionPoint. RFC 5280 4.2.1.13"""
    return seq(ctx(0, full_name(*names)) if names else b"",
               ctx(1, reasons, False) if reasons is not None else b"",
               ctx(2, general_name("dir", issuer)) if issuer is not None else b"")


def crl_points(*points, critical=False):
    """cRLDistributionPoints of point(...)s, or of URIs."""
    return ext("2.5.29.31", seq(*[point(("uri", p)) if isinstance(p, str) else p for p in points]), critical)


class Crl:
    def __init__(self, der):
        self.der = der


def crl(issuer, *entries, number=1, exts=(), this_update="20260101000000Z", next_update="20391231000000Z",
        version=2, how=None, sign_with=None, spoil=False, issuer_name=None, key_ids=True, entries_raw=None,
        algorithm=None, inner_algorithm=None, tail=b""):
    """A CRL of `issuer`, a Cert, with entries by revoked(...). RFC 5280 5.1"""
    signer = sign_with or issuer.key
    default_how, default_algorithm = algorithm_of(signer, how)
    algorithm = algorithm or default_algorithm
    all_exts = [authority_key_id(issuer.key_id)] if key_ids and version == 2 else []
    if number is not None and version == 2:
        all_exts.append(ext("2.5.29.20", integer(number)))
    all_exts += list(exts)
    listed = entries_raw if entries_raw is not None else seq(*entries) if entries else b""
    tbs = seq(integer(version - 1) if version > 1 else b"", inner_algorithm or algorithm,
              issuer.subject if issuer_name is None else issuer_name, time(this_update),
              time(next_update) if next_update else b"", listed,
              ctx(0, seq(*[encode_extension(e) for e in all_exts])) if all_exts else b"")
    signature = KEYS.sign(signer, default_how, tbs)
    if spoil:
        signature = signature[:-1] + bytes([signature[-1] ^ 1])
    return Crl(seq(tbs, algorithm, bits(signature)) + tail)
