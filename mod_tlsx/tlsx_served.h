/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx_served.h: what a server's directives leave of the versions and suites there are. */
#ifndef TLSX_SERVED_H
#define TLSX_SERVED_H

#include "tlsx.h"

/* "TLSv1.2"; static storage. Also for versions that aren't served anywhere, for log lines. */
const char *tlsx_version_name(uint16_t version);

/* True if TLSCiphersSuppress names the suite. */
bool tlsx_is_suppressed(const tlsx_server *conf, uint16_t suite);

/* The suites that are left, uint16_t in the provider's order, from `pool`; of `version` alone, or
 * of all versions if it is 0. */
apr_array_header_t *tlsx_served_suites(apr_pool_t *pool, const tlsx_server *conf, uint16_t version);

/* Where it is said that `version` (TLSC_TLS12, TLSC_TLS13) isn't served: a version that is left
 * without a suite or a group is dropped. NULL: it is served. */
const tlsx_origin *tlsx_barred_by(const tlsx_server *conf, uint16_t version);

/* "TLSv1.2 and TLSv1.3", from `pool`; "nothing" for neither. */
const char *tlsx_served_text(apr_pool_t *pool, const tlsx_server *conf);

/* TLSProtocol, or its default. */
uint16_t tlsx_min_version(const tlsx_server *conf);

#endif
