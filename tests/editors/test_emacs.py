"""The recipes for Emacs in the real one, without a window."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.editors.recipes import recipes

EGLOT, LSP_MODE = recipes("Emacs", "elisp")
EMACS = shutil.which("emacs")

START = """
(setq debug-on-error nil make-backup-files nil create-lockfiles nil package-archives nil
      lsp-auto-guess-root t lsp-log-io nil lsp-enable-file-watchers nil lsp-warn-no-matched-clients nil)
(package-initialize)
"""
LOOK = """
(require 'flymake)
(defun wait-for (what condition)
  (with-timeout (60 (message "missing: %s" what) (kill-emacs 3))
    (while (not (funcall condition)) (accept-process-output nil 0.1))))
(find-file "digits.py")
(run-hooks 'post-command-hook)
"""
SHOW = """
(wait-for "a diagnostic" (lambda () (flymake-start) (flymake-diagnostics)))
(let ((found (car (flymake-diagnostics))))
  (goto-char (flymake-diagnostic-beg found))
  (message "seen: %d %s" (line-number-at-pos) (car (split-string (flymake-diagnostic-text found) "\\n"))))
"""


def run(packages: str, recipe: str, script: str, project: Path, environment: Mapping[str, str]) -> str:
    """What Emacs says. Skips where a package is missing."""
    if EMACS is None:
        pytest.skip("Emacs is not installed")
    program = project / "script.el"
    program.write_text(START + f"(unless (require '{packages} nil t) (kill-emacs 77))\n" + recipe + LOOK + script)
    command = [EMACS, "--batch", "-l", str(program)]
    done = subprocess.run(
        command, cwd=project, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    if done.returncode == 77:
        pytest.skip(f"Emacs has no {packages}")
    assert done.returncode == 0, done.stderr
    return done.stderr


def test_eglot_shows_a_finding(project: Path, environment: Mapping[str, str]) -> None:
    said = run("eglot", EGLOT, SHOW, project, environment)
    assert "seen: 16" in said and "linear over 10 units" in said


def test_lsp_mode_shows_a_finding(project: Path, environment: Mapping[str, str]) -> None:
    said = run("lsp-mode", LSP_MODE, SHOW, project, environment)
    assert "seen: 16" in said and "linear over 10 units" in said
