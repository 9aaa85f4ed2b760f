"""`mllint corpus`: lints a table of sources, on this machine's cores or on a Dask cluster."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import click

from mllint.cli.options import CONFIG, EXTEND_SELECT, IGNORE, ISOLATED, PEDANTIC, QUIET, SELECT, settings_finder
from mllint.cli.output import settings_here
from mllint.cli.talk import CLEAN, FAILED, say
from mllint.processes.safe_path import IS_HEEDED, safe_path

if TYPE_CHECKING:
    from mllint.corpus import Columns
    from mllint.settings import Settings

CONNECT_SECONDS: Final = 20
Counts: TypeAlias = "Mapping[str, int]"
"""Number of rows of each kind that were written."""


class _CannotLint(Exception):
    """The message says why nothing was done."""


@click.command()
@click.argument("path", type=click.Path())
@click.option("--output", "folder", required=True, metavar="FOLDER", help="Where Parquet files with what was found go.")
@click.option("--text", default="content", show_default=True, metavar="COLUMN", help="The column with the source.")
@click.option("--name", metavar="COLUMN", help="The column with its name; one ending in .ipynb is a notebook.")
@click.option("--scheduler", metavar="ADDRESS", help="A Dask cluster, as tcp://host:8786; by default one is started on "
              "the cores of this machine.")  # fmt: skip
@click.option("--workers", type=click.IntRange(1), metavar="N", help="Number of processes of the one that is started.")
@SELECT
@EXTEND_SELECT
@IGNORE
@PEDANTIC
@CONFIG
@ISOLATED
@QUIET
@click.pass_context
def corpus(context: click.Context, /, path: str, folder: str, **options: Any) -> None:
    """Judge a table of sources: a .parquet file or folder, or a .jsonl file, with a source in each row.

    What is found goes to Parquet files, one row for each finding, place that was not judged, or source that could not
    be read. The exit code is 0 when the table was worked through, whatever was found in it.
    """
    try:
        counts = _lint(path, folder, options)
    except _CannotLint as reason:
        say(f"{path}: {reason}")
        context.exit(FAILED)
    if not options["quiet"]:
        said = [f"{count} {kind}" for kind, count in sorted(counts.items())]
        click.echo(f"{', '.join(said) or 'Nothing to say'}: {folder}", err=True)
    context.exit(CLEAN)


def _lint(path: str, folder: str, options: dict[str, Any]) -> Counts:
    """Raises _CannotLint."""
    try:
        from mllint.corpus import Columns
    except ImportError as error:
        raise _CannotLint(f"needs {error.name}: pip install 'mllint-keras[corpus]'") from None
    if not os.path.exists(path):
        raise _CannotLint("no such file or directory")
    if os.path.exists(folder) and (not os.path.isdir(folder) or os.listdir(folder)):
        raise _CannotLint(f"{folder} exists, and nothing is written over")
    settings = settings_here(settings_finder(options))
    return _on_cluster(path, folder, Columns(options["text"], options["name"]), settings, options)


def _on_cluster(path: str, folder: str, columns: Columns, settings: Settings, options: dict[str, Any]) -> Counts:
    from dask.distributed import KilledWorker

    from mllint.corpus import UnreadableCorpus, lint, read

    try:
        rows = read(path, columns)
    except UnreadableCorpus as reason:
        raise _CannotLint(str(reason)) from None
    except (OSError, ValueError) as error:
        raise _CannotLint(f"cannot be read: {_one_line(error)}") from None
    with _client(options["scheduler"], options["workers"]):
        try:
            lint(rows, columns, settings).to_parquet(folder, write_index=False)
        except (KilledWorker, OSError, RuntimeError, ValueError) as error:
            raise _CannotLint(f"not worked through: {_one_line(error)}") from None
        return _counts(folder)


@contextmanager
def _client(address: str | None, workers: int | None) -> Iterator[None]:
    """What Dask computes inside is computed by the cluster at the address, or by processes started for it."""
    from dask.distributed import Client, LocalCluster

    if address is None and not IS_HEEDED:
        raise _CannotLint("processes that import nothing from here can be started from Python 3.11 on, without -E")
    with safe_path(), ExitStack() as closing:
        try:
            cluster = address or closing.enter_context(
                LocalCluster(
                    n_workers=workers, threads_per_worker=1, dashboard_address=None, silence_logs=logging.CRITICAL
                )
            )
            closing.enter_context(Client(cluster, timeout=CONNECT_SECONDS))
        except (ImportError, OSError, TypeError, ValueError) as error:  # nobody answers, or it is no address
            raise _CannotLint(f"no cluster at {address}: {_one_line(error)}") from None
        yield


def _counts(folder: str) -> Counts:
    import dask.dataframe as dd

    counts = dd.read_parquet(folder, columns=["kind"])["kind"].value_counts().compute()
    return {str(kind): int(count) for kind, count in counts.items()}


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
