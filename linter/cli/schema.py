"""`mllint schema`: what editors check and complete configuration and knowledge files by."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Final

import click

SCHEMAS: Final[Mapping[str, str]] = {
    "config": "mllint.settings.schema",
    "knowledge": "mllint.rules.knowledge.schema",
}
"""What it describes → the module that makes it."""


@click.command()
@click.argument("what", type=click.Choice(list(SCHEMAS)), default="config")
def schema(what: str) -> None:
    """Print the JSON Schema of mllint.toml and [tool.mllint], or of knowledge files.

    It knows the rules of the plugins that are installed here.
    """
    import json

    click.echo(json.dumps(import_module(SCHEMAS[what]).schema(), indent=2))
