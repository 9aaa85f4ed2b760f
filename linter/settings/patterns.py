"""Patterns of paths, as in .gitignore."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

DEFAULT_EXCLUDE: Final = (
    ".bzr", ".direnv", ".eggs", ".git", ".git-rewrite", ".hg", ".ipynb_checkpoints", ".mypy_cache", ".nox",
    ".pants.d", ".pyenv", ".pytest_cache", ".pytype", ".ruff_cache", ".svn", ".tox", ".venv", ".vscode",
    ".#*", "__pycache__", "__pypackages__", "_build", "build", "dist", "node_modules", "site-packages", "venv",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Patterns:
    """Patterns as in .gitignore, relative to the directory of the file, or of the command, that states them."""

    globs: tuple[str, ...]
    root: Path

    def cover(self, path: Path, is_directory: bool, named: Path) -> bool:
        """Whether a pattern means an absolute path that was reached from `named`, which the user asked for.

        What lies above `named` does not count: `mllint build` is asked to look into build.
        """
        patterns = compiled(self.globs)
        below_root = _below(path, self.root)
        counts_from_root = below_root is not None and (path == named or not _is_named(self.globs, self.root, named))
        relative = below_root if counts_from_root else _below(path, named)
        assert relative is not None
        return patterns.match(relative or path.name, is_directory)


class Compiled(NamedTuple):
    """Patterns, ready to be asked. Most are names without more, for which no search is needed."""

    names: frozenset[str]
    others: GitIgnoreSpec | None

    def match(self, relative: str, is_directory: bool) -> bool:
        """Whether a path with `/` between its parts is meant, or something that it lies in."""
        if not self.names.isdisjoint(relative.split("/")):
            return True
        return self.others is not None and self.others.match_file(relative + "/" * is_directory)


@cache
def compiled(globs: tuple[str, ...]) -> Compiled:
    is_exception = any(glob.startswith("!") for glob in globs)  # then it matters which pattern is the last to match
    names = frozenset() if is_exception else frozenset(filter(_is_name, globs))
    others = [glob for glob in globs if glob not in names]
    if not others:
        return Compiled(names, None)
    from pathspec import GitIgnoreSpec

    return Compiled(names, GitIgnoreSpec.from_lines(others))


def _is_name(glob: str) -> bool:
    return re.fullmatch(r"[\w.+-]+", glob) is not None and glob.strip(".") != ""


@cache
def _is_named(globs: tuple[str, ...], root: Path, named: Path) -> bool:
    """Whether the user asked for a directory that a pattern means."""
    relative = _below(named, root)
    return relative is not None and compiled(globs).match(relative or named.name, False)


def _below(path: Path, base: Path) -> str | None:
    """The path as seen from a directory, "" for itself; None where it is not in there."""
    whole, above = os.fspath(path), os.fspath(base)
    if os.path.normcase(whole) == os.path.normcase(above):
        return ""
    start = above if above.endswith(os.sep) else above + os.sep
    if not os.path.normcase(whole).startswith(os.path.normcase(start)):
        return None
    return whole[len(start) :].replace(os.sep, "/")
