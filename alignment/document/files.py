"""Documents as YAML files: written for people and for Git, read without trust.

Only what JSON knows is read: ``true``, ``false``, ``null`` and JSON's numbers; every other plain word is
text, so ``no`` is Norway, ``2026-11-22`` no date and ``010`` no eight. Anchors, aliases and tags are
refused, and with them every way to make a small file large.
"""

import re
from collections.abc import Iterator
from typing import Any

import yaml

from alignment.document.reading import Document, read_document
from alignment.document.writing import Data, document_of, said_only
from alignment.models import Version
from core.errors import Invalid, Problem
from rules.values import printable

MOST_BYTES = 262_144
MOST_DEPTH = 40
MOST_NODES = 50_000
WIDTH = 100
SHORT = 72  # characters of a mapping or list that still stands in one line
HEAD = (
    "# A definition of a sales-ready lead, written by Bantam. docs/definition-file.md explains every key.\n"
)
NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
CONSTANTS: dict[str, object] = {"true": True, "false": False, "null": None, "": None}
BREAKS = ("\r", "\x85", "\u2028", "\u2029")
STR = "tag:yaml.org,2002:str"

Lines = dict[str, int]


def file_of(version: Version) -> str:
    """``version`` as a file, with the name of its definition and its reason."""
    head = {"name": version.definition.name, "reason": version.reason}
    document = document_of(version)
    return to_yaml({"bantam_definition": document.pop("bantam_definition"), **said_only(head), **document})


def to_yaml(document: Data) -> str:
    """``document`` as a file; the same document gives the same text."""
    return HEAD + yaml.dump(
        document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=WIDTH, default_flow_style=False
    )


def read_file(content: bytes) -> Document:
    """The document in a file; Invalid has every problem with its line and path."""
    data, lines = from_yaml(content)
    try:
        return read_document(data)
    except Invalid as error:
        found = tuple(Problem(each.message, _located(each.where, lines)) for each in error.problems)
        first = found[0]
        where = f"{first.where}: " if first.where else ""
        message = f"This file can't be read. {where}{first.message}"
        raise Invalid(message, problems=found) from None


def from_yaml(content: bytes) -> tuple[object, Lines]:
    """The data of one YAML document, and the line (from 1) of each path in it.

    Invalid says what is wrong and in which line: too large, no UTF-8, no YAML, two documents, anchors,
    aliases, tags, a key given twice, nested without end.
    """
    if len(content) > MOST_BYTES:
        raise _wrong(f"The file is larger than {MOST_BYTES // 1024} kB, which no definition is.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _wrong("The file isn't text in UTF-8.") from None
    try:
        return _Reader(yaml.parse(text, Loader=yaml.SafeLoader)).read()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _wrong(f"This is no YAML: {error.problem}.", None if mark is None else mark.line + 1) from None
    except yaml.YAMLError:
        raise _wrong("The file has characters that YAML doesn't allow.") from None


class _Reader:
    """Makes data of YAML's events, refusing what could surprise."""

    def __init__(self, events: Iterator[yaml.Event]) -> None:
        self.events, self.lines, self.nodes = events, Lines(), 0

    def read(self) -> tuple[object, Lines]:
        self._next()  # the stream begins
        if isinstance(self._next(), yaml.StreamEndEvent):
            raise _wrong("The file is empty.")
        data = self._value(self._next(), "", 1)
        self._next()  # the document ends
        if not isinstance(after := self._next(), yaml.StreamEndEvent):
            raise _wrong("The file has more than one document. Keep one a file.", _line(after))
        return data, self.lines

    def _next(self) -> Any:
        return next(self.events)

    def _value(self, event: Any, path: str, depth: int) -> object:
        self.nodes += 1
        self.lines.setdefault(path, _line(event))
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise _wrong("Anchors (&) and aliases (*) aren't read: write it out.", _line(event))
        if event.tag is not None:
            raise _wrong("Tags (!) aren't read: leave it out.", _line(event))
        if depth > MOST_DEPTH or self.nodes > MOST_NODES:
            raise _wrong("The file is nested too deep or has too many parts.", _line(event))
        match event:
            case yaml.MappingStartEvent():
                return self._mapping(path, depth)
            case yaml.SequenceStartEvent():
                return self._sequence(path, depth)
            case _:
                return _scalar(event)

    def _mapping(self, path: str, depth: int) -> dict[str, object]:
        data: dict[str, object] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent) or event.anchor or event.tag:
                raise _wrong("A key is a plain word.", _line(event))
            key = str(event.value)
            if key in data:
                raise _wrong(f"“{printable(key[:40])}” stands here twice.", _line(event))
            inside = f"{path}.{key}" if path else key
            self.lines[inside] = _line(event)
            data[key] = self._value(self._next(), inside, depth + 1)
        return data

    def _sequence(self, path: str, depth: int) -> list[object]:
        data: list[object] = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            data.append(self._value(event, f"{path}[{len(data)}]", depth + 1))
        return data


def _scalar(event: yaml.ScalarEvent) -> object:
    text = str(event.value)
    if event.style is not None:
        return text
    if text in CONSTANTS:
        return CONSTANTS[text]
    if (found := NUMBER.fullmatch(text)) is None or len(text) > 40:
        return text
    return float(text) if found[2] or found[3] else int(text)


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _located(where: str, lines: Lines) -> str:
    """``line 12, criteria[3].label``; a missing key has the line of what it is missing in."""
    path = where
    while path and path not in lines:
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    line = lines.get(path)
    return ", ".join(filter(None, (f"line {line}" if line else "", where)))


def _wrong(message: str, line: int | None = None) -> Invalid:
    where = "" if line is None else f"line {line}"
    whole = f"This file can't be read. {where.capitalize()}: {message}" if where else message
    return Invalid(whole, problems=(Problem(message, where),))


class _Dumper(yaml.SafeDumper):
    """Lists indented under their key, short leaves in one line, text quoted where a reader might guess."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: object) -> bool:
        return True


def _text(dumper: _Dumper, data: str) -> yaml.ScalarNode:
    style = "|" if "\n" in data else None
    if any(break_ in data for break_ in BREAKS):
        style = '"'  # escaped: the emitter would fold what others read as the end of a line
    return dumper.represent_scalar(STR, str(data), style=style)


def _mapping(dumper: _Dumper, data: dict[str, Any]) -> yaml.MappingNode:
    is_short = "key" not in data and _is_short(list(data.values())) and len(str(data)) <= SHORT
    return dumper.represent_mapping("tag:yaml.org,2002:map", data, flow_style=is_short)


def _list(dumper: _Dumper, data: list[Any]) -> yaml.SequenceNode:
    is_short = _is_short(data) and len(str(data)) <= SHORT
    return dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=is_short)


def _is_short(values: list[Any]) -> bool:
    """Whether nothing but plain values is in it, or at most lists of them."""
    plain = (str, int, float, bool, type(None))
    return all(
        isinstance(each, plain) or (isinstance(each, list) and all(isinstance(one, plain) for one in each))
        for each in values
    )


_Dumper.add_representer(str, _text)
_Dumper.add_multi_representer(str, _text)  # a choice is its value
_Dumper.add_representer(dict, _mapping)
_Dumper.add_representer(list, _list)
# Our numbers are JSON's: text such as 1e3 must be quoted, which YAML 1.1 alone wouldn't do.
_Dumper.add_implicit_resolver("!number", re.compile(rf"(?:{NUMBER.pattern})\Z"), list("-0123456789"))
