"""`mllint completion`: the script by which a shell completes commands, options and names of rules."""

from __future__ import annotations

from typing import Final

import click

SHELLS: Final = ("bash", "zsh", "fish")
VARIABLE: Final = "_MLLINT_COMPLETE"
"""By which the script asks what there is."""


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(context: click.Context, /, shell: str) -> None:
    """Print the script that lets a shell complete what is typed after mllint.

    \b
    bash   eval "$(mllint completion bash)"        in ~/.bashrc
    zsh    eval "$(mllint completion zsh)"         in ~/.zshrc, after compinit
    fish   mllint completion fish | source         in ~/.config/fish/config.fish
    """
    from click.shell_completion import get_completion_class

    script = get_completion_class(shell)
    assert script is not None, "click knows these shells"
    click.echo(script(context.find_root().command, {}, "mllint", VARIABLE).source())
