"""Compares what the three lenses say of the same model: head x loss x labels, one small model each.

    python benchmarks/agreement.py MATRIX.csv --sample 300

MATRIX.csv is that of benchmarks/matrix.py. Every cell becomes a program, which the source lens reads as text. The
program is run, but for its training: the model is saved and read as a file, with the encoding of the labels stated, and
judged live with its data. Nothing is measured; the rules on head and loss, logits and labels are to say the same.

A file does not hold the shape and the values of labels, only what is stated of their encoding. It is therefore compared
with a source of which nothing else is known; the live model is compared with all that the source tells.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import random
import sys
import tempfile
import time
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from mllint import registry
from mllint.facts import Encoding, Known, TrainingSetup
from mllint.reading.labels import stated_labels, unknown_labels
from mllint.source.lens import SourceLens
from mllint.source.text.document import read_document

FAMILIES: Final = ("head_loss", "logits", "labels")
PROGRAM: Final = """\
import keras
import numpy as np

x = np.random.randn({rows}, 16).astype("float32")
{labels}

model = keras.Sequential(
    [
        keras.layers.Dense(32, activation="relu"),
        keras.layers.Dense({units}, activation="{activation}"),
    ]
)
model.compile(optimizer="adam", loss=keras.losses.{loss}({arguments}))
model.fit(x, y)
"""
ROWS: Final = 256
LABELS: Final[Mapping[str, tuple[str, Encoding]]] = {
    "ints1d": ("y = np.random.randint(0, {classes}, size={rows})", "integer"),
    "ints2d": ("y = np.random.randint(0, {classes}, size=({rows}, 1))", "integer"),
    "onehot": ("y = keras.utils.to_categorical(np.random.randint(0, {classes}, size={rows}), {classes})", "one-hot"),
    "pm1_onehot": (
        "y = 2 * keras.utils.to_categorical(np.random.randint(0, {classes}, size={rows}), {classes}) - 1",
        "signed",
    ),
    "multihot": ("y = np.random.randint(0, 2, size=({rows}, {classes}))", "multi-hot"),
    "floats": ("y = np.random.randn({rows}, {units})", "continuous"),
    "bin1d": ("y = np.random.randint(0, 2, size={rows})", "binary"),
    "bin2d": ("y = np.random.randint(0, 2, size=({rows}, 1))", "binary"),
    "pm1": ("y = 2 * np.random.randint(0, 2, size=({rows}, 1)) - 1", "signed"),
}
"""How a program makes each kind of labels of the matrix, and what a user would state of it."""

BOUNDS: Final = "a batch shows how far the numbers reach; the text draws them from a distribution without bounds"
CLASSES: Final = "the text tells how many classes there are; a batch need not hold every class"
RANK: Final = "only running the model shows whether its output has as many axes as the labels"
REASONS: Final[Mapping[tuple[str, str, str], str]] = {
    ("live", "source", "continuous-targets-with-crossentropy"): BOUNDS,
    ("live", "source", "bounded-head-with-unbounded-targets"): BOUNDS,
    ("live", "source", "negative-targets-on-relu"): BOUNDS,
    ("live", "source", "label-columns-unlike-units"): RANK,
    ("source", "live", "units-more-than-classes"): CLASSES,
}
"""Why one lens says more than another, by the two of them and the rule."""

Verdicts: TypeAlias = frozenset[tuple[str, str, str]]
"""Rule, severity, message."""


def matrix() -> Any:
    """benchmarks/matrix.py as a module; the folder is no package."""
    name = "matrix_benchmark"
    if name not in sys.modules:
        specification = importlib.util.spec_from_file_location(name, Path(__file__).with_name("matrix.py"))
        assert specification is not None and specification.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(specification)
        specification.loader.exec_module(sys.modules[name])
    return sys.modules[name]


# ---------------------------------------------------------------- one cell, through three lenses


class Difference(NamedTuple):
    """What one lens says and another does not."""

    speaker: str
    silent: str
    rule: str
    severity: str
    message: str

    @property
    def reason(self) -> str | None:
        """Why that is right; None where it is not explained."""
        return REASONS.get((self.speaker, self.silent, self.rule))


@dataclass(frozen=True)
class Said:
    """What each lens says of one cell."""

    source: Verdicts
    live: Verdicts
    source_for_file: Verdicts
    """With what a file and the statement tell of the labels."""
    file: Verdicts

    @property
    def differences(self) -> tuple[Difference, ...]:
        """None where the lenses agree."""
        pairs = (("source", self.source), ("live", self.live)), (("source", self.source_for_file), ("file", self.file))
        return tuple(
            Difference(speaker, silent, *verdict)
            for one, other in pairs
            for (speaker, said), (silent, not_said) in ((one, other), (other, one))
            for verdict in sorted(said - not_said)
        )


def program(cell: Any) -> str:
    """The cell as somebody would write it."""
    known = matrix()
    name = known.CLASSES.get(cell.loss) or "".join(word.capitalize() for word in cell.loss.split("_"))
    labels, _ = LABELS[cell.labels]
    classes = cell.units if cell.units > 1 else 3
    return PROGRAM.format(
        rows=ROWS,
        labels=labels.format(rows=ROWS, units=cell.units, classes=classes),
        units=cell.units,
        activation=cell.head,
        loss=name,
        arguments=f"from_logits={cell.from_logits}" if cell.from_logits else "",
    )


def ask(cell: Any, folder: Path) -> Said:
    """The verdicts of the three lenses; `folder` takes the file."""
    import keras

    text = program(cell)
    (source,) = SourceLens(read_document("cell.py", text.encode())).read().setups
    keras.utils.clear_session(free_memory=False)
    model, x, y = _fitted(text)
    path = folder / "cell.keras"
    model.save(path)
    _, encoding = LABELS[cell.labels]
    return Said(
        source=verdicts(source),
        live=verdicts(_live(model, x, y)),
        source_for_file=verdicts(_with_stated_labels(source, encoding)),
        file=verdicts(_saved(path, encoding)),
    )


def _fitted(text: str) -> tuple[Any, Any, Any]:
    """The model of a program, built but not trained, and the data it is fitted on."""
    import keras

    given: list[tuple[Any, Any, Any]] = []

    def build(self: Any, x: Any, y: Any) -> None:
        self(x[:1])
        given.append((self, x, y))

    original, keras.Model.fit = keras.Model.fit, build
    try:
        exec(compile(text, "cell.py", "exec"), {})
    finally:
        keras.Model.fit = original
    ((model, x, y),) = given
    return model, x, y


def _live(model: Any, x: Any, y: Any) -> TrainingSetup:
    """The facts alone, without probes."""
    from mllint.live.batches import Batch
    from mllint.live.running import run
    from mllint.live.setups import read_setup

    running = run(model, x)
    with running.untouched():
        return read_setup(running, Batch(x, y, "the cell"), "cell", {})


def _saved(path: Path, encoding: Encoding) -> TrainingSetup:
    from mllint.archive.lens import ArchiveLens, Stated
    from mllint.archive.opening import read_contents

    (setup,) = ArchiveLens(path.name, read_contents(path), Stated(labels={None: encoding})).read().setups
    return setup


def _with_stated_labels(setup: TrainingSetup, encoding: Encoding) -> TrainingSetup:
    stated = stated_labels(unknown_labels("not compared"), encoding, setup.place)
    return replace(setup, outputs=tuple(replace(output, labels=stated) for output in setup.outputs))


def verdicts(setup: TrainingSetup) -> Verdicts:
    """What the rules say of the facts; the source does not say which Keras will run it, and measurements are not
    compared."""
    outputs = tuple(replace(output, measured=None) for output in setup.outputs)
    judged = replace(setup, outputs=outputs, framework=Known("keras3"))
    return frozenset(
        (rule.name, problem.severity.label, problem.message)
        for rule in registry.rules()
        if rule.family in FAMILIES
        for problem in rule.rule.judge(judged)
    )


# ---------------------------------------------------------------- the comparison


def report(asked: Sequence[tuple[Any, Said]]) -> None:
    flagged = sum(bool(said.source) for _, said in asked)
    agree = sum(not said.differences for _, said in asked)
    print(f"{agree} of {len(asked)} cells: the three lenses say the same; in {flagged} the source finds something")
    for reason, cells in sorted(_by_reason(asked).items()):
        print(f"\n{len(cells)} differ: {reason}")
        print(*(f"  {cell}" for cell in cells), sep="\n")


def _by_reason(asked: Sequence[tuple[Any, Said]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for cell, said in asked:
        for one in said.differences:
            line = f"{cell.key}: {one.speaker}, not {one.silent}: {one.severity} {one.rule}: {one.message}"
            found.setdefault(one.reason or "NOT EXPLAINED", []).append(line)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("matrix", type=Path)
    parser.add_argument("--sample", type=int, help="about this many cells, as many of each outcome as there are")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="ask no longer")
    options = parser.parse_args()
    cells = matrix().read_cells(options.matrix)
    cells = matrix().sample(cells, options.sample) if options.sample else cells
    random.Random(0).shuffle(cells)  # what a run that is broken off has asked is a fair sample
    until = time.monotonic() + options.minutes * 60
    warnings.simplefilter("ignore")
    asked = []
    with tempfile.TemporaryDirectory() as folder:
        for cell in cells:
            if time.monotonic() < until:
                asked.append((cell, ask(cell, Path(folder))))
    report(asked)


if __name__ == "__main__":
    sys.exit(main())
