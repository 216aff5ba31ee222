/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx_cert_names.h: names in certificates, as mod_ssl's variables have them. */
#ifndef TLSX_CERT_NAMES_H
#define TLSX_CERT_NAMES_H

#include <apr_tables.h>

#include "tlscore.h"

/* "CN=Alice,O=Example", in UTF-8 or, with \C3\BC for other bytes, in ASCII. in: a DER Name. */
const char *tlsx_name_whole(apr_pool_t *pool, tlsc_bytes name);
const char *tlsx_name_ascii(apr_pool_t *pool, tlsc_bytes name);
/* A part of a name, asked for as "CN", "CN_1" (the second), "CN_RAW" or "CN_1_RAW"; NULL: there is
 * none. */
const char *tlsx_name_part(apr_pool_t *pool, tlsc_bytes name, const char *asked);
/* An alternative name, asked for as "DNS_0", "Email_1" or "OTHER_msUPN_0"; NULL: there is none. */
const char *tlsx_alt_name(apr_pool_t *pool, const tlsc_x509 *x, const char *asked);

/* All parts, all alternative names, into an environment, with `prefix` in front. */
void tlsx_name_export(apr_table_t *env, apr_pool_t *pool, tlsc_bytes name, const char *prefix);
void tlsx_alt_name_export(apr_table_t *env, apr_pool_t *pool, const tlsc_x509 *x,
                          const char *prefix);

/* A number of one to four digits, and nothing behind it; else -1. */
int tlsx_name_number(const char *text);
/* Is it the OID "2.5.4.3"? in: an OID's contents. */
bool tlsx_oid_is(tlsc_bytes oid, const char *text);

#endif
