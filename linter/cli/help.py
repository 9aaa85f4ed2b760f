"""What `--help` prints of a command with many options: sections, and examples at the end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import click

REST: Final = "Other options"


class Sectioned(click.Command):
    """A command whose options stand in sections. `examples` are lines of a shell, with what they do after a `#`."""

    def __init__(self, *args: Any, sections: Mapping[str, tuple[str, ...]], examples: str, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        self.sections = sections
        self.examples = examples

    def format_options(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        options = {one.name: one for one in self.get_params(context) if isinstance(one, click.Option)}
        for title, names in self.sections.items():
            _write(title, [options.pop(name) for name in names], context, formatter)
        _write(REST, options.values(), context, formatter)

    def format_epilog(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        write_examples(self.examples, formatter)


def write_examples(examples: str, formatter: click.HelpFormatter) -> None:
    """Commands and what they do, in two columns, or below each other where the terminal is narrow."""
    lines = [line.split("  # ") for line in examples.strip().splitlines()]
    with formatter.section("Examples"):
        formatter.write_dl([(command.strip(), what) for command, what in lines], col_max=44)


def _write(title: str, options: Iterable[click.Option], context: click.Context, formatter: click.HelpFormatter) -> None:
    records = [record for one in options if (record := one.get_help_record(context)) is not None]
    with formatter.section(title):
        formatter.write_dl(records)
