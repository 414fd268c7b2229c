"""A picture of a screen made small: 256 colours are enough for one, and the standard library for that."""

import struct
import zlib
from collections import Counter

MAGIC = b"\x89PNG\r\n\x1a\n"
COLOURS = 256
Colour = tuple[int, int, int]


def reduced(picture: bytes) -> bytes:
    """The same picture with the 256 most common colours; every other pixel takes the nearest of them.

    Takes a PNG of 8 bits a channel without transparency or interlacing, as a browser makes it;
    ValueError for any other. Some seconds for a screen.
    """
    width, height, data = _read(picture)
    rows = _unfiltered(data, width * 3, height)
    counts: Counter[Colour] = Counter()
    for row in rows:
        counts.update(_pixels(row))
    palette = [colour for colour, _ in counts.most_common(COLOURS)]
    place = {colour: number for number, colour in enumerate(palette)}
    for colour in counts.keys() - place.keys():
        place[colour] = min(range(len(palette)), key=lambda number: _distance(colour, palette[number]))
    lines = b"".join(b"\0" + bytes(map(place.__getitem__, _pixels(row))) for row in rows)
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
        (b"PLTE", bytes(channel for colour in palette for channel in colour)),
        (b"IDAT", zlib.compress(lines, 9)),
        (b"IEND", b""),
    )
    return MAGIC + b"".join(_chunk(kind, content) for kind, content in parts)


def _pixels(row: bytes | bytearray) -> list[Colour]:
    return list(zip(row[0::3], row[1::3], row[2::3], strict=True))


def _distance(one: Colour, other: Colour) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _read(picture: bytes) -> tuple[int, int, bytes]:
    """Width, height and the filtered lines."""
    if not picture.startswith(MAGIC):
        raise ValueError("It is no PNG.")
    at, packed, head = len(MAGIC), b"", b""
    while at < len(picture):
        (length,) = struct.unpack(">I", picture[at : at + 4])
        kind, content = picture[at + 4 : at + 8], picture[at + 8 : at + 8 + length]
        head = content if kind == b"IHDR" else head
        packed += content if kind == b"IDAT" else b""
        at += length + 12
    width, height, *form = struct.unpack(">IIBBBBB", head)
    if form != [8, 2, 0, 0, 0]:
        raise ValueError("It isn't a plain picture of 8 bits a channel.")
    return width, height, zlib.decompress(packed)


def _unfiltered(data: bytes, size: int, height: int) -> list[bytearray]:
    """The lines as they are; each is stored as the difference from what stands left of and above it."""
    lines = [bytearray(size)]
    for number in range(height):
        start = number * (size + 1)
        lines.append(_line(data[start], bytearray(data[start + 1 : start + 1 + size]), lines[-1]))
    return lines[1:]


def _line(kind: int, line: bytearray, above: bytearray) -> bytearray:
    if kind == 0:
        return line
    if kind == 2:
        return bytearray((a + b) & 255 for a, b in zip(line, above, strict=True))
    for at, value in enumerate(line):
        left, corner = (line[at - 3], above[at - 3]) if at >= 3 else (0, 0)
        guess = {1: left, 3: (left + above[at]) // 2}.get(kind)
        line[at] = (value + (_paeth(left, above[at], corner) if guess is None else guess)) & 255
    return line


def _paeth(left: int, above: int, corner: int) -> int:
    """The neighbour nearest to left + above - corner, as the format defines it."""
    near = left + above - corner
    return min((left, above, corner), key=lambda neighbour: abs(near - neighbour))
