/* SPDX-License-Identifier: Apache-2.0 */
/* The load client's TLS side: what it offers, its tickets, and what was negotiated. */
#ifndef TEST_BENCH_LC_TLS_H
#define TEST_BENCH_LC_TLS_H

#include "lc_conn.h"

/* Makes the client's SSL_CTX: version TLS1_3_VERSION or TLS1_2_VERSION only, one group, trust in
 * ca_file only. NULL: the library's own choice. */
SSL_CTX *lc_tls_ctx_new(uint16_t version, const char *group, const char *suite,
                        const char *ca_file);

/* Gives an opened connection its SSL, with the ticket to offer if there is one. */
void lc_tls_start(struct lc_conn *c);

/* Looks at a finished handshake: negotiated as asked, and as on all connections before it. */
void lc_tls_check(struct lc_conn *c);

/* Ends with the name of the failed call and libssl's own words. */
_Noreturn void lc_tls_die(const struct lc_conn *c, const char *what, int ret);

#endif
