"""Fuzzes one target for a while: `python -m tests.fuzz TARGET [--seconds N] [--crashes FOLDER] [SEEDS…]`.

Atheris (https://github.com/google/atheris) leads by coverage; programs are mutated as LibCST trees. Every new way to
fail is written to the folder of crashes, from where it is moved to tests/fuzz/crashes/ once it is mended.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import pkgutil
import random
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

import atheris

WATCHED = ("archive", "fixes", "reading", "reports", "rules", "settings", "source", "suppressions")
"""Packages whose coverage leads; they are imported beforehand because mllint imports late."""

with atheris.instrument_imports(include=["mllint"], enable_loader_override=False):
    from tests.fuzz import seeds, structured, targets

    for package in WATCHED:
        parent = importlib.import_module(f"mllint.{package}")
        for module in pkgutil.walk_packages(parent.__path__, f"{parent.__name__}."):
            importlib.import_module(module.name)

CELLS = 4
BYTEWISE = 0.1
"""The share of mutations that know no structure."""


def main() -> None:
    options = _options()
    target = targets.TARGETS[options.target]
    crashes = Path(options.crashes)
    crashes.mkdir(parents=True, exist_ok=True)
    donors = (*seeds.programs(), *seeds.programs_below(options.folders))
    corpus = crashes / f"corpus-{options.target}"
    corpus.mkdir(exist_ok=True)
    for data in _start(options.target, donors):
        (corpus / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)
    arguments = [
        sys.argv[0], str(corpus), f"-max_total_time={options.seconds}", "-timeout=60", "-rss_limit_mb=4000",
        "-max_len=200000", f"-artifact_prefix={crashes}/", f"-seed={options.seed}", "-print_final_stats=1",
    ]  # fmt: skip
    atheris.Setup(
        arguments, _Recorder(target, options.target, crashes), custom_mutator=_mutator(options.target, donors)
    )
    atheris.Fuzz()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("target", choices=sorted(targets.TARGETS))
    parser.add_argument("folders", nargs="*", type=Path, help="Folders with programs to start from.")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--crashes", default="fuzzing")
    return parser.parse_intermixed_args()


def _start(target: str, donors: Sequence[str]) -> list[bytes]:
    if target.endswith("script"):
        return [program.encode() for program in donors]
    if target.endswith("notebook"):
        return [*seeds.notebooks(), *(seeds.as_notebook(program, CELLS) for program in donors)]
    if target == "project":
        return list(seeds.projects())
    if target == "configuration":
        return list(seeds.configurations())
    return list(seeds.models(".keras" if target == "keras_archive" else ".h5"))


def _mutator(target: str, donors: Sequence[str]) -> Callable[[bytes, int, int], bytes]:
    def mutate(data: bytes, max_size: int, seed: int) -> bytes:
        chance = random.Random(seed)
        if chance.random() < BYTEWISE or target in ("configuration", "hdf5_archive"):
            return bytes(atheris.Mutate(data, max_size))
        if target.endswith("script"):
            return structured.script(data, donors, chance)[:max_size]
        if target.endswith("notebook"):
            return structured.notebook(data, donors, chance)[:max_size]
        if target == "project":
            return structured.project(data, donors, chance)[:max_size]
        return structured.keras_archive(data, chance)[:max_size]

    return mutate


class _Recorder:
    """Runs a target, and keeps one input for each place in the code where it failed."""

    def __init__(self, target: Callable[[bytes], None], name: str, crashes: Path) -> None:
        self.target = target
        self.name = name
        self.crashes = crashes
        self.seen: set[str] = set()

    def __call__(self, data: bytes) -> None:
        try:
            self.target(data)
        except Exception as error:
            frames = traceback.extract_tb(error.__traceback__)
            where = f"{frames[-1].filename}:{frames[-1].lineno}:{str(error)[:60]}"
            if where not in self.seen:
                self.seen.add(where)
                digest = hashlib.sha256(data).hexdigest()[:12]
                (self.crashes / f"{self.name}-{digest}").write_bytes(data)
                print(f"FAILED {self.name}-{digest}: {type(error).__name__}: {error} at {where}", flush=True)


if __name__ == "__main__":
    main()
