/* SPDX-License-Identifier: Apache-2.0 */
/* wire/enums.c: names of messages, and lists of code points. */
#include "wire/enums.h"

#include "wire/reader.h"

const char *tlsc_handshake_name(unsigned type)
{
    switch (type) {
    case TLSC_HS_HELLO_REQUEST: return "HelloRequest";
    case TLSC_HS_CLIENT_HELLO: return "ClientHello";
    case TLSC_HS_SERVER_HELLO: return "ServerHello";
    case TLSC_HS_NEW_SESSION_TICKET: return "NewSessionTicket";
    case TLSC_HS_END_OF_EARLY_DATA: return "EndOfEarlyData";
    case TLSC_HS_ENCRYPTED_EXTENSIONS: return "EncryptedExtensions";
    case TLSC_HS_CERTIFICATE: return "Certificate";
    case TLSC_HS_SERVER_KEY_EXCHANGE: return "ServerKeyExchange";
    case TLSC_HS_CERTIFICATE_REQUEST: return "CertificateRequest";
    case TLSC_HS_SERVER_HELLO_DONE: return "ServerHelloDone";
    case TLSC_HS_CERTIFICATE_VERIFY: return "CertificateVerify";
    case TLSC_HS_CLIENT_KEY_EXCHANGE: return "ClientKeyExchange";
    case TLSC_HS_FINISHED: return "Finished";
    case TLSC_HS_CERTIFICATE_STATUS: return "CertificateStatus";
    case TLSC_HS_KEY_UPDATE: return "KeyUpdate";
    case TLSC_HS_COMPRESSED_CERTIFICATE: return "CompressedCertificate";
    case TLSC_HS_MESSAGE_HASH: return "message_hash";
    default: return "unknown message";
    }
}

bool tlsc_u16_list_at(tlsc_bytes list, size_t i, uint16_t *v)
{
    if (i >= list.n / 2) {
        *v = 0;
        return false;
    }
    tlsc_rd r = tlsc_rd_of(list);
    (void)tlsc_rd_bytes(&r, i * 2);
    *v = tlsc_rd_u16(&r);
    return true;
}

size_t tlsc_u16_list_place(tlsc_bytes list, uint16_t v)
{
    tlsc_rd r = tlsc_rd_of(list);
    size_t num = list.n / 2;
    size_t i = 0;
    while (i < num && tlsc_rd_u16(&r) != v) {
        i++;
    }
    return i;
}

bool tlsc_u16_list_has(tlsc_bytes list, uint16_t v)
{
    return tlsc_u16_list_place(list, v) < list.n / 2;
}
