"""`--interactive` on a real terminal."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import pytest

pty = pytest.importorskip("pty", reason="needs a system with pseudo-terminals")

PROMPT = re.compile(r"(Make this change|Which change)\? \[[^\]]+\] $")
END_OF_INPUT = "\x04"
CONTROL_C = "\x03"
SILENCE = 120
"""Seconds after which a command that says nothing is taken to hang."""


@dataclass(frozen=True)
class Talk:
    """What stood on the screen, and how it ended."""

    screen: str
    exit_code: int

    @property
    def questions(self) -> int:
        return len(re.findall(r"(Make this change|Which change)\?", self.screen))


def talk(mllint, answers: Sequence[str], *arguments: str) -> Talk:
    """Runs the command on a terminal, and types an answer whenever it asks."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "mllint", "--interactive", *arguments],
        cwd=mllint.directory,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "NO_COLOR": "1"},
        start_new_session=True,
        preexec_fn=_make_terminal_control_the_process,
    )
    os.close(theirs)
    screen, waiting = "", list(answers)
    while True:
        if not select.select([ours], [], [], SILENCE)[0]:
            process.kill()
            raise AssertionError(f"it says nothing more, and does not end:\n{screen}")
        try:
            piece = os.read(ours, 4096).decode(errors="replace")
        except OSError:  # Linux: the other end is closed
            break
        if not piece:
            break
        screen += piece
        if PROMPT.search(screen):
            assert waiting, f"asked once too often:\n{screen}"
            answer = waiting.pop(0)
            os.write(ours, (answer if answer in (END_OF_INPUT, CONTROL_C) else f"{answer}\n").encode())
    os.close(ours)
    screen = screen.replace("\r\n", "\n")
    assert not waiting and "Traceback" not in screen, screen
    return Talk(screen, process.wait(timeout=60))


def _make_terminal_control_the_process() -> None:
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    # A shell lets what it runs in the background ignore Ctrl-C, and that is inherited.
    signal.signal(signal.SIGINT, signal.SIG_DFL)


SAFE = """\
import keras

model = keras.Sequential([keras.layers.Dense(16, activation="relu"), keras.layers.Dense(5)])
model.compile(optimizer="adam", loss=keras.losses.SparseCategoricalCrossentropy())
"""
SAFE_FIXED = SAFE.replace("Crossentropy()", "Crossentropy(from_logits=True)")


def text(mllint, name: str = "a.py") -> str:
    return (mllint.directory / name).read_text()


def test_the_finding_and_its_fixes_are_shown_and_a_number_chooses(mllint, write):
    write({"a.py": SAFE})
    run = talk(mllint, ["1"])
    assert run.exit_code == 0
    assert text(mllint) == SAFE_FIXED
    assert "a.py:4:38: error[MLL201] logits-without-from-logits: " in run.screen
    assert "1. set from_logits=True in the loss (safe)\n--- a.py\n+++ a.py\n" in run.screen
    assert (
        '+model.compile(optimizer="adam", loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))'
        in run.screen
    )
    assert "Fixed 1 problem in 1 file\n" in run.screen


@pytest.mark.parametrize(("answer", "is_made"), [("y", True), ("Y ", True), ("1", True), ("n", False)])
def test_of_one_fix_it_asks_yes_or_no(answer, is_made, mllint, write):
    write({"a.py": SAFE_FIXED + "# mllint: ignore[MLL201]\n"})
    run = talk(mllint, [answer])
    assert run.exit_code == (0 if is_made else 1)
    assert (text(mllint) == SAFE_FIXED) == is_made
    assert "Make this change? [y/n/q] " in run.screen


def test_no_leaves_the_finding(mllint, write):
    write({"a.py": SAFE})
    run = talk(mllint, ["n"])
    assert run.exit_code == 1
    assert text(mllint) == SAFE
    assert "Fixed nothing" in run.screen


def test_one_of_several_ways_is_chosen_by_its_number(mllint, write, flawed):
    results = set()
    for answer in ("1", "2"):
        write({"a.py": flawed})
        run = talk(mllint, [answer])
        assert run.exit_code == 0
        assert re.search(r"\n1\. .+ \(suggestion\)\n(?s:.+)\n2\. .+ \(suggestion\)\n", run.screen)
        results.add(text(mllint))
    assert len(results) == 2 and flawed not in results


def test_what_is_no_answer_is_asked_again(mllint, write, flawed):
    write({"a.py": flawed})
    run = talk(mllint, ["y", "7", "", "N"])
    assert run.questions == 4
    assert text(mllint) == flawed


@pytest.mark.parametrize("quit_", ["q", END_OF_INPUT])
def test_quitting_keeps_what_was_chosen_and_asks_no_more(quit_, mllint, write):
    write({"a.py": SAFE, "b.py": SAFE, "c.py": SAFE})
    run = talk(mllint, ["1", quit_])
    assert run.exit_code == 1
    assert [text(mllint, name) for name in ("a.py", "b.py", "c.py")] == [SAFE_FIXED, SAFE, SAFE]
    assert "Fixed 1 problem in 1 file" in run.screen


def test_an_interrupt_leaves_whole_files(mllint, write):
    write({"a.py": SAFE, "b.py": SAFE})
    run = talk(mllint, ["1", CONTROL_C])
    assert run.exit_code == 2
    assert [text(mllint, name) for name in ("a.py", "b.py")] == [SAFE_FIXED, SAFE]
    assert run.screen.rstrip().endswith("interrupted")


def test_nobody_is_asked_where_nothing_can_be_done(mllint, write, sound):
    write({"a.py": sound})
    assert talk(mllint, []).exit_code == 0


def test_without_a_terminal_it_is_a_mistake_in_the_use(mllint, write):
    write({"a.py": SAFE})
    run = mllint("--interactive")
    assert run.exit_code == 2
    assert "--interactive asks on a terminal, and this is none; --diff shows what --fix would do" in run.stderr
    assert text(mllint) == SAFE
