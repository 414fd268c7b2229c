"""What would happen, at once: a preview that still holds, else a sample."""

import pytest

from scoring import quick
from scoring.quick import quick_moves
from tests.factories import UserFactory
from tests.scoring.previewing import change, draft_of, edited, in_force, moves, start
from tests.scoring.world import NOW
from users.models import Role

pytestmark = pytest.mark.django_db


def test_a_preview_of_all_leads_is_told_instead_of_a_sample_until_the_draft_is_edited(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(quick, "SIZE", 10)
    in_force(60)
    marketer = UserFactory(role=Role.MARKETER)
    draft = change(draft_of(marketer))
    guessed = quick_moves(draft, now=NOW)
    assert guessed is not None
    assert (guessed.is_sample, guessed.total) == (True, 60)
    preview = start(draft, marketer)
    assert quick_moves(draft, now=NOW) == moves(preview)
    again = quick_moves(edited(draft), now=NOW)
    assert again is not None
    assert again.is_sample
