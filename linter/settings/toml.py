"""TOML read, with the place of a mistake, and written."""

from __future__ import annotations

import json
import re
import sys
from typing import Any

from mllint.settings.mistakes import SettingsError


def parse_toml(raw: bytes, source: str) -> dict[str, Any]:
    """Parses TOML. Raises SettingsError with the line and column of a mistake."""
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        return tomllib.loads(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise SettingsError(source, "not valid UTF-8", line) from None
    except tomllib.TOMLDecodeError as error:
        message, line, column = _toml_mistake(str(error), raw)
        raise SettingsError(source, f"not valid TOML: {message}", line, column) from None


def _toml_mistake(text: str, raw: bytes) -> tuple[str, int, int]:
    found = re.fullmatch(r"(.*) \(at line (\d+), column (\d+)\)", text, re.DOTALL)
    message = found[1] if found else text.partition(" (at ")[0]
    message = message[:1].lower() + message[1:]
    if found:
        return message, int(found[2]), int(found[3])
    lines = raw.decode("utf-8").splitlines() or [""]
    return message, len(lines), len(lines[-1]) + 1


def written(value: object) -> str:
    """A string, boolean, list or table as a TOML value on one line."""
    if not isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")  # the one that JSON leaves as it is
    items = ", ".join(f"{written(key)} = {written(said)}" for key, said in value.items())
    return f"{{ {items} }}" if items else "{}"
