"""``/healthz``: what a load balancer and docker-compose.yml ask."""

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from pytest_django import Settings

from core import views


@pytest.mark.django_db
def test_it_is_well_while_the_database_answers(client: Client) -> None:
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json()["database"] == "ok"


@pytest.mark.django_db
def test_a_missing_broker_is_told_and_is_no_failure(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EMBEDDED = False
    monkeypatch.setattr(views, "is_reachable", lambda: False)
    response = client.get("/healthz")
    assert (response.status_code, response.json()["broker"]) == (200, "away")


def test_a_missing_database_is_a_failure(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise DatabaseError

    monkeypatch.setattr(connection, "cursor", away)
    assert client.get("/healthz").status_code == 503


@pytest.mark.django_db
def test_it_answers_inside_without_https(client: Client, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/healthz").status_code == 200
    assert client.get("/elsewhere").status_code == 301
