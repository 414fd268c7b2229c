"""The editor with htmx and by two people, and what it shows of a draft."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from alignment import services
from alignment.models import Criterion, Version
from alignment.services.editing import criteria
from core.hooks import DraftPanel, hooks
from tests.alignment.editor_forms import ACTIVITY, EMPLOYEES, HTMX, at, filled, saved, text
from tests.alignment.factories import ALWAYS
from tests.alignment.moments import NOW
from tests.factories import UserFactory
from users.models import Role, User

Queries = Callable[[int], Any]


# Two people


def test_who_saves_over_another_sees_both_texts_and_loses_nothing(client: Client, draft: Version) -> None:
    mine = filled(saved(draft), label="As I typed it", points="3")
    jonas = UserFactory(role=Role.MARKETER)
    criteria.set_points(version_id=draft.pk, key="always", points=9, seen=None, by=jonas, now=NOW)
    response = client.post(at(draft, "criterion", "always"), mine)
    assert response.status_code == 409
    page = response.content.decode()
    assert "Somebody changed “Everybody”" in page
    for each in ("As I typed it", "+3", "+9", "Employees is at least 200", "Always"):
        assert each in page
    again = re.search(r'name="seen" value="([0-9a-f]+)"', page)
    assert again
    client.post(at(draft, "criterion", "always"), mine | {"seen": again[1]})
    assert (saved(draft).label, saved(draft).points) == ("As I typed it", 3)


def test_who_saves_a_deleted_criterion_can_add_it_as_a_new_one(client: Client, draft: Version) -> None:
    mine = filled(saved(draft), label="Still wanted")
    jonas = UserFactory(role=Role.MARKETER)
    criteria.remove_criterion(version_id=draft.pk, key="always", seen=None, by=jonas, now=NOW)
    response = client.post(at(draft, "criterion", "always"), mine)
    assert response.status_code == 409
    page = response.content.decode()
    assert "Save it again to add it as a new one" in page
    assert f'action="{at(draft, "criteria")}"' in page
    client.post(at(draft, "criteria"), mine)
    assert saved(draft, "still_wanted").points == 20


def test_another_drafter_may_edit_the_draft_too(client: Client, draft: Version) -> None:
    client.force_login(UserFactory(role=Role.SALES_MANAGER, name="Samuel"))
    client.post(at(draft, "points", "always"), {"points": "3"})
    page = text(client, at(draft))
    assert "Points of “Everybody”: +20 → +3" in page
    assert "Samuel, " in page


def test_what_is_no_draft_any_more_is_told(client: Client, draft: Version) -> None:
    Version.objects.filter(pk=draft.pk).update(status=Version.Status.PROPOSED)
    for name in ("points", "switch", "copy", "delete", "criterion"):
        response = client.post(at(draft, name, "always"), filled())
        assert response.status_code == 409
        assert "is no draft any more" in response.content.decode()
    assert client.get(at(draft)).headers["Location"] == at(draft, "version")
    fragment = client.get(at(draft), headers=HTMX)
    assert fragment.headers["HX-Redirect"] == at(draft, "version")


def test_a_criterion_that_is_gone_has_no_form(client: Client, draft: Version) -> None:
    assert client.get(at(draft, "criterion", "gone")).status_code == 404


def test_a_draft_that_somebody_edited_meanwhile_is_not_discarded(client: Client, draft: Version) -> None:
    jonas = UserFactory(role=Role.MARKETER)
    criteria.set_points(version_id=draft.pk, key="always", points=9, seen=None, by=jonas, now=NOW)
    assert client.post(f"{at(draft, 'discard')}?revision=1").status_code == 409
    client.post(f"{at(draft, 'discard')}?revision=2")
    assert not Version.objects.exists()


# With htmx


def test_the_answer_to_htmx_is_the_editor_alone_with_its_notice(client: Client, draft: Version) -> None:
    response = client.post(at(draft, "criteria"), filled(), headers=HTMX, follow=True)
    page = response.content.decode()
    assert "<html" not in page
    assert 'id="need"' in page
    assert "“New one” is added." in page
    assert 'hx-swap-oob="beforeend:#toasts"' in page
    assert response.headers["HX-Retarget"] == "#editor"
    assert "HX-Retarget" not in client.get(at(draft), headers=HTMX | {"HX-Target": "editor"}).headers
    assert "“New one” is added." not in text(client, at(draft))


def test_the_row_just_edited_takes_the_focus(client: Client, draft: Version) -> None:
    page = text(client, f"{at(draft)}?at=always&on=switch", headers=HTMX)
    assert page.count("data-focus-after-swap") == 1


def test_the_form_comes_as_a_fragment_for_the_drawer(client: Client, draft: Version) -> None:
    page = text(client, at(draft, "criterion", "always"), headers=HTMX)
    assert "<html" not in page
    assert 'hx-target="#drawer-body"' in page


def test_htmx_swaps_a_form_with_errors_or_both_texts_in(client: Client, draft: Version) -> None:
    mine = filled(saved(draft))
    assert client.post(at(draft, "criteria"), filled(label=""), headers=HTMX).status_code == 422
    client.post(at(draft, "points", "always"), {"points": "3"})
    response = client.post(at(draft, "criterion", "always"), mine | {"points": "7"}, headers=HTMX)
    assert response.status_code == 422
    assert "Saved meanwhile" in response.content.decode()


def test_the_effect_follows_what_is_typed(client: Client, draft: Version) -> None:
    page = client.post(at(draft, "effect"), filled(points="8")).content.decode()
    assert "Employees is at least 200" in page
    assert "+8" in page


def test_the_effect_shows_what_is_left_with_age(client: Client, draft: Version) -> None:
    data = filled(**ACTIVITY, points="8", decay="linear", decay_days="60") | {"points": "8"}
    page = client.post(at(draft, "effect"), data).content.decode()
    assert "Fades evenly to nothing over 60 days." in page
    cells = re.findall(r'<td class="num">([^<]+)</td>', page)
    assert cells == ["100", "88", "77", "50", "0", "0", "8", "7.1", "6.1", "4", "0", "0"]


@pytest.mark.parametrize("values", [{}, ACTIVITY, {"counts": "activity"}, {"points": "n/a"}])
def test_the_effect_of_half_a_form_is_no_error(
    client: Client, draft: Version, values: dict[str, Any]
) -> None:
    assert client.post(at(draft, "effect"), values).status_code == 200


# What the page shows


def test_a_broken_criterion_is_marked_and_can_be_put_right(client: Client, draft: Version) -> None:
    draft.criteria.update(condition={"all": [{"field": "lead.shoe_size", "op": "eq", "value": 1}]})
    page = text(client, at(draft))
    assert "is-broken" in page
    assert 'href="#criterion-always"' in page
    assert "lead.shoe_size" in text(client, at(draft, "criterion", "always"))
    client.post(at(draft, "criterion", "always"), filled(saved(draft)))
    assert saved(draft).condition == EMPLOYEES


def test_the_rail_says_what_is_missing_and_how_the_points_are_shared(client: Client, draft: Version) -> None:
    assert "share exactly 100 points" in text(client, at(draft))
    draft.dimensions.filter(dimension="fit").update(cap=30)
    draft.criteria.update(is_on=False)
    page = text(client, at(draft))
    assert "these add up to 110: that is 10 too many" in page
    assert "Switch on at least one criterion." in page


def test_the_rail_has_the_panels_of_higher_apps(
    client: Client, draft: Version, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = DraftPanel(1, "components/empty.html", lambda request, shown: {"title": f"Panel of {shown.pk}"})
    monkeypatch.setattr(hooks, "draft_panels", [panel])
    assert f"Panel of {draft.pk}" in text(client, at(draft))


def test_open_comments_are_counted_at_their_criterion(client: Client, draft: Version, marketer: User) -> None:
    draft.comments.create(by=marketer, text="Why?", criterion_key="always")
    assert "1 comment" in text(client, at(draft))
    draft.comments.create(by=marketer, text="No.", criterion_key="always", is_objection=True)
    assert "1 objection" in text(client, at(draft))


def test_the_editor_costs_the_same_however_long_the_draft_is(
    client: Client, marketer: User, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Queries
) -> None:
    monkeypatch.setattr(hooks, "draft_panels", [])
    template = services.install_template(by=None, now=NOW)
    draft = services.copy_to_draft(version=template, by=marketer, now=NOW)
    for _ in range(3):
        criteria.copy_criterion(version_id=draft.pk, key="referred", by=marketer, now=NOW)
        with django_assert_max_num_queries(40):  # PostgreSQL limits the time of counting
            client.get(at(draft))


def test_a_form_costs_few_queries(
    client: Client, draft: Version, django_assert_max_num_queries: Queries
) -> None:
    with django_assert_max_num_queries(15):  # PostgreSQL limits the time of counting
        client.get(at(draft, "criterion", "always"))


def test_sixty_criteria_with_long_names_are_shown(client: Client, draft: Version) -> None:
    Criterion.objects.bulk_create(
        Criterion(
            version=draft,
            key=f"k{number}",
            label=f"{number} " + "x" * 150,
            dimension="need",
            points=1,
            condition=ALWAYS,
        )
        for number in range(60)
    )
    assert text(client, at(draft)).count('class="criterion is-edited') == 61
