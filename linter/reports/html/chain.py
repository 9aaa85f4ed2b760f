"""The chain of facts of each output of a model, with the panels of what was measured."""

from __future__ import annotations

import click

from mllint.facts import Output, Place, TrainingSetup
from mllint.reports import facts
from mllint.reports.html.page import Link, OutputView, SetupView
from mllint.reports.html.panels import panels


def setup_view(setup: TrainingSetup) -> SetupView:
    """Of a saved or live model, whose places name the part of it that they mean."""
    return SetupView(f"What is known of {setup.path}", tuple(_output(output) for output in setup.outputs))


def _output(output: Output) -> OutputView:
    chain = tuple(Link(name, click.unstyle(text), _where(place)) for name, text, place in facts.described(output))
    return OutputView(output.name, chain, tuple(panels(output.measured)) if output.measured is not None else ())


def _where(place: Place | None) -> str:
    return str(place.anchor) if place is not None else ""
