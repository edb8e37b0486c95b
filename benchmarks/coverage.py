"""How much of a community the few sentences of its report speak of: greedy coverage, first sentences, TextRank.

    python benchmarks/coverage.py SOURCE [ROOT]     SOURCE: whatever `index` takes; the last result: coverage.md

For each community that is split no further: the candidates are all its sentences that name a member, the measure
is the share of the members' weight (as reports weigh them) that the chosen sentences name. All three choose
equally many. TextRank is PageRank over the similarity of sentences (Mihalcea and Tarau, 2004).
"""

import sys
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from statistics import fmean

import networkx

from graphrag_engine import Engine
from graphrag_engine.offline.corpus import Corpus
from graphrag_engine.offline.coverage import Candidate, choose, similarity
from graphrag_engine.stages.report import STAGE

_MOST = 5
_POOL = 60
"""Communities with more candidates are left out: TextRank compares each with each."""


def candidates(corpus: Corpus, members: Sequence[str]) -> list[Candidate]:
    """All readable sentences that name a member, in the order of the documents."""
    units = {unit for each in members for unit in corpus.entities[each].units}
    found = []
    for unit in sorted(units, key=corpus.units.place.__getitem__):
        passage = corpus.passage(unit)
        for at in range(len(passage)):
            held = [each for each in passage.held(at) if each in members]
            if held and passage.parted.quality[at] > 0.3:
                found.append(Candidate(unit, at, held, passage.parted.form[at]))
    return found


def said(corpus: Corpus, unit: str, at: int) -> str:
    """The words of a sentence."""
    return corpus.passage(unit).said(at)


def textrank(texts: Sequence[str], most: int) -> list[int]:
    """The sentences most alike to others that are."""
    graph = networkx.Graph()
    graph.add_nodes_from(range(len(texts)))
    for one in range(len(texts)):
        for other in range(one):
            graph.add_edge(one, other, weight=similarity(texts[one], texts[other]))
    rank = networkx.pagerank(graph)
    return sorted(rank, key=lambda at: (-rank[at], at))[:most]


def covered(pool: Sequence[Candidate], chosen: Sequence[int], weight: dict[str, float]) -> float:
    """Share of the weight that the chosen sentences name."""
    named = {each for at in chosen for each in pool[at].entities}
    return sum(weight[each] for each in named) / sum(weight.values())


def repeated(texts: Sequence[str], chosen: Sequence[int]) -> float:
    """Mean similarity of each two chosen sentences."""
    pairs = [(one, other) for one in chosen for other in chosen if one < other]
    return fmean(similarity(texts[one], texts[other]) for one, other in pairs) if pairs else 0.0


def main(source: str, root: Path) -> None:
    """Index, choose three times for each community, print a table."""
    engine = Engine.open(root)
    engine.index(source)
    corpus = Corpus.of({name: engine.table(name) for name in STAGE.reads})
    share: dict[str, list[float]] = {"greedy coverage": [], "first sentences": [], "TextRank": []}
    alike: dict[str, list[float]] = {name: [] for name in share}
    for name, community in corpus.communities.items():
        pool = candidates(corpus, community.members) if len(community.members) > 2 and not community.children else []
        if not _MOST < len(pool) <= _POOL:
            continue
        weight = corpus.weights(name)
        greedy = choose(pool, weight, partial(said, corpus), _MOST)
        texts = [said(corpus, each.unit, each.at) for each in pool]
        ways = {
            "greedy coverage": greedy,
            "first sentences": range(len(greedy)),
            "TextRank": textrank(texts, len(greedy)),
        }
        for way, chosen in ways.items():
            share[way].append(covered(pool, chosen, weight))
            alike[way].append(repeated(texts, chosen))
    print(
        f"{len(share['TextRank']):,} communities\n\n| choice | entity mass covered | similarity inside |\n|---|---|---|"
    )
    for way, values in share.items():
        print(f"| {way} | {fmean(values):.3f} | {fmean(alike[way]):.3f} |")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        main(sys.argv[1], Path(sys.argv[2] if len(sys.argv) > 2 else folder))
