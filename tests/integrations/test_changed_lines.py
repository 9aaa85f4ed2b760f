"""--diff-base: findings on lines that were changed, told by the real git."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest

from mllint.changed_lines import CannotCompare, ChangedLines, git
from mllint.changed_lines.repositories import Repositories
from mllint.engine import lint_paths
from mllint.reports.concise import where
from mllint.settings import SettingsFinder
from tests.integrations.programs import FIXABLE, FLAWED, IN_TWO_FILES, SOUND, notebook
from tests.integrations.repository import ROOT, Repository

FOUND = "4:28"
"""Where the loss of FLAWED stands."""
TWO_MODELS = FLAWED + "\n\n" + FLAWED.replace("from tensorflow import keras\n", "").replace("model", "other")
"""The second has its head on line 8 and its loss on line 9."""


@pytest.fixture
def shown(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Where findings that concern changed lines are, in the repository of the user or a directory of it."""

    def look(*paths: str, since: str = "HEAD", inside: str = "") -> list[str]:
        monkeypatch.chdir(repository.path / inside)
        changed = ChangedLines(Repositories(since))
        changed.check(paths or (".",))
        reports = [changed.only(report) for report in lint_paths(paths or (".",), SettingsFinder())]
        assert not [error for report in reports for error in report.errors]
        return [where(finding.primary) for report in reports for finding in report.findings]

    return look


def test_what_nobody_touched_is_not_shown(repository, shown):
    repository.commit({"train.py": TWO_MODELS})
    assert shown() == []
    assert len(shown(since="HEAD^{/a change}")) == 0


def test_any_place_of_a_finding_counts(repository, shown):
    """The head is changed, the finding stands at the loss."""
    repository.commit({"train.py": TWO_MODELS.replace("10", "9")})
    repository.write({"train.py": TWO_MODELS.replace("10", "9", 1)})
    assert shown() == ["train.py:9:28"]


def test_places_in_other_files_count(repository, shown):
    """The head is built in a file that is imported; a change of either file may bring the mistake."""
    repository.commit(IN_TWO_FILES)
    assert shown() == []
    repository.write({"train.py": IN_TWO_FILES["train.py"].replace("adam", "sgd")})
    assert shown() == ["factory.py:4:82"]
    assert shown("train.py") == ["factory.py:4:82"]
    repository.write({**IN_TWO_FILES, "factory.py": IN_TWO_FILES["factory.py"].replace("(3,)", "(4,)")})
    assert shown() == ["factory.py:4:82"]


def test_committed_staged_and_unsaved_changes_count(repository, shown):
    start = repository.commit({"a.py": SOUND, "b.py": SOUND, "c.py": SOUND, "d.py": SOUND})
    repository.commit({"a.py": FLAWED})
    repository.write({"b.py": FLAWED})
    repository.git("add", "b.py")
    repository.write({"c.py": FLAWED})
    assert shown(since=start) == [f"{name}.py:{FOUND}" for name in "abc"]
    assert shown() == [f"{name}.py:{FOUND}" for name in "bc"]


def test_what_the_other_branch_did_since_is_no_change_of_ours(repository, shown):
    repository.commit({"train.py": TWO_MODELS, "other.py": FLAWED})
    repository.git("checkout", "--quiet", "-b", "topic")
    repository.commit({"train.py": TWO_MODELS.replace("10", "9", 1)})
    repository.git("checkout", "--quiet", "main")
    repository.commit({"other.py": FLAWED.replace("10", "9"), "train.py": TWO_MODELS.replace("adam", "sgd")})
    repository.git("checkout", "--quiet", "topic")
    assert shown(since="main") == ["train.py:4:28"]


def test_what_git_does_not_track_is_changed_as_a_whole(repository, shown):
    repository.commit({".gitignore": "mine.py\n", "old.py": FLAWED})
    repository.write({"new.py": FLAWED, "mine.py": FLAWED})
    assert shown() == [f"new.py:{FOUND}"]
    assert shown("mine.py") == [f"mine.py:{FOUND}"]


def test_the_lines_beside_those_taken_out_count(repository, shown):
    """The softmax layer goes, and what stands before it is the head."""
    softmax = "    keras.layers.Softmax(),\n"
    program = f"""\
import keras
model = keras.Sequential([
    keras.Input((3,)),
    keras.layers.Dense(10, activation="sigmoid"),
{softmax}])



model.compile(loss="categorical_crossentropy")
"""
    repository.commit({"train.py": program})
    repository.write({"train.py": program.replace(softmax, "")})
    assert shown() == ["train.py:9:20"]


def test_moved_lines_keep_their_past(repository, shown):
    repository.commit({"train.py": FLAWED})
    repository.write({"train.py": "import os\nimport sys\n\n" + FLAWED})
    assert shown() == []


def test_a_renamed_file_keeps_its_past(repository, shown):
    repository.commit({"train.py": TWO_MODELS})
    repository.git("mv", "train.py", "fit.py")
    assert shown() == []
    repository.write({"fit.py": TWO_MODELS.replace("10", "9", 1)})
    assert shown() == ["fit.py:4:28"]


@pytest.mark.parametrize("name", ["my models/train it.py", "modèles/学習.py", 'a"b\\c\td.py', "-x.py", ":(top)y.py"])
def test_names_of_all_kinds(name, repository, shown):
    repository.commit({name: TWO_MODELS})
    assert shown() == []
    repository.write({name: TWO_MODELS.replace("10", "9", 1)})
    assert len(shown()) == 1


def test_settings_of_git_change_nothing(repository, shown):
    repository.commit({"train.py": TWO_MODELS, "src/train.py": TWO_MODELS, ".gitattributes": "*.py binary\n"})
    repository.git("mv", "train.py", "fit.py")
    repository.write({"fit.py": TWO_MODELS.replace("10", "9", 1), "src/train.py": TWO_MODELS.replace("10", "9", 1)})
    settings = {
        "color.ui": "always",
        "color.diff": "always",
        "core.quotePath": "true",
        "diff.context": "9",
        "diff.external": "false",
        "diff.interHunkContext": "99",
        "diff.mnemonicPrefix": "true",
        "diff.noprefix": "true",
        "diff.relative": "true",
        "diff.renames": "false",
        "diff.algorithm": "patience",
        "core.autocrlf": "true",
    }
    for key, value in settings.items():
        repository.git("config", key, value)
    assert shown(inside="src") == ["train.py:4:28"]
    assert shown() == ["fit.py:4:28", "src/train.py:4:28"]


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_newlines_of_all_kinds(newline, repository, shown):
    repository.commit({"train.py": TWO_MODELS.replace("\n", newline)})
    repository.write({"train.py": TWO_MODELS.replace("10", "9", 1).replace("\n", newline)})
    assert shown() == ["train.py:4:28"]


def test_a_file_in_conflict(repository, shown):
    repository.commit({"train.py": TWO_MODELS, "other.py": "x = 1\n"})
    repository.git("checkout", "--quiet", "-b", "topic")
    repository.commit({"other.py": "x = 2\n"})
    repository.git("checkout", "--quiet", "main")
    repository.commit({"other.py": "x = 3\n"})
    subprocess.run(["git", "merge", "topic"], cwd=repository.path, capture_output=True, check=False)
    repository.write({"other.py": FLAWED})
    assert shown() == [f"other.py:{FOUND}"]


def test_a_link_is_what_it_leads_to(repository, shown):
    repository.commit({"real.py": TWO_MODELS})
    (repository.path / "link.py").symlink_to("real.py")
    assert shown("link.py") == []
    repository.write({"real.py": TWO_MODELS.replace("10", "9", 1)})
    assert shown("link.py") == ["link.py:4:28"]


# ---------------------------------------------------------------- notebooks


def test_a_notebook_is_compared_by_its_code(repository, shown):
    first, second = FLAWED, TWO_MODELS.removeprefix(FLAWED)
    repository.commit({"explore.ipynb": notebook(first, "print(1)", second)})
    run_again = json.loads(notebook(first, "print(1)", second))
    for count, cell in enumerate(run_again["cells"], start=1):
        cell |= {"execution_count": count, "outputs": [{"output_type": "stream", "name": "stdout", "text": ["x\n"]}]}
    repository.write({"explore.ipynb": json.dumps(run_again, indent=4)})
    assert shown() == []
    repository.write({"explore.ipynb": notebook(first, "print(1)", second.replace("10", "9"))})
    assert shown() == ["explore.ipynb:cell 3:5:28"]
    repository.write({"explore.ipynb": notebook("import os", first, "print(1)", second)})
    assert shown() == []


def test_a_notebook_whose_sources_are_single_strings(repository, shown):
    def whole(text: str) -> str:
        document = json.loads(notebook(text))
        document["cells"][0]["source"] = text
        return json.dumps(document)

    repository.commit({"explore.ipynb": whole(TWO_MODELS)})
    repository.write({"explore.ipynb": whole(TWO_MODELS.replace("10", "9", 1))})
    assert shown() == ["explore.ipynb:cell 1:4:28"]


def test_what_is_stripped_from_notebooks_on_their_way_into_git(repository, shown):
    """The file and what git compares have other lines: a filter as nbstripout is one takes the outputs out."""
    strip = "import json,sys; n=json.load(sys.stdin); [c.update(outputs=[]) for c in n['cells']]; print(json.dumps(n))"
    repository.git("config", "filter.strip.clean", f'{sys.executable} -c "{strip}"')
    full = json.loads(notebook(TWO_MODELS))
    full["cells"][0] = {
        "outputs": [{"output_type": "stream", "name": "stdout", "text": ["x\n"] * 9}],
        **full["cells"][0],
    }
    full["cells"][0]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["x\n"] * 9}]
    repository.commit({".gitattributes": "*.ipynb filter=strip\n", "explore.ipynb": json.dumps(full, indent=1)})
    assert '"x' not in repository.git("show", "HEAD:explore.ipynb")
    full["cells"][0]["source"][2] = full["cells"][0]["source"][2].replace("10", "9")
    repository.write({"explore.ipynb": json.dumps(full, indent=1)})
    assert shown() == ["explore.ipynb:cell 1:4:28"]


def test_a_notebook_that_was_none(repository, shown):
    repository.commit({"explore.ipynb": "<<<<<<< broken"})
    repository.write({"explore.ipynb": notebook(FLAWED)})
    assert shown() == ["explore.ipynb:cell 1:4:28"]


# ---------------------------------------------------------------- repositories


def test_from_a_directory_inside(repository, shown):
    repository.commit({"src/train.py": TWO_MODELS, "lib/train.py": TWO_MODELS})
    repository.write({"src/train.py": TWO_MODELS.replace("10", "9", 1), "lib/train.py": TWO_MODELS + "\n"})
    assert shown(inside="src") == ["train.py:4:28"]
    assert shown("../src", "../lib", inside="lib") == ["../src/train.py:4:28"]


def test_a_submodule_is_compared_with_what_its_repository_had_of_it(repository, shown, tmp_path):
    library = Repository.at(tmp_path / "library")
    library.commit({"train.py": TWO_MODELS})
    repository.commit({"train.py": SOUND})
    add = ["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(library.path), "library"]
    repository.git(*add)
    before = repository.commit()
    inner = Repository(repository.path / "library")
    inner.commit({"train.py": TWO_MODELS.replace("10", "9", 1)})
    assert shown() == ["library/train.py:4:28"]
    assert shown(inside="library") == []
    assert shown(inside="library", since="HEAD~1") == ["train.py:4:28"]
    repository.commit()
    assert shown() == []
    assert shown(since=before) == ["library/train.py:4:28"]
    assert shown(since=f"{before}~1") == ["library/train.py:4:28", "library/train.py:9:28"]


def test_an_unknown_revision(repository, shown):
    repository.commit({"train.py": FLAWED})
    for revision in ("nowhere", "--help", "", "HEAD:train.py"):
        with pytest.raises(CannotCompare, match="no such revision"):
            shown(since=revision)


def test_a_shallow_clone_says_what_it_lacks(repository, shown, tmp_path, monkeypatch):
    repository.commit({"train.py": FLAWED})
    repository.git("checkout", "--quiet", "-b", "topic")
    repository.commit({"train.py": FLAWED.replace("10", "9")})
    clone = tmp_path / "clone"
    source = f"file://{repository.path}"
    repository.git("clone", "--quiet", "--depth", "1", "--branch", "topic", source, str(clone))
    monkeypatch.chdir(clone)
    changed = ChangedLines(Repositories("origin/main"))
    with pytest.raises(CannotCompare, match="shallow clone"):
        changed.check(["."])


def test_histories_that_have_nothing_in_common(repository, shown):
    repository.commit({"train.py": FLAWED})
    repository.git("checkout", "--quiet", "--orphan", "other")
    repository.commit({"train.py": SOUND})
    with pytest.raises(CannotCompare, match="no commit in common"):
        shown(since="main")


# ---------------------------------------------------------------- the command


def mllint(directory: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mllint", *arguments],
        cwd=directory,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_is_left_out_is_counted_and_fails_nothing(repository):
    repository.commit({"train.py": TWO_MODELS})
    run = mllint(repository.path, "--diff-base", "HEAD")
    assert (run.returncode, run.stdout) == (0, "")
    assert run.stderr == "Found nothing in 1 file (2 setups judged, 2 on unchanged lines)\n"
    repository.write({"train.py": TWO_MODELS.replace("10", "9", 1)})
    run = mllint(repository.path, "--diff-base", "HEAD", "--output-format", "json")
    assert run.returncode == 1
    summary = json.loads(run.stdout)["summary"]
    assert (summary["error"], summary["on_unchanged_lines"]) == (1, 1)


def test_the_baseline_counts_before(repository):
    """What is new is told by counts of whole files."""
    repository.commit({"train.py": TWO_MODELS})
    assert mllint(repository.path, "--baseline", "b.json", "--write-baseline").returncode == 0
    repository.write({"train.py": TWO_MODELS.replace("10", "9", 1)})
    run = mllint(repository.path, "--baseline", "b.json", "--diff-base", "HEAD")
    assert run.returncode == 0
    assert "2 in the baseline" in run.stderr


@pytest.mark.parametrize(
    "hook",
    [
        {"GIT_DIR": "{}/.git", "GIT_INDEX_FILE": ".git/index"},
        {"GIT_DIR": "{}/.git", "GIT_COMMON_DIR": "../.git", "GIT_OBJECT_DIRECTORY": "./objects"},
        {"GIT_SHALLOW_FILE": "gone/shallow", "GIT_REPLACE_REF_BASE": "refs/nothing/"},
    ],
)
def test_a_hook_of_git_sees_the_repository_it_runs_in(repository, hook):
    repository.commit({"src/train.py": FLAWED})
    there = {name: value.format(repository.path) for name, value in hook.items()}
    run = mllint(repository.path / "src", "--diff-base", "HEAD", **there)
    assert "1 on unchanged lines" in run.stderr


def test_variables_of_git_change_no_patch_and_no_answer(repository):
    repository.commit({"train.py": TWO_MODELS})
    repository.write({"train.py": TWO_MODELS.replace("10", "9", 1)})
    plain = mllint(repository.path, "--diff-base", "HEAD")
    assert "1 on unchanged lines" in plain.stderr
    steered = mllint(repository.path, "--diff-base", "HEAD", GIT_DIFF_OPTS="--unified=20", GIT_EXTERNAL_DIFF="false")
    assert (steered.stdout, steered.stderr) == (plain.stdout, plain.stderr)
    traced = mllint(repository.path, "--diff-base", "nowhere", GIT_TRACE="1")
    assert traced.stderr == "--diff-base nowhere: error: no such revision\n"


@pytest.mark.skipif(sys.platform == "win32", reason="the server is a shell command")
def test_a_server_that_does_not_answer_is_given_up(repository, shown, tmp_path, monkeypatch):
    """A partial clone fetches what files were when that is asked for."""
    repository.commit({"train.py": TWO_MODELS.replace("10", "9")})
    repository.commit({"train.py": TWO_MODELS})
    repository.git("config", "uploadpack.allowFilter", "true")
    clone = tmp_path / "partial"
    repository.git("clone", "--quiet", "--filter=blob:none", f"file://{repository.path}", str(clone))
    Repository(clone).git("config", "remote.origin.uploadpack", "sleep 100; true")
    monkeypatch.setattr(git, "SECONDS", 2)
    started = time.monotonic()
    with pytest.raises(CannotCompare, match="`git cat-file` was stopped after 2 s; in a partial clone"):
        shown(since="HEAD^", inside=str(clone))
    assert time.monotonic() - started < 60
    Repository(clone).git("config", "--unset", "remote.origin.uploadpack")
    assert len(shown(since="HEAD^", inside=str(clone))) == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--diff-base", "nowhere"], "--diff-base nowhere: error: no such revision"),
        (["--diff-base", "HEAD", ".."], "--diff-base HEAD: error: git says: not a git repository"),
        (["--diff-base", "HEAD", "-"], "--diff-base compares files"),
        (["--diff-base", "HEAD", "--fix"], "exclude each other"),
        (["--diff-base", "HEAD", "--config", "fix=true"], "--no-fix"),
        (["--diff-base", "HEAD", "--write-baseline"], "exclude each other"),
    ],
)
def test_what_cannot_be_done_is_said_once(arguments, message, repository):
    repository.commit({"train.py": FIXABLE})
    run = mllint(repository.path, *arguments)
    assert run.returncode == 2
    assert run.stdout == ""
    assert message in run.stderr
    assert "Traceback" not in run.stderr
    assert repository.text("train.py") == FIXABLE


def test_without_git(repository, tmp_path):
    repository.commit({"train.py": FLAWED})
    run = mllint(repository.path, "--diff-base", "HEAD", PATH=str(tmp_path))
    assert run.returncode == 2
    assert run.stderr == "--diff-base HEAD: error: git is not installed\n"


def test_a_saved_model_is_changed_as_a_whole(repository):
    model = ROOT / "tests" / "archive" / "models" / "two_outputs.keras"
    repository.write({"model.keras": model.read_bytes()})
    assert mllint(repository.path, "--diff-base", "HEAD", "model.keras").returncode == 2, "there is no commit yet"
    repository.commit()
    clean = mllint(repository.path, "--diff-base", "HEAD", "model.keras")
    assert (clean.returncode, clean.stdout) == (0, "")
    assert "1 on unchanged lines" in clean.stderr
    with ZipFile(repository.path / "model.keras", "a") as archive:
        archive.writestr("notes.txt", "trained again")
    assert mllint(repository.path, "--diff-base", "HEAD", "model.keras").returncode == 1


def test_a_directory_is_changed_where_anything_in_it_is(repository):
    """As a SavedModel is one."""
    repository.commit({"model/saved_model.pb": "1", "model/variables/a": "1", "models.txt": "1"})

    def is_changed() -> bool:
        return Repositories("HEAD").around(repository.path / "model").is_changed(repository.path / "model")

    repository.write({"models.txt": "2"})
    assert not is_changed()
    repository.write({"model/variables/a": "2"})
    assert is_changed()
    repository.git("rm", "--quiet", "-r", "--cached", "model")
    repository.commit({".gitignore": "model\n"})
    assert is_changed(), "git does not track it any more"
