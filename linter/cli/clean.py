"""`mllint clean`: removes the cache."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from mllint.cli.options import CACHE_DIR, CONFIG, ISOLATED, settings_finder
from mllint.cli.talk import CLEAN, FAILED, say, say_error


@click.command()
@click.argument("paths", nargs=-1, type=click.Path())
@CACHE_DIR
@CONFIG
@ISOLATED
@click.pass_context
def clean(context: click.Context, /, paths: tuple[str, ...], **options: Any) -> None:
    """Remove what earlier runs kept of reports on the files in PATHS, by default on those in the current directory."""
    from mllint.cache.directory import named_by, remove
    from mllint.files.discovery import shown_path
    from mllint.results import Diagnostic

    finder = settings_finder({"select": (), "extend_select": (), "ignore": (), **options})
    places = [os.path.abspath(path) for path in paths or (".",)]
    governing = (finder.for_directory(path if path.is_dir() else path.parent) for path in map(Path, places))
    found = {named_by(settings): settings for settings in governing}
    for directory, settings in found.items():
        try:
            for cache in remove(settings):
                say(f"removed {shown_path(str(cache))}")
        except OSError as error:
            say_error(Diagnostic(shown_path(str(directory)), f"cannot be removed: {error.strerror}"))
            context.exit(FAILED)
    context.exit(CLEAN)
