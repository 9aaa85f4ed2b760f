"""Taking mllint up in old code: what is recorded is left out, what comes on top is shown."""

from __future__ import annotations

import json

import pytest

RULE = "sigmoid-with-categorical-crossentropy"
FILE = "baseline.json"


def counts(mllint) -> dict:
    return json.loads((mllint.directory / FILE).read_text())["counts"]


def shown(run) -> int:
    return len(run.stdout.splitlines())


@pytest.fixture
def recorded(mllint, write, flawed, sound):
    """A tree with one finding, recorded."""
    write(
        {
            "src/old.py": flawed,
            "src/sound.py": sound,
            "mllint.toml": f'baseline = "{FILE}"\noutput-format = "concise"\n',
        }
    )
    run = mllint("src", "--write-baseline")
    assert (run.exit_code, run.stdout) == (0, "")
    assert counts(mllint) == {"src/old.py": {RULE: 1}}
    return mllint


def test_what_is_recorded_is_left_out_and_counted(recorded):
    run = recorded("src")
    assert (run.exit_code, run.stdout) == (0, "")
    assert run.stderr == "Found nothing in 2 files (2 setups judged, 1 in the baseline)\n"
    assert json.loads(recorded("src", "--output-format", "json").stdout)["summary"]["in_baseline"] == 1


def test_lines_may_move(recorded, write, flawed):
    write({"src/old.py": "'''Words.'''\n\n" + flawed})
    assert recorded("src").exit_code == 0


def test_where_the_count_is_exceeded_all_are_shown(recorded, write, flawed):
    write({"src/old.py": flawed + flawed})
    run = recorded("src")
    assert (run.exit_code, shown(run)) == (1, 2)
    assert f"src/old.py: 2 findings of `{RULE}`, {FILE} has 1: all are shown\n" in run.stderr
    assert "baseline.json" not in recorded("src", "-q").stderr


def test_other_rules_and_other_files_are_not_covered(recorded, write, flawed):
    write({"src/new.py": flawed})
    run = recorded("src")
    assert (run.exit_code, shown(run)) == (1, 1)
    assert run.stdout.startswith("src/new.py:")
    write({"src/old.py": flawed.replace("categorical_crossentropy", "sparse_categorical_crossentropy")})
    assert "src/old.py:" in recorded("src").stdout


def test_the_baseline_holds_wherever_the_command_runs(recorded):
    for directory, path in ((recorded.directory / "src", "."), (recorded.directory / "src", "old.py")):
        assert recorded(path, directory=directory).exit_code == 0
    outside = recorded.directory.parent
    assert recorded(recorded.directory.name, directory=outside).exit_code == 0
    assert recorded(str(recorded.directory / "src" / "old.py"), "--isolated").exit_code == 1
    assert (
        recorded("old.py", "--isolated", "--baseline", f"../{FILE}", directory=recorded.directory / "src").exit_code
        == 0
    )


def test_standard_input_has_the_counts_of_its_name(recorded, flawed):
    assert recorded("-", "--stdin-filename", "src/old.py", stdin=flawed.encode()).exit_code == 0
    assert recorded("-", "--stdin-filename", "src/other.py", stdin=flawed.encode()).exit_code == 1


def test_what_is_gone_is_said_and_pruned(recorded, write, sound):
    write({"src/old.py": sound})
    run = recorded("src")
    assert run.exit_code == 0
    assert f"{FILE} lists 1 finding in 1 file that are no longer there: --prune-baseline takes them out\n" in run.stderr
    assert counts(recorded) == {"src/old.py": {RULE: 1}}, "a plain run writes nothing"
    assert recorded("src", "--prune-baseline").exit_code == 0
    assert counts(recorded) == {}
    assert "no longer" not in recorded("src").stderr


def test_deleted_files_are_pruned_too(recorded):
    (recorded.directory / "src/old.py").unlink()
    assert "no longer there" in recorded("src").stderr
    recorded("src", "--prune-baseline")
    assert counts(recorded) == {}


def test_pruning_records_nothing_new(recorded, write, flawed):
    write({"src/old.py": flawed + flawed, "src/new.py": flawed})
    assert recorded("src", "--prune-baseline").exit_code == 1
    assert counts(recorded) == {"src/old.py": {RULE: 1}}


def test_a_part_of_the_tree_or_of_the_rules_leaves_the_rest_recorded(recorded, write, flawed, sound):
    write({"src/new.py": flawed})
    recorded("src/new.py", "--write-baseline")
    assert sorted(counts(recorded)) == ["src/new.py", "src/old.py"]
    for option in ("--write-baseline", "--prune-baseline"):
        recorded("src", "--select", "logits", option)
        assert sorted(counts(recorded)) == ["src/new.py", "src/old.py"]
    assert "no longer" not in recorded("src", "--select", "logits").stderr


def test_a_file_that_cannot_be_read_keeps_its_entries(recorded, write):
    write({"src/old.py": "import keras\nmodel.compile(\n"})
    assert recorded("src", "--write-baseline").exit_code == 2
    assert counts(recorded) == {"src/old.py": {RULE: 1}}


def test_the_same_findings_give_the_same_bytes(recorded):
    first = (recorded.directory / FILE).read_bytes()
    recorded("src", "--write-baseline")
    recorded("src", "--prune-baseline")
    assert (recorded.directory / FILE).read_bytes() == first
    assert first.decode() == json.dumps({"counts": {"src/old.py": {RULE: 1}}, "version": 1}, indent=2) + "\n"


def test_notebooks(mllint, write, flawed):
    cells = [{"cell_type": "code", "source": flawed, "metadata": {}, "outputs": [], "execution_count": None}] * 2
    notebook = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    write({"n.ipynb": notebook})
    assert mllint("--baseline", FILE, "--write-baseline").exit_code == 0
    assert counts(mllint) == {"n.ipynb": {RULE: 2}}
    assert mllint("--baseline", FILE).exit_code == 0


def test_suppressed_findings_are_not_recorded(mllint, write, flawed):
    compiled = flawed.rstrip().splitlines()[-1]
    write({"a.py": flawed.replace(compiled, f"{compiled}  # mllint: ignore[{RULE}]")})
    mllint("--baseline", FILE, "--write-baseline")
    assert counts(mllint) == {}


BROKEN = [
    ("{", f"{FILE}:1:2: error: not a baseline: Expecting property name enclosed in double quotes in its JSON"),
    ("[]", f'{FILE}: error: not a baseline: expected an object with "counts"'),
    ("\xff", f"{FILE}: error: not a baseline: "),
    ("9" * 5000, f"{FILE}: error: not a baseline: Exceeds the limit"),
    ('{"version": 2, "counts": {}}', f"{FILE}: error: baselines of version 2 are not known, only of version 1"),
    ('{"version": 1, "counts": {"a.py": 3}}', f'{FILE}: error: "a.py": expected an object with counts by rule'),
    (
        '{"version": 1, "counts": {"a.py": {"x": true}}}',
        f'{FILE}: error: "a.py": "x": expected a number from 1 on, found true',
    ),
    (None, f"{FILE}: error: no such baseline; --write-baseline writes it"),
]


@pytest.mark.parametrize(("content", "message"), BROKEN)
def test_a_broken_baseline_is_said_and_hides_nothing(content, message, mllint, write, flawed):
    write({"a.py": flawed})
    if content is not None:
        (mllint.directory / FILE).write_bytes(content.encode("latin-1"))
    run = mllint("--baseline", FILE, "--output-format", "concise")
    assert (run.exit_code, shown(run)) == (2, 1)
    assert message in run.stderr
    if content is not None:
        before = (mllint.directory / FILE).read_bytes()
        assert mllint("--baseline", FILE, "--write-baseline").exit_code == 2
        assert (mllint.directory / FILE).read_bytes() == before


def test_mistakes_in_its_use(mllint, write, flawed):
    write({"a.py": flawed})
    run = mllint("--write-baseline")
    assert run.exit_code == 2
    assert "--write-baseline needs a file: --baseline FILE, or the key `baseline`" in run.stderr
    run = mllint("--write-baseline", "--baseline", "missing/baseline.json")
    assert run.exit_code == 2
    assert "missing/baseline.json: error: cannot write: No such file or directory" in run.stderr
    write({"mllint.toml": "baseline = 3\n"})
    assert "mllint.toml:1: error: key `baseline`: expected a path, found an integer" in mllint().stderr


def test_an_empty_key_turns_the_baseline_off(recorded):
    assert recorded("src", "--config", 'baseline = ""').exit_code == 1
