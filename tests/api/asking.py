"""Asking the API as a program does."""

import json
from typing import Any

from django.test import Client
from django.utils import timezone

from tests.factories import UserFactory
from users.models import Role, User
from users.services import create_token


class Caller:
    """A person with a token. ``get``, ``post`` and ``patch`` give the response; ``body`` reads it."""

    def __init__(self, person: User | None = None, *, role: Role = Role.MARKETER) -> None:
        self.person = person or UserFactory(role=role)
        _token, secret = create_token(person=self.person, name="Test", days=30, now=timezone.now())
        self.authorization = f"Bearer {secret}"
        self.client = Client(headers={"Authorization": self.authorization}, raise_request_exception=False)

    def get(self, path: str, **params: Any) -> Any:
        return self.client.get(address(path), params)

    def post(self, path: str, data: Any = None, *, key: str | None = None, method: str = "post") -> Any:
        headers = {"Idempotency-Key": key} if key else {}
        text = data if isinstance(data, str | bytes) else json.dumps(data if data is not None else {})
        send = getattr(self.client, method)
        return send(address(path), text, content_type="application/json", headers=headers)

    def patch(self, path: str, data: Any, *, key: str | None = None) -> Any:
        return self.post(path, data, key=key, method="patch")


def address(path: str) -> str:
    """``leads/`` in full; what begins with a slash or http stays."""
    return path if path.startswith(("/", "http")) else f"/api/v1/{path}"


def error(response: Any, status: int) -> dict[str, Any]:
    """The error of a response: of the one shape, as JSON, with this status."""
    assert response.status_code == status, response.content[:500]
    assert response.headers["Content-Type"] == "application/json"
    body = response.json()
    assert set(body) == {"error"}
    found: dict[str, Any] = body["error"]
    assert set(found) == {"code", "message", "problems"}
    assert all(set(problem) == {"where", "message"} for problem in found["problems"])
    return found


def where(response: Any, status: int = 400) -> set[str]:
    """The places that an error names."""
    return {problem["where"] for problem in error(response, status)["problems"]}
