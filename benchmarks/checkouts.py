"""Third-party repositories on this disk: where the benchmarks find the programs that the labels speak of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

SOURCES = (".py", ".ipynb")


@dataclass(frozen=True, slots=True)
class Checkout:
    """A repository "owner/name" and its folder."""

    repo: str
    root: Path

    @property
    def file_name(self) -> str:
        """The repository's name as one file name."""
        return self.repo.replace("/", "+")

    def sources(self) -> Iterator[Path]:
        """Its Python files and notebooks, sorted."""
        yield from sorted(path for path in self.root.rglob("*") if path.suffix in SOURCES and path.is_file())


def checkout(text: str) -> Checkout:
    """The checkout that a command line names: owner/name=FOLDER, or a FOLDER called owner+name or owner/name."""
    repo, equals, folder = text.rpartition("=")
    root = Path(folder)
    if not root.is_dir():
        raise click.BadParameter(f"{folder} is no folder")
    absolute = root.resolve()
    if not equals:
        repo = absolute.name.replace("+", "/", 1) if "+" in absolute.name else "/".join(absolute.parts[-2:])
    return Checkout(repo, root)


def find_checkout(repo: str, named: tuple[Checkout, ...], parent: Path | None) -> Checkout | None:
    """The checkout of `repo`: one of those named, else parent/owner+name, else parent/owner/name."""
    for candidate in named:
        if candidate.repo == repo:
            return candidate
    for folder in (repo.replace("/", "+"), repo):
        if parent is not None and (parent / folder).is_dir():
            return Checkout(repo, parent / folder)
    return None
