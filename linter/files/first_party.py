"""Where the modules of a program are on disk, and what was looked at to find them.

Directories are searched in Python's order as far as the files tell it: that of the linted file, as Python does for a
script, else those from which its package, or the project, may be imported. A name that several of them have is not
followed, nor is one of a library.

https://docs.python.org/3/library/sys_path_init.html, https://docs.python.org/3/reference/import.html#searching
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from mllint.files.seen import Seen
from mllint.files.traces import FILE, LARGEST_FILE, presence

if TYPE_CHECKING:
    from mllint.settings import Settings
    from mllint.source.parsing.parsed import ParsedFile
    from mllint.source.text.document import Document

LARGEST_TOTAL: Final = 4 * 1024 * 1024
"""Bytes of all files that are read for one linted file."""
MOST_FILES: Final = 64
KEPT: Final = 128
"""Syntax trees that are kept for the next linted file."""

INIT: Final = "__init__.py"
LIBRARIES: Final = frozenset(
    {
        "keras", "keras_preprocessing", "tensorflow", "tensorflow_core", "tf", "tf_keras",
        "jax", "matplotlib", "numpy", "pandas", "scipy", "sklearn", "tensorflow_datasets", "tensorflow_probability",
        "torch",
    }
)  # fmt: skip
"""Never a program's own, besides what comes with Python: the knowledge tables say what their names mean."""
INSTALLED: Final = frozenset({"site-packages", "dist-packages"})
_CHANGES_THE_SEARCH: Final = re.compile(r"sys\.path(?<!\wsys\.path)(?:\.insert\b|(?:\[[^]]*\])?\s*=[^=])")
"""It begins with letters, which are found faster than the beginning of a word."""


NOTHING: Final[Mapping[str, bytes]] = MappingProxyType({})
_OPEN: Final[ContextVar[Mapping[str, bytes]]] = ContextVar("open_documents", default=NOTHING)


@contextmanager
def open_documents(contents: Mapping[str, bytes]) -> Iterator[None]:
    """What is linted here sees these contents, by absolute path, in place of what is on disk; an editor has them."""
    token = _OPEN.set(contents)
    try:
        yield
    finally:
        _OPEN.reset(token)


class FirstParty:
    """The other modules of the program that a linted file belongs to; see `mllint.source.modules.Modules`.

    `asked` says what the answers depend on: every path that was looked at, with what was there, as
    `mllint.files.traces` tells it: the SHA-256 of a file that was read. `overlay` holds what open documents contain, by
    absolute path, in place of what is on disk.
    """

    def __init__(
        self, path: str, text: str, directories: Sequence[Path] = (), overlay: Mapping[str, bytes] = NOTHING
    ) -> None:
        self._seen = Seen(overlay)
        self.asked = self._seen.asked
        self._path = os.path.abspath(path)
        self._shown_path = path
        self._overlay = overlay
        self._listed: dict[str, frozenset[str]] = {}
        self._located: dict[tuple[str, str], str | None] = {}
        self._read: dict[str, ParsedFile | None] = {}
        self._documents: dict[str, Document | None] = {}
        self._bytes = 0
        self._around = self._directories_around(directories)
        self._roots = self._search_path()
        self._order_is_known = _CHANGES_THE_SEARCH.search(text) is None

    # ---- Modules ---------------------------------------------------------------------------------------------------

    def locate(self, dotted: str, importer: str | None) -> str | None:
        """Where a module is: a file, or a directory that is a namespace package. None for libraries, for what is not
        there, and where several directories have it."""
        file = importer if importer is not None else self._path
        directory = os.path.dirname(file)
        key = dotted, directory
        if key not in self._located:
            found = self._relative(dotted, directory) if dotted.startswith(".") else self._absolute(dotted, directory)
            self._located[key] = found if found is not None and not self._is_library(found) else None
        return self._located[key]

    def below(self, package: str, name: str) -> str | None:
        """Where the module of this name in a package is."""
        directory = os.path.dirname(package) if os.path.basename(package) == INIT else package
        return self._in_directory(directory, name) if not directory.endswith(".py") else None

    def name(self, module: str) -> str:
        """The full dotted name of a module: its packages' names before its own."""
        directory, file = os.path.split(module)
        parts = [] if file == INIT else [file.removesuffix(".py")]
        while self._has(os.path.join(directory, INIT)):
            directory, package = os.path.split(directory)
            parts.insert(0, package)
        return ".".join(parts)

    def read(self, module: str) -> ParsedFile | None:
        """The file of a module; None where it has none, cannot be read or parsed, or is too much to read."""
        if module not in self._read:
            self._read[module] = self._parsed(module) if module.endswith(".py") else None
        return self._read[module]

    def is_read_file(self, module: str) -> bool:
        """Whether the module is the linted file."""
        return module == self._path

    def bytes_of(self, module: str) -> bytes | None:
        """What a module's file holds; None where it has none or it is too large."""
        return self._seen.read(module) if module.endswith(".py") or module in self._overlay else None

    def data(self, path: str, opener: str | None) -> Document | None:
        """The file that the program opens by a path, as text; None where it is not known which one that is, where it
        lies outside of the program, cannot be read, or is too much to read."""
        from mllint.files.data_files import DataFiles

        files = DataFiles((os.path.dirname(self._path), *self._around), self._seen)
        place = files.find(path, os.path.dirname(opener if opener is not None else self._path))
        if place is None or (place not in self._documents and len(self._documents) >= MOST_FILES):
            return None
        if place not in self._documents:
            self._documents[place] = files.document(place, self._shown(place))
        return self._documents[place]

    # ---- where ------------------------------------------------------------------------------------------------------

    def _directories_around(self, directories: Sequence[Path]) -> tuple[str, ...]:
        """Those of these directories, and the working directory, that hold the linted file."""
        own = os.path.dirname(self._path)
        return tuple(str(one) for one in (*directories, Path.cwd()) if Path(own).is_relative_to(one))

    def _search_path(self) -> tuple[str, ...]:
        """The directories to search, that of the linted file first unless it is in a package."""
        own = os.path.dirname(self._path)
        projects = [root for one in self._around for root in (one, os.path.join(one, "src"))]
        package = self._package_root(own)
        first = [own] if package == own else [package, own]
        return tuple(dict.fromkeys((*first, *projects)))

    def _package_root(self, directory: str) -> str:
        """The directory from which the packages around a directory are imported; itself outside of packages."""
        while self._has(os.path.join(directory, INIT)):
            directory = os.path.dirname(directory)
        return directory

    def _relative(self, dotted: str, directory: str) -> str | None:
        name = dotted.lstrip(".")
        for _ in range(len(dotted) - len(name) - 1):
            directory = os.path.dirname(directory)
        if name:
            return self._along(directory, name.split("."))
        init = os.path.join(directory, INIT)
        return init if self._has(init) else directory

    def _absolute(self, dotted: str, directory: str) -> str | None:
        parts = dotted.split(".")
        if not self._order_is_known or _is_of_library(parts[0]):
            return None
        own = os.path.dirname(self._path)
        if self._roots[0] == own and (found := self._regular(own, parts)) is not None:
            return found
        hits = self._hits(self._roots, parts)
        if not hits and directory != own:
            hits = self._hits((self._package_root(directory), directory), parts)
        return hits[0] if len(hits) == 1 else None

    def _hits(self, roots: Sequence[str], parts: Sequence[str]) -> list[str]:
        """A namespace package counts where no directory has a module or package of that name."""
        found = [self._regular(root, parts) for root in roots]
        if not any(found) and not any(self._is_regular(root, parts[0]) for root in roots):
            found = [self._along(root, parts) for root in roots]
        return list(dict.fromkeys(one for one in found if one is not None))

    def _regular(self, root: str, parts: Sequence[str]) -> str | None:
        return self._along(root, parts) if self._is_regular(root, parts[0]) else None

    def _is_regular(self, root: str, name: str) -> bool:
        found = self._in_directory(root, name)
        return found is not None and found.endswith(".py")

    def _along(self, root: str, parts: Sequence[str]) -> str | None:
        place: str | None = root
        for part in parts:
            place = self.below(place, part) if place is not None else None
        return place

    def _in_directory(self, directory: str, name: str) -> str | None:
        """A package goes before a module, and both before a directory without a file that says so."""
        package = os.path.join(directory, name)
        init = os.path.join(package, INIT)
        if self._has(package) and self._has(init):
            return init
        self.asked.setdefault(init, None)
        file = f"{package}.py"
        if self._has(file):
            return file
        return package if self._has(package) and not os.path.isfile(package) else None

    def _has(self, path: str) -> bool:
        directory, name = os.path.split(path)
        if directory not in self._listed:
            try:
                self._listed[directory] = frozenset(os.listdir(directory))
            except OSError:
                self._listed[directory] = frozenset()
        there = name in self._listed[directory] or path in self._overlay
        if path not in self.asked:
            self.asked[path] = (FILE if path in self._overlay else presence(path)) if there else None
        return there

    def _is_library(self, found: str) -> bool:
        return _is_of_library(self.name(found).partition(".")[0]) or not INSTALLED.isdisjoint(Path(found).parts)

    # ---- what -------------------------------------------------------------------------------------------------------

    def _parsed(self, module: str) -> ParsedFile | None:
        from mllint.source.text.document import UnreadableSource

        if len(self._read) >= MOST_FILES:
            return None
        raw = self.bytes_of(module)
        if raw is None or len(raw) > LARGEST_FILE or self._bytes + len(raw) > LARGEST_TOTAL:
            return None
        self._bytes += len(raw)
        try:
            return _parse(self._shown(module), raw)
        except (UnreadableSource, SyntaxError):
            return None

    def _shown(self, module: str) -> str:
        """As users see the path, and would if the module itself was linted as the file is: `./src/train.py` stands
        beside `./src/models.py`."""
        directory, away = os.path.dirname(self._shown_path), _away(module, os.path.dirname(self._path))
        while away[:1] == [os.pardir] and os.path.basename(directory) not in ("", os.curdir, os.pardir):
            directory, away = os.path.dirname(directory), away[1:]
        return os.path.join(directory, *away) if away[:1] != [os.pardir] else module


def _away(module: str, directory: str) -> list[str]:
    try:
        return os.path.relpath(module, directory).split(os.sep)
    except ValueError:  # another drive of Windows
        return [os.pardir]


def modules_of(path: str, text: str, settings: Settings) -> FirstParty | None:
    """The modules of the program that a file belongs to; None where imports are not to be followed."""
    if not settings.follow_imports or not os.path.isdir(os.path.dirname(os.path.abspath(path))):
        return None
    directories = [settings.source.parent] if settings.source is not None else []
    return FirstParty(path, text, directories, _OPEN.get())


@lru_cache(maxsize=KEPT)
def _parse(path: str, raw: bytes) -> ParsedFile:
    """Raises UnreadableSource, and SyntaxError for text that is nested too deeply."""
    from mllint.source.parsing.parsed import parsed_quickly
    from mllint.source.text.depth import check_depth
    from mllint.source.text.document import read_document

    document = read_document(path, raw)
    check_depth(document)
    return parsed_quickly(document)


def _is_of_library(root: str) -> bool:
    return root in sys.stdlib_module_names or root in LIBRARIES


# ---------------------------------------------------------------- which files are worth reading

_MAKES_MODELS: Final = re.compile(rb"\b(?:Sequential|Model)\b|\.compile\s*\(")
_IMPORTS: Final = re.compile(
    rb"^[ \t]*(?:from[ \t]+(?P<base>[.\w]+)[ \t]+import[ \t(]*(?P<names>[\w, \t]*)"
    rb"|import[ \t]+(?P<modules>[\w., \t]+))",
    re.MULTILINE,
)


def imports_models(text: str, modules: FirstParty) -> bool:
    """Whether a file imports one of the program that makes models, or one that imports such a one."""
    seen: set[str] = set()
    waiting: list[tuple[bytes, str | None]] = [(text.encode("utf-8", "replace"), None)]
    while waiting and len(seen) < MOST_FILES:
        raw, importer = waiting.pop()
        for where in _imported(raw, importer, modules):
            if where in seen or modules.is_read_file(where):
                continue
            seen.add(where)
            other = modules.bytes_of(where)
            if other is not None and b"keras" in other and _MAKES_MODELS.search(other) is not None:
                return True
            if other is not None:
                waiting.append((other, where))
    return False


def _imported(raw: bytes, importer: str | None, modules: FirstParty) -> Iterator[str]:
    for found in _IMPORTS.finditer(raw):
        listed = (found["modules"] or found["names"] or b"").decode(errors="replace").split(",")
        names = [one.split()[0] for one in listed if one.split()]
        base = found["base"].decode() if found["base"] is not None else None
        dotted = names if base is None else [base, *(f"{base}{'' if base.endswith('.') else '.'}{n}" for n in names)]
        for name in dotted:
            where = modules.locate(name, importer)
            if where is not None:
                yield where
