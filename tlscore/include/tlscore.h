/* SPDX-License-Identifier: Apache-2.0 */
/* tlscore.h: all of tlscore's public interface. */
#ifndef TLSCORE_H
#define TLSCORE_H

#include "tlscore/base.h"
#include "tlscore/cert.h"
#include "tlscore/compress.h"
#include "tlscore/config.h"
#include "tlscore/conn.h"
#include "tlscore/hello.h"
#include "tlscore/info.h"
#include "tlscore/policy.h"
#include "tlscore/provider.h"
#include "tlscore/revocation.h"
#include "tlscore/sct.h"
#include "tlscore/session.h"
#include "tlscore/stream.h"
#include "tlscore/trust.h"
#include "tlscore/verify.h"
#include "tlscore/x509.h"

#endif
