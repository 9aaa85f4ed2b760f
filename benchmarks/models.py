"""How long `mllint verify` takes for a saved model, from start to end, beside an empty Python and importing TensorFlow.

    python benchmarks/models.py MODEL… [--runs 5]

Each command runs in turn, `--runs` times; the medians are compared. Machines and their load differ, so the ratios are
the figures to keep.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

import click

EXPECTED_EXITS = (0, 1)
"""Clean, or findings."""


def seconds(command: list[str]) -> float:
    """Wall time of one run. Raises click.ClickException where the command did not do its work."""
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True)
    elapsed = time.perf_counter() - start
    if done.returncode not in EXPECTED_EXITS:
        raise click.ClickException(f"{' '.join(command[1:])} failed: {done.stderr[-500:]}")
    return elapsed


@click.command(help=__doc__, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("models", nargs=-1, required=True, type=click.Path(exists=True))
@click.option("--runs", default=5, show_default=True, type=click.IntRange(min=1))
def main(models: tuple[str, ...], runs: int) -> None:
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "import tensorflow": [sys.executable, "-c", "import tensorflow"],
        **{f"verify {model}": [sys.executable, "-m", "mllint", "verify", model] for model in models},
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            times[name].append(seconds(command))
    medians = {name: statistics.median(taken) for name, taken in times.items()}
    empty, tensorflow = medians["python -c pass"], medians["import tensorflow"]
    for name, median in medians.items():
        ratios = f"{median / empty:.1f} times an empty Python, 1/{tensorflow / median:.0f} of importing TensorFlow"
        click.echo(f"{name}: {median:.2f} s" + (f", {ratios}" if name.startswith("verify") else ""))


if __name__ == "__main__":
    main()
