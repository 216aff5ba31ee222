/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/client_name.c: host names and addresses, told apart. */
#include "handshake/client_name.h"

enum { LABEL_MAX = 63, GROUPS = 8 };

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_hex(uint8_t c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_label_char(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '-' || c == '_';
}

/* Four decimal numbers up to 255, without leading zeroes, which some read as octal. */
static bool is_ipv4(const uint8_t *p, size_t n)
{
    size_t numbers = 0;
    size_t i = 0;
    while (i < n) {
        size_t from = i;
        unsigned value = 0;
        while (i < n && is_digit(p[i]) && i - from < 3) {
            value = value * 10 + (unsigned)(p[i] - '0');
            i++;
        }
        if (i == from || value > 255 || (p[from] == '0' && i - from > 1)) {
            return false;
        }
        numbers++;
        if (i < n && (p[i] != '.' || ++i == n)) {
            return false;
        }
    }
    return numbers == 4;
}

/* Groups of up to four hexadecimal digits, "::" once for any number of zeroes, and perhaps an IPv4
 * address in place of the last two. RFC 4291 2.2 */
static bool is_ipv6(const uint8_t *p, size_t n)
{
    size_t groups = 0;
    size_t i = 0;
    bool gap = false;
    if (n >= 2 && p[0] == ':' && p[1] == ':') {
        gap = true;
        i = 2;
    }
    while (i < n) {
        size_t from = i;
        while (i < n && is_hex(p[i])) {
            i++;
        }
        if (i < n && p[i] == '.') {
            groups += 2;
            return is_ipv4(p + from, n - from) && (gap ? groups < GROUPS : groups == GROUPS);
        }
        if (i == from || i - from > 4) {
            return false;
        }
        groups++;
        if (i == n) {
            break;
        }
        if (p[i++] != ':' || i == n) {
            return false;
        }
        if (p[i] == ':') {
            if (gap) {
                return false;
            }
            gap = true;
            i++;
        }
    }
    return gap ? groups < GROUPS : groups == GROUPS;
}

/* Labels of 1 to 63 characters that neither begin nor end with a hyphen; the last isn't a number, or
 * it would be an IPv4 address in one of its odd notations. */
static bool is_dns(const uint8_t *p, size_t n)
{
    bool only_digits = true;
    size_t i = 0;
    while (i < n) {
        size_t from = i;
        only_digits = true;
        while (i < n && is_label_char(p[i])) {
            only_digits = only_digits && is_digit(p[i]);
            i++;
        }
        if (i == from || i - from > LABEL_MAX || p[from] == '-' || p[i - 1] == '-') {
            return false;
        }
        if (i < n && (p[i] != '.' || ++i == n)) {
            return false;
        }
    }
    return n > 0 && !only_digits;
}

tlsc_err tlsc_client_name_check(tlsc_bytes name, tlsc_name_kind *kind, size_t *n)
{
    *kind = TLSC_NAME_EMPTY;
    *n = 0;
    if (name.n == 0) {
        return TLSC_OK;
    }
    size_t without_dot = name.p[name.n - 1] == '.' ? name.n - 1 : name.n;
    if (is_ipv4(name.p, name.n) || is_ipv6(name.p, name.n)) {
        *kind = TLSC_NAME_ADDRESS;
        *n = name.n;
    } else if (without_dot <= TLSC_CLIENT_NAME_MAX && is_dns(name.p, without_dot)) {
        *kind = TLSC_NAME_DNS;
        *n = without_dot;
    } else {
        return TLSC_E_BAD_NAME;
    }
    return TLSC_OK;
}
