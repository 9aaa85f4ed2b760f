"""What the server knows between messages: the open documents, the options, the workers."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lsprotocol import types
from pygls.uris import from_fs_path, to_fs_path

from mllint.server.documents import Documents, Snapshot
from mllint.server.options import Options
from mllint.server.subject import Subject
from mllint.server.text import Text
from mllint.server.workers import Worker


@dataclass
class Session:
    """One editor's."""

    options: Options = field(default_factory=Options)
    documents: Documents = field(default_factory=Documents)
    folders: Mapping[str, types.WorkspaceFolder] = field(default_factory=dict)
    analyst: Worker = field(default_factory=Worker)
    """Says what is wrong."""
    assistant: Worker = field(default_factory=Worker)
    """Says what can be done about it, and explains: that may take a while, and findings do not wait for it."""

    def snapshot(self, uri: str) -> Snapshot | None:
        """The document that a text belongs to, as it is now."""
        owner = self.documents.owner(uri)
        return self.documents.snapshot(owner) if owner is not None else None

    def is_current(self, snapshot: Snapshot) -> bool:
        return self.documents.number(snapshot.uri) == snapshot.number

    def subject(self, snapshot: Snapshot) -> Subject:
        others = self.documents.sources_besides(snapshot.uri)
        folders = [path for folder in self.folders.values() if (path := to_fs_path(folder.uri))]
        if not snapshot.is_file:
            folder = next(iter(folders), None)
            return Subject(snapshot.path, snapshot.source, folder or os.getcwd(), folder, self.options, others)
        around = [one for one in folders if Path(snapshot.path).is_relative_to(one)]
        folder = max(around, key=len, default=None)
        return Subject(snapshot.path, snapshot.source, os.path.dirname(snapshot.path), folder, self.options, others)

    def text_at(self, path: str) -> tuple[str, Text | None]:
        """The URI of a file, and its text: as the editor has it, otherwise as it was saved."""
        is_open = self.documents.text_at(path)
        if is_open is not None:
            return is_open
        uri = from_fs_path(path) or path
        try:
            content = Path(path).read_bytes().decode("utf-8", errors="replace")
        except OSError:
            return uri, None
        return uri, Text(content, self.documents.codec)
