"""The parts every screen is built of; ``docs/interface.md`` shows each with an example."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

from django import template
from django.core.paginator import Page
from django.http import HttpRequest
from django.template.base import Node
from django.template.context import Context
from django.template.loader import render_to_string
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from core import display, drawing
from core.hooks import NavItem, hooks
from core.toasts import UNDO

register = template.Library()

TONE_ICONS = {
    "success": "check-circle",
    "info": "info",
    "warning": "alert",
    "error": "alert",
    "debug": "info",
}
GRADES = ("A", "B", "C", "D")

register.filter("number", display.number)
register.filter("signed", display.signed)
register.filter("percent", display.percent)
register.filter("money", display.money)


# The frame


@register.simple_tag(takes_context=True)
def block_again(context: Context, name: str) -> str:
    """The content of a block a second time: the title stands in the tab and on the page."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block: Node | None = blocks.get_block(name) if blocks else None
    return mark_safe(block.render(context).strip()) if block else ""  # noqa: S308 - rendered by Django just now


@register.simple_tag(takes_context=True)
def agreement_notices(context: Context) -> str:
    """What higher apps have to say above a page of the definition."""
    request: HttpRequest = context["request"]
    notices = sorted(hooks.agreement_notices, key=lambda notice: notice.order)
    said = [(notice.template, notice.context(request)) for notice in notices]
    drawn = [render_to_string(template, values, request) for template, values in said if values is not None]
    return mark_safe("".join(drawn))  # noqa: S308 - rendered by Django just now


@register.inclusion_tag("components/navigation.html", takes_context=True)
def navigation(context: Context) -> dict[str, Any]:
    """The side navigation; the entry whose address begins the page's own is the current one."""
    request = context.get("request")
    path = request.path if request else ""
    links = [(item, _address(item.url_name)) for item in context.get("nav_items") or []]
    matching = [url for _, url in links if url and path.startswith(url)]
    current = max(matching, key=len, default=None)
    shown = [(item, url) for item, url in links if url]
    return {"links": [(item, url, url == current, _waiting(item, request)) for item, url in shown]}


def _waiting(item: NavItem, request: HttpRequest | None) -> int:
    return item.count(request) if item.count is not None and request is not None else 0


def _address(url_name: str) -> str:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


@register.filter
def undo_url(extra_tags: str | None) -> str:
    """The address that takes a notice's action back, if it has one."""
    return extra_tags.removeprefix(UNDO) if extra_tags and extra_tags.startswith(UNDO) else ""


@register.filter
def tone_icon(tone: str) -> str:
    """The icon that goes with a notice's level."""
    return TONE_ICONS.get(tone, "info")


# Small parts


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of ``static/img/icons.svg``; without ``label`` screen readers pass over it."""
    href = f"{static('img/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>', label, href
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"></use></svg>', href)


@register.simple_tag
def key(name: str) -> SafeString:
    """A key to press, as ``<kbd>``."""
    return format_html("<kbd>{}</kbd>", name)


@register.simple_tag
def avatar(name: str) -> SafeString:
    """A person's initials; the name itself must stand beside it."""
    return format_html('<span class="avatar-mark" aria-hidden="true">{}</span>', display.initials(name))


@register.inclusion_tag("components/grade.html")
def grade(letter: str | None, size: str = "", is_override: bool = False) -> dict[str, Any]:
    """A grade badge, A to D or none, told apart by letter, weight and outline; ``size`` is "" or "lg"."""
    known = letter if letter in GRADES else ""
    return {"letter": known, "size": size, "is_override": is_override}


@register.inclusion_tag("components/definition.html", takes_context=True)
def definition(context: Context, term: str, text: str) -> dict[str, Any]:
    """A term whose definition opens on hover, focus and touch."""
    return {"term": term, "text": text, "id": _unique_id(context, f"{term}|{text}")}


def _unique_id(context: Context, text: str) -> str:
    """An id that is the same at each rendering of a page, and never twice in it."""
    request = context.get("request")
    used: dict[str, int] = request.__dict__.setdefault("_bantam_ids", {}) if request else {}
    name = f"d{crc32(text.encode()):08x}"
    used[name] = used.get(name, 0) + 1
    return name if used[name] == 1 else f"{name}-{used[name]}"


# Moments


@register.simple_tag
def moment(at: datetime | None) -> SafeString | str:
    """``Mon 23 Nov, 11:40`` in the viewer's zone; the zone stands in the tooltip."""
    return display.NOTHING if at is None else _time(at, display.moment(at, now=timezone.now()))


@register.simple_tag
def ago(at: datetime | None) -> SafeString | str:
    """``3 h ago``; the exact moment stands in the tooltip."""
    return display.NOTHING if at is None else _time(at, display.ago(at, now=timezone.now()))


def _time(at: datetime, text: str) -> SafeString:
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', at.isoformat(), display.exact_moment(at), text
    )


@register.simple_tag
def duration(minutes: float | None, working: bool = True) -> str:
    """``2 h 10 min working time``; ``working=False`` for elapsed time."""
    if minutes is None:
        return display.NOTHING
    return display.duration(minutes) + (" working time" if working else "")


@register.inclusion_tag("components/due.html")
def due(
    at: datetime | None,
    minutes: float | None = None,
    at_risk: bool = False,
    paused: bool = False,
) -> dict[str, Any]:
    """A chip that says when something is due, and whether it is late.

    ``minutes`` is the working time left (below zero: overdue by so much); without it the chip
    names the moment. ``at_risk`` and ``paused`` are judged by the caller, who knows the terms.
    """
    if at is None:
        return {"state": "none", "icon": "clock", "text": "no due time", "title": ""}
    now = timezone.now()
    late = minutes < 0 if minutes is not None else at < now
    state = "paused" if paused else "late" if late else "risk" if at_risk else "calm"
    icons = {"paused": "pause", "late": "alert", "risk": "hourglass", "calm": "clock"}
    return {
        "state": state,
        "icon": icons[state],
        "text": _due_text(at, minutes, state, now),
        "at": at,
        "title": display.exact_moment(at) + (", counted in working time" if minutes is not None else ""),
    }


def _due_text(at: datetime, minutes: float | None, state: str, now: datetime) -> str:
    if state == "paused":
        return "paused"
    if minutes is None:
        return f"{'overdue since' if state == 'late' else 'due'} {display.moment(at, now=now)}"
    if state != "late" and minutes < 1 and at - now > timedelta(minutes=1):
        return f"due {display.moment(at, now=now)}"  # no working time is left, but the clock stands still
    left = display.short_duration(minutes)
    return f"overdue by {left}" if state == "late" else f"due in {left}"


# Points


@register.inclusion_tag("components/dimension_bars.html")
def dimension_bars(dimensions: Iterable[Any]) -> dict[str, Any]:
    """One bar a dimension, as long as its cap; takes objects or dicts with ``label, points, cap``
    and, where there is any, ``cut`` (points above the cap) and ``decayed`` (points lost by age)."""
    return {"bars": drawing.bars(dimensions)}


@register.inclusion_tag("components/thin_bars.html")
def thin_bars(dimensions: Iterable[Any]) -> dict[str, Any]:
    """Six thin bars for a table cell, read aloud as one sentence; takes what ``dimension_bars`` takes."""
    return {"bars": drawing.thin_bars(dimensions)}


@register.inclusion_tag("components/caps_bar.html")
def caps_bar(dimensions: Iterable[Any], total: int = 100) -> dict[str, Any]:
    """The caps of all dimensions as one bar towards ``total``; takes objects with ``label, cap``."""
    parts = drawing.stack(dimensions, total)
    given = sum(part.cap for part in parts)
    return {"parts": parts, "given": given, "total": total, "missing": total - given}


# Figures


@register.inclusion_tag("components/count_tile.html", takes_context=True)
def count_tile(  # noqa: PLR0913 - a tile is made of so many parts
    context: Context,
    label: str,
    value: object,
    href: str = "",
    definition: str = "",
    tone: str = "",
    note: str = "",
    trend: Sequence[float | None] = (),
) -> dict[str, Any]:
    """A large figure that leads to its rows; ``tone`` is "", "good", "warn" or "bad".

    ``value`` may be a number (grouped by thousands) or text such as ``86 %``.
    """
    figure = display.number(value) if isinstance(value, int) else value
    hint = _unique_id(context, f"{label}|{definition}")
    return {
        "label": label,
        "figure": figure,
        "href": href,
        "definition": definition,
        "tone": tone,
        "note": note,
        "trend": trend,
        "hint": hint,
    }


@register.inclusion_tag("components/sparkline.html")
def sparkline(values: Sequence[float | None], label: str) -> dict[str, Any]:
    """A small line without axes; gaps stand for None. ``label`` says what it shows."""
    return {"lines": drawing.polylines(values), "label": label}


@register.inclusion_tag("components/chart.html")
def chart(
    kind: str,
    title: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[object]],
    unit: str = "",
    target: float | None = None,
    marks: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """A plot with its table behind it; ``kind`` is "line", "step", "bar", "stacked" or "ranking".

    The first column names the rows (weeks, grades); each other column is one series. A ranking lies on
    its side, so that long names fit. A cell may be a ``drawing.Linked``. ``marks`` says by a row's name
    what happened there: a line across the plot.
    """
    said = marks or {}
    lines = [(map(drawing.linked, row), said.get(str(row[0]), "")) for row in rows]
    return {"kind": kind, "title": title, "columns": columns, "lines": lines, "unit": unit, "target": target}


@register.inclusion_tag("components/progress.html")
def progress(value: int, total: int, label: str, note: str = "") -> dict[str, Any]:
    """A bar for long work; ``note`` says for instance how much time is left."""
    return {"value": value, "total": total, "label": label, "note": note}


# Lists


@register.inclusion_tag("components/sort_header.html", takes_context=True)
def sort_header(context: Context, label: str, field: str, classes: str = "") -> dict[str, Any]:
    """A table head that sorts by ``?sort=field``, and turns the order at the second click."""
    query = context["request"].GET.copy()
    sorted_by = query.get("sort", "")
    order = {field: "ascending", f"-{field}": "descending"}.get(sorted_by, "")
    query["sort"] = f"-{field}" if order == "ascending" else field
    query.pop("page", None)
    return {"label": label, "order": order, "classes": classes, "href": f"?{query.urlencode()}"}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: Context, page: Page[Any], noun: str = "rows") -> dict[str, Any]:
    """Where we are in a long list of ``noun``, a plural, with links to the pages beside it (``?page=``)."""
    if page.paginator.count == 1:
        noun = "person" if noun == "people" else noun.removesuffix("s")
    return {"page": page, "noun": noun, "request": context["request"]}


@register.inclusion_tag("components/filter_sentence.html")
def filter_sentence(noun: str, chips: Sequence[Any], clear_url: str = "") -> dict[str, Any]:
    """The filters in force as a sentence; takes objects or dicts with ``text, remove_url``."""
    return {"noun": noun, "chips": chips, "clear_url": clear_url}


@register.inclusion_tag("components/tabs.html")
def tabs(items: Sequence[Any], label: str) -> dict[str, Any]:
    """Links to sibling views; takes objects or dicts with ``label, url, is_current`` and ``count``."""
    return {"items": items, "label": label}


@register.inclusion_tag("components/timeline.html")
def timeline(entries: Iterable[Any]) -> dict[str, Any]:
    """What happened, newest first; takes ``core.hooks.TimelineEntry``. ``kind`` is an icon's name."""
    return {"entries": entries}


@register.inclusion_tag("components/empty.html")
def empty(title: str, text: str, href: str = "", action: str = "", icon: str = "leads") -> dict[str, Any]:
    """An empty place: what will be here, and the one button that fills it."""
    return {"title": title, "text": text, "href": href, "action": action, "icon": icon}


@register.inclusion_tag("components/skeleton.html")
def skeleton(rows: int = 5) -> dict[str, Any]:
    """Grey lines in place of what is being fetched; they show after 300 ms."""
    return {"rows": range(rows)}


# Forms


@register.inclusion_tag("django/forms/field.html")
def field(bound: Any, unit: str = "") -> dict[str, Any]:
    """A form field with label, help and errors; ``unit`` stands behind the input."""
    return {"field": bound, "unit": unit}


@register.inclusion_tag("components/confirm.html", takes_context=True)
def confirm(
    context: Context, name: str, title: str, text: str, action: str, verb: str, danger: bool = False
) -> dict[str, Any]:
    """A dialog that asks before it posts to ``action``; opened by ``popovertarget="name"``."""
    return {"name": name, "title": title, "text": text, "action": action, "verb": verb, "danger": danger}
