"""Begins a rule: its module, its page and, for a plugin, everything around them. The tests fail until it is filled in.

    python scripts/new_rule.py two-heads-one-loss --family head-loss
    python scripts/new_rule.py smoothed-labels --family losses --plugin ../acme-mllint --prefix ACM

The first adds a rule to mllint. The second makes the distribution acme-mllint, or adds a rule to it if it is there.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from string import Template
from typing import Final

ROOT: Final = Path(__file__).parents[1]
TEMPLATES: Final = Path(__file__).with_name("templates")
RULES: Final = ROOT / "rules"
CODE: Final = re.compile(r'^    code="(?P<letters>[A-Z]{2,})(?P<number>\d+)",$', re.MULTILINE)
NAME: Final = re.compile(r"[a-z]+(-[a-z0-9]+)+")
WORD: Final = re.compile(r"[a-z]+(-[a-z]+)*")
PREFIX: Final = re.compile(r"(?!MLL)[A-Z]{2,}")
HUNDRED: Final = 100


class CannotBegin(Exception):
    """What was asked for cannot be made; `str` says why."""


def main() -> int:
    asked = _arguments()
    try:
        written = list(_own(asked.name, asked.family) if asked.plugin is None else _of_plugin(asked))
    except CannotBegin as reason:
        print(f"new_rule.py: {reason}", file=sys.stderr)
        return 2
    for path in written:
        print(path)
    print("Fill in what says TODO. CONTRIBUTING.md and docs/plugins.md tell how.", file=sys.stderr)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", metavar="NAME", help="what is wrong, in words with hyphens: one-unit-softmax")
    parser.add_argument("--family", required=True, help="head-loss, labels, …; of a plugin any")
    parser.add_argument("--plugin", type=Path, metavar="DIR", help="the directory of the plugin's distribution")
    parser.add_argument("--prefix", help="the letters that the codes of a new plugin begin with")
    return parser.parse_args()


# ---------------------------------------------------------------- mllint's own


def _own(name: str, family: str) -> Iterator[Path]:
    """A rule with the next free code of its family's hundred. Raises CannotBegin."""
    package = RULES / family.replace("-", "_")
    codes = list(_codes(package)) if package.is_dir() else []
    if not codes:
        families = sorted({path.parent.name.replace("_", "-") for path in RULES.glob("*/*.md")})
        raise CannotBegin(f"no family {family!r}: there are {', '.join(families)}")
    hundred = codes[0][1] // HUNDRED * HUNDRED
    taken = {number for _, number in codes}
    number = next(one for one in range(max(taken) + 1, max(taken) + HUNDRED) if one not in taken)
    if number >= hundred + HUNDRED:
        raise CannotBegin(f"the hundred of {family} is full")
    yield from _rule(package, name, f"{codes[0][0]}{number}")


def _codes(package: Path) -> Iterator[tuple[str, int]]:
    """The letters and numbers of the codes in a family, or in all families below."""
    for module in sorted(package.rglob("*.py")):
        for found in CODE.finditer(module.read_text(encoding="utf-8")):
            yield found["letters"], int(found["number"])


# ---------------------------------------------------------------- plugins


def _of_plugin(asked: argparse.Namespace) -> Iterator[Path]:
    """A rule of a plugin, and the plugin where there is none. Raises CannotBegin."""
    directory: Path = asked.plugin.resolve()
    distribution = directory.name
    if not WORD.fullmatch(distribution) or not WORD.fullmatch(asked.family):
        raise CannotBegin("distributions and families are lower-case words with hyphens between them")
    package = directory / distribution.replace("-", "_")
    if not (directory / "pyproject.toml").exists():
        if asked.prefix is None or not PREFIX.fullmatch(asked.prefix):
            raise CannotBegin("--prefix gives two or more capital letters, not MLL, that the codes begin with")
        _check_name(asked.name)
        yield from _plugin(directory, package, distribution)
    codes = list(_codes(package / "rules"))
    letters = asked.prefix or (codes[0][0] if codes else None)
    if letters is None:
        raise CannotBegin("the plugin has no rule yet that tells its --prefix")
    family = package / "rules" / asked.family.replace("-", "_")
    if not family.is_dir():
        yield _written(family / "__init__.py", f'"""Rules on {asked.family}."""\n')
    number = max((number for _, number in codes), default=HUNDRED) + 1
    yield from _rule(family, asked.name, f"{letters}{number}")


def _plugin(directory: Path, package: Path, distribution: str) -> Iterator[Path]:
    names = {"distribution": distribution, "package": package.name}
    yield _written(directory / "pyproject.toml", _filled("plugin.toml", names))
    yield _written(directory / "README.md", _filled("plugin.md", names))
    yield _written(package / "__init__.py", f'"""What {distribution} adds to mllint."""\n')
    about = '"""One package for each family, in it one module and one page for each rule."""\n'
    yield _written(package / "rules" / "__init__.py", about)
    yield _written(directory / "tests" / "test_pages.py", _filled("plugin_tests.py", names))


# ---------------------------------------------------------------- both


def _rule(package: Path, name: str, code: str) -> Iterable[Path]:
    _check_name(name)
    module = package / f"{name.replace('-', '_')}.py"
    if module.exists():
        raise CannotBegin(f"{module} is there already")
    names = {"name": name, "code": code}
    return [
        _written(module, _filled("rule.py", names)),
        _written(module.with_suffix(".md"), _filled("rule.md", names)),
    ]


def _check_name(name: str) -> None:
    if not NAME.fullmatch(name):
        raise CannotBegin(f"{name!r} is no name of a rule: lower-case words, two or more, with hyphens between them")


def _filled(template: str, names: dict[str, str]) -> str:
    return Template((TEMPLATES / f"{template}.txt").read_text(encoding="utf-8")).substitute(names)


def _written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


if __name__ == "__main__":
    sys.exit(main())
