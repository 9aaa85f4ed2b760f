"""git, run as a program."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Final

OF_A_HOOK: Final = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")
"""What git sets for its hooks: it would hide which repository a directory belongs to."""


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


def _run(directory: Path, *arguments: str | Path) -> subprocess.CompletedProcess[bytes]:
    environment = {name: value for name, value in os.environ.items() if name not in OF_A_HOOK}
    environment["GIT_OPTIONAL_LOCKS"] = "0"
    try:
        return subprocess.run(
            ["git", "-c", "core.fsmonitor=false", *arguments],
            cwd=directory,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except FileNotFoundError:
        raise CannotCompare("git is not installed") from None
    except OSError as error:
        raise CannotCompare(f"git cannot be run: {error.strerror or error}") from None


def _first_line(stderr: bytes) -> str:
    text = stderr.decode("utf-8", "replace").strip().splitlines()
    return text[0].removeprefix("fatal: ").removeprefix("error: ").rstrip(".") if text else "nothing"
