/* SPDX-License-Identifier: Apache-2.0 */
#include "x509/certificate.h"

#include <stdio.h>

#include "pem_file.h"
#include "unit.h"
#include "x509/spki.h"

enum {
    FROM = 1704067200, /* 2024-01-01 00:00:00 */
    UNTIL = 2524607999 /* 2049-12-31 23:59:59 */
};

/* -- certificates made by OpenSSL */

static void the_fields_of_a_leaf(void **state)
{
    (void)state;
    tlsc_buf der = test_der("p256.crt.pem");
    tlsc_buf issuer_der = test_der("intermediate.crt.pem");
    tlsc_certificate c;
    tlsc_certificate issuer;
    assert_ok(tlsc_certificate_parse(&c, tlsc_buf_bytes(&der)));
    assert_ok(tlsc_certificate_parse(&issuer, tlsc_buf_bytes(&issuer_der)));
    assert_bytes_equal(c.der, tlsc_buf_bytes(&der));
    assert_int_equal(c.version, 3);
    assert_int_equal(c.serial.n, 2);
    assert_true(c.not_before_s == FROM);
    assert_true(c.not_after_s == UNTIL);
    assert_bytes_equal(c.issuer, issuer.subject);
    assert_false(tlsc_bytes_equal(c.subject, issuer.subject));
    /* ecdsa-with-SHA256, no parameters */
    assert_bytes_equal(c.signature_algorithm, BYTES(0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
                                                    0x3d, 0x04, 0x03, 0x02));
    assert_int_equal(c.signature.p[0], 0x30);
    assert_int_equal(c.spki.p[0], 0x30);
    assert_int_equal(c.tbs.p[0], 0x30);
    assert_ptr_equal(c.tbs.p, c.der.p + 4);
    tlsc_buf_clear(&der);
    tlsc_buf_clear(&issuer_der);
}

static void every_kind_of_certificate_parses(void **state)
{
    (void)state;
    static const char *const names[] = {
        "root",    "intermediate", "rsa2048",    "rsa3072",  "rsa4096", "p256",
        "p384",    "p521",         "ed25519",    "rsa1024",  "rsapss",  "ed448",
        "explicit", "secp256k1",   "compressed", "late",     "v1",
    };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char file[64];
        (void)snprintf(file, sizeof(file), "%s.crt.pem", names[i]);
        tlsc_buf der = test_der(file);
        tlsc_certificate c;
        assert_ok(tlsc_certificate_parse(&c, tlsc_buf_bytes(&der)));
        bool v1 = strcmp(names[i], "v1") == 0;
        assert_int_equal(c.version, v1 ? 1 : 3);
        assert_int_equal(c.extensions.n == 0, v1);
        bool late = strcmp(names[i], "late") == 0;
        assert_true(c.not_after_s == (late ? 2713910399 : UNTIL));
        tlsc_buf_clear(&der);
    }
}

static void extensions_are_walked_and_found(void **state)
{
    (void)state;
    tlsc_buf der = test_der("p256.crt.pem");
    tlsc_certificate c;
    assert_ok(tlsc_certificate_parse(&c, tlsc_buf_bytes(&der)));
    tlsc_der walk = tlsc_der_of(c.extensions);
    tlsc_extension e;
    size_t num = 0;
    while (tlsc_extension_next(&walk, &e)) {
        tlsc_extension same;
        assert_true(tlsc_certificate_extension(&c, e.oid, &same));
        assert_ptr_equal(same.value.p, e.value.p);
        num++;
    }
    assert_ok(tlsc_der_end(&walk));
    assert_int_equal(num, 6);
    assert_true(tlsc_certificate_extension(&c, BYTES(0x55, 0x1d, 0x13), &e));
    assert_true(e.critical); /* basicConstraints */
    assert_bytes_equal(e.value, BYTES(0x30, 0x00));
    assert_true(tlsc_certificate_extension(&c, BYTES(0x55, 0x1d, 0x25), &e));
    assert_false(e.critical); /* extKeyUsage */
    assert_false(tlsc_certificate_extension(&c, BYTES(0x55, 0x1d, 0x1e), &e));
    assert_null(e.value.p);
    tlsc_buf_clear(&der);
}

static void key_usage_is_read(void **state)
{
    (void)state;
    static const struct {
        const char *file;
        unsigned usage;
    } rows[] = {
        { "p256.crt.pem", TLSC_KU_DIGITAL_SIGNATURE },
        { "root.crt.pem", TLSC_KU_KEY_CERT_SIGN | TLSC_KU_CRL_SIGN },
        { "v1.crt.pem", TLSC_KU_ALL },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        tlsc_buf der = test_der(rows[i].file);
        tlsc_certificate c;
        unsigned usage;
        assert_ok(tlsc_certificate_parse(&c, tlsc_buf_bytes(&der)));
        assert_ok(tlsc_certificate_key_usage(&c, &usage));
        assert_int_equal(usage, rows[i].usage);
        tlsc_buf_clear(&der);
    }
}

static void alt_names_are_listed(void **state)
{
    (void)state;
    tlsc_buf der = test_der("p256.crt.pem");
    tlsc_certificate c;
    tlsc_der walk;
    tlsc_alt_name name;
    assert_ok(tlsc_certificate_parse(&c, tlsc_buf_bytes(&der)));
    assert_ok(tlsc_certificate_alt_names(&c, &walk));
    assert_true(tlsc_alt_name_next(&walk, &name) && name.kind == TLSC_ALT_NAME_DNS);
    assert_bytes_equal(name.value, TEXT("p256.tlsx.test"));
    assert_true(tlsc_alt_name_next(&walk, &name) && name.kind == TLSC_ALT_NAME_DNS);
    assert_bytes_equal(name.value, TEXT("*.tlsx.test"));
    assert_true(tlsc_alt_name_next(&walk, &name) && name.kind == TLSC_ALT_NAME_IP);
    assert_bytes_equal(name.value, BYTES(127, 0, 0, 1));
    assert_true(tlsc_alt_name_next(&walk, &name) && name.kind == TLSC_ALT_NAME_IP);
    assert_bytes_equal(name.value, BYTES(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1));
    assert_true(tlsc_alt_name_next(&walk, &name) && name.kind == TLSC_ALT_NAME_OTHER);
    assert_bytes_equal(name.value, TEXT("root@tlsx.test"));
    assert_false(tlsc_alt_name_next(&walk, &name));
    assert_ok(tlsc_der_end(&walk));
    tlsc_buf_clear(&der);

    der = test_der("v1.crt.pem");
    assert_ok(tlsc_certificate_parse(&c, tlsc_buf_bytes(&der)));
    assert_ok(tlsc_certificate_alt_names(&c, &walk));
    assert_false(tlsc_alt_name_next(&walk, &name));
    assert_ok(tlsc_der_end(&walk));
    tlsc_buf_clear(&der);
}

/* -- the same, damaged */

/* Reads everything there is to read. */
static void use(const tlsc_certificate *c)
{
    tlsc_der walk = tlsc_der_of(c->extensions);
    tlsc_extension e;
    while (tlsc_extension_next(&walk, &e)) {
    }
    assert_ok(tlsc_der_end(&walk));
    unsigned usage;
    tlsc_spki key;
    (void)tlsc_certificate_key_usage(c, &usage);
    (void)tlsc_spki_parse(&key, c->spki);
    tlsc_alt_name name;
    if (tlsc_certificate_alt_names(c, &walk) == TLSC_OK) {
        while (tlsc_alt_name_next(&walk, &name)) {
        }
    }
}

static tlsc_err parse_copy(tlsc_bytes der)
{
    static const tlsc_certificate zero;
    uint8_t *p = test_copy(der);
    tlsc_certificate c;
    tlsc_err rc = tlsc_certificate_parse(&c, tlsc_bytes_of(p, der.n));
    if (rc == TLSC_OK) {
        use(&c);
    } else {
        assert_memory_equal(&c, &zero, sizeof(c));
    }
    tlsc_mem_free(p);
    return rc;
}

static void every_truncation_is_refused(void **state)
{
    (void)state;
    tlsc_buf der = test_der("rsa2048.crt.pem");
    assert_ok(parse_copy(tlsc_buf_bytes(&der)));
    for (size_t n = 0; n < der.n; n++) {
        assert_err(parse_copy((tlsc_bytes){ der.p, n }), TLSC_E_BAD_DER);
    }
    assert_err(tlsc_buf_append(&der, BYTES(0)), TLSC_OK);
    assert_err(parse_copy(tlsc_buf_bytes(&der)), TLSC_E_BAD_DER);
    tlsc_buf_clear(&der);
}

static void every_flipped_bit_is_refused_or_harmless(void **state)
{
    (void)state;
    static const char *const files[] = { "p256.crt.pem", "rsa2048.crt.pem", "ed25519.crt.pem" };
    for (size_t f = 0; f < sizeof(files) / sizeof(files[0]); f++) {
        tlsc_buf der = test_der(files[f]);
        size_t refused = 0;
        for (size_t bit = 0; bit < 8 * der.n; bit++) {
            der.p[bit / 8] ^= (uint8_t)(1U << bit % 8);
            refused += parse_copy(tlsc_buf_bytes(&der)) != TLSC_OK;
            der.p[bit / 8] ^= (uint8_t)(1U << bit % 8);
        }
        assert_true(refused > 500); /* what remains is in names, keys and signatures */
        assert_ok(parse_copy(tlsc_buf_bytes(&der)));
        tlsc_buf_clear(&der);
    }
}

/* -- certificates built by hand, wrong in one thing each */

enum { BUILD_MAX = 1 << 20 };

/* Wraps what is in `b` as one element. */
static void wrap(tlsc_buf *b, uint8_t tag)
{
    tlsc_buf out = tlsc_buf_of(BUILD_MAX);
    assert_ok(tlsc_buf_append(&out, BYTES(tag)));
    if (b->n < 0x80) {
        assert_ok(tlsc_buf_append(&out, BYTES((uint8_t)b->n)));
    } else if (b->n < 0x100) {
        assert_ok(tlsc_buf_append(&out, BYTES(0x81, (uint8_t)b->n)));
    } else {
        assert_ok(tlsc_buf_append(&out, BYTES(0x82, (uint8_t)(b->n >> 8), (uint8_t)b->n)));
    }
    assert_ok(tlsc_buf_append(&out, tlsc_buf_bytes(b)));
    tlsc_buf_clear(b);
    *b = out;
}

typedef struct fields {
    tlsc_bytes version;
    tlsc_bytes serial;
    tlsc_bytes algorithm;
    tlsc_bytes outer_algorithm;
    tlsc_bytes issuer;
    tlsc_bytes validity;
    tlsc_bytes subject;
    tlsc_bytes spki;
    tlsc_bytes unique_ids;
    tlsc_bytes extensions; /* the list's contents */
    tlsc_bytes behind_tbs; /* at the end of the TBSCertificate */
    tlsc_bytes signature;
    tlsc_bytes behind; /* at the end of the Certificate */
} fields;

#define ED25519 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70
#define KEY_USAGE 0x30, 0x0b, 0x06, 0x03, 0x55, 0x1d, 0x0f, 0x04, 0x04, 0x03, 0x02, 0x07, 0x80
#define BASIC_CONSTRAINTS \
    0x30, 0x0c, 0x06, 0x03, 0x55, 0x1d, 0x13, 0x01, 0x01, 0xff, 0x04, 0x02, 0x30, 0x00

/* Pieces live as long as the program, so that a test can take one and change another. */
static const uint8_t v3[] = { 0xa0, 0x03, 0x02, 0x01, 0x02 };
static const uint8_t one[] = { 0x02, 0x01, 0x01 };
static const uint8_t ed25519[] = { ED25519 };
static const uint8_t empty_name[] = { 0x30, 0x00 };
static const uint8_t two_times[] = "\x30\x1e\x17\x0d" "240101000000Z" "\x17\x0d" "491231235959Z";
static const uint8_t spki[] = { 0x30, 0x0a, ED25519, 0x03, 0x01, 0x00 };
static const uint8_t two_extensions[] = { KEY_USAGE, BASIC_CONSTRAINTS };
static const uint8_t signature[] = { 0x03, 0x02, 0x00, 0x55 };

static fields good(void)
{
    return (fields){
        .version = { v3, sizeof(v3) },
        .serial = { one, sizeof(one) },
        .algorithm = { ed25519, sizeof(ed25519) },
        .outer_algorithm = { ed25519, sizeof(ed25519) },
        .issuer = { empty_name, sizeof(empty_name) },
        .validity = { two_times, sizeof(two_times) - 1 },
        .subject = { empty_name, sizeof(empty_name) },
        .spki = { spki, sizeof(spki) },
        .extensions = { two_extensions, sizeof(two_extensions) },
        .signature = { signature, sizeof(signature) },
    };
}

/* nothing at all, as opposed to an empty list */
static const tlsc_bytes absent = { NULL, 0 };

static tlsc_buf build(const fields *f)
{
    tlsc_buf list = tlsc_buf_of(BUILD_MAX);
    tlsc_buf out = tlsc_buf_of(BUILD_MAX);
    if (f->extensions.p != NULL) {
        assert_ok(tlsc_buf_append(&list, f->extensions));
        wrap(&list, TLSC_DER_SEQUENCE);
        wrap(&list, TLSC_DER_CONTEXT_CONSTRUCTED | 3);
    }
    const tlsc_bytes tbs[] = { f->version,  f->serial,  f->algorithm, f->issuer,
                               f->validity, f->subject, f->spki,      f->unique_ids,
                               tlsc_buf_bytes(&list),   f->behind_tbs };
    for (size_t i = 0; i < sizeof(tbs) / sizeof(tbs[0]); i++) {
        assert_ok(tlsc_buf_append(&out, tbs[i]));
    }
    wrap(&out, TLSC_DER_SEQUENCE);
    assert_ok(tlsc_buf_append(&out, f->outer_algorithm));
    assert_ok(tlsc_buf_append(&out, f->signature));
    assert_ok(tlsc_buf_append(&out, f->behind));
    wrap(&out, TLSC_DER_SEQUENCE);
    tlsc_buf_clear(&list);
    return out;
}

static tlsc_err parse(const fields *f)
{
    tlsc_buf der = build(f);
    tlsc_err rc = parse_copy(tlsc_buf_bytes(&der));
    tlsc_buf_clear(&der);
    return rc;
}

/* Parses the good one with `member` replaced. */
#define assert_with(member, bytes, expected) \
    do {                                     \
        fields changed_ = good();            \
        changed_.member = (bytes);           \
        assert_err(parse(&changed_), expected); \
    } while (0)

#define BAD TLSC_E_BAD_CERTIFICATE

static void versions(void **state)
{
    (void)state;
    fields f = good();
    assert_ok(parse(&f));
    assert_with(version, BYTES(0xa0, 0x03, 0x02, 0x01, 0x01), BAD); /* v2 with extensions */
    assert_with(version, absent, BAD);                              /* v1 with them */
    f.extensions = absent;
    assert_ok(parse(&f));
    f.version = BYTES(0xa0, 0x03, 0x02, 0x01, 0x01);
    assert_ok(parse(&f));
    f.version = absent;
    assert_ok(parse(&f));
    f.version = BYTES(0xa0, 0x03, 0x02, 0x01, 0x00); /* a DEFAULT is not encoded */
    assert_err(parse(&f), BAD);
    assert_with(version, BYTES(0xa0, 0x03, 0x02, 0x01, 0x03), BAD);
    assert_with(version, BYTES(0xa0, 0x03, 0x02, 0x01, 0xff), BAD);
    assert_with(version, BYTES(0xa0, 0x00), BAD);
    assert_with(version, BYTES(0xa0, 0x04, 0x02, 0x02, 0x00, 0x02), BAD);
    assert_with(version, BYTES(0xa0, 0x06, 0x02, 0x01, 0x02, 0x02, 0x01, 0x02), BAD);
}

static void serials(void **state)
{
    (void)state;
    /* Sign and size are for the path builder: anchors may break those rules. */
    assert_with(serial, BYTES(0x02, 0x01, 0x00), TLSC_OK);
    assert_with(serial, BYTES(0x02, 0x01, 0x80), TLSC_OK);
    assert_with(serial, BYTES(0x02, 0x15, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17,
                              18, 19, 20, 21),
                TLSC_OK);
    assert_with(serial, BYTES(0x02, 0x00), BAD);
    assert_with(serial, BYTES(0x02, 0x02, 0x00, 0x01), BAD);
    assert_with(serial, BYTES(0x04, 0x01, 0x01), BAD);
    assert_with(serial, absent, BAD);
}

static void algorithms(void **state)
{
    (void)state;
    tlsc_bytes ed448 = BYTES(0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x71);
    assert_with(algorithm, ed448, BAD); /* not the outer one */
    assert_with(outer_algorithm, ed448, BAD);
    fields f = good();
    f.algorithm = f.outer_algorithm = BYTES(0x30, 0x07, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x05, 0x00);
    assert_ok(parse(&f));
    f.outer_algorithm = good().algorithm; /* NULL and absent are not the same here */
    assert_err(parse(&f), BAD);
    f.algorithm = f.outer_algorithm = BYTES(0x30, 0x00);
    assert_err(parse(&f), BAD);
    f.algorithm = f.outer_algorithm =
        BYTES(0x30, 0x09, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x05, 0x00, 0x05, 0x00);
    assert_err(parse(&f), BAD);
}

#define TIMES(length, a, b) TEXT("\x30" length "\x17\x0d" a "\x17\x0d" b)

static void validities(void **state)
{
    (void)state;
    assert_with(validity, TIMES("\x1e", "491231235959Z", "240101000000Z"), TLSC_OK);
    assert_with(validity, TIMES("\x1e", "240101000000Z", "241301000000Z"), BAD);
    assert_with(validity, TIMES("\x1e", "240101006000Z", "240101000000Z"), BAD);
    assert_with(validity, TEXT("\x30\x0f\x17\x0d" "240101000000Z"), BAD);
    assert_with(validity, TIMES("\x20", "240101000000Z", "240101000000Z\x05\x00"), BAD);
    assert_with(validity, TEXT("\x30\x22\x18\x0f" "20240101000000Z" "\x18\x0f" "20500101000000Z"),
                TLSC_OK);
    assert_with(validity, TEXT("\x30\x22\x18\x0f" "20240101000000Z" "\x18\x0f" "20500101000000z"),
                BAD);
    assert_with(validity, BYTES(0x30, 0x00), BAD);
}

static void names_and_keys_are_sequences(void **state)
{
    (void)state;
    assert_with(issuer, BYTES(0x31, 0x00), BAD);
    assert_with(subject, BYTES(0x31, 0x00), BAD);
    assert_with(subject, absent, BAD);
    assert_with(spki, BYTES(0x03, 0x01, 0x00), BAD);
    assert_with(spki, BYTES(0x30, 0x01), BAD);
}

static void unique_ids(void **state)
{
    (void)state;
    tlsc_bytes both = BYTES(0x81, 0x02, 0x00, 0x01, 0x82, 0x02, 0x00, 0x02);
    assert_with(unique_ids, both, TLSC_OK);
    assert_with(unique_ids, BYTES(0x82, 0x01, 0x00), TLSC_OK);
    assert_with(unique_ids, BYTES(0x82, 0x01, 0x00, 0x81, 0x01, 0x00), BAD);
    assert_with(unique_ids, BYTES(0x81, 0x01, 0x00, 0x81, 0x01, 0x00), BAD);
    assert_with(unique_ids, BYTES(0x81, 0x00), BAD);
    assert_with(unique_ids, BYTES(0xa1, 0x01, 0x00), BAD);
    fields f = good();
    f.extensions = absent;
    f.version = absent;
    f.unique_ids = both; /* not in v1 */
    assert_err(parse(&f), BAD);
}

static void extensions(void **state)
{
    (void)state;
    assert_with(extensions, BYTES(KEY_USAGE), TLSC_OK);
    assert_with(extensions, tlsc_bytes_of("", 0), BAD); /* an empty list */
    assert_with(extensions, BYTES(KEY_USAGE, KEY_USAGE), BAD);
    assert_with(extensions, BYTES(KEY_USAGE, BASIC_CONSTRAINTS, KEY_USAGE), BAD);
    assert_with(extensions, BYTES(KEY_USAGE, BASIC_CONSTRAINTS, 0x30, 0x00), BAD);
    assert_with(extensions, BYTES(0x30, 0x05, 0x06, 0x03, 0x55, 0x1d, 0x0f), BAD);
    assert_with(extensions, BYTES(0x30, 0x02, 0x04, 0x00), BAD);
    /* `critical` as an explicit FALSE is tolerated, as anything but a BOOLEAN it isn't */
    assert_with(extensions,
                BYTES(0x30, 0x0a, 0x06, 0x03, 0x55, 0x1d, 0x0e, 0x01, 0x01, 0x00, 0x04, 0x00),
                TLSC_OK);
    assert_with(extensions,
                BYTES(0x30, 0x0a, 0x06, 0x03, 0x55, 0x1d, 0x0e, 0x01, 0x01, 0x01, 0x04, 0x00),
                BAD);
    /* something behind extnValue, inside of the Extension */
    assert_with(extensions,
                BYTES(0x30, 0x09, 0x06, 0x03, 0x55, 0x1d, 0x0e, 0x04, 0x00, 0x05, 0x00), BAD);
    /* an empty extnValue is for whoever knows the extension */
    assert_with(extensions, BYTES(0x30, 0x07, 0x06, 0x03, 0x55, 0x1d, 0x0f, 0x04, 0x00), TLSC_OK);
}

static void too_many_extensions_are_refused(void **state)
{
    (void)state;
    for (size_t num = TLSC_EXTENSIONS_MAX - 1; num <= TLSC_EXTENSIONS_MAX + 1; num++) {
        tlsc_buf list = tlsc_buf_of(BUILD_MAX);
        for (size_t i = 0; i < num; i++) {
            assert_ok(tlsc_buf_append(&list, BYTES(0x30, 0x06, 0x06, 0x02, 0x2a, (uint8_t)i, 0x04,
                                                   0x00)));
        }
        assert_with(extensions, tlsc_buf_bytes(&list), num <= TLSC_EXTENSIONS_MAX ? TLSC_OK : BAD);
        tlsc_buf_clear(&list);
    }
}

static void nothing_may_stand_behind(void **state)
{
    (void)state;
    assert_with(behind_tbs, BYTES(0x05, 0x00), BAD);
    assert_with(behind, BYTES(0x05, 0x00), BAD);
    assert_with(signature, BYTES(0x03, 0x02, 0x01, 0x54), BAD); /* seven bits */
    assert_with(signature, absent, BAD);
}

static tlsc_err key_usage(tlsc_bytes extension, unsigned *usage)
{
    fields f = good();
    f.extensions = extension;
    tlsc_buf der = build(&f);
    tlsc_certificate c;
    assert_ok(tlsc_certificate_parse(&c, tlsc_buf_bytes(&der)));
    tlsc_err rc = tlsc_certificate_key_usage(&c, usage);
    tlsc_buf_clear(&der);
    return rc;
}

#define USAGE(n, ...) \
    BYTES(0x30, 9 + (n), 0x06, 0x03, 0x55, 0x1d, 0x0f, 0x04, 2 + (n), 0x03, (n), __VA_ARGS__)

static void key_usages(void **state)
{
    (void)state;
    unsigned usage;
    assert_ok(key_usage(USAGE(2, 0x07, 0x80), &usage));
    assert_int_equal(usage, TLSC_KU_DIGITAL_SIGNATURE);
    assert_ok(key_usage(USAGE(3, 0x07, 0xff, 0x80), &usage));
    assert_int_equal(usage, TLSC_KU_ALL);
    assert_ok(key_usage(USAGE(3, 0x07, 0x00, 0x80), &usage));
    assert_int_equal(usage, 1 << 8); /* decipherOnly */
    assert_ok(key_usage(USAGE(2, 0x00, 0x80), &usage)); /* zero bits at the end are tolerated */
    assert_int_equal(usage, TLSC_KU_DIGITAL_SIGNATURE);
    assert_err(key_usage(USAGE(1, 0x00), &usage), BAD);
    assert_int_equal(usage, 0);
    assert_err(key_usage(USAGE(2, 0x00, 0x00), &usage), BAD);
    assert_err(key_usage(USAGE(3, 0x06, 0x80, 0x40), &usage), BAD); /* a bit that is none */
    assert_err(key_usage(USAGE(4, 0x00, 0x80, 0x00, 0x00), &usage), BAD);
    assert_err(key_usage(USAGE(2, 0x07, 0x81), &usage), BAD);
}

/* Number of names read before the end or an error. */
static size_t count_names(tlsc_bytes extension, tlsc_err *rc)
{
    fields f = good();
    f.extensions = extension;
    tlsc_buf der = build(&f);
    tlsc_certificate c;
    tlsc_der walk;
    tlsc_alt_name name;
    size_t num = 0;
    assert_ok(tlsc_certificate_parse(&c, tlsc_buf_bytes(&der)));
    *rc = tlsc_certificate_alt_names(&c, &walk);
    while (*rc == TLSC_OK && tlsc_alt_name_next(&walk, &name)) {
        num++;
    }
    if (*rc == TLSC_OK) {
        *rc = tlsc_der_end(&walk);
    }
    tlsc_buf_clear(&der);
    return num;
}

#define NAMES(n, ...)                                                                        \
    BYTES(0x30, 9 + (n), 0x06, 0x03, 0x55, 0x1d, 0x11, 0x04, 2 + (n), 0x30, (n), __VA_ARGS__)

static void alt_names(void **state)
{
    (void)state;
    tlsc_err rc;
    assert_int_equal(count_names(NAMES(6, 0x82, 0x01, 'a', 0x88, 0x01, 42), &rc), 2);
    assert_ok(rc);
    assert_int_equal(count_names(NAMES(6, 0x87, 4, 1, 2, 3, 4), &rc), 1);
    assert_ok(rc);
    assert_int_equal(count_names(NAMES(5, 0x87, 3, 1, 2, 3), &rc), 0);
    assert_err(rc, TLSC_E_BAD_DER);
    assert_int_equal(count_names(NAMES(5, 0x82, 1, 'a', 0x04, 0), &rc), 1); /* no GeneralName */
    assert_err(rc, TLSC_E_BAD_DER);
    assert_int_equal(count_names(NAMES(2, 0xc2, 0x00), &rc), 0); /* private class */
    assert_err(rc, TLSC_E_BAD_DER);
    (void)count_names(BYTES(0x30, 9, 0x06, 0x03, 0x55, 0x1d, 0x11, 0x04, 2, 0x30, 0), &rc);
    assert_err(rc, BAD); /* an empty list */
    (void)count_names(NAMES(1, 0x00), &rc);
    assert_err(rc, TLSC_E_BAD_DER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_fields_of_a_leaf),
        cmocka_unit_test(every_kind_of_certificate_parses),
        cmocka_unit_test(extensions_are_walked_and_found),
        cmocka_unit_test(key_usage_is_read),
        cmocka_unit_test(alt_names_are_listed),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(every_flipped_bit_is_refused_or_harmless),
        cmocka_unit_test(versions),
        cmocka_unit_test(serials),
        cmocka_unit_test(algorithms),
        cmocka_unit_test(validities),
        cmocka_unit_test(names_and_keys_are_sequences),
        cmocka_unit_test(unique_ids),
        cmocka_unit_test(extensions),
        cmocka_unit_test(too_many_extensions_are_refused),
        cmocka_unit_test(nothing_may_stand_behind),
        cmocka_unit_test(key_usages),
        cmocka_unit_test(alt_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
