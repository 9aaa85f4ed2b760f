"""How long it takes from a change in the editor to fresh findings, beside LibCST's bare parser on the same text.

    python benchmarks/editor.py [--lines 500] [--changes 100]

The document is made of the programs on the rules' pages, one after the other. A real client speaks with the real
server; each change alters one line in the middle, and the time ends when the findings of that version are there: what
the server waits for further changes is in it. After each change the text is parsed here. Machines and their load
differ, so the ratio is the figure to keep.
"""

from __future__ import annotations

import asyncio
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import click
import libcst
from lsprotocol import types
from pygls.lsp.client import LanguageClient

from mllint import registry

URI = "file:///train.py"
MIDDLE = "STEPS = {number}\n"


def programs() -> Iterator[str]:
    """Every program on the rules' pages, in the order of the codes."""
    for rule in registry.rules():
        yield from re.findall(r"^```python\n(.*?)^```$", rule.page(), re.MULTILINE | re.DOTALL)


def script(lines: int) -> list[str]:
    """A training script of about as many lines; the one in the middle is there to be changed."""
    written: list[str] = []
    for program in programs():
        if len(written) >= lines:
            break
        if len(written) >= lines // 2 and MIDDLE not in written:
            written.append(MIDDLE)
        written += program.splitlines(keepends=True)
    return written


@dataclass
class Editor:
    """A client that keeps one document."""

    lines: list[str]
    version: int = 0
    client: LanguageClient = field(default_factory=lambda: LanguageClient("benchmark", "1"))
    published: asyncio.Queue[types.PublishDiagnosticsParams] = field(default_factory=asyncio.Queue)

    async def start(self) -> None:
        self.client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(lambda params: self.published.put_nowait(params))
        await self.client.start_io(sys.executable, "-m", "mllint", "server")
        await self.client.initialize_async(types.InitializeParams(types.ClientCapabilities()))
        self.client.initialized(types.InitializedParams())

    async def stop(self) -> None:
        await self.client.shutdown_async(None)
        self.client.exit(None)
        await self.client.stop()

    def text(self) -> str:
        return "".join(self.lines).replace(MIDDLE, MIDDLE.format(number=self.version))

    async def open(self) -> float:
        item = types.TextDocumentItem(URI, "python", self.version, self.text())
        params = types.DidOpenTextDocumentParams(item)
        return await self._until_found(lambda: self.client.text_document_did_open(params))

    async def change(self) -> float:
        """Milliseconds until the findings of the changed document are there."""
        line = self.lines.index(MIDDLE)
        span = types.Range(types.Position(line, 0), types.Position(line + 1, 0))
        self.version += 1
        change = types.TextDocumentContentChangePartial(span, MIDDLE.format(number=self.version))
        identifier = types.VersionedTextDocumentIdentifier(self.version, URI)
        params = types.DidChangeTextDocumentParams(identifier, [change])
        return await self._until_found(lambda: self.client.text_document_did_change(params))

    async def _until_found(self, send: Callable[[], None]) -> float:
        start = time.perf_counter()
        send()
        while (told := await self.published.get()).version != self.version:
            pass
        elapsed = time.perf_counter() - start
        if not any(one.code for one in told.diagnostics):
            raise click.ClickException(f"nothing was found: {[one.message for one in told.diagnostics]}")
        return elapsed * 1000


def parsing(text: str) -> float:
    """Milliseconds that LibCST takes for a text."""
    start = time.perf_counter()
    libcst.parse_module(text)
    return (time.perf_counter() - start) * 1000


async def measure(lines: int, changes: int) -> tuple[list[float], list[float]]:
    editor = Editor(script(lines))
    await editor.start()
    try:
        await editor.open()
        pairs = [(await editor.change(), parsing(editor.text())) for _ in range(changes)]
    finally:
        await editor.stop()
    return [fresh for fresh, _ in pairs], [parsed for _, parsed in pairs]


@click.command(help=__doc__, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--lines", default=500, show_default=True, type=click.IntRange(min=50))
@click.option("--changes", default=100, show_default=True, type=click.IntRange(min=5))
def main(lines: int, changes: int) -> None:
    fresh, parsed = asyncio.run(measure(lines, changes))
    middle, slow = statistics.median(fresh), statistics.quantiles(fresh, n=20)[-1]
    bare = statistics.median(parsed)
    click.echo(
        f"{len(script(lines))} lines, {changes} changes: fresh findings after {middle:.0f} ms (median), {slow:.0f} ms "
        f"(95 of 100); bare parser {bare:.0f} ms, ratio {middle / bare:.1f}"
    )


if __name__ == "__main__":
    main()
