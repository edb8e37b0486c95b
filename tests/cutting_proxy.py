"""A TCP proxy that cuts connections: before a commit reaches the server, or before its answer comes back."""

import contextlib
import selectors
import socket
import threading

COMMIT = b"\xb0\x12"
"""The Bolt message COMMIT: a structure of no fields with this tag."""


class CuttingProxy:
    """Forwards to a port until told otherwise. `with CuttingProxy(port) as proxy: ...`"""

    def __init__(self, port, cut=(), during=False):
        self._target = port
        self._cut = set(cut)
        """Numbers of the commits at which the connection is cut."""
        self._during = during
        """Whether the commit still reaches the server."""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads = []
        self.commits = 0
        self.away = False
        """Whether no connection is let through any more."""

    @property
    def uri(self):
        return f"bolt://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self):
        self._start(self._accept)
        return self

    def __exit__(self, *_):
        self.away = True
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join()

    def _start(self, work, *arguments):
        thread = threading.Thread(target=work, args=arguments)
        self._threads.append(thread)
        thread.start()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if self.away:
                client.close()
            else:
                self._start(self._forward, client)

    def _forward(self, client):
        with (
            client,
            socket.create_connection(("127.0.0.1", self._target)) as server,
            selectors.DefaultSelector() as ready,
        ):
            ready.register(client, selectors.EVENT_READ, server)
            ready.register(server, selectors.EVENT_READ, client)
            while not self.away:
                for key, _ in ready.select(timeout=0.1):
                    if not self._pass_on(key.fileobj, key.data, key.data is server):
                        return

    def _pass_on(self, one, other, to_server):
        """Whether the connection goes on."""
        with contextlib.suppress(OSError):
            data = one.recv(1 << 16)
            commit = to_server and COMMIT in data and len(data) < 20
            self.commits += commit
            cut = commit and self.commits in self._cut
            if data and (not cut or self._during):
                other.sendall(data)
            if cut and self._during:
                other.recv(1 << 16)
            return bool(data) and not cut
        return False
