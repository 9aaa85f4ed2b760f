"""Every row against the installed Keras: it exists where the table says, and is what the table says."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from mllint.rules import knowledge
from mllint.rules.knowledge.rows import LayerRow, Signature, Versions

pytestmark = pytest.mark.tensorflow

TABLES = [knowledge.losses, knowledge.activations, knowledge.metrics, knowledge.layers, knowledge.applications]
SPELLED = [knowledge.losses, knowledge.metrics]
DOTTED = [knowledge.layers, knowledge.applications]

# Public names that are no layer, loss, metric, activation or zoo model.
NOT_A_ROW = {
    "layers": {"InputSpec", "disable_v2_dtype_behavior", "enable_v2_dtype_behavior"},
    "losses": {"Loss", "Reduction"},
    "activations": set(),
    "metrics": {"Mean", "MeanMetricWrapper", "MeanTensor", "Metric", "Sum"},
    "applications": set(),
}
MACHINERY = {"get", "serialize", "deserialize"}

Problems = list[str]


def dated_symbols(row: Any) -> Iterator[tuple[str, Versions]]:
    if hasattr(row, "spellings"):
        yield from ((spelling.symbol, spelling.keras) for spelling in row.spellings)
    elif hasattr(row, "aliases"):
        yield row.name, row.keras
        yield from row.aliases.items()
    else:
        yield from row.symbols.items()


def belongs_to_keras(symbol: str) -> bool:
    """TensorFlow's own functions exist whatever the Keras; those below tf.layers went with TensorFlow 2.16."""
    return symbol.startswith("keras.")


@pytest.mark.parametrize("table", TABLES)
def test_symbols_exist_in_the_versions_claimed_and_in_no_other(
    table: Callable[[], Iterable[Any]], installed: Any
) -> None:
    problems: Problems = []
    for row in table():
        for symbol, versions in dated_symbols(row):
            if symbol.startswith("tf.layers."):
                continue
            claimed = installed.version in versions or not belongs_to_keras(symbol)
            if claimed != (installed.find(symbol) is not None):
                problems.append(f"{symbol}: claimed for {sorted(versions)}")
    assert not problems


def signature_of(thing: Any) -> Signature:
    kept = [
        parameter
        for parameter in inspect.signature(thing).parameters.values()
        if parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
    ]
    defaults = {parameter.name: parameter.default for parameter in kept if parameter.default is not parameter.empty}
    return Signature(tuple(parameter.name for parameter in kept), defaults)


def is_literal(value: object) -> bool:
    try:
        return bool(ast.literal_eval(repr(value)) == value)
    except (SyntaxError, ValueError):
        return False


def differences(symbol: str, ours: Signature, theirs: Signature) -> Problems:
    """Older releases of a major version may lack the last parameters."""
    if ours.parameters[: len(theirs.parameters)] != theirs.parameters:
        return [f"{symbol}: {ours.parameters} is really {theirs.parameters}"]
    if {name for name in ours.defaults if name in theirs.parameters} != theirs.defaults.keys():
        return [f"{symbol}: only {sorted(theirs.defaults)} have defaults"]
    return [
        f"{symbol}: {name}={ours.defaults[name]!r} is really {value!r}"
        for name, value in theirs.defaults.items()
        if is_literal(value) and ours.defaults[name] != value
    ]


def dated_signatures(row: Any, version: int) -> Iterator[tuple[str, Signature]]:
    for described in getattr(row, "spellings", [row]):
        if version in described.keras:
            symbol = getattr(described, "symbol", None) or described.name
            yield symbol, described.signature_keras2 if version == 2 else described.signature


@pytest.mark.parametrize("table", [*SPELLED, *DOTTED])
def test_signatures_are_the_real_ones(table: Callable[[], Iterable[Any]], installed: Any) -> None:
    problems: Problems = []
    for row in table():
        for symbol, signature in dated_signatures(row, installed.version):
            if (thing := installed.find(symbol)) is not None:
                problems += differences(symbol, signature, signature_of(thing))
    assert not problems


@pytest.mark.parametrize("table", SPELLED)
def test_a_class_is_called_a_class(table: Callable[[], Iterable[Any]], installed: Any) -> None:
    problems = [
        spelling.symbol
        for row in table()
        for spelling in row.spellings
        if (thing := installed.find(spelling.symbol)) is not None
        and inspect.isclass(thing) != (spelling.kind == "class")
    ]
    assert not problems


def obtained(get: Callable[[str], Any], text: str) -> Any | None:
    """What Keras makes of an identifier; None where that is nothing that can be called."""
    try:
        found = get(text)
    except (TypeError, ValueError):
        return None
    return found if callable(found) else None


@pytest.mark.parametrize(
    ("table", "package"),
    [(knowledge.losses, "losses"), (knowledge.activations, "activations"), (knowledge.metrics, "metrics")],
)
def test_identifiers_are_accepted_in_the_versions_claimed_and_in_no_other(
    table: Callable[[], Iterable[Any]], package: str, installed: Any
) -> None:
    get = getattr(installed.keras, package).get
    problems: Problems = []
    for row in table():
        if by_shape(row):
            continue
        things = [thing for symbol in row.symbols for thing in installed.all(symbol)]
        for text, versions in row.identifiers.items():
            found = obtained(get, text)
            if (installed.version in versions) != (found is not None):
                problems.append(f"{text!r}: claimed for {sorted(versions)}, gives {found}")
            elif found and not (found in things or type(found) in things or found.__name__ == row.name):
                problems.append(f"{text!r} belongs to {row.name}, but is {found}")
    assert not problems


def by_shape(row: Any) -> bool:
    return "by-shape" in (getattr(row, "family", ""), getattr(row, "reads", ""))


def compiled(installed: Any, **arguments: Any) -> Any:
    keras = installed.keras
    model = keras.Sequential([keras.Input(shape=(2,)), keras.layers.Dense(3, activation="softmax")])
    model.compile(optimizer="sgd", run_eagerly=True, **arguments)
    return model


def trains(installed: Any, **arguments: Any) -> bool:
    numpy = pytest.importorskip("numpy")
    try:
        compiled(installed, **arguments).train_on_batch(numpy.ones((2, 2)), numpy.array([[0, 1, 0], [1, 0, 0]]))
    except (TypeError, ValueError):
        return False
    return True


def test_names_resolved_by_shape_are_accepted_by_compile(installed: Any) -> None:
    problems: Problems = []
    for loss in filter(by_shape, knowledge.losses()):
        for text, versions in loss.identifiers.items():
            if trains(installed, loss=text) != (installed.version in versions):
                problems.append(f"loss={text!r}")
    for metric in filter(by_shape, knowledge.metrics()):
        for text, versions in metric.identifiers.items():
            if trains(installed, loss="mse", metrics=[text]) != (installed.version in versions):
                problems.append(f"metrics=[{text!r}]")
    assert not problems


@pytest.mark.parametrize(
    ("table", "package"),
    [
        (knowledge.layers, "layers"),
        (knowledge.losses, "losses"),
        (knowledge.activations, "activations"),
        (knowledge.metrics, "metrics"),
        (knowledge.applications, "applications"),
    ],
)
def test_everything_public_has_a_row(table: Callable[[], Any], package: str, installed: Any) -> None:
    rows = table()
    missing = {
        name
        for name, _ in installed.public(package)
        if name not in NOT_A_ROW[package] | MACHINERY
        and rows.symbol(f"keras.{package}.{name}") is None
        and knowledge.canonical(f"keras.{package}.{name}") != "keras.Input"
    }
    assert not missing


@pytest.mark.parametrize(
    ("table", "package"),
    [
        (knowledge.layers, "layers"),
        (knowledge.losses, "losses"),
        (knowledge.metrics, "metrics"),
        (knowledge.applications, "applications"),
    ],
)
def test_the_module_a_thing_is_defined_in_folds_to_its_row(
    table: Callable[[], Any], package: str, installed: Any
) -> None:
    rows = table()
    problems: Problems = []
    for name, thing in installed.public(package):
        row = rows.symbol(knowledge.canonical(f"keras.{package}.{name}"))
        defined_at = f"{thing.__module__}.{thing.__name__}"
        inside = re.match(rf"(tf_)?keras\.src\.{package}\.", defined_at)
        if row is not None and inside and rows.symbol(knowledge.canonical(defined_at)) is not row:
            problems.append(f"{defined_at} folds to {knowledge.canonical(defined_at)}")
    assert not problems


@pytest.mark.parametrize("table", TABLES)
def test_source_files_named_as_references_exist(table: Callable[[], Iterable[Any]], installed: Any) -> None:
    problems: Problems = []
    for row in table():
        prefix = "keras/" if installed.version == 3 else "Keras 2.15 keras/"
        path = row.reference.removeprefix(prefix)
        if path != row.reference and not (installed.root / path).is_file():
            problems.append(f"{row.name}: {row.reference}")
    assert not problems


def with_activation(version: int) -> list[LayerRow]:
    return [
        row
        for row in knowledge.layers()
        if row.activation and row.default_activation and version in row.keras and row.name.startswith("keras.layers.")
    ]


def test_layers_activate_as_the_table_says(installed: Any) -> None:
    problems: Problems = []
    for row in with_activation(installed.version):
        signature = row.signature_keras2 if installed.version == 2 else row.signature
        required = [name for name in signature.parameters if name not in signature.defaults]
        arguments = {"equation": "ab,bc->ac"} if "equation" in required else {}
        layer = installed.find(row.name)(**{name: 2 for name in required} | arguments)
        if getattr(layer, str(row.activation)).__name__ != row.default_activation:
            problems.append(row.name)
    assert not problems


def test_parameters_named_by_layers_are_parameters() -> None:
    problems = [
        row.name
        for row in knowledge.layers()
        for parameter in (row.units, row.activation)
        if parameter is not None and parameter not in row.signature.parameters
    ]
    assert not problems
