# SPDX-License-Identifier: Apache-2.0
"""The rows of the table: what is done, how often, and what it may cost."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    key: str
    title: str
    mode: str                  # of the load client
    count: int                 # operations in each round
    budget: str                # own cost to mod_ssl's, the aim
    bound: float = None        # the same, what --gate insists on
    cert: str = "ecdsa"
    group: str = "X25519"
    tls12: bool = False        # TLS 1.2 instead of 1.3
    path: str = "/1k"
    connections: int = 4       # at the same time; enough that the server never has to sleep
    beside_server: bool = False    # client on the server's CPU: its next request is there at once
    unit: str = "us"
    whole: bool = False        # compare the whole: plain HTTP is no clean floor
    reference: str = None      # the row whose mod_ssl figures to compare with, if not this one

    def client_options(self, scale):
        count = max(self.count // scale, 2 * self.connections if self.mode != "idle" else 20)
        return {"mode": self.mode, "cert": self.cert, "group": self.group, "tls12": self.tls12,
                "path": self.path,
                "count": count, "warmup": min(100, max(count // 10, 2)),
                "connections": self.connections, "beside_server": self.beside_server}


ROWS = (
    Row("full-ecdsa", "full 1.3, ECDSA P-256, X25519", "full", 3000,
        "0.33 aws-lc, 0.42 boringssl", bound=0.6),
    Row("full-mlkem", "the same, X25519MLKEM768", "full", 3000,
        "0.40 aws-lc, 0.48 boringssl", group="X25519MLKEM768", reference="full-ecdsa"),
    Row("full-rsa", "full 1.3, RSA-2048, X25519", "full", 3000,
        "0.55 aws-lc, 1.1 boringssl", cert="rsa"),
    Row("resumed", "resumed 1.3, X25519", "resume", 3000, "0.40", bound=0.6),
    Row("full12-ecdsa", "full 1.2, ECDSA P-256, X25519", "full", 3000, "", tls12=True),
    Row("full12-rsa", "full 1.2, RSA-2048, X25519", "full", 3000, "", cert="rsa",
        tls12=True),
    Row("resumed12", "resumed 1.2, no key exchange", "resume", 3000, "", tls12=True),
    Row("get-1k", "GET 1 KiB, kept connections", "keepalive", 30000, "0.10", connections=2),
    Row("get-1k-next", "the same, next request waits", "keepalive", 30000, "0.10", connections=1,
        beside_server=True),
    Row("get-10m", "GET 10 MiB, kept connection", "keepalive", 150, "0.20", bound=0.3,
        path="/10m", connections=1, whole=True),
    Row("get-10m-mapped", "the same, EnableMMAP on", "keepalive", 150, "0.20", bound=0.3,
        path="/mapped/10m", connections=1, whole=True),
    Row("idle", "memory of an idle connection", "idle", 1000, "0.10", bound=0.35, unit="KiB"),
)
