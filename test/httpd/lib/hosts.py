# SPDX-License-Identifier: Apache-2.0
"""Virtual hosts that many tests use."""


def host(name, *, port="https", docs=None, certs=("alpha-ecdsa",), extra=""):
    """A TLS virtual host on 127.0.0.1, with `certs` in this order."""
    lines = "\n".join(f"    TLSCertificate @certs@/{c}.pem @certs@/{c}.key" for c in certs)
    return f"""
<VirtualHost 127.0.0.1:@{port}@>
    ServerName {name}
    DocumentRoot "@site@/{docs or name.partition('.')[0]}"
    TLSEngine on
{lines}
    {extra}
</VirtualHost>
"""


def plain_host(name, *, port="http", extra=""):
    """A virtual host without TLS."""
    return f"""
<VirtualHost 127.0.0.1:@{port}@>
    ServerName {name}
    DocumentRoot "@site@/plain"
    {extra}
</VirtualHost>
"""


def listen(*names):
    """Listen lines, all on 127.0.0.1."""
    return "".join(f"Listen 127.0.0.1:@{name}@\n" for name in names or ("https",))


# The two hosts of the demo: alpha with an ECDSA and an RSA certificate, beta with an RSA one.
ALPHA = host("alpha.tlsx.test", certs=("alpha-ecdsa", "alpha-rsa"))
BETA = host("beta.tlsx.test", certs=("beta-rsa",))
ALPHA_BETA = listen() + ALPHA + BETA
