"""docs/verify.md says what is so: its options are there, and its program prints what is quoted."""

from __future__ import annotations

import re
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

from mllint.cli.verify import verify

PAGE = (Path(__file__).parents[2] / "docs" / "verify.md").read_text(encoding="utf-8")


def test_every_option_is_one_of_the_command() -> None:
    options = {name for parameter in verify.params for name in parameter.opts}
    assert set(re.findall(r"--[a-z][a-z-]*", PAGE.replace("<!--", "").replace("-->", ""))) <= options


@pytest.mark.tensorflow
def test_the_program_prints_what_is_quoted() -> None:
    pytest.importorskip("keras")
    (found,) = re.findall(r"```python\n(import keras\n.*?)```\n\n```text\n(.*?)```", PAGE, re.DOTALL)
    program, quoted = found
    with redirect_stdout(StringIO()) as printed:
        exec(compile(program, "verify.md", "exec"), {})
    assert printed.getvalue() == quoted
