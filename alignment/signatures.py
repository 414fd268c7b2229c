"""The two places for a name under a version: whose stands there, whose is missing."""

from collections.abc import Iterable
from dataclasses import dataclass

from alignment.access import SIGNING_ROLES, side_of
from alignment.models import Side, Signature, Version
from users.models import User

NAMED = 3


@dataclass(frozen=True, slots=True)
class Box:
    """A side's place for its name.

    ``who`` says whose name is missing; ``is_stuck`` that nobody can put it there. ``note`` tells what
    became of a signer who couldn't sign for the side today: the signature stays.
    """

    side: Side
    signature: Signature | None
    who: str
    is_stuck: bool = False
    note: str = ""

    @property
    def label(self) -> str:
        return self.side.label


def boxes(version: Version) -> list[Box]:
    """The two places for a name; two queries, one if the signatures were prefetched."""
    rows = version.signatures.all()
    if "signatures" not in getattr(version, "_prefetched_objects_cache", {}):
        rows = rows.select_related("by")
    signed = {row.side: row for row in rows}
    signers = User.objects.filter(role__in=SIGNING_ROLES, is_active=True).order_by("name", "pk")
    taken = {row.by_id for row in signed.values()}
    able = [user for user in signers if user.pk not in taken]
    return [_box(side, signed.get(side), able) for side in Side]


def _box(side: Side, signature: Signature | None, able: Iterable[User]) -> Box:
    names = [user.name for user in able if side_of(user) == side]
    if signature is not None:
        return Box(side, signature, "", note=_note(side, signature.by))
    if not names:
        label = side.label.lower()
        who = f"Nobody can sign for {label}: an admin makes somebody {label} manager"
        return Box(side, None, who, is_stuck=True)
    shown = names[:NAMED] + (["others"] if len(names) > NAMED else [])
    return Box(side, None, " or ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown))


def _note(side: Side, signer: User) -> str:
    if not signer.is_active:
        return "Has left since; the signature stays."
    if side_of(signer) != side:
        return f"Is {signer.get_role_display().lower()} now; the signature stays."
    return ""
