"""The words that what matters is written with: losses, layers, activations, as the knowledge tables have them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from mllint.rules import knowledge


@lru_cache(maxsize=1)
def losses() -> frozenset[str]:
    return _last_parts(knowledge.losses().symbols())


@lru_cache(maxsize=1)
def ends_of_losses() -> frozenset[str]:
    """What a name that is put together may end with, in lower case: five letters at least, or all of it."""
    return frozenset(word[start:].lower() for word in losses() for start in range(max(len(word) - 4, 1)))


@lru_cache(maxsize=1)
def activations() -> frozenset[str]:
    return _last_parts(knowledge.activations().symbols())


def _last_parts(symbols: Iterable[str]) -> frozenset[str]:
    return frozenset(symbol.rpartition(".")[2] for symbol in symbols)


@lru_cache(maxsize=1)
def activated_layers() -> Mapping[str, frozenset[int]]:
    """The layers with an activation, with the places at which it may be given."""
    found: dict[str, set[int]] = {}
    for symbol in knowledge.layers().symbols():
        row = knowledge.layers().symbol(symbol)
        if row is not None and row.activation is not None:
            places = found.setdefault(symbol.rpartition(".")[2], set())
            for signature in (row.signature, row.signature_keras2):
                if signature is not None and row.activation in signature.parameters:
                    places.add(signature.parameters.index(row.activation))
    return {name: frozenset(places) for name, places in found.items()}


@lru_cache(maxsize=1)
def activated_layer_words() -> frozenset[str]:
    return frozenset(activated_layers()) | with_dot(frozenset(activated_layers()))


@lru_cache(maxsize=8)
def with_dot(words: frozenset[str]) -> frozenset[str]:
    """The words as attributes."""
    return frozenset(f".{word}" for word in words)


def _split(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _in_both_forms(words: str) -> frozenset[str]:
    return _split(words) | with_dot(_split(words))


TENSORS: Final = (
    _in_both_forms(
        "layers models applications Layer Model Sequential Functional Module Input InputLayer placeholder "
        "load_model model_from_json model_from_yaml model_from_config from_pretrained from_preset activations"
    )
    | frozenset(("Dense", "Activation", "Dropout", "Flatten", "Conv2D", "LSTM"))  # a snippet need not import these
    | with_dot(_split("input inputs output outputs predict predict_on_batch predict_proba predict_generator"))
)
BY_NAME: Final = _in_both_forms("getattr setattr vars __dict__")
MODULES: Final = _in_both_forms("modules import_module globals exec")
"""How a file may reach for itself: what is set there has no name before it elsewhere."""
OTHER_LIBRARIES: Final = frozenset(("numpy", "torch", "jax", "math", "os", "operator"))
"""Libraries without losses of Keras."""
FORMATS: Final = _in_both_forms("json yaml")
FILES: Final = _in_both_forms(
    "open load loads safe_load full_load copy copy2 copyfile copy_into move move_into rename replace remove unlink "
    "write_text write_bytes touch symlink_to hardlink_to"
)
"""What files are read and written with."""
AFTERWARDS: Final = ("train_step", "compute_loss")
"""Methods of models that are looked at after all has run."""
