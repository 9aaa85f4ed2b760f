"""Who may import whom: lenses → facts ← rules; engine → lenses and rules; nothing imports the command."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import mllint
import mllint.rules

LINTER = Path(mllint.__file__).parent
RULES = Path(mllint.rules.__path__[0])
MODULES = {
    **{".".join(("mllint", *path.relative_to(LINTER).with_suffix("").parts)): path for path in LINTER.rglob("*.py")},
    **{
        ".".join(("mllint.rules", *path.relative_to(RULES).with_suffix("").parts)): path for path in RULES.rglob("*.py")
    },
}
CONTRACT = ("mllint.facts", "mllint.measured", "mllint.findings", "mllint.repairs")
GROUND = ("mllint.files.regular_files", "mllint.processes.safe_path")
"""About files and processes: anybody may import them, and they import nothing of mllint."""
LENSES = ("mllint.source", "mllint.archive", "mllint.live")
HEAVY = ("tensorflow", "keras", "numpy")


def imports(module: str) -> Iterator[str]:
    """Every module that one imports anywhere, with what it takes from it."""
    for node in ast.walk(ast.parse(MODULES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def below(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def own_imports(module: str) -> list[str]:
    return [name for name in imports(module) if below(name, "mllint")]


def modules(*packages: str) -> list[str]:
    found = [module for module in sorted(MODULES) if below(module, *packages)]
    assert found
    return found


@pytest.mark.parametrize("module", CONTRACT)
def test_the_contract_imports_nothing_else(module):
    assert all(below(name, *CONTRACT) for name in own_imports(module))


@pytest.mark.parametrize("module", GROUND)
def test_the_ground_imports_nothing_of_mllint(module):
    assert not own_imports(module)


@pytest.mark.parametrize("module", modules("mllint.rules"))
def test_rules_see_facts_findings_and_knowledge_only(module):
    assert all(below(name, *CONTRACT, "mllint.rules") for name in own_imports(module))
    assert not any(below(name, "libcst", *HEAVY) for name in imports(module))


@pytest.mark.parametrize("module", modules(*LENSES))
def test_a_lens_knows_no_rule_and_no_engine(module):
    """The live lens reads the configuration of a model as the archive lens reads that of a saved one."""
    others = ("mllint.archive",) if below(module, "mllint.live") else ()
    own = ".".join(module.split(".")[:2])
    allowed = (*CONTRACT, *GROUND, *others, "mllint.lens", "mllint.reading", own, "mllint.rules.knowledge")
    assert all(below(name, *allowed) for name in own_imports(module))


@pytest.mark.parametrize("module", sorted(MODULES))
def test_nothing_imports_the_command_or_a_framework(module):
    if not below(module, "mllint.live"):
        assert not any(below(name, *HEAVY) for name in imports(module))
    if module != "mllint.__main__" and not below(module, "mllint.cli"):
        assert not any(below(name, "mllint.cli") for name in imports(module))
