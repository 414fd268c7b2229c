"""Reading one mapping of a document: every key is asked for once, what is left over is refused."""

import difflib
import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from core.errors import Problem, problems_of
from rules.values import printable, shown

MOST_PARTS = 300
KEY = re.compile(r"[A-Za-z0-9_-]{1,60}")


class Part:
    """``data`` at ``path``. Reading never fails: problems are gathered, so that a person sees them all.

    A value that can't be read gives None; whoever holds the problems raises in the end. ``needed`` says
    that a missing key is a problem.
    """

    def __init__(self, data: object, path: str, problems: list[Problem]) -> None:
        self.path, self.problems = path, problems
        self.known: list[str] = []
        self.data: dict[Any, Any] = data if isinstance(data, dict) else {}
        self.is_readable = isinstance(data, dict)
        if not self.is_readable:
            self.say(f"Needs keys and values here, not {shown(data)}.")

    def say(self, message: str, key: str = "") -> None:
        """Note a problem at ``key``, or at the part itself."""
        self.problems.append(Problem(message, self.at(key)))

    def at(self, key: str) -> str:
        """The path of ``key``."""
        return ".".join(filter(None, (self.path, key)))

    def get(self, key: str, *, needed: bool = False) -> Any:
        """The raw value; None where the key is missing or null."""
        self.known.append(key)
        value = self.data.get(key)
        if value is None and (needed or key in self.data) and self.is_readable:
            self.say(f"“{key}” is missing." if key not in self.data else f"“{key}” says nothing.", key)
        return value

    def text(self, key: str, most: int, *, needed: bool = False) -> str:
        """A text of at most ``most`` characters; empty where there is none."""
        value = self.get(key, needed=needed)
        if value is None:
            return ""
        if not isinstance(value, str) or any(char == "\0" or "\ud800" <= char <= "\udfff" for char in value):
            self.say(f"Needs a text, not {shown(value)}.", key)
        elif not value.strip() and needed:
            self.say("Needs a text that says something.", key)
        elif len(value) > most:
            self.say(f"At most {most:,} characters; this has {len(value):,}.", key)
        else:
            return value
        return ""

    def key(self, key: str = "key") -> str:
        """A name for a part: letters, digits, ``_`` and ``-``."""
        value = self.text(key, 60, needed=True)
        if value and not KEY.fullmatch(value):
            self.say("Takes letters without accents, digits, “_” and “-” only.", key)
        return value

    def whole(self, key: str, least: int, most: int, *, needed: bool = False) -> int | None:
        """A whole number from ``least`` to ``most``."""
        value = self.get(key, needed=needed)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            limits = f"from {least:,} to {most:,}".replace("-", "−")
            self.say(f"Needs a whole number {limits}, not {shown(value)}.", key)
            return None
        return value

    def choice(self, key: str, choices: Iterable[str], *, needed: bool = False) -> str:
        """One of ``choices``; empty where there is none."""
        value, known = self.get(key, needed=needed), list(choices)
        if value is None or value in known:
            return value or ""
        near = difflib.get_close_matches(str(value)[:60], known, n=1)
        hint = f"Did you mean “{near[0]}”?" if near else f"Known here: {', '.join(known)}."
        self.say(f"{shown(value)} is unknown here. {hint}", key)
        return ""

    def yes_or_no(self, key: str, default: bool) -> bool:
        """``true`` or ``false``."""
        value = self.get(key)
        if value is None or isinstance(value, bool):
            return default if value is None else value
        self.say(f"Needs true or false, not {shown(value)}.", key)
        return default

    def part(self, key: str, *, needed: bool = False) -> "Part | None":
        """The mapping under ``key``."""
        value = self.get(key, needed=needed)
        return None if value is None else Part(value, self.at(key), self.problems)

    def parts(self, key: str) -> list["Part"]:
        """The mappings of the list under ``key``; none where it is missing."""
        value = self.get(key)
        if value is None:
            return []
        if not isinstance(value, list) or len(value) > MOST_PARTS:
            self.say(f"Needs a list of at most {MOST_PARTS}.", key)
            return []
        where = self.at(key)
        return [Part(each, f"{where}[{place}]", self.problems) for place, each in enumerate(value)]

    def check(self, key: str, read: Callable[[Any], object], inside: str | None = None) -> None:
        """Let ``read`` look at the value under ``key``, and note what it raises at its place in it."""
        for problem in problems_of(partial(read, self.data[key]), key if inside is None else inside):
            self.say(problem.message, problem.where)

    def close(self) -> None:
        """Refuse every key that nothing asked for."""
        for key in self.data:
            if key in self.known:
                continue
            name = printable(key[:40]) if isinstance(key, str) else shown(key)
            near = difflib.get_close_matches(name, self.known, n=1)
            hint = f"Did you mean “{near[0]}”?" if near else f"Known here: {', '.join(self.known)}."
            self.say(f"“{name}” is unknown here. {hint}", name)


def refuse_twins(parts: Iterable[tuple[Part, object]], what: str) -> None:
    """Note each of ``parts`` whose name (beside it) another one before it has."""
    seen: set[object] = set()
    for part, name in parts:
        if name in seen and part.is_readable:
            part.say(f"There is another {what} like this before it.")
        seen.add(name)
