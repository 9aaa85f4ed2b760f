"""What the shell offers while an argument is being typed."""

from __future__ import annotations

from collections.abc import Iterator

import click
from click.shell_completion import CompletionItem


def rules(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Names and codes of rules."""
    return [item for item in _rules() if item.value.startswith(incomplete)]


def selectors(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """What means rules: names, codes, families and all; of several, set apart by commas, the last."""
    before, comma, last = incomplete.rpartition(",")
    offered = [*_families(), *_rules()]
    return [
        CompletionItem(f"{before}{comma}{item.value}", help=item.help)
        for item in offered
        if item.value.startswith(last)
    ]


def files(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    return [CompletionItem(incomplete, type="file")]


def _rules() -> Iterator[CompletionItem]:
    from mllint import registry

    for rule in registry.rules():
        yield CompletionItem(rule.name, help=rule.summary)
        yield CompletionItem(rule.code, help=rule.name)


def _families() -> Iterator[CompletionItem]:
    from mllint import registry

    yield CompletionItem(registry.ALL, help="every rule")
    for family in dict.fromkeys(rule.family for rule in registry.rules()):
        yield CompletionItem(family, help="the rules of this family")
