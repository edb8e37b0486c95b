"""An offline answer as text for people: evidence in order, every item with its numbers, never a guess."""

import re
from collections.abc import Iterable, Mapping, Sequence

from graphrag_engine.offline.wording import Wording
from graphrag_engine.query.answer import Answer, Citation, Claim, Entity, Path, Relationship, Report
from graphrag_engine.query.compose import FORWARD, arrow
from graphrag_engine.query.found import Found
from graphrag_engine.query.passages import Passage, Possible, Sentence
from graphrag_engine.query.wording import of, reason

_LONGEST = 320
"""Characters shown of one sentence; the citation holds all of it."""
_MARKS, _SOURCES = 3, 5
_EMPHASIS = re.compile(r"\*++(?=\S)|(?<=\S)\*++")
_Tree = dict[str, "_Tree"]
_HANGING = re.compile(r" (?:in|on|at|since|until|from|by)\Z")
"""What a predicate ends with whose object is shown as a date."""
_UNACCENTED = str.maketrans("ΆΈΉΊΌΎΏ", "ΑΕΗΙΟΥΩ")
"""Greek writes words that are all in capitals without accents."""
_STATUS = {"TRUE": "", "FALSE": "denied", "SUSPECTED": "unconfirmed"}


def opening(say: Wording, found: Found, entities: Sequence[Entity], unspoken: Sequence[str]) -> list[str]:
    """What this is, what was understood of the question, why this mode, and words that no sentence shown holds."""
    links = found.asked.links
    said: dict[str, list[Entity]] = {}
    for each in entities:
        if each.said:
            said.setdefault(each.said, []).append(each)
    known = [_understood(say, words, meant) for words, meant in said.items()]
    why = next(step["why"] for step in found.trace if step["step"] == "mode")
    lines = [say("Evidence from your documents, best first; no language model wrote this.")]
    if known:
        lines.append(say("Understood: {}.", say("; ").join(known[:6])))
    lines.append(say("Mode: {}, {}.", found.mode, reason(say, why)))
    if links.missing:
        lines.append(say("Not known here: {}.", say(", ").join(repr(name) for name in links.missing[:6])))
    if unspoken:
        names = say(" and ").join(dict.fromkeys(meant[0].name for meant in said.values()))
        lines.append(say("The sources speak of {}, but none of these words: {}.", names, say(", ").join(unspoken)))
    return lines


def closing(say: Wording) -> list[str]:
    """How to get more."""
    return ["", say("--json gives every quote in full.")]


def passages(say: Wording, found: Iterable[Passage]) -> list[str]:
    """Each passage: where it stands, its sentences, why it is here."""
    lines: list[str] = []
    for number, passage in enumerate(found, 1):
        where = passage.title if passage.title == passage.source else f"{passage.title} ({passage.source})"
        through = say("  through {}", say(", ").join(passage.through)) if passage.through else ""
        lines.append(f"{number}. {_short(where)}{through}")
        lines.append("   " + "".join(_sentence(*each) for each in enumerate(passage.sentences)))
    return _headed(say("Passages"), lines)


def facts(say: Wording, found: Iterable[Relationship]) -> list[str]:
    """Ties between the things of the evidence."""
    return _headed(
        say("Facts"), [f"{_tie(each.source, each.type, each.target)} {_marks(each.citations)}" for each in found]
    )


def claims(say: Wording, found: Iterable[Claim]) -> list[str]:
    """Assertions with their date, and their status where it is not plain; equal ones on one line."""
    lines: dict[str, list[int]] = {}
    for each in found:
        dates = say(" to ").join(dict.fromkeys(filter(None, (each.start_date, each.end_date))))
        notes = ", ".join(filter(None, (dates, say.known(_STATUS.get(each.status, each.status.lower())))))
        kind = each.type if each.object else _HANGING.sub("", each.type)
        what = _tie(each.subject, kind, each.object) + (f" ({notes})" if notes else "")
        lines.setdefault(what, []).extend(each.citations)
    return _headed(say("Claims"), [f"{what} {_marks(numbers)}" for what, numbers in lines.items()])


def paths(say: Wording, found: Iterable[Path]) -> list[str]:
    """Chains, drawn as trees: those that begin alike share their beginning."""
    trees: dict[str, _Tree] = {}
    for path in found:
        branch = trees.setdefault(path.steps[0].source, {})
        for step in path.steps:
            branch = branch.setdefault(f"{arrow(step, say)} {_marks(step.citations)}", {})
    return _headed(say("Paths"), [line for root, tree in trees.items() for line in (root, *_branches(tree))])


def candidates(say: Wording, found: Sequence[Possible], kinds: Iterable[str]) -> list[str]:
    """Things of the type asked for, on one line."""
    line = ", ".join(f"{each.name} [{each.n}]" for each in found)
    return _headed(say("Possible ({}), unchecked", say(" or ").join(map(say.known, kinds))), [line] if line else [])


def reports(say: Wording, found: Iterable[Report]) -> list[str]:
    """Reports with their first findings."""
    lines: list[str] = []
    for number, report in enumerate(found, 1):
        lines.append(f"{number}. {_short(report.title)}")
        kept = [each for each in report.findings if each.citations]
        if not kept:
            lines.append(f"   {_short(report.summary)} {_marks(report.citations[:_MARKS])}")
        lines += [f"   - {_short(each.summary)} {_marks(each.citations)}" for each in kept]
    return _headed(say("Reports"), lines)


def sources(say: Wording, cited: Iterable[Citation]) -> list[str]:
    """Where the numbers lead: one line a document, with the characters cited."""
    places: dict[str, list[str]] = {}
    for each in cited:
        page = f"page {each.page}, " if each.page else ""
        places.setdefault(each.document, []).append(f"[{each.n}] {page}{each.start}-{each.end}")
    lines = [f"{document}: {', '.join(found)}" for document, found in places.items()]
    more = [say("and {} more documents", len(lines) - _SOURCES)] if len(lines) > _SOURCES else []
    return _headed(say("Sources (characters)"), lines[:_SOURCES] + more)


def below(answer: Answer, *, checks: bool) -> str:
    """What stands below the words of a model: paths, where its numbers lead, with *checks* what is not supported."""
    say = of(answer.question)
    quotes = [
        f"[{each.n}] {each.document} {f'page {each.page}, ' if each.page else ''}{each.start}-{each.end}: "
        f"\u201c{_short(each.quote)}\u201d"
        for each in answer.citations
    ]
    lines = [
        *(paths(say, answer.paths) if answer.mode == "path" else []),
        *_headed(say("Sources (characters)"), quotes),
        *(_headed(say("Not supported by what is cited"), list(answer.ungrounded)) if checks else []),
    ]
    return "\n".join(lines).strip()


def nothing(say: Wording, found: Found, scope: str) -> str:
    """What is said where nothing was found."""
    links = found.asked.links
    lines = [say("Nothing found: the sources{} do not say.", say.known(scope))]
    if links.missing:
        lines.append(say("Not known here: {}.", say(", ").join(repr(name) for name in links.missing[:6])))
    if found.mode == "path" and links.found:
        names = say(" and ").join(dict.fromkeys(link.said for link in links.found))
        told = "No path of at most four ties, each stated by a passage, leads on from {}. Try mode local."
        lines.append(say(told, names))
    else:
        told = "No name of the question is known, and no passage holds half of its words. Try other words."
        lines.append(say(told))
    return "\n".join(lines)


def unmatched(say: Wording, wanted: Mapping[str, str]) -> str:
    """What is said where a filter lets no document through."""
    shown = ", ".join(f"{key}={wanted[key]}" for key in wanted)
    return say("Nothing found: no document matches the filter {}.", shown)


def _headed(title: str, lines: Sequence[str]) -> list[str]:
    return ["", title.upper().translate(_UNACCENTED), *(f"  {line}" for line in lines)] if lines else []


def _branches(tree: "_Tree", indent: str = "") -> list[str]:
    """The lines below a node."""
    lines: list[str] = []
    for place, (name, below) in enumerate(tree.items(), 1):
        corner, gap = ("\u2514", "  ") if place == len(tree) else ("\u251c", "\u2502 ")
        lines += [f"{indent}{corner} {_short(name)}", *_branches(below, indent + gap)]
    return lines


def _understood(say: Wording, said: str, meant: Sequence[Entity]) -> str:
    """What words of the question stand for: one thing with its type, or each that they may."""
    if len(meant) > 1:
        names = [each.name for each in meant]
        return say("{} may be {} or {}", repr(said), ", ".join(names[:-1]), names[-1])
    one = meant[0]
    what = one.name if one.type == "name" else f"{one.name} ({say.known(one.type)})"
    if one.how == "exact":
        return what
    how = "{} as another name of {}" if one.how == "alias" else "{} as a part of the name of {}"
    return say(how, repr(said), what)


def _sentence(place: int, shown: Sentence) -> str:
    """A sentence with its number and what joins it to the one before."""
    joint = "" if not place else " \u2026 " if shown.apart else " "
    return f"{joint}{_short(shown.said)} [{shown.n}]"


def _short(text: str) -> str:
    flat = " ".join(_EMPHASIS.sub("", text).split())
    return flat if len(flat) <= _LONGEST else flat[:_LONGEST].rsplit(" ", 1)[0] + " …"


def _marks(numbers: Iterable[int]) -> str:
    return "".join(f"[{n}]" for n in dict.fromkeys(numbers))


def _tie(source: str, kind: str, target: str | None) -> str:
    return _short(source + FORWARD.format(kind, target) if target else f"{source} {kind}")
