"""Keys of new parts: made of their label once, and the same ever after."""

import re
from collections.abc import Iterable

from core.text import fold

LONGEST = 60


def make_key(label: str, taken: Iterable[str], *, otherwise: str) -> str:
    """A key for ``label`` that isn't among ``taken``: ``200_employees_or_more``, then ``..._2``.

    ``otherwise`` stands for a label without a Latin letter or digit.
    """
    words = re.findall(r"[a-z0-9]+", fold(label))
    stem = "_".join(words)[:LONGEST].strip("_") or otherwise
    used = set(taken)
    key, count = stem, 1
    while key in used:
        count += 1
        key = f"{stem[: LONGEST - len(str(count)) - 1]}_{count}"
    return key
