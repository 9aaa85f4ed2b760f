"""The recipes for Neovim in the real one: what is shown, what is done, and the bytes that are written."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.editors.recipes import recipes

NEW, OLD, ON_WRITING = recipes("Neovim", "lua")

LOOK = """
local function wait_for(what, condition)
  if not vim.wait(60000, condition, 50) then
    vim.fn.writefile({ vim.json.encode({ missing = what }) }, "seen.json")
    vim.cmd("cquit")
  end
end
wait_for("a diagnostic", function() return #vim.diagnostic.get(0) > 0 end)
local diagnostic = vim.diagnostic.get(0)[1]
vim.fn.writefile({ vim.json.encode({ diagnostic.code, diagnostic.lnum + 1, diagnostic.col + 1 }) }, "seen.json")
"""
WRITE = 'vim.cmd("write")\nvim.cmd("qall!")\n'
REPAIR = """
local lsp = { start = { line = diagnostic.lnum, character = diagnostic.col } }
lsp["end"] = lsp.start
local answers = vim.lsp.buf_request_sync(0, "textDocument/codeAction", {
  textDocument = { uri = vim.uri_from_bufnr(0) },
  range = lsp,
  context = { diagnostics = {}, only = { "quickfix" } },
}, 60000)
for _, answer in pairs(answers) do
  vim.lsp.util.apply_workspace_edit(answer.result[1].edit, "utf-16")
end
"""


def neovims() -> list[str]:
    """Each Neovim on the machine: that of the system, and that of the environment the tests run in."""
    here = str(Path(sys.executable).parent)
    found = [shutil.which("nvim", path=here), shutil.which("nvim", path="/usr/bin:/usr/local/bin:/opt/homebrew/bin")]
    return list(dict.fromkeys(one for one in found if one))


@pytest.fixture(params=neovims() or [pytest.param("", marks=pytest.mark.skip(reason="Neovim is not installed"))])
def neovim(request: pytest.FixtureRequest) -> str:
    command: str = request.param
    return command


def version(neovim: str) -> tuple[int, int]:
    said = subprocess.run([neovim, "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"v(\d+)\.(\d+)", said)
    assert found, said
    return int(found[1]), int(found[2])


def edit(neovim: str, settings: str, script: str, project: Path, environment: Mapping[str, str]) -> object:
    """What the editor saw after it ran a script on the program."""
    recipe = NEW if version(neovim) >= (0, 11) else OLD
    (project / "init.lua").write_text(recipe + settings)
    (project / "script.lua").write_text(script)
    command = [neovim, "--headless", "-n", "-u", "init.lua", "digits.py", "-c", "luafile script.lua", "-c", "qall!"]
    done = subprocess.run(
        command, cwd=project, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return json.loads((project / "seen.json").read_text())


def test_a_finding_is_shown_and_repaired(
    neovim: str, project: Path, environment: Mapping[str, str], fixed: bytes
) -> None:
    assert edit(neovim, "", LOOK + REPAIR + WRITE, project, environment) == ["MLL201", 16, 11]
    assert (project / "digits.py").read_bytes() == fixed


def test_writing_fixes_what_is_safe(neovim: str, project: Path, environment: Mapping[str, str], fixed: bytes) -> None:
    edit(neovim, ON_WRITING, LOOK + WRITE, project, environment)
    assert (project / "digits.py").read_bytes() == fixed
