"""What a report depends on besides the files that were read, as the name of the file that keeps it."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from importlib.util import find_spec
from typing import Final

from mllint import __version__, knowledge_files
from mllint.settings import Settings

FORMAT: Final = 2
"""Counts the ways in which files of the cache were written."""
NOT_JUDGING: Final = frozenset(
    {
        "baseline", "cache_dir", "fix", "force_exclude", "output_format",
        "show_not_judged", "show_refused", "source", "unsafe_fixes",
    }
)  # fmt: skip
"""Settings that change which files are judged, or what becomes of reports; any other may change a report. Modules are
searched beside the settings file, and what is excluded is not reported on from elsewhere either."""
CODE: Final = (".py", ".yaml", ".md")


def key_for(settings: Settings, kind: str) -> str:
    """Changes with whatever may change a report. Raises SettingsError for knowledge files that are wrong.

    The times at which the files of this installation were written are a part of it: nobody else can know a key, to put
    reports there that mllint never made.
    """
    judging = [(one.name, getattr(settings, one.name)) for one in fields(settings) if one.name not in NOT_JUDGING]
    taught = knowledge_files.digest(settings.knowledge)
    beside = str(settings.source.parent) if settings.source is not None else None
    told = repr((FORMAT, kind, os.getcwd(), beside, judging, taught, _installation()))
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


@cache
def _installation() -> tuple[object, ...]:
    """mllint as it is installed, its plugins, and what reads sources for it."""
    from mllint.registry import plugins

    packages = ("mllint", "mllint.rules", *plugins.packages())
    parser = find_spec("libcst")
    parsed_by = _file(parser.origin) if parser is not None and parser.origin is not None else None
    return __version__, sys.version, parsed_by, tuple((name, tuple(_files_of(name))) for name in packages)


def _files_of(package: str) -> Iterator[tuple[str, int, int]]:
    """The files of an installed package."""
    spec = find_spec(package)
    for directory in (spec.submodule_search_locations or ()) if spec is not None else ():
        for above, below, names in os.walk(directory):
            below[:] = sorted(name for name in below if name != "__pycache__")
            for name in sorted(names):
                if name.endswith(CODE):
                    yield _file(os.path.join(above, name))


def _file(path: str) -> tuple[str, int, int]:
    """Path, size and time."""
    found = os.stat(path)
    return path, found.st_size, found.st_mtime_ns
