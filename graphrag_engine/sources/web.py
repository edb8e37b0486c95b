"""`https://` and `http://` addresses → pages. A name that leads into a private network is refused, redirects too.

The check is made where a connection is opened, on the very address that is connected to: so neither a redirect nor
a name server that answers differently the second time gets around it.
"""

import ipaddress
import re
import socket
import ssl
import threading
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse
from urllib.parse import quote, urljoin, urlsplit

from graphrag_engine.errors import UsageError
from graphrag_engine.settings import SourcesSettings
from graphrag_engine.sources import bounded, kinds, remote

_PAGE = re.compile(r"https?://", re.IGNORECASE)
_TIMEOUT = 20
"""Seconds for each answer of a server."""
_DEADLINE = 120
"""Seconds for a page as a whole."""
_PIECE = 1 << 16
_TOO_LONG = "is longer than sources.max_mb allows ({} MB)"
_HEADERS = {"User-Agent": "graphrag-engine", "Accept": "*/*"}
_MOST_REDIRECTS = 5
_MOVED = (301, 302, 303, 307, 308)
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
"""IPv6 addresses that stand for those of IPv4."""
_QUOTED = "/%:=&?~+!$,;'@()*[]"
"""What stays as it is in the path of an address."""


def is_page(source: str) -> bool:
    """Whether a source is the address of a page."""
    return _PAGE.match(source) is not None


def check(source: str) -> None:
    """Raises UsageError where an address cannot be one of a page, or carries what is not to be remembered."""
    remote.refuse_password(source)
    try:
        parts = urlsplit(source)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise UsageError(f"{source!r} is no address: {error}.") from None
    if not host:
        raise UsageError(f"{source!r} is no address: it names no server.")
    if parts.username:
        raise UsageError(f"The address of {host!r} carries a user name. Name it without.")


def read(url: str, settings: SourcesSettings) -> tuple[str, bytes]:
    """The suffix that a page would have as a file, and its bytes; raises ValueError, with the reason, for none."""
    most = settings.max_mb * 1_000_000
    try:
        answer, data = _fetched(url, most, settings.allow_private)
    except (HTTPException, OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise ValueError(f"cannot be read: {reason}") from None
    data = _unpacked(answer.headers.get("Content-Encoding", "identity").lower(), data, most)
    suffix = kinds.of_content(answer.headers.get_content_type(), urlsplit(url).path)
    return suffix, _in_utf8(data, answer.headers.get_content_charset())


def _fetched(url: str, most: int, allow_private: bool) -> tuple[HTTPResponse, bytes]:
    """The answer for a page, redirects followed, and its bytes, not more than *most*."""
    for _ in range(_MOST_REDIRECTS + 1):
        if not is_page(url):
            raise ValueError(f"leads to {url!r}, which is no page")
        with closing(_connection(url, allow_private)) as connection, _in_time(connection):
            connection.request("GET", _target(url), headers=_HEADERS)
            answer = connection.getresponse()
            if answer.status == 200:
                return answer, _read(answer, most)
            if answer.status not in _MOVED:
                raise ValueError(f"cannot be read: the server answered {answer.status} {answer.reason}")
            url = urljoin(url, answer.headers.get("Location", ""))
    raise ValueError(f"is redirected more than {_MOST_REDIRECTS} times")


def _target(url: str) -> str:
    parts = urlsplit(url)
    return quote((parts.path or "/") + (f"?{parts.query}" if parts.query else ""), safe=_QUOTED)


def _read(answer: HTTPResponse, most: int) -> bytes:
    """All that a server sends, if it is not too much."""
    data = bytearray()
    while piece := answer.read1(_PIECE):
        data += piece
        if len(data) > most:
            raise ValueError(_TOO_LONG.format(most // 1_000_000))
    if answer.length:
        raise ValueError(f"was cut off: {answer.length:,} bytes of it did not come")
    return bytes(data)


@contextmanager
def _in_time(connection: HTTPConnection) -> Iterator[None]:
    """Connect, and hang up after a while; raises ValueError then."""
    connection.connect()
    line, late = connection.sock, threading.Event()

    def hang_up() -> None:
        late.set()
        with suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)

    clock = threading.Timer(_DEADLINE, hang_up)
    clock.daemon = True
    clock.start()
    try:
        yield
    except (HTTPException, OSError, ValueError):
        if not late.is_set():
            raise
    finally:
        clock.cancel()
    if late.is_set():
        raise ValueError(f"was not here after {_DEADLINE} s")


def _unpacked(packing: str, data: bytes, most: int) -> bytes:
    """What a server has packed for the way, though it was not asked to, as far as it may be long."""
    if packing == "identity":
        return data
    if packing not in ("gzip", "x-gzip"):
        raise ValueError(f"is packed by {packing!r}, which was not asked for")
    fair = bounded.fair(len(data))
    unpacking = zlib.decompressobj(wbits=31)
    try:
        unpacked = unpacking.decompress(data, min(most, fair) + 1)
    except zlib.error as error:
        raise ValueError(f"is damaged ({error})") from None
    if len(unpacked) > min(most, fair):
        raise ValueError(_TOO_LONG.format(most // 1_000_000) if most < fair else bounded.BOMB)
    if not unpacking.eof:
        raise ValueError("was cut off: the end of what the server packed did not come")
    return unpacked


def _in_utf8(data: bytes, charset: str | None) -> bytes:
    """A text in UTF-8 where the server says that it is in another encoding."""
    if not charset or charset.lower() in ("utf-8", "utf8"):
        return data
    try:
        return data.decode(charset).encode()
    except (LookupError, UnicodeError):
        return data


def _connection(url: str, allow_private: bool) -> HTTPConnection:
    parts = urlsplit(url)
    kind = _Secure if parts.scheme.lower() == "https" else _Plain
    return kind((parts.hostname or "").encode("idna").decode(), parts.port, allow_private)


class _Plain(HTTPConnection):
    """A connection to public addresses, or to any if *allow_private*."""

    def __init__(self, host: str, port: int | None, allow_private: bool) -> None:
        super().__init__(host, port, timeout=_TIMEOUT)
        self._allow_private = allow_private

    def connect(self) -> None:
        """Connect to the first address of the host that answers, after a look at all of them."""
        addresses = [found[4][0] for found in socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)]
        if not self._allow_private and not all(_public(str(address)) for address in addresses):
            raise OSError(f"{self.host!r} is an address in a private network; sources.allow_private lets it be read")
        self.sock = socket.create_connection((str(addresses[0]), self.port), _TIMEOUT)


class _Secure(_Plain):
    """The same with TLS."""

    default_port = 443

    def connect(self) -> None:
        """Connect, and see that the server is who it says."""
        super().connect()
        self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)


def _public(address: str) -> bool:
    """Whether an address can be reached by everybody, whatever way it is written."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    inner = (ip.ipv4_mapped or ip.sixtofour or (ip.teredo or (None, None))[1]) if ip.version == 6 else None
    if ip in _TRANSLATED:
        inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.is_global and not ip.is_multicast and (inner is None or inner.is_global)
