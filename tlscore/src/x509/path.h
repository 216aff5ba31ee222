/* SPDX-License-Identifier: Apache-2.0 */
/* x509/path.h: from a leaf to an anchor.
 *
 * The search goes from the leaf up, depth first, over anchors before intermediates and those whose key id
 * fits before the others. What a certificate says is checked when it is added (path_check.c); signatures,
 * name constraints and policies when an anchor is reached, from there down, so that certificates that lead
 * nowhere cost no signatures. All work is counted (work.h). */
#ifndef TLSC_X509_PATH_H
#define TLSC_X509_PATH_H

#include "x509/names.h"
#include "x509/trust_store.h"
#include "x509/work.h"

/* The result of a signature check, so that a pair isn't checked twice. */
typedef struct tlsc_path_memo {
    const tlsc_node *child;
    const tlsc_node *issuer;
    tlsc_err result;
} tlsc_path_memo;

enum { TLSC_PATH_MEMOS = 32 };

typedef struct tlsc_path {
    const tlsc_trust_store *store;
    const tlsc_verify_options *options; /* resolved: no zero stands for a default */
    const tlsc_verify_request *request;
    int64_t now_s;
    const uint16_t *schemes; /* that certificates may be signed with; none: all that are known */
    size_t num_schemes;
    const tlsc_node *nodes; /* of the request, in its order */
    size_t num_nodes;

    const tlsc_node *path[TLSC_PATH_MAX]; /* leaf first */
    size_t len;
    tlsc_work work;
    tlsc_path_memo memos[TLSC_PATH_MEMOS];
    size_t num_memos; /* stored so far */

    /* the failure that is worth most, so far */
    tlsc_err error;
    const tlsc_node *concerned;
    const tlsc_node *failed[TLSC_PATH_MAX];
    size_t failed_len;

    /* what came beside the leaf, see staple.h */
    tlsc_bytes staple; /* an OCSP response that was found to be one about the leaf; empty: none */
    bool settled;      /* the failure is the leaf's on every path */
    bool later;        /* a responder is being asked */
} tlsc_path;

/* Finds a path for p->nodes[0] and leaves it in p->path. errors: the most useful one is in p->error, with
 * p->concerned and p->failed, and is returned. */
tlsc_err tlsc_path_find(tlsc_path *p);

/* What each check below says of a certificate by itself; `now`, options and lists are the path's. */

/* Version, serial number, names, dates, key, algorithm, critical extensions: RFC 5280 4.1, 4.2. */
tlsc_err tlsc_path_check_any(const tlsc_path *p, const tlsc_node *c);
/* As the first certificate: no CA's, for this purpose, able to sign a handshake. */
tlsc_err tlsc_path_check_leaf(const tlsc_path *p, const tlsc_node *c);
/* As an issuer: a CA, for this purpose. Takes as long as its lists and names are, so it is asked once. */
tlsc_err tlsc_path_check_issuer(const tlsc_path *p, const tlsc_node *c);
/* As the next issuer above p->path: with so many below it. */
tlsc_err tlsc_path_check_length(const tlsc_path *p, const tlsc_node *c);
/* The same for an anchor, of which less counts. */
tlsc_err tlsc_path_check_anchor(const tlsc_path *p, const tlsc_node *c);
/* An anchor that is itself the leaf. */
tlsc_err tlsc_path_check_anchor_leaf(const tlsc_path *p, const tlsc_node *c);

/* How useful it is to know of an error rather than of another one of a lower rank. */
unsigned tlsc_path_rank(tlsc_err e);

#endif
