"""The folder of caches that questions of a version use: made once, found again by what it was made from."""

from pathlib import Path

from graphrag_engine.hashing import digest
from graphrag_engine.stores import carry, derived
from graphrag_engine.stores.manifest import Manifest
from graphrag_engine.stores.parquet import ParquetStore
from graphrag_engine.stores.reader import save


def folder(store: ParquetStore, manifest: Manifest, last: Manifest | None = None) -> Path:
    """The caches of a version; made where they are not there, from those of the *last* version where these are."""

    def build(path: Path) -> None:
        tables = {name: store.read(name, manifest.entry(name), columns) for name, columns in derived.READS.items()}
        kept = carry.last(store.home / "derived" / _fingerprint(last)) if last else None
        save(path, derived.build(tables, kept))
        carry.seal(path)

    return store.derived(_fingerprint(manifest), build)


def forget_others(store: ParquetStore, manifest: Manifest) -> None:
    """Delete the caches of all other versions; they are made again where one is asked for."""
    store.forget_derived(_fingerprint(manifest))


def _fingerprint(manifest: Manifest) -> str:
    parts = {name: manifest.entry(name).parts for name in derived.READS}
    return digest("derived", derived.VERSION, parts)
