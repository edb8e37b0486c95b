"""In which language a text is written: by its script where that decides, else by its function words."""

import re
from collections import Counter
from collections.abc import Mapping, Set

from graphrag_engine.offline.cues import words
from graphrag_engine.offline.scripts import IDEOGRAPHS, KANA, script

_LOOKED_AT = 300
"""Characters of a text whose words are counted: some fifty words, enough for any language."""
_GLANCE = 150
"""Characters that tell most English texts, which so cost next to nothing."""
_FUNCTION: Mapping[str, frozenset[str]] = {
    "english": words(
        "the of and is was were are by with from that this these who what when where which how why whose whom "
        "did does do his her its their has had have been be not but they it he she for to at as or in on a "
        "an no so me man"
    ),
    "german": words(
        "der die das dem den des ein eine einen einem einer eines und ist sind war waren wurde wurden wird "
        "nicht mit auf für aus bei nach von vom zu zum zur im in an als auch sich dass oder aber wie hat "
        "hatte haben sein seine ihr ihre sie er es durch über unter vor seit wer wen wem wessen wo wann "
        "warum wieso woher wohin was welche welcher welches welchen welchem wieviel wobei wodurch wofür "
        "womit worauf woraus worin worüber worum wovon wovor wozu"
    ),
    "french": words(
        "le la les l un une du des de d et est sont était été fut a ont il elle ils elles on ce c cette ces "
        "son sa ses leur leurs ne n pas sur dans pour par avec au aux en que qu qui quoi où quand pourquoi "
        "comment quel quelle quels quelles lequel laquelle combien mais ou donc plus entre se s y"
    ),
    "spanish": words(
        "¿ el la los las lo un una del de al y o e es son era fue fueron está ser ha han había se su sus no "
        "con por para en que a pero más también como desde hasta entre sobre muy según este esta quién "
        "quiénes quien qué dónde cuándo cuál cuáles cómo cuánto cuántos cuántas"
    ),
    "dutch": words(
        "de het een van en is was dat die der den wie wat waar wanneer hoe waarom niet met voor zijn werd op "
        "te ook naar bij uit heeft hij als aan door in om"
    ),
    "italian": words(
        "il lo la i gli le di che e un una uno del della dei delle nel nella con per chi cosa dove quando "
        "come perché è sono fu era si non da dal al alla in a quale anche su se"
    ),
    "portuguese": words(
        "o os a as um uma do da dos das no na de e que quem onde quando como por para com não foi é são era "
        "em ao se seu sua qual entre sobre mais pelo pela"
    ),
    "catalan": words("el la els les l i de d del que on quan com per amb és va un una al en són no es se seu seva a"),
    "latin": words("et est in cum ad quod non sed ut ab ex de quae per atque sunt qua a se"),
    "scandinavian": words(
        "og i er en et som den det de til på av af var hvem hva hvad hvor och att är för med ett vem vad inte ikke om"
    ),
    "russian": words(
        "и в во не на что кто где когда почему как какой какая какое какие кого кому чей был была было были "
        "это его её от из для по с со к у о об за до же или но также чтобы который она он они"
    ),
    "ukrainian": words(
        "і й та в у не на що хто де коли чому як який яка яке які був була було були це його її від із для по "
        "з до але або також щоб вона він вони про за"
    ),
    "bulgarian": words(
        "и в не на че кой кои къде кога защо как какво коя която който което е са се да от за с по беше ще си "
        "го през до със във при ли"
    ),
    "serbian": words(
        "и у не на што шта ко где када зашто како је су се да од из за са био била било који која које о по"
    ),
    "greek": words("ο η το οι τα του της των τον την και να σε στο στη στην από με για που ποιος πού πότε είναι ήταν"),
}
"""What is common in each; languages without a table of words are here so that none is taken for a neighbour."""
_IN_NAMES = words(
    "¿ die der das dem den von vom zu aus mit im man war hat wen er el los las y e la le les du de del van con comment "
    "plus sur au como para com sa do da dos das c d l n s ne aux sind met come os ex ad sed si na"
)
"""Words that also stand in names and abbreviations, or are other words in English."""
_TELLING, _COMMON = 3, 1
"""What a word is worth that one language alone has, and one that several have or that stands in names."""
_CLEARLY = 2
"""How many times as much as any other a language must weigh."""
_SHARE = 0.5
"""Of all letters: with so many in Cyrillic or Greek, few words suffice."""
_FOREIGN = 0.02
"""Of Cyrillic letters: with more that Russian has not, a text is of another language."""
_FEW = 2
"""Han characters that say as much as one English word."""
_APART = "'\u2019\"\u201c\u201e\u00ab([*-"
"""Marks before and inside words, which part them."""
_KANA = re.compile(f"[{KANA}]")
_IDEOGRAPH = re.compile(f"[{IDEOGRAPHS}]")
_LETTER = re.compile(r"[^\W\d_]")
_CYRILLIC = re.compile("[\u0400-\u052f]")
_NOT_RUSSIAN = re.compile("[\u0400-\u052f](?<![а-яё])")
_GREEK = re.compile("[\u0370-\u03ff\u1f00-\u1fff]")
_JAPANESE = 0.1
"""Kana of all Kana and Han characters; in Chinese they stand in names at most."""


def _worth() -> dict[str, tuple[tuple[str, int], ...]]:
    """For each function word, the languages that it speaks for and how much."""
    having: dict[str, list[str]] = {}
    for language, listed in _FUNCTION.items():
        for word in listed:
            having.setdefault(word, []).append(language)
    return {
        word: tuple((each, _COMMON if len(found) > 1 or word in _IN_NAMES else _TELLING) for each in found)
        for word, found in having.items()
    }


_WORTH = _worth()
_ENGLISH_ALONE = frozenset(word for word, found in _WORTH.items() if found == (("english", _TELLING),))
_OTHERS_ALONE = frozenset(word for word, found in _WORTH.items() if found[0][1] == _TELLING) - _ENGLISH_ALONE
_PLAINLY = 2
"""So many words of English alone, and none of another language alone: most texts need no more to be told."""


def language(text: str) -> str:
    """The language of a text, in small letters; `english` where it is not clearly another one."""
    kind = script(text)
    if kind == "korean":
        return "korean"
    if kind == "letters" and _plainly_english(set(text[:_GLANCE].lower().split())):
        return "english"
    said = text[:_LOOKED_AT].lower()
    found = _words(said)
    if kind == "ideographs":
        return _by_characters(said, found)
    scores, alone = _scores(found)
    best = max(scores, key=lambda each: scores[each], default="english")
    if _clear(best, scores, alone):
        return best
    return "english" if said.isascii() else _by_alphabet(said, scores)


def _plainly_english(found: Set[str]) -> bool:
    return len(found & _ENGLISH_ALONE) >= _PLAINLY and not found & _OTHERS_ALONE


def _words(said: str) -> set[str]:
    """The words of a text, each once; those with a mark behind them are no loss, few function words have one."""
    for mark in _APART:
        said = said.replace(mark, " ")
    return set(said.replace("¿", "¿ ").split())


def _scores(found: Set[str]) -> tuple[Counter[str], set[str]]:
    """What the function words of a text are worth for each language, and which have a word that no other has."""
    scores, alone = Counter[str](), set[str]()
    for word in _WORTH.keys() & found:
        for each, worth in _WORTH[word]:
            scores[each] += worth
            if worth == _TELLING:
                alone.add(each)
    return scores, alone


def _clear(best: str, scores: Counter[str], alone: Set[str]) -> bool:
    """Whether a language clearly outweighs English and others; those that only share its words need only be behind."""
    rivals = {"english", *alone} if best in alone else scores.keys()
    return scores[best] >= _TELLING and all(
        score * (_CLEARLY if each in rivals else 1) < scores[best] for each, score in scores.items() if each != best
    )


def _by_characters(said: str, found: Set[str]) -> str:
    """Japanese or Chinese; English where a few characters are a name in it."""
    characters = len(_IDEOGRAPH.findall(said))
    if characters < _FEW * len(found & _FUNCTION["english"]):
        return "english"
    return "japanese" if len(_KANA.findall(said)) > _JAPANESE * characters else "chinese"


def _by_alphabet(said: str, scores: Counter[str]) -> str:
    """Greek or Russian by their letters, unless other letters or words tell otherwise."""
    least, most = _SHARE * len(_LETTER.findall(said)), max(scores.values(), default=0)
    cyrillic = len(_CYRILLIC.findall(said))
    if cyrillic > least and len(_NOT_RUSSIAN.findall(said)) <= _FOREIGN * cyrillic:
        return "russian" if scores["russian"] == most else "english"
    return "greek" if len(_GREEK.findall(said)) > least and scores["greek"] == most else "english"
