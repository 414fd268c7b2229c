"""What a term of the glossary is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """One of our words. ``key`` names it in the database and never changes."""

    key: str
    marked: str
    marked_meaning: str

    @property
    def word(self) -> str:
        """Without its marks."""
        return plain(self.marked)

    @property
    def meaning(self) -> str:
        return plain(self.marked_meaning)


@dataclass(frozen=True, slots=True)
class Group:
    """Terms of one part of the product."""

    title: str
    terms: tuple[Term, ...]


def plain(text: str) -> str:
    """``text`` without Markdown's stars."""
    return text.replace("*", "")
