"""Folding: the one way text is made comparable, in Python and stored in folded columns."""

import unicodedata


def fold(text: str) -> str:
    """``text`` without case, accents or runs of space: ``"  Ärzte "`` becomes ``"arzte"``.

    A repeat changes nothing: ``fold(fold(x)) == fold(x)``.
    """
    if text.isascii():
        return " ".join(text.lower().split())  # the same, and what imports of a million rows mostly hold
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(unicodedata.normalize("NFKC", bare).casefold().split())
