"""`mllint server`: speaks with editors."""

from __future__ import annotations

from typing import Any

import click

from mllint.cli.options import CONFIG, IGNORE, ISOLATED, PEDANTIC, SELECT
from mllint.cli.talk import FAILED


@click.command()
@click.option("--stdio", is_flag=True, help="Speak on standard input and output; this is what happens anyway.")
@click.option("--tcp", metavar="HOST:PORT", help="Wait for one editor at this address instead.")
@SELECT
@IGNORE
@PEDANTIC
@CONFIG
@ISOLATED
@click.pass_context
def server(context: click.Context, /, stdio: bool, tcp: str | None, **options: Any) -> None:
    """Tell an editor what is wrong while it is being written (Language Server Protocol).

    Options hold for all documents, and before configuration files. Editors start this command.
    """
    try:
        import pygls  # noqa: F401
    except ImportError:
        click.echo('mllint server needs pygls: pip install "mllint-keras[lsp]"', err=True)
        context.exit(FAILED)
    context.exit(_serve(tcp, options))


def _serve(tcp: str | None, options: dict[str, Any]) -> int:
    from mllint.server.options import Options
    from mllint.server.server import create

    given = Options(select=options["select"], ignore=options["ignore"], isolated=options["isolated"])
    speaker = create(given)
    if tcp is None:
        speaker.start_io()
    else:
        host, _, port = tcp.rpartition(":")
        speaker.start_tcp(host, int(port))
    return speaker.exit_code
