"""The tables as they are packaged, and what happens to files that are not right."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from mllint.rules import knowledge
from mllint.rules.knowledge import KnowledgeError, load

TABLES = [
    knowledge.losses,
    knowledge.activations,
    knowledge.metrics,
    knowledge.layers,
    knowledge.applications,
    knowledge.datasets,
    knowledge.data_functions,
]

GOOD = """
mine:
  family: regression
  needs: any
  labels: [continuous]
  keras: [2, 3]
  reference: measured
  identifiers: [mine, {Mine: [3]}]
  spellings:
    - symbol: package.mine
      kind: function
      signature: "y_true, y_pred, delta=1.0"
"""


@pytest.mark.parametrize("table", TABLES)
def test_every_row_has_a_reference(table: Callable[[], Any]) -> None:
    named = re.compile(r"keras/src/\S+\.py$|Keras 2\.15 keras/src/\S+\.py$|https://\S+$")
    assert [row.name for row in table() if not named.match(row.reference)] == []


@pytest.mark.parametrize("table", TABLES)
def test_every_row_is_found_by_its_name_strings_and_symbols(table: Callable[[], Any]) -> None:
    rows = table()
    assert len(rows) > 0
    for row in rows:
        assert rows.get(row.name) is row
        assert all(rows.identify(text) is row for text in row.identifiers)
        assert all(rows.symbol(symbol) is row for symbol in row.symbols)
    assert set(rows.identifiers()) == {text for row in rows for text in row.identifiers}


@pytest.mark.parametrize("table", TABLES)
def test_symbols_are_canonical(table: Callable[[], Any]) -> None:
    """Nothing asks a table for a symbol that has not been folded."""
    rows = table()
    for row in rows:
        for symbol in row.symbols:
            assert rows.symbol(knowledge.canonical(symbol)) is row


def test_unknown_names_are_none() -> None:
    assert knowledge.losses().get("no such loss") is None
    assert knowledge.losses().identify("categorical_crossentrop") is None
    assert knowledge.layers().symbol("keras.layers.Dens") is None


def test_losses_answer_to_the_names_programs_use() -> None:
    losses = knowledge.losses()
    mean_squared_error = losses.get("mean_squared_error")
    for text in ["mse", "MSE", "MeanSquaredError", "mean_squared_error"]:
        assert losses.identify(text) is mean_squared_error
    assert losses.symbol("tf.nn.softmax_cross_entropy_with_logits") is losses.get("categorical_crossentropy")


@pytest.mark.parametrize(
    ("symbol", "default"),
    [
        ("tf.nn.softmax_cross_entropy_with_logits", True),
        ("keras.losses.CategoricalCrossentropy", False),
        ("keras.losses.mse", None),
    ],
)
def test_spellings_know_their_default_for_logits(symbol: str, default: bool | None) -> None:
    row = knowledge.losses().symbol(symbol)
    assert row is not None
    spelling = row.spelling(symbol)
    assert spelling is not None
    assert spelling.from_logits is default


def test_a_row_is_read() -> None:
    row = load.table("losses", GOOD, "mine.yaml").get("mine")
    assert row is not None
    assert dict(row.identifiers) == {"mine": {2, 3}, "Mine": {3}}
    spelling = row.spelling("package.mine")
    assert spelling is not None
    assert spelling.signature.parameters == ("y_true", "y_pred", "delta")
    assert dict(spelling.signature.defaults) == {"delta": 1.0}
    assert (spelling.labels_parameter, spelling.predictions_parameter) == ("y_true", "y_pred")


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("needs: any", "nedes: any", "mine.yaml: mine: missing key 'needs'"),
        ("reference: measured", "reference: measured\n  colour: red", "mine.yaml: mine: unknown key 'colour'"),
        ("kind: function", "kind: function\n      x: 1", "mine.yaml: mine: package.mine: unknown key 'x'"),
        ("family: regression", "family: regresion", "mine.yaml: mine: family: 'regresion' is not one of binary"),
        ("labels: [continuous]", "labels: [floats]", "mine.yaml: mine: labels: 'floats' is not one of integer"),
        ("labels: [continuous]", "labels: continuous", "mine.yaml: mine: labels: expected a list, found 'continuous'"),
        ("keras: [2, 3]", "keras: [4]", "mine.yaml: mine: keras: expected a list of Keras versions"),
        ("reference: measured", "reference: 3", "mine.yaml: mine: reference: expected a string, found 3"),
        ("delta=1.0", "delta=", "mine.yaml: mine: package.mine: signature: 'y_true, y_pred, delta=' is not a list"),
        ("delta=1.0", "delta=x()", "mine.yaml: mine: package.mine: signature:"),
        ("y_true, y_pred, delta=1.0", "y_true", "mine.yaml: mine: package.mine: signature: a loss takes labels and"),
        ("mine, {Mine: [3]}", "mine, 3", "mine.yaml: mine: identifiers: expected a name or {name: versions}, found 3"),
        ("mine, {Mine: [3]}", "mine, {Mine: [9]}", "mine.yaml: mine: identifiers: expected a list of Keras versions"),
        ("reference: measured", "focal: 1\n  reference: x", "mine.yaml: mine: focal: expected true or false, found 1"),
        ("mine:", "mine: [", "mine.yaml: is not YAML: "),
        ("mine:", "3:", "mine.yaml: expected a mapping from names to rows"),
    ],
)
def test_a_mistake_is_reported_with_its_file_and_row(right: str, wrong: str, message: str) -> None:
    assert GOOD.count(right) == 1
    with pytest.raises(KnowledgeError, match="^" + re.escape(message)):
        load.table("losses", GOOD.replace(right, wrong), "mine.yaml")


def test_a_row_that_is_no_mapping_is_reported() -> None:
    with pytest.raises(KnowledgeError, match=r"^mine\.yaml: mine: expected a mapping of fields, found 3$"):
        load.table("losses", "mine: 3", "mine.yaml")


def test_a_number_where_one_is_needed() -> None:
    with pytest.raises(KnowledgeError, match=r"^mine\.yaml: mine: low: expected a number, found 'zero'$"):
        load.table("activations", "mine: {keras: [3], reference: measured, low: zero}", "mine.yaml")


def test_one_string_for_two_rows_is_reported() -> None:
    text = GOOD + GOOD.replace("mine:", "yours:").replace("package.mine", "package.yours")
    with pytest.raises(KnowledgeError, match=r"^mine\.yaml: 'mine' belongs to both mine and yours$"):
        load.table("losses", text, "mine.yaml")
