"""What runs in the worker process: limits first, then the model, and one answer over the pipe.

Started by `mllint.live.process` with the number of the pipe and the request as arguments.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from typing import Any, NoReturn

from mllint.live import wire
from mllint.live.refusals import Refused, Unavailable
from mllint.live.request import Request


class Pipe:
    """The way back to the parent; nothing else in this process writes there."""

    def __init__(self, number: int) -> None:
        os.set_inheritable(number, False)
        self._file = os.fdopen(number, "w", encoding="utf-8")
        self.step = "starting"

    def send(self, **message: Any) -> None:
        self._file.write(json.dumps(message) + "\n")
        self._file.flush()

    def say(self, step: str) -> None:
        self.step = step
        self.send(doing=step)


def main() -> NoReturn:
    pipe = Pipe(int(sys.argv[1]))
    request = Request.from_json(sys.argv[2])
    sys.argv = ["mllint"]
    try:
        limit_memory(request.memory_bytes)
        from mllint.live.session import read

        pipe.send(reading=wire.encode(read(request, pipe.say)))
    except Unavailable as error:
        pipe.send(cannot_run=str(error))
    except Refused as error:
        pipe.send(failed=str(error))
    except MemoryError:
        limit = request.memory_bytes
        pipe.send(failed="out of memory" + (f" under a limit of {limit >> 20} MiB (--memory-limit)" if limit else ""))
    except BaseException as error:
        text = " ".join(str(error).split())
        reason = f"{type(error).__name__}: {text[:500]}" if text else type(error).__name__
        pipe.send(failed=f"{reason} (while {pipe.step})", traceback=traceback.format_exc())
    # Threads and exit handlers of frameworks or models may hang, and have nothing left to say.
    os._exit(0)


def limit_memory(number_of_bytes: int | None) -> None:
    """Bounds what this process can allocate, where the system knows such a limit.

    RLIMIT_DATA, not RLIMIT_AS: frameworks reserve far more addresses than they use.
    """
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if number_of_bytes is None:
        return
    try:
        resource.setrlimit(resource.RLIMIT_DATA, (number_of_bytes, number_of_bytes))
    except (ValueError, OSError):
        return
