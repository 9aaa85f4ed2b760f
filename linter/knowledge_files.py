"""The knowledge files that settings name: they hold for the files that the settings govern, and for no others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from mllint.files.regular_files import read_regular
from mllint.settings.mistakes import SettingsError

if TYPE_CHECKING:
    from mllint.rules.knowledge.taught import Text
    from mllint.settings import Settings


@contextmanager
def in_use(settings: Settings) -> Iterator[None]:
    """What is judged here is judged by what the settings' knowledge files teach too, in threads with this context.

    Raises SettingsError where a file was spoilt since the settings were read.
    """
    if not settings.knowledge:
        yield
        return
    from mllint.rules.knowledge import taught

    with _mistakes(), taught.using(_texts(settings.knowledge)):
        yield


def check(files: Sequence[Path]) -> None:
    """Raises SettingsError, located in the knowledge file that is wrong."""
    from mllint.rules.knowledge import taught

    with _mistakes():
        taught.knowledge_in(_texts(files))


def digest(files: Sequence[Path]) -> str:
    """Changes whenever the contents of the files do; the empty string for no files. Raises SettingsError."""
    if not files:
        return ""
    import hashlib

    return hashlib.sha256(repr([raw for _, raw in _texts(files)]).encode()).hexdigest()


def read_cases(file: Path) -> Mapping[str, str]:
    """The programs that a file carries, by their titles. Raises SettingsError."""
    from mllint.rules.knowledge import taught

    with _mistakes():
        return taught.cases(*_texts((file,)))


def _texts(files: Sequence[Path]) -> tuple[Text, ...]:
    """Raises SettingsError."""
    return tuple((str(file), _read(file)) for file in files)


def _read(file: Path) -> bytes:
    try:
        return read_regular(file)
    except OSError as error:
        raise SettingsError(str(file), f"cannot be read: {error.strerror or error}") from None


@contextmanager
def _mistakes() -> Iterator[None]:
    from mllint.rules.knowledge import KnowledgeError

    try:
        yield
    except KnowledgeError as error:
        message = f"{error.row}: {error.message}" if error.row else error.message
        raise SettingsError(error.file, message, error.line) from None
