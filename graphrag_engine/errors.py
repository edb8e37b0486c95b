"""Every error that a caller may want to tell apart, and nothing else.

GraphRAGError                  one sentence for a person: what is wrong, where, what to do
├── UsageError                 the call itself is at fault (exit code 2)
│   ├── SettingsError          settings.yaml, overrides.yaml or an environment variable
│   ├── SourceNotFound         a source that was named does not exist
│   ├── EmptyQuestion          a question without words
│   └── WrongEmbedder          the vectors of the index were made by another embedder
├── IndexNotFound              nothing has been indexed under this root
├── NothingToIndex             the sources hold no readable document
├── DeletionRefused            too many documents would leave the index
├── StoreError                 the index on disk cannot be read or written
│   ├── TableNotFound          no table of this name
│   ├── Damaged                a file of the index is missing or not what was written
│   ├── FormatError            an index of another format number
│   └── Locked                 another run is writing this index
├── ModelError                 a model did not answer one request
├── ModelRefused               the endpoint refuses all requests, or is not there: key, name of the model, quota
├── Withheld                   an answer that moderation does not let through
├── CostReached                the next request might cost more than was allowed
└── ServerError                the graph server, or something it holds, is not as it must be
    ├── ServerUnavailable      it is not there, or stayed away too long
    ├── AccessRefused          it refuses this user or password
    ├── SchemaClash            what others put into the database stands in the way
    └── Overtaken              another publish to the same workspace took over
"""

from collections.abc import Sequence

_SHOWN = 5
"""Reasons that one sentence lists; the rest is counted."""


class GraphRAGError(Exception):
    """Base of all errors raised on purpose; its text is one sentence for a person."""


class UsageError(GraphRAGError):
    """The call itself is at fault, whatever the index holds."""


class SettingsError(UsageError):
    """A setting or correction is unknown, of the wrong type or out of range, or the file is not YAML."""


class SourceNotFound(UsageError):
    """A source that was named does not exist."""

    def __init__(self, source: str) -> None:
        super().__init__(f"No such file, folder or match: {source!r}. Nothing was indexed.")
        self.source = source


class EmptyQuestion(UsageError):
    """A question without words."""

    def __init__(self) -> None:
        super().__init__("The question is empty. Ask in words, for example: 'Who owns the harbour?'")


class WrongEmbedder(UsageError):
    """The vectors of the index were made by another embedder than the one given, or by one that was not given."""

    def __init__(self, known: str, given: str | None) -> None:
        told = f"not by {given!r}" if given else "which was not given"
        super().__init__(
            f"The vectors of this index were made by the embedder {known!r}, {told}. "
            "Open it with that one, Engine.open(..., embedder=...), or index into another folder."
        )
        self.known = known


class IndexNotFound(GraphRAGError):
    """Nothing has been indexed under this root."""

    def __init__(self, root: str) -> None:
        super().__init__(f"No index under {root!r}. Build one first: graphrag-engine index SOURCE")
        self.root = root


class NothingToIndex(GraphRAGError):
    """The sources hold no readable document; the index was left as it was."""

    def __init__(self, kept: int, reasons: Sequence[str] = ()) -> None:
        left = f"; the {kept} of the index were left as they are." if kept else "."
        more = [f"And {len(reasons) - _SHOWN} more."] if len(reasons) > _SHOWN else []
        super().__init__(" ".join([f"The sources hold no readable document{left}", *reasons[:_SHOWN], *more]))
        self.reasons = tuple(reasons)


class DeletionRefused(GraphRAGError):
    """Too many documents would leave the index for this to be meant."""

    def __init__(self, deleted: int, total: int) -> None:
        super().__init__(
            f"{deleted} of {total} documents are not in these sources, and would leave the index. Nothing was changed. "
            "Naming sources replaces those before; --add keeps them. If a folder is missing, bring it back; "
            "if it is meant, say --allow-deletes."
        )
        self.deleted = deleted
        self.total = total


class StoreError(GraphRAGError):
    """The index on disk cannot be read or written."""


class TableNotFound(StoreError):
    """No table of this name in the index."""

    def __init__(self, name: str) -> None:
        super().__init__(f"No table {name!r} in this index.")
        self.name = name


class Damaged(StoreError):
    """A file of the index is missing or not what was written."""

    def __init__(self, path: str, reason: str, remedy: str) -> None:
        super().__init__(f"The index is damaged: {path!r} is {reason}. {remedy}")


class FormatError(StoreError):
    """An index of another format number."""

    def __init__(self, root: str, found: object, ours: int) -> None:
        super().__init__(
            f"The index under {root!r} has format {found}, this version reads format {ours}. "
            "Use the version that wrote it, or index into another folder."
        )


class Locked(StoreError):
    """Another run is writing this index."""

    def __init__(self, root: str) -> None:
        super().__init__(f"Another run is writing the index under {root!r}. Wait for it to end, then try again.")


class ModelError(GraphRAGError):
    """A model did not answer one request; the other requests go on."""

    def __init__(self, told: str, *, attempts: int = 1) -> None:
        super().__init__(told)
        self.attempts = attempts


class ModelRefused(GraphRAGError):
    """The endpoint refuses all requests, because of the key, the name of the model or the quota, or never answered.

    The run stops.
    """


class Withheld(GraphRAGError):
    """An answer that moderation does not let through; nobody sees it."""

    def __init__(self, why: str) -> None:
        super().__init__(f"The answer was withheld by moderation: {why}.")
        self.why = why


class CostReached(GraphRAGError):
    """The next request might cost more than was allowed; the run stops, with every answer kept."""

    def __init__(self, spent: float, allowed: float) -> None:
        super().__init__(
            f"Stopped before --max-cost: ${spent:.4f} of ${allowed:.4f} are spent, and the next request might cost "
            "more than is left. Every answer is kept; run again with a higher --max-cost to go on."
        )
        self.spent = spent
        self.allowed = allowed


class ServerError(GraphRAGError):
    """The graph server refuses, or what it holds is not as it must be."""


class ServerUnavailable(ServerError):
    """The graph server is not there, or stayed away longer than the settings' patience."""


class AccessRefused(ServerError):
    """The graph server refuses this user or password."""


class SchemaClash(ServerError):
    """A constraint, index or node of others stands in the way; nothing of theirs was touched."""


class Overtaken(ServerError):
    """Another publish to the same workspace took over, and carries on from here."""

    def __init__(self, workspace: str) -> None:
        super().__init__(
            f"Another publish to the workspace {workspace!r} began after this one and carries on from here; "
            "this one stopped. Let one run end before the next."
        )
        self.workspace = workspace
