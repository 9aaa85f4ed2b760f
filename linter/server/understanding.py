"""Asked of a worker: what stands at a place of a document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mllint.findings import Location, Mark
from mllint.server.subject import Here, Subject, findings, understood

if TYPE_CHECKING:
    from mllint.examination import Insight
    from mllint.facts import Place, TrainingSetup


@dataclass(frozen=True, slots=True)
class Explanation:
    """Markdown, and the place that it explains."""

    markdown: str
    place: Location


def explain(subject: Subject, line: int, column: int, cell: int | None) -> Explanation | None:
    """The pages of the rules that find something here; otherwise what was understood of the models that this is of."""
    from mllint import registry

    version = understood(subject)
    if version is None:
        return None
    here = [one for one in findings(version, Here(line, line, cell)) if _covers(one.primary, line, column, cell)]
    if here:
        pages = dict.fromkeys(registry.find(finding.rule).page().strip() for finding in here)
        return Explanation("\n\n---\n\n".join(pages), here[0].primary)
    insight = version.examination.insight
    return _understood(insight, line, column, cell) if insight else None


def _understood(insight: Insight, line: int, column: int, cell: int | None) -> Explanation | None:
    """The setups of the smallest place that covers the position."""
    covering: dict[Location, list[TrainingSetup]] = {}
    for setup in insight.reading.setups:
        for place in dict.fromkeys(_places(setup)):
            at = insight.lens.locate(Mark("evidence", place, ""))
            if _covers(at, line, column, cell):
                covering.setdefault(at, []).append(setup)
    if not covering:
        return None
    smallest = min(covering, key=lambda at: (at.end_line - at.line, at.end_column - at.column))
    texts = dict.fromkeys("\n".join(_facts(setup, insight)) for setup in covering[smallest])
    return Explanation("\n\n".join(texts), smallest)


def _places(setup: TrainingSetup) -> Iterator[Place]:
    from mllint.reports.facts import described

    yield setup.place
    for output in setup.outputs:
        yield from (place for _, _, place in described(output) if place is not None)
        yield from (stage.place for stage in output.head.stages)
    yield from (fit.place for fit in setup.fits)


def _facts(setup: TrainingSetup, insight: Insight) -> Iterator[str]:
    from click import unstyle

    from mllint.reports.facts import described

    trained = insight.lens.locate(Mark("evidence", setup.place, ""))
    yield f"What mllint understood of the model that is trained at line {trained.line}:"
    yield ""
    for output in setup.outputs:
        if output.name is not None:
            yield f"output `{output.name}`"
            yield ""
        for name, text, _ in described(output):
            yield f"- **{name}** {unstyle(text)}"
        yield ""


def _covers(at: Location, line: int, column: int, cell: int | None) -> bool:
    return at.cell == cell and (at.line, at.column) <= (line, column) <= (at.end_line, at.end_column)
