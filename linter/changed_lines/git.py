"""git, run as a program."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final

SECONDS: Final = 120
CONFIGURATION: Final = frozenset({"GIT_CONFIG_PARAMETERS", "GIT_CONFIG_COUNT"})
"""Variables of a repository that git passes on when it looks into another one, as into a submodule."""


class CannotCompare(Exception):
    """There is nothing to compare with. The message starts in lower case and has no final full stop."""


def git(directory: Path, *arguments: str | Path) -> bytes | None:
    """What git prints; None where it fails without a word, as it says no. Raises CannotCompare."""
    done = _run(directory, *arguments)
    if done.returncode == 0:
        return done.stdout
    if not done.stderr:
        return None
    raise CannotCompare(f"git says: {_first_line(done.stderr)}")


def differences(before: Path, after: Path) -> bytes:
    """The patch between two files that need not be in a repository. Raises CannotCompare."""
    options = ("--no-index", "--unified=0", "--inter-hunk-context=0", "--text")
    plain = ("--no-color", "--no-ext-diff", "--no-textconv")
    done = _run(before.parent, "diff", *options, *plain, "--", before, after)
    if done.returncode > 1:
        raise CannotCompare(f"git says: {_first_line(done.stderr)}")
    return done.stdout


def _first_line(stderr: bytes) -> str:
    text = stderr.decode("utf-8", "replace").strip().splitlines()
    return text[0].removeprefix("fatal: ").removeprefix("error: ").rstrip(".") if text else "nothing"


def _run(directory: Path, *arguments: str | Path) -> subprocess.CompletedProcess[bytes]:
    """Raises CannotCompare."""
    with _started(directory, arguments, _environment()) as run:
        try:
            stdout, stderr = run.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            waits = "in a partial clone it may wait for the server"
            raise CannotCompare(f"`git {arguments[0]}` was stopped after {SECONDS} s; {waits}") from None
        finally:
            if run.poll() is None:
                _kill(run)
    return subprocess.CompletedProcess(run.args, run.returncode, stdout, stderr)


def _started(
    directory: Path, arguments: Sequence[str | Path], environment: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    """In a session of its own: what git starts can ask nobody on the terminal, and is ended with it."""
    try:
        return subprocess.Popen(
            ["git", "-c", "core.fsmonitor=false", *arguments],
            cwd=directory,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except FileNotFoundError:
        raise CannotCompare("git is not installed") from None
    except OSError as error:
        raise CannotCompare(f"git cannot be run: {error.strerror or error}") from None


def _kill(run: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        run.kill()
    else:
        with suppress(ProcessLookupError):
            os.killpg(run.pid, signal.SIGKILL)


# ---------------------------------------------------------------- environment


def _environment() -> Mapping[str, str]:
    """Raises CannotCompare."""
    left_out = _of_one_repository()
    kept = {name: value for name, value in os.environ.items() if name not in left_out and not _alters(name)}
    return {**kept, "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}


@cache
def _of_one_repository() -> frozenset[str]:
    """What git sets for its hooks: it would hide which repository a directory belongs to. Raises CannotCompare."""
    with _started(Path.cwd(), ["rev-parse", "--local-env-vars"], os.environ) as run:
        return frozenset(run.communicate()[0].decode().split()) - CONFIGURATION


def _alters(name: str) -> bool:
    """Whether a variable changes patches (before the options do), or has git write more than was asked for."""
    return name == "GIT_DIFF_OPTS" or name.startswith("GIT_TRACE")
