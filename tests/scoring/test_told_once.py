"""An activation is told of by what it did itself, also where a lead was changed before its range was told."""

import pytest
from django.db import transaction
from django.utils import timezone

from leads.marks import mark
from leads.models import Lead
from scoring import querysets, services
from scoring.models import ScoreChange
from tests.scoring.fire import doubled_history, lower_floor, make_base

pytestmark = pytest.mark.django_db


def test_a_change_before_its_range_is_told_of_is_no_work_of_the_activation() -> None:
    pk = make_base(60)[51]
    assert Lead.objects.get(pk=pk).title == "Student"
    lower_floor()
    now = timezone.now()
    services.activate_due(now=now)
    while services.build_range(now=now):
        pass
    services.finish_build(now=now)
    with transaction.atomic():
        Lead.objects.filter(pk=pk).update(title="Founder", title_folded="founder")
        mark([pk], cause="edit", now=now)
    services.judge_marked(now=now)
    while services.log_activation_range(now=now):
        pass
    rows = ScoreChange.objects.filter(lead=pk, generation=querysets.live_generation_id() or 0)
    assert [row.cause for row in rows] == ["edit"]
    assert doubled_history() == []
