"""A file of data among the files of a program: findings point into it as into any other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property, lru_cache
from typing import Final, Literal, TypeAlias

import libcst as cst
from libcst.metadata import CodeRange

from mllint.source.data.json_parts import read_json
from mllint.source.data.parts import Part, Unreadable
from mllint.source.data.yaml_parts import read_yaml
from mllint.source.text.document import Document

Format: TypeAlias = Literal["json", "yaml"]

_READERS: Final[Mapping[Format, Callable[[str], Part]]] = {"json": read_json, "yaml": read_yaml}


class DataFile:
    """A document with what is in it."""

    def __init__(self, document: Document, root: Part) -> None:
        self.document = document
        self.root = root

    @property
    def path(self) -> str:
        """As users see it."""
        return self.document.path

    @cached_property
    def positions(self) -> Mapping[cst.CSTNode, CodeRange]:
        """Where the parts lie in the text."""
        return {node: CodeRange(self._place(part.start), self._place(part.end)) for node, part in self._parts.items()}

    def holds(self, node: cst.CSTNode) -> bool:
        """Whether the node stands for a part of this file."""
        return node in self._parts

    @cached_property
    def _parts(self) -> Mapping[cst.CSTNode, Part]:
        return {part.node: part for part in self.root.all()}

    def _place(self, offset: int) -> tuple[int, int]:
        place = self.document.position_of(offset)
        return place.line, place.column - 1


@lru_cache(maxsize=32)
def read_data(document: Document, form: Format) -> DataFile | None:
    """What is in a document of this format; None for what is not of it, or goes too far."""
    try:
        return DataFile(document, _READERS[form](document.text))
    except Unreadable:
        return None
