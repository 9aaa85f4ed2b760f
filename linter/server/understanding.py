"""Asked of a worker: what stands at a place of a document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mllint.findings import Finding, Location, Mark
from mllint.server.subject import Subject, among_open_documents, anchor, findings, understood

if TYPE_CHECKING:
    from mllint.facts import Place, TrainingSetup
    from mllint.fixes.version import Version
    from mllint.judging.documents import Insight


@dataclass(frozen=True, slots=True)
class Spot:
    """A line and column, 1-based; in a notebook those of a cell."""

    line: int
    column: int
    cell: int | None = None

    def is_in(self, at: Location, path: str) -> bool:
        starts, ends = (at.line, at.column), (at.end_line, at.end_column)
        return (at.path, at.cell) == (path, self.cell) and starts <= (self.line, self.column) <= ends


@dataclass(frozen=True, slots=True)
class Explanation:
    """Markdown, and the place that it explains."""

    markdown: str
    place: Location


@among_open_documents
def explain(subject: Subject, spot: Spot) -> Explanation | None:
    """The pages of the rules that find something here; otherwise what was understood of the models that this is of."""
    version = understood(subject)
    if version is None:
        return None
    insight = version.examination.insight
    return _pages(version, spot) or (_facts(insight, spot, version.path) if insight else None)


# ---------------------------------------------------------------- findings


def _pages(version: Version, spot: Spot) -> Explanation | None:
    from mllint import registry

    here = list(_found(findings(version), spot, version.path))
    if not here:
        return None
    pages = dict.fromkeys(registry.find(finding.rule).page().strip() for finding, _ in here)
    return Explanation("\n\n---\n\n".join(pages), here[0][1])


def _found(found: Iterable[Finding], spot: Spot, path: str) -> Iterator[tuple[Finding, Location]]:
    for finding in found:
        at = anchor(finding, path)
        if at is not None and spot.is_in(at, path):
            yield finding, at


# ---------------------------------------------------------------- facts


def _facts(insight: Insight, spot: Spot, path: str) -> Explanation | None:
    """The setups that the smallest place around the spot belongs to."""
    around: dict[Location, list[TrainingSetup]] = {}
    for setup in insight.reading.setups:
        for place in dict.fromkeys(_places(setup)):
            at = insight.lens.locate(Mark("evidence", place, ""))
            if spot.is_in(at, path):
                around.setdefault(at, []).append(setup)
    if not around:
        return None
    smallest = min(around, key=lambda at: (at.end_line - at.line, at.end_column - at.column))
    texts = dict.fromkeys("\n".join(_described(setup, insight)) for setup in around[smallest])
    return Explanation("\n\n".join(texts), smallest)


def _places(setup: TrainingSetup) -> Iterator[Place]:
    from mllint.reports.facts import described

    yield setup.place
    for output in setup.outputs:
        yield from (place for _, _, place in described(output) if place is not None)
        yield from (stage.place for stage in output.head.stages)
    yield from (fit.place for fit in setup.fits)


def _described(setup: TrainingSetup, insight: Insight) -> Iterator[str]:
    """One setup as Markdown."""
    from click import unstyle

    from mllint.reports.facts import described

    at = insight.lens.locate(Mark("evidence", setup.place, ""))
    met = "compiled" if setup.via == "compile" else "trained"
    cell = f" of cell {at.cell}" if at.cell is not None else ""
    yield f"**mllint** understood of the model {met} at line {at.line}{cell}:"
    for assumption in setup.assumptions:
        yield f"- {'where' if assumption.holds else 'where not'} `{assumption.condition}`"
    for output in setup.outputs:
        of = f" of output {output.name}" if output.name is not None else ""
        yield from (f"- {name}{of}: {unstyle(text)}" for name, text, _ in described(output))
