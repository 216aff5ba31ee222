/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/peer.h: the peer's certificate, whichever role and version: taken, judged, and its
 * signature checked. */
#ifndef TLSC_HANDSHAKE_PEER_H
#define TLSC_HANDSHAKE_PEER_H

#include "handshake/hs.h"

/* Takes a Certificate message, or a CompressedCertificate, into hs->peer: its parts are copied, its own certificate parsed, the key
 * checked for what the handshake needs of it (keyUsage's digitalSignature; a client in TLS 1.2: the
 * suite's kind, an enabled curve). An empty list leaves hs->peer.memory NULL: whether that is allowed
 * is the caller's to say if it is a server; a client gets TLSC_E_DECODE.
 * in: `context`, what certificate_request_context must be. Which kind of certificate was agreed on is
 * outcome->peer_type. In TLS 1.2 hs->peer.scts may be set before or after, a view that the caller owns.
 * errors: TLSC_E_DECODE, TLSC_E_WRONG_REQUEST_CONTEXT, TLSC_E_UNSOLICITED_EXTENSION,
 * TLSC_E_TOO_MANY_CERTIFICATES, TLSC_E_BAD_CERTIFICATE, TLSC_E_BAD_DER, TLSC_E_UNSUPPORTED_KEY,
 * TLSC_E_KEY_USAGE, TLSC_E_WRONG_CERTIFICATE_KEY, TLSC_E_NO_MEMORY; those of tlsc_cert_decompress.
 * RFC 8446 4.4.2; RFC 8879 4; RFC 5246 7.4.2, 7.4.6 */
tlsc_err tlsc_peer_take_certificate13(tlsc_hs *hs, const tlsc_msg *msg, tlsc_bytes context);
tlsc_err tlsc_peer_take_certificate12(tlsc_hs *hs, const tlsc_msg *msg);
/* TLS 1.2's staple, behind the Certificate. errors: TLSC_E_DECODE, TLSC_E_NO_MEMORY. RFC 6066 8 */
tlsc_err tlsc_peer_take_status12(tlsc_hs *hs, const tlsc_msg *msg);

/* Checks a signature of the peer's key over `content`, under a scheme that we offered and that fits the
 * key and the version. Sets TLSC_PROVEN_PEER_SIGNED. errors: TLSC_E_WRONG_SIGNATURE_SCHEME,
 * TLSC_E_BAD_SIGNATURE, ... */
tlsc_err tlsc_peer_check_signature(tlsc_hs *hs, uint16_t scheme, tlsc_bytes content,
                                   tlsc_bytes signature);
/* The same for a TLS 1.3 CertificateVerify message, whose content is the transcript before it.
 * errors: as above, TLSC_E_DECODE. RFC 8446 4.4.3 */
tlsc_err tlsc_peer_check_verify13(tlsc_hs *hs, const tlsc_msg *msg);

/* Asks the verifier about hs->peer, once; own work of a state, after the signature was checked: why, is
 * said in peer.c. `*ready` is false during a pause. Keeps what the configuration wants kept (chain,
 * verdict) in the outcome, and sets TLSC_PROVEN_VERIFIED. errors: the verdict's, with its alert
 * (hs->alert), any; TLSC_E_INTERNAL before the signature. */
tlsc_err tlsc_peer_verify(tlsc_hs *hs, bool *ready);

/* Its two halves, for who has the chain already. take_list: copies a list of opaque<1..2^24-1>, of the
 * kind outcome->peer_type. ask: as tlsc_peer_verify, but the outcome keeps the verdict alone.
 * errors: TLSC_E_INTERNAL for an empty list, TLSC_E_DECODE, TLSC_E_BAD_CERTIFICATE, TLSC_E_NO_MEMORY;
 * the verdict's. */
tlsc_err tlsc_peer_take_list(tlsc_hs *hs, tlsc_bytes list);
tlsc_err tlsc_peer_ask(tlsc_hs *hs, bool resumed, bool *ready);
/* True if the configuration wants the peer's chain kept. */
bool tlsc_peer_keeps_chain(const tlsc_config *config);

/* True if the configuration accepts this kind of certificate, TLSC_CERT_... . */
bool tlsc_peer_accepts_type(const tlsc_config *config, uint8_t type);
/* The outcome knows no peer any more. */
void tlsc_peer_forget(tlsc_outcome *o);

/* ---- peer_session.c: sessions ---- */

/* May this configuration resume a session of a peer that had shown this, or nothing? */
bool tlsc_peer_session_fits(const tlsc_config *config, const tlsc_session *session);
/* Takes over, from a session that is resumed, who the peer was; copied. errors: TLSC_E_NO_MEMORY. */
tlsc_err tlsc_peer_take_session(tlsc_hs *hs, const tlsc_session *session);
/* Asks the verifier again about that peer, if the configuration wants that; own work of a state, after
 * tlsc_peer_take_session. `*ready` is false during a pause. errors: the verdict's, with its alert; the
 * handshake ends. */
tlsc_err tlsc_peer_verify_session(tlsc_hs *hs, bool *ready);
/* Fills in a session's fields about the peer; views borrow from the outcome. The chain is there whole up
 * to 8 KiB, else its leaf alone, else not at all. */
void tlsc_peer_to_session(const tlsc_outcome *o, tlsc_session *out);

void tlsc_peer_clear(tlsc_peer *peer);

#endif
