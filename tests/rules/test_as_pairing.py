"""What must change to make an output a coherent setup, and where nothing can."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from mllint.facts import Decoding, Identifier, Known, Metric, Output, TrainingSetup, Unknown
from mllint.repairs import SetLabels, SetMetric
from mllint.rules.repairing.pairings import Pairing, as_pairing, in_words
from mllint.rules.repairing.terms import CannotPair, Form, Kind
from tests.rules.changed import changed
from tests.rules.conftest import stage
from tests.rules.test_decoding import decoding
from tests.rules.test_labels import BCE, CCE, SCCE, labelled
from tests.rules.test_metrics import metric

KLD, FOCAL_B, FOCAL_C = "kl_divergence", "binary_focal_crossentropy", "categorical_focal_crossentropy"
P: Form = "probabilities"
MULTI, ONE, YES = "multi-label", "multi-class", "binary"

Facts = tuple[Any, ...]


def after(setup: TrainingSetup, kind: Kind, form: Form) -> Output:
    (output,) = setup.outputs
    (paired,) = changed(setup, as_pairing(setup, output, Pairing(kind, form))).outputs
    return paired


def in_short(output: Output) -> Facts:
    facts = (output.head.activation, output.head.units, output.loss.name, output.loss.from_logits)
    return tuple(fact.value if isinstance(fact, Known) else None for fact in facts)


@pytest.mark.parametrize(
    ("before", "facts", "kind", "form", "expected"),
    [
        # the seed's question: softmax gives way to independent sigmoids, and back
        (("softmax", 10, CCE, False, "multi-hot"), {}, MULTI, P, ("sigmoid", 10, BCE, False)),
        (("softmax", 10, CCE, False, None), {}, MULTI, P, ("sigmoid", 10, BCE, False)),
        (("sigmoid", 10, BCE, False, "one-hot"), {}, ONE, P, ("softmax", 10, CCE, False)),
        (("sigmoid", 10, BCE, False, None), {}, ONE, P, ("softmax", 10, CCE, False)),
        # labels, or else the loss of today, choose between the categorical losses
        (("sigmoid", 10, CCE, False, "integer"), {}, ONE, P, ("softmax", 10, SCCE, False)),
        (("linear", 10, SCCE, True, None), {}, ONE, P, ("softmax", 10, SCCE, False)),
        (("linear", 10, CCE, True, "distribution"), {}, ONE, P, ("softmax", 10, CCE, False)),
        # logits and probabilities
        (("softmax", 10, SCCE, False, "integer"), {}, ONE, "logits", ("linear", 10, SCCE, True)),
        (("sigmoid", 1, BCE, False, "binary"), {}, YES, "logits", ("linear", 1, BCE, True)),
        (("linear", 1, BCE, True, "binary"), {}, YES, P, ("sigmoid", 1, BCE, False)),
        (("log_softmax", 10, CCE, True, "one-hot"), {}, ONE, P, ("softmax", 10, CCE, False)),
        # what fits stays
        (("hard_sigmoid", 10, CCE, False, "multi-hot"), {}, MULTI, P, ("hard_sigmoid", 10, BCE, False)),
        (("softmax", 10, KLD, False, "one-hot"), {}, ONE, P, ("softmax", 10, KLD, False)),
        (("softmax", 10, KLD, False, "one-hot"), {}, ONE, "logits", ("linear", 10, CCE, True)),
        (("log_softmax", 10, SCCE, False, "integer"), {}, ONE, "logits", ("log_softmax", 10, SCCE, True)),
        # focal stays focal
        (("softmax", 10, FOCAL_C, False, "multi-hot"), {}, MULTI, P, ("sigmoid", 10, FOCAL_B, False)),
        (("sigmoid", 10, FOCAL_B, False, "one-hot"), {}, ONE, P, ("softmax", 10, FOCAL_C, False)),
        # two classes on one unit or on two
        (("softmax", 2, SCCE, False, "integer"), {"classes": 2}, YES, P, ("sigmoid", 1, BCE, False)),
        (("softmax", 2, SCCE, False, None), {}, YES, P, ("sigmoid", 1, BCE, False)),
        (("softmax", 2, CCE, False, "one-hot"), {"last_axis": 2}, YES, P, ("sigmoid", 1, BCE, False)),
        (("sigmoid", 1, BCE, False, "binary"), {}, ONE, P, ("softmax", 2, SCCE, False)),
        # more classes than the head has units
        (("sigmoid", 1, BCE, False, "integer"), {"classes": 7}, ONE, P, ("softmax", 7, SCCE, False)),
        (("softmax", 1, CCE, False, "one-hot"), {"last_axis": 4}, ONE, P, ("softmax", 4, CCE, False)),
        # distances between class labels
        (("linear", 10, "mean_squared_error", None, "one-hot"), {}, ONE, P, ("softmax", 10, CCE, False)),
    ],
)
def test_head_and_loss(
    output: Callable[..., Output],
    setup_of: Callable[..., TrainingSetup],
    before: Facts,
    facts: dict[str, Any],
    kind: Kind,
    form: Form,
    expected: Facts,
) -> None:
    paired = after(setup_of(labelled(output(*before), **facts)), kind, form)
    assert in_short(paired) == expected


@pytest.mark.parametrize(
    ("before", "kind", "form"),
    [
        (("sigmoid", 10, BCE, False, "multi-hot"), MULTI, P),
        (("linear", 10, BCE, True, None), MULTI, "logits"),
        (("softmax", 10, SCCE, False, "integer"), ONE, P),
        (("linear", 10, CCE, True, "one-hot"), ONE, "logits"),
        (("sigmoid", 1, BCE, False, "binary"), YES, P),
        (("linear", 1, BCE, True, None), YES, "logits"),
    ],
)
def test_what_is_a_pairing_already_stays(
    output: Callable[..., Output], setup_of: Callable[..., TrainingSetup], before: Facts, kind: Kind, form: Form
) -> None:
    setup = setup_of(output(*before))
    assert as_pairing(setup, setup.outputs[0], Pairing(kind, form)) == ()


@pytest.mark.parametrize(
    ("before", "facts", "kind", "encoding"),
    [
        (("softmax", 10, SCCE, False, "integer"), {}, MULTI, "one-hot"),
        (("softmax", 2, CCE, False, "one-hot"), {"last_axis": 2}, YES, "binary"),
        (("softmax", 2, SCCE, False, "integer"), {"classes": 2}, YES, None),
        (("softmax", 10, CCE, False, "multi-hot"), {}, MULTI, None),
    ],
)
def test_labels_are_recoded_only_where_the_pairing_needs_it(
    output: Callable[..., Output],
    setup_of: Callable[..., TrainingSetup],
    before: Facts,
    facts: dict[str, Any],
    kind: Kind,
    encoding: str | None,
) -> None:
    setup = setup_of(labelled(output(*before), **facts))
    changes = as_pairing(setup, setup.outputs[0], Pairing(kind, P))
    recoded = [change.encoding for change in changes if isinstance(change, SetLabels)]
    assert recoded == ([encoding] if encoding else [])


@pytest.mark.parametrize(
    ("before", "facts", "kind", "reason"),
    [
        (("softmax", 10, CCE, False, "continuous"), {}, ONE, "numbers to predict"),
        (("sigmoid", 1, BCE, False, "signed"), {}, YES, "-1 and 1"),
        (("sigmoid", 784, BCE, False, "image"), {}, MULTI, "pictures"),
        (("softmax", 10, CCE, False, "multi-hot"), {}, ONE, "several classes per sample"),
        (("sigmoid", 1, BCE, False, "binary"), {}, MULTI, "single unit"),
        (("softmax", 10, CCE, False, "one-hot"), {}, YES, "10 units"),
        (("softmax", None, CCE, False, None), {}, YES, "number of units is not known"),
        (("softmax", 10, SCCE, False, None), {}, MULTI, "made out of sight"),
        (("softmax", 2, CCE, False, None), {}, YES, "made out of sight"),
        (("sigmoid", 1, BCE, False, "integer"), {}, ONE, "number of classes is not known"),
        (("sigmoid", 2, BCE, False, "integer"), {"classes": 5}, ONE, "class 4 has no unit"),
        (("sigmoid", 10, FOCAL_B, False, "integer"), {}, ONE, "no focal loss for class numbers"),
        (("linear", 10, "mean_squared_error", None, None), {}, ONE, "takes many"),
        (("linear", 10, "poisson", None, "integer"), {}, ONE, "poisson is no loss"),
        (("softmax", 10, None, False, "one-hot"), {}, MULTI, "not seen"),
        (("softmax", 10, CCE, None, "one-hot"), {}, MULTI, "not seen"),
        ((None, 10, CCE, False, "one-hot"), {}, MULTI, "not seen"),
    ],
)
def test_where_it_cannot_be_it_says_why(
    output: Callable[..., Output],
    setup_of: Callable[..., TrainingSetup],
    before: Facts,
    facts: dict[str, Any],
    kind: Kind,
    reason: str,
) -> None:
    setup = setup_of(labelled(output(*before), **facts))
    with pytest.raises(CannotPair) as refused:
        as_pairing(setup, setup.outputs[0], Pairing(kind, P))
    assert reason in refused.value.reason


def test_a_head_that_ends_in_more_than_its_activation_is_left_alone(
    output: Callable[..., Output], setup_of: Callable[..., TrainingSetup], stage_of: Callable[..., Any]
) -> None:
    twice = [stage_of("activation", "keras.activations.softmax", "first", activation="softmax")]
    scaled = [stage_of("arithmetic", "operator.mul", factor=5.0)]
    over_rows = output("softmax", 10, CCE, False, "multi-hot", softmax_axis=1)
    for one in (
        output("softmax", 10, CCE, False, "multi-hot", before=twice),
        output("linear", 10, CCE, False, "multi-hot", after=scaled),
        over_rows,
        output("softmax", 10, CCE, False, "multi-hot", axis=1),
    ):
        setup = setup_of(one)
        with pytest.raises(CannotPair):
            as_pairing(setup, one, Pairing("multi-label", P))


@pytest.mark.parametrize(
    ("between", "refused"), [([], True), ([stage("pool", "keras.layers.GlobalAveragePooling2D")], False)]
)
def test_one_label_per_picture_is_none_for_each_of_its_points(
    output: Callable[..., Output], setup_of: Callable[..., TrainingSetup], between: list[Any], refused: bool
) -> None:
    one = labelled(output("sigmoid", 3, BCE, False, "one-hot", before=between), rank=2, last_axis=3)
    scores, *rest = one.head.stages
    head = replace(one.head, stages=(replace(scores, symbol="keras.layers.Conv2D"), *rest))
    setup = setup_of(replace(one, head=head))
    if refused:
        with pytest.raises(CannotPair, match="fewer axes"):
            as_pairing(setup, setup.outputs[0], Pairing("multi-class", P))
    else:
        assert as_pairing(setup, setup.outputs[0], Pairing("multi-class", P))


# ---------------------------------------------------------------- what reads the output


def figures(setup: TrainingSetup, kind: Kind, form: Form) -> list[tuple[str, dict[str, Any]]]:
    return [
        (one.name.value, {name: fact.value for name, fact in one.arguments if isinstance(fact, Known)})
        for one in after(setup, kind, form).metrics
        if isinstance(one.name, Known)
    ]


@pytest.mark.parametrize(
    ("before", "measured", "kind", "form", "expected"),
    [
        # the units answer for themselves
        ((10, CCE, "multi-hot"), metric("accuracy"), MULTI, P, ("binary_accuracy", {"name": "acc"})),
        (
            (10, CCE, "multi-hot"),
            metric("accuracy"),
            MULTI,
            "logits",
            ("binary_accuracy", {"threshold": 0, "name": "acc"}),
        ),
        (
            (10, CCE, "multi-hot"),
            metric("categorical_accuracy"),
            MULTI,
            P,
            ("binary_accuracy", {"name": "categorical_accuracy"}),
        ),
        ((10, CCE, "multi-hot"), metric("precision"), MULTI, P, ("precision", {})),
        ((10, CCE, "multi-hot"), metric("precision"), MULTI, "logits", ("precision", {"thresholds": 0})),
        ((10, CCE, "multi-hot"), metric("auc"), MULTI, "logits", ("auc", {"from_logits": True})),
        ((10, CCE, "multi-hot"), metric("f1_score"), MULTI, P, ("f1_score", {"threshold": 0.5})),
        ((10, CCE, "multi-hot"), metric("f1_score", threshold=0.3), MULTI, P, ("f1_score", {"threshold": 0.3})),
        (
            (10, CCE, "multi-hot"),
            metric("binary_accuracy", threshold=0.3),
            MULTI,
            "logits",
            ("binary_accuracy", {"threshold": -0.847}),
        ),
        ((10, CCE, "multi-hot"), metric("mean_squared_error"), MULTI, P, ("mean_squared_error", {})),
        # one class out of several
        ((10, BCE, "one-hot"), metric("accuracy"), ONE, P, ("accuracy", {})),
        (
            (10, BCE, "one-hot"),
            metric("binary_accuracy"),
            ONE,
            P,
            ("categorical_accuracy", {"name": "binary_accuracy"}),
        ),
        (
            (10, BCE, "integer"),
            metric("binary_accuracy"),
            ONE,
            P,
            ("sparse_categorical_accuracy", {"name": "binary_accuracy"}),
        ),
        (
            (10, SCCE, "one-hot"),
            metric("sparse_top_k_categorical_accuracy", k=3),
            ONE,
            P,
            ("top_k_categorical_accuracy", {"k": 3, "name": "sparse_top_k_categorical_accuracy"}),
        ),
        ((2, BCE, "one-hot"), metric("precision"), ONE, P, ("precision", {"class_id": 1})),
        # yes or no
        ((1, BCE, "binary"), metric("accuracy"), YES, P, ("accuracy", {})),
        ((1, BCE, "binary"), metric("accuracy"), YES, "logits", ("binary_accuracy", {"threshold": 0, "name": "acc"})),
        ((2, SCCE, None), metric("accuracy"), YES, P, ("accuracy", {})),
        (
            (2, SCCE, None),
            metric("sparse_categorical_accuracy"),
            YES,
            P,
            ("binary_accuracy", {"name": "sparse_categorical_accuracy"}),
        ),
        ((2, CCE, "one-hot"), metric("precision", class_id=1), YES, P, ("precision", {})),
        (
            (1, BCE, "binary"),
            metric("binary_crossentropy"),
            YES,
            "logits",
            ("binary_crossentropy", {"from_logits": True}),
        ),
    ],
)
def test_metrics_follow_under_the_name_they_are_logged_under(
    output: Callable[..., Output],
    setup_of: Callable[..., TrainingSetup],
    before: Facts,
    measured: Metric,
    kind: Kind,
    form: Form,
    expected: tuple[str, dict[str, Any]],
) -> None:
    if measured.name == Known("accuracy"):
        measured = replace(measured, spelling="string")
    units, loss, encoding = before
    activation = "sigmoid" if loss == BCE else "softmax"
    one = replace(output(activation, units, loss, False, encoding), metrics=(measured,))
    setup = setup_of(one, identifiers=(Identifier("metric", "acc", measured.place),))
    assert figures(setup, kind, form) == [expected]


@pytest.mark.parametrize(
    ("before", "measured", "kind", "form"),
    [
        ((10, CCE, "multi-hot"), metric("f1_score"), MULTI, "logits"),  # F1Score takes no threshold of 0
        ((10, CCE, "one-hot"), metric("auc"), ONE, "logits"),
        ((10, CCE, "one-hot"), metric("precision"), ONE, "logits"),
        ((10, CCE, "multi-hot"), metric("recall", thresholds=0.3), MULTI, "logits"),
        ((10, BCE, "one-hot"), metric("precision"), ONE, P),
        ((10, BCE, "integer"), metric("mean_absolute_error"), ONE, P),
        ((1, BCE, "binary"), metric("precision_at_recall"), YES, "logits"),
        ((4, BCE, "integer"), metric("top_k_categorical_accuracy"), ONE, P),
    ],
)
def test_a_figure_that_cannot_follow_holds_the_pairing_back(
    output: Callable[..., Output],
    setup_of: Callable[..., TrainingSetup],
    before: Facts,
    measured: Metric,
    kind: Kind,
    form: Form,
) -> None:
    units, loss, encoding = before
    one = replace(output("sigmoid" if loss == BCE else "softmax", units, loss, False, encoding), metrics=(measured,))
    setup = setup_of(one)
    with pytest.raises(CannotPair):
        as_pairing(setup, one, Pairing(kind, form))


def test_a_metric_of_the_program_stays(output: Callable[..., Output], setup_of: Callable[..., TrainingSetup]) -> None:
    own = replace(metric("accuracy"), name=Unknown("the metric is the program's own"))
    setup = setup_of(replace(output("softmax", 10, CCE, False, "multi-hot"), metrics=(own,)))
    changes = as_pairing(setup, setup.outputs[0], Pairing("multi-label", P))
    assert changes and not any(isinstance(change, SetMetric) for change in changes)


@pytest.mark.parametrize(
    ("before", "decoded", "kind", "form", "expected"),
    [
        (("softmax", 10, CCE, False, "multi-hot"), decoding("argmax", -1), MULTI, P, ("threshold", 0.5)),
        (("softmax", 10, CCE, False, "multi-hot"), decoding("argmax", 1), MULTI, "logits", ("threshold", 0.0)),
        (("sigmoid", 1, BCE, False, "binary"), decoding("round"), YES, "logits", ("threshold", 0.0)),
        (("sigmoid", 1, BCE, False, "binary"), decoding("round"), YES, P, ("round", None)),
        (("linear", 1, BCE, True, "binary"), decoding("threshold", threshold=0.0), YES, P, ("threshold", 0.5)),
        (
            ("sigmoid", 1, BCE, False, "binary"),
            decoding("threshold", threshold=0.3),
            YES,
            "logits",
            ("threshold", -0.847),
        ),
        (("sigmoid", 10, BCE, False, "one-hot"), decoding("threshold", threshold=0.5), ONE, P, ("argmax", -1)),
        (("softmax", 2, CCE, False, "one-hot"), decoding("round"), ONE, P, ("round", None)),
        (("softmax", 2, SCCE, False, None), decoding("argmax", -1), YES, P, ("threshold", 0.5)),
        (("softmax", 10, CCE, False, "multi-hot"), decoding("predict_classes"), MULTI, P, ("threshold", 0.5)),
        (("softmax", 10, CCE, False, "multi-hot"), decoding("evaluate", index=0), MULTI, P, ("evaluate", None)),
        (("softmax", 10, CCE, False, "multi-hot"), decoding("argmax", 0), MULTI, P, ("argmax", 0)),
    ],
)
def test_decodings_follow(
    output: Callable[..., Output],
    setup_of: Callable[..., TrainingSetup],
    before: Facts,
    decoded: Decoding,
    kind: Kind,
    form: Form,
    expected: tuple[str, float | None],
) -> None:
    setup = setup_of(replace(output(*before), decodings=(decoded,)))
    (became,) = after(setup, kind, form).decodings
    number = became.axis if became.kind == "argmax" else became.threshold
    assert (became.kind, number.value if isinstance(number, Known) else None) == expected


@pytest.mark.parametrize(
    ("before", "facts", "kind", "form", "words"),
    [
        (("softmax", 10, CCE, False, None), {}, MULTI, P, "train a sigmoid head with binary_crossentropy"),
        (
            ("softmax", 10, CCE, False, None),
            {},
            ONE,
            "logits",
            "train raw scores with categorical_crossentropy(from_logits=True)",
        ),
        (
            ("softmax", 1, SCCE, False, "integer"),
            {"classes": 7},
            ONE,
            P,
            "train 7 softmax units with sparse_categorical_crossentropy",
        ),
        (("softmax", 2, SCCE, False, None), {}, YES, P, "train 1 sigmoid unit with binary_crossentropy"),
    ],
)
def test_the_order_in_words(
    output: Callable[..., Output], before: Sequence[Any], facts: dict[str, Any], kind: Kind, form: Form, words: str
) -> None:
    assert in_words(labelled(output(*before), **facts), Pairing(kind, form)) == words
