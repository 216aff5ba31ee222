/* SPDX-License-Identifier: Apache-2.0 */
/* auth/pin.c: keys that a peer must hold. */
#include "auth/pin.h"

#include "x509/spki.h"

bool tlsc_pin_matches(const tlsc_bytes *pins, size_t num, tlsc_bytes spki)
{
    tlsc_spki key;
    if (tlsc_spki_parse(&key, spki) != TLSC_OK) {
        return false;
    }
    for (size_t i = 0; i < num; i++) {
        tlsc_spki pin;
        if (tlsc_spki_parse(&pin, pins[i]) == TLSC_OK && tlsc_spki_equal(&pin, &key)) {
            return true;
        }
    }
    return false;
}
