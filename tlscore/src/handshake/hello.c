/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/hello.c: the ClientHello that a handshake keeps. */
#include "handshake/hello.h"

#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "base/try.h"

enum { MESSAGE_HEADER = 4 };

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c | 0x20) : c;
}

static bool is_name_char(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-' || c == '_' || c == '.';
}

/* An IPv4 literal, in any notation: its last label is a number, which no domain's is. */
static bool ends_in_number(const uint8_t *name, size_t n)
{
    size_t i = n;
    while (i > 0 && is_digit(name[i - 1])) {
        i--;
    }
    return i < n && (i == 0 || name[i - 1] == '.');
}

/* Literals aren't permitted (RFC 6066 3), but some clients send them, and odd names too; a server that
 * refused them would be the first. They count as no name. */
static void normalise_name(tlsc_hello *h)
{
    tlsc_bytes sent = h->msg.server_name;
    size_t n = sent.n;
    if (n > 1 && sent.p[n - 1] == '.') {
        n--;
    }
    for (size_t i = 0; i < n; i++) {
        h->name[i] = lower(sent.p[i]);
        if (!is_name_char(h->name[i])) {
            return;
        }
    }
    h->name_n = ends_in_number(h->name, n) ? 0 : n;
}

tlsc_err tlsc_hello_take(tlsc_hello *h, tlsc_bytes raw)
{
    tlsc_hello_clear(h);
    h->raw = (uint8_t *)tlsc_mem_dup(raw);
    if (h->raw == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    h->raw_n = raw.n;
    TRY(tlsc_client_hello_parse(&h->msg, tlsc_hello_body(h)));
    normalise_name(h);
    return TLSC_OK;
}

void tlsc_hello_clear(tlsc_hello *h)
{
    tlsc_mem_free(h->raw);
    memset(h, 0, sizeof(*h));
}

tlsc_bytes tlsc_hello_body(const tlsc_hello *h)
{
    return tlsc_bytes_of(h->raw + MESSAGE_HEADER, h->raw_n - MESSAGE_HEADER);
}
