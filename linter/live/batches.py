"""One batch of data: from a .npz file, from the user's own function, or made up for a model whose inputs are known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from mllint.live import user_code
from mllint.live.refusals import Refused

ASSUMED_SIZE: Final = 32
"""Size of an axis of made-up input that the model leaves open: pictures and sequences of any size."""
SEED: Final = 0


@dataclass(frozen=True, slots=True)
class Batch:
    """`x` and `y` are arrays, or structures of arrays as the model takes them; `y` is None without labels."""

    x: Any
    y: Any | None
    origin: str
    """Where they come from, as a message names it."""


def load_batch(data: str, rows: int) -> Batch:
    """Some rows of what `data` names. Raises Refused for what is no batch."""
    if user_code.is_named(data):
        return _from_function(data, rows)
    return _from_file(data, rows)


def made_up(model: Any, rows: int) -> Iterable[Batch]:
    """Input that fits the model's inputs, most natural first: normal numbers, then class numbers 0 and 1.

    Raises Refused where the model does not tell its inputs.
    """
    import numpy as np

    inputs = getattr(model, "inputs", None)
    if not inputs:
        raise Refused("the model does not tell the shape of its inputs: --data gives it a batch")
    shapes = [tuple(ASSUMED_SIZE if size is None else int(size) for size in tuple(one.shape)[1:]) for one in inputs]
    random = np.random.default_rng(SEED)
    fills: tuple[Callable[[tuple[int, ...]], Any], ...] = (
        lambda shape: random.standard_normal(shape).astype(np.float32),
        lambda shape: random.integers(0, 2, shape).astype(np.int32),
    )
    for fill in fills:
        arrays = [fill((rows, *shape)) for shape in shapes]
        yield Batch(arrays[0] if len(arrays) == 1 else _structured(model, arrays), None, "made-up input")


def _structured(model: Any, arrays: list[Any]) -> Any:
    given = getattr(model, "_inputs_struct", None) or getattr(model, "_nested_inputs", None)
    return dict(zip(sorted(given), arrays, strict=True)) if isinstance(given, Mapping) else arrays


def _from_file(path: str, rows: int) -> Batch:
    import zipfile

    import numpy as np

    try:
        loaded = np.load(path, allow_pickle=False)
        if isinstance(loaded, np.ndarray):
            raise Refused(f"{path} holds one array without a name: a .npz file with x and y is needed")
        with loaded as archive:
            named = {name: archive[name] for name in archive.files}
    except FileNotFoundError:
        raise Refused(f"{path}: no such file") from None
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise Refused(f"{path} cannot be read as arrays: {error}") from None
    x, y = _named(named, "x"), _named(named, "y")
    if x is None:
        raise Refused(f"{path} holds {', '.join(named) or 'nothing'}; the input is to be named x, or x_NAME each")
    return Batch(sample(x, rows), sample(y, rows) if y is not None else None, path)


def _named(arrays: Mapping[str, Any], name: str) -> Any | None:
    """The array `x`, or `x_train` of a data set, or the arrays `x_…` by the names of inputs or outputs."""
    several = {key.removeprefix(f"{name}_"): value for key, value in arrays.items() if key.startswith(f"{name}_")}
    return arrays.get(name, several.get("train", several or None))


def _from_function(name: str, rows: int) -> Batch:
    made = user_code.load(name)
    if callable(made) and not hasattr(made, "__iter__"):
        made = made()
    element = made if _is_batch(made) else _first_element(made, name)
    if not _is_batch(element):
        raise Refused(f"{name} gives {type(element).__name__}; (x, y) is needed, or a dataset of such batches")
    x, y = (element[0], element[1]) if len(element) > 1 else (element[0], None)
    return Batch(sample(arrays(x), rows), sample(arrays(y), rows) if y is not None else None, name)


def _is_batch(value: Any) -> bool:
    """(x,), (x, y) or (x, y, weights)."""
    return isinstance(value, tuple) and 1 <= len(value) <= 3


def _first_element(dataset: Any, name: str) -> Any:
    try:
        return next(iter(dataset))
    except TypeError:
        raise Refused(f"{name} gives {type(dataset).__name__}, which is no dataset") from None
    except StopIteration:
        raise Refused(f"{name} gives an empty dataset") from None


def arrays(structure: Any) -> Any:
    """Tensors and frames as arrays; the structure around them stays."""
    import numpy as np

    if isinstance(structure, Mapping):
        return {key: arrays(value) for key, value in structure.items()}
    if isinstance(structure, tuple) or (isinstance(structure, list) and structure and hasattr(structure[0], "shape")):
        return [arrays(value) for value in structure]
    if hasattr(structure, "detach"):
        structure = structure.detach().cpu()
    return np.asarray(structure)


def sample(structure: Any, rows: int) -> Any:
    """At most that many rows of every array, evenly spaced: data may be sorted by class."""
    if isinstance(structure, Mapping):
        return {key: sample(value, rows) for key, value in structure.items()}
    if isinstance(structure, list):
        return [sample(value, rows) for value in structure]
    count = len(structure)
    return structure if count <= rows else structure[[number * count // rows for number in range(rows)]]
