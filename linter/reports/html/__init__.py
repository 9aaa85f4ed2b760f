"""One self-contained page for a browser: the findings, and for measured models the chain of facts and the plots too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mllint.reports import View
from mllint.reports.html import charts
from mllint.reports.html.chain import setup_view
from mllint.reports.html.page import Page, page_of
from mllint.results import FileReport


def render(reports: Sequence[FileReport], view: View) -> Iterator[str]:
    """What was not judged is always there, whatever the view."""
    title = reports[0].path if len(reports) == 1 else "mllint"
    yield document(page_of(title, reports, [setup_view(setup) for report in reports for setup in report.setups]))


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
