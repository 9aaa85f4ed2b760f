"""How long mllint takes beside other linters on the same files in the same run, and how much memory.

    python benchmarks/speed.py FOLDER… [--peers ruff,flake8] [--bin DIRECTORY] [--sample 100] [--runs 5]

Every command runs in turn, `--runs` times (once where it takes over 30 s), and the medians are compared: of wall time,
and of processor time, which other work on the machine disturbs less. Machines and their load differ, so the ratios are
the figures to keep. Nothing is fetched. Peers are those found in --bin or on PATH, and run with their defaults, without
configuration or cache. With --sample all commands get the same files, drawn evenly from the sorted list.

Measured once: the start, a tree without Keras (copies of Python's own modules), one file of the first folder, and what
is done with training code, beside LibCST's parser. Then for each folder: cold (--no-cache), warm (the second run
with a cache), and growth (ten copies against one).
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import Final, NamedTuple

import click

EXPECTED_EXITS: Final = range(32)
"""Clean, findings, or a file that could not be read; pylint's are the sum of what it found."""
PEERS: Final[Mapping[str, tuple[str, ...]]] = {
    "ruff": ("ruff", "check", "--no-cache", "--isolated", "--quiet"),
    "flake8": ("flake8", "--isolated"),
    "pylint": ("pylint", "--rcfile=", "--disable=import-error"),
    "torchfix": ("torchfix",),
    "fixit": ("fixit", "--quiet", "lint"),
}
LONG: Final = 30.0
"""Seconds from which on a command is run once: what disturbs it evens out, and others wait."""
MLLINT: Final = (sys.executable, "-m", "mllint", "check", "--isolated", "--quiet")
INSTALLED: Final = {"NO_COLOR": "1", "PYTHONDONTWRITEBYTECODE": ""}
"""Modules are compiled when they are installed, or, in a working copy, by the first run."""
EMPTY: Final = (sys.executable, "-c", "pass")


class Cost(NamedTuple):
    """What one run took."""

    wall: float
    """Seconds."""
    processor: float
    """Seconds of user and system time of all its processes."""
    peak: float
    """MiB of its largest process."""


def run(command: Sequence[str]) -> Cost:
    """Raises click.ClickException where the command did not do its work."""
    start = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=said, env={**os.environ, **INSTALLED})
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - start
        said.seek(0)
        errors = said.read().decode(errors="replace")
    if process.returncode not in EXPECTED_EXITS or "Traceback" in errors:
        raise click.ClickException(f"{' '.join(command[:4])}… failed: {errors[-500:]}")
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit)


def measured(commands: Mapping[str, Sequence[str]], runs: int) -> dict[str, Cost]:
    """The medians of commands that run in turn, after one run of each that is not counted; of one that takes longer
    than `LONG` its first run is all."""
    costs: dict[str, list[Cost]] = {name: [run(command)] for name, command in commands.items()}
    repeated = [name for name, (first,) in costs.items() if first.wall <= LONG]
    for name in repeated:
        costs[name].clear()
    for _ in range(runs):
        for name in repeated:
            costs[name].append(run(commands[name]))
    return {name: Cost(*map(statistics.median, zip(*taken, strict=True))) for name, taken in costs.items()}


def compare(title: str, commands: Mapping[str, Sequence[str]], runs: int) -> None:
    """Prints the costs; ratios are those of the first command to the others."""
    costs = measured(commands, runs)
    first, *others = costs
    click.echo(title)
    for name, cost in costs.items():
        click.echo(f"  {name:18} {cost.wall:8.3f} s wall {cost.processor:8.3f} s processor {cost.peak:6.0f} MiB")
    for name in others:
        wall, processor = (costs[first][place] / costs[name][place] for place in (0, 1))
        click.echo(f"  {first} / {name}: {_ratio(wall)} by wall time, {_ratio(processor)} by processor time")


def _ratio(ratio: float) -> str:
    return f"{ratio:.2f}" if ratio >= 0.1 else f"1/{1 / ratio:.0f}"


# ---------------------------------------------------------------- what is compared


def cold(folder: Path, targets: Sequence[str], peers: Mapping[str, Sequence[str]], runs: int, note: str) -> None:
    commands = {"mllint": (*MLLINT, "--no-cache", *targets)}
    commands |= {name: (*command, *targets) for name, command in peers.items()}
    compare(f"{folder.name}: cold{note}", commands, runs)


def warm(folder: Path, peers: Mapping[str, Sequence[str]], runs: int) -> None:
    with tempfile.TemporaryDirectory() as kept:
        commands: dict[str, Sequence[str]] = {"mllint": (*MLLINT, "--cache-dir", kept, str(folder))}
        if "ruff" in peers:
            commands["ruff"] = (*peers["ruff"], str(folder))
        compare(f"{folder.name}: warm; ruff without its cache", commands, runs)


def growth(folder: Path, runs: int) -> None:
    with tempfile.TemporaryDirectory() as directory:
        copies = [Path(directory, f"copy{number}") for number in range(10)]
        for copy in copies:
            shutil.copytree(folder, copy)
        commands = {
            "ten copies": (*MLLINT, "--no-cache", directory),
            "one copy": (*MLLINT, "--no-cache", str(copies[0])),
        }
        compare(f"{folder.name}: growth; ten times the files may take 10.5 times as long", commands, runs)


def start(runs: int) -> None:
    commands = {"mllint --version": (sys.executable, "-m", "mllint", "--version"), "empty Python": EMPTY}
    compare("start", commands, runs)


def one_file(folder: Path, peers: Mapping[str, Sequence[str]], runs: int) -> None:
    from mllint.source.text.prefilter import may_hold_training

    for path in _sources(folder):
        if may_hold_training(path.read_bytes()):
            cold(folder, [str(path)], peers, runs, f", one file ({path.name})")
            return


def without_keras(runs: int, files: int = 1000) -> None:
    """Python's own modules, as many copies as it takes."""
    library = Path(sysconfig.get_paths()["stdlib"])
    modules = sorted(path for path in library.rglob("*.py") if "site-packages" not in path.parts)
    with tempfile.TemporaryDirectory() as directory:
        for number, path in enumerate(islice(cycle(modules), files)):
            shutil.copyfile(path, Path(directory, f"m{number}.py"))
        commands = {"mllint": (*MLLINT, "--no-cache", directory), "empty Python": EMPTY}
        compare(f"a tree without Keras, {files} files", commands, runs)


def stages(folders: Sequence[Path]) -> None:
    """The time of the stages on the files that may train a model, in this process, with the settings of the command,
    beside that of LibCST's own parser."""
    import gc

    import libcst as cst

    from mllint.cli import FEWER_COLLECTIONS
    from mllint.engine import lint_source
    from mllint.examination import may_train
    from mllint.processes.deep_stack import with_deep_stack
    from mllint.source.parsing.parsed import parsed_quickly
    from mllint.source.text.document import UnreadableSource, read_document
    from mllint.source.text.prefilter import may_hold_training

    gc.set_threshold(*FEWER_COLLECTIONS)
    lines, times = 0, [0.0] * 4
    for path in (path for folder in folders for path in _sources(folder)):
        raw = path.read_bytes()
        try:
            if not may_hold_training(raw) or not may_train(document := read_document(str(path), raw)):
                continue
        except UnreadableSource:
            continue
        if lint_source(raw, str(path)).errors:  # this also imports what is imported once
            continue
        lines += document.text.count("\n")
        work: tuple[Callable[[], object], ...] = (
            lambda raw=raw, path=path: may_train(read_document(str(path), raw)),  # type: ignore[misc]
            partial(with_deep_stack, partial(parsed_quickly, document)),
            partial(lint_source, raw, str(path)),
            partial(with_deep_stack, partial(cst.parse_module, document.text)),
        )
        taken = [
            [_processor_time(one) for one in work] for _ in range(3)
        ]  # in turn: the first to come fills the memory
        times = [total + min(one) for total, one in zip(times, zip(*taken, strict=True), strict=True)]
    if lines:
        before, nodes, everything, exact = (total / lines * 1e6 for total in times)
        click.echo(f"stages, on {lines} lines of training code: {before:.1f} µs a line to read and choose files,")
        click.echo(
            f"  {nodes:.1f} to make nodes but for the bodies of functions, {everything - before - nodes:.1f} after"
        )
        click.echo(f"  that: {everything / exact:.2f} of the {exact:.1f} that bare libcst.parse_module takes")


def _processor_time(work: Callable[[], object]) -> float:
    begin = time.process_time()
    work()
    return time.process_time() - begin


def _sources(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.suffix in (".py", ".ipynb") and path.is_file())


def _drawn(folder: Path, sample: int | None) -> tuple[list[str], str]:
    files = [str(path) for path in _sources(folder) if path.suffix == ".py"]
    if sample is None or sample >= len(files):
        return [str(folder)], ""
    return files[:: len(files) // sample][:sample], f", on {sample} of its {len(files)} files"


@click.command(help=__doc__, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("folders", nargs=-1, required=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--peers", default=",".join(PEERS), show_default=True, metavar="NAME,…")
@click.option("--bin", "binaries", type=click.Path(exists=True, file_okay=False), help="Where the peers are installed.")
@click.option("--sample", type=click.IntRange(min=1), help="Compare on this many files of each folder when cold.")
@click.option("--runs", default=5, show_default=True, type=click.IntRange(min=1))
@click.option("--only", multiple=True, help="Measure only this: cold, warm, growth, start, file, plain, stages.")
def main(
    folders: tuple[Path, ...], peers: str, binaries: str | None, sample: int | None, runs: int, only: tuple[str, ...]
) -> None:
    found = {}
    for name in filter(None, peers.split(",")):
        program = shutil.which(PEERS[name][0], path=binaries)
        if program is None:
            click.echo(f"{name} is not installed, and left out", err=True)
        else:
            found[name] = (program, *PEERS[name][1:])
    wanted = only or ("start", "plain", "file", "stages", "cold", "warm", "growth")
    if "start" in wanted:
        start(runs)
    if "plain" in wanted:
        without_keras(runs)
    if "file" in wanted:
        one_file(folders[0], found, runs)
    if "stages" in wanted:
        stages(folders)
    for folder in folders:
        if "cold" in wanted:
            targets, note = _drawn(folder, sample)
            cold(folder, targets, found, runs, note)
        if "warm" in wanted:
            warm(folder, found, runs)
        if "growth" in wanted:
            growth(folder, runs)


if __name__ == "__main__":
    main()
