"""Compares mllint's verdicts with what became of real training: head x loss x labels, one small model each.

    python benchmarks/matrix.py MATRIX.csv --core --measured build/matrix.jsonl

MATRIX.csv has a row per trained model: keras_version, head, units, loss, from_logits, labels, outcome. Every model is
built again as it was trained, and the live lens states its facts and measures it on one batch of 256 samples. What it
found is kept in the file that --measured names, so that a run can be broken off and resumed, and rules judged anew
without measuring anew.

Verdicts are compared three times: from the facts alone, with the probes that are certain, and with elicitation.
Harmful is what raised, was NaN, constant or more than 0.03 below the right pairing; a pair that decides as well but is
uncalibrated counts neither way. A cell is called bad by a finding of severity error or warning.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import sys
import time
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np

from mllint import registry
from mllint.facts import TrainingSetup
from mllint.findings import Severity
from mllint.live import wire

FEATURES, SAMPLES, ROWS = 16, 6096, 256
HARMFUL = ("bad", "bad_constant_output", "nan", "raises")
CORE_HEADS = ("linear", "sigmoid", "softmax")
CORE_LOSSES = (
    "binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy", "mse", "hinge",
    "kl_divergence",
)  # fmt: skip
CLASSES = {
    "binary_focal": "BinaryFocalCrossentropy",
    "categorical_focal": "CategoricalFocalCrossentropy",
    "mse": "MeanSquaredError",
    "mae": "MeanAbsoluteError",
    "kl_divergence": "KLDivergence",
}
"""Names of the loss classes of Keras that are not the name in the matrix in CamelCase."""
REPEATED = {
    ("linear", "binary_crossentropy", "False"): ".77 to .88 over 3 seeds, right .913",
    ("relu", "binary_crossentropy", "False"): ".77 to .88 over 3 seeds, right .913",
    ("softmax", "binary_crossentropy", "False"): "100 classes: .357 (3 seeds), right .497",
    ("softmax", "binary_crossentropy", "True"): "the same sums: 100 classes: .357 (3 seeds), right .497",
    ("tanh", "binary_crossentropy", "False"): ".861 on features that are not normalised, right .902; loss 10 times",
    ("tanh", "binary_crossentropy", "True"): "logits within -1 to 1: calibration .49 against .13 with 10 classes",
    ("relu", "binary_crossentropy", "True"): ".852 on features that are not normalised, right .902",
    ("relu", "binary_focal", "True"): ".564 on features that are not normalised, right .897",
    ("sigmoid", "binary_focal", "True"): "sigmoid twice: .860 on features that are not normalised, right .902",
    ("sigmoid", "sparse_categorical_crossentropy", "False"): ".614 on features that are not normalised, right .698",
    ("sigmoid", "sparse_categorical_crossentropy", "True"): ".614 on features that are not normalised, right .698",
    ("sigmoid", "categorical_crossentropy", "False"): "the same sums as the sparse loss: .614 against .698",
    ("sigmoid", "categorical_crossentropy", "True"): "the same sums as the sparse loss: .614 against .698",
    ("tanh", "sparse_categorical_crossentropy", "True"): ".583 on features that are not normalised, right .698",
    ("relu", "sparse_categorical_crossentropy", "True"): ".309 on features that are not normalised, right .698",
    ("tanh", "categorical_crossentropy", "True"): "the same sums as the sparse loss: .583 against .698",
    ("relu", "categorical_crossentropy", "True"): "the same sums as the sparse loss: .309 against .698",
}
"""Pairs that one seed of the matrix may call good, and that were found worse when training was repeated with other
seeds and with features that are not normalised: accuracy, with 10 classes or two."""


@dataclass(frozen=True)
class Cell:
    """One trained model of the matrix."""

    head: str
    units: int
    loss: str
    from_logits: str
    labels: str
    outcome: str

    @property
    def key(self) -> str:
        return "/".join((self.head, str(self.units), self.loss, self.from_logits or "-", self.labels))

    @property
    def is_core(self) -> bool:
        return self.head in CORE_HEADS and self.loss in CORE_LOSSES

    @property
    def repeated(self) -> str | None:
        """How the pair did when training was repeated, where it was worse."""
        return REPEATED.get((self.head, self.loss, self.from_logits))


def read_cells(path: Path) -> list[Cell]:
    """The cells of Keras 3."""
    with path.open(newline="") as file:
        return [
            Cell(row["head"], int(row["units"]), row["loss"], row["from_logits"], row["labels"], row["outcome"])
            for row in csv.DictReader(file)
            if row.get("keras_version", "3").startswith("3")
        ]


def sample(cells: Sequence[Cell], size: int) -> list[Cell]:
    """The same share of every outcome, at least one each."""
    strata: dict[str, list[Cell]] = {}
    for cell in cells:
        strata.setdefault(cell.outcome, []).append(cell)
    chosen = random.Random(0)
    return [
        cell
        for outcome in sorted(strata)
        for cell in chosen.sample(strata[outcome], max(1, round(size * len(strata[outcome]) / len(cells))))
    ]


# ---------------------------------------------------------------- the models, as they were trained


def make_data(labels: str, units: int) -> tuple[Any, Any]:
    """The features and labels of one batch: labels are drawn from a known posterior."""
    state = np.random.RandomState(100)
    x = state.randn(SAMPLES, FEATURES).astype("float32")
    y = _make_labels(labels, units, x, state)
    return x[:ROWS], y[:ROWS]


def _make_labels(labels: str, units: int, x: Any, state: Any) -> Any:
    classes = units if units > 1 else 3
    if labels in ("ints1d", "ints2d", "onehot", "pm1_onehot"):
        z = x @ state.randn(FEATURES, classes) * 6.0 / np.sqrt(FEATURES) * 1.6
        powers = np.exp(z - z.max(-1, keepdims=True))
        drawn = ((powers / powers.sum(-1, keepdims=True)).cumsum(1) < state.rand(len(x), 1)).sum(1)
        drawn = drawn.clip(0, classes - 1)
        rows = np.eye(classes)[drawn]
        forms = {
            "ints1d": drawn.astype("int32"),
            "ints2d": drawn.astype("int32")[:, None],
            "onehot": rows.astype("float32"),
            "pm1_onehot": (2 * rows - 1).astype("float32"),
        }
        return forms[labels]
    if labels == "multihot":
        z = x @ (state.randn(FEATURES, classes) / np.sqrt(FEATURES)) * 9 - 2.5
        return (state.rand(len(x), classes) < 1 / (1 + np.exp(-z))).astype("float32")
    if labels == "floats":
        weights = state.randn(FEATURES, units) / np.sqrt(FEATURES)
        return (x @ weights * 1.5 + 0.5 + 0.1 * state.randn(len(x), units)).astype("float32")
    z = x @ (state.randn(FEATURES) / np.sqrt(FEATURES)) * 9.0
    drawn = (state.rand(len(x)) < 1 / (1 + np.exp(-z))).astype("float32")
    return {"bin1d": drawn, "bin2d": drawn[:, None], "pm1": (2 * drawn - 1)[:, None]}[labels]


def make_model(cell: Cell) -> Any:
    """Untrained and compiled."""
    import keras

    keras.utils.set_random_seed(0)
    activation = None if cell.head == "linear" else cell.head
    layers = [keras.layers.Dense(32, activation="relu"), keras.layers.Dense(cell.units, activation=activation)]
    model = keras.Sequential([keras.Input((FEATURES,)), *layers])
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss=make_loss(cell), jit_compile=False)
    return model


def make_loss(cell: Cell) -> Any:
    import keras

    name = CLASSES.get(cell.loss) or "".join(word.capitalize() for word in cell.loss.split("_"))
    arguments = {"from_logits": cell.from_logits == "True"} if cell.from_logits else {}
    return getattr(keras.losses, name)(**arguments)


def measure(cell: Cell) -> TrainingSetup:
    """The facts of the cell's model and what the probes found."""
    import keras

    from mllint.live.batches import Batch
    from mllint.live.running import run
    from mllint.live.study import study

    x, y = make_data(cell.labels, cell.units)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        setup = study(run(make_model(cell), x), Batch(x, y, "the matrix"), cell.key, {}, seconds=120)
    keras.backend.clear_session()
    return setup


# ---------------------------------------------------------------- measuring, with what is kept


def measured_setups(cells: Iterable[Cell], kept: Path, until: float) -> Iterator[tuple[Cell, TrainingSetup]]:
    """Every cell's setup: read where it is kept, else measured and kept, as long as the time (monotonic) lasts."""
    known = _read_kept(kept)
    kept.parent.mkdir(parents=True, exist_ok=True)
    with kept.open("a") as file:
        for cell in cells:
            if cell.key not in known:
                if time.monotonic() > until:
                    continue
                known[cell.key] = measure(cell)
                print(json.dumps({"cell": cell.key, "setup": wire.encode(known[cell.key])}), file=file, flush=True)
            yield cell, known[cell.key]


def _read_kept(kept: Path) -> dict[str, TrainingSetup]:
    if not kept.exists():
        return {}
    lines = [json.loads(line) for line in kept.read_text().splitlines()]
    return {line["cell"]: wire.decode(line["setup"]) for line in lines}


# ---------------------------------------------------------------- verdicts

STAGES = ("facts alone", "with certain probes", "with elicitation")


def verdicts(setup: TrainingSetup) -> dict[str, dict[str, Severity]]:
    """By stage, the rules that report something and how badly."""
    return {
        "facts alone": _judge(_with(setup, measured=False, elicited=False)),
        "with certain probes": _judge(_with(setup, measured=True, elicited=False)),
        "with elicitation": _judge(setup),
    }


def _with(setup: TrainingSetup, measured: bool, elicited: bool) -> TrainingSetup:
    outputs = tuple(
        replace(
            output,
            measured=None if not measured or output.measured is None else replace(output.measured, elicitation=None),
        )
        for output in setup.outputs
    )
    return replace(setup, outputs=outputs)


def _judge(setup: TrainingSetup) -> dict[str, Severity]:
    found: dict[str, Severity] = {}
    for rule in registry.rules():
        for problem in rule.rule.judge(setup):
            found[rule.name] = max(problem.severity, found.get(rule.name, Severity.INFO))
    return found


def called_bad(found: Mapping[str, Severity]) -> bool:
    return max(found.values(), default=Severity.INFO) >= Severity.WARNING


# ---------------------------------------------------------------- the comparison


def report(judged: Sequence[tuple[Cell, dict[str, dict[str, Severity]]]]) -> None:
    for title, part in (("core pairs", [one for one in judged if one[0].is_core]), ("all pairs measured", judged)):
        print(f"\n{title}: {len(part)} cells")
        for stage in STAGES:
            print(f"  {stage:20} {_figures([(cell, called_bad(found[stage])) for cell, found in part])}")
    print("\ndisagreements, with elicitation")
    for cell, found in judged:
        bad = called_bad(found[STAGES[-1]])
        if cell.outcome in HARMFUL and not bad:
            print(f"  missed  {cell.key:60} {cell.outcome}")
        elif cell.outcome == "good" and bad:
            names = ", ".join(f"{name} {severity.label}" for name, severity in found[STAGES[-1]].items() if severity)
            print(f"  flagged {cell.key:60} {names}" + (f"; repeated: {cell.repeated}" if cell.repeated else ""))


def _figures(part: Sequence[tuple[Cell, bool]]) -> str:
    counts = Counter((_side(cell), bad) for cell, bad in part if cell.outcome in (*HARMFUL, "good"))

    def share(side: str) -> str:
        total = counts[side, True] + counts[side, False]
        return f"{counts[side, True]}/{total} ({counts[side, True] / total:.1%})" if total else "none"

    return f"harmful caught {share('harmful')}  good flagged {share('good')}  worse on repetition {share('repeated')}"


def _side(cell: Cell) -> str:
    if cell.outcome in HARMFUL:
        return "harmful"
    return "repeated" if cell.repeated else "good"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("matrix", type=Path)
    parser.add_argument("--measured", type=Path, default=Path("build/matrix.jsonl"), help="what is kept between runs")
    parser.add_argument("--core", action="store_true", help="only linear, sigmoid and softmax with the common losses")
    parser.add_argument("--sample", type=int, help="about this many cells, as many of each outcome as there are")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="measure no longer; what is kept is judged")
    options = parser.parse_args()
    cells = [cell for cell in read_cells(options.matrix) if cell.is_core or not options.core]
    cells = sample(cells, options.sample) if options.sample else cells
    until = time.monotonic() + options.minutes * 60
    random.Random(0).shuffle(cells)  # what a run that is broken off has measured is a fair sample
    ordered = sorted(cells, key=lambda cell: not cell.is_core)
    report([(cell, verdicts(setup)) for cell, setup in measured_setups(ordered, options.measured, until)])


if __name__ == "__main__":
    sys.exit(main())
