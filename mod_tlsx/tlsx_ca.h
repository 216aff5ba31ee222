/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx_ca.h: whose certificates clients may show. The files that TLSClientCA names are read while
 * httpd starts or restarts, by the parent; its children share what was made of them. */
#ifndef TLSX_CA_H
#define TLSX_CA_H

#include "tlsx.h"

#include "tlsx_digest.h"

/* What the TLSClientCA lines of a server come to; one for all servers with the same lines. */
typedef struct tlsx_ca {
    const tlsc_trust_store *store;
    uint8_t digest[TLSX_DIGEST_LEN]; /* of its certificates, in whichever files they lie */
    tlsc_bytes *names;               /* of its certificates' owners, in DER: hints for clients */
    size_t num_names;                /* 0: they are too long to be sent */
} tlsx_ca;

/* Reads what `cas` (tlsx_ca_path) names, or finds it in `registry`, where equal lists of this
 * configuration pass are read once. What is wrong is logged for server `s`, with the line that
 * names the file. out: NULL on failure. */
const tlsx_ca *tlsx_ca_load(apr_hash_t *registry, apr_pool_t *pconf, server_rec *s,
                            const apr_array_header_t *cas);

#endif
