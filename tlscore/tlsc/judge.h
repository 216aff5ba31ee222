/* SPDX-License-Identifier: Apache-2.0 */
/* tlsc/judge.h: who decides about the peer: authorities, a pinned key, or nobody because that was
 * asked for. It keeps what the peer showed, for the report. */
#ifndef TLSC_JUDGE_H
#define TLSC_JUDGE_H

#include "report.h"
#include "tlscore.h"

enum { PINS_MAX = 8 };

/* What the options say. */
typedef struct judge_options {
    const char *pins; /* --pin: hashes (64 hex digits) and files that hold a key (DER
                         SubjectPublicKeyInfo or a certificate), with commas; NULL: none */
    const char *cas;  /* --ca: files of PEM certificates, directories, or "system", with commas; NULL: none */
    bool system;      /* without any of them whom the system trusts */
    bool anybody;     /* --insecure */
    const char *name; /* that a certificate must have besides the one that is asked for; NULL: none */
} judge_options;

typedef struct judge {
    const tlsc_trust_store *store;
    const tlsc_trust *trust; /* NULL: none */
    tlsc_verify_options options; /* trust's */
    tlsc_reference_name name;
    bool anybody;
    size_t num_pins;
    uint8_t pins[PINS_MAX][32]; /* SHA-256 of SubjectPublicKeyInfo */
    bool asked;                 /* the rest is of the last time */
    bool pinned;                /* the key was one of the pins */
    bool certified;             /* the chain led to an anchor */
    tlsc_err error;             /* why not */
    int index;                  /* of the certificate concerned, in the peer's order; -1: none of its */
    char subject[1024];
    double verify_ms;
    bool has_key;
    uint8_t key[32]; /* its SHA-256, which could be pinned */
    tlsc_bytes ocsp; /* the staple, owned */
    size_t scts_n;   /* bytes of the list */
    unsigned num_scts;
} judge;

/* Ends the program where what an option names can't be read. in: strings that outlive `j`. */
void judge_init(judge *j, const judge_options *o);
void judge_clear(judge *j);
/* The verifier that asks `j`, which must outlive the configuration. */
tlsc_verifier judge_verifier(judge *j);

/* "CODE INDEX SUBJECT: TEXT" if the peer's certificates weren't valid. Returns the error, or TLSC_OK; the
 * certificate concerned, or -1, through `index`. */
tlsc_err judge_reason(const judge *j, const tlsc_conn *c, char *out, size_t cap, int *index);
/* What there is to say of a connection's peer: its chain, staples, whether it was checked. */
void judge_report(const judge *j, const tlsc_conn *c, report *r);

#endif
