"""`mllint rule`: the pages of the rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from mllint.cli.completing import rules
from mllint.cli.talk import CLEAN, FAILED, say_error

if TYPE_CHECKING:
    from mllint.registry.packages import RegisteredRule


@click.command()
@click.argument("name", required=False, shell_complete=rules)
@click.option("--all", "show_all", is_flag=True, help="List every rule.")
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text")
@click.pass_context
def rule(context: click.Context, /, name: str | None, show_all: bool, output_format: str) -> None:
    """Explain a rule, by its name or code."""
    from mllint import registry
    from mllint.reports import rules as listing

    if show_all == (name is not None):
        raise click.UsageError("name one rule, or ask for --all")
    try:
        chosen: Sequence[RegisteredRule] = registry.rules() if name is None else (registry.find(name),)
    except registry.UnknownSelector as error:
        raise click.BadParameter(str(error), param_hint="NAME") from None
    for problem in registry.broken_plugins():
        say_error(problem)
    if output_format == "json":
        click.echo(listing.as_json(chosen))
    elif show_all:
        click.echo(listing.as_table(chosen))
    else:
        click.echo(chosen[0].page().strip())
    context.exit(FAILED if registry.broken_plugins() else CLEAN)
