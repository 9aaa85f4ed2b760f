"""One self-contained page for a browser: the findings, and for measured models the chain of facts and the plots too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mllint.lens import Lens, Reading
from mllint.reports import View
from mllint.reports.html import charts
from mllint.reports.html.page import Page, page_of
from mllint.results import FileReport


def render(reports: Sequence[FileReport], view: View) -> Iterator[str]:
    """What was not judged is always there, whatever the view."""
    yield document(page_of("mllint", reports))


def render_measured(report: FileReport, reading: Reading, lens: Lens) -> str:
    """The page of one model with what is known and what was measured of each output."""
    from mllint.reports.html.chain import setups

    return document(page_of(report.path, [report], setups(reading, lens.locate)))


def document(page: Page) -> str:
    """The page as HTML. Everything that comes from models or code is escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("mllint.reports.html", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    size = {"plot_width": charts.WIDTH, "plot_height": charts.HEIGHT}
    plots = environment.get_template("plots.html.j2", globals=size)
    return environment.get_template("page.html.j2").render(page=page, draw=plots.module.draw)  # type: ignore[attr-defined]
