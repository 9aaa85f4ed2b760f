"""Facts go to the parent as JSON, and nothing but facts comes back."""

from __future__ import annotations

import json

import pytest

from mllint.archive.parts import Part
from mllint.facts import Head, Known, Place, Stage, Unknown
from mllint.lens import Note, Reading
from mllint.live import wire
from mllint.live.request import Request
from mllint.measured import Gradients, Measured

PLACE = Place("model.keras", Part("layer", "dense"))


@pytest.mark.parametrize(
    "value",
    [
        Known(3, PLACE),
        Unknown("it is not seen"),
        Head(Known("softmax"), Known(3), Known("float32"), (Stage("scores", "keras.layers.Dense", PLACE),), PLACE),
        Reading((), (Note(PLACE, "no model"),)),
        Measured(raised="boom"),
    ],
)
def test_what_goes_over_the_wire_comes_back(value):
    assert wire.decode(json.loads(json.dumps(wire.encode(value)))) == value


def test_numbers_that_are_none_survive():
    gradients = Gradients(*[float("inf")] * len(Gradients.__dataclass_fields__))
    back = wire.decode(json.loads(json.dumps(wire.encode(gradients))))
    assert back == gradients


@pytest.mark.parametrize(
    "data",
    [{"is": "Popen", "args": ["ls"]}, {"is": "Known", "no_such_field": 1}, {"value": 1}, {"is": ["Known"]}],
)
def test_anything_else_is_refused(data):
    with pytest.raises(wire.NotFacts):
        wire.decode(data)


def test_objects_are_not_sent():
    with pytest.raises(TypeError):
        wire.encode(Known(object()))


def test_a_request_survives_the_way_to_the_worker():
    request = Request("model.keras", labels=((None, "one-hot"), ("b", "binary")), imports=("a.b",), memory_bytes=5)
    assert Request.from_json(request.to_json()) == request
