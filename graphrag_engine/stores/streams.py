"""Tables block by block in the order of their ids, so that memory does not grow with the index."""

from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

Blocks = Iterator[pa.Table]


class Stream:
    """One table with ids, read block by block."""

    def __init__(self, blocks: Blocks, schema: pa.Schema) -> None:
        self._blocks = blocks
        self._held = schema.empty_table()
        self._ended = False

    def last(self) -> str | None:
        """The id up to which all rows are known; None where these are all."""
        while not self._ended and not len(self._held):
            self._more()
        return None if self._ended else self._held["id"][-1].as_py()

    def upto(self, last: str | None) -> pa.Table:
        """The rows not given yet whose ids are not behind *last*; all that are left for None."""
        while last is None and not self._ended:
            self._more()
        count = len(self._held) if last is None else pc.sum(pc.less_equal(self._held["id"], last)).as_py() or 0
        given, self._held = self._held.slice(0, count), self._held.slice(count)
        return given

    def _more(self) -> None:
        block = next(self._blocks, None)
        if block is None:
            self._ended = True
        else:
            self._held = pa.concat_tables([self._held, block]) if len(self._held) else block


def side_by_side(streams: Sequence[Stream]) -> Iterator[list[pa.Table]]:
    """The rows of all streams, cut at the same ids: what stands in one block of one stands in no other block."""
    while True:
        known = [last for stream in streams if (last := stream.last()) is not None]
        blocks = [stream.upto(min(known) if known else None) for stream in streams]
        if any(map(len, blocks)):
            yield blocks
        if not known:
            return
