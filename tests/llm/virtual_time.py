"""Runs coroutines in a loop whose clock jumps to what comes next: waiting costs no time, and a hang is an error."""

import asyncio
import selectors


class _Jumping(selectors.DefaultSelector):
    now = 0.0
    looks = 0

    def select(self, timeout=None):
        self.looks += 1
        ready = super().select(0)
        if timeout is None and not ready:
            raise RuntimeError("Everything waits, and nothing will happen.")
        self.now += 0 if ready else timeout or 0
        return ready


class Loop(asyncio.SelectorEventLoop):
    def __init__(self):
        self.jumping = _Jumping()
        super().__init__(self.jumping)

    def time(self):
        return self.jumping.now

    @property
    def looks(self):
        """How often it looked for something to do."""
        return self.jumping.looks


def run(coroutine):
    with asyncio.Runner(loop_factory=Loop) as runner:
        return runner.run(coroutine)


def now():
    return asyncio.get_running_loop().time()
