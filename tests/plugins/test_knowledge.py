"""What a team's file teaches holds in its programs: for each kind of row, where it is asked for, and nowhere else."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mllint.engine import lint_source
from mllint.knowledge_files import digest
from mllint.settings import Settings
from tests.plugins.conftest import KNOWLEDGE

START = """\
from tensorflow import keras
from acme.data import indicators, load_segments, load_tags
from acme.layers import NormedDense, hard_gate
from acme.losses import SmoothedCrossentropy, weighted_bce
from acme.metrics import TagRecall

"""
TAUGHT = Settings(knowledge=(KNOWLEDGE,), pedantic=True)


def found(program: str, settings: Settings = TAUGHT) -> list[str]:
    report = lint_source((START + program).encode(), "train.py", settings)
    assert report.errors == ()
    return [finding.rule for finding in report.findings]


def model(head: str, compiled: str, x_y: str = "") -> str:
    fit = f"x, y = {x_y}\nmodel.fit(x, y)\n" if x_y else ""
    return f"model = keras.Sequential([keras.layers.Dense(8), {head}])\nmodel.compile({compiled})\n{fit}"


PROGRAMS = {
    "a loss that is a function": (
        model("keras.layers.Dense(3, activation='softmax')", "'adam', weighted_bce"),
        ["softmax-with-binary-crossentropy"],
    ),
    "its argument for logits": (
        model("keras.layers.Dense(1)", "'adam', lambda y, p: weighted_bce(y, p, from_logits=True)"),
        [],
    ),
    "its default for logits": (
        model("keras.layers.Dense(1)", "'adam', weighted_bce"),
        ["logits-without-from-logits"],
    ),
    "a loss that is like one of Keras": (
        model("keras.layers.Dense(3)", "'adam', SmoothedCrossentropy()"),
        ["logits-without-from-logits"],
    ),
    "its arguments": (model("keras.layers.Dense(3)", "'adam', SmoothedCrossentropy(from_logits=True)"), []),
    "an activation": (
        model("keras.layers.Dense(3, activation=hard_gate)", "'adam', 'categorical_crossentropy'"),
        ["sigmoid-with-categorical-crossentropy"],
    ),
    "a layer, its activation by position": (
        model("NormedDense(3, 'sigmoid')", "'adam', 'categorical_crossentropy'"),
        ["sigmoid-with-categorical-crossentropy"],
    ),
    "a layer's units": (model("NormedDense(1, 'softmax')", "'adam', 'mse'"), ["one-unit-softmax"]),
    "a metric": (
        model("keras.layers.Dense(1)", "'adam', keras.losses.BinaryCrossentropy(True), metrics=[TagRecall()]"),
        ["thresholded-metric-on-logits"],
    ),
    "a metric's argument": (
        model("keras.layers.Dense(1)", "'adam', keras.losses.BinaryCrossentropy(True), metrics=[TagRecall(0.0)]"),
        [],
    ),
    "labels that a function loads": (
        model("keras.layers.Dense(12, activation='softmax')", "'adam', 'mse'", "load_tags()"),
        ["softmax-with-multi-hot-labels"],
    ),
    "their classes": (
        model(
            "keras.layers.Dense(4, activation='softmax')",
            "'adam', 'sparse_categorical_crossentropy'",
            "load_segments()",
        ),
        ["units-fewer-than-classes"],
    ),
    "classes that depend on an argument": (
        model(
            "keras.layers.Dense(4, activation='softmax')",
            "'adam', 'sparse_categorical_crossentropy'",
            "load_segments(region='north')",
        ),
        [],
    ),
    "labels that a function encodes": (
        model(
            "keras.layers.Dense(5, activation='softmax')",
            "'adam', 'sparse_categorical_crossentropy'",
            "1, indicators(load_segments()[1])",
        ),
        ["one-hot-labels-with-sparse-categorical-crossentropy"],
    ),
}


@pytest.mark.parametrize("what", PROGRAMS)
def test_what_is_taught_is_judged(what: str) -> None:
    program, rules = PROGRAMS[what]
    assert found(program) == rules


@pytest.mark.parametrize("what", [what for what in PROGRAMS if PROGRAMS[what][1]])
def test_nobody_knows_it_otherwise(what: str) -> None:
    assert found(PROGRAMS[what][0], Settings(pedantic=True)) == []


FORMS = {
    "pair": "x, y = load()",
    "labels": "y = load()",
    "batches": "data = load()",
    "splits": "(x, y), (x_test, y_test) = load()",
    "bunch": "bunch = load()\nx, y = bunch.data, bunch.target",
}


@pytest.mark.parametrize("form", FORMS)
def test_forms_of_data(form: str, tmp_path: Path) -> None:
    file = tmp_path / "team.yaml"
    file.write_text(f"datasets: {{acme.load: {{form: {form}, labels: {{encoding: multi-hot, classes: 3}}}}}}")
    data = "data" if form == "batches" else "x, y"
    program = f"from acme import load\nfrom keras import *\nx = None\n{FORMS[form]}\n" + (
        "model = Sequential([layers.Dense(3, activation='softmax')])\n"
        f"model.compile('adam', 'mse')\nmodel.fit({data})\n"
    )
    report = lint_source(program.encode(), "train.py", Settings(knowledge=(file,)))
    assert "softmax-with-multi-hot-labels" in [finding.rule for finding in report.findings]


def test_a_row_replaces_one_of_keras(tmp_path: Path) -> None:
    """The last word is the team's: here a Keras whose mse is a cross-entropy."""
    file = tmp_path / "team.yaml"
    file.write_text("losses:\n  mean_squared_error: {family: categorical, needs: distribution, identifiers: [mse]}\n")
    program = model("keras.layers.Dense(3, activation='sigmoid')", "'adam', 'mse'")
    loss = lint_source((START + program).encode(), "train.py", Settings(knowledge=(file,)))
    assert loss.not_judged, "a row without spellings says too little of the loss"
    assert lint_source((START + program).encode(), "train.py").not_judged == ()


def test_the_later_file_goes_before(tmp_path: Path) -> None:
    one, other = tmp_path / "one.yaml", tmp_path / "other.yaml"
    row = "layers: {{acme.Head: {{role: scores, signature: 'units', units: units, {}}}}}"
    one.write_text(row.format("default_activation: sigmoid, activation: units"))
    other.write_text("layers: {acme.Head: {like: keras.layers.Dense}}")
    program = "import acme\n" + model("acme.Head(3)", "'adam', 'categorical_crossentropy'")
    assert found(program, Settings(knowledge=(one, other))) == ["logits-without-from-logits"]


def test_each_thread_has_its_own(tmp_path: Path) -> None:
    """Files of several projects are judged at the same time, as the server does."""
    program = PROGRAMS["a layer, its activation by position"]
    other = tmp_path / "team.yaml"
    other.write_text("layers: {acme.layers.NormedDense: {like: keras.layers.Dropout}}")
    everyone = [TAUGHT, Settings(pedantic=True), Settings(knowledge=(other,))] * 8
    with ThreadPoolExecutor(6) as pool:
        rules = list(pool.map(lambda settings: found(program[0], settings), everyone))
    assert rules[::3] == [program[1]] * 8
    assert rules[1::3] == [[]] * 8
    assert all(one != program[1] for one in rules[2::3])


def test_the_nearest_settings_hold_in_every_process(mllint, write) -> None:
    taught, plain = {}, {}
    program = START + PROGRAMS["a loss that is a function"][0]
    for number in range(25):
        taught[f"taught/{number}.py"] = program
        plain[f"plain/{number}.py"] = program
    write({**taught, **plain, "taught/mllint.toml": f"knowledge = ['{KNOWLEDGE}']", "plain/mllint.toml": ""})
    run = mllint("--output-format", "concise")
    assert run.exit_code == 1
    assert sorted({line.partition("/")[0] for line in run.stdout.splitlines()}) == ["taught"]
    assert len(run.stdout.splitlines()) == 25


def test_facts_know_it(mllint, write) -> None:
    write({"mllint.toml": f"knowledge = ['{KNOWLEDGE}']", "train.py": START + PROGRAMS["its default for logits"][0]})
    assert "weighted_bce (function)" in mllint("facts", "train.py").stdout


def test_the_digest_is_that_of_the_contents(tmp_path: Path) -> None:
    file = tmp_path / "team.yaml"
    file.write_text("layers: {}")
    before = digest([file])
    assert before == digest([file]) != digest([])
    file.write_text("layers: {acme.Head: {like: keras.layers.Dense}}")
    assert digest([file]) != before


# ---------------------------------------------------------------- fixes

FIXES = {
    "another argument": ("SmoothedCrossentropy()", "SmoothedCrossentropy(from_logits=True)"),
    "not another loss": ("weighted_bce", "weighted_bce"),
}


@pytest.mark.parametrize("what", FIXES)
def test_fixes_keep_what_is_the_teams(what: str, mllint, write) -> None:
    before, after = FIXES[what]
    program = START + model("NormedDense(3)", "'adam', loss={}")
    root = write({"mllint.toml": f"knowledge = ['{KNOWLEDGE}']", "train.py": program.format(before)})
    run = mllint("--fix", "--unsafe-fixes", "--show-refused")
    assert (root / "train.py").read_text() == program.format(after)
    if before == after:
        assert "acme.losses.weighted_bce is of your own making" in run.stdout + run.stderr


# ---------------------------------------------------------------- the team's own package

TRAIN = """\
from tensorflow import keras
{imports}
model = keras.Sequential([NormedDense(12, "softmax")])
model.compile("adam", loss=weighted_bce)
"""
IMPORTS = {
    "by full names": "from acme.layers import NormedDense\nfrom acme.losses import weighted_bce\n",
    "by relative names": "from .layers import NormedDense\nfrom .losses import weighted_bce\n",
    "by module": "from . import layers, losses\nNormedDense, weighted_bce = layers.NormedDense, losses.weighted_bce\n",
    "with a star": "from acme.layers import *\nfrom acme.losses import *\n",
}


@pytest.fixture
def package(write) -> Path:
    """The package that the knowledge file is about: what it defines can be read, and says less than the file."""
    sources = Path(__file__).with_name("project") / "acme"
    files = {f"acme/{source.name}": source.read_text() for source in sources.glob("*.py")}
    return write({"mllint.toml": f"knowledge = ['{KNOWLEDGE}']\n", **files})


@pytest.mark.parametrize("how", IMPORTS)
def test_the_file_goes_before_the_source(how: str, package: Path, mllint) -> None:
    (package / "acme" / "train.py").write_text(TRAIN.format(imports=IMPORTS[how]))
    run = mllint("--output-format", "concise")
    found = [line.split(" ")[:3] for line in run.stdout.splitlines()]
    assert [(place.split(":")[0], rule) for place, _, rule in found] == [
        ("acme/train.py", "softmax-with-binary-crossentropy:")
    ]


def test_what_a_file_defines_itself(package: Path, mllint) -> None:
    losses = package / "acme" / "losses.py"
    model = 'model = keras.Sequential([keras.layers.Dense(3, "softmax")])\n'
    losses.write_text(f"{losses.read_text()}\n\n{model}model.compile('adam', loss=weighted_bce)\n")
    last = len(losses.read_text().splitlines())
    run = mllint("--output-format", "concise", "acme/losses.py")
    assert run.stdout.startswith(f"acme/losses.py:{last}:28: warning[MLL103] softmax-with-binary-crossentropy: ")
