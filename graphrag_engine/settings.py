"""Every setting, its default and its environment name; the one reader of the environment.

Order: argument or flag, then environment, then a `.env` in the root, then `settings.yaml` in the root, then the default
here. In the environment, `GRAPHRAG_ENGINE_<SECTION>__<FIELD>` goes before the names that the field shares, such as
OPENAI_BASE_URL. Keys come from the environment or a `.env` alone.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from reprlib import repr as shortened
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError
from pydantic_core import ErrorDetails

from graphrag_engine import dotenv, yamlfile
from graphrag_engine.errors import SettingsError

FILE = "settings.yaml"
_PREFIX = "GRAPHRAG_ENGINE_"
_ENDPOINTS = ("chat", "embeddings")
_ADDRESS, _KEY = "OPENAI_BASE_URL", "OPENAI_API_KEY"
_AZURE_ADDRESS, _AZURE_KEY = "AZURE_OPENAI_ENDPOINT", "AZURE_OPENAI_API_KEY"
_VERSION = "OPENAI_API_VERSION"
_NEO4J = {"NEO4J_URI": "uri", "NEO4J_USERNAME": "username", "NEO4J_DATABASE": "database"}
"""What all tools for Neo4j read from the environment, by the name of our setting."""


class Section(BaseModel):
    """One part of the settings; unknown keys are errors."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, allow_inf_nan=False, use_attribute_docstrings=True
    )


class SourcesSettings(Section):
    title_column: str = Field(default="title", min_length=1)
    """Column or key of a row that holds its title."""
    text_column: str = Field(default="text", min_length=1)
    """Column or key of a row that holds its text."""
    id_column: str = Field(default="id", min_length=1)
    """Column or key of a row that holds its id, if it has one."""
    max_mb: int = Field(default=500, ge=1)
    """Most megabytes of one file, of what an archive unpacks to, or of a page from the web."""
    seconds: int = Field(default=8, ge=1)
    """CPU seconds that reading one PDF, web page, Word file or mail may take, and 2 more for each of its megabytes."""
    allow_private: bool = False
    """Whether pages may be read from addresses in a private network, or of this machine, redirects included."""


class ChunkSettings(Section):
    size: int | None = Field(default=None, ge=50, le=8000)
    """Most tokens in a text unit, by the engine's own estimate; none: 400, and 800 where a model reads."""


class Sampling(Section):
    """What a chat model is asked with, beside the words: part of what makes two requests equal."""

    max_tokens: int = Field(default=4096, ge=64)
    """Most tokens of a reply."""
    temperature: float = Field(default=0.0, ge=0, le=2)
    """0 gives the likeliest words; a server that has no such parameter is asked without."""
    top_p: float = Field(default=1.0, gt=0, le=1)
    """Share of the likely words that is drawn from."""
    seed: int | None = 0
    """Starts the server's lots, where it knows seeds."""
    extra_body: dict[str, JsonValue] = {}
    """More fields for the body of each request, for example {"reasoning_effort": "low"}."""


class Endpoint(Section):
    """Where models are reached, and how hard. The key comes from OPENAI_API_KEY or AZURE_OPENAI_API_KEY alone."""

    base_url: str | None = None
    """Address of an OpenAI-compatible server, for example http://localhost:11434/v1; none: OpenAI itself. In the
    environment also OPENAI_BASE_URL, or AZURE_OPENAI_ENDPOINT where `azure` is set."""
    azure: bool = False
    """Whether the address is an Azure OpenAI resource."""
    api_version: str = "2024-10-21"
    """Version of Azure's interface; in the environment also OPENAI_API_VERSION."""
    timeout: float = Field(default=180.0, gt=0)
    """Seconds to wait for one reply."""
    concurrency: int = Field(default=32, ge=1, le=1000)
    """Most calls at once; a run begins with fewer and doubles them while all goes well."""
    rpm: int | None = Field(default=None, ge=1)
    """Most requests a minute."""
    tpm: int | None = Field(default=None, ge=1)
    """Most tokens a minute, in and out."""
    attempts: int = Field(default=6, ge=1)
    """Most tries for one request."""
    patience: float = Field(default=300.0, gt=0)
    """Most seconds from the first failure of a request to its last try, and of a wait that a server asks for."""

    @property
    def own(self) -> bool:
        """Whether it is a server of the user's own, whose tokens nobody sells."""
        return self.base_url is not None and not self.azure


OFFLINE = "offline"
"""The name of no chat model."""


class ChatSettings(Sampling, Endpoint):
    model: str = OFFLINE
    """Name of the chat model; `offline` asks none."""
    context_tokens: int | None = Field(default=None, ge=1000)
    """Tokens that fit the model's context; none: as known of the model."""
    usd_per_million_in: float | None = Field(default=None, ge=0)
    """Price of a million tokens that are sent; none: as known of the model."""
    usd_per_million_out: float | None = Field(default=None, ge=0)
    """Price of a million tokens that are answered; none: as known of the model."""


class EmbeddingsSettings(Endpoint):
    batch: int = Field(default=64, ge=1, le=2048)
    """Texts in one request."""
    usd_per_million: float | None = Field(default=None, ge=0)
    """Price of a million tokens; none: as known of the model."""


class ExtractSettings(Section):
    model: str | None = None
    """Chat model that reads the text units; `offline` for rules; none: that of `chat`."""
    max_gleanings: int = Field(default=1, ge=0, le=5)
    """How often what was missed is asked for, where an answer was cut or thin."""
    entity_types: list[str] = []
    """Types to look for; none: those of the engine."""
    relationship_types: list[str] = []
    """Types of relationships to look for; none: any."""
    triples: list[Annotated[list[str], Field(min_length=3, max_length=3)]] = []
    """Allowed types of source, relationship and target; none: any."""
    strict: bool = False
    """Whether what is of no listed type is left out; else the lists are a suggestion."""


class NamesSettings(Section):
    embedded: bool = False
    """Whether the index's embedding model embeds all names of things, so that names are compared by meaning as well as
    by letters, and very near ones of one type and context are taken for one. Costs some 100 tokens to embed for each
    1,000 of text; without an embedding model nothing."""


class CompareSettings(Section):
    model: str | None = None
    """Chat model that decides which names are one thing where words leave a doubt, about 30 pairs a request; none: no
    model is asked, not even that of `chat`. Costs about 600 tokens, in and out, for each 1,000 of text; less in large
    collections, which repeat their names. The 20,000 most frequent names are compared."""


class PartitionSettings(Section):
    method: Literal["components", "largest_component"] = "components"
    """`components` clusters each connected component by itself and repairs what an update changes.
    `largest_component` is Microsoft GraphRAG's way, for comparison: one seed, plain weights, nothing repaired, and
    only the largest component is split; its very settings are `iterations: 1` and `max_cluster_size: 10`."""
    max_cluster_size: int = Field(default=10, ge=3)
    """Communities with more entities than this are split further."""
    resolution: float = Field(default=1.0, gt=0)
    """Higher values give more, smaller communities."""
    iterations: int = Field(default=2, ge=1)
    """Full Leiden cycles; 2 gives clearly better communities than 1."""


class RefineSettings(Section):
    model: str | None = None
    """Chat model that merges descriptions; `offline` joins the best sentences; none: that of `chat`."""
    merge_from: int = Field(default=200, ge=20)
    """Tokens of all that is said of a thing from which on a model merges it."""
    context_tokens: int = Field(default=3000, ge=200)
    """Most tokens of it that the model is shown."""


class ReportSettings(Section):
    model: str | None = None
    """Chat model that writes reports; `offline` extracts them from the sources; none: that of `chat`."""
    context_tokens: int = Field(default=4000, ge=500)
    """Most tokens that the model is shown for one report."""
    min_size: int = Field(default=3, ge=1)
    """Communities with fewer entities get no report offline, and an extract from the sources where a model writes."""
    sentences: int = Field(default=5, ge=1)
    """Most cited sentences in an extractive report."""
    facts: int = Field(default=8, ge=0)
    """Most facts listed in a report."""


BUILT_IN = ("hashing", "none")
"""What `vectorize.embedding` can be without a model."""


class VectorizeSettings(Section):
    embedding: str = Field(default="hashing", min_length=1)
    """`hashing` needs no model; `none` writes no vectors; anything else is the name of an embedding model."""
    dimensions: int = Field(default=1024, ge=64, le=8192)
    """Length of a hashing vector."""


class QuerySettings(Section):
    passages: int = Field(default=5, ge=1)
    """Text units that an offline answer shows."""
    context_tokens: int = Field(default=8000, ge=200)
    """Most tokens of the prompt for one answer: instructions, sources, what was said before and the question."""
    model: str | None = None
    """Chat model that answers; `offline` for evidence in order; none: the one that the index remembers."""
    moderation: str | None = None
    """Moderation model of the chat endpoint that every answer must pass, as omni-moderation-latest; none: no check."""


class Neo4jSettings(Section):
    uri: str = ""
    """Address of the server, for example neo4j://localhost; NEO4J_URI in the environment wins."""
    username: str = "neo4j"
    """Who connects; NEO4J_USERNAME wins. The password comes from NEO4J_PASSWORD alone."""
    database: str = ""
    """Database of the server, by default its own default one; NEO4J_DATABASE wins."""
    patience: float = Field(default=60, ge=0)
    """Seconds that a server may stay away before a publish gives up."""
    analyzer: str = "auto"
    """Full-text analyzer of the server; `auto`: `cjk` where Chinese, Japanese or Korean is written, else `english`."""


class Settings(Section):
    """All sections; those of stages are named after them."""

    sources: SourcesSettings = SourcesSettings()
    chat: ChatSettings = ChatSettings()
    embeddings: EmbeddingsSettings = EmbeddingsSettings()
    chunk: ChunkSettings = ChunkSettings()
    extract: ExtractSettings = ExtractSettings()
    names: NamesSettings = NamesSettings()
    compare: CompareSettings = CompareSettings()
    partition: PartitionSettings = PartitionSettings()
    refine: RefineSettings = RefineSettings()
    report: ReportSettings = ReportSettings()
    vectorize: VectorizeSettings = VectorizeSettings()
    query: QuerySettings = QuerySettings()
    neo4j: Neo4jSettings = Neo4jSettings()

    def section(self, name: str) -> Section:
        """The section of this stage; an empty one where the stage has nothing to set."""
        found: Section = getattr(self, name, Section())
        return found


def load(root: Path, environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings of an index root; raises SettingsError in one sentence that names the key."""
    values = _read(root / FILE)
    known = _environment(root, environ)
    _set(values, _own_names(known))
    _set(values, list(_shared_names(known, values)))
    _set(values, [("neo4j", field, known[name]) for name, field in _NEO4J.items() if known.get(name)])
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        raise SettingsError(f"Setting {key!r} in {str(root / FILE)!r} or the environment: {_reason(first)}.") from None


class Secrets:
    """The keys for endpoints; never shown."""

    def __init__(self, openai: str | None = None, azure: str | None = None) -> None:
        self._openai = openai
        self._azure = azure

    def key(self, endpoint: Endpoint) -> str | None:
        """The key for an endpoint; none for a server of the user's own that has none. Raises SettingsError."""
        found = self._azure if endpoint.azure else self._openai
        if found is None and not endpoint.own:
            name = _AZURE_KEY if endpoint.azure else _KEY
            raise SettingsError(
                f"No key: set {name} in the environment or in a {dotenv.FILE!r} beside {FILE!r}, or name a server of "
                "your own with 'base_url' in the settings."
            )
        return found


def secrets(root: Path, environ: Mapping[str, str] = os.environ) -> Secrets:
    """The keys for the endpoints of an index root; raises SettingsError where its `.env` cannot be read."""
    known = _environment(root, environ)
    return Secrets(known.get(_KEY) or None, known.get(_AZURE_KEY) or None)


def vocabularies(environ: Mapping[str, str] = os.environ) -> Path | None:
    """The folder where tiktoken keeps the vocabularies of models, if there is one."""
    named = environ.get("TIKTOKEN_CACHE_DIR")
    return Path(named) if named else None


def neo4j_password(root: Path, environ: Mapping[str, str] = os.environ) -> str:
    """The password for the graph server, which no file of settings may hold; empty where none is set."""
    return _environment(root, environ).get("NEO4J_PASSWORD", "")


def template() -> str:
    """A `settings.yaml` that changes nothing: every setting with its meaning and default, commented out."""
    lines = ["# Settings of graphrag-engine. To change one, remove the `#` before its line."]
    for name, section in Settings.model_fields.items():
        lines += ["", f"{name}:"]
        for key, field in section.default.__class__.model_fields.items():
            said = (field.description or "").splitlines()
            lines += [f"  # {line}" for line in [*said, f"{key}: {json.dumps(field.default)}"]]
    return "\n".join(lines) + "\n"


def _environment(root: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """The environment, over what the `.env` of a root adds to it; what is empty counts as not there."""
    there = {name: text for name, text in environ.items() if text or name.startswith(_PREFIX)}
    return {**dotenv.read(root / dotenv.FILE), **there}


def _own_names(known: Mapping[str, str]) -> Iterator[tuple[str, str, Any]]:
    """Section, field and value of each variable that is named after them."""
    for name, text in known.items():
        section, _, key = name.removeprefix(_PREFIX).lower().partition("__")
        if name.startswith(_PREFIX) and key:
            yield section, key, _scalar(name, text)


def _shared_names(known: Mapping[str, str], values: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """The same for the names that the field shares, where endpoints are."""
    for section in _ENDPOINTS:
        own = {key for place, key, _ in _own_names(known) if place == section}
        fields = values.get(section)
        azure = isinstance(fields, dict) and fields.get("azure") is True
        address = _AZURE_ADDRESS if azure else _ADDRESS
        for key, name in (("base_url", address), ("api_version", _VERSION)):
            if known.get(name) and key not in own:
                yield section, key, known[name]


def _set(values: dict[str, Any], found: Iterable[tuple[str, str, Any]]) -> None:
    """Put fields into their sections; a section that is none stays, for the check to tell."""
    for section, key, value in found:
        fields = values.setdefault(section, {})
        if isinstance(fields, dict):
            fields[key] = value


def _scalar(name: str, text: str) -> Any:
    """The value of an environment variable, read as YAML would."""
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        raise SettingsError(f"Environment variable {name!r} is not a plain value: {text!r}.") from None


def _read(path: Path) -> dict[str, Any]:
    """The sections of a settings file; none where there is no file or nothing in it."""
    values = yamlfile.read(path, yamlfile.Typed)
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise SettingsError(f"{str(path)!r} must hold sections such as 'chunk:', not a {type(values).__name__}.")
    return {str(name): {} if section is None else section for name, section in values.items()}


def _reason(error: ErrorDetails) -> str:
    """What is wrong with one value, and what would be right."""
    if error["type"] == "extra_forbidden":
        section = Settings.model_fields.get(str(error["loc"][0]))
        known = section.default.__class__.model_fields if section and len(error["loc"]) > 1 else Settings.model_fields
        return "there is no such setting, known are " + ", ".join(known)
    if error["type"] == "model_type":
        return f"it is a section, so settings stand below it, not {shortened(error['input'])}"
    return f"{error['msg'][:1].lower()}{error['msg'][1:]}, not {shortened(error['input'])}"
