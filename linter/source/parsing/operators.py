"""Operators: LibCST's nodes, made once for all trees, by the kind of Python's."""

from __future__ import annotations

import ast
from typing import Final

import libcst as cst

_BINARY: Final = (
    (ast.Add, cst.Add, cst.AddAssign),
    (ast.Sub, cst.Subtract, cst.SubtractAssign),
    (ast.Mult, cst.Multiply, cst.MultiplyAssign),
    (ast.Div, cst.Divide, cst.DivideAssign),
    (ast.FloorDiv, cst.FloorDivide, cst.FloorDivideAssign),
    (ast.Mod, cst.Modulo, cst.ModuloAssign),
    (ast.Pow, cst.Power, cst.PowerAssign),
    (ast.MatMult, cst.MatrixMultiply, cst.MatrixMultiplyAssign),
    (ast.BitAnd, cst.BitAnd, cst.BitAndAssign),
    (ast.BitOr, cst.BitOr, cst.BitOrAssign),
    (ast.BitXor, cst.BitXor, cst.BitXorAssign),
    (ast.LShift, cst.LeftShift, cst.LeftShiftAssign),
    (ast.RShift, cst.RightShift, cst.RightShiftAssign),
)

BINARY: Final[dict[type[ast.operator], cst.BaseBinaryOp]] = {kind: plain() for kind, plain, _ in _BINARY}
AUGMENTED: Final[dict[type[ast.operator], cst.BaseAugOp]] = {kind: assigning() for kind, _, assigning in _BINARY}
BOOLEAN: Final[dict[type[ast.boolop], cst.BaseBooleanOp]] = {ast.And: cst.And(), ast.Or: cst.Or()}
UNARY: Final[dict[type[ast.unaryop], cst.BaseUnaryOp]] = {
    ast.UAdd: cst.Plus(),
    ast.USub: cst.Minus(),
    ast.Not: cst.Not(),
    ast.Invert: cst.BitInvert(),
}
COMPARING: Final[dict[type[ast.cmpop], cst.BaseCompOp]] = {
    ast.Eq: cst.Equal(),
    ast.NotEq: cst.NotEqual(),
    ast.Lt: cst.LessThan(),
    ast.LtE: cst.LessThanEqual(),
    ast.Gt: cst.GreaterThan(),
    ast.GtE: cst.GreaterThanEqual(),
    ast.Is: cst.Is(),
    ast.IsNot: cst.IsNot(),
    ast.In: cst.In(),
    ast.NotIn: cst.NotIn(),
}
