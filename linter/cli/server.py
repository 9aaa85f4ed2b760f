"""`mllint server`: speaks with an editor."""

from __future__ import annotations

import signal
from typing import NamedTuple

import click

from mllint.cli.talk import FAILED


class Address(NamedTuple):
    host: str
    port: int


def _address(context: click.Context, parameter: click.Parameter, value: str | None) -> Address | None:
    if value is None:
        return None
    host, _, port = value.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65535:
        raise click.BadParameter("expected HOST:PORT, as in 127.0.0.1:8765")
    return Address(host.strip("[]"), int(port))


@click.command()
@click.option("--stdio", is_flag=True, help="Speak on standard input and output, as without this option.")
@click.option("--tcp", metavar="HOST:PORT", callback=_address, help="Wait for one editor at this address instead.")
@click.pass_context
def server(context: click.Context, /, stdio: bool, tcp: Address | None) -> None:
    """Tell an editor what is wrong while a program is written (Language Server Protocol).

    Editors start this command, and tell it their settings.
    """
    if stdio and tcp:
        raise click.UsageError("--stdio and --tcp exclude each other")
    if not _has_protocol():
        click.echo('mllint server needs pygls 2: pip install "mllint-keras[lsp]"', err=True)
        context.exit(FAILED)
    context.exit(_serve(tcp))


def _has_protocol() -> bool:
    try:
        import pygls.lsp.server  # noqa: F401
    except ImportError:
        return False
    return True


def _serve(tcp: Address | None) -> int:
    from mllint.server.server import create

    signal.signal(signal.SIGINT, signal.SIG_DFL)  # reading standard input would go on
    speaker = create()
    if tcp is None:
        speaker.start_io()
        return speaker.exit_code
    try:
        speaker.start_tcp(*tcp)
    except OSError as error:
        click.echo(f"cannot listen at {tcp.host}:{tcp.port}: {error.strerror or error}", err=True)
        return FAILED
    return speaker.exit_code
