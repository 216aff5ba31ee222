/* SPDX-License-Identifier: Apache-2.0 */
/* tlsc/judge.h: who decides about the peer: a pinned key, authorities, or nobody because that was
 * asked for. It keeps what the peer showed, for the report. */
#ifndef TLSC_JUDGE_H
#define TLSC_JUDGE_H

#include "report.h"
#include "tlscore.h"

enum { PINS_MAX = 8 };

typedef struct judge {
    const tlsc_trust *trust; /* --ca; NULL: none */
    bool anybody; /* --insecure */
    size_t num_pins;
    uint8_t pins[PINS_MAX][32]; /* SHA-256 of SubjectPublicKeyInfo */
    bool asked;                 /* the rest is of the last time */
    bool pinned;                /* the key was one of the pins */
    bool certified;             /* the chain led to an anchor */
    bool has_key;
    uint8_t key[32]; /* its SHA-256, which could be pinned */
    size_t ocsp_n;   /* bytes of the staple */
    size_t scts_n;   /* bytes of the list */
    unsigned num_scts;
} judge;

/* in: --pin's value, NULL for none: hashes (64 hex digits) and files that hold a key (DER
 * SubjectPublicKeyInfo or a certificate), with commas; --ca's: files of PEM certificates, or "system". */
void judge_init(judge *j, const char *pins, const char *cas, bool anybody);
void judge_clear(judge *j);
/* The verifier that asks `j`, which must outlive the configuration. */
tlsc_verifier judge_verifier(judge *j);

/* What there is to say of a connection's peer: its chain, staples, whether it was checked. */
void judge_report(const judge *j, const tlsc_conn *c, report *r);

#endif
