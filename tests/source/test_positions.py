"""Places are those of LibCST's own provider, whichever node is asked for and however the text is laid out."""

from __future__ import annotations

import libcst as cst
import pytest
from libcst.metadata import MetadataWrapper, PositionProvider

from mllint.source.parsing.positions import Positions
from tests.fuzz.seeds import programs

ODD = (
    "\ufeffx = 1\n",
    "x = 1; y = (2,\n  3); z = 4\n\n\n# end\n",
    "@one\n# odd\n@two\nclass A(B):\n    'doc'\n    a = 1; b = 2\n\n    @property\n    def f(self):\n        pass\n",
    "if a:\n\tpass\nelif b:\n\tx\nelse: y\n",
    "# comment\r\nx = [\r\n  1,\r\n]\r\n",
    "def f(): return 1\nasync def g(): pass\nclass A: x = 1\n",
)


@pytest.mark.parametrize("text", [*ODD, *programs()[::8]])
def test_places_are_those_of_libcst(text):
    tree = cst.parse_module(text)
    expected = MetadataWrapper(tree, unsafe_skip_copy=True).resolve(PositionProvider)
    positions = Positions(tree, text)
    nodes = [node for node in expected if not isinstance(node, cst.Module)]
    assert nodes
    for node in nodes:
        found = positions.get(node)
        assert found is None or found == expected[node], node
    statements = [node for node in nodes if isinstance(node, (cst.BaseExpression, cst.BaseSmallStatement))]
    assert all(positions.get(node) is not None for node in statements)
