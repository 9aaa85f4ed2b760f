"""Which outputs of which training setups a request means."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mllint.conversion.request import NotConverted, Request
from mllint.facts import Output, Place, TrainingSetup
from mllint.findings import Location, Mark
from mllint.fixes.version import Version


@dataclass(frozen=True)
class Target:
    """One output to convert; `setup` and `output` are numbers in the reading, which are the same in a changed copy."""

    setup: int
    output: int

    def of(self, version: Version) -> tuple[TrainingSetup, Output]:
        setup = version.insight.reading.setups[self.setup]
        return setup, setup.outputs[self.output]


def targets(request: Request, version: Version) -> tuple[Target, ...]:
    """At least one. Raises NotConverted."""
    insight = version.examination.insight
    if insight is None or not (insight.reading.setups or insight.reading.notes):
        raise NotConverted("no training setup found")
    sites = _nearest(request, version) if request.line is not None else list(_sites(version))
    if not sites:
        raise NotConverted("no training setup found")
    meant = [site for site in sites if site.target is not None]
    if not meant:
        raise NotConverted(sites[0].reason, sites[0].location)
    named = _named(request, meant, version)
    return tuple(dict.fromkeys(site.target for site in named if site.target is not None))


# ---------------------------------------------------------------- what stands where


@dataclass(frozen=True)
class _Site:
    """A place by which users may name an output, or a training site that was not understood."""

    location: Location
    target: Target | None
    reason: str = ""
    """Why there is no target."""


def _sites(version: Version) -> Iterator[_Site]:
    """The calls of this file that bring each model together, and their losses and heads."""
    reading = version.insight.reading
    for number, setup in enumerate(reading.setups):
        if setup.place.path != version.path:
            continue
        for index, output in enumerate(setup.outputs):
            activation = output.head.stages[-1].place if output.head.stages else None
            for place in (setup.place, output.loss.place, output.head.place, activation):
                if place is not None and place.path == version.path:
                    yield _Site(_location(place, version), Target(number, index))
    for note in (one for one in reading.notes if one.place.path == version.path):
        yield _Site(_location(note.place, version), None, note.reason)


def _location(place: Place, version: Version) -> Location:
    return version.insight.lens.locate(Mark("evidence", place, ""))


def _nearest(request: Request, version: Version) -> list[_Site]:
    """The sites at the location that is nearest to the line; the smallest that holds it, the earlier of two."""
    assert request.line is not None
    line = request.line
    sites = [site for site in _sites(version) if site.location.cell == request.cell]
    if version.document.is_notebook and request.cell is None:
        raise NotConverted(f"in a notebook the line needs its cell, as in {version.path}:cell 3:{line}")
    if not sites:
        where = f" in cell {request.cell}" if request.cell is not None else ""
        raise NotConverted(f"no training setup found{where}")

    def rank(site: _Site) -> tuple[int, int, int]:
        at = site.location
        away = max(at.line - line, line - at.end_line, 0)
        return away, at.end_line - at.line, at.line

    best = min(map(rank, sites))
    return [site for site in sites if rank(site) == best]


# ---------------------------------------------------------------- models with several outputs


def _named(request: Request, sites: Sequence[_Site], version: Version) -> list[_Site]:
    """The sites of one output for each model. Raises NotConverted where it is not said which."""
    if request.output is not None:
        chosen = [site for site in sites if _name(site, version) == request.output]
        if not chosen:
            known = sorted({name for site in sites if (name := _name(site, version)) is not None})
            has = f"; there are {', '.join(known)}" if known else ", the models have one output each"
            raise NotConverted(f"no output is called {request.output}{has}", sites[0].location)
        return chosen
    meant: dict[int, set[int]] = {}
    for site in sites:
        if site.target is not None:
            meant.setdefault(site.target.setup, set()).add(site.target.output)
    for setup, outputs in meant.items():
        if len(outputs) > 1:
            names = [one.name or "?" for one in version.insight.reading.setups[setup].outputs]
            place = version.insight.reading.setups[setup].place
            raise NotConverted(
                f"the model has several outputs ({', '.join(names)}): name one with --output, or the line of its head",
                _location(place, version),
            )
    return list(sites)


def _name(site: _Site, version: Version) -> str | None:
    return site.target.of(version)[1].name if site.target is not None else None
