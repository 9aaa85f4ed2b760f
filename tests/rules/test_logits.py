"""When Keras takes the logits back, what happens to them on the way, and in which precision."""

from __future__ import annotations

from typing import Any

import pytest

BCE, CCE, SCCE = "binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy"
RULE = "activation-with-from-logits"


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"framework": "keras3", "run_eagerly": True},
        {"framework": "keras3", "via": "loss-call"},
        {"framework": "keras2"},
    ],
    ids=str,
)
def test_keras_takes_the_logits_back(facts: dict[str, Any], output: Any, setup_of: Any, judgement: Any) -> None:
    for pair in (("softmax", 10, CCE), ("softmax", 10, SCCE), ("sigmoid", 1, BCE)):
        ((name, problem),) = judgement(setup_of(output(*pair, True), **facts))
        assert (name, problem.severity.label) == (RULE, "warning")
        assert "takes the logits back" in problem.message


def test_a_linear_activation_behind_the_softmax_passes_the_logits_on(
    output: Any, setup_of: Any, stage_of: Any, verdicts: Any
) -> None:
    identity = stage_of("identity", "keras.layers.Activation")
    linear = stage_of("activation", "keras.layers.Activation", activation="linear")
    for after in (identity, linear):
        assert verdicts(setup_of(output("softmax", 10, CCE, True, after=[after]))) == [(RULE, "warning")]


@pytest.mark.parametrize(
    ("made", "facts", "reason"),
    [
        ({"after": ["shape"]}, {}, "Reshape after the activation"),
        ({"after": ["dropout"]}, {}, "Dropout after the activation"),
        ({"dtype": "float16"}, {"framework": "keras3"}, "Keras 3 casts the float16 output"),
        ({"dtype": "bfloat16"}, {}, "Keras 3 casts the bfloat16 output"),
        ({"loss": "categorical_focal_crossentropy"}, {}, "focal losses of Keras 3"),
        ({"symbol": "tf.nn.softmax"}, {"run_eagerly": True}, "tf.nn.softmax keeps no logits"),
        ({"symbol": "tf.nn.softmax"}, {"via": "loss-call"}, "tf.nn.softmax keeps no logits"),
        ({"activation": "hard_sigmoid", "loss": BCE}, {}, "hard_sigmoid keeps no logits"),
    ],
    ids=str,
)
def test_the_logits_are_lost(
    made: dict[str, Any], facts: dict[str, Any], reason: str, output: Any, setup_of: Any, stage_of: Any, judgement: Any
) -> None:
    symbols = {"shape": "keras.layers.Reshape", "dropout": "keras.layers.Dropout"}
    made = {"activation": "softmax", "units": 10, "loss": CCE, "from_logits": True} | made
    made["after"] = [stage_of(role, symbols[role]) for role in made.get("after", ())]
    found = {name: problem for name, problem in judgement(setup_of(output(**made), **facts))}
    assert found[RULE].severity.label == "error"
    assert "applied twice" in found[RULE].message and reason in found[RULE].message


@pytest.mark.parametrize(
    ("made", "facts"),
    [
        ({"dtype": "float16"}, {"framework": "keras2"}),
        ({"loss": "categorical_focal_crossentropy"}, {"framework": "keras2"}),
        ({"symbol": "tf.nn.softmax"}, {}),
        ({"symbol": "tf.nn.softmax"}, {"run_eagerly": False}),
    ],
    ids=str,
)
def test_where_others_lose_the_logits_these_keep_them(
    made: dict[str, Any], facts: dict[str, Any], output: Any, setup_of: Any, verdicts: Any
) -> None:
    made = {"activation": "softmax", "units": 10, "loss": CCE, "from_logits": True} | made
    assert verdicts(setup_of(output(**made), **facts)) == [(RULE, "warning")]


def test_a_sigmoid_under_a_categorical_loss_says_what_is_trained(
    output: Any, setup_of: Any, stage_of: Any, judgement: Any
) -> None:
    reshape = stage_of("shape", "keras.layers.Reshape")
    recovered, given = (
        judgement(setup_of(output("sigmoid", 10, CCE, from_logits)))[0][1].message for from_logits in (False, True)
    )
    assert "a softmax on the raw scores" in recovered and "a softmax on the raw scores" in given
    lost = judgement(setup_of(output("sigmoid", 10, CCE, False, after=[reshape])))[0][1].message
    assert "divides each row by its sum" in lost


def test_a_relu_between_scores_and_activation(output: Any, setup_of: Any, stage_of: Any, judgement: Any) -> None:
    relu = stage_of("activation", "keras.layers.ReLU", activation="relu")
    for activation, loss in (("softmax", CCE), ("sigmoid", BCE)):
        ((name, problem),) = judgement(setup_of(output(activation, 10, loss, before=[relu])))
        assert (name, problem.severity.label) == ("relu-on-logits", "warning")
        assert problem.primary.place == relu.place
    batch_norm = stage_of("normalisation", "keras.layers.BatchNormalization")
    assert judgement(setup_of(output("softmax", 10, CCE, before=[relu, batch_norm]))) == []


def test_dropout_after_the_activation_is_worse_than_before_it(
    output: Any, setup_of: Any, stage_of: Any, verdicts: Any
) -> None:
    dropout = stage_of("dropout", "keras.layers.Dropout")
    for activation, loss in (("softmax", CCE), ("sigmoid", BCE)):
        assert verdicts(setup_of(output(activation, 10, loss, after=[dropout]))) == [("dropout-on-logits", "warning")]
        assert verdicts(setup_of(output(activation, 10, loss, before=[dropout]))) == [("dropout-on-logits", "info")]
    assert verdicts(setup_of(output("linear", 10, CCE, True, after=[dropout]))) == [("dropout-on-logits", "info")]
    assert verdicts(setup_of(output("linear", 1, "mean_squared_error", None, after=[dropout]))) == []


def test_dropout_on_an_image_is_not_said_to_concern_classes(
    output: Any, setup_of: Any, stage_of: Any, judgement: Any
) -> None:
    dropout = stage_of("dropout", "keras.layers.Dropout")
    for loss, says_it in ((BCE, True), ("mean_squared_error", False)):
        ((name, problem),) = judgement(setup_of(output("sigmoid", 10, loss, after=[dropout])))
        assert name == "dropout-on-logits"
        assert ("the right class" in problem.message) is says_it


@pytest.mark.parametrize(
    ("made", "framework", "expected"),
    [
        (("softmax", 10, CCE, False), "keras3", "warning"),
        (("softmax", 10, CCE, False), None, "warning"),
        (("softmax", 10, CCE, False), "keras2", "info"),
        (("sigmoid", 1, BCE, False), "keras3", "warning"),
        (("linear", 1, "mean_squared_error", None), "keras3", "info"),
        (("linear", 1, "mean_squared_error", None), "keras2", "warning"),
        (("linear", 10, SCCE, True), "keras3", None),
        (("linear", 10, SCCE, True), "keras2", None),
    ],
    ids=str,
)
def test_a_float16_head(
    made: tuple[Any, ...], framework: str | None, expected: str | None, output: Any, setup_of: Any, verdicts: Any
) -> None:
    found = verdicts(setup_of(output(*made, dtype="float16"), framework=framework))
    assert found == ([("half-precision-head", expected)] if expected else [])


def test_a_float16_head_cannot_reach_large_targets(output: Any, setup_of: Any, verdicts: Any) -> None:
    made = output("linear", 1, "mean_squared_error", None, "continuous", dtype="float16", high=3e5)
    assert verdicts(setup_of(made)) == [("half-precision-head", "error")]
