/* SPDX-License-Identifier: Apache-2.0 */
/* x509/sct_logs.c: lists of logs that are known (tlscore/sct.h). */
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "base/try.h"
#include "x509/digest.h"
#include "x509/node.h"
#include "x509/sct.h"

typedef struct logs_block {
    tlsc_ct_logs logs;
    atomic_uint refs;
} logs_block;

static int by_id(const void *a, const void *b)
{
    return memcmp(((const tlsc_ct_known *)a)->id, ((const tlsc_ct_known *)b)->id, TLSC_CT_ID_LEN);
}

/* in: `at`, where the key is copied to. */
static tlsc_err read_log(const tlsc_provider *provider, const tlsc_ct_log *from, uint8_t *at,
                         tlsc_ct_known *out)
{
    tlsc_spki key;
    uint8_t id[TLSC_DIGEST_MAX];
    size_t n;
    TRY(tlsc_spki_parse(&key, from->key));
    if (key.kind != TLSC_SPKI_P256 && key.kind != TLSC_SPKI_RSA) {
        return TLSC_E_UNSUPPORTED_KEY;
    }
    if (!tlsc_digest(provider, TLSC_DIGEST_SHA256, from->key, id, &n)) {
        return TLSC_E_UNSUPPORTED;
    }
    memcpy(out->id, id, sizeof(out->id));
    tlsc_bytes_copy(at, from->key);
    out->key = tlsc_bytes_of(at, from->key.n);
    out->kind = key.kind;
    out->weight = tlsc_key_weight(&key);
    out->from_s = from->from_s;
    out->until_s = from->until_s == 0 ? INT64_MAX : from->until_s;
    return TLSC_OK;
}

/* A log that stands there twice would have two windows. */
static tlsc_err read_logs(const tlsc_provider *provider, const tlsc_ct_log *logs, size_t num,
                          tlsc_ct_known *known)
{
    uint8_t *at = (uint8_t *)(known + num);
    for (size_t i = 0; i < num; i++) {
        TRY(read_log(provider, &logs[i], at, &known[i]));
        at += logs[i].key.n;
    }
    if (num > 1) {
        qsort(known, num, sizeof(*known), by_id);
    }
    for (size_t i = 1; i < num; i++) {
        if (by_id(&known[i - 1], &known[i]) == 0) {
            return TLSC_E_USAGE;
        }
    }
    return TLSC_OK;
}

tlsc_err tlsc_ct_logs_new(const tlsc_provider *provider, const tlsc_ct_log *logs, size_t num,
                          const tlsc_ct_logs **out)
{
    size_t head = (sizeof(logs_block) + 15) / 16 * 16;
    size_t size = head + num * sizeof(tlsc_ct_known);
    *out = NULL;
    if (num > TLSC_CT_LOGS_MAX) {
        return TLSC_E_USAGE;
    }
    for (size_t i = 0; i < num; i++) {
        tlsc_spki key;
        TRY(tlsc_spki_parse(&key, logs[i].key)); /* so that its length is a sane one */
        size += logs[i].key.n;
    }
    uint8_t *memory = (uint8_t *)tlsc_mem_zalloc(size);
    if (memory == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    tlsc_ct_known *known = (tlsc_ct_known *)(void *)(memory + head);
    tlsc_err rc = read_logs(provider, logs, num, known);
    if (rc != TLSC_OK) {
        tlsc_mem_free(memory);
        return rc;
    }
    logs_block *block = (logs_block *)(void *)memory;
    block->logs = (tlsc_ct_logs){ &block->refs, memory, known, num };
    atomic_init(&block->refs, 1);
    *out = &block->logs;
    return TLSC_OK;
}

const tlsc_ct_logs *tlsc_ct_logs_ref(const tlsc_ct_logs *logs)
{
    atomic_fetch_add_explicit(logs->refs, 1, memory_order_relaxed);
    return logs;
}

void tlsc_ct_logs_free(const tlsc_ct_logs *logs)
{
    if (logs != NULL && atomic_fetch_sub_explicit(logs->refs, 1, memory_order_acq_rel) == 1) {
        tlsc_mem_free(logs->memory);
    }
}
