"""Patterns of paths, as in .gitignore."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

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
        spec = compiled(self.globs)
        is_asked_for = (
            path != named and named.is_relative_to(self.root) and spec.match_file(_relative(named, self.root))
        )
        base = self.root if path.is_relative_to(self.root) and not is_asked_for else named
        return spec.match_file(_relative(path, base) + "/" * is_directory)


@cache
def compiled(globs: tuple[str, ...]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(globs)


def _relative(path: Path, base: Path) -> str:
    return path.relative_to(base).as_posix() if path != base else path.name
