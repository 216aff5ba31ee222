/* SPDX-License-Identifier: Apache-2.0 */
/* tlscore/policy.h: named sets of algorithms. A policy never changes once it was released: what
 * should be different gets another date. Only `default` moves on, and says as what it stands. */
#ifndef TLSCORE_POLICY_H
#define TLSCORE_POLICY_H

#include "tlscore/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A policy names algorithms by their code points, best first; what a provider hasn't is left out
 * where it is applied. Static storage. */
typedef struct tlsc_policy {
    size_t size;
    const char *name;  /* "2026-11" */
    const char *about; /* whose rules these are, in a line */
    uint16_t min_version;
    uint16_t max_version;
    const uint16_t *suites;
    size_t num_suites;
    const uint16_t *groups;
    size_t num_groups;
    /* Signatures: the peer's, ours, and those in certificates. */
    const uint16_t *schemes;
    size_t num_schemes;
    bool server_order; /* a server's own order of suites counts */
    /* In TLS 1.2, too, an ECDSA key is on a curve that one of the schemes names, whichever of them
     * it signs with: a scheme that is left out leaves out the keys of its curve. */
    bool strict_curves;
} tlsc_policy;

/* The policies, one after the other; NULL beyond the last. */
TLSC_API const tlsc_policy *tlsc_policy_at(size_t i);
/* Finds one by its name; NULL if there is none. */
TLSC_API const tlsc_policy *tlsc_policy_find(const char *name);

#ifdef __cplusplus
}
#endif
#endif
