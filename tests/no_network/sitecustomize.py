"""On the path of a Python process, this makes every attempt to reach a network an error."""

import socket


def _refused(*_: object) -> None:
    raise AssertionError("This run may not use the network.")


socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = _refused
