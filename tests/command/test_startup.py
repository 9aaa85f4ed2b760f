"""What does not concern Keras must cost nothing."""

from __future__ import annotations

import multiprocessing
import os

import pytest

from mllint.processes import PARALLEL_FROM

DEAR = ("libcst", "yaml", "rich", "mllint.rules.logits", "mllint.rules.knowledge", "tensorflow", "keras", "numpy")
OF_FINDINGS = ("mllint.facts", "mllint.repairs", "mllint.judging")
PROBE = """\
import atexit, sys
atexit.register(lambda: print(*sys.modules, sep="\\n", file=open("modules.txt", "w")))
from mllint.cli import main
main()
"""


def modules(mllint, *arguments: str) -> set[str]:
    run = mllint(*arguments, program=PROBE)
    assert run.exit_code == 0, run.stderr
    return set((mllint.directory / "modules.txt").read_text().splitlines())


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["check", "--help"]])
def test_help_imports_nothing_dear(arguments, mllint):
    assert not modules(mllint, *arguments) & {*DEAR, "mllint.engine", "pathspec"}


def test_a_tree_without_keras_imports_nothing_dear(mllint, write):
    write(
        {"a.py": "import re\nre.compile('x')\n", "b/c.py": "def broken(:\n", "n.ipynb": "{}", ".gitignore": "*.log\n"}
    )
    assert not modules(mllint) & {*DEAR, *OF_FINDINGS}


def test_other_frameworks_import_nothing_dear(mllint, write):
    program = "import torch\n\nmodel = torch.load('m')\nmodel.fit(x)\n"
    write({f"a{number}.py": program for number in range(PARALLEL_FROM)})
    assert not modules(mllint) & {*DEAR, *OF_FINDINGS}


@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="one processor has no pool")
@pytest.mark.skipif(multiprocessing.get_start_method() != "fork", reason="processes import for themselves")
def test_what_all_processes_need_is_imported_before_they_are_made(mllint, write, sound):
    write({f"sound{number}.py": sound for number in range(PARALLEL_FROM)})
    assert {"libcst", "mllint.rules.logits"} <= modules(mllint, "--no-cache")


def test_keras_without_training_does_not_import_the_parser(mllint, write):
    write({"a.py": "import re\nimport keras\n\npattern = re.compile('keras')\n"})
    assert not modules(mllint) & {"libcst", "yaml", "mllint.rules.logits"}


def test_the_probe_sees_what_training_code_imports(mllint, write, sound):
    write({"sound.py": sound})
    assert {"libcst", "mllint.rules.logits"} <= modules(mllint)
    assert not {"tensorflow", "keras", "numpy"} & modules(mllint)
