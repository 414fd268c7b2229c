"""By what the figures of follow-up may be split, and what the parts are called."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from alignment.models import Version
from core.text import capital
from users.models import Team, User

Key = int | str | None
"""What a part is told apart by: a row's id, a grade, a source; None for no team, "" for no source."""


class Split(StrEnum):
    """Compliance by grade, source, team, rep or version of the definition."""

    GRADE = "grade"
    SOURCE = "source"
    TEAM = "team"
    REP = "rep"
    VERSION = "version"

    @property
    def column(self) -> str:
        """Where an assignment says it. Its team is the one its owner is in today."""
        return COLUMNS[self]

    @property
    def label(self) -> str:
        """``Grade``; ``Version`` stands for the version of the definition that judged the lead."""
        return capital(self.value)

    @property
    def parameter(self) -> str:
        """The name that the list of leads knows it by."""
        return "owner" if self is Split.REP else self.value


COLUMNS = {
    Split.GRADE: "grade",
    Split.SOURCE: "source_folded",
    Split.TEAM: "owner__team_id",
    Split.REP: "owner_id",
    Split.VERSION: "version_id",
}
NOTHING = {Split.SOURCE: "No source", Split.TEAM: "No team"}


def names_of(split: Split, keys: Iterable[Key], sources: Mapping[str, str]) -> dict[Key, str]:
    """What the parts are called, in at most one query; ``sources`` says how folded sources are written."""
    wanted = set(keys)
    ids = [key for key in wanted if isinstance(key, int)]
    named: Mapping[Key, str] = {}
    if split is Split.REP:
        named = dict(User.objects.filter(pk__in=ids).values_list("pk", "name"))
    elif split is Split.TEAM:
        named = dict(Team.objects.filter(pk__in=ids).values_list("pk", "name"))
    elif split is Split.VERSION:
        named = {row.pk: str(row) for row in Version.objects.filter(pk__in=ids).select_related("definition")}
    elif split is Split.SOURCE:
        named = {key: name for key, name in sources.items() if key}
    return {key: named.get(key) or (str(key) if key else NOTHING.get(split, "–")) for key in wanted}
