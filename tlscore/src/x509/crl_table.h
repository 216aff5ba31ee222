/* SPDX-License-Identifier: Apache-2.0 */
/* x509/crl_table.h: the serial numbers of one CRL, to be looked up, with date and reason.
 *
 * A table of open addresses, filled once, a third of it free. A slot is 20 bytes: 124 bits of a keyed hash stand
 * for the serial number, so that all are of one size and nobody can choose numbers that crowd one part of the
 * table. Among 1.5 million a number that isn't there is found with a probability of 2^-103. No pointers: what was
 * filled before a fork stays shared. */
#ifndef TLSC_X509_CRL_TABLE_H
#define TLSC_X509_CRL_TABLE_H

#include "keys/hmac.h"
#include "x509/crl.h"

typedef struct tlsc_crl_slot {
    uint32_t hash[4]; /* of the last, the lowest four bits are the reason and 1; zero: a free slot */
    uint32_t date_s;  /* since 1970-01-01 UTC, cut off at 2106 */
} tlsc_crl_slot;

/* A zeroed one is empty and valid. */
typedef struct tlsc_crl_table {
    tlsc_crl_slot *slots;
    uint32_t num_slots;
} tlsc_crl_table;

/* Takes all revoked certificates of `crl`. Of a number that stands there twice the first counts. in: the
 * key, which must be the same for finding. errors: TLSC_E_NO_MEMORY; then `*out` is empty. */
tlsc_err tlsc_crl_table_fill(tlsc_crl_table *out, const tlsc_crl *crl, const tlsc_hmac *key);

/* A serial number as tables know it. */
typedef struct tlsc_crl_key {
    uint32_t hash[4];
} tlsc_crl_key;
tlsc_crl_key tlsc_crl_key_of(const tlsc_hmac *key, tlsc_bytes serial);

/* True if it is there; then date and reason through `out`, whose serial is left empty. */
bool tlsc_crl_table_find(const tlsc_crl_table *table, tlsc_crl_key key, tlsc_crl_revoked *out);

/* May run twice. */
void tlsc_crl_table_clear(tlsc_crl_table *table);

#endif
