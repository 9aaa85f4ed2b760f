"""The repositories that files lie in, and which files of them were changed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from mllint.changed_lines.git import CannotCompare, git


@dataclass(frozen=True)
class Repository:
    """A working tree, and the commit that it is compared with."""

    top: Path
    base: str | None
    """None where there was nothing: all is new."""

    def is_changed(self, path: Path) -> bool:
        """Whether a file was changed, or anything below a directory; what git does not track was."""
        name = self._name(path)
        if name in self._old_contents or self.base is None:
            return True
        if path.is_dir():
            below = f"{name}/"
            return any(changed.startswith(below) for changed in self._old_contents) or not any(
                tracked.startswith(below) for tracked in self._tracked
            )
        return name not in self._tracked

    def before(self, path: Path) -> bytes | None:
        """The contents of a changed file before that, under another name maybe; None where it is new."""
        blob = self._old_contents.get(self._name(path))
        return git(self.top, "cat-file", "blob", blob) if blob else None

    def _name(self, path: Path) -> str:
        return path.relative_to(self.top).as_posix()

    @cached_property
    def _old_contents(self) -> Mapping[str, str | None]:
        """The changed files that are still there; each with the object that holds what it was."""
        if self.base is None:
            return {}
        raw = git(self.top, "diff", "--raw", "-z", "--no-abbrev", "--find-renames", "--no-ext-diff", self.base, "--")
        fields = iter(os.fsdecode(raw or b"").split("\0"))
        found: dict[str, str | None] = {}
        for header in filter(None, fields):  # :100644 100644 <old object> <new object> M
            _, _, old, _, status = header.split(" ")
            name = next(fields)
            if status[0] in "RC":
                name = next(fields)
            if status[0] != "D" and not found.get(name):  # what is in conflict comes twice
                found[name] = None if set(old) == {"0"} else old
        return found

    @cached_property
    def _tracked(self) -> frozenset[str]:
        return frozenset(os.fsdecode(git(self.top, "ls-files", "-z") or b"").split("\0"))


@dataclass(frozen=True, slots=True)
class Repositories:
    """The repositories around files, each found once, and compared with one revision."""

    revision: str
    _by_directory: dict[Path, Repository] = field(default_factory=dict)
    _by_top: dict[Path, Repository] = field(default_factory=dict)

    def around(self, path: Path) -> Repository:
        """The repository that a path lies in. Raises CannotCompare."""
        real = Path(os.path.realpath(path))
        directory = real if real.is_dir() else real.parent
        if directory not in self._by_directory:
            self._by_directory[directory] = self._found(directory)
        return self._by_directory[directory]

    def _found(self, directory: Path) -> Repository:
        top = _directory(directory, "--show-toplevel")
        if top is None:
            raise CannotCompare(f"{directory} has no files of a repository")
        if top not in self._by_top:
            self._by_top[top] = Repository(top, self._base(top))
        return self._by_top[top]

    def _base(self, top: Path) -> str | None:
        outer = _directory(top, "--show-superproject-working-tree")
        if outer is None or Path(os.path.realpath(Path.cwd())).is_relative_to(top):
            return _left_from(self.revision, top)
        around = self.around(outer)
        return _of_submodule(top, around) if around.base is not None else None


def _directory(inside: Path, which: str) -> Path | None:
    found = os.fsdecode(git(inside, "rev-parse", which) or b"").removesuffix("\n")
    return Path(os.path.realpath(found)) if found else None


def _left_from(revision: str, top: Path) -> str:
    """The commit at which HEAD left the revision."""
    commit = (
        None if revision.startswith("-") else _text(top, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    )
    if not commit:
        raise CannotCompare(f"no such revision{_hint(top)}")
    base = _text(top, "merge-base", commit, "HEAD")
    if not base:
        raise CannotCompare(f"has no commit in common with HEAD{_hint(top)}")
    return base


def _of_submodule(top: Path, around: Repository) -> str | None:
    """The commit that the repository around a submodule had of it; None where it had no such submodule."""
    name = top.relative_to(around.top).as_posix()
    commit = _text(around.top, "rev-parse", "--verify", "--quiet", f"{around.base}:{name}")
    if commit and _text(top, "cat-file", "-t", commit) != "commit":
        raise CannotCompare(f"the submodule {name} lacks commit {commit}: git -C {name} fetch")
    return commit


def _hint(top: Path) -> str:
    is_shallow = _text(top, "rev-parse", "--is-shallow-repository") == "true"
    return "; this is a shallow clone, which may lack it: git fetch --unshallow" if is_shallow else ""


def _text(top: Path, *arguments: str) -> str | None:
    printed = git(top, *arguments)
    return printed.decode().strip() if printed is not None else None
