"""Mutations that keep a file's outer form, so that what lies behind the parser is reached too."""

from __future__ import annotations

import io
import json
import random
import zipfile
from collections.abc import Callable, Sequence
from typing import Any, Final

from tests.fuzz.mutation import mutated

ODD: Final[Sequence[Any]] = (
    None, True, -1, 0, 1, 2**63, 1e308, float("nan"), "", "softmax", "sigmoid", "é😀", "\ud800", "a\nb", [], {}, [[]],
    [None], {"class_name": "Dense"}, {"class_name": "Lambda", "config": {}}, "categorical_crossentropy", [["d", 0, 0]],
)  # fmt: skip

Mutator = Callable[[bytes, random.Random], bytes]


def script(data: bytes, donors: Sequence[str], chance: random.Random) -> bytes:
    text = data.decode("utf-8", "replace")
    return mutated(text, chance.choice(donors), chance).encode("utf-8", "surrogatepass")


def notebook(data: bytes, donors: Sequence[str], chance: random.Random) -> bytes:
    """One code cell's program is changed, or the JSON around."""
    try:
        document = json.loads(data)
        cells = [cell for cell in document["cells"] if cell.get("cell_type") == "code"]
        if not cells or chance.random() < 0.2:
            return json.dumps(_json(document, chance)).encode("utf-8", "surrogatepass")
        cell = chance.choice(cells)
        text = mutated("".join(cell["source"]), chance.choice(donors), chance)
        cell["source"] = text if chance.random() < 0.3 else text.splitlines(keepends=True)
        return json.dumps(document, indent=chance.choice((None, 1))).encode("utf-8", "surrogatepass")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return data


def project(data: bytes, donors: Sequence[str], chance: random.Random) -> bytes:
    """One of the files is changed, or goes, or goes by the name of another."""
    try:
        files = json.loads(data)
        name = chance.choice(sorted(files))
        change = chance.random()
        if change < 0.8:
            files[name] = mutated(files[name], chance.choice([*donors, *files.values()]), chance)
        elif change < 0.9:
            files[chance.choice(sorted(files))] = files.pop(name)
        else:
            files[chance.choice(("utils.py", "keras.py", "numpy/__init__.py", f"sub/{name}"))] = files[name]
    except (ValueError, AttributeError, IndexError, RecursionError):
        return data
    return json.dumps(files).encode()


def keras_archive(data: bytes, chance: random.Random) -> bytes:
    """One value of the configuration is changed."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        name = chance.choice([name for name in members if name.endswith(".json")])
        members[name] = json.dumps(_json(json.loads(members[name]), chance)).encode("utf-8", "surrogatepass")
    except (ValueError, KeyError, IndexError, NotImplementedError, EOFError, zipfile.BadZipFile, RecursionError):
        return data
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return written.getvalue()


def _json(value: Any, chance: random.Random) -> Any:
    """The same with one part replaced, dropped, doubled, or put in place of another."""
    places = list(_places(value))
    if not places:
        return chance.choice(ODD)
    holder, key = chance.choice(places)
    change = chance.randrange(5)
    if change == 0:
        del holder[key]
    elif change == 1 and isinstance(holder, list):
        holder.insert(key, holder[key])
    elif change == 2:
        other, there = chance.choice(places)
        holder[key] = json.loads(json.dumps(other[there]))
    elif change == 3 and isinstance(holder, dict):
        holder[str(chance.choice(ODD))] = holder.pop(key)
    else:
        holder[key] = chance.choice(ODD)
    return value


def _places(value: Any) -> Any:
    pending = [value]
    while pending:
        holder = pending.pop()
        keys = list(holder) if isinstance(holder, dict) else range(len(holder)) if isinstance(holder, list) else ()
        for key in keys:
            yield holder, key
            pending.append(holder[key])
