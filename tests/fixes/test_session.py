"""Fixing one file until there is nothing more to do."""

from __future__ import annotations

import pytest

from mllint.engine import fix_source, lint_source_with_fixes
from mllint.fixes.diff import of_rewrite
from mllint.fixes.plan import SAFE, UNSAFE, Stop, interactive
from mllint.settings import Settings
from tests.fixes.programs import OPEN_CASE, PREAMBLE, SAFE_CASE, UNSAFE_CASE, fixed, reasons, text_of

SIGMOID_RULE = "sigmoid-with-categorical-crossentropy"
INTEGER_RULE = "integer-labels-with-categorical-crossentropy"


def lines_of(report):
    return [fix.location.line for fix in report.applied]


# ---------------------------------------------------------------- what is allowed


def test_safe_fixes_alone():
    report = fixed(UNSAFE_CASE + SAFE_CASE, SAFE)
    assert [(fix.rule, fix.applicability) for fix in report.applied] == [(INTEGER_RULE, "safe")]
    assert [finding.rule for finding in report.report.findings] == [SIGMOID_RULE]
    assert not report.refused


def test_unsafe_fixes_too():
    report = fixed(UNSAFE_CASE + SAFE_CASE, UNSAFE)
    assert [(fix.rule, fix.applicability) for fix in report.applied] == [
        (SIGMOID_RULE, "unsafe"),
        (INTEGER_RULE, "safe"),
    ]
    assert not report.report.findings
    expected = UNSAFE_CASE.replace("sigmoid", "softmax") + SAFE_CASE.replace('loss="', 'loss="sparse_')
    assert text_of(report) == expected


@pytest.mark.parametrize("plan", [SAFE, UNSAFE])
def test_what_only_the_author_can_choose_is_left_to_the_author(plan):
    report = fixed(OPEN_CASE, plan)
    assert (report.rewrite, report.applied, report.refused) == (None, (), ())
    assert len(report.report.findings) == 1


@pytest.mark.parametrize(
    ("settings", "plan", "rules"),
    [
        (Settings(extend_safe_fixes=(SIGMOID_RULE,)), SAFE, [SIGMOID_RULE, INTEGER_RULE]),
        (Settings(extend_safe_fixes=("head-loss",)), SAFE, [SIGMOID_RULE, INTEGER_RULE]),
        (Settings(extend_unsafe_fixes=("all",)), SAFE, []),
        (Settings(extend_unsafe_fixes=("all",)), UNSAFE, [SIGMOID_RULE, INTEGER_RULE]),
        (Settings(extend_safe_fixes=("all",), extend_unsafe_fixes=(SIGMOID_RULE,)), SAFE, [INTEGER_RULE]),
        (Settings(unfixable=(SIGMOID_RULE,)), UNSAFE, [INTEGER_RULE]),
        (Settings(fixable=(SIGMOID_RULE,)), UNSAFE, [SIGMOID_RULE]),
        (Settings(fixable=("labels",), unfixable=(INTEGER_RULE,)), UNSAFE, []),
        (Settings(ignore=(SIGMOID_RULE,)), UNSAFE, [INTEGER_RULE]),
    ],
)
def test_the_settings_say_which_rules_are_fixed_and_how_freely(settings, plan, rules):
    report = fixed(UNSAFE_CASE + SAFE_CASE, plan, settings=settings)
    assert [fix.rule for fix in report.applied] == rules
    level = {fix.applicability for fix in report.applied}
    assert level <= plan.levels


def test_settings_make_no_suggestion_an_order():
    assert not fixed(OPEN_CASE, SAFE, settings=Settings(extend_safe_fixes=("all",))).applied


def test_a_finding_that_a_comment_silences_is_not_fixed():
    silenced = UNSAFE_CASE.replace(")\nmodel.fit", f")  # mllint: ignore[{SIGMOID_RULE}] on purpose\nmodel.fit")
    report = fixed(silenced)
    assert (report.rewrite, len(report.report.suppressed)) == (None, 1)
    assert fixed(silenced, settings=Settings(ignore_suppressions=True)).rewrite is not None


def test_a_finding_that_is_not_shown_is_not_fixed():
    in_unit_test = f"def test_it():\n{UNSAFE_CASE.lstrip()}".replace("\nmodel", "\n    model")
    assert fixed(in_unit_test).rewrite is None
    report = fixed(in_unit_test, settings=Settings(pedantic=True))
    assert [fix.rule for fix in report.applied] == [SIGMOID_RULE]


# ---------------------------------------------------------------- to a fixed point


def test_a_second_run_changes_nothing():
    report = fixed(UNSAFE_CASE + SAFE_CASE)
    assert report.rewrite is not None
    again = fix_source(report.rewrite.after, "train.py", Settings(), UNSAFE)
    assert (again.rewrite, again.applied, again.report) == (None, (), report.report)


def test_the_report_is_of_the_text_after_the_fixes():
    report = fixed(UNSAFE_CASE + OPEN_CASE)
    assert report.rewrite is not None
    assert report.report == lint_source_with_fixes(report.rewrite.after, "train.py")


def test_many_models_are_fixed_one_after_the_other():
    report = fixed(UNSAFE_CASE * 12)
    assert text_of(report) == UNSAFE_CASE.replace("sigmoid", "softmax") * 12
    assert lines_of(report) == sorted(lines_of(report))
    assert len(report.applied) == 12


def test_what_was_refused_is_said_once_where_it_is_in_the_end():
    shared = 'ACTIVATION = "sigmoid"\n'
    use = UNSAFE_CASE.replace('"sigmoid"', "ACTIVATION")
    right = use.replace("categorical_crossentropy", "binary_crossentropy").replace("one_hot", "multi_hot")
    report = fixed(shared + use + right + UNSAFE_CASE + SAFE_CASE)
    assert len(report.applied) == 2
    assert reasons(report) == ["line 15 uses it too, without the problem"]
    assert [(one.rule, one.location) for one in report.refused] == [
        (finding.rule, finding.primary) for finding in report.report.findings
    ]


def test_a_file_without_findings():
    report = fixed(UNSAFE_CASE.replace("sigmoid", "softmax"))
    assert (report.rewrite, report.applied, report.refused, report.report.errors) == (None, (), (), ())


def test_a_file_that_does_not_parse_is_a_diagnostic():
    report = fixed(UNSAFE_CASE + "\n1 +")
    assert report.rewrite is None
    assert [error.message for error in report.report.errors] == ["cannot parse: invalid syntax"]


# ---------------------------------------------------------------- chosen by somebody


class Author:
    """Chooses by the titles given, in turn; None declines. Notes what was offered."""

    def __init__(self, *choices):
        self.choices = list(choices)
        self.offered = []

    def __call__(self, finding, offers):
        self.offered.append((finding.rule, [(offer.repair.title, offer.applicability) for offer in offers]))
        choice = self.choices.pop(0)
        if choice is Stop:
            raise Stop
        return next((offer.repair for offer in offers if offer.repair.title == choice), None)


SOFTMAX, SIGMOID = "train a softmax head with categorical_crossentropy", "train a sigmoid head with binary_crossentropy"


def test_the_author_is_offered_every_way_that_stands():
    author = Author(SIGMOID)
    report = fixed(OPEN_CASE, interactive(author))
    assert author.offered == [(SIGMOID_RULE, [(SOFTMAX, "suggestion"), (SIGMOID, "suggestion")])]
    assert text_of(report) == OPEN_CASE.replace("categorical", "binary")
    assert [fix.title for fix in report.applied] == [SIGMOID]


def test_each_way_is_offered_with_its_diff():
    diffs = []
    fixed(OPEN_CASE, interactive(lambda finding, offers: diffs.extend(offer.diff for offer in offers)))
    changed = [[line for line in diff if line[0] in "+-" and line[:3] not in ("+++", "---")] for diff in diffs]
    assert changed == [
        ["-" + OPEN_CASE.splitlines()[1], "+" + OPEN_CASE.splitlines()[1].replace("sigmoid", "softmax")],
        ["-" + OPEN_CASE.splitlines()[2], "+" + OPEN_CASE.splitlines()[2].replace("categorical", "binary")],
    ]


def test_what_was_declined_is_not_offered_again():
    author = Author(None, SOFTMAX, None)
    report = fixed(OPEN_CASE + UNSAFE_CASE + OPEN_CASE, interactive(author))
    assert [len(ways) for _, ways in author.offered] == [2, 1, 2]
    assert text_of(report) == OPEN_CASE + UNSAFE_CASE.replace("sigmoid", "softmax") + OPEN_CASE
    assert author.choices == []


def test_what_was_chosen_before_stopping_stays():
    author = Author(SOFTMAX, Stop)
    report = fixed(OPEN_CASE * 3, interactive(author))
    assert text_of(report) == OPEN_CASE.replace("sigmoid", "softmax") + OPEN_CASE * 2
    assert len(report.report.findings) == 2


# ---------------------------------------------------------------- bytes


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_newlines_and_the_byte_order_mark_stay(newline, mark):
    source = mark + (PREAMBLE + "# é\f\n" + UNSAFE_CASE).replace("\n", newline).encode()
    report = fix_source(source, "train.py", Settings(), UNSAFE)
    assert report.rewrite is not None
    assert report.rewrite.after == source.replace(b"sigmoid", b"softmax")


def test_mixed_newlines_and_tabs_stay():
    program = UNSAFE_CASE.replace(")])", "),\t\r\n\t# é\r])").replace("\nmodel.fit", "\r\nmodel.fit")
    assert text_of(fixed(program)) == program.replace("sigmoid", "softmax")


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8", "cp1252", "shift_jis"])
def test_the_encoding_stays(encoding):
    text = f"# -*- coding: {encoding} -*-\n{PREAMBLE}# {'é' if encoding != 'shift_jis' else '日本'}\n{UNSAFE_CASE}"
    report = fix_source(text.encode(encoding), "train.py", Settings(), UNSAFE)
    assert report.rewrite is not None
    assert report.rewrite.after == text.replace("sigmoid", "softmax").encode(encoding)


def test_an_encoding_that_does_not_survive_is_left_alone():
    text = f"# -*- coding: utf-7 -*-\n{PREAMBLE}# +AOk-\n{UNSAFE_CASE}"
    report = fix_source(text.encode(), "train.py", Settings(), UNSAFE)
    assert report.rewrite is None
    assert reasons(report) == ["the file would not survive being decoded and encoded again as utf-7"]


# ---------------------------------------------------------------- the diff


def test_the_diff_of_a_file():
    report = fixed(UNSAFE_CASE.rstrip("\n"))
    assert report.rewrite is not None
    assert list(of_rewrite(report.rewrite)) == [
        "--- train.py",
        "+++ train.py",
        "@@ -6,6 +6,6 @@",
        " one_hot = keras.utils.to_categorical(np.random.randint(0, 10, 100), 10)",
        " multi_hot = np.random.randint(0, 2, size=(100, 10))",
        " ",
        '-model = keras.Sequential([keras.Input((3,)), layers.Dense(10, activation="sigmoid")])',
        '+model = keras.Sequential([keras.Input((3,)), layers.Dense(10, activation="softmax")])',
        ' model.compile("adam", loss="categorical_crossentropy")',
        " model.fit(x, one_hot)",
        "\\ No newline at end of file",
    ]
