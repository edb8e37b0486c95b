"""How the process is set while an index is made, and for questions."""

import ctypes
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""What `mallopt` of the GNU C library calls its settings."""
_KEPT, _USUAL = 1 << 30, 1 << 26
"""Bytes that are kept when they are freed, for the next to ask: during a run, and otherwise."""
_LARGE = 1 << 25
"""Bytes from which on memory is given back all the same; more is not taken as a setting."""
_TURN = 5e-4
"""Seconds that a thread computes while another waits for its turn."""


@contextmanager
def thrifty() -> Iterator[None]:
    """Look for cycles a thousand times less often, keep the memory of one stage for the next, and take turns quickly.

    Stages make many rows and hardly one cycle: this saves a tenth of the CPU. Tables get their memory from the
    system's own allocator, which keeps what is freed: a page that was given back is cleared again when it is next used.
    The thread that asks models lets go of the interpreter several times a reply; at the usual 5 ms a turn replies would
    lie there until the stage that computes beside it is done.
    """
    often, pool, turn = gc.get_threshold(), pa.default_memory_pool(), sys.getswitchinterval()
    sys.setswitchinterval(_TURN)
    gc.set_threshold(often[0] * 1000, *often[1:])
    pa.set_memory_pool(pa.system_memory_pool())
    keep_freed(_KEPT)
    try:
        yield
    finally:
        keep_freed()
        pa.set_memory_pool(pool)
        _grow_old()
        gc.set_threshold(*often)
        sys.setswitchinterval(turn)


def _grow_old() -> None:
    """Have all that is there count as old, so that no look for cycles is due: it would go through all of a process."""
    if not gc.get_freeze_count():
        gc.freeze()
        gc.unfreeze()


def give_back() -> None:
    """Give the system all memory that is free: what many rows were made with is in pieces that tables do not fit."""
    pa.default_memory_pool().release_unused()


def keep_freed(most: int = _USUAL) -> None:
    """Have the allocator keep so many bytes that are free; others than that of the GNU C library stay as they are.

    What one question frees the next one asks for: clearing it anew took a quarter of the time of a search.
    """
    library = ctypes.CDLL(None) if sys.platform == "linux" else object()
    if isinstance(library, ctypes.CDLL) and hasattr(library, "mallopt"):
        library.mallopt(_TRIM_THRESHOLD, most)
        library.mallopt(_MMAP_THRESHOLD, _LARGE)
        library.malloc_trim(most)
