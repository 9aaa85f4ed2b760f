"""`mllint` and `python -m mllint`. The version is told without the command line, which takes longer to import."""

from __future__ import annotations

import os
import sys

from mllint import TYPE_CHECKING, __version__

if TYPE_CHECKING:
    from typing import NoReturn


def main() -> NoReturn:
    """The console script."""
    if sys.argv[1:] == ["--version"] and _told(f"mllint {__version__}"):
        sys.exit()
    from mllint.cli import main as command_line

    command_line()


def _told(line: str) -> bool:
    """False where the output cannot be written: the command line says why."""
    try:
        print(line, flush=True)
    except OSError:
        return False
    return True


def _search_no_working_directory() -> None:
    """`python -m` puts it first, and code that is linted may have a yaml.py. An absent one is not searched."""
    try:
        here = os.getcwd()
    except FileNotFoundError:
        return
    if sys.path[:1] == [here]:
        del sys.path[0]


if __name__ == "__main__":
    _search_no_working_directory()
    main()
