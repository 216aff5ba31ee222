/* SPDX-License-Identifier: Apache-2.0 */
/* auth/pin_test.c: keys that a peer must hold. */
#include "unit.h"

#include "auth/pin.h"
#include "pem_file.h"
#include "x509/certificate.h"

/* The key of a certificate, in a block of its own. */
static tlsc_bytes key_of(const char *file)
{
    tlsc_buf der = test_der(file);
    tlsc_certificate c;
    assert_ok(tlsc_certificate_parse(&c, tlsc_buf_bytes(&der)));
    tlsc_bytes copy = tlsc_bytes_of(test_copy(c.spki), c.spki.n);
    tlsc_buf_clear(&der);
    return copy;
}

static void drop(tlsc_bytes *key)
{
    tlsc_mem_free((void *)(uintptr_t)key->p);
}

static void a_key_is_found_among_others(void **state)
{
    (void)state;
    static const char *const files[] = { "p256.crt.pem", "ed25519.crt.pem", "rsa2048.crt.pem" };
    tlsc_bytes pins[3];
    for (size_t i = 0; i < 3; i++) {
        pins[i] = key_of(files[i]);
    }
    for (size_t i = 0; i < 3; i++) {
        tlsc_bytes key = key_of(files[i]);
        assert_true(tlsc_pin_matches(pins, 3, key));
        assert_true(tlsc_pin_matches(pins + i, 1, key));
        assert_false(tlsc_pin_matches(pins, i, key));
        drop(&key);
    }
    tlsc_bytes other = key_of("p384.crt.pem");
    assert_false(tlsc_pin_matches(pins, 3, other));
    assert_false(tlsc_pin_matches(pins, 0, other));
    drop(&other);
    for (size_t i = 0; i < 3; i++) {
        drop(&pins[i]);
    }
}

/* What a key means is compared: with RSA's parameters left out it is the same key. */
static void another_encoding_is_the_same_key(void **state)
{
    (void)state;
    tlsc_bytes pin = key_of("rsa2048.crt.pem");
    tlsc_buf other = tlsc_buf_of(1000);
    /* 30 82 xx xx 30 0d 06 09 <oid> 05 00 ...: without 05 00, both lengths are two less */
    assert_ok(tlsc_buf_append(&other, tlsc_bytes_of(pin.p, 17)));
    assert_ok(tlsc_buf_append(&other, tlsc_bytes_of(pin.p + 19, pin.n - 19)));
    other.p[3] = (uint8_t)(other.p[3] - 2);
    other.p[5] = (uint8_t)(other.p[5] - 2);
    assert_true(tlsc_pin_matches(&pin, 1, tlsc_buf_bytes(&other)));
    other.p[other.n - 4] ^= 1; /* another exponent */
    assert_false(tlsc_pin_matches(&pin, 1, tlsc_buf_bytes(&other)));
    tlsc_buf_clear(&other);
    drop(&pin);
}

static void what_is_no_key_matches_nothing(void **state)
{
    (void)state;
    tlsc_bytes pin = key_of("p256.crt.pem");
    const tlsc_bytes garbage = BYTES(0x30, 0x00);
    const tlsc_bytes pins[] = { garbage, pin };
    assert_false(tlsc_pin_matches(&garbage, 1, garbage));
    assert_false(tlsc_pin_matches(&pin, 1, garbage));
    assert_false(tlsc_pin_matches(&pin, 1, tlsc_bytes_of(pin.p, pin.n - 1)));
    assert_true(tlsc_pin_matches(pins, 2, pin));
    drop(&pin);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_is_found_among_others),
        cmocka_unit_test(another_encoding_is_the_same_key),
        cmocka_unit_test(what_is_no_key_matches_nothing),
    };
    return cmocka_run_group_tests_name("pin", tests, NULL, NULL);
}
