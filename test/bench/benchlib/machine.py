# SPDX-License-Identifier: Apache-2.0
"""What a figure is worth nothing without: machine, kernel, versions; and the CPUs to use."""

import os
import platform
import re
import resource
import subprocess
import time
from pathlib import Path


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
