/* SPDX-License-Identifier: Apache-2.0 */
/* test/bogo/judge.h: the verifier: says of the runner's certificates what the test wants said. */
#ifndef BOGO_JUDGE_H
#define BOGO_JUDGE_H

#include "flags.h"
#include "tlscore.h"

struct judge {
    const struct settings *s;
    const tlsc_provider *provider;
    const struct settings *retry; /* in place of `s` once a client has sent early data; else NULL */
    unsigned asked;    /* for a verdict, on this connection */
    unsigned pauses;   /* how often that took a while */
    tlsc_alert alert;  /* the last verdict's, TLSC_ALERT_NONE: the error's own */
    size_t num_chain;  /* certificates in the verified chain that it gave */
};

/* `j` is borrowed for the configuration's life. */
tlsc_verifier judge_verifier(struct judge *j);

/* The verdict where TLSC_WAIT_VERIFY asks for it. */
void judge_decide(struct judge *j, const tlsc_verify_request *request, tlsc_verdict *out);

#endif
