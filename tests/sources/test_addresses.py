"""Pages on the web and files in other file systems; the server is one of this machine, no other is asked."""

import gzip
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem
from papers import FILES, VALE

from graphrag_engine.errors import UsageError
from graphrag_engine.settings import SourcesSettings
from graphrag_engine.sources import find, reading, remote, web
from graphrag_engine.sources.reading import Found

KOREAN = "<html><body><p>엘리아스 베일은 도선사였다.</p></body></html>"
PACKED = {"Content-Type": "text/plain", "Content-Encoding": "gzip"}
ANSWERS: dict[str, tuple[int, dict[str, str], bytes]] = {
    "/page": (200, {"Content-Type": "text/html"}, FILES["page.html"]),
    "/korean": (200, {"Content-Type": "text/html; charset=euc-kr"}, KOREAN.encode("euc-kr")),
    "/log.pdf?page=2": (200, {"Content-Type": "application/octet-stream"}, FILES["log.pdf"]),
    "/packed": (200, PACKED, gzip.compress(VALE.encode())),
    "/moved": (302, {"Location": "/page"}, b""),
    "/inwards": (302, {"Location": "http://10.0.0.1/secret"}, b""),
    "/file": (302, {"Location": "file:///etc/passwd"}, b""),
    "/round": (302, {"Location": "/round"}, b""),
    "/long": (200, {"Content-Type": "text/plain"}, b"x" * 1_000_001),
    "/long-packed": (200, PACKED, gzip.compress(b"x" * 1_000_001, 0)),
    "/bomb": (200, PACKED, gzip.compress(b"x" * 30_000_000)),
    "/half-packed": (200, PACKED, gzip.compress(VALE.encode())[:60]),
    "/half": (200, {"Content-Type": "text/plain", "Content-Length": "99999"}, VALE.encode()),
    "/brotli": (200, {"Content-Type": "text/plain", "Content-Encoding": "br"}, b"\x8b\x02\x80"),
}


class Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status, headers, body = ANSWERS.get(self.path, (404, {}, b""))
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


def read(*sources: str, **settings: Any) -> Found:
    return reading.read(find.named(sources, Path()), SourcesSettings(**settings), Path())


@pytest.mark.parametrize(
    ("path", "title", "pages"),
    [
        ("/page", "Elias Vale", 0),
        ("/moved", "Elias Vale", 0),
        ("/korean", "korean", 0),
        ("/packed", "packed", 0),
        ("/log.pdf?page=2", "Log of the harbour", 3),
    ],
)
def test_a_page_is_a_document_called_by_its_address(server: str, path: str, title: str, pages: int) -> None:
    (row,) = read(server + path, allow_private=True).documents.to_pylist()

    assert (row["source"], row["title"], len(row["pages"])) == (server + path, title, pages)
    assert "\ufffd" not in row["text"]


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/nowhere", "cannot be read: the server answered 404 Not Found"),
        ("/file", "leads to 'file:///etc/passwd', which is no page"),
        ("/round", "is redirected more than 5 times"),
        ("/long", "is longer than sources.max_mb allows (1 MB)"),
        ("/long-packed", "is longer than sources.max_mb allows (1 MB)"),
        ("/bomb", "unpacks to more than 200 times its size, as bombs do"),
        ("/half-packed", "was cut off: the end of what the server packed did not come"),
        ("/half", f"was cut off: {99_999 - len(VALE):,} bytes of it did not come"),
        ("/brotli", "is packed by 'br', which was not asked for"),
    ],
)
def test_a_page_that_cannot_be_read_is_one_line(server: str, path: str, why: str) -> None:
    found = read(server + path, allow_private=True, max_mb=1 if "long" in path else 500)

    assert found.failed == ((server + path, f"{server + path!r} {why}."),)
    assert found.unreadable == {server + path}


def test_a_server_that_never_comes_to_an_end_is_hung_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each byte of its headers comes in time."""
    monkeypatch.setattr(web, "_DEADLINE", 1)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=trickle, args=[listening], daemon=True).start()
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/"

        assert read(address, allow_private=True).failed == ((address, f"{address!r} was not here after 1 s."),)


def trickle(listening: socket.socket) -> None:
    """Answer a byte every tenth of a second until the other side has had enough."""
    with listening.accept()[0] as line, suppress(OSError):
        for _ in range(1000):
            line.send(b"HTTP/1.1 200 OK\r\nX: x"[:1])
            time.sleep(0.1)


def test_a_server_that_is_not_there_is_one_line() -> None:
    ((_, error),) = read("http://127.0.0.1:9/", allow_private=True).failed

    assert "cannot be read: Connection refused" in error


def test_an_address_in_a_private_network_is_refused_unless_allowed(server: str) -> None:
    ((_, error),) = read(f"{server}/page").failed

    assert "'127.0.0.1' is an address in a private network; sources.allow_private lets it be read" in error


def test_a_redirect_into_a_private_network_is_refused(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = web._public
    monkeypatch.setattr(web, "_public", lambda address: address == "127.0.0.1" or real(address))

    found = read(f"{server}/inwards", f"{server}/page")

    assert found.documents["title"].to_pylist() == ["Elias Vale"]
    ((source, error),) = found.failed
    assert source == f"{server}/inwards"
    assert "'10.0.0.1' is an address in a private network" in error


@pytest.mark.parametrize(
    "address",
    "127.0.0.1 10.1.1.1 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 ::1 fe80::1%eth0 fd00::1 "
    "::ffff:10.0.0.1 64:ff9b::a00:1 2002:a00:1::".split(),
)
def test_private_addresses_are_known_however_they_are_written(address: str) -> None:
    assert not web._public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_public_addresses_are_known(address: str) -> None:
    assert web._public(address)


@pytest.fixture
def memory() -> Iterator[Any]:
    files = fsspec.filesystem("memory")
    files.pipe({"/docs/a.txt": b"A.", "/docs/sub/b.md": b"# B", "/docs/.git/c.txt": b"C.", "/docs/d.png": b"D."})
    files.pipe("/docs/r.jsonl", b'{"text":"Row.","id":1}')
    yield files
    files.rm("/", recursive=True)


@pytest.mark.parametrize(
    ("address", "sources"),
    [
        ("memory://docs", ["a.txt", "r.jsonl#1", "sub/b.md"]),
        ("memory://docs/*.txt", ["a.txt"]),
        ("memory://docs/sub/b.md", ["sub/b.md"]),
    ],
)
def test_files_of_another_file_system_are_called_by_their_addresses(
    memory: Any, address: str, sources: list[str]
) -> None:
    found = read(address)

    assert sorted(found.documents["source"].to_pylist()) == [f"memory:///docs/{source}" for source in sources]
    assert found.failed == ()


def test_an_address_with_nothing_there_hides_what_the_index_has_of_it(memory: Any) -> None:
    found = read("memory://nowhere")

    assert found.failed == (("memory://nowhere", "'memory://nowhere' is not there."),)
    assert found.unreadable == {""}


class Hosted(MemoryFileSystem):
    """As drivers of servers are: the server is theirs, and no part of a path."""

    protocol = "hosted"
    store: ClassVar[dict[str, Any]] = {}
    pseudo_dirs: ClassVar[list[str]] = [""]

    def __init__(self, host: str, **options: Any) -> None:
        super().__init__(**options)
        self.host = host

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        return "/" + (path.split("/", 3)[3] if "://" in path else path).strip("/")

    @staticmethod
    def _get_kwargs_from_urls(path: str) -> dict[str, Any]:
        return {"host": path.partition("://")[2].partition("/")[0]}


@pytest.mark.parametrize(
    "address", ["hosted://a.example:21/docs", "hosted://a.example:21/docs/", "hosted://a.example:21/docs/*.txt"]
)
def test_the_address_of_a_file_names_its_server(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    fsspec.register_implementation("hosted", Hosted, clobber=True)
    Hosted("a.example:21").pipe("/docs/a.txt", b"A.")

    found = read(address)

    assert (found.documents["source"].to_pylist(), found.failed) == (["hosted://a.example:21/docs/a.txt"], ())


def test_a_driver_that_needs_more_than_an_address_is_one_line() -> None:
    fsspec.register_implementation("hosted", Hosted, clobber=True)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Hosted, "_get_kwargs_from_urls", staticmethod(lambda _: {}))
        ((_, error),) = read("hosted://a.example/docs").failed

    assert (
        error
        == "'hosted://a.example/docs' cannot be listed: its kind of file system is not opened by an address alone."
    )


def test_what_a_driver_raises_is_one_line(memory: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    class DriverError(Exception):
        """As drivers have them."""

    def refused(*_: object, **__: object) -> None:
        raise DriverError("no credentials\nfor this bucket")

    monkeypatch.setattr(type(memory), "open", refused)

    assert read("memory://docs/a.txt").failed == (
        ("memory:///docs/a.txt", "'memory:///docs/a.txt' cannot be read: no credentials for this bucket."),
    )


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("s3://bucket/key", "needs another package: Install s3fs"),
        ("foo://bar", "nobody knows this kind of address"),
        ("https://vale:secret@example.org/", "carries a password, and addresses are remembered"),
        ("ftp://vale:secret@example.org/", "carries a password, and addresses are remembered"),
        ("https://vale@example.org/", "carries a user name"),
        ("https://", "names no server"),
        ("http://[::1", "is no address"),
        ("zip://a::http://127.0.0.1/", "chained addresses are not read"),
        ("file://elsewhere/etc", "is on another machine"),
    ],
)
def test_an_address_that_can_never_be_read_is_an_error_before_anything_is_read(
    source: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if source.startswith("s3"):
        monkeypatch.setitem(sys.modules, "s3fs", None)

    with pytest.raises(UsageError, match=why) as error:
        find.named([source], Path())

    assert "secret" not in str(error.value)


@pytest.mark.parametrize("kind", ["file", "local"])
def test_a_file_address_is_a_path(tmp_path: Path, kind: str) -> None:
    (tmp_path / "a b.txt").write_text("A.")

    assert find.named([f"{kind}://{tmp_path}/a%20b.txt"], tmp_path) == ("a b.txt",)


def test_a_page_is_no_file_of_another_file_system() -> None:
    assert remote.is_url("https://example.org")
    assert web.is_page("HTTPS://example.org")
    assert not remote.is_url("a/b://c")
