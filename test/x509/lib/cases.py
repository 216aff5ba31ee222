# SPDX-License-Identifier: Apache-2.0
"""The chains: each rule with its opposites, what tlscore must say, and where that is written: a section of
an RFC, and besides it what X.690 says, or a RUSTSEC advisory.

case(name, expected, reference, trusted, leaf, *untrusted, **options): `expected` is "OK" or an error of
errors.def; `index` in the options is that of the certificate concerned, where the test is strict on it.
"""
import re

from lib import certs as c
from lib.certs import (NULL, alt_names, authority_key_id, basic_constraints, ca, cert, ctx, emit, ext,
                       extended_key_usage, inhibit_any, integer, key_usage, leaf, leaf_exts, name,
                       name_constraints, octets, oid, policies, policy_constraints, policy_mappings,
                       seq, subject_key_id)

CASES = []
GROUPS = []
SECTION = re.compile(r"RFC [0-9]+ [0-9A-Z]+(\.[0-9]+)*")


def case(case_name, expected, reference, trusted, leaf_cert, *untrusted, crls=(), **options):
    if not SECTION.match(reference):
        raise SystemExit("%s: %r is no section of an RFC" % (case_name, reference))
    trusted = trusted if isinstance(trusted, list) else [trusted]
    CASES.append({"name": case_name, "expected": expected, "reference": reference,
                  "trusted": trusted, "leaf": leaf_cert, "untrusted": list(untrusted),
                  "crls": list(crls), "options": {**options, "crls": True} if crls else options})


def group(f):
    GROUPS.append(f)
    return f


def chain(*more_of_ca, leaf_names=(), ca_new=(), ca_drop=(), leaf_new=(), leaf_drop=(), root_new=(),
          root_drop=(), **leaf_more):
    """root, one intermediate and a leaf."""
    root = ca("root", new=root_new, drop=root_drop)
    inter = ca("inter", root, "p256-2", new=ca_new, drop=ca_drop)
    end = leaf(inter, *leaf_names, new=leaf_new, drop=leaf_drop, **leaf_more)
    return root, inter, end


def simple(case_name, expected, reference, index=None, names=None, purpose=None, flags=(), **more):
    """A chain of three with changes; options for the request apart."""
    root, inter, end = chain(**more)
    options = {k: v for k, v in (("index", index), ("names", names), ("purpose", purpose),
                                 ("flags", list(flags))) if v}
    if index == 0:
        options["index"] = 0
    case(case_name, expected, reference, root, end, inter, **options)


# ---- paths ----

@group
def paths():
    ref = "RFC 5280 6.1"
    root = ca("root")
    inter = ca("inter", root, "p256-2")
    deep = ca("deep", inter, "p256-3")
    end = leaf(inter)
    low = leaf(deep)
    case("path/one-intermediate", "OK", ref, root, end, inter)
    case("path/two-intermediates", "OK", ref, root, low, deep, inter)
    case("path/unordered", "OK", ref, root, low, inter, deep)
    case("path/with-root-sent", "OK", ref, root, end, inter, root)
    case("path/with-strangers", "OK", ref, root, end, ca("x", key="p256-4"), ca("y", key="p256-5"), inter)
    case("path/leaf-twice", "OK", ref, root, end, end, inter)
    case("path/intermediate-thrice", "OK", ref, root, end, inter, inter, inter)
    case("path/no-intermediate", "UNKNOWN_ISSUER", ref, root, end, index=0)
    case("path/gap", "UNKNOWN_ISSUER", ref, root, low, inter, index=0)
    case("path/gap-above", "UNKNOWN_ISSUER", ref, root, low, deep, index=1)
    case("path/other-root", "UNKNOWN_ISSUER", ref, ca("other", key="p256-4"), end, inter, index=1)
    case("path/root-sent-not-trusted", "UNKNOWN_ISSUER", ref, ca("other", key="p256-4"), end, inter, root,
         index=2)
    case("path/leaf-from-root", "OK", ref, root, leaf(root))
    case("path/anchor-is-intermediate", "OK", ref, inter, end)
    case("path/anchor-is-intermediate-sent-too", "OK", ref, inter, end, inter)
    case("path/two-anchors", "OK", ref, [ca("other", key="p256-4"), root], end, inter)
    same = ca("root", key="p256-4")
    case("path/anchors-of-one-name", "OK", ref, [same, root], end, inter)
    case("path/anchors-of-one-name-swapped", "OK", ref, [root, same], end, inter)
    case("path/anchor-of-same-name-other-key", "UNKNOWN_ISSUER", ref, same, end, inter, index=1)
    nameless = ca("root", key="p256-4", drop=("2.5.29.14",))
    no_hint = ca("inter", root, "p256-2", drop=("2.5.29.35",))
    case("path/anchor-of-same-name-no-key-id", "CERTIFICATE_SIGNATURE", "RFC 5280 6.1.3", nameless,
         leaf(no_hint), no_hint, index=1)
    # cross-signatures
    other = ca("other", key="p256-4")
    cross = ca("root", other, "p256")
    case("path/cross-signed-root", "OK", ref, other, end, inter, cross)
    case("path/cross-signed-both-trusted", "OK", ref, [root, other], end, cross, inter)
    case("path/cross-signed-and-root-sent", "OK", ref, other, end, root, cross, inter)
    old_cross = ca("root", other, "p256", not_after="20210101000000Z")
    case("path/expired-cross-beside-root", "OK", ref, root, end, old_cross, inter)
    case("path/expired-cross-alone", "CERTIFICATE_EXPIRED", "RFC 5280 4.1.2.5", other, end, old_cross, inter,
         index=1)
    expired = ca("inter", root, "p256-2", not_after="20210101000000Z")
    case("path/renewed-intermediate", "OK", ref, root, end, expired, inter)
    case("path/renewed-intermediate-swapped", "OK", ref, root, end, inter, expired)
    rekeyed = ca("inter", root, "p256-6")
    case("path/rekeyed-intermediate", "OK", ref, root, end, rekeyed, inter)
    bad = ca("inter", root, "p256-2", spoil=True)
    case("path/bad-copy-first", "OK", ref, root, end, bad, inter)
    case("path/bad-copy-alone", "CERTIFICATE_SIGNATURE", "RFC 5280 6.1.3", root, end, bad, index=1)
    # loops
    a = ca("a", key="p256-4")
    b = ca("b", a, "p256-5")
    a_by_b = ca("a", b, "p256-4")
    case("path/loop-of-two", "UNKNOWN_ISSUER", ref, root, leaf(b), b, a_by_b)
    case("path/loop-with-way-out", "OK", ref, root, leaf(b), b, a_by_b, ca("a", root, "p256-4"))
    case("path/self-signed-intermediate-sent", "UNKNOWN_ISSUER", ref, root, leaf(b), b, a, index=2)
    # key ids are hints
    wrong = leaf(inter, new=(authority_key_id(b"x" * 20),))
    case("path/wrong-authority-key-id", "OK", "RFC 5280 4.2.1.1", root, wrong, inter)
    case("path/no-key-ids", "OK", "RFC 5280 4.2.1.1", root, leaf(no_hint, drop=("2.5.29.35",)), no_hint)
    issuer_serial = leaf(inter, new=(ext("2.5.29.35", seq(
        ctx(1, c.general_name("dir", root.subject)), ctx(2, b"\x05", False))),))
    case("path/authority-by-issuer-and-serial", "OK", "RFC 5280 4.2.1.1", root, issuer_serial, inter)
    case("path/empty-authority-key-id", "OK", "RFC 5280 4.2.1.1", root,
         leaf(inter, new=(ext("2.5.29.35", seq()),)), inter)


@group
def self_signed():
    ref = "RFC 5280 6.1"
    root = ca("root")
    alone = cert("alone", key="p256-9", exts=[key_usage("digitalSignature"), basic_constraints(False),
                                              alt_names(("dns", "www.example.com"))])
    case("self-signed/leaf", "SELF_SIGNED", ref, root, alone, index=0)
    case("self-signed/leaf-trusted", "SELF_SIGNED", ref, alone, alone, index=0)
    case("self-signed/leaf-trusted-and-allowed", "OK", ref, alone, alone, flags=["allow-self-signed-leaf"])
    case("self-signed/leaf-allowed-not-trusted", "SELF_SIGNED", ref, root, alone,
         flags=["allow-self-signed-leaf"])
    made_ca = ca("alone", key="p256-9", new=(key_usage("digitalSignature", "keyCertSign"),))
    case("self-signed/ca-as-leaf", "SELF_SIGNED", ref, root, made_ca, index=0)
    case("self-signed/ca-as-leaf-trusted-and-allowed", "OK", ref, made_ca, made_ca,
         flags=["allow-self-signed-leaf"])
    old = cert("alone", key="p256-9", not_after="20210101000000Z", exts=[key_usage("digitalSignature")])
    case("self-signed/trusted-expired", "CERTIFICATE_EXPIRED", "RFC 5280 4.1.2.5", old, old,
         flags=["allow-self-signed-leaf"])
    inter = ca("inter", root, "p256-2")
    end = leaf(inter)
    case("self-signed/leaf-in-store-not-self-signed", "UNKNOWN_ISSUER", ref, end, end)
    case("self-signed/leaf-in-store-allowed", "OK", ref, end, end, flags=["allow-self-signed-leaf"])
    case("self-signed/anchor-not-self-signed", "UNKNOWN_ISSUER", ref, inter, end,
         flags=["only-self-signed"])
    case("self-signed/anchor-self-signed", "OK", ref, root, end, inter, flags=["only-self-signed"])
    same_name = cert(key="p256-9", subject=root.subject, issuer=root, exts=leaf_exts("p256-9", root))
    case("self-signed/self-issued-leaf", "OK", "RFC 5280 3.2", root, same_name)


# ---- dates ----

@group
def dates():
    ref = "RFC 5280 4.1.2.5"
    now = c.NOW
    root = ca("root")
    inter = ca("inter", root, "p256-2")

    def stamp(t):
        import datetime
        return datetime.datetime.fromtimestamp(t, datetime.timezone.utc).strftime("%Y%m%d%H%M%SZ")
    for what, first, last, expected in (
            ("last-second", now - 9, now, "OK"), ("one-late", now - 9, now - 1, "CERTIFICATE_EXPIRED"),
            ("first-second", now, now + 9, "OK"),
            ("one-early", now + 1, now + 9, "CERTIFICATE_NOT_YET_VALID"),
            ("one-second", now, now, "OK"),
            ("backwards", now + 9, now - 9, "CERTIFICATE_NOT_YET_VALID")):
        more = {"not_before": stamp(first), "not_after": stamp(last)}
        case("dates/leaf-" + what, expected, ref, root, leaf(inter, **more), inter, index=0, time=now)
        bounded = ca("inter", root, "p256-2", **more)
        case("dates/intermediate-" + what, expected, ref, root, leaf(bounded), bounded, index=1, time=now)
        anchor = ca("root", **more)
        below = ca("inter", anchor, "p256-2")
        case("dates/anchor-" + what, expected, ref, anchor, leaf(below), below, index=-1, time=now)
        case("dates/anchor-name-key-" + what, "OK", "RFC 5280 6.1.1 (d)", anchor, leaf(below), below,
             time=now, anchors="name-key")
    forever = leaf(inter, not_after="99991231235959Z")
    case("dates/no-end", "OK", "RFC 5280 4.1.2.5", root, forever, inter)
    case("dates/no-end-in-3000", "CERTIFICATE_EXPIRED", ref, root, forever, inter, time=32503680000, index=1)
    case("dates/utc-1950", "OK", "RFC 5280 4.1.2.5.1", root,
         leaf(inter, not_before=emit(0, 0, 23, b"500101000000Z")), inter)
    for what, raw in (("no-seconds", emit(0, 0, 23, b"3001010000Z")),
                      ("zone", emit(0, 0, 23, b"300101000000+0100")),
                      ("fraction", emit(0, 0, 24, b"20300101000000.5Z")),
                      ("no-z", emit(0, 0, 24, b"20300101000000")),
                      ("month-13", emit(0, 0, 23, b"301301000000Z")),
                      ("february-30", emit(0, 0, 23, b"300230000000Z")),
                      ("hour-24", emit(0, 0, 23, b"300101240000Z")),
                      ("letters", emit(0, 0, 23, b"30010100000xZ")),
                      ("empty", emit(0, 0, 23, b""))):
        case("dates/malformed-" + what, "BAD_CERTIFICATE", "RFC 5280 4.1.2.5.1", root,
             leaf(inter, not_after=raw), inter, index=0)
    case("dates/generalized-before-2050", "OK", "RFC 5280 4.1.2.5", root,
         leaf(inter, not_after=emit(0, 0, 24, b"20390101000000Z")), inter)


# ---- the certificate's own fields ----

@group
def fields():
    root = ca("root")
    inter = ca("inter", root, "p256-2")
    for what, more, expected, ref in (
            ("v1", {"version": 1}, "CERTIFICATE_VERSION", "RFC 5280 4.1.2.1"),
            ("v2", {"version": 2}, "CERTIFICATE_VERSION", "RFC 5280 4.1.2.1"),
            ("v4", {"raw_version": ctx(0, integer(3))}, "BAD_CERTIFICATE", "RFC 5280 4.1.2.1"),
            ("v1-explicit", {"raw_version": ctx(0, integer(0))}, "BAD_CERTIFICATE", "RFC 5280 4.1, X.690 11.5"),
            ("serial-zero", {"serial": 0}, "CERTIFICATE_SERIAL", "RFC 5280 4.1.2.2"),
            ("serial-negative", {"serial": -5}, "CERTIFICATE_SERIAL", "RFC 5280 4.1.2.2"),
            ("serial-20-bytes", {"serial": 1 << 158}, "OK", "RFC 5280 4.1.2.2"),
            ("serial-20-bytes-and-sign", {"serial": (1 << 160) - 1}, "OK", "RFC 5280 4.1.2.2"),
            ("serial-21-bytes", {"serial": 1 << 160}, "CERTIFICATE_SERIAL", "RFC 5280 4.1.2.2"),
            ("serial-padded", {"raw_serial": b"\x00\x05"}, "BAD_CERTIFICATE", "RFC 5280 4.1, X.690 8.3.2"),
            ("serial-empty", {"raw_serial": b""}, "BAD_CERTIFICATE", "RFC 5280 4.1, X.690 8.3.1"),
            ("issuer-unique-id", {"unique_ids": emit(2, 0, 1, b"\x00\x01")}, "OK", "RFC 5280 4.1.2.8"),
            ("trailing-byte", {"tail": b"\x00"}, "BAD_DER", "RFC 5280 4.1, X.690 8.1"),
            ("spoilt-signature", {"spoil": True}, "CERTIFICATE_SIGNATURE", "RFC 5280 6.1.3 (a)"),
            ("other-signer", {"sign_with": "p256-7"}, "CERTIFICATE_SIGNATURE", "RFC 5280 6.1.3 (a)"),
            ("no-extensions", {"exts": ()}, "OK", "RFC 5280 4.1.2.9"),
            ("empty-extensions", {"raw_exts": ctx(3, seq())}, "BAD_CERTIFICATE", "RFC 5280 4.1"),
            ("critical-explicit-false", {"new": (("2.5.29.14", "false", octets(b"x")),)}, "OK",
             "RFC 5280 4.1, X.690 11.5, tolerated"),
            ("empty-issuer", {"issuer_name": seq()}, "CERTIFICATE_NAME", "RFC 5280 4.1.2.4")):
        if "exts" in more:
            end = cert("leaf", inter, "p256-9", exts=())
        else:
            end = leaf(inter, **more)
        case("fields/leaf-" + what, expected, ref, root, end, inter, **({} if expected == "OK" else {"index": 0}))
        if what in ("empty-issuer", "no-extensions", "critical-explicit-false", "empty-extensions",
                    "trailing-byte", "v1-explicit", "v4", "serial-padded", "serial-empty"):
            continue
        odd = ca("inter", root, "p256-2", **more)
        case("fields/intermediate-" + what, expected, ref, root, leaf(odd), odd,
             **({} if expected == "OK" else {"index": 1}))
    # anchors may break what RFC 5280 asks of certificates
    for what, more in (("serial-zero", {"serial": 0}), ("serial-negative", {"serial": -5}),
                       ("serial-25-bytes", {"serial": 1 << 190}), ("v1", {"version": 1}),
                       ("spoilt-signature", {"spoil": True}),
                       ("sha1", {"how": "sha1"})):
        odd = ca("root", **more)
        below = ca("inter", odd, "p256-2")
        case("fields/anchor-" + what, "OK", "RFC 5280 6.1.1 (d)", odd, leaf(below), below)
    duplicate = leaf(inter, raw_exts=ctx(3, seq(*[c.encode_extension(e) for e in
                                                  leaf_exts("p256-9", inter) + [key_usage("keyAgreement")]])))
    case("fields/extension-twice", "BAD_CERTIFICATE", "RFC 5280 4.2", root, duplicate, inter, index=0)
    indefinite = leaf(inter)
    body = indefinite.der[4:] if indefinite.der[1] == 0x82 else indefinite.der[3:]
    indefinite.der = b"\x30\x80" + body + b"\x00\x00"
    case("fields/indefinite-length", "BAD_DER", "RFC 5280 4.1, X.690 10.1", root, indefinite, inter, index=0)
    broken = leaf(inter)
    broken.der = broken.der[:-1]
    case("fields/truncated", "BAD_DER", "RFC 5280 4.1, X.690 8.1.3", root, broken, inter, index=0)
    junk = leaf(inter)
    junk.der = b"\x30\x03\x02\x01\x01"
    case("fields/not-a-certificate", "BAD_CERTIFICATE", "RFC 5280 4.1", root, junk, inter, index=0)
    case("fields/junk-beside-intermediate", "OK", "RFC 5280 6.1", root, leaf(inter), junk, inter)
    case("fields/junk-in-place-of-intermediate", "BAD_CERTIFICATE", "RFC 5280 4.1", root, leaf(inter), junk,
         index=1)


# ---- algorithms and keys ----

@group
def algorithms():
    ref = "RFC 5280 4.1.1.2"
    kinds = ["p256", "p384", "p521", "ed25519", "rsa2048", "rsa3072", "rsa4096", "pss", "pss256"]
    for kind in kinds:
        root = ca("root", key=kind)
        inter = ca("inter", root, kind + "-2" if not kind.startswith("rsa4") else "rsa2048-2")
        case("algorithms/%s-chain" % kind, "OK", ref, root, leaf(inter), inter)
    ec = ca("root")
    rsa = ca("root-rsa", key="rsa2048")
    for how, expected in (("sha256", "OK"), ("sha384", "OK"), ("sha512", "OK"),
                          ("sha1", "CERTIFICATE_ALGORITHM"), ("sha224", "CERTIFICATE_ALGORITHM")):
        case("algorithms/ecdsa-p256-" + how, expected, "RFC 5758 3.2", ec, leaf(ec, how=how))
        case("algorithms/rsa-" + how, expected, "RFC 4055 5", rsa, leaf(rsa, how=how))
    case("algorithms/rsa-md5", "CERTIFICATE_ALGORITHM", "RFC 6151 2", rsa, leaf(rsa, how="md5"), index=0)
    p384 = ca("root-384", key="p384")
    case("algorithms/ecdsa-p384-sha256", "OK", "RFC 5758 3.2", p384, leaf(p384, how="sha256"))
    p521 = ca("root-521", key="p521")
    case("algorithms/ecdsa-p521-sha256", "OK", "RFC 5758 3.2", p521, leaf(p521, how="sha256"))
    sha1_inter = ca("inter", rsa, "p256-2", how="sha1")
    case("algorithms/sha1-intermediate", "CERTIFICATE_ALGORITHM", "RFC 8446 4.4.2.4", rsa, leaf(sha1_inter),
         sha1_inter, index=1)
    # PKCS #1's parameters: NULL, tolerated absent, nothing else
    for what, parameters, expected in (("null", NULL, "OK"), ("absent", b"", "OK"),
                                       ("integer", integer(1), "CERTIFICATE_ALGORITHM"),
                                       ("null-twice", NULL + NULL, "BAD_CERTIFICATE")):
        case("algorithms/rsa-parameters-" + what, expected, "RFC 4055 5", rsa,
             leaf(rsa, algorithm=seq(oid(c.RSA["sha256"]), parameters)))
    for what, parameters, expected in (("null", NULL, "CERTIFICATE_ALGORITHM"),
                                       ("integer", integer(1), "CERTIFICATE_ALGORITHM")):
        case("algorithms/ecdsa-parameters-" + what, expected, "RFC 5758 3.2", ec,
             leaf(ec, algorithm=seq(oid(c.ECDSA["sha256"]), parameters)))
    ed = ca("root-ed", key="ed25519")
    case("algorithms/ed25519-parameters-null", "CERTIFICATE_ALGORITHM", "RFC 8410 3", ed,
         leaf(ed, algorithm=seq(oid("1.3.101.112"), NULL)))
    # inside and outside
    case("algorithms/inner-differs", "BAD_CERTIFICATE", "RFC 5280 4.1.1.2", ec,
         leaf(ec, inner_algorithm=seq(oid(c.ECDSA["sha384"]))), index=0)
    case("algorithms/inner-parameters-differ", "BAD_CERTIFICATE", "RFC 5280 4.1.1.2", rsa,
         leaf(rsa, inner_algorithm=seq(oid(c.RSA["sha256"]))), index=0)
    # an algorithm that isn't the key's
    case("algorithms/rsa-oid-on-ec", "CERTIFICATE_ALGORITHM", ref, ec,
         leaf(ec, algorithm=seq(oid(c.RSA["sha256"]), NULL)), index=0)
    case("algorithms/ec-oid-on-rsa", "CERTIFICATE_ALGORITHM", ref, rsa,
         leaf(rsa, algorithm=seq(oid(c.ECDSA["sha256"]))), index=0)
    case("algorithms/unknown", "CERTIFICATE_ALGORITHM", ref, ec, leaf(ec, algorithm=seq(oid("1.2.3.4"))))
    case("algorithms/ed448", "CERTIFICATE_ALGORITHM", "RFC 8410 3", ec, leaf(ec, algorithm=seq(oid("1.3.101.113"))))


@group
def ml_dsa():
    ref = "RFC 9881 3"
    oids = {"mldsa%d" % n: "2.16.840.1.101.3.4.3.%d" % i for n, i in ((44, 17), (65, 18), (87, 19))}
    for kind in oids:
        root = ca("root", key=kind)
        inter = ca("inter", root, kind + "-2")
        case("ml-dsa/%s-chain" % kind, "OK", ref, root, leaf(inter, key=kind + "-3"), inter)
        case("ml-dsa/%s-spoilt" % kind, "CERTIFICATE_SIGNATURE", "RFC 5280 6.1.3 (a)", root,
             leaf(inter, key=kind + "-3", spoil=True), inter, index=0)
        case("ml-dsa/%s-parameters-null" % kind, "CERTIFICATE_ALGORITHM", ref, root,
             leaf(inter, algorithm=seq(oid(oids[kind]), NULL)), inter, index=0)
        case("ml-dsa/%s-key-parameters-null" % kind, "BAD_DER", "RFC 9881 4", root,
             leaf(inter, spki=seq(seq(oid(oids[kind]), NULL), c.bits(c.KEYS.mldsa_public(kind + "-3")))), inter,
             index=0)
        case("ml-dsa/%s-key-too-short" % kind, "BAD_DER", "RFC 9881 4", root,
             leaf(inter, spki=seq(seq(oid(oids[kind])), c.bits(c.KEYS.mldsa_public(kind + "-3")[:-1]))), inter,
             index=0)
    small = ca("small", key="mldsa44")
    case("ml-dsa/oid-of-another-set", "CERTIFICATE_ALGORITHM", ref, small,
         leaf(small, algorithm=seq(oid(oids["mldsa65"]))), index=0)
    classical = ca("classical")
    mixed = ca("mixed", classical, "mldsa65")
    case("ml-dsa/below-a-classical-root", "OK", ref, classical, leaf(mixed), mixed)


@group
def pss():
    ref = "RFC 4055 3.1"
    root = ca("root", key="rsa2048")
    for md, n in (("sha256", 32), ("sha384", 48), ("sha512", 64)):
        case("pss/" + md, "OK", ref, root, leaf(root, how="pss:%s:%d" % (md, n)))
    for what, salt in (("short", 20), ("none", 0), ("long", 64)):
        case("pss/salt-" + what, "CERTIFICATE_ALGORITHM", "RFC 8446 4.2.3", root,
             leaf(root, how="pss:sha256:%d" % salt))
    good = "pss:sha256:32"
    for what, algorithm, expected in (
            ("salt-not-as-signed", c.pss_algorithm("sha256", 20), "CERTIFICATE_ALGORITHM"),
            ("mgf-other-hash", c.pss_algorithm("sha256", 32, mgf="sha384"), "CERTIFICATE_ALGORITHM"),
            ("trailer-explicit", c.pss_algorithm("sha256", 32, trailer=1), "CERTIFICATE_ALGORITHM"),
            ("trailer-two", c.pss_algorithm("sha256", 32, trailer=2), "CERTIFICATE_ALGORITHM"),
            ("hash-without-null", c.pss_algorithm("sha256", 32, null=False), "OK"),
            ("defaults", seq(oid("1.2.840.113549.1.1.10"), seq()), "CERTIFICATE_ALGORITHM"),
            ("no-parameters", seq(oid("1.2.840.113549.1.1.10")), "CERTIFICATE_ALGORITHM"),
            ("sha1", c.pss_algorithm("sha1", 20), "CERTIFICATE_ALGORITHM")):
        case("pss/" + what, expected, ref, root, leaf(root, how=good, algorithm=algorithm))
    bound = ca("bound", key="pss256")
    case("pss/bound-key-fits", "OK", "RFC 4055 3.3", bound, leaf(bound, how=good))
    free = ca("free", key="pss")
    case("pss/free-key-sha512", "OK", "RFC 4055 3.3", free, leaf(free, how="pss:sha512:64"))
    # signed as PKCS #1 under a key that is bound to PSS: the same RSA key said twice
    plain_key = c.KEYS.spki("rsa2048-5")
    as_pss = seq(seq(oid("1.2.840.113549.1.1.10")), plain_key[plain_key.index(b"\x03\x82"):])
    pss_only = ca("pss-only", key="rsa2048-5", spki=as_pss)
    case("pss/pkcs1-under-pss-key", "CERTIFICATE_ALGORITHM", "RFC 4055 1.2", pss_only,
         leaf(pss_only, how="sha256"), index=0)
    case("pss/pss-under-pss-key", "OK", "RFC 4055 1.2", pss_only, leaf(pss_only, how=good))
    as_384 = seq(c.pss_algorithm("sha384", 48), plain_key[plain_key.index(b"\x03\x82"):])
    bound384 = ca("bound384", key="rsa2048-5", spki=as_384)
    case("pss/bound-key-other-hash", "CERTIFICATE_ALGORITHM", "RFC 4055 3.3", bound384,
         leaf(bound384, how=good))
    # a key's parameters have the shortest salt that it may sign with
    for md, salt, good_key in (("sha256", 0, True), ("sha256", None, True), ("sha256", 31, True), ("sha256", 33, False),
                               ("sha256", 20, False), ("sha384", 32, True), ("sha512", None, True), ("sha512", 65, False)):
        spki = seq(c.pss_algorithm(md, salt), plain_key[plain_key.index(b"\x03\x82"):])
        what = "%s-%s" % (md, "default" if salt is None else salt)
        how = "pss:%s:%d" % (md, {"sha256": 32, "sha384": 48, "sha512": 64}[md])
        verdict = "OK" if good_key else "UNSUPPORTED_KEY"
        least = "RFC 4055 3.3" + (", X.690 11.5" if salt == 20 else "")
        mid = ca("mid", root, "rsa2048-5", spki=spki)
        case("pss/key-least-salt-%s-intermediate" % what, verdict, least, root, leaf(mid, how=how), mid,
             **({} if good_key else {"index": 1}))
        case("pss/key-least-salt-%s-leaf" % what, verdict, least, root, leaf(root, key="rsa2048-5", spki=spki))
        if good_key:
            top = ca("least", key="rsa2048-5", spki=spki)
            case("pss/key-least-salt-%s-anchor" % what, "OK", least, top, leaf(top, how=how))
            other = "pss:sha384:48" if md == "sha256" else "pss:sha256:32"
            case("pss/key-least-salt-%s-other-hash" % what, "CERTIFICATE_ALGORITHM", least, top, leaf(top, how=other))
    case("pss/bound-key-384", "OK", "RFC 4055 3.3", bound384, leaf(bound384, how="pss:sha384:48"))


@group
def keys():
    root = ca("root")
    for kind, expected in (("p256-9", "OK"), ("p384", "OK"), ("p521", "OK"), ("ed25519", "OK"),
                           ("rsa2048", "OK"), ("rsa8192", "OK"), ("pss", "OK"),
                           ("rsa1024", "UNSUPPORTED_KEY"), ("rsa2047", "UNSUPPORTED_KEY"),
                           ("p224", "UNSUPPORTED_KEY"), ("k256", "UNSUPPORTED_KEY"),
                           ("explicit", "UNSUPPORTED_KEY"), ("ed448", "UNSUPPORTED_KEY")):
        case("keys/leaf-" + kind, expected, "RFC 5280 4.1.2.7", root, leaf(root, key=kind))
        if kind in ("rsa8192",):
            continue
        if expected != "OK":
            inter = cert("inter", root, kind, exts=c.ca_exts(kind, root))
            end = leaf(inter, sign_with="p256-2")
            case("keys/intermediate-" + kind, expected, "RFC 5280 4.1.2.7", root, end, inter, index=1)
    spki = c.KEYS.spki("p256-9")
    x, y = spki[-64:-32], spki[-32:]
    algorithm = seq(oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.7"))
    compressed = seq(algorithm, c.bits(bytes([2 + (y[-1] & 1)]) + x))
    case("keys/compressed-point", "OK", "RFC 5480 2.2", root, leaf(root, spki=compressed))
    case("keys/hybrid-point", "BAD_DER", "RFC 5480 2.2", root,
         leaf(root, spki=seq(algorithm, c.bits(bytes([6 + (y[-1] & 1)]) + x + y))))
    case("keys/short-point", "BAD_DER", "RFC 5480 2.2", root, leaf(root, spki=seq(algorithm, c.bits(b"\x04" + x))))
    case("keys/unknown-algorithm", "UNSUPPORTED_KEY", "RFC 5280 4.1.2.7", root,
         leaf(root, spki=seq(seq(oid("1.2.3.4")), c.bits(b"abc"))))
    off = seq(algorithm, c.bits(b"\x04" + x + bytes([y[0] ^ 1]) + y[1:]))
    inter = ca("inter", root, "p256-9", spki=off)
    case("keys/issuer-point-off-curve", "CERTIFICATE_SIGNATURE", "RFC 5480 2.2", root,
         leaf(inter, drop=("2.5.29.35",)), inter)


# ---- CAs ----

@group
def constraints():
    ref = "RFC 5280 4.2.1.9"
    bc = "2.5.29.19"
    for what, new, drop, expected in (
            ("ca", (), (), "OK"), ("absent", (), (bc,), "NOT_A_CA"),
            ("not-ca", (basic_constraints(False),), (), "NOT_A_CA"),
            ("explicit-false", (basic_constraints(False, explicit_false=True),), (), "NOT_A_CA"),
            ("not-critical", (basic_constraints(True, critical=False),), (), "OK"),
            ("malformed", (ext(bc, b"\x30\x01", True),), (), "BAD_EXTENSION"),
            ("true-as-one", (ext(bc, seq(b"\x01\x01\x01"), True),), (), "BAD_EXTENSION"),
            ("trailing", (ext(bc, seq(b"\x01\x01\xff") + b"\x00", True),), (), "BAD_EXTENSION"),
            ("path-len-negative", (ext(bc, seq(b"\x01\x01\xff", integer(-1)), True),), (), "BAD_EXTENSION"),
            ("path-len-huge", (ext(bc, seq(b"\x01\x01\xff", integer(1 << 70)), True),), (), "OK")):
        simple("constraints/intermediate-" + what, expected, ref, ca_new=new, ca_drop=drop,
               **({} if expected == "OK" else {"index": 1}))
        if expected in ("OK", "NOT_A_CA"):
            simple("constraints/anchor-" + what, expected, ref, root_new=new, root_drop=drop,
                   **({} if expected == "OK" else {"index": -1}))
    simple("constraints/leaf-ca", "CA_AS_LEAF", ref, index=0, leaf_new=(basic_constraints(True),))
    simple("constraints/leaf-ca-allowed", "OK", ref, leaf_new=(basic_constraints(True),),
           flags=["allow-ca-leaf"])
    simple("constraints/leaf-not-ca", "OK", ref, leaf_new=(basic_constraints(False),))
    simple("constraints/leaf-explicit-false", "OK", "RFC 5280 4.1, X.690 11.5, tolerated",
           leaf_new=(basic_constraints(False, explicit_false=True),))
    simple("constraints/leaf-path-len", "OK", ref, leaf_new=(basic_constraints(False, 0),))
    end_as_ca = leaf(ca("root"), key="p256-8")
    case("constraints/leaf-signs-leaf", "NOT_A_CA", ref, ca("root"), leaf(end_as_ca), end_as_ca, index=1)
    stored = leaf(ca("root"), key="p256-8")
    case("constraints/stored-leaf-signs-leaf", "NOT_A_CA", ref, stored, leaf(stored), index=-1)


@group
def path_length():
    ref = "RFC 5280 4.2.1.9, 6.1.4 (l)"
    for limit in (0, 1, 2):
        for below in (0, 1, 2, 3):
            root = ca("root")
            top = ca("top", root, "p256-2", path_len=limit)
            issuer, middle = top, []
            for i in range(below):
                issuer = ca("ca%d" % i, issuer, "p256-%d" % (3 + i))
                middle.insert(0, issuer)
            good = below <= limit
            case("path-length/%d-with-%d-below" % (limit, below), "OK" if good else "PATH_LENGTH", ref, root,
                 leaf(issuer), *middle, top, **({} if good else {"index": below + 1}))
            anchor = ca("root", path_len=limit)
            issuer, middle = anchor, []
            for i in range(below):
                issuer = ca("ca%d" % i, issuer, "p256-%d" % (3 + i))
                middle.insert(0, issuer)
            case("path-length/anchor-%d-with-%d-below" % (limit, below), "OK" if good else "PATH_LENGTH", ref,
                 anchor, leaf(issuer), *middle, **({} if good else {"index": -1}))
    root = ca("root")
    top = ca("top", root, "p256-2", path_len=0)
    again = ca("top", top, "p256-3")
    case("path-length/self-issued-does-not-count", "OK", "RFC 5280 6.1.4 (l)", root, leaf(again), again, top)
    anchor = ca("root", path_len=0)
    below = ca("inter", anchor, "p256-2")
    case("path-length/anchor-name-key", "OK", "RFC 5280 6.1.1 (d)", anchor, leaf(below), below,
         anchors="name-key")


@group
def depth():
    root = ca("root")
    issuer, middle = root, []
    for i in range(12):
        issuer = ca("ca%d" % i, issuer, "p256-%d" % (2 + i))
        middle.insert(0, issuer)
        if i in (0, 1, 4, 8, 9, 10, 11):
            good = i + 1 <= 10
            case("depth/%d-by-default" % (i + 1), "OK" if good else "CHAIN_TOO_DEEP", "RFC 5280 6.1", root,
                 leaf(issuer, key="p384"), *middle)
            case("depth/%d-of-%d" % (i + 1, i + 1), "OK", "RFC 5280 6.1", root, leaf(issuer, key="p384"), *middle,
                 depth=i + 1)
            if i < 9:
                case("depth/%d-of-%d-too-deep" % (i + 1, i), "CHAIN_TOO_DEEP", "RFC 5280 6.1", root,
                     leaf(issuer, key="p384"), *middle, depth=i)
    case("depth/none", "OK", "RFC 5280 6.1", root, leaf(root, key="p384"), depth=0)


@group
def usage():
    ref = "RFC 5280 4.2.1.3"
    ku = "2.5.29.15"
    for what, new, drop, expected in (
            ("sign", (key_usage("keyCertSign"),), (), "OK"), ("absent", (), (ku,), "OK"),
            ("not-critical", (key_usage("keyCertSign", critical=False),), (), "OK"),
            ("crl-only", (key_usage("cRLSign"),), (), "NOT_A_CA"),
            ("all", (key_usage(*c.KU_BITS),), (), "OK"),
            ("trailing-zeroes", (ext(ku, c.bits(b"\x04\x00", 0), True),), (), "OK"),
            ("empty", (ext(ku, c.bits(b""), True),), (), "BAD_EXTENSION"),
            ("zero", (ext(ku, c.bits(b"\x00"), True),), (), "BAD_EXTENSION"),
            ("too-long", (ext(ku, c.bits(b"\x04\x00\x80", 7), True),), (), "BAD_EXTENSION")):
        simple("usage/intermediate-" + what, expected, ref, ca_new=new, ca_drop=drop,
               **({} if expected == "OK" else {"index": 1}))
        if expected in ("OK", "NOT_A_CA"):
            simple("usage/anchor-" + what, expected, ref, root_new=new, root_drop=drop)
    for what, new, drop, expected in (
            ("signature", (key_usage("digitalSignature"),), (), "OK"), ("absent", (), (ku,), "OK"),
            ("agreement-only", (key_usage("keyAgreement"),), (), "KEY_USAGE"),
            ("encipherment-only", (key_usage("keyEncipherment"),), (), "KEY_USAGE"),
            ("signature-and-encipherment", (key_usage("digitalSignature", "keyEncipherment"),), (), "OK"),
            ("cert-sign", (key_usage("digitalSignature", "keyCertSign"),), (), "CA_AS_LEAF"),
            ("decipher-only", (key_usage("digitalSignature", "keyAgreement", "decipherOnly"),), (), "OK")):
        simple("usage/leaf-" + what, expected, ref, leaf_new=new, leaf_drop=drop,
               **({} if expected == "OK" else {"index": 0}))


@group
def purposes():
    ref = "RFC 5280 4.2.1.12"
    for purpose, other in (("server", "client"), ("client", "server")):
        for what, new, drop, expected_leaf, expected_ca in (
                ("absent", (), ("2.5.29.37",), "OK", "OK"),
                ("it", (extended_key_usage(purpose),), (), "OK", "OK"),
                ("it-critical", (extended_key_usage(purpose, critical=True),), (), "OK", "OK"),
                ("other", (extended_key_usage(other),), (), "EXTENDED_KEY_USAGE", "EXTENDED_KEY_USAGE"),
                ("code", (extended_key_usage("code"),), (), "EXTENDED_KEY_USAGE", "EXTENDED_KEY_USAGE"),
                ("both", (extended_key_usage(other, purpose),), (), "OK", "OK"),
                ("any", (extended_key_usage("any"),), (), "EXTENDED_KEY_USAGE", "OK"),
                ("any-and-it", (extended_key_usage("any", purpose),), (), "OK", "OK"),
                ("unknown-too", (extended_key_usage("1.2.3", purpose),), (), "OK", "OK"),
                ("empty", (ext("2.5.29.37", seq()),), (), "BAD_EXTENSION", "BAD_EXTENSION")):
            simple("purpose/%s-leaf-%s" % (purpose, what), expected_leaf, ref, purpose=purpose, leaf_new=new,
                   leaf_drop=drop)
            simple("purpose/%s-intermediate-%s" % (purpose, what), expected_ca, ref, purpose=purpose,
                   ca_new=new, ca_drop=drop)
            if what in ("it", "other", "any"):
                simple("purpose/%s-anchor-%s" % (purpose, what), expected_ca, ref, purpose=purpose,
                       root_new=new, root_drop=drop)


@group
def critical():
    ref = "RFC 5280 4.2"
    unknown = "1.3.6.1.4.1.99999.1"
    for where, part in (("leaf", "leaf_new"), ("intermediate", "ca_new"), ("anchor", "root_new")):
        for flag in (True, False):
            bad = flag and where != "anchor"
            simple("critical/%s-unknown-%s" % (where, "critical" if flag else "not"),
                   "CRITICAL_EXTENSION" if bad else "OK", ref, **{part: (ext(unknown, NULL, flag),)})
    for what, e in (("key-id", subject_key_id(b"abc", True)), ("alt-name", alt_names(("dns", "a.example.com"), critical=True)),
                    ("policies", policies("1.2.3", critical=True)),
                    ("crl-points", ext("2.5.29.31", seq(), True)),
                    ("must-staple", ext("1.3.6.1.5.5.7.1.24", seq(integer(5)), True))):
        simple("critical/leaf-known-" + what, "OK", ref, leaf_new=(e,),
               flags=("ignore-must-staple",) if what == "must-staple" else ())
    for what, e in (("poison", ext("1.3.6.1.4.1.11129.2.4.3", NULL, True)),
                    ("issuer-alt-name", ext("2.5.29.18", seq(c.general_name("dns", "ca.test")), True)),
                    ("authority-info", ext("1.3.6.1.5.5.7.1.1", seq(), True)),
                    ("freshest-crl", ext("2.5.29.46", seq(), True)),
                    ("subject-directory", ext("2.5.29.9", seq(), True))):
        simple("critical/leaf-not-processed-" + what, "CRITICAL_EXTENSION", ref, leaf_new=(e,), index=0)
    for what, which in (("key-id", "2.5.29.14"), ("authority-key-id", "2.5.29.35"),
                        ("alt-name", "2.5.29.17"), ("policies", "2.5.29.32"), ("usage", "2.5.29.37"),
                        ("scts", "1.3.6.1.4.1.11129.2.4.2")):
        for how, value in (("empty", b""), ("wrong-type", integer(5)), ("truncated", b"\x30\x05\x04")):
            simple("critical/malformed-%s-%s" % (what, how), "BAD_EXTENSION", ref, leaf_new=(ext(which, value),),
                   index=0)


# ---- names ----

@group
def distinguished_names():
    ref = "RFC 5280 7.1"
    plain = name(("O", "Example Corp"), ("CN", "Root CA"))

    def pair(what, expected, issuer_name, subject=plain, ref=ref):
        root = ca("", subject=subject)
        end = leaf(root, issuer_name=issuer_name)
        case("dn/" + what, expected, ref, root, end, **({} if expected == "OK" else {"index": 0}))
    bad = "UNKNOWN_ISSUER"
    pair("same", "OK", plain)
    pair("case", "OK", name(("O", "EXAMPLE corp"), ("CN", "root ca")))
    pair("printable-for-utf8", "OK", name(("O", "Example Corp", c.PRINTABLE), ("CN", "Root CA", c.PRINTABLE)))
    pair("bmp-for-utf8", "OK", name(("O", "Example Corp", c.BMP), ("CN", "Root CA", c.BMP)))
    pair("t61-for-utf8", "OK", name(("O", "Example Corp", c.T61), ("CN", "Root CA", c.T61)))
    pair("inner-spaces", "OK", name(("O", "Example   Corp"), ("CN", "Root CA")))
    pair("outer-spaces", "OK", name(("O", "  Example Corp "), ("CN", "Root CA ")))
    pair("space-left-out", bad, name(("O", "ExampleCorp"), ("CN", "Root CA")))
    pair("order", bad, name(("CN", "Root CA"), ("O", "Example Corp")))
    pair("prefix", bad, name(("O", "Example Corp")))
    pair("longer", bad, name(("O", "Example Corp"), ("CN", "Root CA"), ("CN", "x")))
    pair("other-type", bad, name(("OU", "Example Corp"), ("CN", "Root CA")))
    pair("other-value", bad, name(("O", "Example Corp"), ("CN", "Root CB")))
    pair("as-one-set", bad, name([("O", "Example Corp"), ("CN", "Root CA")]))
    pair("t61-umlaut", "OK", name(("O", "M\u00fcller", c.T61)), name(("O", "M\u00fcller")))
    pair("bmp-umlaut", "OK", name(("O", "M\u00fcller", c.BMP)), name(("O", "M\u00fcller")))
    pair("umlaut-case", bad, name(("O", "M\u00dcLLER")), name(("O", "M\u00fcller")))
    two = name([("O", "Corp"), ("OU", "Unit")])
    pair("set-same", "OK", two, two)
    pair("set-case", "OK", name([("OU", "UNIT"), ("O", "CORP")]), two)
    pair("set-one-differs", bad, name([("OU", "Unit"), ("O", "Corps")]), two)
    # encodings are in order, and those of equal names may be so in different ones
    pair("set-of-one-type-case", "OK", name([("OU", "B"), ("OU", "a")]), name([("OU", "A"), ("OU", "b")]))
    pair("set-spaces", "OK", name([("O", "Corp"), ("OU", "Uni")]), name([("O", "Corp "), ("OU", "Uni")]))
    pair("set-string-types", "OK", name([("O", "Corp", c.BMP), ("OU", "Units")]),
         name([("O", "Corp"), ("OU", "Units")]))
    pair("set-three-shuffled", "OK", name([("O", "  C"), ("OU", " B"), ("CN", "A")]),
         name([("O", "c"), ("OU", " b"), ("CN", "  a")]))
    order = "RFC 5280 4.1.2.4, X.690 11.6"
    backwards = name([("OU", "Unit"), ("O", "Corp")], ordered=False)
    pair("set-order", "CERTIFICATE_NAME", backwards, two, ref=order)
    pair("set-order-same-bytes", "CERTIFICATE_NAME", backwards, backwards, ref=order)
    pair("set-order-by-length", "CERTIFICATE_NAME", name([("CN", "long"), ("O", "c")], ordered=False),
         name([("CN", "long"), ("O", "c")]), ref=order)
    pair("set-order-last-of-three", "CERTIFICATE_NAME",
         name([("O", "a"), ("O", "c"), ("O", "b")], ordered=False), name([("O", "a"), ("O", "b"), ("O", "c")]), ref=order)
    pair("set-order-second-set", "CERTIFICATE_NAME", name(("C", "DE"), [("O", "b"), ("O", "a")], ordered=False),
         name(("C", "DE"), [("O", "a"), ("O", "b")]), ref=order)
    once = "RFC 5280 4.1.2.4, X.501 9.3"
    pair("set-twice", "CERTIFICATE_NAME", name([("O", "Corp"), ("O", "Corp")]), two, ref=once)
    pair("set-twice-same-bytes", "CERTIFICATE_NAME", name([("O", "Corp"), ("O", "Corp")]),
         name([("O", "Corp"), ("O", "Corp")]), ref=once)
    pair("empty-value", "OK", name(("O", "")), name(("O", "")))
    pair("blank-value", "OK", name(("O", "  ")), name(("O", "")))
    pair("not-a-string", "OK", name(("O", b"\x01\x02", 4)), name(("O", b"\x01\x02", 4)))
    pair("not-a-string-differs", bad, name(("O", b"\x01\x03", 4)), name(("O", b"\x01\x02", 4)))
    pair("bad-utf8-same-bytes", "OK", name(("O", b"\xff\xfe")), name(("O", b"\xff\xfe")))
    pair("bad-utf8-other-bytes", bad, name(("O", b"\xff\xfd")), name(("O", b"\xff\xfe")))
    root = ca("root")
    san = alt_names(("dns", "www.example.com"), critical=True)
    soft = alt_names(("dns", "www.example.com"))
    case("dn/empty-subject-critical-names", "OK", "RFC 5280 4.2.1.6", root, leaf(root, subject=seq(), new=(san,)))
    case("dn/empty-subject-names-not-critical", "CERTIFICATE_NAME", "RFC 5280 4.2.1.6", root,
         leaf(root, subject=seq(), new=(soft,)), index=0)
    case("dn/empty-subject-no-names", "CERTIFICATE_NAME", "RFC 5280 4.1.2.6", root,
         leaf(root, subject=seq(), drop=("2.5.29.17",)), index=0)
    case("dn/malformed-subject", "CERTIFICATE_NAME", "RFC 5280 4.1.2.6", root,
         leaf(root, subject=seq(c.set_of(seq(oid("2.5.4.3"))))), index=0)
    case("dn/subject-set-order", "CERTIFICATE_NAME", order, root, leaf(root, subject=backwards), index=0)
    case("dn/subject-set", "OK", order, root, leaf(root, subject=two))
    middle = ca("", root, "p256-2", subject=backwards)
    case("dn/intermediate-subject-set-order", "UNKNOWN_ISSUER", order, root, leaf(middle, issuer_name=two), middle,
         index=0)
    top = ca("", subject=backwards)
    middle = ca("inter", top, "p256-2")
    case("dn/intermediate-issuer-set-order", "CERTIFICATE_NAME", order, top, leaf(middle), middle, index=1)
    case("dn/alt-name-set-order", "BAD_EXTENSION", "RFC 5280 4.2.1.6, X.690 11.6", root,
         leaf(root, ("dir", backwards)), index=0)
    case("dn/alt-name-set", "OK", "RFC 5280 4.2.1.6, X.690 11.6", root, leaf(root, ("dir", two)))
    case("dn/alt-name-malformed", "BAD_EXTENSION", "RFC 5280 4.2.1.6", root,
         leaf(root, ("dir", seq(c.set_of(seq(oid("2.5.4.3")))))), index=0)
    case("dn/empty-set", "CERTIFICATE_NAME", "RFC 5280 4.1.2.4", root, leaf(root, subject=seq(c.set_of())),
         index=0)


@group
def hosts():
    ref = "RFC 9525 6.3"
    root = ca("root")

    def match(what, expected, presented, asked, **more):
        presented = presented if isinstance(presented, list) else [("dns", presented)]
        end = leaf(root, *presented, **more.pop("leaf_more", {}))
        case("names/" + what, expected, more.pop("ref", ref), root, end, names=[asked],
             **dict(more, **({} if expected != "NAME_MISMATCH" else {"index": 0})))
    no = "NAME_MISMATCH"
    match("same", "OK", "www.example.com", "host:www.example.com")
    match("case", "OK", "WWW.Example.COM", "host:www.exAmple.com")
    match("trailing-dot-asked", "OK", "www.example.com", "host:www.example.com.")
    match("trailing-dot-presented", no, "www.example.com.", "host:www.example.com")
    match("other", no, "www.example.com", "host:web.example.com")
    match("parent", no, "www.example.com", "host:example.com")
    match("child", no, "example.com", "host:www.example.com")
    match("suffix", no, "ample.com", "host:example.com")
    match("wildcard", "OK", "*.example.com", "host:www.example.com")
    match("wildcard-case", "OK", "*.EXAMPLE.com", "host:www.example.com")
    match("wildcard-two-labels", no, "*.example.com", "host:a.www.example.com")
    match("wildcard-no-label", no, "*.example.com", "host:example.com")
    match("wildcard-empty-label", "BAD_NAME", "*.example.com", "host:.example.com")
    match("wildcard-one-label-below", no, "*.com", "host:example.com")
    match("wildcard-alone", no, "*", "host:com")
    match("wildcard-partial", no, "w*.example.com", "host:www.example.com")
    match("wildcard-partial-end", no, "*w.example.com", "host:www.example.com")
    match("wildcard-inside", no, "www.*.com", "host:www.example.com")
    match("wildcard-twice", no, "*.*.com", "host:www.example.com")
    match("wildcard-for-a-label", "OK", "*.example.com", "host:xn--bcher-kva.example.com")
    match("a-label", "OK", "xn--bcher-kva.example.com", "host:xn--bcher-kva.example.com")
    match("a-label-wildcard-inside", no, "xn--*.example.com", "host:xn--bcher-kva.example.com")
    match("underscore", "OK", "_sip_.example.com", "host:_sip_.example.com")
    match("u-label-asked", "BAD_NAME", "xn--bcher-kva.example.com", "host:b\u00fccher.example.com", ref="RFC 5890 2.3.2.1")
    match("wildcard-asked", "BAD_NAME", "*.example.com", "host:*.example.com")
    match("space-asked", "BAD_NAME", "www.example.com", "host:www example.com")
    match("empty-label-asked", "BAD_NAME", "www.example.com", "host:www..example.com")
    match("hyphen-first-asked", "BAD_NAME", "www.example.com", "host:-www.example.com")
    match("long-label-asked", "BAD_NAME", "www.example.com", "host:" + "a" * 64 + ".com")
    match("label-63", "OK", "a" * 63 + ".com", "host:" + "a" * 63 + ".com")
    match("long-name-asked", "BAD_NAME", "www.example.com", "host:" + "abcdefg." * 32 + "com")
    match("number-asked", "BAD_NAME", "1.2.3.456", "host:1.2.3.456")
    match("nul-presented", no, "www.example.com\0.evil.test", "host:www.example.com")
    match("single-label", "OK", "localhost", "host:localhost")
    match("several", "OK", [("dns", "a.example.com"), ("dns", "b.example.com"), ("dns", "c.example.com")],
          "host:c.example.com")
    match("malformed-beside", "OK", [("dns", "..bad"), ("dns", "a.example.com")], "host:a.example.com")
    match("email-is-no-host", no, [("email", "www.example.com")], "host:www.example.com")
    match("uri-is-no-host", no, [("uri", "https://www.example.com/")], "host:www.example.com")
    match("names-absent", no, "x", "host:www.example.com",
          leaf_more={"cn": "www.example.com", "drop": ("2.5.29.17",)})
    match("common-name-not-asked-for", no, [("email", "a@b.test")], "host:www.example.com",
          leaf_more={"cn": "www.example.com"})
    match("common-name-fallback", "OK", [("email", "a@b.test")], "host:www.example.com",
          leaf_more={"cn": "www.example.com"}, flags=["common-name-fallback"])
    match("common-name-fallback-wildcard", "OK", [("email", "a@b.test")], "host:www.example.com",
          leaf_more={"cn": "*.example.com"}, flags=["common-name-fallback"])
    match("common-name-not-beside-dns", no, "other.example.com", "host:www.example.com",
          leaf_more={"cn": "www.example.com"}, flags=["common-name-fallback"])
    match("common-name-not-for-address", no, [("email", "a@b.test")], "host:192.0.2.1",
          leaf_more={"cn": "192.0.2.1"}, flags=["common-name-fallback"])
    # addresses
    match("ipv4", "OK", [("ip", "192.0.2.1")], "host:192.0.2.1", ref="RFC 5280 4.2.1.6")
    match("ipv4-other", no, [("ip", "192.0.2.1")], "host:192.0.2.2", ref="RFC 5280 4.2.1.6")
    match("ipv4-as-dns", no, [("dns", "192.0.2.1")], "host:192.0.2.1", ref="RFC 9525 6.5")
    match("ipv4-wildcard", no, [("dns", "*.0.2.1")], "host:192.0.2.1", ref="RFC 9525 6.5")
    match("ipv6", "OK", [("ip", "2001:db8::1")], "host:2001:db8::1", ref="RFC 5280 4.2.1.6")
    match("ipv6-long", "OK", [("ip", "2001:db8::1")], "host:2001:0db8:0:0:0:0:0:1", ref="RFC 5280 4.2.1.6")
    match("ipv6-other", no, [("ip", "2001:db8::1")], "host:2001:db8::2", ref="RFC 5280 4.2.1.6")
    match("ipv4-mapped", no, [("ip", "192.0.2.1")], "host:::ffff:192.0.2.1", ref="RFC 5280 4.2.1.6")
    match("ipv4-among", "OK", [("dns", "a.test"), ("ip", "10.0.0.1"), ("ip", "10.0.0.2")], "ip:10.0.0.2")
    match("ip-kind-not-an-address", "BAD_NAME", "www.example.com", "ip:www.example.com")
    match("ip-five-bytes", "BAD_EXTENSION", [("ip", b"abcde")], "host:192.0.2.1", ref="RFC 5280 4.2.1.6")
    # mailboxes
    match("email", "OK", [("email", "me@example.com")], "email:me@example.com", ref="RFC 5280 7.5")
    match("email-domain-case", "OK", [("email", "me@Example.com")], "email:me@eXample.com", ref="RFC 5280 7.5")
    match("email-local-case", no, [("email", "Me@example.com")], "email:me@example.com", ref="RFC 5280 7.5")
    match("email-other", no, [("email", "me@example.com")], "email:you@example.com", ref="RFC 5280 7.5")
    match("email-no-at", "BAD_NAME", [("email", "me@example.com")], "email:me", ref="RFC 5280 7.5")
    # several, all must match
    end = leaf(root, ("dns", "a.test"), ("dns", "b.test"), ("ip", "10.0.0.1"))
    case("names/all-of-two", "OK", ref, root, end, names=["dns:a.test", "ip:10.0.0.1"])
    case("names/one-of-two", no, ref, root, end, names=["dns:a.test", "ip:10.0.0.2"])


# ---- name constraints ----

@group
def dns_constraints():
    table = [
        # constraint, name, inside
        ("example.com", "example.com", True), ("example.com", "www.example.com", True),
        ("example.com", "a.b.example.com", True), ("example.com", "notexample.com", False),
        ("example.com", "example.org", False), ("EXAMPLE.com", "www.exampLe.com", True),
        ("example.com", "*.example.com", True), ("www.example.com", "*.example.com", False),
        (".example.com", "www.example.com", True), (".example.com", "example.com", False),
        (".example.com", "*.example.com", True), ("", "anything.test", True),
        ("com", "example.com", True),
    ]
    ref = "RFC 5280 4.2.1.10"
    for i, (base, host, inside) in enumerate(table):
        simple("constraints-dns/permitted-%d" % i, "OK" if inside else "NAME_CONSTRAINTS", ref,
               ca_new=(name_constraints([("dns", base)]),), leaf_names=[("dns", host)],
               **({} if inside else {"index": 0}))
        partly = base == "www.example.com" and host == "*.example.com"
        simple("constraints-dns/excluded-%d" % i,
               "NAME_CONSTRAINTS" if inside or partly else "OK", "RFC 5280 4.2.1.10, RUSTSEC-2026-0099" if partly else ref,
               ca_new=(name_constraints((), [("dns", base)]),), leaf_names=[("dns", host)])
    both = name_constraints([("dns", "example.com")], [("dns", "bad.example.com")])
    simple("constraints-dns/both-good", "OK", ref, ca_new=(both,), leaf_names=[("dns", "good.example.com")])
    simple("constraints-dns/both-bad", "NAME_CONSTRAINTS", ref, ca_new=(both,),
           leaf_names=[("dns", "x.bad.example.com")])
    simple("constraints-dns/second-name", "NAME_CONSTRAINTS", ref, ca_new=(both,),
           leaf_names=[("dns", "good.example.com"), ("dns", "other.test")])
    simple("constraints-dns/no-name-of-the-kind", "OK", ref, ca_new=(both,), leaf_names=[("ip", "10.0.0.1")])
    simple("constraints-dns/two-permitted", "OK", ref, leaf_names=[("dns", "b.test")],
           ca_new=(name_constraints([("dns", "a.test"), ("dns", "b.test")]),))
    simple("constraints-dns/not-critical", "NAME_CONSTRAINTS", ref, leaf_names=[("dns", "b.test")],
           ca_new=(name_constraints([("dns", "a.test")], critical=False),))
    simple("constraints-dns/on-anchor", "NAME_CONSTRAINTS", ref, leaf_names=[("dns", "b.test")],
           root_new=(name_constraints([("dns", "a.test")]),))
    simple("constraints-dns/on-anchor-good", "OK", ref, leaf_names=[("dns", "a.test")],
           root_new=(name_constraints([("dns", "a.test")]),))
    simple("constraints-dns/on-leaf", "BAD_EXTENSION", ref, leaf_names=[("dns", "a.test")], index=0,
           leaf_new=(name_constraints([("dns", "a.test")]),))
    simple("constraints-dns/on-leaf-not-critical", "BAD_EXTENSION", ref, leaf_names=[("dns", "a.test")], index=0,
           leaf_new=(name_constraints([("dns", "a.test")], critical=False),))
    simple("constraints-dns/on-leaf-ca-allowed", "OK", ref, leaf_names=[("dns", "a.test")],
           leaf_new=(basic_constraints(True), name_constraints([("dns", "a.test")])), flags=["allow-ca-leaf"])
    simple("constraints-dns/common-name-not-a-name", "OK", ref, leaf_names=[("email", "a@b.test")], cn="b.test",
           ca_new=(name_constraints([("dns", "a.test")]),))
    simple("constraints-dns/common-name-fallback", "NAME_CONSTRAINTS", ref, leaf_names=[("email", "a@b.test")],
           cn="b.test", ca_new=(name_constraints([("dns", "a.test")]),), flags=["common-name-fallback"])
    simple("constraints-dns/malformed-name", "NAME_CONSTRAINTS", ref, leaf_names=[("dns", "a..test")],
           ca_new=(name_constraints([("dns", "test")]),))
    simple("constraints-dns/malformed-constraint", "NAME_CONSTRAINTS", ref, leaf_names=[("dns", "a.test")],
           ca_new=(name_constraints([("dns", "..test")]),))
    simple("constraints-dns/malformed-excluded", "NAME_CONSTRAINTS", ref, leaf_names=[("dns", "a.test")],
           ca_new=(name_constraints((), [("dns", "*.other")]),))
    simple("constraints-dns/empty", "BAD_EXTENSION", ref, ca_new=(ext("2.5.29.30", seq(), True),), index=1)
    simple("constraints-dns/empty-permitted", "BAD_EXTENSION", ref, index=1,
           ca_new=(ext("2.5.29.30", seq(ctx(0, b"")), True),))
    simple("constraints-dns/minimum", "NAME_CONSTRAINTS", ref, leaf_names=[("dns", "a.test")],
           ca_new=(ext("2.5.29.30", seq(ctx(0, seq(c.general_name("dns", "a.test"), ctx(0, b"\x01", False)))), True),))
    simple("constraints-dns/maximum", "NAME_CONSTRAINTS", ref, leaf_names=[("dns", "a.test")],
           ca_new=(ext("2.5.29.30", seq(ctx(0, seq(c.general_name("dns", "a.test"), ctx(1, b"\x01", False)))), True),))
    # along the path
    root = ca("root", new=(name_constraints([("dns", "test")]),))
    a = ca("a", root, "p256-2", new=(name_constraints([("dns", "a.test")]),))
    b = ca("b", a, "p256-3")
    case("constraints-dns/both-levels-good", "OK", ref, root, leaf(b, ("dns", "x.a.test")), b, a)
    case("constraints-dns/lower-level-bad", "NAME_CONSTRAINTS", ref, root, leaf(b, ("dns", "b.test")), b, a)
    wide = ca("b", a, "p256-3", new=(name_constraints([("dns", "")]),))
    case("constraints-dns/lower-level-cannot-widen", "NAME_CONSTRAINTS", ref, root,
         leaf(wide, ("dns", "b.test")), wide, a)
    named = ca("b", root, "p256-3", new=(alt_names(("dns", "b.other")),))
    case("constraints-dns/intermediate-itself", "NAME_CONSTRAINTS", ref, root, leaf(named, ("dns", "x.test")), named,
         index=1)
    again = ca("root", root, "p256-3", new=(alt_names(("dns", "b.other")),))
    case("constraints-dns/self-issued-exempt", "OK", "RFC 5280 6.1.3 (b)", root, leaf(again, ("dns", "x.test")), again)
    case("constraints-dns/anchor-name-key", "OK", "RFC 5280 6.1.1 (d)", root, leaf(root, ("dns", "x.other")),
         anchors="name-key")


@group
def other_constraints():
    ref = "RFC 5280 4.2.1.10"
    tables = {
        "ip": [("10.0.0.0/8", "10.1.2.3", True), ("10.0.0.0/8", "11.1.2.3", False),
               ("192.0.2.128/25", "192.0.2.200", True), ("192.0.2.128/25", "192.0.2.100", False),
               ("0.0.0.0/0", "1.2.3.4", True), ("10.0.0.1/32", "10.0.0.1", True),
               ("2001:db8::/32", "2001:db8:1::1", True), ("2001:db8::/32", "2001:db9::1", False),
               ("10.0.0.0/8", "2001:db8::1", False), ("::/0", "10.0.0.1", False)],
        "email": [("me@example.com", "me@example.com", True), ("me@example.com", "you@example.com", False),
                  ("me@example.com", "me@EXAMPLE.com", True), ("me@example.com", "Me@example.com", False),
                  ("example.com", "me@example.com", True), ("example.com", "me@mail.example.com", False),
                  (".example.com", "me@mail.example.com", True), (".example.com", "me@example.com", False),
                  ("example.com", "me@notexample.com", False),
                  ("example.com", "\"a@b.test\"@example.com", True), ("b.test", "\"a@b.test\"@example.com", False),
                  ("\"me\"@example.com", "\"me\"@example.com", True), ("", "me@example.com", True),
                  ("me@example.com", "\"me\"@example.org", False)],
        "uri": [("example.com", "https://example.com/a", True), ("example.com", "https://www.example.com/", False),
                (".example.com", "https://www.example.com/", True), (".example.com", "https://example.com/", False),
                ("example.com", "https://user@example.com:8443/x?y", True),
                ("example.com", "https://example.org/", False),
                ("example.com", "ldap://EXAMPLE.com", True),
                ("example.com", "https://b.test:x@example.com/", True),
                ("example.com", "https://example.com:x@b.test/", False),
                ("example.com", "https://b.test#@example.com/", False),
                ("example.com", "https://b.test?@example.com/", False),
                ("example.com", "git+ssh://a-b.c%20d@example.com:22/", True),
                ("", "https://anything.test/", True)],
    }
    for kind, table in tables.items():
        for i, (base, value, inside) in enumerate(table):
            simple("constraints-%s/permitted-%d" % (kind, i), "OK" if inside else "NAME_CONSTRAINTS", ref,
                   ca_new=(name_constraints([(kind, base)]),), leaf_names=[(kind, value)])
            simple("constraints-%s/excluded-%d" % (kind, i), "NAME_CONSTRAINTS" if inside else "OK", ref,
                   ca_new=(name_constraints((), [(kind, base)]),), leaf_names=[(kind, value)])
    bad = "NAME_CONSTRAINTS"
    ip = c.ip("10.0.0.1")
    simple("constraints-ip/mask-with-hole", bad, ref, leaf_names=[("ip", "10.0.0.1")],
           ca_new=(name_constraints([("ip", ip + b"\xff\x00\xff\x00")]),))
    simple("constraints-ip/excluded-mask-with-hole", bad, ref, leaf_names=[("ip", "192.0.2.1")],
           ca_new=(name_constraints((), [("ip", ip + b"\xff\x00\xff\x00")]),))
    for what, value in (("ones-behind", b"\x00\x00\x00\xff"), ("one-hole", b"\xff\xff\xfd\x00"), ("last-bit", b"\xff\xff\xff\xfd")):
        for how, nc in (("permitted", name_constraints([("ip", ip + value)])), ("excluded", name_constraints((), [("ip", ip + value)]))):
            simple("constraints-ip/%s-mask-%s" % (how, what), bad, ref + ", RFC 4632", leaf_names=[("ip", "192.0.2.7")], ca_new=(nc,))
    for what, value in (("5-bytes", b"\x0a\0\0\0\xff"), ("none", b""), ("address-of-16", bytes(16))):
        simple("constraints-ip/excluded-" + what, bad, ref, leaf_names=[("ip", "192.0.2.7")],
               ca_new=(name_constraints((), [("ip", value)]),))
    simple("constraints-ip/host-bits-set", "OK", ref, leaf_names=[("ip", "10.9.9.9")],
           ca_new=(name_constraints([("ip", ip + b"\xff\0\0\0")]),))
    simple("constraints-ip/excluded-mapped", "OK", ref, leaf_names=[("ip", "::ffff:10.0.0.1")],
           ca_new=(name_constraints((), [("ip", "10.0.0.0/8")]),))
    simple("constraints-ip/no-mask", bad, ref, leaf_names=[("ip", "10.0.0.1")], ca_new=(name_constraints([("ip", ip)]),))
    for what, value in (("address", "https://192.0.2.1/"), ("address-v6", "https://[2001:db8::1]/"),
                        ("no-authority", "urn:uuid:1"), ("relative", "/path"), ("empty-host", "https:///x"),
                        ("no-scheme", "://example.com/"), ("authority-elsewhere", "urn:x://example.com/"),
                        ("authority-in-query", "https:x?y=://example.com/"), ("two-at-signs", "https://b.test@x@example.com/"),
                        ("backslash", "https://b.test\\@example.com/"), ("space", "https://b.test @example.com/"),
                        ("absolute-host", "https://example.com./"), ("escaped-host", "https://ex%61mple.com/"),
                        ("host-and-nul", "https://example.com\0.b.test/"), ("control", "https://b.test\n@example.com/"),
                        ("wildcard", "https://*.example.com/"), ("port-no-number", "https://example.com:@b.test:x_/"),
                        ("scheme-alone", "https://"), ("empty", "")):
        for how, nc in (("permitted", name_constraints([("uri", "example.com")])),
                        ("excluded", name_constraints((), [("uri", "example.com")]))):
            simple("constraints-uri/%s-%s" % (how, what), bad, ref + ", RUSTSEC-2026-0098", ca_new=(nc,),
                   leaf_names=[("uri", value)])
    simple("constraints-email/in-subject", bad, ref, ca_new=(name_constraints([("email", "example.com")]),),
           subject=name(("CN", "x"), ("emailAddress", "me@other.test", c.IA5)))
    simple("constraints-email/in-subject-good", "OK", ref, ca_new=(name_constraints([("email", "example.com")]),),
           subject=name(("CN", "x"), ("emailAddress", "me@example.com", c.IA5)))
    simple("constraints-email/smtp-utf8", bad, "RFC 9598 6", leaf_names=[("smtp", "\u00fc@other.test")],
           ca_new=(name_constraints([("email", "example.com")]),))
    simple("constraints-email/smtp-utf8-good", "OK", "RFC 9598 6", leaf_names=[("smtp", "\u00fc@example.com")],
           ca_new=(name_constraints([("email", "example.com")]),))
    # what may be a mailbox that is excluded isn't one that isn't
    for what, base, value in (("absolute-domain", "example.com", "me@example.com."),
                              ("address-literal", "example.com", "me@[192.0.2.1]"),
                              ("empty-domain", "example.com", "me@"), ("empty-local", "example.com", "@example.com"),
                              ("angles", "example.com", "<me@example.com>"), ("two", "example.com", "me@example.com,x@b.test "),
                              ("nul", "example.com", "me@example.com\0"), ("quoted", "me@example.com", "\"me\"@example.com"),
                              ("escaped", "me@example.com", "\"m\\e\"@example.com"),
                              ("quoted-base", "\"me\"@example.com", "me@example.com"),
                              ("bad-base", "example.com.", "me@example.com"), ("at-base", "@example.com", "me@example.com")):
        simple("constraints-email/permitted-odd-" + what, bad, ref, ca_new=(name_constraints([("email", base)]),),
               leaf_names=[("email", value)])
        simple("constraints-email/excluded-odd-" + what, bad, ref, ca_new=(name_constraints((), [("email", base)]),),
               leaf_names=[("email", value)])
    for what, tag in (("bmp", c.BMP), ("utf8", c.UTF8)):
        simple("constraints-email/excluded-in-subject-" + what, bad, ref, ca_new=(name_constraints((), [("email", "example.com")]),),
               subject=name(("CN", "x"), ("emailAddress", "me@example.com", tag)))
    simple("constraints-email/smtp-utf8-excluded", bad, "RFC 9598 6", leaf_names=[("smtp", "\u00fc@example.com")],
           ca_new=(name_constraints((), [("email", "example.com")]),))
    simple("constraints-email/smtp-utf8-u-label", bad, "RFC 9598 6", leaf_names=[("smtp", "a@b\u00fccher.test")],
           ca_new=(name_constraints((), [("email", "xn--bcher-kva.test")]),))
    simple("constraints-email/no-at", bad, ref, leaf_names=[("email", "nobody")],
           ca_new=(name_constraints((), [("email", "example.com")]),))
    # directory names: the subject is one
    org = name(("C", "DE"), ("O", "Corp"))
    inside = name(("C", "DE"), ("O", "Corp"), ("CN", "x"))
    for what, subject, good in (("inside", inside, True), ("itself", org, True),
                                ("case", name(("C", "de"), ("O", "CORP", c.PRINTABLE), ("CN", "y")), True),
                                ("above", name(("C", "DE")), False),
                                ("beside", name(("C", "DE"), ("O", "Other"), ("CN", "x")), False)):
        simple("constraints-dir/permitted-" + what, "OK" if good else bad, ref, subject=subject,
               ca_new=(name_constraints([("dir", org)]),))
        simple("constraints-dir/excluded-" + what, bad if good else "OK", ref, subject=subject,
               ca_new=(name_constraints((), [("dir", org)]),))
    simple("constraints-dir/alt-name", bad, ref, subject=inside, leaf_names=[("dir", name(("C", "FR")))],
           ca_new=(name_constraints([("dir", org)]),))
    simple("constraints-dir/empty-subject", "OK", ref, subject=seq(), ca_new=(name_constraints([("dir", org)]),),
           leaf_new=(alt_names(("dns", "a.test"), critical=True),))
    # what a subtree is that isn't DER, or too wide to compare, nobody knows
    two = name([("O", "Corp"), ("OU", "Unit")])
    backwards = name([("OU", "Unit"), ("O", "Corp")], ordered=False)
    wide = [("OU", "v%02d" % i) for i in range(17)]
    for what, base, subject, good in (
            ("set", two, name([("O", "CORP"), ("OU", "UNIT")]), True),
            ("set-canonical-order", name([("OU", "B"), ("OU", "a")]), name([("OU", "A"), ("OU", "b")]), True),
            ("set-order", backwards, two, None), ("set-order-elsewhere", backwards, inside, None),
            ("set-malformed", seq(c.set_of(seq(oid("2.5.4.3")))), inside, None),
            ("set-too-wide", name(wide), name([("OU", v.upper()) for _, v in wide]), None)):
        simple("constraints-dir/permitted-" + what, "OK" if good else bad, ref, subject=subject,
               ca_new=(name_constraints([("dir", base)]),))
        simple("constraints-dir/excluded-" + what, bad, ref, subject=subject,
               ca_new=(name_constraints((), [("dir", base)]),))
    simple("constraints-dir/permitted-everything", "OK", ref, ca_new=(name_constraints([("dir", seq())]),))
    # kinds that can't be judged
    simple("constraints-other/upn", bad, ref, leaf_names=[("upn", "me@a.test")],
           ca_new=(name_constraints([("upn", "x")]),))
    simple("constraints-other/upn-absent", "OK", ref, ca_new=(name_constraints([("upn", "x")]),))
    simple("constraints-other/upn-not-constrained", "OK", ref, leaf_names=[("upn", "me@a.test")],
           ca_new=(name_constraints([("dns", "a.test")]),))
    simple("constraints-other/upn-critical-excluded", bad, ref, leaf_names=[("upn", "me@a.test")],
           ca_new=(name_constraints((), [("upn", "x")]),))
    simple("constraints-other/smtp-beside-upn", bad, ref, leaf_names=[("smtp", "me@a.test")],
           ca_new=(name_constraints((), [("upn", "x")]),))
    simple("constraints-other/upn-beside-excluded-email", "OK", ref, leaf_names=[("upn", "me@a.test")],
           ca_new=(name_constraints((), [("email", "a.test")]),))
    simple("constraints-other/registered-id", bad, ref, leaf_names=[("rid", "1.2.3")],
           ca_new=(name_constraints((), [("rid", "1.2.4")]),))


# ---- TLS features ----

@group
def tls_features():
    ref = "RFC 7633 4.2.2"
    V2, NAME = 17, 0  # status_request_v2, server_name: of status_request a staple would be wanted, see proofs

    def features(*numbers, critical=False):
        return ext("1.3.6.1.5.5.7.1.24", seq(*[integer(n) for n in numbers]), critical)

    def below(what, expected, of_ca, of_leaf, **more):
        simple("features/" + what, expected, ref, ca_new=(features(*of_ca),),
               leaf_new=(features(*of_leaf),) if of_leaf is not None else (),
               **dict(more, **({} if expected == "OK" else {"index": 0})))
    bad = "TLS_FEATURE"
    below("same", "OK", (V2,), (V2,))
    below("absent", bad, (V2,), None)
    below("none-listed", bad, (V2,), ())
    below("other", bad, (V2,), (NAME,))
    below("more", "OK", (V2,), (NAME, V2, 1 << 40))
    below("fewer", bad, (V2, NAME), (V2,))
    below("other-order", "OK", (V2, NAME), (NAME, V2))
    below("twice", "OK", (V2, V2), (V2,))
    below("ca-lists-none", "OK", (), None)
    below("a-client", bad, (V2,), None, purpose="client")
    below("status-request", bad, (5,), None, flags=["ignore-must-staple"])
    simple("features/leaf-alone", "OK", ref, leaf_new=(features(V2),))
    simple("features/ca-critical", bad, ref, ca_new=(features(V2, critical=True),), index=0)
    simple("features/of-anchor", bad, ref, root_new=(features(V2),), leaf_new=(features(V2),), index=1)
    simple("features/of-anchor-on-all", "OK", ref, root_new=(features(V2),), ca_new=(features(V2),),
           leaf_new=(features(V2),))
    for what, value in (("negative", seq(integer(-1))), ("no-integer", seq(octets(b"x"))), ("65-bits", seq(integer(1 << 64)))):
        simple("features/malformed-" + what, "BAD_EXTENSION", "RFC 7633 4.1", leaf_new=(ext("1.3.6.1.5.5.7.1.24", value),),
               index=0)
    root = ca("root", new=(features(V2),))
    case("features/anchor-name-key", "OK", "RFC 5280 6.1.1 (d)", root, leaf(root), anchors="name-key")
    case("features/anchor-itself-issues", bad, ref, root, leaf(root), index=0)
    root = ca("root")
    a = ca("a", root, "p256-2", new=(features(V2),))
    case("features/not-passed-on", bad, ref, root, leaf(ca("b", a, "p256-3"), new=(features(V2),)),
         ca("b", a, "p256-3"), a, index=1)
    again = ca("a", a, "p256-3")
    case("features/self-issued-not-exempt", bad, ref, root, leaf(again, new=(features(V2),)), again, a, index=1)
    plain = ca("a", root, "p256-2")
    case("features/another-path", "OK", ref, root, leaf(a), a, plain)


# ---- policies ----

@group
def certificate_policies():
    ref = "RFC 9618 5"
    A, B, ANY = "1.3.9.1", "1.3.9.2", "2.5.29.32.0"

    def policy(what, expected, of_ca, of_leaf, ca_more=(), root_more=(), ask=(), flags=(), leaf_more=(), ref=ref):
        root = ca("root", new=root_more)
        inter = ca("inter", root, "p256-2", new=((policies(*of_ca),) if of_ca else ()) + tuple(ca_more))
        end = leaf(inter, new=((policies(*of_leaf),) if of_leaf else ()) + tuple(leaf_more))
        case("policies/" + what, expected, ref, root, end, inter, policies=list(ask), flags=list(flags))
    need = ["require-policy"]
    bad = "CERTIFICATE_POLICY"
    policy("none-asked", "OK", (), ())
    policy("none-required", bad, (), (), flags=need)
    policy("same", "OK", (A,), (A,), flags=need)
    policy("other", bad, (A,), (B,), flags=need)
    policy("other-not-required", "OK", (A,), (B,))
    policy("leaf-lacks", bad, (A,), (), flags=need)
    policy("ca-lacks", bad, (), (A,), flags=need)
    policy("two-one", "OK", (A, B), (B,), flags=need)
    policy("asked", "OK", (A,), (A,), ask=(A,), flags=need)
    policy("asked-other", bad, (A,), (A,), ask=(B,), flags=need)
    policy("asked-other-not-required", "OK", (A,), (A,), ask=(B,))
    policy("asked-any", "OK", (A,), (A,), ask=(ANY,), flags=need)
    policy("ca-any", "OK", (ANY,), (A,), flags=need)
    policy("ca-any-asked", "OK", (ANY,), (A,), ask=(A,), flags=need)
    policy("ca-any-asked-other", bad, (ANY,), (A,), ask=(B,), flags=need)
    policy("leaf-any", "OK", (A,), (ANY,), flags=need)
    policy("leaf-any-asked", "OK", (A,), (ANY,), ask=(A,), flags=need)
    policy("leaf-any-asked-other", bad, (A,), (ANY,), ask=(B,), flags=need)
    policy("both-any", "OK", (ANY,), (ANY,), ask=(B,), flags=need)
    policy("inhibit-any", bad, (ANY,), (A,), flags=need + ["inhibit-any-policy"])
    policy("inhibit-any-named", "OK", (A,), (A,), flags=need + ["inhibit-any-policy"])
    policy("ca-inhibits-any-0", bad, (A,), (ANY,), ca_more=(inhibit_any(0),), flags=need)
    policy("ca-inhibits-any-1", "OK", (A,), (ANY,), ca_more=(inhibit_any(1),), flags=need)
    policy("ca-requires-0", bad, (A,), (B,), ca_more=(policy_constraints(0),))
    policy("ca-requires-0-good", "OK", (A,), (A,), ca_more=(policy_constraints(0),))
    policy("ca-requires-1", bad, (A,), (B,), ca_more=(policy_constraints(1),))
    policy("ca-requires-2", "OK", (A,), (B,), ca_more=(policy_constraints(2),))
    policy("leaf-requires-0", bad, (A,), (B,), leaf_more=(policy_constraints(0),))
    policy("leaf-requires-1", "OK", (A,), (B,), leaf_more=(policy_constraints(1),))
    policy("anchor-requires", "OK", (A,), (B,), root_more=(policy_constraints(0),))
    policy("mapped", "OK", (A,), (B,), ca_more=(policy_mappings((A, B)),), flags=need)
    policy("mapped-asked", "OK", (A,), (B,), ca_more=(policy_mappings((A, B)),), ask=(A,), flags=need)
    policy("mapped-asked-by-lower-name", bad, (A,), (B,), ca_more=(policy_mappings((A, B)),), ask=(B,), flags=need)
    policy("mapped-away", bad, (A,), (A,), ca_more=(policy_mappings((A, B)),), flags=need)
    policy("mapped-not-held", bad, (A,), (B,), ca_more=(policy_mappings((B, B)),), flags=need)
    policy("mapped-through-any", "OK", (ANY,), (B,), ca_more=(policy_mappings((A, B)),), ask=(A,), flags=need)
    policy("mapping-inhibited", bad, (A,), (B,), ca_more=(policy_mappings((A, B)),),
           flags=need + ["inhibit-policy-mapping"])
    policy("mapping-inhibited-drops", bad, (A,), (A,), ca_more=(policy_mappings((A, B)),),
           flags=need + ["inhibit-policy-mapping"])
    policy("mapping-to-two", "OK", (A,), (B,), ca_more=(policy_mappings((A, "1.3.9.3"), (A, B)),), flags=need)
    policy("mapping-of-any", bad, (A,), (B,), ca_more=(policy_mappings((ANY, B)),))
    policy("mapping-to-any", bad, (A,), (B,), ca_more=(policy_mappings((A, ANY)),))
    policy("twice", "BAD_EXTENSION", (A,), (A, A), flags=need, ref="RFC 5280 4.2.1.4")
    policy("twice-not-required", "BAD_EXTENSION", (A,), (A, A), ref="RFC 5280 4.2.1.4")
    policy("twice-in-ca-not-required", "BAD_EXTENSION", (A, B, A), (A,), ref="RFC 5280 4.2.1.4")
    policy("any-twice", "BAD_EXTENSION", (ANY,), (ANY, A, ANY), ref="RFC 5280 4.2.1.4")
    policy("constraints-empty", "BAD_EXTENSION", (A,), (A,), ca_more=(ext("2.5.29.36", seq(), True),))
    policy("inhibit-any-negative", "BAD_EXTENSION", (A,), (A,), ca_more=(ext("2.5.29.54", integer(-1), True),))
    qualified = ext("2.5.29.32", seq(seq(oid(A), seq(seq(oid("1.3.6.1.5.5.7.2.1"), emit(0, 0, 22, b"http://x/"))))))
    policy("qualifiers", "OK", (A,), (), leaf_more=(qualified,), flags=need)
    # a third level: inhibited below, mapped twice
    root = ca("root")
    a = ca("a", root, "p256-2", new=(policies(A), policy_mappings((A, B))))
    b = ca("b", a, "p256-3", new=(policies(B), policy_mappings((B, "1.3.9.3"))))
    case("policies/mapped-twice", "OK", ref, root, leaf(b, new=(policies("1.3.9.3"),)), b, a, flags=need, policies=[A])
    case("policies/mapped-twice-other", bad, ref, root, leaf(b, new=(policies("1.3.9.3"),)), b, a, flags=need,
         policies=["1.3.9.3"])
    a = ca("a", root, "p256-2", new=(policies(A), policy_constraints(inhibit=0)))
    b = ca("b", a, "p256-3", new=(policies(A), policy_mappings((A, B))))
    case("policies/mapping-inhibited-above", bad, ref, root, leaf(b, new=(policies(B),)), b, a, flags=need)
    a = ca("a", root, "p256-2", new=(policies(A), inhibit_any(0)))
    again = ca("a", a, "p256-3", new=(policies(ANY),))
    case("policies/any-of-self-issued", "OK", "RFC 5280 6.1.3 (d) (2)", root, leaf(again, new=(policies(A),)), again, a,
         flags=need)
    other = ca("b", a, "p256-3", new=(policies(ANY),))
    case("policies/any-of-other", bad, "RFC 5280 6.1.3 (d) (2)", root, leaf(other, new=(policies(A),)), other, a,
         flags=need)


# ---- what went wrong elsewhere ----

@group
def rustsec():
    """Advisories about webpki that a chain without CRLs can show."""
    bad = "NAME_CONSTRAINTS"
    ref = "RFC 5280 4.2.1.10, RUSTSEC-2026-0098"
    for what, nc, uri, expected in (
            ("permitted-outside", name_constraints([("uri", "example.com")]), "https://example.org/", bad),
            ("permitted-inside", name_constraints([("uri", "example.com")]), "https://example.com/", "OK"),
            ("excluded-inside", name_constraints((), [("uri", "example.com")]), "https://example.com/x", bad),
            ("excluded-outside", name_constraints((), [("uri", "example.com")]), "https://example.org/", "OK")):
        simple("rustsec/2026-0098-uri-" + what, expected, ref, ca_new=(nc,),
               leaf_names=[("dns", "a.test"), ("uri", uri)])
    ref = "RFC 5280 4.2.1.10, RUSTSEC-2026-0099"
    for what, nc, host, expected in (
            ("permitted-one-host", name_constraints([("dns", "accept.example.com")]), "*.example.com", bad),
            ("permitted-parent", name_constraints([("dns", "example.com")]), "*.example.com", "OK"),
            ("permitted-below", name_constraints([("dns", "accept.example.com")]), "*.accept.example.com", "OK"),
            ("excluded-one-host", name_constraints((), [("dns", "reject.example.com")]), "*.example.com", bad),
            ("excluded-elsewhere", name_constraints((), [("dns", "reject.example.org")]), "*.example.com", "OK")):
        simple("rustsec/2026-0099-wildcard-" + what, expected, ref, ca_new=(nc,), leaf_names=[("dns", host)])
