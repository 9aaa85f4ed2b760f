"""How long mllint takes for a tree, beside ruff on the same tree in the same run.

    python benchmarks/speed.py FOLDER… [--runs 5]

Each tool runs in turn, `--runs` times; the medians are compared. Neither uses a cache. Machines and their load
differ, so the ratio is the figure to keep.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

import click

EXPECTED_EXITS = (0, 1, 2)
"""Both tools: clean, findings, or a file that could not be read."""


def seconds(command: list[str]) -> float:
    """Wall time of one run. Raises click.ClickException where the tool did not do its work."""
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True)
    elapsed = time.perf_counter() - start
    if done.returncode not in EXPECTED_EXITS or "Traceback" in done.stderr:
        raise click.ClickException(f"{' '.join(command[:4])}… failed: {done.stderr[-500:]}")
    return elapsed


@click.command(help=__doc__, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("folders", nargs=-1, required=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--runs", default=5, show_default=True, type=click.IntRange(min=1))
def main(folders: tuple[Path, ...], runs: int) -> None:
    for folder in folders:
        commands = {
            "mllint": [sys.executable, "-m", "mllint", str(folder)],
            "ruff": [sys.executable, "-m", "ruff", "check", "--no-cache", "--isolated", "--quiet", str(folder)],
        }
        times: dict[str, list[float]] = {tool: [] for tool in commands}
        for _ in range(runs):
            for tool, command in commands.items():
                times[tool].append(seconds(command))
        medians = {tool: statistics.median(taken) for tool, taken in times.items()}
        ratio = medians["mllint"] / medians["ruff"]
        shown = ", ".join(f"{tool} {median:.2f} s" for tool, median in medians.items())
        click.echo(f"{folder}: {shown}, ratio {ratio:.1f} (median of {runs})")


if __name__ == "__main__":
    main()
