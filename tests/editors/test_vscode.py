"""The extension for VS Code: its own tests against the server here, the package that is made of it, and real use."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from mllint import __version__
from tests.editors.recipes import ROOT, recipes

FOLDER = ROOT / "editors" / "vscode"
WORKBENCH = FOLDER / "workbench"
NPM = shutil.which("npm")
CHROMIUM = shutil.which("chromium")
LEFT_OUT = ("node_modules", "build", "dist", "workbench", "*.vsix")
PACKED = {"LICENSE.txt", "package.json", "readme.md", "dist/NOTICES.txt", "dist/extension.js"}

pytestmark = [
    pytest.mark.skipif(NPM is None, reason="npm is not installed"),
    pytest.mark.skipif(not (FOLDER / "node_modules").is_dir(), reason=f"run: npm ci in {FOLDER.relative_to(ROOT)}"),
]


def npm(*arguments: str, folder: Path = FOLDER, **more: str) -> str:
    """What npm prints; the tests of the extension use the mllint under test."""
    environment = {**os.environ, "MLLINT_PYTHON": sys.executable, **more}
    command = [str(NPM), *arguments]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=280, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packed extension, made in a folder of its own, as several processes may make one at a time."""
    folder = tmp_path_factory.mktemp("vscode")
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns(*LEFT_OUT), dirs_exist_ok=True)
    (folder / "node_modules").symlink_to(FOLDER / "node_modules")
    npm("run", "package", folder=folder)
    return folder / f"mllint-keras-{__version__}.vsix"


def test_types_are_right() -> None:
    npm("run", "check")


def test_its_own_tests_pass() -> None:
    said = npm("test")
    assert "# fail 0" in said and "# pass 0" not in said


def test_the_package_holds_the_bundle_and_nothing_else(package: Path) -> None:
    with zipfile.ZipFile(package) as packed:
        names = {name.removeprefix("extension/") for name in packed.namelist() if name.startswith("extension/")}
        manifest = json.loads(packed.read("extension/package.json"))
        bundle = packed.read(f"extension/{manifest['main'].removeprefix('./')}").decode()
        notices = packed.read("extension/dist/NOTICES.txt").decode()
    assert names == PACKED
    assert manifest["version"] == __version__
    assert "vscode-languageclient" in notices
    assert package.stat().st_size < 500_000
    assert "mllint.restartServer" in bundle


def test_the_lock_names_no_registry() -> None:
    for lock in (FOLDER / "package-lock.json", WORKBENCH / "package-lock.json"):
        packages = json.loads(lock.read_text(encoding="utf-8"))["packages"].values()
        assert not [one["resolved"] for one in packages if "resolved" in one]


def test_every_setting_and_command_is_explained() -> None:
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    contributed = json.loads((FOLDER / "package.json").read_text(encoding="utf-8"))["contributes"]
    names = [f"`{name}`" for name in contributed["configuration"]["properties"]]
    names += [f"`{one['category']}: {one['title']}`" for one in contributed["commands"]]
    assert not [name for name in names if f"| {name} |" not in page]


def test_the_pages_and_the_workbench_have_the_same_settings() -> None:
    (text,) = recipes("Visual Studio Code", "json")
    assert text in (FOLDER / "README.md").read_text(encoding="utf-8")
    said = {kind for wanted in json.loads(text).values() for kind in wanted}
    workbench = (WORKBENCH / "workbench.test.mjs").read_text(encoding="utf-8")
    assert said and all(f'"{kind}": "explicit"' in workbench for kind in said)


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
@pytest.mark.skipif(
    not (WORKBENCH / "node_modules" / "code-server" / "lib" / "vscode" / "node_modules.asar").exists(),
    reason=f"run: {(WORKBENCH / 'build').relative_to(ROOT)}",
)
def test_it_works_in_a_real_editor(package: Path) -> None:
    said = npm("test", folder=WORKBENCH, EXTENSION=str(package), CHROMIUM=str(CHROMIUM))
    assert "# fail 0" in said and "# pass 0" not in said
