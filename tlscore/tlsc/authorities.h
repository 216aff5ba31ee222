/* SPDX-License-Identifier: Apache-2.0 */
/* tlsc/authorities.h: whom an option says to trust. */
#ifndef TLSC_AUTHORITIES_H
#define TLSC_AUTHORITIES_H

#include "tlscore.h"

/* tlsc_trust_on_skip: says on standard error what is wrong, and where. */
void tell_skip(void *ctx, const tlsc_trust_skip *skip);
bool is_directory(const char *path);

/* An empty list; entries that can't be used are told on standard error and skipped. */
tlsc_trust_builder *authorities_begin(void);
/* Adds the certificates of a PEM file, of all files of a directory, or for "system" what the system
 * trusts. Ends the program where nothing can be read, or nothing is there. in: `option`, for the message. */
void authorities_add(tlsc_trust_builder *b, const char *option, const char *path);
/* One reference; the builder is released. */
const tlsc_trust_store *authorities_end(tlsc_trust_builder *b);
/* What the system trusts; NULL where it says nothing. */
const tlsc_trust_store *authorities_of_system(void);

#endif
