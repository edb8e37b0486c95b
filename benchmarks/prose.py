"""Generated English prose about people, firms, places and ships: any size, the same on every machine.

`documents(words)` gives documents of some 1,170 words until there are about so many words; `write(folder, words)`
writes them.
"""

import random
from collections.abc import Iterator
from pathlib import Path

_FIRST = (
    "Anna Bela Carl Dora Emil Frida Georg Hanna Ivo Jana Karl Lena Milan Nora Oskar Petra Rosa Tilda Viktor".split()
)
_ONSETS = "b br c cl d dr f fl g gr h k l m n p pr r s st t tr v w".split()
_VOWELS = "a e i o u ai ea ou".split()
_CODAS = "l m n r s t ck nd rn st ll ss".split()
_PLACES = "Harbour Quay Bay Bridge Hill Street Island Point".split()
_FIRMS = "Company|Bank|Trading Company|Shipyard|Railway|Brothers|Museum|Society".split("|")
_GOODS = "timber coal wool grain tin herring salt paper glass oil".split()
_ADJECTIVES = "old narrow quiet large early costly famous distant heavy common".split()
_MONTHS = "January March April June July August October November".split()

_SENTENCES = (
    "{person} was born in {place} in {year}.",
    "{person} founded the {firm} on {day} {month} {year} with {money}.",
    "The {firm} bought the steamer {ship} from {person} in {year}.",
    "In {year}, {person} sold {good} to the {firm} at {place}.",
    "{person}, who had worked for the {firm}, moved to {place} in {month} {year}.",
    "The {ship} carried {number} tons of {good} from {place} to {place2}.",
    "It was reported that the {ship} had been damaged near {place}.",
    "{person} and {person2} never agreed about the {adjective} road to {place}.",
    "The {firm} employed {number} people when {person} became its chairman.",
    "He said that the {good} trade had been {adjective} for many years.",
    "It was a {adjective} building with {adjective} windows, and few people went there after dark.",
    "Nobody in the town could remember a winter with so much {good} and so little work.",
    "According to {person}, the {firm} planned to open an office at {place}.",
    "The letters of {person} to {person2} describe the {adjective} life on board the {ship}.",
    "Most of the {good} came by sea, because the road across the hills was {adjective} and slow.",
    "{person} married {person2} at {place} on {day} {month} {year}.",
    "The {firm} was sold to the {firm2} for {money}.",
    "The work went on for weeks, and the men who did it were paid badly or not at all.",
)


def _word(random: random.Random) -> str:
    syllables = [random.choice(_ONSETS) + random.choice(_VOWELS) for _ in range(random.choice((1, 1, 2)))]
    return ("".join(syllables) + random.choice(_CODAS)).capitalize()


class _World:
    """Names to write about; common ones come back often, new ones keep coming as the corpus grows."""

    def __init__(self, size: int, random: random.Random) -> None:
        self.random = random
        self.people = [f"{random.choice(_FIRST)} {_word(random)}" for _ in range(size)]
        self.places = [f"{_word(random)} {random.choice(_PLACES)}" for _ in range(size // 3)]
        self.firms = [f"{_word(random)} {random.choice(_FIRMS)}" for _ in range(size // 3)]
        self.ships = [f"{_word(random)} {_word(random)}" for _ in range(size // 4)]

    def pick(self, names: list[str], near: int) -> str:
        """A name close to *near*, now and then a famous one."""
        if self.random.random() < 0.15:
            return names[int(len(names) * self.random.random() ** 6)]
        return names[(near * 7 + self.random.randrange(12)) % len(names)]

    def sentence(self, near: int) -> str:
        random = self.random
        return random.choice(_SENTENCES).format(
            person=self.pick(self.people, near),
            person2=self.pick(self.people, near + 1),
            place=self.pick(self.places, near),
            place2=self.pick(self.places, near + 1),
            firm=self.pick(self.firms, near),
            firm2=self.pick(self.firms, near + 1),
            ship=self.pick(self.ships, near),
            good=random.choice(_GOODS),
            adjective=random.choice(_ADJECTIVES),
            number=random.randrange(2, 900),
            money=f"£{random.randrange(1, 90)},000",
            day=random.randrange(1, 29),
            month=random.choice(_MONTHS),
            year=random.randrange(1820, 1990),
        )


def documents(words: int) -> Iterator[str]:
    """Texts of documents with about *words* words in all."""
    world = _World(size=max(60, words // 60), random=random.Random(7))
    for number in range(max(1, words // 1_170)):
        paragraphs = [" ".join(world.sentence(number) for _ in range(7)) for _ in range(12)]
        yield f"# {world.pick(world.firms, number)} {number}\n\n" + "\n\n".join(paragraphs) + "\n"


def write(folder: Path, words: int) -> int:
    """Write documents of about *words* words in all; the number of documents."""
    folder.mkdir(parents=True, exist_ok=True)
    number = 0
    for number, text in enumerate(documents(words), 1):
        (folder / f"document-{number - 1:05}.md").write_text(text, "utf-8")
    return number
