/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/proof.h: what a handshake has shown so far. A bit is set only where its check succeeded,
 * and tlsc_hs_enter_traffic refuses without the set that its role and version need: a check that was
 * forgotten can't lead to application data. */
#ifndef TLSC_HANDSHAKE_PROOF_H
#define TLSC_HANDSHAKE_PROOF_H

enum {
    TLSC_PROVEN_NEGOTIATED = 1u << 0,    /* version, suite and group were agreed on */
    TLSC_PROVEN_KEY_EXCHANGE = 1u << 1,  /* a shared secret that this handshake made */
    TLSC_PROVEN_AUTHENTICATED = 1u << 2, /* we signed, or a PSK's binder matched */
    TLSC_PROVEN_FINISHED = 1u << 3,      /* the peer's Finished matched the transcript */
    TLSC_PROVEN_VERIFIED = 1u << 4,      /* the verifier accepted the peer's certificate or key */
    TLSC_PROVEN_PEER_SIGNED = 1u << 5,   /* the peer's signature matched its key and the handshake */
    /* a server's client: it showed who it is; where that is optional, if it sent a certificate at all */
    TLSC_PROVEN_PEER = TLSC_PROVEN_VERIFIED | TLSC_PROVEN_PEER_SIGNED,
    /* a TLS 1.2 session that is resumed was authenticated by its master secret, with no key exchange */
    TLSC_PROVEN_RESUMED12 =
        TLSC_PROVEN_NEGOTIATED | TLSC_PROVEN_AUTHENTICATED | TLSC_PROVEN_FINISHED,
    TLSC_PROVEN_SERVER12 = TLSC_PROVEN_RESUMED12 | TLSC_PROVEN_KEY_EXCHANGE,
    /* a client: the server showed who it is, or a session from a time when it did */
    TLSC_PROVEN_CLIENT = TLSC_PROVEN_NEGOTIATED | TLSC_PROVEN_KEY_EXCHANGE |
                         TLSC_PROVEN_VERIFIED | TLSC_PROVEN_PEER_SIGNED | TLSC_PROVEN_FINISHED,
    TLSC_PROVEN_CLIENT13_RESUMED = TLSC_PROVEN_NEGOTIATED | TLSC_PROVEN_KEY_EXCHANGE |
                                   TLSC_PROVEN_AUTHENTICATED | TLSC_PROVEN_FINISHED,
    TLSC_PROVEN_SERVER13 = TLSC_PROVEN_NEGOTIATED | TLSC_PROVEN_KEY_EXCHANGE |
                           TLSC_PROVEN_AUTHENTICATED | TLSC_PROVEN_FINISHED
};

#endif
