"""--watch, and the bar of a long run, in real processes."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

SECONDS = 60
SAID = "watching for changes, Ctrl-C ends"


class Watcher:
    """`mllint --watch` in a process."""

    def __init__(self, directory: Path, *arguments: str) -> None:
        self.said = directory.parent / "said.txt"
        with self.said.open("wb") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "mllint", "--watch", "--output-format", "concise", *arguments],
                cwd=directory,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                # as in a terminal, wherever the tests run
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
            )

    def after_rounds(self, number: int) -> list[str]:
        """What was said in each round, once there were so many."""
        end = time.monotonic() + SECONDS
        while (text := self.said.read_text(encoding="utf-8")).count(SAID) < number:
            assert self.process.poll() is None, text
            assert time.monotonic() < end, text
            time.sleep(0.05)
        return text.split(f"{SAID}\n")[:-1]

    def interrupt(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(SECONDS)


@pytest.fixture
def watcher(tmp_path: Path) -> Iterator[Callable[..., Watcher]]:
    started: list[Watcher] = []

    def start(*arguments: str) -> Watcher:
        started.append(Watcher(tmp_path / "project", *arguments))
        return started[-1]

    yield start
    for one in started:
        one.process.kill()
        one.process.wait()


def test_every_change_is_judged_until_ctrl_c(watcher, write, flawed, sound):
    write({"project/src/train.py": sound, "project/mllint.toml": ""})
    watching = watcher()
    assert "Found nothing in 1 file" in watching.after_rounds(1)[0]
    write({"project/src/train.py": flawed})
    assert "src/train.py:8:38: error[MLL101]" in watching.after_rounds(2)[1]
    write({"project/src/new.py": sound})
    assert "in 1 of 2 files" in watching.after_rounds(3)[2]
    write({"project/mllint.toml": 'ignore = ["MLL101"]\n'})
    assert "Found nothing in 2 files" in watching.after_rounds(4)[3]
    write({"project/mllint.toml": "selct = []\n", "project/notes.txt": "nothing that concerns anybody"})
    assert "unknown key `selct`" in watching.after_rounds(5)[4]
    assert watching.interrupt() == 130
    assert "Traceback" not in watching.said.read_text(encoding="utf-8")


def test_a_file_that_is_named_may_be_replaced_by_another(watcher, write, flawed, sound):
    """As editors write."""
    directory = write({"project/train.py": sound, "project/other.py": sound}) / "project"
    watching = watcher("train.py")
    watching.after_rounds(1)
    write({"project/other.py": flawed, "project/train.py.new": flawed})
    os.replace(directory / "train.py.new", directory / "train.py")
    assert "train.py:8:38: error[MLL101]" in watching.after_rounds(2)[1]
    write({"project/train.py.new": sound})
    os.replace(directory / "train.py.new", directory / "train.py")
    assert "Found nothing in 1 file" in watching.after_rounds(3)[2]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--watch", "-"], "--watch looks at files"),
        (["--watch", "nowhere"], "nowhere: error: no such file or directory"),
        (["--watch", "--interactive"], "--watch and --interactive exclude each other"),
        (["--watch", "--show-files"], "--watch and --show_files exclude each other".replace("_", "-")),
    ],
)
def test_what_cannot_be_watched(arguments, message, mllint):
    run = mllint(*arguments)
    assert run.exit_code == 2
    assert message in run.stderr


def test_the_library_is_named_where_it_is_missing(mllint):
    absent = "import sys; sys.modules['watchfiles'] = None; from mllint.cli import main; main()"
    run = mllint("--watch", program=absent)
    assert run.exit_code == 2
    assert "pip install 'mllint-keras[watch]'" in run.stderr


# ---------------------------------------------------------------- the bar


def on_a_terminal(directory: Path, *arguments: str) -> tuple[str, str]:
    """Standard output, which is no terminal, and standard error, which is one; no patience with slow runs."""
    master, slave = pty.openpty()
    impatient = "from mllint.cli import main, progress; progress.PATIENCE = progress.BETWEEN = 0; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", impatient, *arguments],
        cwd=directory,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "100"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=slave,
    )
    os.close(slave)
    shown = b""
    assert process.stdout is not None
    while process.poll() is None or select.select([master], [], [], 0)[0]:
        if select.select([master], [], [], 0.1)[0]:
            try:
                shown += os.read(master, 65536)
            except OSError:  # Linux: the other end is closed
                break
    os.close(master)
    return process.stdout.read().decode(), shown.decode(errors="replace")


def test_a_long_run_says_how_far_it_is(write, flawed, mllint):
    directory = write({f"m{number}.py": flawed for number in range(4)})
    stdout, stderr = on_a_terminal(directory, "--output-format", "concise")
    assert list(dict.fromkeys(re.findall(r"\d/4", stderr))) == ["0/4", "1/4", "2/4", "3/4", "4/4"]
    assert stdout == mllint("--output-format", "concise").stdout
    assert "Found 4 errors in 4 files" in stderr.splitlines()[-1]
    _, quiet = on_a_terminal(directory, "-q")
    assert quiet == ""


def test_a_run_that_is_read_by_programs_shows_no_bar(write, flawed, mllint):
    write({"train.py": flawed})
    impatient = "from mllint.cli import main, progress; progress.PATIENCE = 0; main()"
    assert "1/1" not in mllint(program=impatient).stderr
