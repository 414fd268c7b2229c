"""Text to rows: delimiter, header and cells of a CSV file."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from core.errors import Invalid
from core.text import fold
from leads import cleaning
from leads.imports.decoding import check_bytes, decode, encoding_of

DELIMITERS: Final = ",;\t|"
MAX_COLUMNS: Final = 500
MAX_FIELD: Final = 131_072  # what the csv module allows
SCANNED: Final = 60
DATA_LIKE: Final = re.compile(r".+@.+\..+|[-+$€£]?[\d.,:/ -]+%?")
Row = tuple[int, list[str]]


@dataclass(slots=True)
class Sheet:
    """How a file is read. ``first_line`` is the row of the header as a spreadsheet counts, 0 if it has none.

    ``is_wrapped``: each row stands in quotes as a whole.
    """

    encoding: str
    delimiter: str
    first_line: int = 0
    header: list[str] = field(default_factory=list)
    is_wrapped: bool = False


def open_sheet(content: bytes) -> Sheet:
    """Find out how ``content`` is read; Invalid with what to do if it is no CSV file with rows."""
    check_bytes(content)
    encoding = encoding_of(content)
    text = decode(content, encoding)
    delimiter = _delimiter(text)
    sheet = Sheet(encoding, delimiter)
    head = [row for _, row in zip(range(SCANNED), _records(text, sheet), strict=False)]
    if all(len(row) <= 1 for _, row in head) and (inner := _inner_delimiter(head)):
        sheet.delimiter, sheet.is_wrapped = inner, True
        head = [row for _, row in zip(range(SCANNED), _records(text, sheet), strict=False)]
    _find_header(sheet, [(number, row) for number, row in head if any(row)])
    return sheet


def rows(content: bytes, sheet: Sheet) -> Iterator[Row]:
    """Each row below the header that isn't blank, with its number; Invalid where it can't be read on."""
    for number, row in _records(decode(content, sheet.encoding), sheet):
        if number > sheet.first_line and any(cell.strip() for cell in row):
            yield number, row


def _records(text: str, sheet: Sheet) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sheet.delimiter)
    number = 0
    try:
        for number, row in enumerate(reader, 1):
            yield number, (_unwrapped(row, sheet.delimiter) if sheet.is_wrapped else row)
    except csv.Error as error:
        why = "a cell of more than 131,072 characters" if "limit" in str(error) else "broken quotes"
        raise Invalid(
            f"Row {number + 1} has {why}. Perhaps a quotation mark is missing; mend the file and try again."
        ) from None


def _unwrapped(row: list[str], delimiter: str) -> list[str]:
    return next(csv.reader(row[:1], delimiter=delimiter), [])


def _delimiter(text: str) -> str:
    """The one that cuts the first rows most evenly into the most cells."""
    return max(DELIMITERS, key=lambda each: _evenness(text, each))


def _evenness(text: str, delimiter: str) -> float:
    try:
        sample = _records(text[:MAX_FIELD], Sheet("", delimiter))
        widths = Counter(len(row) for _, (_, row) in zip(range(SCANNED), sample, strict=False) if row)
    except Invalid:
        return 0
    many = {width: count for width, count in widths.items() if width > 1}
    if not many:
        return 0
    width, count = max(many.items(), key=lambda item: (item[1], item[0]))
    return count / widths.total() + width / 10_000


def _inner_delimiter(head: list[Row]) -> str:
    cells = [row[0] for _, row in head if row]
    found = [each for each in DELIMITERS if cells and all(each in cell for cell in cells)]
    return found[0] if found else ""


def _find_header(sheet: Sheet, head: list[Row]) -> None:
    """The first row that is at least as wide as most; above it stand notes."""
    if not head:
        raise Invalid("The file is empty. Choose one with a header and at least one row.")
    widths = Counter(len(row) for _, row in head if len(row) > 1) or Counter([1])
    width = max(widths, key=lambda each: (widths[each], -each))
    number, names = next(row for row in head if len(row[1]) >= width)
    if len(names) > MAX_COLUMNS:
        raise Invalid(f"The file has {len(names):,} columns; at most {MAX_COLUMNS} can be imported.")
    has_header = not _looks_like_data(names)
    sheet.first_line = number if has_header else number - 1
    sheet.header = _unique([cleaning.plain(name)[:200] if has_header else "" for name in names])


def _looks_like_data(names: list[str]) -> bool:
    filled = [name.strip() for name in names if name.strip()]
    like = [name for name in filled if DATA_LIKE.fullmatch(name)]
    return any("@" in name for name in like) or len(like) * 2 > len(filled)


def _unique(names: list[str]) -> list[str]:
    """Every column gets a name of its own, whatever its case: ``Email``, ``email (2)``, ``Column 3``."""
    seen: Counter[str] = Counter()
    unique = []
    for place, name in enumerate(names, 1):
        shown = name or f"Column {place}"
        seen[fold(shown)] += 1
        again = seen[fold(shown)]
        unique.append(f"{shown} ({again})" if again > 1 else shown)
    return unique
