"""`mllint --interactive`: shows a finding with the ways to repair it, and asks which one is right."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from mllint.cli.talk import say_diff

if TYPE_CHECKING:
    from mllint.findings import Finding
    from mllint.fixes.plan import Offer
    from mllint.repairs import Repair


def check_terminal() -> None:
    """Raises click.UsageError where nobody can be asked."""
    if not sys.stdin.isatty() or not sys.stderr.isatty():
        raise click.UsageError("--interactive asks on a terminal, and this is none; --diff shows what --fix would do")


class Conversation:
    """Asks on stderr about one finding after the other, until the user has had enough."""

    def __init__(self) -> None:
        self.is_over = False

    def choose(self, finding: Finding, offers: Sequence[Offer]) -> Repair | None:
        """The repair that the user wants. Raises Stop when the user quits, and then for every finding."""
        from mllint.fixes.plan import Stop

        if self.is_over:
            raise Stop
        _show(finding, offers)
        answer = _ask(len(offers))
        if answer == "q":
            self.is_over = True
            raise Stop
        return None if answer == "n" else offers[int(answer) - 1].repair


def _show(finding: Finding, offers: Sequence[Offer]) -> None:
    from mllint.reports import concise
    from mllint.reports.style import plain

    click.echo(err=True)
    click.echo(concise.line(finding), err=True)
    for number, offer in enumerate(offers, start=1):
        click.echo(f"\n{number}. {click.style(plain(offer.repair.title), bold=True)} ({offer.applicability})", err=True)
        for line in offer.diff:
            say_diff(line, err=True)


def _ask(count: int) -> str:
    """ "n", "q", or the number of an offer. The end of the input means that the user quits."""
    numbers = [str(number) for number in range(1, count + 1)]
    valid = {"n": "n", "q": "q", **{number: number for number in numbers}, **({"y": "1"} if count == 1 else {})}
    question = "Make this change? [y/n/q] " if count == 1 else f"Which change? [{'/'.join(numbers)}/n/q] "
    while True:
        click.echo(question, nl=False, err=True)
        line = sys.stdin.readline()
        if not line:
            click.echo(err=True)
            return "q"
        answer = valid.get(line.strip().lower())
        if answer is not None:
            return answer
        click.echo(f"Answer {', '.join(sorted(set(valid) - {'q'}))} or q, which quits.", err=True)
