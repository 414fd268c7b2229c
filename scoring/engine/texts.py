"""Conditions on a text, worked out once for each different text that the leads have.

Titles, sources and industries repeat, and looking up what was found for the same text is cheaper than
trying its patterns again. PostgreSQL keeps such results (*Memoize*) for a subquery beside the row that it
may not merge with the query around it; where hardly any text repeats its planner keeps none.
"""

from collections import defaultdict
from collections.abc import Mapping

from rules.fields import FieldType, registry
from rules.nodes import Comparison, Node, leaves_in
from scoring.engine.dialect import can_remember, fence
from scoring.engine.text import Sql, glue, join

MANY = 12
"""As many patterns on one text cost more than a look-up of what was found for it."""


def remembered(columns: Mapping[str, Sql], trees: Mapping[str, Node]) -> tuple[dict[str, Sql], Sql]:
    """``columns`` with those on one text read from subqueries, and the joins of these, to come last.

    ``trees`` are the conditions of the columns by name. A text that few patterns are tried on stays as it is.
    """
    if not can_remember():
        return dict(columns), Sql("")
    found = dict(columns)
    joins = []
    for number, names in enumerate(_by_text(trees).values()):
        inner = [glue("{sql} AS {name}", sql=columns[name], name=name) for name in names]
        table = f"text_{number}"
        found |= {name: Sql(f"{table}.{name}") for name in names}
        joins.append(
            glue(
                " LEFT JOIN LATERAL (SELECT {inner}{fence}) {table} ON TRUE",
                inner=join(", ", inner),
                fence=fence(),
                table=table,
            )
        )
    return found, join("", joins)


def _by_text(trees: Mapping[str, Node]) -> dict[str, list[str]]:
    """The names of the conditions that ask for one text and nothing else, by its key."""
    names: dict[str, list[str]] = defaultdict(list)
    for name, tree in trees.items():
        if (key := _only_text(tree)) is not None:
            names[key].append(name)
    return {key: each for key, each in names.items() if sum(_patterns(trees[name]) for name in each) >= MANY}


def _only_text(tree: Node) -> str | None:
    """The key of the text, if the tree asks for nothing else."""
    keys = {leaf.field if isinstance(leaf, Comparison) else "" for leaf in leaves_in(tree)}
    key = keys.pop() if len(keys) == 1 else ""
    return key if key and registry.get(key).type is FieldType.TEXT else None


def _patterns(tree: Node) -> int:
    """How many texts the value is compared with."""
    values = [leaf.value for leaf in leaves_in(tree) if isinstance(leaf, Comparison)]
    return sum(len(value) if isinstance(value, tuple) else 1 for value in values)
