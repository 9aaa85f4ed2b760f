"""The action, and the snippets of docs/ci.md: valid by the schemas of those who read them, and run by bash."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml
from filelock import FileLock

from mllint.settings import parse_toml
from tests.integrations.programs import FLAWED, SOUND
from tests.integrations.repository import ROOT, Repository

PAGE = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
SNIPPET = re.compile(r"^```\w+\n(?://|#) (?P<name>\S+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
SNIPPETS = [(found["name"], found["text"]) for found in SNIPPET.finditer(PAGE)]
SCHEMAS = {
    ".github/workflows/": ("vendor.github-workflows",),
    ".gitlab-ci.yml": ("vendor.gitlab-ci", "--data-transform", "gitlab-ci"),
    "azure-pipelines.yml": (
        "vendor.azure-pipelines",
        "--data-transform",
        "azure-pipelines",
        "--regex-variant",
        "python",
    ),
}
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
INSTALL, JUDGE = ACTION["runs"]["steps"]
Run = subprocess.CompletedProcess[str]


def snippets(name: str) -> list[str]:
    found = [text for of, text in SNIPPETS if of.startswith(name)]
    assert found, name
    return found


# ---------------------------------------------------------------- schemas


def valid(path: Path, schema: str, *options: str) -> Run:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *options, str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_snippets_are_valid(name, tmp_path):
    for number, text in enumerate(snippets(name)):
        file = tmp_path / f"{number}.yml"
        file.write_text(text, encoding="utf-8")
        checked = valid(file, *SCHEMAS[name])
        assert checked.returncode == 0, checked.stdout
    file.write_text(text.replace("script:", "scripts:").replace("steps:", "stops:"), encoding="utf-8")
    assert valid(file, *SCHEMAS[name]).returncode == 1, "a check that cannot fail"


def test_the_action_is_valid():
    checked = valid(ROOT / "action.yml", "vendor.github-actions")
    assert checked.returncode == 0, checked.stdout


def test_the_page_lists_the_inputs_of_the_action():
    listed = re.findall(r"^\| `([\w-]+)` \|.+\| (.+) \|$", PAGE.split("| input | is |")[1], re.MULTILINE)
    defaults = {name: f"`{one['default']}`" if one["default"] else "none" for name, one in ACTION["inputs"].items()}
    assert dict(listed) == defaults


def test_the_workflows_give_inputs_that_there_are():
    for text in snippets(".github/workflows/"):
        steps = [step for job in yaml.safe_load(text)["jobs"].values() for step in job["steps"]]
        for step in steps:
            if step.get("uses", "").startswith("OWNER/mllint@"):
                assert set(step.get("with", {})) <= set(ACTION["inputs"])


# ---------------------------------------------------------------- the steps of the action, run


@pytest.fixture(scope="session")
def installed(index: None, source: Repository, shared: Path) -> Path:
    """The directory of the programs that the action's first step installs from a clean checkout."""
    temporary, outputs = shared / "runner", shared / "runner" / "outputs"
    workspace = hostile(shared / "workspace")
    with FileLock(shared / "runner.lock"):
        if not outputs.exists():
            temporary.mkdir()
            place = {"RUNNER_TEMP": str(temporary), "GITHUB_ACTION_PATH": str(source.path)}
            done = step(INSTALL, workspace, {**place, "GITHUB_OUTPUT": str(outputs)}, {})
            assert done.returncode == 0, done.stderr
            assert not executed(workspace)
    return Path(outputs.read_text(encoding="utf-8").strip().removeprefix("bin="))


def hostile(workspace: Path) -> Path:
    """A checkout with modules of these names, which leave a file where they are executed."""
    workspace.mkdir(exist_ok=True)
    for name in ("venv", "ensurepip", "pip", "logging", "json"):
        leave = f"open(__import__('os').path.join({str(workspace)!r}, '{name}.executed'), 'w').close()\n"
        (workspace / f"{name}.py").write_text(leave, encoding="utf-8")
    return workspace


def executed(workspace: Path) -> list[str]:
    return [path.name for path in workspace.glob("*.executed")]


def step(described: Mapping[str, Any], directory: Path, variables: Mapping[str, str], values: Mapping[str, str]) -> Run:
    """Runs a step as a runner does: expressions are put in, and bash is called in its way.

    (https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax, `jobs.<job_id>.steps[*].shell`)
    """

    def resolved(text: str) -> str:
        return re.sub(r"\$\{\{ (\S+) \}\}", lambda found: values[found[1]], text)

    assert described["shell"] == "bash"
    assert "${{" not in described["run"], "what is put into a script is executed"
    environment = {name: resolved(value) for name, value in described.get("env", {}).items()}
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", described["run"]],
        cwd=directory / resolved(described.get("working-directory", ".")),
        env={**os.environ, **variables, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def action(installed: Path, tmp_path: Path) -> Callable[..., Run]:
    """The action's second step in a workspace, with inputs."""

    def run(workspace: Path, **given: str) -> Run:
        inputs = {name: one["default"] for name, one in ACTION["inputs"].items()}
        inputs |= {name.replace("_", "-"): value for name, value in given.items()}
        values = {f"inputs.{name}": value for name, value in inputs.items()}
        outputs = tmp_path / "outputs"
        outputs.unlink(missing_ok=True)
        values["steps.install.outputs.bin"] = str(installed)
        done = step(JUDGE, workspace, {"GITHUB_OUTPUT": str(outputs), "GITHUB_WORKSPACE": str(workspace)}, values)
        assert outputs.read_text(encoding="utf-8") == f"exit-code={done.returncode}\n"
        return done

    return run


def test_the_action_shows_findings_beside_the_lines(action, repository):
    repository.commit({"src/train.py": FLAWED, "sound.py": SOUND})
    run = action(repository.path)
    assert run.returncode == 1
    assert run.stdout.startswith("::error file=src/train.py,line=4,")
    assert run.stdout.count("\n") == 1
    assert action(repository.path, paths="sound.py").returncode == 0
    assert action(repository.path, paths="nowhere").returncode == 2


def test_inputs_are_words(action, repository):
    repository.commit({"my models/train.py": FLAWED, "src/train.py": FLAWED, "sound.py": SOUND})
    run = action(repository.path, paths="'my models'\nsrc", args="--output-format concise  --select MLL101")
    assert [line.split(":")[0] for line in run.stdout.splitlines()] == ["my models/train.py", "src/train.py"]


def test_inputs_are_not_executed(action, repository):
    repository.commit({"sound.py": SOUND})
    harm = "$(touch harm1) `touch harm2` ; touch harm3"
    assert action(repository.path, paths=harm, args=harm, sarif_file=harm, output_format=harm).returncode == 2
    assert action(repository.path, paths=harm, args=harm).returncode == 2
    assert not list(repository.path.glob("harm*"))
    unclosed = action(repository.path, args="--select 'MLL101")
    assert unclosed.returncode == 2
    assert "quote" in unclosed.stderr


def test_the_action_writes_sarif_and_runs_where_it_is_told(action, repository):
    repository.commit({"project/train.py": FLAWED})
    run = action(repository.path, working_directory="project", sarif_file="out/of sight.sarif")
    assert run.returncode == 2, "the directory is not there"
    run = action(repository.path, working_directory="project", sarif_file="mllint results.sarif")
    assert run.returncode == 1
    assert "::error file=project/train.py" in run.stdout
    sarif = json.loads(repository.text("project/mllint results.sarif"))
    assert [result["ruleId"] for result in sarif["runs"][0]["results"]] == ["MLL101"]


def test_the_first_parent_of_a_merge_is_what_it_changes(action, repository, tmp_path):
    """As GitHub checks out a pull request: its merge, and no more history than `fetch-depth: 2`."""
    repository.commit({"old.py": FLAWED})
    repository.git("checkout", "--quiet", "-b", "topic")
    repository.commit({"new.py": FLAWED})
    repository.git("checkout", "--quiet", "main")
    repository.commit({"later.py": FLAWED})
    repository.git("merge", "--quiet", "--no-ff", "--no-edit", "topic")
    clone = tmp_path / "clone"
    repository.git("clone", "--quiet", "--depth", "2", f"file://{repository.path}", str(clone))
    [step] = [
        step
        for text in snippets(".github/workflows/mllint-changes.yml")
        for step in yaml.safe_load(text)["jobs"]["mllint"]["steps"]
        if "mllint" in step["uses"]
    ]
    run = action(clone, **step["with"])
    assert run.returncode == 1
    assert re.findall(r"file=(\S+?),", run.stdout) == ["new.py"]


# ---------------------------------------------------------------- the lines of the snippets, run


@pytest.fixture
def bash(installed: Path) -> Callable[..., Run]:
    """Runs lines with the installed mllint; where a snippet installs it, it is there already."""

    def run(lines: Iterator[str] | list[str], directory: Path, **variables: str) -> Run:
        script = "\n".join(line for line in lines if "pip install" not in line)
        return subprocess.run(
            ["bash", "-e", "-c", script],
            cwd=directory,
            env={**os.environ, **variables, "PATH": f"{installed}{os.pathsep}{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_what_is_installed_is_this_project():
    name = parse_toml((ROOT / "pyproject.toml").read_bytes(), "pyproject.toml")["project"]["name"]
    installs = re.findall(r"pip install(?: --quiet)? (?!git\+)([\w-]+)", PAGE)
    assert len(installs) >= 5
    assert set(installs) == {name}


def test_the_plain_workflow(bash, repository):
    repository.commit({"src/train.py": FLAWED})
    [job] = yaml.safe_load(snippets(".github/workflows/mllint-plain.yml")[0])["jobs"].values()
    run = bash([step["run"] for step in job["steps"] if "run" in step], repository.path)
    assert run.returncode == 1
    assert run.stdout.startswith("::error file=src/train.py,line=4,")


def test_the_shares_of_several_machines(bash, repository):
    repository.commit({f"src/train_{number}.py": FLAWED for number in range(5)})
    jobs = yaml.safe_load(snippets(".github/workflows/mllint-shards.yml")[0])["jobs"]
    judge, report = ([step["run"] for step in jobs[job]["steps"] if "run" in step] for job in ("judge", "report"))
    for shard in jobs["judge"]["strategy"]["matrix"]["shard"]:
        lines = [line.replace("${{ matrix.shard }}", str(shard)) for line in judge]
        assert bash(lines, repository.path).returncode == 0
    run = bash(report, repository.path)
    assert run.returncode == 1
    assert re.findall(r"file=(\S+?),", run.stdout) == [f"src/train_{number}.py" for number in range(5)]


def test_gitlab(bash, repository):
    base = repository.commit({"src/old.py": FLAWED})
    whole, changes = (yaml.safe_load(text)["mllint"] for text in snippets(".gitlab-ci.yml"))
    repository.commit({"src/new.py": FLAWED})
    assert bash(whole["script"], repository.path).returncode == 1
    quality = json.loads(repository.text(whole["artifacts"]["reports"]["codequality"]))
    assert [one["location"]["path"] for one in quality] == ["src/new.py", "src/old.py"]
    ElementTree.parse(repository.path / whole["artifacts"]["reports"]["junit"])
    run = bash(changes["script"], repository.path, CI_MERGE_REQUEST_DIFF_BASE_SHA=base)
    assert run.returncode == 1
    assert re.findall(r"--> (\S+):", run.stdout) == ["src/new.py:4"]


def test_azure(bash, repository):
    repository.commit({"src/train.py": FLAWED})
    steps = yaml.safe_load(snippets("azure-pipelines.yml")[0])["steps"]
    assert bash([step["script"] for step in steps if "script" in step], repository.path).returncode == 1
    tests = next(step["inputs"] for step in steps if step.get("task") == "PublishTestResults@2")
    ElementTree.parse(repository.path / tests["testResultsFiles"])
    artifact = next(step["inputs"] for step in steps if step.get("task") == "PublishBuildArtifacts@1")
    assert json.loads(repository.text(artifact["PathtoPublish"]))["version"] == "2.1.0"


def test_jenkins(bash, repository):
    repository.commit({"src/train.py": FLAWED})
    text = snippets("Jenkinsfile")[0]
    lines = re.findall(r"sh '(.+)'", text)
    assert bash([line.replace(".venv-mllint/bin/", "") for line in lines], repository.path).returncode == 0
    assert json.loads(repository.text(re.findall(r"sarif\(pattern: '(.+?)'", text)[0]))["runs"][0]["results"]
    ElementTree.parse(repository.path / re.findall(r"testResults: '(.+?)'", text)[0])


def test_what_jenkins_installs_executes_nothing_of_the_project(tmp_path):
    [line] = re.findall(r"sh '(.+?) &&", snippets("Jenkinsfile")[0])
    done = subprocess.run(
        ["bash", "-e", "-c", line], cwd=hostile(tmp_path), capture_output=True, text=True, check=False
    )
    assert (done.returncode, executed(tmp_path)) == (0, []), done.stderr


def test_make(bash, repository):
    repository.commit({"src/train.py": FLAWED, "Makefile": snippets("Makefile")[0]})
    run = bash(["make mllint"], repository.path)
    assert "error[MLL101]" in run.stdout
    assert "Error 1" in run.stderr


def test_tox_and_nox_run_the_command(bash, repository):
    repository.commit({"src/train.py": FLAWED})
    [line] = re.findall(r"^commands = (.+)$", snippets("tox.ini")[0], re.MULTILINE)
    assert bash([re.sub(r"\{posargs:(.+)\}", r"\1", line)], repository.path).returncode == 1
    text = snippets("noxfile.py")[0]
    compile(text, "noxfile.py", "exec")
    assert bash([shlex.join(["mllint", *re.findall(r'posargs or \["(.+)"\]', text)])], repository.path).returncode == 1
