"""From the paths a user names to the files to lint, each with its settings.

Directories are walked in sorted order, as git sees them: .gitignore and .git/info/exclude hold, symbolic links to
directories are not followed. A file that is named is linted whatever its suffix, unless `force-exclude` says otherwise.
A file with several names is linted once, by its own name before that of a link.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from mllint.archive import SUFFIXES as MODEL_SUFFIXES
from mllint.files.regular_files import read_regular
from mllint.files.sharding import WHOLE, Shard
from mllint.results import Diagnostic
from mllint.settings import Settings, SettingsError, SettingsFinder

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

SUFFIXES: Final = (".py", ".pyw", ".ipynb")
VIRTUAL_ENVIRONMENT: Final = "pyvenv.cfg"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to lint, by the path that is shown to the user, and the settings that hold for it."""

    path: str
    settings: Settings


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A saved model, a file or a directory, in the same way."""

    path: str
    settings: Settings


Found: TypeAlias = "SourceFile | ModelFile | Diagnostic"
IsModel: TypeAlias = Callable[[Path], bool]
"""Whether an absolute path that is met on the way is a saved model to judge."""


def no_models(path: Path) -> bool:
    return False


def discover(
    paths: Iterable[str], finder: SettingsFinder, is_model: IsModel = no_models, shard: Shard = WHOLE
) -> Iterator[Found]:
    """The files of the shard to lint, each once, and what went wrong on the way to them.

    A model file that is named is judged as one; `is_model` picks those below directories.
    """
    real_directory = cache(os.path.realpath)
    seen: set[str | Diagnostic] = set()
    for found in _links_last(found for path in paths for found in _below(path, finder, is_model)):
        key = found if isinstance(found, Diagnostic) else _real(found.path, real_directory)
        if key in seen:
            continue
        seen.add(key)
        if isinstance(found, Diagnostic) or shard.holds(found.path):
            yield found


def _real(path: str, real_directory: Callable[[str], str]) -> str:
    """The path without symbolic links; many files lie in one directory."""
    directory, name = os.path.split(path)
    return os.path.realpath(path) if os.path.islink(path) else os.path.join(real_directory(directory), name)


def _links_last(found: Iterable[Found]) -> Iterator[Found]:
    """Symbolic links behind everything else, so that a file that has a name of its own is met by that."""
    links: list[Found] = []
    for one in found:
        if not isinstance(one, Diagnostic) and os.path.islink(one.path):
            links.append(one)
        else:
            yield one
    yield from links


def _below(path: str, finder: SettingsFinder, is_model: IsModel) -> Iterator[Found]:
    shown = path.removeprefix("./") or ("." if path else "''")
    if not os.path.lexists(path):
        yield Diagnostic(shown, "no such file or directory")
        return
    if not os.path.exists(path):
        yield Diagnostic(shown, "broken symbolic link")
        return
    absolute = Path(os.path.abspath(path))
    is_directory = absolute.is_dir()
    if not is_directory and not absolute.is_file():
        yield Diagnostic(shown, "neither a file nor a directory")  # reading a pipe would wait forever
        return
    try:
        settings = finder.for_directory(absolute if is_directory else absolute.parent)
    except SettingsError as error:
        yield mistake(error)
        return
    if settings.force_exclude and settings.excludes(absolute, is_directory, absolute):
        return
    if is_model(absolute) or (not is_directory and absolute.suffix in MODEL_SUFFIXES):
        yield ModelFile(shown, settings)
    elif is_directory:
        named = _Directory(absolute, "" if shown == "." else shown, _ignored_from_above(absolute))
        yield from _Walk(absolute, finder, is_model).files(named)
    else:
        yield SourceFile(shown, settings)


def mistake(error: SettingsError) -> Diagnostic:
    """A mistake in the settings, as it is shown."""
    return Diagnostic(shown_path(error.source), error.message, error.line, error.column)


def shown_path(source: str) -> str:
    """A configuration file below the working directory by its relative path."""
    path, here = Path(source), Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else source


# ---------------------------------------------------------------- walking


@dataclass(frozen=True, slots=True)
class _Ignores:
    """The patterns of one .gitignore."""

    root: Path
    spec: GitIgnoreSpec

    def verdict(self, path: Path, is_directory: bool) -> bool | None:
        """Whether the path is ignored; None where no pattern speaks of it."""
        return self.spec.check_file(path.relative_to(self.root).as_posix() + "/" * is_directory).include


@dataclass(frozen=True, slots=True)
class _Directory:
    path: Path
    shown: str
    ignores: tuple[_Ignores, ...]
    """Innermost last."""


@dataclass(frozen=True, slots=True)
class _Walk:
    """A walk below `named`, the directory that the user asked for."""

    named: Path
    finder: SettingsFinder
    is_model: IsModel

    def files(self, directory: _Directory) -> Iterator[Found]:
        pending: list[_Directory | Found] = [directory]
        while pending:
            item = pending.pop()
            if isinstance(item, _Directory):
                pending.extend(reversed(list(self._entries(item))))
            else:
                yield item

    def _entries(self, directory: _Directory) -> Iterator[_Directory | Found]:
        try:
            settings = self.finder.for_directory(directory.path)
            with os.scandir(directory.path) as scan:
                entries = sorted(scan, key=lambda entry: entry.name)
        except SettingsError as error:
            yield mistake(error)
            return
        except OSError as error:
            yield Diagnostic(directory.shown or ".", f"cannot list the directory: {error.strerror}")
            return
        names = {entry.name for entry in entries}
        if VIRTUAL_ENVIRONMENT in names and directory.path != self.named:
            return
        ignores = (*directory.ignores, *(_ignores(directory.path, ".gitignore") if ".gitignore" in names else ()))
        for entry in entries:
            path = directory.path / entry.name
            is_directory = entry.is_dir(follow_symlinks=False)
            is_source = not is_directory and entry.name.endswith(SUFFIXES)
            is_model = not is_source and (is_directory or _is_file(entry)) and self.is_model(path)
            if not is_directory and not is_source and not is_model:
                continue
            if settings.excludes(path, is_directory, self.named) or _is_ignored(path, is_directory, ignores):
                continue
            shown = os.path.join(directory.shown, entry.name)
            if is_model:
                yield ModelFile(shown, settings)
            elif is_directory:
                yield _Directory(path, shown, ignores)
            elif _is_file(entry):
                yield SourceFile(shown, settings)
            elif entry.is_symlink() and not path.exists():
                yield Diagnostic(shown, "broken symbolic link")


def _is_file(entry: os.DirEntry[str]) -> bool:
    """Also through a link; one that leads to itself leads to no file."""
    try:
        return entry.is_file()
    except OSError:
        return False


# ---------------------------------------------------------------- .gitignore


def _is_ignored(path: Path, is_directory: bool, ignores: tuple[_Ignores, ...]) -> bool:
    verdicts = (ignore.verdict(path, is_directory) for ignore in reversed(ignores))
    return next((verdict for verdict in verdicts if verdict is not None), False)


@cache
def _ignored_from_above(directory: Path) -> tuple[_Ignores, ...]:
    """What the git repository around a directory that the user named ignores, outermost first.

    Patterns that ignore the directory itself do not count: it is asked for.
    """
    above: list[Path] = []
    for parent in directory.parents if not (directory / ".git").exists() else ():
        above.insert(0, parent)
        if (parent / ".git").exists():
            break
    else:
        above = []
    top = above[0] if above else directory
    ignores = [
        *_ignores(top, ".git/info/exclude"),
        *(found for parent in above for found in _ignores(parent, ".gitignore")),
    ]
    return tuple(ignore for ignore in ignores if directory == ignore.root or not ignore.verdict(directory, True))


def _ignores(directory: Path, name: str) -> tuple[_Ignores, ...]:
    """The patterns in a directory's ignore file; none where there is no such file."""
    from pathspec import GitIgnoreSpec

    try:
        lines = read_regular(directory / name).decode("utf-8", errors="replace").splitlines()
    except OSError:
        return ()
    try:
        spec = GitIgnoreSpec.from_lines(lines)
    except ValueError:
        spec = GitIgnoreSpec.from_lines(line for line in lines if _is_pattern(line))
    return (_Ignores(directory, spec),)


def _is_pattern(line: str) -> bool:
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True
