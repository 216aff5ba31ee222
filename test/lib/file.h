/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/file.h: the tests' data. */
#ifndef TEST_LIB_FILE_H
#define TEST_LIB_FILE_H

#include "base/buf.h"

/* Reads a file of the source tree ("test/vectors/..."), which $TLSX_SRCDIR names, else the current
 * folder. Fails the test if it can't. The caller clears the buffer. */
tlsc_buf test_file(const char *path);

#endif
