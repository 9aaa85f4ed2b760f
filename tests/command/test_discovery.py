"""Which files are linted: as git sees them, and as the user says."""

from __future__ import annotations

import sys

import pytest


def files(run) -> list[str]:
    assert run.exit_code == 0, run.stderr
    return run.stdout.splitlines()


def test_only_python_and_notebooks_in_sorted_order_without_the_usual_clutter(mllint, write):
    clutter = ("build", ".git", "venv", ".venv", "node_modules", "site-packages", ".ipynb_checkpoints", "__pycache__")
    write({"b.py": "", "a/c.ipynb": "", "a/b.py": "", "README.md": "", "a/x.txt": ""})
    write({f"{directory}/x.py": "" for directory in clutter} | {"my-env/pyvenv.cfg": "", "my-env/lib/x.py": ""})
    assert files(mllint("--show-files")) == ["a/b.py", "a/c.ipynb", "b.py"]


def test_gitignore_nested_and_negated(mllint, write):
    write(
        {
            ".git/info/exclude": "private/\n",
            ".gitignore": "*_gen.py\n/data\n# comment\n",
            "a_gen.py": "", "data/x.py": "", "private/x.py": "", "kept.py": "",
            "sub/.gitignore": "!b_gen.py\nlocal.py\n",
            "sub/b_gen.py": "", "sub/c_gen.py": "", "sub/local.py": "", "sub/data/x.py": "",
        }
    )  # fmt: skip
    expected = ["sub/b_gen.py", "sub/data/x.py"]
    assert files(mllint("--show-files")) == ["kept.py", *expected]
    assert files(mllint("--show-files", "sub")) == expected


def test_a_gitignore_line_that_is_no_pattern_spoils_nothing(mllint, write):
    write({".gitignore": "!\nignored.py\n", "ignored.py": "", "kept.py": ""})
    assert files(mllint("--show-files")) == ["kept.py"]


def test_what_is_named_is_linted(mllint, write):
    write({".git/HEAD": "", ".gitignore": "build/\nx.py\n", "build/y.py": "", "x.py": "", "script": ""})
    assert files(mllint("--show-files", "build", "x.py", "script", "./x.py")) == ["build/y.py", "x.py", "script"]


def test_a_named_file_of_any_suffix_is_read_as_python(mllint, write, flawed):
    write({"train": flawed})
    assert mllint("train").exit_code == 1


def test_force_exclude_holds_for_what_is_named(mllint, write):
    write({"mllint.toml": 'extend-exclude = ["gen/"]\n', "gen/x.py": "", "gen/sub/z.py": "", "y.py": ""})
    assert files(mllint("--show-files", "gen/x.py", "y.py")) == ["gen/x.py", "y.py"]
    assert files(mllint("--show-files", "--force-exclude", "gen/x.py", "gen/sub/z.py", "gen", "y.py")) == ["y.py"]


def test_exclude_replaces_and_extend_exclude_adds(mllint, write):
    write({"build/x.py": "", "docs/y.py": "", "src/docs/y.py": "", "z.py": ""})
    assert files(mllint("--show-files", "--exclude", "/docs,z.py")) == ["build/x.py", "src/docs/y.py"]
    assert files(mllint("--show-files", "--extend-exclude", "docs")) == ["z.py"]


def test_patterns_of_a_file_are_relative_to_it_those_of_the_command_to_where_it_runs(mllint, write, tmp_path):
    write({"mllint.toml": 'extend-exclude = ["/sub/a"]\n', "sub/a/x.py": "", "sub/b/x.py": "", "sub/c/x.py": ""})
    here = tmp_path / "sub"
    assert files(mllint("--show-files", directory=here)) == ["b/x.py", "c/x.py"]
    assert files(mllint("--show-files", "--extend-exclude", "/b", directory=here)) == ["c/x.py"]
    assert files(mllint("--show-files", "..", directory=here)) == ["../sub/b/x.py", "../sub/c/x.py"]


def test_excluded_names_above_the_named_directory_do_not_count(mllint, write, tmp_path):
    write({"build/project/src/x.py": "", "build/project/build/y.py": ""})
    assert files(mllint("--show-files", "build/project")) == ["build/project/src/x.py"]
    assert files(mllint("--show-files", "../project", directory=tmp_path / "build" / "project")) == [
        "../project/src/x.py"
    ]


def test_a_file_named_twice_is_linted_once(mllint, write, flawed):
    write({"src/x.py": flawed})
    run = mllint("--output-format", "concise", "src/x.py", "src", "./src/../src")
    assert len(run.stdout.splitlines()) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="needs symbolic links")
def test_a_file_with_several_names_is_linted_once_by_its_own_where_that_is_met(mllint, write, tmp_path, flawed):
    write({"src/x.py": flawed, "script": flawed})
    (tmp_path / "src" / "a_link.py").symlink_to("x.py")
    (tmp_path / "linked").symlink_to("src")
    (tmp_path / "script.py").symlink_to("script")
    assert files(mllint("--show-files")) == ["src/x.py", "script.py"]
    assert files(mllint("--show-files", "src/a_link.py")) == ["src/a_link.py"]
    assert files(mllint("--show-files", "linked/x.py", "src", "script.py", "script")) == ["linked/x.py", "script"]
    assert mllint("--fix", "--unsafe-fixes").exit_code in (0, 1)  # nothing is fixed twice


@pytest.mark.skipif(sys.platform == "win32", reason="needs symbolic links")
def test_a_link_is_in_the_share_of_no_machine_that_does_not_have_its_file(mllint, write, tmp_path):
    write({f"src/{number}.py": "" for number in range(8)})
    for number in range(8):
        (tmp_path / f"{number}.py").symlink_to(f"src/{number}.py")
    shares = [files(mllint("--show-files", "--shard", f"{number}/2")) for number in (1, 2)]
    assert sorted(shares[0] + shares[1]) == [f"src/{number}.py" for number in range(8)]


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="the file system takes Unicode names only")
def test_a_name_that_is_not_unicode(mllint, tmp_path, flawed):
    (tmp_path / b"\xff.py".decode("utf-8", "surrogateescape")).write_text(flawed)
    run = mllint("--output-format", "concise")
    assert run.exit_code == 1
    assert run.stdout.startswith(r"\udcff.py:8:38")
