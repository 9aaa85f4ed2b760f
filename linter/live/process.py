"""The worker process: fresh interpreter, clean environment, limits; killed with all its children when it does not end.

What it says comes as JSON lines over a pipe of its own, so that nothing a model prints can be mistaken for an answer.
"""

from __future__ import annotations

import json
import os
import re
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from typing import IO, Any, Final

from mllint.lens import Reading
from mllint.live import wire
from mllint.live.request import Request
from mllint.processes.safe_path import program

INHERITED: Final = frozenset(
    {"PATH", "HOME", "LANG", "TMPDIR", "VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONPATH", "SYSTEMROOT", "TEMP", "TMP"}
    | {"LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"}
)
INHERITED_FAMILIES: Final = ("LC_", "CUDA_", "NVIDIA_", "XLA_", "TF_", "KERAS_", "JAX_")
"""Variables that decide how a model is computed. Nothing else is passed on: the model's code may read it."""

START: Final = program("mllint.live.worker")

COLOURS: Final = re.compile(r"\x1b\[[0-9;]*m")

TAIL: Final = 5
"""Lines of the worker's own output that are shown where it ended without an answer."""


class WorkerFailed(Exception):
    """The worker gave no reading; `str` is a message for the user, `traceback` what went wrong inside."""

    def __init__(self, message: str, traceback: str = "") -> None:
        super().__init__(message)
        self.traceback = traceback


class CannotRun(WorkerFailed):
    """What was asked for needs something that this machine does not have."""


def run(request: Request, say: Callable[[str], None]) -> Reading:
    """The worker's reading; `say` is told each step before it is done. Raises WorkerFailed."""
    with tempfile.TemporaryFile() as talk:
        return _answer(request, say, talk)


def _answer(request: Request, say: Callable[[str], None], talk: IO[bytes]) -> Reading:
    reading, writing = os.pipe()
    deadline = time.monotonic() + request.seconds
    try:
        worker = subprocess.Popen(
            [sys.executable, "-c", START, str(writing), request.to_json()],
            stdin=subprocess.DEVNULL,
            stdout=talk,
            stderr=talk,
            pass_fds=(writing,),
            env=environment(os.environ, request),
            start_new_session=True,
        )
    except OSError as error:
        os.close(reading)
        raise WorkerFailed(f"the worker process cannot be started: {error.strerror or error}") from None
    finally:
        os.close(writing)
    try:
        for message in _messages(reading, deadline):
            if "doing" in message:
                say(_plain(message["doing"]))
            else:
                return _outcome(message)
        code = _ended(worker, deadline)
    except TimeoutError:
        raise WorkerFailed(
            f"stopped after {request.seconds:g} s without an answer (--timeout gives it more); {_tail(talk)}"
        ) from None
    finally:
        os.close(reading)
        _kill(worker)
    raise WorkerFailed(f"{_death(code, request)}; {_tail(talk)}", _everything(talk))


def _outcome(message: Mapping[str, Any]) -> Reading:
    if "cannot_run" in message:
        raise CannotRun(_plain(message["cannot_run"]))
    if "failed" in message:
        raise WorkerFailed(_plain(message["failed"]), str(message.get("traceback", "")))
    try:
        reading = wire.decode(message.get("reading"))
    except wire.NotFacts as error:
        raise WorkerFailed(f"the worker's answer cannot be read: {error}") from None
    if not isinstance(reading, Reading):
        raise WorkerFailed("the worker's answer cannot be read: it holds no reading")
    return reading


def _plain(text: object) -> str:
    """One line that cannot steer a terminal: what user code raises may hold anything."""
    return " ".join("".join(char if char.isprintable() else " " for char in COLOURS.sub("", str(text))).split())


def _messages(source: int, deadline: float) -> Iterator[dict[str, Any]]:
    """The JSON lines of a pipe until it is closed. Raises TimeoutError at the deadline."""
    pending = b""
    with selectors.DefaultSelector() as selector:
        selector.register(source, selectors.EVENT_READ)
        while True:
            if not selector.select(max(deadline - time.monotonic(), 0)):
                raise TimeoutError
            chunk = os.read(source, 1 << 16)
            if not chunk:
                return
            *lines, pending = (pending + chunk).split(b"\n")
            yield from filter(None, map(_message, lines))


def _message(line: bytes) -> dict[str, Any] | None:
    """One line as an object; None for what is none."""
    try:
        message = json.loads(line)
    except ValueError:
        return None
    return message if isinstance(message, dict) else None


def environment(inherited: Mapping[str, str], request: Request) -> dict[str, str]:
    """What the worker sees of the user's environment, with what the request sets."""
    kept = {
        name: value for name, value in inherited.items() if name in INHERITED or name.startswith(INHERITED_FAMILIES)
    }
    kept |= {"TF_CPP_MIN_LOG_LEVEL": kept.get("TF_CPP_MIN_LOG_LEVEL", "2"), "PYTHONUNBUFFERED": "1"}
    if request.backend in {"tensorflow", "jax", "torch"}:
        kept["KERAS_BACKEND"] = request.backend
    if request.device == "cpu":
        kept["CUDA_VISIBLE_DEVICES"] = ""
    return kept


def _ended(worker: subprocess.Popen[bytes], deadline: float) -> int:
    try:
        return worker.wait(max(deadline - time.monotonic(), 0))
    except subprocess.TimeoutExpired:
        raise TimeoutError from None


def _kill(worker: subprocess.Popen[bytes]) -> None:
    """Ends the worker and what it started; a group that is gone already is no failure."""
    try:
        os.killpg(worker.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        worker.kill()
    worker.wait()


def _death(code: int, request: Request) -> str:
    if code >= 0:
        return f"the worker process ended with exit code {code} and no answer"
    name = signal.Signals(-code).name if -code in set(signal.Signals) else f"signal {-code}"
    reason = {"SIGKILL": " (out of memory?)", "SIGSEGV": " (a crash in native code)"}.get(name, "")
    limit = f" under a memory limit of {request.memory_bytes >> 20} MiB" if request.memory_bytes else ""
    return f"the worker process was killed by {name}{reason}{limit}"


def _tail(talk: IO[bytes]) -> str:
    lines = _everything(talk).splitlines()[-TAIL:]
    return "its last words: " + _plain(" | ".join(lines)) if lines else "it said nothing"


NOISE: Final = re.compile(r"[IW]\d{4} |WARNING: All log messages before absl|\d{4}-\d\d-\d\d [\d:.]+: [IW] ")
"""What TensorFlow logs of itself while it starts."""


def _everything(talk: IO[bytes]) -> str:
    talk.seek(0)
    text = talk.read().decode("utf-8", errors="replace")
    return "\n".join(line.rstrip() for line in text.splitlines() if line.strip() and not NOISE.match(line))
