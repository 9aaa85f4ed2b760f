"""The source lens: a document in, training setups out."""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property

import libcst as cst
from libcst.metadata import CodeRange

from mllint.facts import Task, TrainingSetup
from mllint.findings import Location, Mark
from mllint.lens import Note, Reading
from mllint.source.data.file import DataFile
from mllint.source.modules import Modules, NoModules
from mllint.source.parsing.parsed import ParsedFile, Parser, parsed_exactly
from mllint.source.program.files import doubts
from mllint.source.program.interpreter import Exhausted, Interpreter
from mllint.source.program.observer import Observer, Passed
from mllint.source.program.sites import Site
from mllint.source.reading.setups import TooManyBranches, custom_training, only_predicts, place_of, setups
from mllint.source.text.document import Document, UnreadableSource


class SourceLens:
    """Looks at one document, and from it at the other files of its program.

    The constructor raises UnreadableSource where the text cannot be parsed. What was parsed exactly may be rewritten.
    """

    def __init__(self, document: Document, modules: Modules | None = None, parser: Parser = parsed_exactly) -> None:
        self.document = document
        self._file = parser(document)
        self._modules = modules if modules is not None else NoModules()
        self._refused: frozenset[str] = frozenset()
        """The paths of data files that count as unknown."""
        self._files: dict[str, ParsedFile | DataFile] = {document.path: self._file}

    @property
    def module(self) -> cst.Module:
        """The syntax tree of the document; its nodes, and those of the files it imports, anchor the places of facts."""
        return self._file.tree

    def span(self, node: cst.CSTNode) -> tuple[int, int]:
        """Where a node of the document lies in its text: start and end (half-open) in code points, without the
        whitespace and comments around it. Raises KeyError for a node of another file."""
        return _span(self._file, node)

    def stretch(self, node: cst.CSTNode) -> tuple[str, int, int]:
        """The same for a node of any file that was read, with the file's path before it. Raises KeyError for what
        nobody wrote."""
        file = next((file for file in self._files.values() if file.holds(node)), self._file)
        return file.path, *_span(file, node)

    def other_documents(self) -> tuple[Document, ...]:
        """The other files of the program that were read."""
        return tuple(file.document for file in self._files.values() if file is not self._file)

    def read(self, task: Task | None = None) -> Reading:
        """Interpret the module; what could not be followed is in the notes. `task` is believed where no label and no
        comment says more."""
        run = Interpreter(self._file, self._modules, self._refused)
        found: list[TrainingSetup] = []
        notes: list[Note] = []
        try:
            run.run_module()
        except (Exhausted, RecursionError, UnreadableSource) as error:
            if len([*run.units.files(), *run.data.files()]) > 1:  # the file alone may be short, flat and readable
                self._modules = NoModules()
                return self.read(task)
            if not isinstance(error, Exhausted):
                raise
            notes.append(Note(place_of(run, self.module), "the program is too long to follow to its end"))
        doubtful = doubts.doubtful(run)
        if doubtful:
            self._refused |= doubtful
            return self.read(task)
        self._files = {file.path: file for file in run.units.files()}
        self._files.update((file.path, file) for file in run.data.files())
        for site in run.sites:
            if not _is_own(run, site):
                continue
            reason = custom_training(run, site)
            if reason is not None:
                notes.append(Note(place_of(run, site.node), reason))
                continue
            try:
                for setup in setups(run, site, self.document.path, task):
                    if only_predicts(run, site, setup):
                        notes.append(Note(place_of(run, site.node), "the model only predicts here: nothing trains it"))
                    else:
                        found.append(setup)
            except TooManyBranches:
                notes.append(Note(place_of(run, site.node), "it depends on too many conditions of the program"))
        run.dissolve()
        return Reading(tuple(found), tuple(notes))

    def locate(self, mark: Mark) -> Location:
        """Lines and columns of a mark; positions are computed when the first one is asked for."""
        file = self._files.get(mark.place.path, self._file)
        span = file.positions.get(mark.place.anchor)
        if span is None:
            span = CodeRange((1, 0), (1, 0))
        start = file.document.position(span.start.line, span.start.column)
        end = file.document.position(span.end.line, span.end.column)
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
        run = Observer(self._file, self._modules, self._refused)
        with suppress(Exhausted):
            run.run_module()
        return tuple(run.passed)


def _span(file: ParsedFile | DataFile, node: cst.CSTNode) -> tuple[int, int]:
    place = file.positions[node]
    start = file.document.offset(place.start.line, place.start.column)
    return start, file.document.offset(place.end.line, place.end.column)


def _is_own(run: Interpreter, site: Site) -> bool:
    """Whether this file trains the model: what another file does by itself is judged with that file."""
    if not site.is_imported:
        return True
    return any(not fit.is_imported for fit in run.fits.get(getattr(site.model, "reference", 0), ()))
