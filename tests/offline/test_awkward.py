"""Text that is no prose: what is taken from it, and that it is no flood."""

import pytest

from graphrag_engine.offline.extractor import Unit, extract
from graphrag_engine.offline.lexicon import Lexicon, count

CHAT = (
    "[10:02] <mk> hey anyone around?\n[10:03] <mk> lol the build is broken again, pls dont merge\n"
    "[10:03] <jo> OMG again?? who did that\n[10:05] <sam> sorry!! fixing now\n[10:09] <mk> LGTM\n"
)
CAPITALS = "NOTICE TO ALL MEMBERS OF THE HARBOUR CLUB. THE ANNUAL DINNER WILL BE HELD ON FRIDAY. PLEASE REPLY SOON. "
SCAN = "Tlie Harb0ur Cornpany vvas f0unded in l871. lt 0wned tvvo stearners. lt vvas I0st 0ff Cray P0int. ~~ |l .. ;;"
JOBS = "- Call Peter Hart about the roof\n- Send the invoice to the Lorne Line\n* Thank Anna Lindahl\n1. Open the lid\n"
TABLE = (
    "| Ship | Built | Owner | Status |\n|---|---|---|---|\n| Kestrel | 1903 | Lorne Line | Lost |\n"
    "| Ada Pell | 1888 | Wend Pilots | Scrapped |\n"
)
CODE = "Call it so:\n\n```python\nclass FileReader:\n    def Read(self, Name):\n        raise ValueError(Name)\n```\n"
MAIL = (
    "From: Anna Lindahl <anna@example.org>\nDate: Mon, 3 May 2021 10:12:44 +0200\nMIME-Version: 1.0\n"
    "Content-Type: text/plain; charset=UTF-8\n\nDear Peter,\n\nThank you. The Harbour Board will meet in Port Cray.\n"
)
BIBLIOGRAPHY = (
    "[4] M. Dahl, 'On the drift of sandbanks,' Proc. Wend Society, vol. 8, no. 2, pp. 101-119, 1907.\n"
    "[5] R. Thackwray et al., 2nd ed. New York: Grey & Sons, 1925, ch. 4, pp. 88-90.\nIbid., p. 12.\n"
)


def named(text, repeat=1):
    found = extract(Unit(text), count([("d", [text * repeat])]).lexicon().of(text, "d")).entities
    return {one.name for one in found if one.type != "date"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (CHAT, set()),
        (CAPITALS, set()),
        (SCAN, set()),
        (JOBS, {"Peter Hart", "Lorne Line", "Anna Lindahl"}),
        (TABLE, {"Lorne Line", "Ada Pell", "Wend Pilots"}),
        (CODE, set()),
        (MAIL, {"Anna Lindahl", "Peter", "Harbour Board", "Port Cray"}),
        (BIBLIOGRAPHY, {"M. Dahl", "Wend Society", "R. Thackwray", "New York", "Grey & Sons"}),
    ],
    ids=["chat", "capitals", "scan", "list", "table", "code", "mail", "bibliography"],
)
def test_awkward_text_gives_its_names_and_no_flood(text, expected):
    assert named(text) == expected


@pytest.mark.parametrize("text", [CHAT.lower(), CAPITALS])
def test_a_long_document_whose_capitals_say_nothing_gives_no_names(text):
    assert count([("d", [text * 12])]).lexicon().uncased == {"d"}
    assert named(text, repeat=12) == set()


def test_greetings_connectives_and_the_speaker_are_no_part_of_a_name() -> None:
    chat = (
        "Hey Ottilie, how was the regatta? Hey Ottilie, are you there? But I lost the oar near Wendhaven. "
        "Thanks Brunhild! When I called, Brunhild answered. When I asked, Ottilie laughed. Wow Brunhild, well done."
    )
    lexicon = count([("d", [chat])]).lexicon().of(chat, "d")
    found = {mention.name for mention in extract(Unit(chat), lexicon).entities}
    assert found == {"Ottilie", "Brunhild", "Wendhaven"}


@pytest.mark.parametrize(("text", "name"), [("The war with Francis I was long.", "Francis I")])
def test_the_number_of_a_king_is_not_the_speaker(text: str, name: str) -> None:
    assert name in {mention.name for mention in extract(Unit(text), Lexicon()).entities}
