/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/pem_file.h: DER out of the tests' PEM files. */
#ifndef TEST_LIB_PEM_FILE_H
#define TEST_LIB_PEM_FILE_H

#include "base/buf.h"

/* Decodes the first PEM block of test/vectors/certs/`name`. The caller clears the buffer. */
tlsc_buf test_der(const char *name);

/* The text of one or two such files behind each other; `second` may be NULL. */
tlsc_buf test_pem(const char *first, const char *second);

#endif
