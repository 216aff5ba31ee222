# SPDX-License-Identifier: Apache-2.0
"""A look at the wire: a forwarder that reads the record headers of what passes through it."""
import collections
import socket
import threading

APPLICATION_DATA, ALERT, HANDSHAKE, CHANGE_CIPHER = 23, 21, 22, 20

Record = collections.namedtuple("Record", "type length")


class Scanner:
    """Takes a TLS byte stream piece by piece, notes each record's type and length."""

    def __init__(self):
        self.records = []
        self.buffer = b""
        self.skip = 0

    def feed(self, data):
        """The next bytes of the stream."""
        if self.skip >= len(data):
            self.skip -= len(data)
            return
        data = self.buffer + data[self.skip:]
        self.skip = 0
        at = 0
        while len(data) - at >= 5:
            length = int.from_bytes(data[at + 3:at + 5], "big")
            self.records.append(Record(data[at], length))
            at += 5 + length
        self.buffer = data[at:] if at <= len(data) else b""
        self.skip = max(0, at - len(data))


class Tap:
    """Forwards connections to a port of 127.0.0.1, as fast as it can; a context manager.

    server, client: the Scanner of what each side said, of the first connection."""

    def __init__(self, target):
        self.target = target
        self.server, self.client = Scanner(), Scanner()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(30)
        self.port = self.listener.getsockname()[1]
        self.threads = []

    def __enter__(self):
        thread = threading.Thread(target=self._serve, daemon=True)
        thread.start()
        self.threads.append(thread)
        return self

    def __exit__(self, *_):
        self.listener.close()
        for thread in self.threads:
            thread.join(30)

    def _serve(self):
        try:
            inner, _ = self.listener.accept()
        except OSError:
            return
        outer = socket.create_connection(("127.0.0.1", self.target), 30)
        up = threading.Thread(target=self._pump, args=(inner, outer, self.client), daemon=True)
        up.start()
        self._pump(outer, inner, self.server)
        up.join(30)
        inner.close()
        outer.close()

    @staticmethod
    def _pump(source, sink, scanner):
        try:
            while (data := source.recv(262144)):
                scanner.feed(data)
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass
