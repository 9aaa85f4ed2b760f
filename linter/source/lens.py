"""The source lens: a document in, training setups out."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider

from mllint.facts import Place, Task, TrainingSetup
from mllint.findings import Location, Mark
from mllint.lens import Note, Reading
from mllint.source.program.interpreter import Exhausted, Interpreter
from mllint.source.program.observer import Observer, Passed
from mllint.source.reading.setups import TooManyBranches, custom_training, only_predicts, setups
from mllint.source.text.document import Document


class SourceLens:
    """Looks at one document.

    The constructor raises UnreadableSource where LibCST cannot parse the text.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        try:
            self._module = cst.parse_module(document.text)
        except cst.ParserSyntaxError as error:
            raise document.unparsable(error) from error

    @property
    def module(self) -> cst.Module:
        """The syntax tree whose nodes anchor the places of the facts."""
        return self._module

    def span(self, node: cst.CSTNode) -> tuple[int, int]:
        """Where a node of the module lies in the document's text: start and end (half-open) in code points, without the
        whitespace and comments around it. Raises KeyError for a node of another tree."""
        place = self._positions[node]
        start = self.document.offset(place.start.line, place.start.column)
        return start, self.document.offset(place.end.line, place.end.column)

    def read(self, task: Task | None = None) -> Reading:
        """Interpret the module; what could not be followed is in the notes. `task` is believed where no label and no
        comment says more."""
        path = self.document.path
        run = Interpreter(self._module)
        found: list[TrainingSetup] = []
        notes: list[Note] = []
        try:
            run.run_module()
        except Exhausted:
            notes.append(Note(Place(path, self._module), "the program is too long to follow to its end"))
        for site in run.sites:
            reason = custom_training(run, site)
            if reason is not None:
                notes.append(Note(Place(path, site.node), reason))
                continue
            try:
                for setup in setups(run, site, path, task):
                    if only_predicts(run, site, setup):
                        notes.append(Note(Place(path, site.node), "the model only predicts here: nothing trains it"))
                    else:
                        found.append(setup)
            except TooManyBranches:
                notes.append(Note(Place(path, site.node), "it depends on too many conditions of the program"))
        return Reading(tuple(found), tuple(notes))

    def locate(self, mark: Mark) -> Location:
        """Lines and columns of a mark; positions are computed when the first one is asked for."""
        span = self._positions.get(mark.place.anchor)
        if span is None:
            span = CodeRange((1, 0), (1, 0))
        start = self.document.position(span.start.line, span.start.column)
        end = self.document.position(span.end.line, span.end.column)
        return Location(
            role=mark.role,
            path=mark.place.path,
            line=start.line,
            column=start.column,
            end_line=end.line,
            end_column=end.column,
            message=mark.message,
            cell=start.cell,
        )

    @cached_property
    def passed(self) -> tuple[Passed, ...]:
        """What the program passes to code that is not its own, call by call; it is run once more for this."""
        run = Observer(self._module)
        with suppress(Exhausted):
            run.run_module()
        return tuple(run.passed)

    @cached_property
    def _positions(self) -> Mapping[cst.CSTNode, CodeRange]:
        wrapper = MetadataWrapper(self._module, unsafe_skip_copy=True)
        return wrapper.resolve(PositionProvider)
