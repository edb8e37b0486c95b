"""What is generated, in the language of the documents: English sentences as keys, other languages in `wordings`."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from graphrag_engine.offline.languages import language
from graphrag_engine.offline.wordings import MODULES


@dataclass(frozen=True, eq=False)
class Wording:
    """One language: `say("of {}", name)` is `of X`, or what the table has for it."""

    table: Mapping[str, str] = field(default_factory=dict)
    """English sentence, with a `{}` for each value -> the same in another language; empty for English."""

    def __call__(self, sentence: str, *values: object) -> str:
        """A sentence with its values."""
        return (self.table[sentence] if self.table else sentence).format(*values)

    def known(self, words: str) -> str:
        """Words that come from elsewhere, as the table has them; as they are where it has them not."""
        return self.table.get(words, words)

    def count(self, n: int, one: str, many: str | None = None) -> str:
        """So many of a thing: `1 passage`, `2 passages`; of what the table has not, `vessel: 2`."""
        if self.table:
            counted = self.table.get(f"{{}} {one}")
            return counted.format(self.number(n)) if counted else f"{one}: {self.number(n)}"
        return f"{n:,} {one if n == 1 else many or one + 's'}"

    def number(self, n: float) -> str:
        """A number as it is written: `1,234`, `7.5`."""
        written = f"{n:,}" if isinstance(n, int) else f"{n:g}"
        return "".join(self.table.get(each, each) for each in written) if self.table else written


ENGLISH = Wording()
_OF_REPORTS = {name: Wording(module.REPORTS) for name, module in MODULES.items()}


def of_report(text: str) -> Wording:
    """The language of a report on such text; English where there is no table for it."""
    return _OF_REPORTS.get(language(text), ENGLISH)
