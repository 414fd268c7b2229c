"""How many leads meet each criterion of a draft."""

from typing import Any

import pytest
import time_machine
from django.core.cache import cache

from alignment.models import Criterion, Version
from core.hooks import Tally
from leads.models import Lead
from scoring import counts
from scoring.trying import try_lead
from tests.scoring.world import NOW

pytestmark = pytest.mark.django_db


class TestCounts:
    def test_each_criterion_is_counted_as_the_engine_judges_it(self, draft: Version) -> None:
        with time_machine.travel(NOW, tick=False):  # conditions ask for the last days
            found = counts.criterion_counts(draft.pk)
        met = dict.fromkeys(found, 0)
        for pk in Lead.objects.values_list("pk", flat=True):
            both = try_lead(draft, pk, now=NOW)
            assert both is not None
            for each in both.new.dimensions:
                for line in each.lines:
                    met[line.key] += line.is_met
        unlike = {key: (number, met[key]) for key, number in found.items() if str(number) != f"{met[key]:,}"}
        assert not unlike
        assert "market_fits" not in found

    def test_an_edit_counts_only_what_it_changed(
        self, draft: Version, django_assert_max_num_queries: Any
    ) -> None:
        counts.criterion_counts(draft.pk)
        with django_assert_max_num_queries(4):
            counts.criterion_counts(draft.pk)
        Criterion.objects.filter(version=draft, key="title_decides").update(points=3, label="Decides")
        with django_assert_max_num_queries(4):
            counts.criterion_counts(draft.pk)

    def test_in_a_large_base_a_rough_count_is_replaced_by_a_workers(
        self, draft: Version, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        exact = counts.criterion_counts(draft.pk)
        cache.clear()
        monkeypatch.setattr(counts, "QUICK", 30)
        rough = counts.criterion_counts(draft.pk)
        assert rough.keys() == exact.keys()
        assert all(each.margin for each in rough.values())
        assert all(f"{each.margin:,}" in str(each) for each in rough.values())
        assert not any(each.margin for each in exact.values())
        assert counts.refine_counts(draft.pk) == len(set(exact))
        assert counts.criterion_counts(draft.pk) == exact
        assert counts.refine_counts(draft.pk) == 0

    @pytest.mark.parametrize(
        ("met", "seen", "total", "shown"),
        [
            (412, 10_000, 1_000_000, "about 41,000 ± 4,000"),
            (9_800, 10_000, 100_000, "about 98,000 ± 300"),
            (0, 10_000, 1_000_000, "fewer than 300"),
            (30, 100, 100, "30"),
        ],
    )
    def test_an_estimate_carries_its_margin_and_no_more_digits_than_it_knows(
        self, met: int, seen: int, total: int, shown: str
    ) -> None:
        assert str(Tally(*counts._all(met, seen, total))) == shown

    def test_a_version_that_cant_be_read_has_no_counts(self, draft: Version) -> None:
        Criterion.objects.filter(version=draft, key="title_decides").update(
            condition={"field": "company.gone", "op": "is", "value": 1}
        )
        assert counts.criterion_counts(draft.pk) == {}
