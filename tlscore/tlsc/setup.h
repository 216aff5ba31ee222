/* SPDX-License-Identifier: Apache-2.0 */
/* tlsc/setup.h: options that both roles have, and the configuration made from them. */
#ifndef TLSC_SETUP_H
#define TLSC_SETUP_H

#include "judge.h"
#include "options.h"
#include "tlscore.h"

typedef struct setup {
    const char *policy;
    const char *tls;
    const char *suites;
    const char *groups;
    const char *alpn;
    const char *cert;
    const char *key;
    const char *pin;
    const char *ca;
    const char *key_log;
    bool insecure;
    bool json;
    unsigned timeout_s;
} setup;

/* Their rows, for a subcommand whose struct begins with a setup. */
#define SETUP_ROWS                                                                                 \
    {"--policy", "NAME", "a named set of algorithms: default, modern, fips-202205, ..",            \
     OPTION_TEXT, offsetof(setup, policy)},                                                        \
        {"--tls", "VERSIONS", "1.2, 1.3 or 1.2-1.3, which is the default", OPTION_TEXT,                \
     offsetof(setup, tls)},                                                                        \
        {"--suites", "A,B,..", "cipher suites, best first, by IANA's or OpenSSL's names",          \
         OPTION_TEXT, offsetof(setup, suites)},                                                    \
        {"--groups", "A,B,..", "key-exchange groups, best first", OPTION_TEXT,                     \
         offsetof(setup, groups)},                                                                 \
        {"--alpn", "A,B,..", "application protocols, best first", OPTION_TEXT,                     \
         offsetof(setup, alpn)},                                                                   \
        {"--cert", "FILE", "our certificate and its chain, PEM", OPTION_TEXT,                      \
         offsetof(setup, cert)},                                                                   \
        {"--key", "FILE", "its private key, PEM; without it the key is in --cert's file",          \
         OPTION_TEXT, offsetof(setup, key)},                                                       \
        {"--pin", "KEY,..",                                                                        \
         "the peer must hold one of these keys: SHA-256 of its\n"                                  \
         "SubjectPublicKeyInfo in hex, or a file with the key or its\n"                            \
         "certificate in DER",                                                                     \
         OPTION_TEXT, offsetof(setup, pin)},                                                       \
        {"--ca", "FILE,..",                                                                        \
         "the peer's certificate must lead to one of these: PEM files,\n"                          \
         "directories, or \"system\": those that the system trusts",                                \
         OPTION_TEXT, offsetof(setup, ca)},                                                        \
        {"--insecure", NULL, "whoever the peer is goes; what speaks against it is told", OPTION_FLAG, \
         offsetof(setup, insecure)},                                                               \
        {"--key-log", "FILE", "appends the connection's secrets, for wireshark", OPTION_TEXT,      \
         offsetof(setup, key_log)},                                                                \
        {"--timeout", "SECONDS", "how long the peer may be silent; default 10", OPTION_NUMBER,     \
         offsetof(setup, timeout_s)},                                                              \
    {                                                                                              \
        "--json", NULL, "facts as one line of JSON", OPTION_FLAG, offsetof(setup, json)            \
    }

/* True if an option says who the peer may be. */
bool setup_trusts(const setup *s);
/* What both roles' configurations have. in: `j` has been initialised from the options, and is asked
 * by the configuration if `judged`. */
void setup_apply(const setup *s, tlsc_config_builder *b, judge *j, bool judged);
/* Builds and releases the builder. */
const tlsc_config *setup_build(tlsc_config_builder *b);

#endif
