"""Every crash that was found stays mended, and a short look for new ones; `python -m tests.fuzz` looks for hours."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz import seeds, structured
from tests.fuzz.targets import TARGETS

CRASHES = sorted(path for path in Path(__file__).with_name("crashes").iterdir() if path.name != "README.md")
MODELS = seeds.models(".keras")
PROJECTS = seeds.projects()
CELLS = 4

short = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
chances = st.integers(0, 2**32).map(random.Random)


@pytest.mark.parametrize("crash", CRASHES, ids=lambda path: path.name)
def test_what_once_failed_holds(crash):
    TARGETS[crash.name.rpartition("-")[0]](crash.read_bytes())


@pytest.mark.parametrize("target", ["script", "fixed_script"])
@short
@given(program=st.sampled_from(seeds.programs()), chance=chances)
def test_programs_out_of_programs(target, program, chance):
    TARGETS[target](structured.script(program.encode(), seeds.programs(), chance))


@pytest.mark.parametrize("target", ["notebook", "fixed_notebook"])
@short
@given(program=st.sampled_from(seeds.programs()), chance=chances)
def test_notebooks_out_of_programs(target, program, chance):
    TARGETS[target](structured.notebook(seeds.as_notebook(program, CELLS), seeds.programs(), chance))


@short
@given(number=st.integers(0, len(PROJECTS) - 1), chance=chances)
def test_projects_with_one_file_changed(number, chance):
    TARGETS["project"](structured.project(PROJECTS[number], seeds.programs(), chance))


@short
@given(number=st.integers(0, len(MODELS) - 1), chance=chances)
def test_models_with_one_thing_changed(number, chance):
    TARGETS["keras_archive"](structured.keras_archive(MODELS[number], chance))


@pytest.mark.parametrize("target", sorted(TARGETS))
@short
@given(data=st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
def test_anything(target, data):
    TARGETS[target](data)
