/* SPDX-License-Identifier: Apache-2.0 */
/* auth/cert_compress.c: Certificate messages compressed and decompressed, RFC 8879.
 *
 * Good compression takes milliseconds, so each message is compressed once, by the first handshake that
 * can use it, and kept in a list beside its credential. The list only grows, at its head, by a
 * compare-and-swap: readers take no lock, and two threads that come first at the same time both do the
 * work, one of them for nothing. */
#include "auth/cert_compress.h"

#include "base/bytes.h"
#include "base/mem.h"
#include "base/try.h"
#include "wire/compressed_certificate.h"

enum {
    MESSAGE_MAX = 0xffffff,
    /* for algorithms that don't mind if it gets longer */
    MORE_ROOM = 64,
    /* which extras stand in a message */
    HAS_OCSP = 1 << 0,
    HAS_SCTS = 1 << 1
};

/* One message in one algorithm; immutable once it is in the list. */
struct tlsc_compressed {
    struct tlsc_compressed *next;
    const tlsc_compression *by;
    uint8_t extras; /* HAS_... */
    uint8_t *memory;
    tlsc_bytes body; /* empty: it wasn't worth it */
};

/* ---- the message ---- */

/* The entries behind the leaf's, which is 3 bytes of length, the certificate, and no extensions. */
static tlsc_bytes other_entries(const tlsc_credential *c)
{
    enum { BEFORE_LEAF = 1 + 3, AROUND_LEAF = 3 + 2 };
    size_t skip = BEFORE_LEAF + AROUND_LEAF + c->chain[0].n;
    return tlsc_bytes_of(c->certificate13.p + skip, c->certificate13.n - skip);
}

void tlsc_credential_list_emit(tlsc_wr *w, const tlsc_credential *c,
                               const tlsc_certificate_extras *extras)
{
    if (extras->ocsp.n == 0 && extras->scts.n == 0) {
        /* as it is, behind its own empty context */
        tlsc_wr_bytes(w, tlsc_bytes_of(c->certificate13.p + 1, c->certificate13.n - 1));
        return;
    }
    tlsc_wr_mark list = tlsc_wr_open24(w);
    tlsc_wr_vec24(w, c->chain[0]);
    tlsc_wr_mark block = tlsc_wr_open16(w);
    tlsc_certificate_extras_emit(w, extras);
    tlsc_wr_close(w, block);
    tlsc_wr_bytes(w, other_entries(c));
    tlsc_wr_close(w, list);
}

/* ---- compressing ---- */

static tlsc_err compress(const tlsc_compression *by, tlsc_bytes message, tlsc_buf *out)
{
    size_t room = message.n + MORE_ROOM;
    size_t n = 0;
    uint8_t *compressed = (uint8_t *)tlsc_mem_alloc(room);
    if (compressed == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    tlsc_err rc = by->compress(message, compressed, room, &n);
    if (rc == TLSC_OK) {
        tlsc_compressed_certificate msg = { by->id, (uint32_t)message.n,
                                            tlsc_bytes_of(compressed, n) };
        tlsc_wr w = tlsc_wr_of(out);
        tlsc_compressed_certificate_emit(&w, &msg);
        rc = tlsc_wr_end(&w);
    }
    tlsc_mem_free(compressed);
    return rc == TLSC_E_TOO_SMALL ? TLSC_OK : rc;
}

static tlsc_err make(const tlsc_credential *c, const tlsc_compression *by,
                     const tlsc_certificate_extras *extras, struct tlsc_compressed *out)
{
    tlsc_buf message = tlsc_buf_of(MESSAGE_MAX);
    tlsc_buf body = tlsc_buf_of(MESSAGE_MAX);
    tlsc_wr w = tlsc_wr_of(&message);
    tlsc_wr_vec8(&w, tlsc_bytes_of(NULL, 0));
    tlsc_credential_list_emit(&w, c, extras);
    tlsc_err rc = tlsc_wr_end(&w);
    if (rc == TLSC_OK) {
        rc = compress(by, tlsc_buf_bytes(&message), &body);
    }
    if (rc == TLSC_OK && body.n > 0) {
        out->memory = (uint8_t *)tlsc_mem_dup(tlsc_buf_bytes(&body));
        out->body = tlsc_bytes_of(out->memory, body.n);
        rc = out->memory == NULL ? TLSC_E_NO_MEMORY : TLSC_OK;
    }
    tlsc_buf_clear(&message);
    tlsc_buf_clear(&body);
    return rc;
}

/* ---- the list ---- */

/* Looks from `from` up to `end`, which isn't looked at. */
static const struct tlsc_compressed *find(const struct tlsc_compressed *from,
                                          const struct tlsc_compressed *end,
                                          const tlsc_compression *by, uint8_t extras)
{
    while (from != end && (from->by != by || from->extras != extras)) {
        from = from->next;
    }
    return from == end ? NULL : from;
}

static void drop(struct tlsc_compressed *made)
{
    tlsc_mem_free(made->memory);
    tlsc_mem_free(made);
}

/* Puts one at the list's head, unless somebody else was quicker: then that one serves. */
static const struct tlsc_compressed *publish(tlsc_credential *c, struct tlsc_compressed *seen,
                                             struct tlsc_compressed *made)
{
    made->next = seen;
    while (!atomic_compare_exchange_weak_explicit(&c->compressed, &made->next, made,
                                                  memory_order_acq_rel, memory_order_acquire)) {
        const struct tlsc_compressed *theirs = find(made->next, seen, made->by, made->extras);
        if (theirs != NULL) {
            drop(made);
            return theirs;
        }
        seen = made->next;
    }
    return made;
}

tlsc_err tlsc_cert_compressed(tlsc_credential *c, const tlsc_compression *by,
                              const tlsc_certificate_extras *extras, tlsc_bytes *out)
{
    uint8_t which =
        (uint8_t)((extras->ocsp.n > 0 ? HAS_OCSP : 0) | (extras->scts.n > 0 ? HAS_SCTS : 0));
    /* without extras the message is the base's, however many credentials share it */
    tlsc_credential *owner = which == 0 && c->base != NULL ? c->base : c;
    struct tlsc_compressed *seen =
        atomic_load_explicit(&owner->compressed, memory_order_acquire);
    const struct tlsc_compressed *found = find(seen, NULL, by, which);
    if (found == NULL) {
        struct tlsc_compressed *made =
            (struct tlsc_compressed *)tlsc_mem_zalloc(sizeof(*made));
        if (made == NULL) {
            return TLSC_E_NO_MEMORY;
        }
        made->by = by;
        made->extras = which;
        tlsc_err rc = make(owner, by, extras, made);
        if (rc != TLSC_OK) {
            drop(made);
            return rc;
        }
        found = publish(owner, seen, made);
    }
    *out = found->body;
    return TLSC_OK;
}

void tlsc_cert_compressed_free(tlsc_credential *c)
{
    struct tlsc_compressed *next = atomic_load_explicit(&c->compressed, memory_order_acquire);
    atomic_store_explicit(&c->compressed, NULL, memory_order_relaxed);
    while (next != NULL) {
        struct tlsc_compressed *gone = next;
        next = gone->next;
        drop(gone);
    }
}

/* ---- decompressing ---- */

static const tlsc_compression *offered_as(const tlsc_compression *const *offered, size_t num,
                                          uint16_t id)
{
    for (size_t i = 0; i < num; i++) {
        if (offered[i]->id == id) {
            return offered[i];
        }
    }
    return NULL;
}

/* What is announced is checked before anything of that size is allocated, and nothing beyond it is ever
 * written: a bomb costs no more than an honest message of the longest length. RFC 8879 4, 5 */
tlsc_err tlsc_cert_decompress(const tlsc_compression *const *offered, size_t num, tlsc_bytes body,
                              uint32_t longest, tlsc_decompressed *out)
{
    tlsc_compressed_certificate msg;
    *out = (tlsc_decompressed){ 0 };
    TRY(tlsc_compressed_certificate_parse(&msg, body));
    const tlsc_compression *by = offered_as(offered, num, msg.algorithm);
    if (by == NULL) {
        return TLSC_E_WRONG_COMPRESSION_ALGORITHM;
    }
    if (msg.uncompressed_len > longest) {
        return TLSC_E_DECOMPRESSED_TOO_LONG;
    }
    uint8_t *memory = (uint8_t *)tlsc_mem_zalloc(msg.uncompressed_len);
    if (memory == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    tlsc_err rc = by->decompress(msg.message, memory, msg.uncompressed_len);
    if (rc != TLSC_OK) {
        tlsc_mem_free(memory);
        return rc == TLSC_E_NO_MEMORY ? rc : TLSC_E_BAD_COMPRESSED_CERTIFICATE;
    }
    *out = (tlsc_decompressed){ memory, tlsc_bytes_of(memory, msg.uncompressed_len), by->id };
    return TLSC_OK;
}
