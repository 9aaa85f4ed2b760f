"""The chain of facts of each output, with the panels of what was measured."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import click

from mllint.facts import Output, Place
from mllint.findings import Location, Mark
from mllint.lens import Reading
from mllint.reports import concise, facts
from mllint.reports.html.page import Link, OutputView, SetupView
from mllint.reports.html.panels import panels

Locate = Callable[[Mark], Location]


def setups(reading: Reading, locate: Locate) -> Iterator[SetupView]:
    for setup in reading.setups:
        yield SetupView(_where(setup.place, locate), tuple(_output(output, locate) for output in setup.outputs))


def _output(output: Output, locate: Locate) -> OutputView:
    chain = tuple(
        Link(name, click.unstyle(text), _where(place, locate) if place is not None else "")
        for name, text, place in facts.described(output)
    )
    return OutputView(output.name, chain, tuple(panels(output.measured)) if output.measured is not None else ())


def _where(place: Place, locate: Locate) -> str:
    return concise.where(locate(Mark("evidence", place, "")))
