"""What the rows mean so far, in plain words; what a row doesn't say yet is “…”."""

from rules.builder import inputs
from rules.builder.items import ACTIVITY, ALL, Group, Item, Row, is_lone
from rules.builder.language import Language
from rules.builder.reading import node_of
from rules.words import in_words

UNREAD = "…"


def sentence_of(root: Group, language: Language) -> str:
    """The same words as ``rules.words.in_words`` once every row can be read."""
    if is_lone(root):
        return _negated(_words(root.children[0], language), root.nots)
    return _words(root, language)


def _words(item: Item, language: Language) -> str:
    if isinstance(item, Row):
        node = node_of(item, language)
        words = in_words(node, language.registry, language.kinds) if node else _begun(item, language)
    elif item.children:
        joint = " and " if item.match == ALL else " or "
        words = joint.join(_part(child, language) for child in item.children)
    else:
        words = "always" if item.match == ALL else "never"
    return _negated(words, item.nots)


def _begun(row: Row, language: Language) -> str:
    """As far as the row has come: “Industry is one of …”."""
    if row.field == ACTIVITY:
        return f"an activity {UNREAD}"
    field = language.field(row.field)
    if field is None:
        return UNREAD
    operator = inputs.operators_of(field).get(row.op)
    return " ".join([field.label, *([inputs.label_of(operator)] if operator else []), UNREAD])


def _part(item: Item, language: Language) -> str:
    words = _words(item, language)
    is_joined = isinstance(item, Group) and len(item.children) > 1 and not item.nots
    return f"({words})" if is_joined else words


def _negated(words: str, nots: int) -> str:
    return "not (" * nots + words + ")" * nots
