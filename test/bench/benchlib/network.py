# SPDX-License-Identifier: Apache-2.0
"""A loopback of the benchmark's own, on which TCP sends when it is told to."""

import ctypes
import fcntl
import socket
import struct
from pathlib import Path

CLONE_NEWNET = 0x40000000
SIOCGIFFLAGS, SIOCSIFFLAGS = 0x8913, 0x8914
IFF_UP = 1

CONTROL = Path("/proc/sys/net/ipv4/tcp_congestion_control")

# Those that do not pace. BBR does, and arms a timer for nearly every segment; without the queueing
# discipline that is made for it this happens in the sender's system call. On a loopback where
# nothing can be congested that doubled what 10 MiB cost mod_tlsx, and was most of the noise.
UNPACED = ("cubic", "reno")


def _bring_up_loopback():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        request = struct.pack("16sH14x", b"lo", 0)
        flags = struct.unpack("16sH14x", fcntl.ioctl(s, SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(s, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", flags | IFF_UP))


def congestion_control():
    return CONTROL.read_text().strip() if CONTROL.exists() else "unknown"


def make_own():
    """Moves this process, and all that it starts from now on, to a network of its own.

    Only root may; others stay where they are. The setting below is a network's own, so that the
    machine's is left alone. Returns whether it was done.
    """
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET) != 0:
        return False
    _bring_up_loopback()
    for name in UNPACED:
        try:
            CONTROL.write_text(name)
            break
        except OSError:    # not built into this kernel, or reserved
            continue
    return True
