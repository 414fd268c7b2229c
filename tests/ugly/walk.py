"""Every address of the product, found by walking the URL resolver: a new page is in these tests at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.ugly.world import World

JSON = "application/json"
ELSEWHERE = (
    "https://evil.example/",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "http:evil.example",
    "javascript:alert(1)",
    "\x08//evil.example",
    " //evil.example",
    "http://testserver@evil.example/",
    "http://testserver:80@evil.example/",
    "//[",
    "data:text/html,x",
)
"""Addresses of other sites, as they are hidden in what says where to go next."""


@dataclass(frozen=True, slots=True)
class Route:
    """One address: ``path`` as the resolver has it, ``parts`` what stands in its angle brackets."""

    path: str
    name: str
    parts: tuple[str, ...]
    methods: frozenset[str]

    @property
    def is_api(self) -> bool:
        return self.path.startswith("api/v1/")

    @property
    def takes_id(self) -> bool:
        return any(part.startswith("int:") for part in self.parts)

    def url(self, pk: object = 1) -> str:
        """The address; every number in it is ``pk``."""
        path = self.path
        for part in self.parts:
            value = {
                "int:order": 10,
                "slug:slot": "right",
                "slug:term": "lead",
                "slug:name": "reasons",
                "slug:table": "parts",
                "slug:key": "always",
            }.get(part, pk if part.startswith("int:") else "word")
            path = path.replace(f"<{part}>", str(value))
        return f"/{path}"

    def url_in(self, world: World) -> str:
        """The address of the row that the world has for it."""
        return self.url(world.row_of(self.name).pk)

    def ask(
        self, client: Client, url: str, method: str, data: Mapping[str, Any] | None = None, **more: Any
    ) -> Any:
        """The response: a form is posted to a page, JSON to the API."""
        if self.is_api and method != "get":
            more["content_type"] = JSON
        return getattr(client, method)(url, data or {}, **more)


def routes() -> list[Route]:
    """All addresses of ours; the pages of Django's admin are its own."""
    return [route for route in _walk(get_resolver()) if not route.path.startswith("admin/")]


def _walk(resolver: URLResolver, prefix: str = "") -> Iterator[Route]:
    for pattern in resolver.url_patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, path)
        elif isinstance(pattern, URLPattern) and pattern.name:
            parts = tuple(piece.partition(">")[0] for piece in path.split("<")[1:])
            yield Route(path, pattern.name, parts, _methods(pattern.callback))


def _methods(view: Any) -> frozenset[str]:
    """What a class of the API answers. A page is asked by both methods and says 405 itself."""
    kind = getattr(view, "cls", None)
    if kind is None:
        return frozenset({"get", "post"})
    return frozenset(name for name in ("get", "post", "patch") if hasattr(kind, name))
