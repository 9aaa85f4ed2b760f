"""A worker process that answers one question after the other, and stays warm between them.

Questions and answers are pickled: both ends are this program. What else a worker says, and its warnings, go nowhere.
"""

from __future__ import annotations

import asyncio
import pickle
import struct
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable
from contextlib import suppress
from typing import Final, ParamSpec, TypeVar, cast

from mllint.processes.safe_path import program

P = ParamSpec("P")
T = TypeVar("T")

LONGEST: Final = 60.0
"""Seconds after which a question is given up."""
PATIENCE: Final = 1.0
"""Seconds that an answer nobody waits for any more may still take before its worker is ended. Most take less, and a new
worker takes about as long to start."""
ATTEMPTS: Final = 2
SHUTTING_DOWN: Final = "the server is shutting down"
HEADER: Final = struct.Struct("!Q")

START: Final = program("mllint.server.answering")


class NoAnswer(Exception):
    """`str` says why, as the end of a sentence."""


class Worker:
    """One process, started when it is first asked, and again where it was lost."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._process: Process | None = None
        self._is_stopped = False

    async def ask(self, question: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """The answer to a question, a function at the top level of its module.

        A caller that is cancelled waits no longer; the worker is ended where it does not become free soon. Raises
        NoAnswer.
        """
        await self._turn.acquire()
        asked = asyncio.ensure_future(self._exchange((question, arguments, named)))
        asked.add_done_callback(lambda _: self._turn.release())
        try:
            return cast(T, await asyncio.shield(asked))
        except asyncio.CancelledError:
            asked.add_done_callback(_forget)
            asyncio.get_running_loop().call_later(PATIENCE, asked.cancel)
            raise

    def stop(self) -> None:
        """Ends the process for good: what is asked from now on has no answer."""
        self._is_stopped = True
        if self._process is not None:
            _kill(self._process)

    async def _exchange(self, question: object) -> object:
        """A question whose process was lost is asked once more: it need not have been the question's fault."""
        for _ in range(ATTEMPTS):
            process = await self._running()
            try:
                return await asyncio.wait_for(_answer(process, question), LONGEST)
            except asyncio.TimeoutError:
                await _end(process)
                raise NoAnswer(f"stopped after {LONGEST:g} s without an answer") from None
            except asyncio.CancelledError:
                await _end(process)
                raise
            except (asyncio.IncompleteReadError, ConnectionError):
                await _end(process)
        raise NoAnswer("the process that read it died")

    async def _running(self) -> Process:
        """Raises NoAnswer."""
        if self._is_stopped:
            raise NoAnswer(SHUTTING_DOWN)
        if self._process is None or self._process.returncode is not None:
            self._process = await _started()
        if self._is_stopped:  # while the process was being started
            await _end(self._process)
            raise NoAnswer(SHUTTING_DOWN)
        return self._process


async def _started() -> Process:
    """Raises NoAnswer."""
    try:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-c", START, stdin=PIPE, stdout=PIPE, stderr=DEVNULL
        )
    except OSError as error:
        raise NoAnswer(f"the process that reads cannot be started: {error.strerror or error}") from None


async def _answer(process: Process, question: object) -> object:
    assert process.stdin is not None and process.stdout is not None, "both are pipes"
    asked = pickle.dumps(question)
    process.stdin.write(HEADER.pack(len(asked)) + asked)
    await process.stdin.drain()
    (size,) = HEADER.unpack(await process.stdout.readexactly(HEADER.size))
    answered, answer = pickle.loads(await process.stdout.readexactly(size))
    if not answered:
        raise NoAnswer(answer)
    return cast(object, answer)


async def _end(process: Process) -> None:
    _kill(process)
    await process.wait()


def _kill(process: Process) -> None:
    with suppress(ProcessLookupError):
        process.kill()


def _forget(asked: asyncio.Future[object]) -> None:
    """Nobody waits for it: what went wrong is no matter any more."""
    if not asked.cancelled():
        asked.exception()
