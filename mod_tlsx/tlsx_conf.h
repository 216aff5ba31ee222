/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx_conf.h: the directives. */
#ifndef TLSX_CONF_H
#define TLSX_CONF_H

#include "tlsx.h"

/* Rows for the module record, ended by an empty one. */
extern const command_rec tlsx_directives[];

#endif
