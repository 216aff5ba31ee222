/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/rfc8448.h: the example traces of RFC 8448, from test/vectors/rfc8448. */
#ifndef TEST_LIB_RFC8448_H
#define TEST_LIB_RFC8448_H

#include "base/buf.h"
#include "base/secret.h"

enum { RFC8448_STEPS_MAX = 160, RFC8448_FIELDS_MAX = 8, RFC8448_SECRETS_MAX = 12 };

/* One value that the RFC prints in a step: "PRK" and its bytes. */
typedef struct rfc8448_field {
    char name[32];
    tlsc_buf value;
} rfc8448_field;

/* One step: `what` is "derive secret \"tls13 c hs traffic\"". */
typedef struct rfc8448_step {
    bool by_server;
    bool as_above; /* the other side printed its values already: no fields */
    char what[64];
    rfc8448_field fields[RFC8448_FIELDS_MAX];
    size_t num_fields;
} rfc8448_step;

typedef struct rfc8448_trace {
    const char *name;
    rfc8448_step steps[RFC8448_STEPS_MAX];
    size_t num_steps;
} rfc8448_trace;

/* The traces' names: a NULL ends the list. */
extern const char *const rfc8448_names[];

/* Reads one trace; fails the test if it can't. Released by rfc8448_close. */
rfc8448_trace *rfc8448_open(const char *name);
void rfc8448_close(rfc8448_trace *t);

/* A field's bytes; fails the test if the step hasn't got it. */
tlsc_bytes rfc8448_get(const rfc8448_step *s, const char *field);
/* The same, where the field may be missing: `*found` tells. */
tlsc_bytes rfc8448_find(const rfc8448_step *s, const char *field, bool *found);
/* True if the step's words begin with `words`. */
bool rfc8448_is(const rfc8448_step *s, const char *words);

/* The message of a "construct" step, header included. The RFC constructs a ClientHello with a PSK
 * without its binders: then what the next "send handshake record" step sends is returned. */
tlsc_bytes rfc8448_message(const rfc8448_trace *t, size_t step);

/* Traffic secrets by their labels, as "derive secret" steps print them: kept while a test walks a
 * trace, since "derive ... traffic keys, as above" steps don't name theirs. */
typedef struct rfc8448_secrets {
    struct {
        char label[32];
        tlsc_secret secret;
    } known[RFC8448_SECRETS_MAX];
    size_t num;
} rfc8448_secrets;
/* Takes the secret of a "derive secret" step; other steps are passed over. */
void rfc8448_learn(rfc8448_secrets *k, const rfc8448_step *s);
/* The secret that a "derive {read,write} traffic keys for ..." step is about, and whether the
 * server writes with it. Fails the test if it wasn't learnt. */
const tlsc_secret *rfc8448_traffic_secret(const rfc8448_secrets *k, const rfc8448_step *s,
                                          bool *server_writes);

#endif
