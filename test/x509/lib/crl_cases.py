# SPDX-License-Identifier: Apache-2.0
"""Chains with CRLs: what is revoked, what isn't, and which CRLs say nothing. A CRL that isn't taken leaves the
status unknown, which is a refusal."""
from lib import certs as c
from lib.cases import case, group
from lib.certs import ca, crl, crl_points, ext, idp, integer, key_usage, leaf, name, point, revoked, seq

REF = "RFC 5280 6.3.3"
REVOKED, UNKNOWN, EXPIRED = "CERTIFICATE_REVOKED", "REVOCATION_UNKNOWN", "CRL_EXPIRED"
INTER, LEAF = 20, 30  # serial numbers
A, B = "http://crl.test/a.crl", "http://crl.test/b.crl"


class Place:
    """root, an intermediate and a leaf; CRLs of both that revoke nothing."""

    def __init__(self, root_new=(), inter_new=(), leaf_new=(), root_key="p256", inter_key="p256-2", serial=LEAF):
        self.root = ca("root", key=root_key, new=root_new)
        self.inter = ca("inter", self.root, inter_key, new=inter_new, serial=INTER)
        self.leaf = leaf(self.inter, new=leaf_new, serial=serial)
        self.root_crl = crl(self.root)
        self.inter_crl = crl(self.inter)

    def case(self, what, expected, *crls, index=None, reference=REF, untrusted=(), **options):
        if index is not None:
            options["index"] = index
        case("crl/" + what, expected, reference, self.root, self.leaf, self.inter, *untrusted,
             crls=list(crls), **options)

    def of_leaf(self, what, expected, *crls, **options):
        """The intermediate is fine; it is the leaf's CRLs that matter."""
        options.setdefault("index", 0)
        self.case(what, expected, self.root_crl, *crls, **options)


@group
def revoked_or_not():
    p = Place()
    p.case("good", "OK", p.root_crl, p.inter_crl)
    p.case("good-in-another-order", "OK", p.inter_crl, p.root_crl)
    p.of_leaf("leaf", REVOKED, crl(p.inter, revoked(LEAF)))
    p.of_leaf("leaf-among-others", REVOKED, crl(p.inter, *[revoked(n) for n in range(1, 60)]))
    p.of_leaf("others", "OK", crl(p.inter, *[revoked(n) for n in range(31, 90)]))
    p.case("intermediate", REVOKED, crl(p.root, revoked(INTER)), p.inter_crl, index=1)
    p.case("intermediate-and-leaf", REVOKED, crl(p.root, revoked(INTER)), crl(p.inter, revoked(LEAF)), index=1)
    p.case("numbers-of-another-issuer", "OK", crl(p.root, revoked(LEAF)), crl(p.inter, revoked(INTER)))
    p.case("leaf-only", "OK", crl(p.root, revoked(INTER)), p.inter_crl, flags=["crl-leaf-only"])
    p.case("leaf-only-revoked", REVOKED, crl(p.inter, revoked(LEAF)), flags=["crl-leaf-only"], index=0)
    for reason in (0, 1, 2, 3, 4, 5, 6, 9, 10):
        p.of_leaf("reason-%d" % reason, REVOKED, crl(p.inter, revoked(LEAF, reason=reason)), reference="RFC 5280 5.3.1")
    p.of_leaf("revoked-later", REVOKED, crl(p.inter, revoked(LEAF, date="20300101000000Z")))
    p.of_leaf("revoked-in-2060", REVOKED, crl(p.inter, revoked(LEAF, date="20600101000000Z")))
    p.of_leaf("invalidity-date", REVOKED, crl(p.inter, revoked(LEAF, exts=[
        ext("2.5.29.24", c.emit(0, 0, 24, b"20240229120000Z"))])), reference="RFC 5280 5.3.2")
    big = Place(serial=(1 << 159) - 1)
    big.of_leaf("serial-of-20-bytes", REVOKED, crl(big.inter, revoked((1 << 159) - 1)))
    big.of_leaf("serial-of-20-bytes-other", "OK", crl(big.inter, revoked((1 << 159) - 2)))
    high = Place(serial=0xff)
    high.of_leaf("serial-with-a-zero-byte", REVOKED, crl(high.inter, revoked(0xff)))
    high.of_leaf("serial-of-the-other-sign", "OK", crl(high.inter, revoked(-1)))
    again = ca("inter", p.root, "p256-2", serial=INTER + 1)
    p.case("another-path", "OK", crl(p.root, revoked(INTER)), p.inter_crl, untrusted=(again,))
    for what, key in (("rsa", "rsa2048"), ("p384", "p384"), ("p521", "p521"), ("ed25519", "ed25519")):
        other = Place(inter_key=key)
        other.of_leaf("signed-with-" + what, REVOKED, crl(other.inter, revoked(LEAF)))
    pss = Place(inter_key="pss")
    pss.of_leaf("signed-with-pss", REVOKED, crl(pss.inter, revoked(LEAF)))


@group
def unknown_or_old():
    p = Place()
    p.case("none", UNKNOWN, index=1, flags=["require-crls"])
    p.case("none-of-root", UNKNOWN, p.inter_crl, index=1)
    p.case("none-of-intermediate", UNKNOWN, p.root_crl, index=0)
    p.case("unknown-allowed", "OK", p.root_crl, flags=["crl-allow-unknown"])
    p.case("unknown-allowed-revoked", REVOKED, crl(p.inter, revoked(LEAF)), flags=["crl-allow-unknown"], index=0)
    old = crl(p.inter, next_update="20251231000000Z", this_update="20250101000000Z")
    p.of_leaf("expired", EXPIRED, old, reference="RFC 5280 5.1.2.5")
    p.of_leaf("expired-allowed", "OK", old, flags=["crl-allow-expired"])
    p.of_leaf("expired-not-unknown", EXPIRED, old, flags=["crl-allow-unknown"])
    p.of_leaf("expired-revoked", REVOKED, crl(p.inter, revoked(LEAF), next_update="20251231000000Z",
                                              this_update="20250101000000Z"))
    p.of_leaf("last-second", "OK", crl(p.inter, next_update="20260101000000Z", this_update="20250101000000Z"), time=c.NOW)
    p.of_leaf("no-next-update", "OK", crl(p.inter, next_update=None), reference="RFC 5280 5.1.2.5")
    # of several the newest counts
    p.of_leaf("newest-number-revokes", REVOKED, crl(p.inter, number=7), crl(p.inter, revoked(LEAF), number=8),
              reference="RFC 5280 5.2.3")
    p.of_leaf("newest-number-releases", "OK", crl(p.inter, revoked(LEAF, reason=6), number=7), crl(p.inter, number=8),
              reference="RFC 5280 5.2.3")
    p.of_leaf("newest-number-first", "OK", crl(p.inter, number=8), crl(p.inter, revoked(LEAF, reason=6), number=7),
              reference="RFC 5280 5.2.3")
    p.of_leaf("number-of-20-bytes", REVOKED, crl(p.inter, number=255), crl(p.inter, revoked(LEAF), number=1 << 150),
              reference="RFC 5280 5.2.3")
    p.of_leaf("latest-without-numbers", REVOKED, crl(p.inter, number=None, this_update="20251201000000Z"),
              crl(p.inter, revoked(LEAF), number=None))


@group
def who_signed():
    p = Place()
    ref = "RFC 5280 6.3.3 (f), (g)"
    p.of_leaf("bad-signature", UNKNOWN, crl(p.inter, spoil=True), reference=ref)
    p.of_leaf("signed-by-another-key", UNKNOWN, crl(p.inter, sign_with="p256-5"), reference=ref)
    p.of_leaf("signed-by-root", UNKNOWN, crl(p.inter, sign_with="p256"), reference=ref)
    p.of_leaf("of-another-name", UNKNOWN, crl(p.inter, issuer_name=name(("CN", "other"))), reference=ref)
    p.of_leaf("name-in-other-case", REVOKED, crl(p.inter, revoked(LEAF), issuer_name=name(("CN", "INTER"))),
              reference="RFC 5280 7.1")
    p.of_leaf("no-key-id", REVOKED, crl(p.inter, revoked(LEAF), key_ids=False), reference="RFC 5280 5.2.1")
    wrong = crl(p.inter, revoked(LEAF), key_ids=False, exts=[c.authority_key_id(b"x" * 20)])
    p.of_leaf("wrong-key-id", REVOKED, wrong, reference="RFC 5280 5.2.1")
    other = ca("inter", p.root, "p256-6")
    p.of_leaf("another-ca-of-that-name", UNKNOWN, crl(other), untrusted=(other,), reference=ref)
    p.of_leaf("sha1", UNKNOWN, crl(p.inter, how="sha1"), reference="RFC 8446 4.2.3")
    p.of_leaf("algorithms-differ", UNKNOWN, crl(p.inter, inner_algorithm=seq(c.oid(c.ECDSA["sha384"]))),
              reference="RFC 5280 5.1.1.2")
    mute = Place(inter_new=(key_usage("keyCertSign"),))
    mute.of_leaf("intermediate-without-crl-sign", UNKNOWN, mute.inter_crl, reference="RFC 5280 4.2.1.3")
    silent = Place(root_new=(key_usage("keyCertSign"),))
    silent.case("anchor-without-crl-sign", UNKNOWN, silent.root_crl, silent.inter_crl, index=1,
                reference="RFC 5280 4.2.1.3")
    free = ca("root", drop=("2.5.29.15",))
    end = leaf(free, serial=LEAF)
    case("crl/anchor-without-key-usage", REVOKED, "RFC 5280 4.2.1.3", free, end, crls=[crl(free, revoked(LEAF))])


@group
def kinds_that_are_not_served():
    p = Place()
    ref = "RFC 5280 5.2"
    p.of_leaf("v1", REVOKED, crl(p.inter, revoked(LEAF), version=1), reference="RFC 5280 5.1.2.1")
    p.of_leaf("v1-good", "OK", crl(p.inter, version=1), reference="RFC 5280 5.1.2.1")
    p.of_leaf("v1-with-extensions", UNKNOWN, crl(p.inter, version=1, exts=[ext("2.5.29.20", integer(1))]),
              reference="RFC 5280 5.1.2.1")
    p.of_leaf("v1-with-a-reason", UNKNOWN, crl(p.inter, revoked(LEAF, reason=1), version=1),
              reference="RFC 5280 5.1.2.1")
    p.of_leaf("v3", UNKNOWN, crl(p.inter, version=3), reference="RFC 5280 5.1.2.1")
    p.of_leaf("delta", UNKNOWN, crl(p.inter, exts=[ext("2.5.29.27", integer(1), True)]), reference="RFC 5280 5.2.4")
    p.of_leaf("delta-beside-a-base", "OK", p.inter_crl, crl(p.inter, number=2, exts=[ext("2.5.29.27", integer(1), True)]),
              reference="RFC 5280 5.2.4")
    p.of_leaf("indirect", UNKNOWN, crl(p.inter, exts=[idp(indirect=True)]), reference="RFC 5280 5.2.5")
    p.of_leaf("certificate-issuer", UNKNOWN, crl(p.inter, revoked(5, exts=[
        ext("2.5.29.29", seq(c.general_name("dir", p.root.subject)), True)])), reference="RFC 5280 5.3.3")
    p.of_leaf("some-reasons", UNKNOWN, crl(p.inter, exts=[idp(reasons=b"\x06\x40")]), reference="RFC 5280 5.2.5")
    p.of_leaf("attribute-certificates", UNKNOWN, crl(p.inter, exts=[idp(attributes=True)]), reference="RFC 5280 5.2.5")
    p.of_leaf("unknown-extension", "OK", crl(p.inter, exts=[ext("1.3.9.9", c.NULL)]), reference=ref)
    p.of_leaf("unknown-critical", UNKNOWN, crl(p.inter, exts=[ext("1.3.9.9", c.NULL, True)]), reference=ref)
    p.of_leaf("unknown-in-entry", REVOKED, crl(p.inter, revoked(LEAF, exts=[ext("1.3.9.9", c.NULL)])),
              reference="RFC 5280 5.3")
    p.of_leaf("unknown-critical-in-entry", UNKNOWN, crl(p.inter, revoked(5, exts=[ext("1.3.9.9", c.NULL, True)])),
              reference="RFC 5280 5.3")
    p.of_leaf("freshest-crl", "OK", crl(p.inter, exts=[ext("2.5.29.46", seq(point(("uri", A))))]),
              reference="RFC 5280 5.2.6")


@group
def malformed_crls():
    p = Place()
    ref = "RFC 5280 5.1"
    p.of_leaf("empty-list", "OK", crl(p.inter, entries_raw=seq()), reference="RFC 5280 5.1.2.6")
    p.of_leaf("extension-twice", UNKNOWN, crl(p.inter, exts=[ext("2.5.29.20", integer(2))]), reference=ref)
    p.of_leaf("reason-twice", UNKNOWN, crl(p.inter, revoked(5, reason=1, exts=[
        ext("2.5.29.21", c.emit(0, 0, 10, b"\x01"))])), reference="RFC 5280 5.3")
    for reason in (7, 8, 11):
        p.of_leaf("reason-%d" % reason, UNKNOWN, crl(p.inter, revoked(5, reason=reason)), reference="RFC 5280 5.3.1")
    p.of_leaf("serial-padded", UNKNOWN, crl(p.inter, revoked(b"\x02\x02\x00\x05")), reference="RFC 5280 5.1, X.690 8.3.2")
    p.of_leaf("number-negative", UNKNOWN, crl(p.inter, number=-1), reference="RFC 5280 5.2.3")
    p.of_leaf("number-too-long", UNKNOWN, crl(p.inter, number=1 << 160), reference="RFC 5280 5.2.3")
    p.of_leaf("bytes-behind", UNKNOWN, crl(p.inter, tail=b"\x00"), reference=ref)
    p.of_leaf("no-leap-year", UNKNOWN, crl(p.inter, this_update="20250229000000Z"), reference="RFC 5280 5.1.2.4")
    p.of_leaf("leap-year", "OK", crl(p.inter, this_update="20240229000000Z"), reference="RFC 5280 5.1.2.4")
    p.of_leaf("leap-second", UNKNOWN, crl(p.inter, this_update="20161231235960Z"), reference="RFC 5280 5.1.2.4")
    # a reader that fell over an empty list of reasons, before it looked at the signature
    rust = "RFC 5280 5.2.5, RUSTSEC-2026-0104"
    for what, reasons in (("without-bits", b"\x00"), ("empty", b""), ("unused-in-nothing", b"\x07"),
                          ("unused-9", b"\x09\x00")):
        p.of_leaf("reasons-" + what, UNKNOWN, crl(p.inter, exts=[idp(reasons=reasons)]), reference=rust)
        p.of_leaf("reasons-%s-unsigned" % what, UNKNOWN, crl(p.inter, exts=[idp(reasons=reasons)], spoil=True),
                  reference=rust)


@group
def scopes():
    p = Place()
    ref = "RFC 5280 5.2.5, 6.3.3 (b) (2)"
    p.of_leaf("users", REVOKED, crl(p.inter, revoked(LEAF), exts=[idp(users=True)]), reference=ref)
    p.of_leaf("users-good", "OK", crl(p.inter, exts=[idp(users=True)]), reference=ref)
    p.of_leaf("users-not-critical", "OK", crl(p.inter, exts=[idp(users=True, critical=False)]), reference=ref)
    p.of_leaf("cas-for-leaf", UNKNOWN, crl(p.inter, exts=[idp(cas=True)]), reference=ref)
    p.case("cas", REVOKED, crl(p.root, revoked(INTER), exts=[idp(cas=True)]), p.inter_crl, index=1, reference=ref)
    p.case("cas-good", "OK", crl(p.root, exts=[idp(cas=True)]), p.inter_crl, reference=ref)
    p.case("users-for-ca", UNKNOWN, crl(p.root, exts=[idp(users=True)]), p.inter_crl, index=1, reference=ref)
    p.of_leaf("both-kinds", REVOKED, crl(p.inter, exts=[idp(cas=True)], number=9),
              crl(p.inter, revoked(LEAF), exts=[idp(users=True)]), reference=ref)
    p.of_leaf("users-and-cas-in-one", UNKNOWN, crl(p.inter, exts=[idp(users=True, cas=True)]), reference=ref)
    p.of_leaf("idp-empty", UNKNOWN, crl(p.inter, exts=[idp()]), reference=ref)
    p.of_leaf("idp-default", UNKNOWN, crl(p.inter, exts=[idp(raw=seq(c.ctx(1, b"\x00", False)))]),
              reference="RFC 5280 5.2.5, X.690 11.5")
    p.of_leaf("idp-for-no-points", UNKNOWN, crl(p.inter, revoked(LEAF), exts=[idp(("uri", A))]), reference=ref)
    p.of_leaf("idp-of-issuers-name", REVOKED, crl(p.inter, revoked(LEAF), exts=[idp(("dir", p.inter.subject))]),
              reference=ref)
    one = Place(leaf_new=(crl_points(A),))
    one.of_leaf("point-fits", REVOKED, crl(one.inter, revoked(LEAF), exts=[idp(("uri", A))]), reference=ref)
    one.of_leaf("point-fits-good", "OK", crl(one.inter, exts=[idp(("uri", A))]), reference=ref)
    one.of_leaf("point-differs", UNKNOWN, crl(one.inter, revoked(LEAF), exts=[idp(("uri", B))]), reference=ref)
    one.of_leaf("point-case-differs", UNKNOWN, crl(one.inter, exts=[idp(("uri", A.upper()))]), reference=ref)
    one.of_leaf("point-without-idp", REVOKED, crl(one.inter, revoked(LEAF)), reference=ref)
    one.of_leaf("point-beside-others", "OK", crl(one.inter, revoked(LEAF), exts=[idp(("uri", B))]),
                crl(one.inter, exts=[idp(("uri", A))]), reference=ref)
    one.of_leaf("idp-of-several-names", REVOKED,
                crl(one.inter, revoked(LEAF), exts=[idp(("uri", B), ("uri", A))]), reference=ref)
    # all distribution points count
    rust = ref + ", RUSTSEC-2026-0049"
    two = Place(leaf_new=(crl_points(A, B),))
    two.of_leaf("second-point", REVOKED, crl(two.inter, revoked(LEAF), exts=[idp(("uri", B))]), reference=rust)
    two.of_leaf("second-point-good", "OK", crl(two.inter, exts=[idp(("uri", B))]), reference=rust)
    names = Place(leaf_new=(crl_points(point(("uri", B), ("uri", A))),))
    names.of_leaf("second-name-of-a-point", REVOKED, crl(names.inter, revoked(LEAF), exts=[idp(("uri", A))]), reference=rust)
    mixed = Place(leaf_new=(crl_points(point(("uri", B), reasons=b"\x06\x40"), A),))
    mixed.of_leaf("point-behind-one-for-reasons", REVOKED, crl(mixed.inter, revoked(LEAF), exts=[idp(("uri", A))]), reference=rust)
    mixed.of_leaf("point-for-some-reasons", UNKNOWN, crl(mixed.inter, exts=[idp(("uri", B))]), reference=ref)
    others = Place(leaf_new=(crl_points(point(("uri", A), issuer=name(("CN", "somebody")))),))
    others.of_leaf("point-of-another-issuer", UNKNOWN, crl(others.inter, exts=[idp(("uri", A))]), reference=ref)
    relative = Place(leaf_new=(crl_points(seq(c.ctx(0, c.ctx(1, c.attribute("CN", "x"))))),))
    relative.of_leaf("point-relative", UNKNOWN, crl(relative.inter, exts=[idp(("uri", A))]), reference=ref)
    relative.of_leaf("idp-relative", UNKNOWN, crl(relative.inter, exts=[
        idp(raw=seq(c.ctx(0, c.ctx(1, c.attribute("CN", "x")))))]), reference=ref)
    spoilt = Place(leaf_new=(ext("2.5.29.31", seq(seq(c.ctx(0, c.ctx(0, c.ctx(9, b"", False)))))),))
    spoilt.of_leaf("point-malformed", "BAD_EXTENSION", crl(spoilt.inter, exts=[idp(("uri", A))]),
                   reference="RFC 5280 4.2.1.13")
    spoilt.of_leaf("point-malformed-not-needed", "OK", spoilt.inter_crl, reference="RFC 5280 4.2.1.13")
