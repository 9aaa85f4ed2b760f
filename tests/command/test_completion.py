"""What is completed, by the real shells on a terminal: what a key press makes of a line is then run."""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import signal
import sysconfig
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

SHELLS = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], 'eval "$(mllint completion bash)"'),
    "zsh": (["zsh", "-f", "-i"], 'autoload -U compinit; compinit -u; eval "$(mllint completion zsh)"'),
    "fish": (["fish", "--no-config", "-i"], "mllint completion fish | source"),
}
SECONDS = 60


@dataclass
class Terminal:
    """Somebody's terminal."""

    master: int
    shown: str = ""

    def type(self, text: str) -> None:
        os.write(self.master, text.encode())

    def expect(self, pattern: str) -> None:
        """Waits until something new is shown."""
        end = time.monotonic() + SECONDS
        while not re.search(pattern, self.shown):
            assert time.monotonic() < end, f"{pattern!r} is not shown: {self.shown!r}"
            if select.select([self.master], [], [], 0.2)[0]:
                self.shown += os.read(self.master, 65536).decode(errors="replace")
        self.shown = ""


@pytest.fixture(params=SHELLS)
def terminal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Terminal]:
    """One in which a shell has read the script for it."""
    arguments, setup = SHELLS[request.param]
    if shutil.which(arguments[0]) is None:
        pytest.skip(f"{arguments[0]} is not installed")
    environment = {
        **os.environ,
        "PATH": f"{sysconfig.get_path('scripts')}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "TERM": "xterm",
        "COLUMNS": "200",
        "HISTFILE": "",
    }
    shell, master = pty.fork()
    if shell == 0:
        os.chdir(tmp_path)
        os.execvpe(arguments[0], arguments, environment)
    terminal = Terminal(master)
    terminal.type(f"{setup}; echo rea''dy\n")
    terminal.expect("ready")
    yield terminal
    os.killpg(shell, signal.SIGKILL)
    os.waitpid(shell, 0)
    os.close(master)


def test_shells_complete(terminal, tmp_path):
    (tmp_path / "unlike_any_command.py").write_text("x = 1\n", encoding="utf-8")
    terminal.type("mllint conv\t--help\n")
    terminal.expect(r"Usage: mllint convert")
    terminal.type("mllint rule one-unit-so\t\n")
    terminal.expect(r"# one-unit-softmax")
    terminal.type("mllint --sel\tMLL104 --show-sett\t\n")
    terminal.expect(r'select = \["MLL104"\]')
    terminal.type("mllint check --select one-unit-so\t--show-settings\n")
    terminal.expect(r'select = \["one-unit-softmax"\]')
    terminal.type("mllint --output-format gith\t--show-settings\n")
    terminal.expect(r'output-format = "github"')
    terminal.type("mllint unlike\t\n")
    terminal.expect(r"Found nothing in 1 file")


@pytest.mark.parametrize("terminal", ["bash", "zsh"], indirect=True)
def test_each_part_of_a_list_is_completed(terminal):
    terminal.type("mllint --select MLL104,one-unit-so\t--show-settings\n")
    terminal.expect(r'select = \["MLL104", "one-unit-softmax"\]')


def asked(mllint, *words: str) -> list[str]:
    """What is offered for the last word, as bash asks."""
    environment = {
        "_MLLINT_COMPLETE": "bash_complete",
        "COMP_WORDS": " ".join(words),
        "COMP_CWORD": str(len(words) - 1),
    }
    run = mllint(environment=environment, program="from mllint.cli import main; main()")
    return run.stdout.split()


def test_what_is_offered(mllint):
    rules = asked(mllint, "mllint", "rule", "")
    assert {"plain,one-unit-softmax", "plain,MLL104"} <= set(rules)
    selectors = asked(mllint, "mllint", "check", "--ignore", "")
    assert set(selectors) == {*rules, *(f"plain,{one}" for one in ("all", *families()))}
    assert {"plain,check", "plain,verify"} <= set(asked(mllint, "mllint", ""))
    assert {"plain,--version", "plain,--select", "plain,--diff-base"} <= set(asked(mllint, "mllint", "--"))
    assert asked(mllint, "mllint", "src/") == ["file,src/"]
    assert asked(mllint, "mllint", "--baseline", "b") == ["file,b"]


def families() -> set[str]:
    from mllint import registry

    return {rule.family for rule in registry.rules()}
