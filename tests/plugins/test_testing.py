"""`mllint test`: what is announced must be found, and nothing else; its exit codes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mllint import registry
from mllint.rule_tests.programs import Program, programs_of
from tests.plugins.conftest import EXAMPLE, KNOWLEDGE, Beside

RULE = (EXAMPLE / "acme_mllint" / "rules" / "losses" / "smoothed_binary_labels.py").read_text()
PAGE = (EXAMPLE / "acme_mllint" / "rules" / "losses" / "smoothed_binary_labels.md").read_text()


def test_the_example_passes(acme: Beside) -> None:
    run = acme("test", "acme-mllint", str(KNOWLEDGE))
    assert run.exit_code == 0, run.stdout
    assert run.stderr == "6 tests: 6 passed, 0 failed\n"
    assert "smoothed-binary-labels\n  passed  page\n  passed  Bad, program 1\n" in run.stdout
    assert f"{KNOWLEDGE}\n  passed  tags do not share one 1\n" in run.stdout


@pytest.mark.parametrize("what", ["acme_mllint", "smoothed-binary-labels", "ACM1", "losses"])
def test_what_can_be_named(what: str, acme: Beside) -> None:
    assert acme("test", "--quiet", what).stderr == "3 tests: 3 passed, 0 failed\n"


def test_without_arguments_it_is_what_is_installed_and_configured(acme: Beside, write) -> None:
    nothing = acme.command("test")
    assert (nothing.exit_code, nothing.stdout, "nothing to test" in nothing.stderr) == (2, "", True)
    assert acme("test").stderr == "3 tests: 3 passed, 0 failed\n"
    write({"mllint.toml": f"knowledge = ['{KNOWLEDGE}']"})
    assert acme.command("test").stderr == "3 tests: 3 passed, 0 failed\n"
    assert acme("test").stderr == "6 tests: 6 passed, 0 failed\n"


def test_what_cannot_be_tested(acme: Beside, write) -> None:
    unknown = acme("test", "acm-mllint")
    assert (unknown.exit_code, "unknown rule `acm-mllint`" in unknown.stderr) == (2, True)
    missing = acme("test", "missing.yaml")
    assert missing.exit_code == 2
    assert missing.stderr == "missing.yaml: error: cannot be read: No such file or directory\n"
    write({"team.yaml": "layers: {a: 3}"})
    wrong = acme("test", "team.yaml")
    assert (wrong.exit_code, "team.yaml:1: error: layers: a: expected" in wrong.stderr) == (2, True)


def test_a_plugin_that_cannot_be_loaded(plugin: Callable[..., Beside]) -> None:
    run = plugin(wrong="1 / 0")("test", "head-loss", "--quiet")
    assert run.exit_code == 2
    assert "plugin wrong 1.0: error: its rules are left out" in run.stderr
    assert " passed, 0 failed" in run.stderr


def test_our_own_pages_can_be_tested(acme: Beside) -> None:
    run = acme("test", "probes", "structure")
    assert run.exit_code == 0, run.stdout
    assert "skipped  Bad, program 1: it runs a model; programs are read here, and not run\n" in run.stdout


# ---------------------------------------------------------------- pages that are wrong

BAD = "BinaryCrossentropy(label_smoothing=0.1),  # warning"
PAGES = {
    "nothing is found": (
        (BAD, "BinaryCrossentropy(),  # warning"),
        "line 6: own-rule (warning) is announced and not found",
    ),
    "it is not announced": (
        (BAD, BAD.removesuffix("  # warning")),
        "line 6: own-rule (warning) is found and not announced: ",
    ),
    "another severity": ((BAD, BAD.replace("warning", "error")), "line 6: own-rule (error) is announced and not found"),
    "the good one is bad": (
        ("loss=keras.losses.BinaryCrossentropy(),\n)\n```\n\n## When", f"loss=keras.losses.{BAD}\n)\n```\n\n## When"),
        "a good program announces no finding",
    ),
    "another fix": (
        ("BinaryCrossentropy(),\n)\n```\n\n## Good", "BinaryCrossentropy(False),\n)\n```\n\n## Good"),
        "the fix does not come to what the page shows, but to:",
    ),
    "another title": (("# own-rule (OWN101)", "# own-rule"), "its first line is not `# own-rule (OWN101)`"),
    "no good program": (("## Good", "## Fine"), "there is no program under `## Good`"),
    "no Python": (("model.compile(\n", "model.compile((\n"), "cannot parse: "),
    "unwritten": (("For models", "TODO For models"), "line 48 still says TODO"),
}


@pytest.mark.parametrize("what", PAGES)
def test_a_page_that_is_wrong(what: str, plugin: Callable[..., Beside]) -> None:
    (before, after), message = PAGES[what]
    command = plugin(own=RULE.replace("ACM101", "OWN101"))
    page = PAGE.replace("smoothed-binary-labels (ACM101)", "own-rule (OWN101)")
    assert before in page
    next(command.site.glob("own_rules/heads")).joinpath("own_rule.md").write_text(page.replace(before, after))
    run = command("test")
    assert (run.exit_code, message in run.stdout) == (1, True), run.stdout


def test_a_rule_without_a_page(plugin: Callable[..., Beside]) -> None:
    run = plugin(own=RULE.replace("ACM101", "OWN101"))("test")
    assert (run.exit_code, "there is no page beside own_rules.heads.own_rule" in run.stdout) == (1, True)


# ---------------------------------------------------------------- cases that are wrong

ROWS = "layers: {acme.Head: {like: keras.layers.Dense}}\n"
CASE = (
    "cases:\n  one: |\n    import keras, acme\n    model = keras.Sequential([acme.Head(1, activation='softmax')])\n"
    "    model.compile('adam', 'binary_crossentropy')"
)
CASES = {
    ROWS: "cases\n          there are none",
    ROWS + CASE: "line 2: one-unit-softmax (error) is found and not announced: ",
    ROWS + CASE + "  # error": "line 3: write which rule: `# error: rule-name`",
    ROWS + CASE + "  # error: no-such-rule": "line 3: no-such-rule (error) is announced and not found",
    CASE: "line 3: not judged: head: ",
    ROWS + "cases: {one: 'import keras'}": "there is nothing to judge in it",
    ROWS + "cases: {one: 'import keras; x = ('}": "there is nothing to judge in it",
}


@pytest.mark.parametrize("text", CASES)
def test_a_case_that_is_wrong(text: str, mllint, write) -> None:
    write({"team.yaml": text})
    run = mllint("test", "team.yaml")
    assert (run.exit_code, CASES[text] in run.stdout) == (1, True), run.stdout


# ---------------------------------------------------------------- reading pages


def test_programs_are_read() -> None:
    rule = next(rule for rule in registry.rules() if rule.name == "one-unit-softmax")
    bad = [program for program in programs_of(rule) if program.section == "Bad"]
    assert bad
    assert all(expected.rule == rule.name for program in bad for expected in program.expected)


def test_marks() -> None:
    program = Program("own", "Bad", 1, "a = 1  # error\nb  # warning: other-rule\nc  # an error\n# info\n")
    assert [tuple(expected) for expected in program.expected] == [
        ("own", 1, "error"),
        ("other-rule", 2, "warning"),
        ("own", 4, "info"),
    ]
    assert program.unmarked == "a = 1\nb\nc  # an error\n\n"
    assert program.label == "own-bad-1"
