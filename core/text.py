"""Text: folding, the one way it is made comparable in Python and in stored columns; and small forms of it."""

import unicodedata


def capital(text: str) -> str:
    """``text`` with a capital letter in front, otherwise as it is: ``"a VP"`` becomes ``"A VP"``."""
    return text[:1].upper() + text[1:]


def fold(text: str) -> str:
    """``text`` without case, accents or runs of space: ``"  Ärzte "`` becomes ``"arzte"``.

    A repeat changes nothing: ``fold(fold(x)) == fold(x)``.
    """
    if text.isascii():
        return " ".join(text.lower().split())  # the same, and what imports of a million rows mostly hold
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(unicodedata.normalize("NFKC", bare).casefold().split())
