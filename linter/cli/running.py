"""The part of `mllint verify` that runs a model: its options, and a worker process for each backend and device."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product
from typing import TYPE_CHECKING, Any, Final

import click

from mllint.reports.style import beginning, plain

if TYPE_CHECKING:
    from mllint.live.request import Request
    from mllint.results import FileReport
    from mllint.settings import Settings

BACKENDS: Final = ("tensorflow", "jax", "torch", "tf_keras")
DEVICE: Final = re.compile(r"cpu|gpu(?::\d+)?")
SIZE: Final = re.compile(r"([1-9]\d{0,14})\s*([KMGT]?)i?B?", re.IGNORECASE)
UNITS: Final = {"": 1, "K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}
ASKS_TO_RUN: Final = ("run", "data", "backend", "device", "dtype_policy", "imports", "allow_code")
"""Options that make no sense without running the model."""


def _devices(context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        if not DEVICE.fullmatch(value):
            raise click.BadParameter(f"{value!r} is none of cpu, gpu, gpu:0, …")
    return values


def _bytes(context: click.Context, parameter: click.Parameter, value: str | None) -> int | None:
    """1500000000, 1500M or 2G; by default what the machine has, and no limit where that is not known."""
    if value is None:
        return _memory_of_the_machine()
    size = SIZE.fullmatch(value)
    if size is None:
        raise click.BadParameter(f"{value!r} is no size: 2G, 1500M")
    return int(size[1]) * UNITS[size[2].upper()]


def _memory_of_the_machine() -> int | None:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return None


OPTIONS: Final = (
    click.option("--run", is_flag=True, help="Load the model in a worker process, and try it."),
    click.option("--data", metavar="FILE.npz|MODULE:FUNCTION", help="A batch to try the model on: arrays x and y, or a "
                 "function that returns (x, y) or a dataset."),
    click.option("--rows", type=click.IntRange(1), default=64, show_default=True, help="Most rows of the batch."),
    click.option("--backend", type=click.Choice(BACKENDS), multiple=True, help="What computes; may be repeated."),
    click.option("--device", multiple=True, callback=_devices, metavar="cpu|gpu:N", help="Where it computes; may be "
                 "repeated."),
    click.option("--dtype-policy", metavar="POLICY", help="Keras' dtype policy, such as mixed_float16, for a model "
                 "that is made by a function."),
    click.option("--import", "imports", multiple=True, metavar="MODULE", help="Import this first: it registers custom "
                 "objects."),
    click.option("--allow-code", is_flag=True, help="Run code that a model file carries: Lambda layers, a SavedModel."),
    click.option("--timeout", type=click.FloatRange(1), default=120.0, show_default=True, metavar="SECONDS",
                 help="Stop a worker process after this time."),
    click.option("--memory-limit", callback=_bytes, metavar="SIZE", help="Most memory of a worker process: 2G, 1500M. "
                 "By default what the machine has."),
    click.option("--debug", is_flag=True, help="Show what went wrong inside a worker process."),
)  # fmt: skip


def running_options(command: Callable[..., None]) -> Callable[..., None]:
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def is_to_run(model: str, options: dict[str, Any]) -> bool:
    from mllint.live.user_code import is_named

    return any(options[name] for name in ASKS_TO_RUN) or (is_named(model) and not os.path.exists(model))


def live_report(model: str, settings: Settings, options: dict[str, Any]) -> FileReport:
    """What running the model shows, on every backend and device that was asked for.

    What this machine lacks is skipped visibly; it is an error where nothing else was asked for.
    """
    from mllint.live.process import CannotRun, WorkerFailed
    from mllint.live_verification import lint_live_model
    from mllint.reports.merging import united
    from mllint.results import Diagnostic, FileReport

    reports: list[FileReport] = []
    skipped: list[Diagnostic] = []
    with _progress() as say:
        for request in requests(model, options):
            try:
                reports.append(lint_live_model(request, settings, say, options["task"]))
            except CannotRun as reason:
                skipped.append(Diagnostic(model, f"skipped: {reason}"))
            except WorkerFailed as failure:
                if options["debug"] and failure.traceback:
                    click.echo(failure.traceback, err=True)
                reports.append(FileReport(model, errors=(Diagnostic(model, str(failure)),)))
    if not reports:
        return FileReport(model, errors=tuple(skipped))
    for skip in skipped:
        click.echo(beginning(f"{skip.path}: {skip.message}"), err=True)
    return united(reports)


def requests(model: str, options: dict[str, Any]) -> Iterator[Request]:
    from mllint.live.request import Request

    for backend, device in product(options["backend"] or (None,), options["device"] or (None,)):
        yield Request(
            model=model,
            data=options["data"],
            rows=options["rows"],
            loss=options["loss"],
            labels=tuple(options["labels"].items()),
            imports=options["imports"],
            allow_code=options["allow_code"],
            backend=backend,
            device=device,
            dtype_policy=options["dtype_policy"],
            seconds=options["timeout"],
            memory_bytes=options["memory_limit"],
        )


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """Says each step on stderr before it is done; on a terminal the last one stays in sight while it takes."""
    if not os.isatty(2):
        yield lambda step: click.echo(f"mllint: {plain(step)}", err=True)
        return
    from rich.console import Console

    console = Console(stderr=True, highlight=False, markup=False)
    with console.status("starting a worker process") as status:

        def say(step: str) -> None:
            console.print(f"mllint: {plain(step)}")
            status.update(plain(step))

        yield say
