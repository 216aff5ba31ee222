/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/sodium/sodium.h"

#include "random_check.h"

int main(void)
{
    return tlsc_provider_sodium() == NULL ? 1 : random_check(&tlsc_sodium_random);
}
