"""The Django admin shows every registered table to admins, changes none and lets nobody else in."""

import pytest
from django.contrib import admin
from django.db import models
from django.test import Client
from django.urls import reverse

from tests.factories import UserFactory
from tests.feedback.world import assigned
from users.models import Role

pytestmark = pytest.mark.django_db
TABLES = sorted(admin.site._registry, key=lambda model: model._meta.label)
OURS = {"core", "users", "leads", "alignment", "scoring", "feedback"}


def client_of(role: Role) -> Client:
    client = Client()
    client.force_login(UserFactory(role=role))
    return client


def address(model: type[models.Model], what: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{what}", args=args)


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model._meta.label)
def test_an_admin_lists_and_opens_rows_of_every_table(model: type[models.Model]) -> None:
    client = client_of(Role.ADMIN)
    assigned(UserFactory())
    assert client.get(address(model, "changelist"), {"q": "1"}).status_code == 200
    row = model._default_manager.first()
    if row is not None:
        assert client.get(address(model, "change", row.pk)).status_code == 200


@pytest.mark.parametrize("model", [each for each in TABLES if each._meta.app_label in OURS], ids=str)
def test_our_tables_cannot_be_changed_there(model: type[models.Model]) -> None:
    assert client_of(Role.ADMIN).get(address(model, "add")).status_code == 403


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMIN])
def test_nobody_else_gets_in(role: Role) -> None:
    assert client_of(role).get(reverse("admin:index")).status_code in (302, 403)
