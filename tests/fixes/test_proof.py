"""Which repairs stand, and which are refused for what reason."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst
import pytest

from mllint.facts import Known, Loss, Place, Unknown
from mllint.fixes.proof import prove
from mllint.fixes.refusal import Refused
from mllint.fixes.trial import facts, without_places
from mllint.fixes.version import Version
from mllint.repairs import Change, Repair, SetActivation, SetLabels, SetText
from mllint.settings import Settings
from tests.fixes.programs import PREAMBLE, fixed, reasons, text_of

WRONG = """
wrong = keras.Sequential([keras.Input((3,)), layers.Dense(10, activation="sigmoid")])
wrong.compile("adam", loss="categorical_crossentropy")
wrong.fit(x, one_hot)
"""


def version_of(program: str) -> Version:
    return Version.of("train.py", (PREAMBLE + program).encode(), Settings())


def string(version: Version, text: str) -> Place:
    """The place of the first string that reads so."""

    def strings(node: cst.CSTNode) -> Iterator[cst.SimpleString]:
        if isinstance(node, cst.SimpleString):
            yield node
        for child in node.children:
            yield from strings(child)

    return Place(version.path, next(one for one in strings(version.insight.lens.module) if one.raw_value == text))


def refusal(version: Version, *changes: Change) -> str:
    """Why these changes are no repair of the program's only finding."""
    [finding] = version.findings
    with pytest.raises(Refused) as refused:
        prove(Repair("change it", "safe", changes), finding, version)
    return refused.value.reason


# ---------------------------------------------------------------- what others use


def test_a_constant_that_is_right_elsewhere_is_left_alone():
    report = fixed("""
ACTIVATION = "sigmoid"
wrong = keras.Sequential([keras.Input((3,)), layers.Dense(10, activation=ACTIVATION)])
wrong.compile("adam", loss="categorical_crossentropy")
wrong.fit(x, one_hot)
right = keras.Sequential([keras.Input((3,)), layers.Dense(10, activation=ACTIVATION)])
right.compile("adam", loss="binary_crossentropy")
right.fit(x, multi_hot)
""")
    assert report.rewrite is None
    assert reasons(report) == ["line 14 uses it too, without the problem"]


def test_a_constant_of_which_every_use_is_wrong_is_changed():
    report = fixed("""
ACTIVATION = "sigmoid"
for units in (32, 64):
    wrong = keras.Sequential([keras.Input((3,)), layers.Dense(units), layers.Dense(10, activation=ACTIVATION)])
    wrong.compile("adam", loss="categorical_crossentropy")
    wrong.fit(x, one_hot)
""")
    assert 'ACTIVATION = "softmax"' in text_of(report)


FACTORY = """
def build(units, loss="categorical_crossentropy"):
    model = keras.Sequential([keras.Input((3,)), layers.Dense(units), layers.Dense(10, activation="sigmoid")])
    model.compile("adam", loss=loss)
    return model

"""


def test_a_factory_that_is_wrong_at_every_call_is_changed_once():
    calls = "build(1).fit(x, one_hot)\nbuild(2).fit(x, one_hot)\nbuild(3).fit(x, one_hot)\n"
    report = fixed(FACTORY + calls)
    assert text_of(report) == (FACTORY + calls).replace("sigmoid", "softmax")
    assert len(report.applied) == 1
    assert not report.report.findings


def test_a_factory_that_is_right_at_one_call_is_left_alone():
    report = fixed(FACTORY + 'build(1).fit(x, one_hot)\nbuild(2, "binary_crossentropy").fit(x, multi_hot)\n')
    assert report.rewrite is None
    assert reasons(report) == ["line 15 uses it too, without the problem"]


def test_what_is_right_under_other_conditions_is_left_alone():
    report = fixed("""
import sys
if len(sys.argv) > 1:
    loss, y = "categorical_crossentropy", one_hot
else:
    loss, y = "binary_crossentropy", multi_hot
model = keras.Sequential([keras.Input((3,)), layers.Dense(10, activation="sigmoid")])
model.compile("adam", loss=loss)
model.fit(x, y)
""")
    assert report.rewrite is None
    assert reasons(report) == ["line 15 uses it under other conditions too, without the problem"]


# ---------------------------------------------------------------- what a change would bring about


def test_a_repair_that_repairs_nothing():
    version = version_of(WRONG)
    assert refusal(version, SetText(string(version, "adam"), "sgd")) == "the problem would still be there"


def test_a_repair_that_changes_nothing():
    version = version_of(WRONG)
    assert refusal(version, SetText(string(version, "sigmoid"), "sigmoid")) == "it would change nothing"


def test_a_repair_that_brings_another_problem():
    version = version_of(WRONG)
    head = version.insight.reading.setups[0].outputs[0].head
    reason = refusal(version, SetActivation(head, "relu"))
    assert reason == "it would bring `relu-with-crossentropy` to line 10"


def test_rules_that_were_not_selected_object_too():
    settings = Settings(select=("sigmoid-with-categorical-crossentropy",))
    version = Version.of("train.py", (PREAMBLE + WRONG).encode(), settings)
    head = version.insight.reading.setups[0].outputs[0].head
    assert "relu-with-crossentropy" in refusal(version, SetActivation(head, "relu"))


def test_a_repair_after_which_the_program_trains_something_else():
    version = version_of(f'MODE = "train"\nif MODE == "train":\n    {"    ".join(WRONG.strip().splitlines(True))}')
    reason = refusal(version, SetText(string(version, "train"), "test"))
    assert reason == "a model would not be recognised any more"


def test_labels_stay_what_they_are_unless_they_are_to_change():
    program = WRONG.replace("one_hot", "y")
    program = 'y = np.random.randint(0, 2, size=(100, 10)).astype("int32")\n' + program
    version = version_of(program)
    head = version.insight.reading.setups[0].outputs[0].head
    changes = (SetText(string(version, "int32"), "float32"), SetActivation(head, "softmax"))
    assert refusal(version, *changes) == "what is known of the labels would change"


def test_a_change_that_nobody_can_write_is_no_crash():
    version = version_of(WRONG)
    labels = version.insight.reading.setups[0].outputs[0].labels
    assert refusal(version, SetLabels(labels, "string"))


def test_a_crash_is_a_reason():
    reason = refusal(version_of(WRONG), SetActivation(None, "softmax"))  # type: ignore[arg-type]
    assert reason.startswith("carrying it out crashed: AttributeError: ")
    assert reason.endswith("; this is a bug in mllint, please report it")


def test_text_of_which_the_parser_loses_some_is_left_alone():
    report = fixed("\\\n" + WRONG.lstrip())
    assert report.rewrite is None
    assert reasons(report) == ["the parser loses some of the file's text"]


# ---------------------------------------------------------------- facts without places


def test_setups_that_differ_in_place_alone_state_the_same():
    [setup] = version_of(WRONG).insight.reading.setups
    [lower] = version_of("\n\n# further down\n" + WRONG).insight.reading.setups
    assert setup != lower
    assert facts(setup) == facts(lower)


@pytest.mark.parametrize(
    ("old", "new"), [("10,", "9,"), ("sigmoid", "relu"), ("categorical", "binary"), ("one_", "multi_")]
)
def test_setups_that_differ_otherwise_do_not(old, new):
    [setup] = version_of(WRONG).insight.reading.setups
    [other] = version_of(WRONG.replace(old, new)).insight.reading.setups
    assert facts(setup) != facts(other)


def test_every_field_but_places_counts():
    loss = Loss(Known("mse"), Known(False), Known(0.0), Known(-1), "string", Place("a", 1))
    moved = Loss(Known("mse", Place("a", 2)), Known(False), Known(0.0), Known(-1), "string", Place("b", 3))
    assert without_places(loss) == without_places(moved)
    assert without_places(Known(1)) != without_places(Known(True)) != without_places(Unknown("why"))
    assert without_places(Known(float("nan"))) == without_places(Known(float("nan")))
    assert without_places((Known(1),)) != without_places((Known(1), Known(1)))
