"""A sample of the leads, and the figures that stand for all of them."""

import pytest

from leads.models import Lead
from scoring.engine.comparing import Moved
from scoring.previews import Moves, cell_of, count_moves
from scoring.sampling import sample_ids

pytestmark = pytest.mark.django_db


class TestSample:
    def test_all_are_taken_where_there_are_no_more(self) -> None:
        leads = Lead.objects.bulk_create(Lead(name=str(number)) for number in range(7))
        assert sample_ids(10) == [lead.pk for lead in leads]
        assert len(sample_ids(3)) == 3

    def test_the_same_leads_are_drawn_each_time(self) -> None:
        Lead.objects.bulk_create(Lead(name=str(number)) for number in range(300))
        assert sample_ids(50) == sample_ids(50)

    def test_nothing_to_draw_from_gives_nothing(self) -> None:
        assert sample_ids(10) == []

    def test_figures_of_a_sample_stand_for_all_with_a_margin_and_those_of_all_for_themselves(self) -> None:
        rows = [Moved(pk, "C", "B" if pk <= 50 else "C", 40, 60, False, pk <= 50) for pk in range(1, 101)]
        found = count_moves(rows, total=1_000)
        counted = found.estimate(found.cells["C", "B"])
        assert counted.leads == 500
        assert 80 < counted.margin < 120
        assert count_moves(rows, total=100).estimate(50).is_exact

    def test_moves_are_the_same_after_being_stored(self) -> None:
        found = count_moves([Moved(1, None, "A", 0, 80, False, True)], total=9)
        assert Moves.from_json(found.to_json()) == found

    @pytest.mark.parametrize("key", ["", "A", "AX", "AAB", "a-"])
    def test_what_names_no_move_is_refused(self, key: str) -> None:
        with pytest.raises(ValueError, match="no move"):
            cell_of(key)
