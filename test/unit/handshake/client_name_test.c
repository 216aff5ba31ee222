/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/client_name_test.c: host names, addresses, and what is neither. */
#include "unit.h"

#include <stdio.h>

#include "handshake/client_name.h"

static const char label63[] = "a23456789012345678901234567890123456789012345678901234567890123";

static void expect(const char *name, tlsc_name_kind kind, size_t n)
{
    tlsc_name_kind got = TLSC_NAME_EMPTY;
    size_t got_n = 1;
    uint8_t *copy = test_copy(tlsc_bytes_of_str(name));
    tlsc_err rc = tlsc_client_name_check(tlsc_bytes_of(copy, strlen(name)), &got, &got_n);
    tlsc_mem_free(copy);
    if (rc != TLSC_OK || got != kind || got_n != n) {
        fail_msg("%s: %s, kind %d, %zu bytes", name, tlsc_err_name(rc), (int)got, got_n);
    }
}

static void refuse(const char *name)
{
    tlsc_name_kind kind;
    size_t n;
    uint8_t *copy = test_copy(tlsc_bytes_of_str(name));
    tlsc_err rc = tlsc_client_name_check(tlsc_bytes_of(copy, strlen(name)), &kind, &n);
    tlsc_mem_free(copy);
    if (rc != TLSC_E_BAD_NAME) {
        fail_msg("%s: %s", name, tlsc_err_name(rc));
    }
}

static void names_lose_their_final_dot(void **state)
{
    (void)state;
    static const char *const names[] = { "a",        "a.test",   "A.Test",     "xn--bcher-kva.example",
                                         "1.a",      "_sip.a_b", "a-b.c--d.e", "1a",
                                         "3com.com", "a.1b" };
    char dotted[64];
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        expect(names[i], TLSC_NAME_DNS, strlen(names[i]));
        (void)snprintf(dotted, sizeof(dotted), "%s.", names[i]);
        expect(dotted, TLSC_NAME_DNS, strlen(names[i]));
    }
    expect(label63, TLSC_NAME_DNS, 63);
}

static void nothing_is_a_name_of_its_own(void **state)
{
    (void)state;
    expect("", TLSC_NAME_EMPTY, 0);
}

static void addresses_are_told_from_names(void **state)
{
    (void)state;
    static const char *const addresses[] = {
        "0.0.0.0", "127.0.0.1", "255.255.255.255", "::", "::1", "1::", "1::2", "1:2:3:4:5:6:7:8",
        "2001:db8::ff00:42:8329", "ABCD:ef01::", "::ffff:192.0.2.1", "1:2:3:4:5:6:1.2.3.4",
        "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "fe80::1:2"
    };
    for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
        expect(addresses[i], TLSC_NAME_ADDRESS, strlen(addresses[i]));
    }
}

static void what_is_neither_is_refused(void **state)
{
    (void)state;
    static const char *const names[] = {
        ".",           "..",          ".a",          "a..b",        "a..",         "-a",
        "a-",          "a.-b",        "a-.b",        "a b",         "a/b",         "a:443",
        "m\xc3\xbcller.example",      "*.a.test",    "1",           "1.2.3",       "1.2.3.4.5",
        "256.1.1.1",   "01.2.3.4",    "1.2.3.4.",    "1.2.3.",      "1.2..3",      "0x7f.1",
        "a.1",         "[::1]",       "::1%eth0",    ":",           ":::",         "1:",
        ":1",          "1:2",         "1::2::3",     "1:2:3:4:5:6:7:8:9",          "12345::",
        "1:2:3:4:5:6:7:8::",          "1:2:3:4:5:6:7:1.2.3.4",      "::1.2.3",     "::1.2.3.4.5",
        "1:2:3:4:5:6:7:",             "g::",         "::256.1.1.1", "1:2:3:4::5:6:7:8:"
    };
    char too_long[80];
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        refuse(names[i]);
    }
    (void)snprintf(too_long, sizeof(too_long), "%sx", label63);
    refuse(too_long);
}

/* RFC 1035 2.3.4: 255 bytes on the wire are 253 characters. */
static void a_name_has_at_most_253_bytes(void **state)
{
    (void)state;
    char name[300];
    (void)snprintf(name, sizeof(name), "%s.%s.%s.%.61s", label63, label63, label63, label63);
    expect(name, TLSC_NAME_DNS, 253);
    (void)snprintf(name, sizeof(name), "%s.%s.%s.%.61s.", label63, label63, label63, label63);
    expect(name, TLSC_NAME_DNS, 253);
    (void)snprintf(name, sizeof(name), "%s.%s.%s.%.62s", label63, label63, label63, label63);
    refuse(name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_lose_their_final_dot),
        cmocka_unit_test(nothing_is_a_name_of_its_own),
        cmocka_unit_test(addresses_are_told_from_names),
        cmocka_unit_test(what_is_neither_is_refused),
        cmocka_unit_test(a_name_has_at_most_253_bytes),
    };
    return cmocka_run_group_tests_name("client_name", tests, NULL, NULL);
}
