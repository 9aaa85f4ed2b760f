"""What runs in a worker process: questions come in on its standard input, answers go out on its standard output."""

from __future__ import annotations

import gc
import os
import pickle
import signal
import sys
from itertools import count
from typing import BinaryIO, Final

from mllint.crashes import REPORT_IT, one_line
from mllint.server.workers import HEADER

COLLECTED_AFTER: Final = 25
"""Questions from one collection of garbage to the next. To look for it in the syntax trees that are kept takes longer
than an analysis, and an analysis of 500 lines leaves 3 MB of it."""


def main() -> None:
    """Ends with its input. Whatever is printed on the way is kept out of the answers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the interrupt is the server's to see
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    questions = sys.stdin.buffer
    gc.disable()
    for number in count(1):
        asked = _read(questions)
        if asked is None:
            return
        answer = pickle.dumps(_answered(asked))
        answers.write(HEADER.pack(len(answer)) + answer)
        answers.flush()
        if number % COLLECTED_AFTER == 0:
            gc.collect()


def _read(questions: BinaryIO) -> bytes | None:
    header = questions.read(HEADER.size)
    return questions.read(HEADER.unpack(header)[0]) if len(header) == HEADER.size else None


def _answered(asked: bytes) -> tuple[bool, object]:
    """Whether there is an answer, and the answer or what went wrong."""
    try:
        question, arguments, named = pickle.loads(asked)
        return True, question(*arguments, **named)
    except Exception as error:
        return False, f"reading crashed: {one_line(error)}; {REPORT_IT}"
