"""Pictures are made small without being changed to the eye."""

import struct
import zlib

import pytest

from tools.png import MAGIC, _chunk, _read, _unfiltered, reduced

WIDTH, HEIGHT = 300, 5


def picture(*, form: int = 2) -> bytes:
    """Five lines, one stored in each of the five ways, with 300 colours of which 256 stand in all lines."""
    colours = [(number % 256, number // 256 * 8, 7) for number in range(WIDTH)]
    lines = [[*colours[:256], *([colours[0]] * 44)]] * 4 + [colours]
    rows = [bytes(channel for colour in line for channel in colour) for line in lines]
    stored = b"".join(bytes([kind]) + filtered(kind, rows, kind) for kind in range(HEIGHT))
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, form, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(stored)), (b"IEND", b""))
    return MAGIC + b"".join(_chunk(kind, content) for kind, content in parts)


def filtered(kind: int, rows: list[bytes], number: int) -> bytes:
    """A line as the difference from its neighbours, as the format's own words define the five ways."""
    row, above = rows[number], rows[number - 1] if number else bytes(WIDTH * 3)
    out = []
    for at, value in enumerate(row):
        a, b, c = (row[at - 3] if at >= 3 else 0), above[at], (above[at - 3] if at >= 3 else 0)
        p = a + b - c
        pa, pb, pc = abs(p - a), abs(p - b), abs(p - c)
        paeth = a if pa <= pb and pa <= pc else b if pb <= pc else c
        out.append((value - (0, a, b, (a + b) // 2, paeth)[kind]) & 255)
    return bytes(out)


def shown(small: bytes) -> list[list[tuple[int, int, int]]]:
    """The colours of a picture with a palette, line by line."""
    at = small.index(b"PLTE")
    (length,) = struct.unpack(">I", small[at - 4 : at])
    palette = small[at + 4 : at + 4 + length]
    start = small.index(b"IDAT")
    (length,) = struct.unpack(">I", small[start - 4 : start])
    data = zlib.decompress(small[start + 4 : start + 4 + length])
    lines = [data[line * (WIDTH + 1) + 1 : (line + 1) * (WIDTH + 1)] for line in range(HEIGHT)]
    return [[(palette[3 * n], palette[3 * n + 1], palette[3 * n + 2]) for n in line] for line in lines]


def test_common_colours_stay_and_rare_ones_take_the_nearest() -> None:
    full = picture()
    rows = _unfiltered(_read(full)[2], WIDTH * 3, HEIGHT)
    lines = shown(reduced(full))
    for row, line in zip(rows[:4], lines[:4], strict=True):
        assert [channel for colour in line for channel in colour] == list(row)
    for number, colour in enumerate(lines[4]):
        assert colour == (number % 256, 0, 7)


def test_what_is_no_plain_png_is_refused() -> None:
    with pytest.raises(ValueError, match="no PNG"):
        reduced(b"GIF89a")
    with pytest.raises(ValueError, match="8 bits a channel"):
        reduced(picture(form=6))
