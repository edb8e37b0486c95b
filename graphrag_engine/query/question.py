"""A question as search sees it: its words with their places, its terms, and what of it carries meaning."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graphrag_engine.errors import EmptyQuestion
from graphrag_engine.offline.cues import FUNCTION, words
from graphrag_engine.offline.languages import language
from graphrag_engine.offline.scripts import SYLLABLES
from graphrag_engine.offline.words import split, terms

_MOST_CHARACTERS = 10_000
"""Of a longer question only this much is read."""
_MOST_TERMS = 256
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]|[^\W_]+(?:['\u2019.&][^\W_]+)*")
_HANGUL = re.compile(f"[{SYLLABLES}]")
FUNCTION_WORDS = FUNCTION | words(
    "am anybody became become being call called came cannot did doing ever gave get give gets got has hers know known "
    "lot made make many my named nor others ours per say says shall tell thanks thing things use used using "
    "whatever whoever whom whichever yours list show describe explain happen happened name names kind kinds sort"
)
"""Lower-case words that say nothing of what a question is about."""
_ASKING = (
    "누가 누구 누구의 누구를 누구에게 누구와 누구인가 누구인가요 누구입니까 누구였습니까 누구였나요 무엇 무엇을 "
    "무엇이 무엇인가 무엇인가요 무엇입니까 무엇이었습니까 뭐 언제 언제였습니까 언제인가요 어디 어디에 어디에서 "
    "어디서 어디로 어디인가요 어디입니까 어디였습니까 어떤 어떻게 어느 왜 몇 얼마 얼마나 얼마였습니까 했습니까 "
    "되었습니까 됐습니까 있습니까 있었습니까 없습니까 했나요 되었나요 있나요 있었나요 였나요 이었습니까 였습니까 "
    "인가요 합니까 됩니까 그리고 그 이 저 것 대해 대하여 관해 관하여 대한 관한 알려 주세요 알려줘 설명해 설명해줘 "
    "말해 하는 하다 되다 있는 있었던 이름 이름은 습니까 입니까 니까 나요"
)
"""Korean words and endings that say no more than that something is asked."""
_ASKING_IN: Mapping[str, frozenset[str]] = {
    "german": words(
        "wer wen wem wessen was wo woher wohin wann warum wieso weshalb wie wieviel wieviele welche welcher "
        "wobei wodurch wofür womit worauf woraus worin worüber worum wovon wovor wozu "
        "welches welchen welchem in an aus bei mit nach seit von vor zu für gegen über durch der die das "
        "dem den ein eine hat haben ist sind war waren wird wurde wurden"
    ),
    "french": words(
        "qui que quoi où quand comment pourquoi combien quel quelle quels quelles lequel laquelle lesquels "
        "lesquelles qu'est qu\u2019est qu'a qu\u2019a d'où d\u2019où est-ce est ce à au aux avec chez "
        "contre dans de depuis en par pour sous sur le la les un une sont était étaient fut furent a ont"
    ),
    "spanish": words(
        "quién quiénes quien quienes qué que cuál cuáles cual cuales cuándo cuando dónde donde adónde cómo "
        "como cuánto cuántos cuánta cuántas a al con contra de del desde en para por sobre el la los las un "
        "una es son fue fueron era eran está están ha han"
    ),
    "russian": words(
        "кто кого кому кем ком что чего чему чем чём где куда откуда когда почему зачем как какой какая "
        "какое какие какого какому каком каким какую каких сколько чей чья чьё чьи в во за из к на о об от "
        "по при с со у такой такая такое такие был была было были"
    ),
    "greek": words(
        "ποιος ποια ποιο ποιοι ποιες ποιον ποιαν ποιου ποιας ποιων ποιους τι πού που πότε πώς πως γιατί "
        "πόσο πόσος πόση πόσοι πόσες πόσα από για με σε στο στη στον στην ο η το οι τα τον την του της των "
        "είναι ήταν"
    ),
    "japanese": words(
        "誰が 誰は 誰の 誰を 誰に 何が 何を 何は 何の どこ いつ なぜ どの どう どれ いくつ ですか でしたか ましたか"
    ),
    "chinese": words("谁 什么 哪 哪里 哪儿 哪个 何时 何地 什么时候 为什么 怎么 怎样 多少 几"),
}
"""Words that ask, and what stands before them or begins a question, in other languages: names to no one who asks in
these, though some are elsewhere (Lake Como)."""
_FUNCTION_WORDS_IN = {name: FUNCTION_WORDS | asking for name, asking in _ASKING_IN.items()}
_EMPTY_TERMS_IN = {name: frozenset(terms(" ".join(asking))) for name, asking in _ASKING_IN.items()}
_EMPTY_TERMS = frozenset((*terms(" ".join(FUNCTION_WORDS)), *terms(_ASKING)))


@dataclass(frozen=True)
class Question:
    """What was read of a question."""

    text: str
    words: tuple[tuple[int, int], ...]
    """Start and end of each word; of Korean, Japanese and Chinese of each character."""
    terms: tuple[str, ...]
    """Search terms, each once, in order; function words only where there is nothing else."""
    function_words: frozenset[str]
    """Lower-case words that name nothing: the English ones, and those with which its language asks."""
    cut: str
    """What was left out of a long question, in words; empty where nothing was."""

    @property
    def spoken(self) -> list[str]:
        """The words as people see them: of Korean with their particles, not each character."""
        if self.text.isascii() or not _HANGUL.search(self.text):
            return [self.word(number) for number in range(len(self.words))]
        return split(self.text)

    def word(self, number: int) -> str:
        """The word of this number as written."""
        start, end = self.words[number]
        return self.text[start:end]


def read(text: str) -> Question:
    """The question in *text*; raises EmptyQuestion where it holds no word."""
    shown = _shortened(text)
    words = tuple(match.span() for match in _WORD.finditer(shown))
    if not words:
        raise EmptyQuestion
    asked_in, every = language(shown), list(dict.fromkeys(terms(shown)))
    empty = _EMPTY_TERMS_IN.get(asked_in, frozenset())
    meaning = [term for term in content(every) if term not in empty] or content(every) or every
    cut = [f"{len(shown)} of {len(text)} characters"] if len(shown) < len(text) else []
    cut += [f"{_MOST_TERMS} of {len(meaning)} terms"] if len(meaning) > _MOST_TERMS else []
    function_words = _FUNCTION_WORDS_IN.get(asked_in, FUNCTION_WORDS)
    return Question(shown, words, tuple(meaning[:_MOST_TERMS]), function_words, " and ".join(cut))


def content(found: Sequence[str]) -> list[str]:
    """The terms that are no function words."""
    return [term for term in found if term not in _EMPTY_TERMS]


def _shortened(text: str) -> str:
    """As much of the text as is read, whole words."""
    if len(text) <= _MOST_CHARACTERS:
        return text
    head = text[: _MOST_CHARACTERS + 1]
    return head[: max(head.rfind(" "), 0)] or head[:_MOST_CHARACTERS]
