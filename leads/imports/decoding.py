"""Bytes of a file to text: what encoding it is in, and whether it is text at all."""

import codecs
import re
from typing import Final

from charset_normalizer import from_bytes

from core.errors import Invalid

MAX_BYTES: Final = 50 * 1024 * 1024
SAMPLE: Final = 200_000
BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
WORKBOOK = "an Excel workbook or a zip archive. Save it as CSV first"
MAGIC: Final = (
    (b"PK\x03\x04", WORKBOOK),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook. Save it as CSV first"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"\x1f\x8b", "packed with gzip. Unpack it first"),
    (b"SQLite format 3", "a database"),
)
LANGUAGES = ["cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "shift_jis", "gb18030", "euc_kr", "big5"]
WESTERN = re.compile(r"[\x00-\x7fÀ-ÖØ-öø-ÿŒœŠšŽžŸ€‚„…†‡‰‹›‘’“”•–—™¡©«®°±·»¿§£ß\xa0]*")  # noqa: RUF001 - these marks are meant
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def check_bytes(content: bytes) -> None:
    """Raise Invalid for a file that is empty, too large, or known not to be text."""
    if not content.strip(b"\0\t\r\n \xef\xbb\xbf\xff\xfe"):
        raise Invalid("The file is empty. Choose one with a header and at least one row.")
    if len(content) > MAX_BYTES:
        raise Invalid("The file is larger than 50 MB. Split it, and import the parts one after the other.")
    for magic, what in MAGIC:
        if content.startswith(magic):
            raise Invalid(f"This isn't a CSV file but {what}.")


def encoding_of(content: bytes) -> str:
    """The encoding in which ``content`` is text: by its mark, then UTF-8, else the likeliest old one."""
    for bom, name in BOMS:
        if content.startswith(bom):
            return name
    head = content[:SAMPLE]
    if (nuls := head.count(0)) > len(head) // 4:
        return "utf-16-be" if head[::2].count(0) > nuls // 2 else "utf-16-le"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return _old_encoding(head)
    return "utf-8"


def _old_encoding(head: bytes) -> str:
    """One byte a letter: Western European where that gives only letters people write, else a guess."""
    try:
        if WESTERN.fullmatch(head.decode("cp1252")):
            return "cp1252"
    except UnicodeDecodeError:
        pass
    guess = from_bytes(head, cp_isolation=LANGUAGES).best()
    return guess.encoding if guess else "latin-1"


def decode(content: bytes, encoding: str) -> str:
    """The text; Invalid if it holds what no text holds. Bytes that don't fit become a mark."""
    text = content.decode(encoding, errors="replace")
    if len(CONTROLS.findall(text[:SAMPLE])) > max(20, len(text[:SAMPLE]) // 50):
        raise Invalid("This isn't a text file. Export it as CSV, and upload that.")
    return text
