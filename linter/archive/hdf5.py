"""The attributes of an HDF5 file's root group: the part of HDF5 in which Keras keeps a model's configuration.

A small reader of its own, for three reasons: h5py parses with a C library, which hostile files must not reach in this
process; it and every pure Python reader bring NumPy, which a hook that only lints should not install; and starting
them takes longer than all the rest. It reads the root group's object header and the values of its attributes, follows
no link, and reads and copies no more than BUDGET bytes. Source: HDF5 File Format Specification 3.0, sections II, IV
and III.E.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Final

from mllint.archive.contents import LARGEST_JSON, UnreadableModel, checked_size

SIGNATURE: Final = b"\x89HDF\r\n\x1a\n"
BUDGET: Final = 3 * LARGEST_JSON
"""Bytes that are read of one file, and copied of what was read."""
MOST_BLOCKS: Final = 1000
"""Blocks of one object header."""
MOST_MESSAGES: Final = 10_000
"""Messages of one object header; attributes are messages."""
LARGEST_BLOCK: Final = LARGEST_JSON + 2**16
FURTHEST_SIGNATURE: Final = 2**30
"""How far into the file the superblock is looked for: it stands at 0, or behind a block of the user's own."""

TOO_MUCH: Final = "the HDF5 file asks for more than any model needs"
DAMAGED: Final = "the HDF5 file is damaged or cut off"

_CONTINUATION, _ATTRIBUTE, _ATTRIBUTE_INFO = 0x10, 0x0C, 0x15
_STRING, _VARIABLE = 3, 9


@dataclass(frozen=True, slots=True)
class _Message:
    kind: int
    flags: int
    body: bytes


def root_attributes(file: IO[bytes]) -> dict[str, bytes]:
    """The attributes of the root group that hold one string, as bytes. Raises UnreadableModel."""
    try:
        return dict(_Reader(file).attributes())
    except (struct.error, IndexError, OverflowError, OSError, ValueError) as error:
        if isinstance(error, UnreadableModel):
            raise
        raise UnreadableModel(DAMAGED) from None


class _Reader:
    """Addresses and lengths are of the sizes that the superblock states; addresses count from its base."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._left = BUDGET
        self._heaps: dict[int, dict[int, bytes]] = {}
        start = self._find_superblock()
        version = self._at(start + 8, 1)[0]
        if version in (0, 1):
            head = self._at(start + 13, 2)
            self._address, self._length = _sizes(head[0], head[1])
            # After the sizes: tree constants and flags, four addresses, the root's symbol table entry.
            fields = start + (24 if version == 0 else 28)
            self._base = self._number(fields, self._address)
            self._root = self._number(fields + 4 * self._address + self._length, self._address)
        elif version in (2, 3):
            head = self._at(start + 9, 2)
            self._address, self._length = _sizes(head[0], head[1])
            self._base = self._number(start + 12, self._address)
            self._root = self._number(start + 12 + 3 * self._address, self._address)
        else:
            raise UnreadableModel(f"it is written in a version of HDF5 that is not known ({version})")

    def attributes(self) -> Iterator[tuple[str, bytes]]:
        for number, message in enumerate(self._messages(self._root)):
            if number > MOST_MESSAGES:
                raise UnreadableModel(TOO_MUCH)
            if message.kind == _ATTRIBUTE:
                found = self._attribute(message)
                if found is not None:
                    yield found
            elif message.kind == _ATTRIBUTE_INFO and self._is_dense(message.body):
                raise UnreadableModel("its attributes are kept in a form of HDF5 that Keras does not write")

    # ---- bytes -----------------------------------------------------------------------------------------------------

    def _find_superblock(self) -> int:
        start = 0
        while start <= FURTHEST_SIGNATURE:
            self._file.seek(start)
            found = self._file.read(len(SIGNATURE))
            if found == SIGNATURE:
                return start
            if len(found) < len(SIGNATURE):
                break
            start = start * 2 or 512
        raise UnreadableModel("it is no HDF5 file")

    def _at(self, position: int, size: int) -> bytes:
        """Exactly `size` bytes."""
        if size < 0:
            raise UnreadableModel(DAMAGED)  # a length of -1 would read the whole file
        if size > LARGEST_BLOCK:
            raise UnreadableModel(TOO_MUCH)
        self._spend(size)
        self._file.seek(position)
        data = self._file.read(size)
        if len(data) != size:
            raise UnreadableModel(DAMAGED)
        return data

    def _spend(self, size: int) -> None:
        """Takes bytes, read or copied, off the budget. Raises UnreadableModel where it is used up."""
        self._left -= size
        if self._left < 0:
            raise UnreadableModel(TOO_MUCH)

    def _number(self, position: int, size: int) -> int:
        return int.from_bytes(self._at(position, size), "little")

    # ---- object headers (IV.A) -------------------------------------------------------------------------------------

    def _messages(self, address: int) -> Iterator[_Message]:
        start = self._base + address
        if self._at(start, 4) == b"OHDR":
            flags = self._at(start + 5, 1)[0]
            first = start + 6 + (16 if flags & 0x20 else 0) + (4 if flags & 0x10 else 0)
            width = 1 << (flags & 3)
            blocks = [(first + width, self._number(first, width))]
            head = 6 if flags & 4 else 4
            yield from self._blocks(blocks, head, "<BHB", 1, 4)
        else:
            yield from self._blocks([(start + 16, self._number(start + 8, 4))], 8, "<HHB", 0, 0)

    def _blocks(
        self, blocks: list[tuple[int, int]], head: int, layout: str, signature: int, checksum: int
    ) -> Iterator[_Message]:
        """The messages in the blocks of a header; a continuation message adds a block.

        In version 2 a block that continues is framed by a signature and a checksum.
        """
        for position, size in blocks:
            block = self._at(position, size)
            offset = 0
            while offset + head <= len(block):
                kind, length, flags = struct.unpack_from(layout, block, offset)
                body = block[offset + head : offset + head + length]
                offset += head + length
                if kind == _CONTINUATION:
                    target = self._base + int.from_bytes(body[: self._address], "little")
                    room = int.from_bytes(body[self._address : self._address + self._length], "little")
                    blocks.append((target + 4 * signature, room - 4 * signature - checksum))
                    if len(blocks) > MOST_BLOCKS:
                        raise UnreadableModel(TOO_MUCH)
                else:
                    yield _Message(kind, flags, body)

    def _is_dense(self, body: bytes) -> bool:
        """Whether an attribute info message names a heap (IV.A.2.v)."""
        at = 4 if body[1] & 1 else 2
        return body[at : at + self._address] != b"\xff" * self._address

    # ---- attributes (IV.A.2.m) -------------------------------------------------------------------------------------

    def _attribute(self, message: _Message) -> tuple[str, bytes] | None:
        body = message.body
        version = body[0]
        sizes = struct.unpack_from("<HHH", body, 2)
        if version not in (1, 2, 3) or message.flags & 2 or (version > 1 and body[1] & 3):
            return None  # shared with other objects, which Keras' attributes never are
        offset = 9 if version == 3 else 8
        parts = []
        for size in sizes:
            parts.append(body[offset : offset + size])
            offset += size if version > 1 else -(-size // 8) * 8
        name, datatype, dataspace = parts
        if _elements(dataspace, self._length) != 1:
            return None
        value = self._value(datatype, body[offset:])
        return (name.rstrip(b"\0").decode("utf-8", "replace"), value) if value is not None else None

    def _value(self, datatype: bytes, data: bytes) -> bytes | None:
        """A string of fixed length, or one of variable length, which stands in a global heap."""
        kind = datatype[0] & 0x0F
        if kind == _STRING:
            return data[: struct.unpack_from("<I", datatype, 4)[0]].rstrip(b"\0")
        if kind == _VARIABLE and datatype[1] & 0x0F == 1:
            length = struct.unpack_from("<I", data)[0]
            heap = int.from_bytes(data[4 : 4 + self._address], "little")
            index = struct.unpack_from("<I", data, 4 + self._address)[0]
            checked_size(length, "an attribute")
            self._spend(length)  # any number of attributes may point to one string
            return self._heap(heap).get(index, b"")[:length].rstrip(b"\0") if length else b""
        return None

    # ---- global heaps (III.E) --------------------------------------------------------------------------------------

    def _heap(self, address: int) -> dict[int, bytes]:
        if address not in self._heaps:
            self._heaps[address] = dict(self._heap_objects(self._base + address))
        return self._heaps[address]

    def _heap_objects(self, start: int) -> Iterator[tuple[int, bytes]]:
        if self._at(start, 4) != b"GCOL":
            raise UnreadableModel(DAMAGED)
        collection = self._at(start, self._number(start + 8, self._length))
        offset = 8 + self._length
        head = 8 + self._length
        while offset + head <= len(collection):
            index = struct.unpack_from("<H", collection, offset)[0]
            size = int.from_bytes(collection[offset + 8 : offset + head], "little")
            if index == 0:
                return
            yield index, collection[offset + head : offset + head + size]
            offset += head + -(-size // 8) * 8


def _sizes(address: int, length: int) -> tuple[int, int]:
    if not {address, length} <= {2, 4, 8}:
        raise UnreadableModel(DAMAGED)
    return address, length


def _elements(dataspace: bytes, width: int) -> int:
    """The number of values in a dataspace (IV.A.2.b)."""
    version, rank = dataspace[0], dataspace[1]
    if version == 2 and dataspace[3] == 2:
        return 0
    offset = 8 if version == 1 else 4
    number = 1
    for axis in range(rank):
        number *= int.from_bytes(dataspace[offset + axis * width : offset + (axis + 1) * width], "little")
    return number
