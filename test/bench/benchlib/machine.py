# SPDX-License-Identifier: Apache-2.0
"""What a figure is worth nothing without: machine, kernel, versions; and the CPUs to use."""

import contextlib
import ctypes
import os
import platform
import re
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

from . import network

PR_SET_PDEATHSIG = 1
FIRST = -20    # the nice value that others' work on this machine can hardly disturb


def _first_line(*command):
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return "unknown"
    return (done.stdout or done.stderr).strip().split("\n")[0]


def _cpu_model():
    match = re.search(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(), re.M)
    return match[1] if match else platform.machine()


def _cpu_features():
    """Those that decide which assembly a libcrypto takes."""
    match = re.search(r"^flags\s*: (.*)$", Path("/proc/cpuinfo").read_text(), re.M)
    flags = set(match[1].split()) if match else set()
    return [f for f in ("aes", "avx2", "avx512f", "vaes", "vpclmulqdq", "sha_ni") if f in flags]


def _libssl_of(module):
    """The OpenSSL that mod_ssl runs on: the package's version, where there are packages."""
    match = re.search(r"=> (\S*libssl\S*)", subprocess.run(
        ["ldd", str(module)], capture_output=True, text=True, check=False).stdout)
    if not match:
        return "unknown"
    banner = re.search(rb"OpenSSL \d+\.\d+\.\d+[^\0]*", _libcrypto_beside(match[1]))
    return banner[0].decode() if banner else Path(match[1]).name


def _libcrypto_beside(libssl):
    path = Path(libssl).with_name(Path(libssl).name.replace("ssl", "crypto"))
    return path.read_bytes() if path.exists() else b""


def facts(options, variants):
    return {
        "cpu": _cpu_model(),
        "cpu_features": _cpu_features(),
        "cpus": len(os.sched_getaffinity(0)),
        "server_cpu": options.server_cpu,
        "client_cpu": options.client_cpu,
        "kernel": platform.release(),
        "httpd": _first_line(options.httpd, "-v").replace("Server version: ", ""),
        "mod_ssl": _libssl_of(Path(options.module_dir) / "mod_ssl.so"),
        "mod_tlsx": {name: str(path) for name, path in variants.items()},
        "own_network": options.own_network,
        "congestion_control": network.congestion_control(),
        "before_other_work": bool(options.nice),
        "load_average": list(os.getloadavg()),
    }


class Disturbance:
    """How much CPU time went to others while the benchmark ran: the run's own noise warning."""

    def __init__(self):
        self._start = time.monotonic(), self._busy_s(), self._own_s()

    @staticmethod
    def _busy_s():
        """All CPUs' time that was neither idle nor waiting; the hypervisor's steal included."""
        fields = [int(n) for n in Path("/proc/stat").read_text().split("\n")[0].split()[1:9]]
        user, nice, system, _idle, _iowait, irq, softirq, steal = fields
        return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")

    @staticmethod
    def _own_s():
        usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF,
                                                     resource.RUSAGE_CHILDREN)]
        return sum(u.ru_utime + u.ru_stime for u in usage)

    def percent(self):
        """Of one CPU. Valid after servers and clients have ended and were waited for."""
        start, busy, own = self._start
        others = (self._busy_s() - busy) - (self._own_s() - own)
        return max(0.0, 100 * others / (time.monotonic() - start))


def choose_cpus(pin):
    """A CPU for the servers and another for the client; None, None where there is just one."""
    cpus = sorted(os.sched_getaffinity(0))
    return (cpus[0], cpus[-1]) if pin and len(cpus) > 1 else (None, None)


def may_go_first():
    """Whether this user may go before other processes, as root may."""
    limit = resource.getrlimit(resource.RLIMIT_NICE)[0]
    return os.geteuid() == 0 or limit == resource.RLIM_INFINITY or limit >= 20 - FIRST


def go_first():
    """Goes on in a child that is before all other work; the caller's process only waits for it.

    A session of its own, because some kernels weigh sessions first, and processes within them.
    Servers and clients inherit both.
    """
    child = os.fork()
    if child:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: os.kill(child, signal.SIGTERM))
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    end_with_parent()
    os.setsid()
    os.setpriority(os.PRIO_PROCESS, 0, FIRST)
    with contextlib.suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(FIRST))


def end_with_parent():
    """For a child that has just been forked: it gets SIGTERM when its parent ends, however."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def use_cpu(cpu):
    if cpu is not None:
        os.sched_setaffinity(0, {cpu})
