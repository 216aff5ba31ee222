/* SPDX-License-Identifier: Apache-2.0 */
/* auth/pem.c: lines, labels and base64. */
#include "auth/pem.h"

#include "base/bytes.h"
#include "base/mem.h"
#include "base/try.h"

static const char dashes[] = "-----";
static const char begin_mark[] = "-----BEGIN";
static const char end_mark[] = "-----END";
static const char proc_type[] = "Proc-Type:";
static const char encrypted_mark[] = "ENCRYPTED";
static const char key_mark[] = "PRIVATE KEY";
static const char byte_order_mark[] = "\xef\xbb\xbf";

typedef struct label_row {
    const char *label;
    tlsc_pem_kind kind;
    tlsc_key_format format;
} label_row;

static const label_row labels[] = {
    { "CERTIFICATE", TLSC_PEM_CERTIFICATE, TLSC_KEY_PKCS8 },
    { "X509 CERTIFICATE", TLSC_PEM_CERTIFICATE, TLSC_KEY_PKCS8 },
    { "X.509 CERTIFICATE", TLSC_PEM_CERTIFICATE, TLSC_KEY_PKCS8 },
    { "TRUSTED CERTIFICATE", TLSC_PEM_TRUSTED_CERTIFICATE, TLSC_KEY_PKCS8 },
    { "X509 CRL", TLSC_PEM_CRL, TLSC_KEY_PKCS8 },
    { "PRIVATE KEY", TLSC_PEM_KEY, TLSC_KEY_PKCS8 },
    { "RSA PRIVATE KEY", TLSC_PEM_KEY, TLSC_KEY_PKCS1 },
    { "EC PRIVATE KEY", TLSC_PEM_KEY, TLSC_KEY_SEC1 },
    { "ENCRYPTED PRIVATE KEY", TLSC_PEM_ENCRYPTED_KEY, TLSC_KEY_PKCS8 },
};

/* Takes `mark` from the front of `b`, if it is there. */
static bool take_front(tlsc_bytes *b, const char *mark)
{
    tlsc_rd r = tlsc_rd_of(*b);
    tlsc_bytes m = tlsc_bytes_of_str(mark);
    if (!tlsc_bytes_equal(tlsc_rd_bytes(&r, m.n), m)) {
        return false;
    }
    *b = tlsc_rd_rest(&r);
    return true;
}

static bool take_back(tlsc_bytes *b, const char *mark)
{
    size_t n = strlen(mark);
    if (b->n < n) {
        return false;
    }
    tlsc_rd r = tlsc_rd_of(*b);
    tlsc_bytes front = tlsc_rd_bytes(&r, b->n - n);
    if (!tlsc_bytes_equal(tlsc_rd_rest(&r), tlsc_bytes_of_str(mark))) {
        return false;
    }
    *b = front;
    return true;
}

static bool contains(tlsc_bytes b, const char *word)
{
    tlsc_rd r = tlsc_rd_of(b);
    while (tlsc_rd_more(&r)) {
        tlsc_rd ahead = r;
        tlsc_bytes here = tlsc_rd_rest(&ahead);
        if (take_front(&here, word)) {
            return true;
        }
        (void)tlsc_rd_u8(&r);
    }
    return false;
}

static bool space(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The next line without its end. A byte order mark may stand in the middle of a file too: where
 * another was appended to it. */
static tlsc_bytes next_line(tlsc_pem *pem)
{
    tlsc_rd ahead = pem->r;
    size_t n = 0;
    while (tlsc_rd_more(&ahead) && tlsc_rd_u8(&ahead) != '\n') {
        n++;
    }
    tlsc_bytes line = tlsc_rd_bytes(&pem->r, n);
    if (tlsc_rd_more(&pem->r)) {
        (void)tlsc_rd_u8(&pem->r);
    }
    pem->line++;
    while (line.n > 0 && space(line.p[line.n - 1])) {
        line.n--;
    }
    (void)take_front(&line, byte_order_mark);
    return line;
}

/* "Name: value" lines and an empty one, RFC 1421 4.4: OpenSSL's way to say that a key is encrypted.
 * True if they do. */
static bool skip_headers(tlsc_pem *pem)
{
    bool encrypted = false;
    tlsc_pem ahead = *pem;
    tlsc_bytes line = next_line(&ahead);
    if (!contains(line, ":")) {
        return false;
    }
    while (line.n > 0 && !take_front(&line, dashes)) {
        if (take_front(&line, proc_type) && contains(line, encrypted_mark)) {
            encrypted = true;
        }
        *pem = ahead;
        line = next_line(&ahead);
    }
    return encrypted;
}

/* "-----BEGIN label-----" with the front taken: what is left is the label. */
static bool take_label(tlsc_bytes *line)
{
    return take_front(line, " ") && take_back(line, dashes) && line->n > 0;
}

static void name_kind(tlsc_pem_block *out, tlsc_bytes label, bool encrypted)
{
    tlsc_bytes front = label;
    out->kind = take_back(&front, key_mark) ? TLSC_PEM_OTHER_KEY : TLSC_PEM_OTHER;
    for (size_t i = 0; i < TLSC_COUNT(labels); i++) {
        if (tlsc_bytes_equal(label, tlsc_bytes_of_str(labels[i].label))) {
            out->kind = labels[i].kind;
            out->format = labels[i].format;
        }
    }
    if (out->kind == TLSC_PEM_KEY && encrypted) {
        out->kind = TLSC_PEM_ENCRYPTED_KEY;
    }
}

/* Everything up to the END line, which must bear the same label. */
static tlsc_err read_block(tlsc_pem *pem, tlsc_bytes label, tlsc_pem_block *out)
{
    name_kind(out, label, skip_headers(pem));
    tlsc_rd start = pem->r;
    while (tlsc_rd_more(&pem->r)) {
        size_t left = pem->r.n;
        tlsc_bytes line = next_line(pem);
        if (!take_front(&line, end_mark)) {
            if (take_front(&line, dashes)) {
                return TLSC_E_PEM;
            }
            continue;
        }
        if (!take_label(&line) || !tlsc_bytes_equal(line, label)) {
            return TLSC_E_PEM;
        }
        out->base64 = tlsc_rd_bytes(&start, start.n - left);
        return TLSC_OK;
    }
    return TLSC_E_PEM;
}

tlsc_pem tlsc_pem_of(tlsc_bytes text)
{
    return (tlsc_pem){ .r = tlsc_rd_of(text) };
}

tlsc_err tlsc_pem_next(tlsc_pem *pem, tlsc_pem_block *out)
{
    *out = (tlsc_pem_block){ 0 };
    while (tlsc_rd_more(&pem->r)) {
        tlsc_bytes line = next_line(pem);
        bool begins = take_front(&line, begin_mark);
        if (!begins && !take_front(&line, end_mark)) {
            continue;
        }
        pem->blocks++;
        out->where = (tlsc_cert_where){ pem->blocks, pem->line };
        if (!begins || !take_label(&line)) {
            return TLSC_E_PEM;
        }
        return read_block(pem, line, out);
    }
    return TLSC_OK;
}

/* All ones if lo <= c <= hi. The differences are negative inside of the range only. */
static int in_range(int c, int lo, int hi)
{
    return ((lo - 1 - c) & (c - hi - 1)) >> 8;
}

/* A character's 6 bits, or -1. Without a table or a branch: which cache line is read, or which way
 * is gone, would tell of a private key. RFC 4648 4 */
static int sextet(uint8_t character)
{
    int c = character;
    int v = -1;
    v += in_range(c, 'A', 'Z') & (c - 'A' + 1);
    v += in_range(c, 'a', 'z') & (c - 'a' + 26 + 1);
    v += in_range(c, '0', '9') & (c - '0' + 52 + 1);
    v += in_range(c, '+', '+') & (62 + 1);
    v += in_range(c, '/', '/') & (63 + 1);
    return v;
}

/* What base64 is read into: up to four characters make up to three bytes. */
typedef struct quantum {
    uint32_t bits;
    unsigned num;  /* characters so far */
    unsigned pads; /* of them '=' */
} quantum;

/* Puts a full one out. errors: TLSC_E_PEM for bits that are in no byte. */
static tlsc_err flush(quantum *q, tlsc_buf *out)
{
    static const uint32_t unused[] = { 0, 0xff, 0xffff };
    if ((q->bits & unused[q->pads]) != 0) {
        return TLSC_E_PEM;
    }
    uint8_t b[3] = { (uint8_t)(q->bits >> 16), (uint8_t)(q->bits >> 8), (uint8_t)q->bits };
    tlsc_err rc = tlsc_buf_append(out, tlsc_bytes_of(b, 3 - q->pads));
    tlsc_wipe(b, sizeof(b));
    q->bits = 0;
    q->num = 0; /* the pads stay: nothing may come behind them */
    return rc;
}

static tlsc_err add(quantum *q, uint8_t c, tlsc_buf *out)
{
    int v = sextet(c);
    if (c == '=' && q->num >= 2) {
        q->pads++;
        v = 0;
    } else if (q->pads > 0) {
        return TLSC_E_PEM;
    }
    if (v < 0) {
        return TLSC_E_PEM;
    }
    q->bits = q->bits << 6 | (uint32_t)v;
    q->num++;
    return q->num == 4 ? flush(q, out) : TLSC_OK;
}

static tlsc_err decode(tlsc_bytes base64, tlsc_buf *out)
{
    size_t start = out->n;
    quantum q = { 0 };
    tlsc_err rc = TLSC_OK;
    for (size_t i = 0; i < base64.n && rc == TLSC_OK; i++) {
        if (!space(base64.p[i])) {
            rc = add(&q, base64.p[i], out);
        }
    }
    if (rc == TLSC_OK && (q.num != 0 || out->n == start)) {
        rc = TLSC_E_PEM;
    }
    tlsc_wipe(&q, sizeof(q));
    return rc;
}

tlsc_err tlsc_pem_decode(const tlsc_pem_block *block, tlsc_buf *out)
{
    /* Room for all at once, so that no half-filled memory is left behind. */
    tlsc_err rc = tlsc_buf_reserve(out, block->base64.n / 4 * 3);
    if (rc == TLSC_OK) {
        rc = decode(block->base64, out);
    }
    if (rc != TLSC_OK) {
        tlsc_buf_clear(out);
    }
    return rc;
}

/* Four characters are read before the three bytes that they make are written, so none is lost. */
tlsc_err tlsc_pem_decode_in_place(const tlsc_pem_block *block, tlsc_bytes *out)
{
    tlsc_buf own = { .p = (uint8_t *)(uintptr_t)block->base64.p,
                     .cap = block->base64.n,
                     .max = block->base64.n };
    tlsc_err rc = decode(block->base64, &own);
    *out = rc == TLSC_OK ? tlsc_buf_bytes(&own) : (tlsc_bytes){ NULL, 0 };
    return rc;
}
