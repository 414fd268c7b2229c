"""What a browser would send of a drawn builder: its inputs are read from the page, as anybody sees them."""

from html.parser import HTMLParser

from django.http import QueryDict
from django.template.loader import render_to_string

from rules.builder import BuilderState

UNSENT = ("submit", "button", "search")


class _Inputs(HTMLParser):
    """Gathers the successful controls of a page in their order."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[tuple[str, str]] = []
        self.select = self.textarea = ""
        self.text = ""
        self.first: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        name = given.get("name", "")
        match tag:
            case "input" if name and given.get("type") not in UNSENT:
                if given.get("type") != "checkbox" or "checked" in given:
                    self.sent.append((name, given.get("value", "")))
            case "select":
                self.select, self.first = name, None
            case "option":
                self.first = given["value"] if self.first is None else self.first
                if "selected" in given:
                    self.sent.append((self.select, given["value"]))
                    self.select = ""
            case "textarea":
                self.textarea, self.text = name, ""

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "select" and self.select:
            self.sent.append((self.select, self.first or ""))
        if tag == "textarea":
            self.sent.append((self.textarea, self.text.removeprefix("\n").replace("\n", "\r\n")))


def sent_by(state: BuilderState) -> QueryDict:
    """The form data of ``state`` as a browser without scripts sends it."""
    page = _Inputs()
    page.feed(render_to_string("rules/builder.html", {"builder": state}))
    page.close()
    post = QueryDict(mutable=True)
    for name, value in page.sent:
        post.appendlist(name, value)
    return post
