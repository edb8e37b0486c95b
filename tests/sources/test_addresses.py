"""Pages on the web and files in other file systems; the server is one of this machine, no other is asked."""

import gzip
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import fsspec
import pytest
from papers import FILES, VALE

from graphrag_engine.errors import UsageError
from graphrag_engine.settings import SourcesSettings
from graphrag_engine.sources import find, reading, remote, web
from graphrag_engine.sources.reading import Found

KOREAN = "<html><body><p>엘리아스 베일은 도선사였다.</p></body></html>"
ANSWERS: dict[str, tuple[int, dict[str, str], bytes]] = {
    "/page": (200, {"Content-Type": "text/html"}, FILES["page.html"]),
    "/korean": (200, {"Content-Type": "text/html; charset=euc-kr"}, KOREAN.encode("euc-kr")),
    "/log.pdf?page=2": (200, {"Content-Type": "application/octet-stream"}, FILES["log.pdf"]),
    "/packed": (200, {"Content-Type": "text/plain", "Content-Encoding": "gzip"}, gzip.compress(VALE.encode())),
    "/moved": (302, {"Location": "/page"}, b""),
    "/inwards": (302, {"Location": "http://10.0.0.1/secret"}, b""),
    "/file": (302, {"Location": "file:///etc/passwd"}, b""),
    "/round": (302, {"Location": "/round"}, b""),
    "/long": (200, {"Content-Type": "text/plain"}, b"x" * 1_000_001),
}


class Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status, headers, body = ANSWERS.get(self.path, (404, {}, b""))
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
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
    ],
)
def test_a_page_that_cannot_be_read_is_one_line(server: str, path: str, why: str) -> None:
    found = read(server + path, allow_private=True, max_mb=1)

    assert found.failed == ((server + path, f"{server + path!r} {why}."),)
    assert found.unreadable == {server + path}


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


def test_a_file_address_is_a_path(tmp_path: Path) -> None:
    (tmp_path / "a b.txt").write_text("A.")

    assert find.named([f"file://{tmp_path}/a%20b.txt"], tmp_path) == ("a b.txt",)


def test_a_page_is_no_file_of_another_file_system() -> None:
    assert remote.is_url("https://example.org")
    assert web.is_page("HTTPS://example.org")
    assert not remote.is_url("a/b://c")
