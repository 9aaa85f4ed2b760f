"""`mllint test`: rules and knowledge files tested by the programs that are written beside them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from mllint.cli.talk import CLEAN, FAILED, FINDINGS, counted, say_error
from mllint.settings import SettingsFinder

if TYPE_CHECKING:
    from mllint.registry.packages import RegisteredRule
    from mllint.rule_tests.checks import Outcome, Tested

KNOWLEDGE_SUFFIXES: Final = (".yaml", ".yml")
NOTHING: Final = "nothing to test: no plugin is installed, and no settings here name a knowledge file"


@click.command()
@click.argument("what", nargs=-1, metavar="[RULE|PLUGIN|FILE.yaml]…")
@click.option("-q", "--quiet", is_flag=True, help="Print failed tests only.")
@click.pass_context
def test(context: click.Context, /, what: tuple[str, ...], quiet: bool) -> None:
    """Test rules by the programs on their pages, and knowledge files by their cases.

    Without arguments, the installed plugins and the knowledge files of the settings that hold here.
    """
    from mllint.registry import broken_plugins

    knowledge = SettingsFinder().for_directory(Path.cwd()).knowledge
    rules, files = _named(what) if what else (_of_plugins(), list(knowledge))
    tested = list(_tested(rules, files, knowledge))
    for problem in broken_plugins():
        say_error(problem)
    if not tested:
        click.echo(NOTHING, err=True)
    _print(tested, quiet)
    if broken_plugins() or not tested:
        context.exit(FAILED)
    context.exit(FINDINGS if any(outcome.problems for one in tested for outcome in one.outcomes) else CLEAN)


def _of_plugins() -> list[RegisteredRule]:
    from mllint.registry import rules

    return [rule for rule in rules() if rule.distribution is not None]


def _named(what: Iterable[str]) -> tuple[list[RegisteredRule], list[Path]]:
    """The rules and the files that the arguments mean. Raises click.BadParameter."""
    from mllint import registry

    rules: dict[str, RegisteredRule] = {}
    files: list[Path] = []
    for one in what:
        if one.endswith(KNOWLEDGE_SUFFIXES):
            files.append(Path(os.path.abspath(one)))
            continue
        meant = [rule for rule in registry.rules() if _is_from(one, rule)]
        try:
            names = registry.matching(one) if not meant else ()
        except registry.UnknownSelector as error:
            raise click.BadParameter(f"{error}; nor is it a plugin, or a .yaml file") from None
        rules.update((rule.name, rule) for rule in meant or registry.rules() if meant or rule.name in names)
    return list(rules.values()), files


def _is_from(name: str, rule: RegisteredRule) -> bool:
    """Whether the rule comes from a distribution, or a package, of this name."""
    wanted = name.lower().replace("_", "-")
    distribution = (rule.distribution or "").lower().replace("_", "-").rpartition(" ")[0]
    return wanted == distribution or rule.module.startswith(f"{name}.")


def _tested(rules: Iterable[RegisteredRule], files: Iterable[Path], knowledge: Sequence[Path]) -> Iterator[Tested]:
    from mllint.files.discovery import shown_path
    from mllint.rule_tests import checks

    for rule in rules:
        yield checks.check_page(rule, knowledge)
    for file in files:
        yield checks.check_knowledge(file, shown_path(str(file)))


def _print(tested: Sequence[Tested], quiet: bool) -> None:
    """One line for each test, and what is wrong below it."""
    for one in tested:
        shown = [outcome for outcome in one.outcomes if outcome.problems or not quiet]
        if shown:
            click.echo(click.style(one.subject, bold=True))
        for outcome in shown:
            click.echo(f"  {_word(outcome)}  {outcome.title}" + (f": {outcome.skipped}" if outcome.skipped else ""))
            for problem in outcome.problems:
                click.echo("\n".join(f"          {line}" for line in problem.splitlines()))
    outcomes = [outcome for one in tested for outcome in one.outcomes]
    if outcomes:
        click.echo(_summary(outcomes), err=True)


def _word(outcome: Outcome) -> str:
    if outcome.problems:
        return click.style("failed", fg="red")
    return "skipped" if outcome.skipped else click.style("passed", fg="green")


def _summary(outcomes: Sequence[Outcome]) -> str:
    """4 tests: 3 passed, 1 failed."""
    failed = sum(bool(outcome.problems) for outcome in outcomes)
    skipped = sum(bool(outcome.skipped) for outcome in outcomes)
    said = [f"{len(outcomes) - failed - skipped} passed", f"{failed} failed"]
    said += [f"{skipped} skipped"] if skipped else []
    return f"{counted(len(outcomes), 'test')}: {', '.join(said)}"
