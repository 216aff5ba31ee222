/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/libcrypto/libcrypto.h"

#include "random_check.h"

int main(void)
{
    return random_check(&tlsc_libcrypto_random);
}
