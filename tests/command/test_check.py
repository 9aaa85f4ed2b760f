"""Exit codes, streams, formats and options of `mllint check`."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time

import pytest

from tests.endless import ENDLESS


def test_exit_codes(mllint, write, flawed, sound):
    write({"flawed.py": flawed, "sound.py": sound})
    assert mllint("sound.py").exit_code == 0
    assert mllint("flawed.py").exit_code == 1
    assert mllint("--exit-zero", "flawed.py").exit_code == 0
    assert mllint("--exit-zero", "missing.py", "flawed.py").exit_code == 2
    assert mllint("--no-such-option").exit_code == 2
    assert mllint("--output-format", "xml").exit_code == 2


def test_the_command_name_may_be_left_out_and_paths_too(mllint, write, flawed):
    write({"flawed.py": flawed})
    runs = [mllint("check", "flawed.py"), mllint("flawed.py"), mllint(), mllint("--quiet"), mllint("check", ".")]
    assert {run.exit_code for run in runs} == {1}
    assert len({run.stdout for run in runs}) == 1


def test_findings_go_to_stdout_and_talk_to_stderr(mllint, write, flawed, sound):
    write({"flawed.py": flawed, "sound.py": sound})
    run = mllint("--output-format", "concise")
    assert re.fullmatch(r"flawed\.py:8:38: error\[MLL101\] sigmoid-with-categorical-crossentropy: .+\n", run.stdout)
    assert run.stderr == "Found 1 error in 1 of 2 files (2 setups judged, 1 may be fixable: --diff)\n"
    assert mllint("--output-format", "concise", "-q").stderr == ""
    clean = mllint("sound.py")
    assert (clean.stdout, clean.stderr) == ("", "Found nothing in 1 file (1 setup judged)\n")


WARNING = """\
import keras
model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
model.compile(loss="mse")  # mllint: ignore[MLL101]
"""


@pytest.mark.parametrize(("level", "exit_code"), [("info", 1), ("warning", 1), ("error", 0)])
def test_fail_level(level, exit_code, mllint, write):
    write({"x.py": WARNING})
    run = mllint("--fail-level", level, "--output-format", "concise", "x.py")
    assert run.exit_code == exit_code
    assert "warning[MLL901]" in run.stdout


def test_the_fail_level_of_a_file_is_that_of_its_nearest_configuration(mllint, write):
    write({"a/x.py": WARNING, "a/mllint.toml": 'fail-level = "error"\n', "b/x.py": WARNING})
    assert mllint("a").exit_code == 0
    assert mllint("a", "b").exit_code == 1


IN_A_TEST = """\
import unittest
import keras

class TestModel(unittest.TestCase):
    def test_it(self):
        model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(10, activation="sigmoid")])
        model.compile(loss="categorical_crossentropy")
        self.assertEqual(len(model.layers), 1)
"""


def test_models_in_unit_tests_are_for_pedants(mllint, write):
    write({"test_model.py": IN_A_TEST})
    assert mllint("--output-format", "concise").stdout == ""
    run = mllint("--pedantic", "--output-format", "concise")
    assert "info[MLL101]" in run.stdout
    assert run.exit_code == 0
    assert mllint("--pedantic", "--fail-level", "info").exit_code == 1


@pytest.mark.parametrize(
    "selector", ["sigmoid-with-categorical-crossentropy", "MLL101", "mll10", "MLL1", "head-loss", "head_loss"]
)
def test_rules_are_selected_by_name_code_and_family(selector, mllint, write, flawed):
    write({"flawed.py": flawed})
    assert mllint("--select", selector).exit_code == 1
    assert mllint("--ignore", selector).exit_code == 0


def test_the_more_specific_selector_wins(mllint, write, flawed):
    write({"flawed.py": flawed})
    assert mllint("--select", "logits").exit_code == 0
    assert mllint("--select", "logits", "--extend-select", "MLL101").exit_code == 1
    assert mllint("--select", "MLL101", "--ignore", "head-loss").exit_code == 1
    assert mllint("--select", "head-loss", "--ignore", "MLL101").exit_code == 0
    assert mllint("--select", "head-loss,logits", "--ignore", "all").exit_code == 1


def test_stdin(mllint, write, flawed):
    run = mllint("-", "--output-format", "concise", stdin=flawed.encode())
    assert run.exit_code == 1
    assert run.stdout.startswith("-:8:38: error[MLL101]")
    write({"sub/mllint.toml": 'ignore = ["MLL1"]\nexclude = ["gen.py"]\n'})
    assert mllint("-", "--stdin-filename", "sub/train.py", stdin=flawed.encode()).exit_code == 0
    assert mllint("-", "--stdin-filename", "sub/gen.py", "--force-exclude", stdin=flawed.encode()).stdout == ""
    assert mllint("-", "x.py").exit_code == 2


def test_stdin_reads_a_notebook_by_its_name(mllint, flawed):
    notebook = {"cells": [{"cell_type": "code", "source": flawed.splitlines(keepends=True)}], "metadata": {}}
    run = mllint("-", "--stdin-filename", "n.ipynb", "--output-format", "concise", stdin=json.dumps(notebook).encode())
    assert run.stdout.startswith("n.ipynb:cell 1:8:38: error[MLL101]")


def test_the_format_may_come_from_the_environment(mllint, write, flawed):
    write({"flawed.py": flawed})
    run = mllint(environment={"MLLINT_OUTPUT_FORMAT": "json"})
    assert json.loads(run.stdout)["version"] == 1


def test_color_only_where_it_is_wanted(mllint, write, flawed):
    write({"flawed.py": flawed})
    assert "\x1b[" not in mllint().stdout
    assert "\x1b[" in mllint("--color", "always").stdout
    assert "\x1b[" not in mllint("--color", "never", environment={"FORCE_COLOR": "1"}).stdout


def test_statistics_count_the_most_frequent_first(mllint, write, flawed):
    write({"a.py": flawed, "b.py": flawed, "c.py": WARNING})
    assert mllint("--statistics").stdout == (
        "2  MLL101  error    sigmoid-with-categorical-crossentropy\n1  MLL901  warning  unused-suppression\n"
    )


UNKNOWN = 'import keras\nmodel = keras.models.load_model("m.keras")\nmodel.compile(loss="mse")\n'


def test_silence_is_counted_and_can_be_shown(mllint, write):
    write({"x.py": UNKNOWN})
    assert "0 setups judged, 1 not judged: --show-not-judged" in mllint().stderr
    assert mllint().stdout == ""
    assert mllint("--show-not-judged").stdout.startswith("x.py:3:1: not judged head: ")


def test_facts_say_what_is_understood_and_what_is_not(mllint, write, flawed):
    write({"x.py": flawed, "y.py": UNKNOWN, "z.py": "import keras\n"})
    understood = mllint("facts", "x.py").stdout
    assert "x.py:8:1: compile" in understood
    assert re.search(r"head +sigmoid, units 10, float32: .*→ sigmoid  \(x\.py:6:5\)", understood)
    assert re.search(
        r"loss +categorical_crossentropy \(string\)  \(x\.py:8:33\)|loss +categorical_crossentropy", understood
    )
    assert re.search(r"head +unknown \(.*loaded", mllint("facts", "y.py").stdout)
    assert mllint("facts", "z.py").stdout == "z.py: no training setup found\n"


def test_facts_say_that_a_training_in_another_file_is_not_judged(mllint, write, flawed):
    trainer = "def run():\n" + "".join(f"    {line}\n" for line in flawed.splitlines())
    write({"trainer.py": trainer, "main.py": "from trainer import run\nrun()\n"})
    assert mllint("facts", "main.py").stdout == (
        "main.py: no training setup found: it compiles and fits nothing itself, "
        "and what it only calls in other files is not judged\n"
    )
    assert mllint("facts", "missing.py").exit_code == 2


def test_output_is_the_same_for_any_number_of_processes(mllint, write, flawed):
    write({f"d{number % 7}/f{number:03}.py": flawed.replace("10", str(number + 2)) for number in range(60)})
    one = mllint(
        "--output-format",
        "json",
        program="import mllint.engine as e; e.processes.PARALLEL_FROM = 10**6; from mllint.cli import main; main()",
    )
    many = mllint("--output-format", "json")
    assert one.stdout == many.stdout
    paths = [finding["path"] for finding in json.loads(many.stdout)["findings"]]
    assert len(paths) == 60
    assert paths == sorted(paths)


def test_rule_explains_lists_and_corrects(mllint):
    page = mllint("rule", "sigmoid-with-categorical-crossentropy")
    assert page.exit_code == 0
    assert page.stdout.startswith("# sigmoid-with-categorical-crossentropy (MLL101)\n")
    assert mllint("rule", "mll101").stdout == page.stdout
    assert mllint("rule", "sigmoid-with-catgorical-crossentropy").exit_code == 2
    assert mllint("rule").exit_code == 2
    listed = json.loads(mllint("rule", "--all", "--output-format", "json").stdout)
    assert {"name", "code", "family", "summary", "since", "distribution", "page"} == set(listed[0])
    table = mllint("rule", "--all").stdout
    assert all(rule["code"] in table and rule["name"] in table for rule in listed)


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")
@pytest.mark.parametrize("files", [10, 60])
def test_ctrl_c_ends_the_run_in_one_line(files, write, flawed):
    root = write({f"f{number}.py": flawed + ENDLESS for number in range(files)})
    process = subprocess.Popen(
        [sys.executable, "-m", "mllint"],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=interruptible,
    )
    assert interrupted(process) == (2, b"", b"interrupted\n")


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")
def test_ctrl_c_ends_every_command_the_same_way(write, flawed):
    root = write({"train.py": flawed + ENDLESS})
    process = subprocess.Popen(
        [sys.executable, "-m", "mllint", "convert", "train.py", "--to", "multi-label"],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=interruptible,
    )
    assert interrupted(process) == (2, b"", b"interrupted\n")


def interruptible() -> None:
    """A shell lets what it runs in the background ignore Ctrl-C, and that is inherited."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def interrupted(process: subprocess.Popen[bytes]) -> tuple[int, bytes, bytes]:
    """Exit code, stdout and stderr of a process that gets a Ctrl-C in the middle of its work."""
    time.sleep(2)
    os.killpg(process.pid, signal.SIGINT)
    stdout, stderr = process.communicate(timeout=60)
    return process.returncode, stdout, stderr
