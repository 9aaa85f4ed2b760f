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
        self.heard = 0
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

    def rounds(self) -> list[str]:
        """What was said in each round that is over."""
        return self.said.read_text(encoding="utf-8").split(f"{SAID}\n")[:-1]

    def says(self, text: str) -> None:
        """Waits for a round, after those that were waited for, in which this is said."""
        end = time.monotonic() + SECONDS
        while not any(text in said for said in self.rounds()[self.heard :]):
            assert self.process.poll() is None and time.monotonic() < end, self.rounds()
            time.sleep(0.05)
        self.heard = len(self.rounds())

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


@pytest.fixture
def save(tmp_path: Path) -> Callable[[str, str], None]:
    """Puts a whole file in its place at once, as editors do: no round sees a half."""

    def save_file(name: str, text: str) -> None:
        path = tmp_path / "project" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_name(f"{path.name}.new").write_text(text, encoding="utf-8")
        os.replace(path.with_name(f"{path.name}.new"), path)

    return save_file


def test_every_change_is_judged_until_ctrl_c(watcher, save, flawed, sound):
    save("src/train.py", sound)
    save("mllint.toml", "")
    watching = watcher()
    watching.says("Found nothing in 1 file")
    save("src/train.py", flawed)
    watching.says("src/train.py:8:38: error[MLL101]")
    save("src/new.py", sound)
    watching.says("in 1 of 2 files")
    save("mllint.toml", 'ignore = ["MLL101"]\n')
    watching.says("Found nothing in 2 files")
    save("notes.txt", "nothing that concerns anybody")
    save("mllint.toml", "selct = []\n")
    watching.says("unknown key `selct`")
    assert watching.interrupt() == 130
    assert "Traceback" not in watching.said.read_text(encoding="utf-8")


def test_a_file_that_is_named_may_be_replaced_by_another(watcher, save, flawed, sound):
    save("train.py", sound)
    save("other.py", sound)
    watching = watcher("train.py")
    watching.says("Found nothing in 1 file")
    save("other.py", flawed)
    save("train.py", flawed)
    watching.says("train.py:8:38: error[MLL101]")
    save("train.py", sound)
    watching.says("Found nothing in 1 file")


def test_what_a_round_writes_begins_no_other(watcher, save, flawed):
    save("train.py", flawed)
    save("mllint.toml", 'cache-dir = "kept"\n')
    watching = watcher("-o", "report.json", "-o", "sarif=deep.json", ".")
    watching.says("train.py:8:38")
    save("report.py", flawed)
    watching.says("report.py:8:38")
    time.sleep(2)  # longer than changes are gathered
    assert len(watching.rounds()) == watching.heard
    assert "report.py" in (watching.said.parent / "project" / "report.json").read_text(encoding="utf-8")


EDITED_WHILE_IT_RUNS = """\
from pathlib import Path
from mllint.cli.watching import watch

runs = []

def run():
    runs.append(Path("train.py").read_text())
    if len(runs) == 2:
        raise KeyboardInterrupt
    Path("train.py").write_text("edited")
    return 0

print(watch(["."], run, quiet=True), runs)
"""


def test_an_edit_in_the_first_round_is_seen(mllint, write):
    write({"train.py": "as it was"})
    assert mllint(program=EDITED_WHILE_IT_RUNS).stdout == "130 ['as it was', 'edited']\n"


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
