"""mllint: finds Keras models whose head, loss, labels or metrics do not belong together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mllint.head_check import HeadCheck, HeadMismatch
    from mllint.live_verification import verify_model

__all__ = ["HeadCheck", "HeadMismatch", "__version__", "verify_model"]
__version__ = "0.1.0"

_HOMES = {
    "HeadCheck": "mllint.head_check",
    "HeadMismatch": "mllint.head_check",
    "verify_model": "mllint.live_verification",
}


def __getattr__(name: str) -> Any:
    """What a program uses, imported when it is asked for: the command does without it."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
