"""One version as SQL: what it gives each criterion of a lead, the sums, the grade and the gate.

Three steps: *facts* has a column for each criterion, *sums* the six dimensions (fenced, or the planner
would work them out again wherever total and grade use them), *judged* what is stored.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db.models import F, Q
from django.db.models.expressions import Combinable

from alignment.matrix import Matrix
from alignment.models import Dimension, Grade
from alignment.spec import VersionSpec
from leads.models import BantDimension, Lead
from rules.compile import Context, compile_q, prepare
from rules.fields import Field, registry
from rules.lookups import always, negate
from rules.nodes import ActivityCount, Node, fields_in, leaves_in
from scoring.engine import answers
from scoring.engine.activities import Measure, Pass, measure_of, measure_of_count
from scoring.engine.dialect import greatest, least
from scoring.engine.orm import Parts, flag, take_apart, truth
from scoring.engine.points import capped, range_of, rounded, totals_of
from scoring.engine.text import Sql, glue, join
from scoring.engine.texts import remembered
from scoring.models import Gate

DIMENSIONS = tuple(each.value for each in Dimension)
BANT = tuple(each.value for each in BantDimension)
STORED = ("lead_id", "version_id", *DIMENSIONS, "total", "grade", "bant", "gate")
"""The columns of *judged*, in this order."""
COMPUTED = "computed_grade"
"""The grade without what was set by hand, beside the stored columns of an explanation."""


def trees_of(spec: VersionSpec) -> Iterator[Node]:
    """Every condition tree of a version."""
    trees = [spec.scope, spec.gate_must_have]
    trees += [criterion.condition for criterion in spec.criteria]
    trees += [disqualifier.condition for disqualifier in spec.disqualifiers]
    trees += [tree for each in spec.dimensions for tree in (each.partial_when, each.met_when)]
    yield from (tree for tree in trees if tree is not None)


def counts_in(node: Node) -> Iterator[ActivityCount]:
    """Every question about activities in a tree."""
    return (leaf for leaf in leaves_in(node) if isinstance(leaf, ActivityCount))


def measures_of(spec: VersionSpec, *, is_explained: bool) -> Iterator[Measure]:
    """Every number of activities that a version's columns ask for.

    Explained, those of each criterion, with its decay and without; else its points come in ``totals_of``.
    """
    for criterion in spec.criteria if is_explained else ():
        if criterion.activity is not None:
            yield measure_of(criterion)
            yield measure_of(criterion, is_aged=False)
    for tree in trees_of(spec):
        yield from map(measure_of_count, counts_in(tree))


@dataclass(frozen=True, slots=True)
class Branch:
    """One version in a statement, under the number ``rank``, with the scopes that come before it."""

    spec: VersionSpec
    rank: int
    before: tuple[Node, ...]
    ctx: Context
    activities: Pass | None
    selection: Sql
    is_explained: bool = False
    takes_overrides: bool = True

    def facts(self) -> Sql:
        """``SELECT lead_id, in_scope, ...``: each criterion as its own column, for every chosen lead."""
        parts = self._parts()
        found, lookups = remembered(parts.columns, {} if self.is_explained else self._trees())
        columns = [glue("{sql} AS {name}", sql=sql, name=name) for name, sql in found.items()]
        columns += [glue("{sql} AS {name}", sql=sql, name=name) for name, sql in self._of_activities()]
        levels = [f"{answers.name_of(each)} AS answer_{each}" for each in BANT]
        return glue(
            "SELECT leads_lead.id AS lead_id, {columns} FROM {source}{joins} "
            "LEFT JOIN answers ON answers.lead_id = leads_lead.id{lookups} WHERE {chosen}",
            columns=join(", ", [*columns, *map(Sql, levels)]),
            lookups=lookups,
            source=parts.source,
            joins=self.activities.joins() if self.activities else "",
            chosen=self.selection.on("leads_lead.id"),
        )

    def sums(self) -> Sql:
        """The six dimensions cut to their caps, the BANT levels and what the gate asks besides."""
        columns = [glue("{sum} AS {name}", sum=self._dimension(each), name=each) for each in DIMENSIONS]
        columns += [Sql(f"{_level(each)} AS level_{each}") for each in BANT]
        forced = [f"d{number}" for number in range(len(self.spec.disqualifiers))]
        columns += [Sql(f"{' OR '.join(forced) or 'FALSE'} AS disqualified"), Sql("must_have")]
        return glue(
            "SELECT lead_id, {columns} FROM {facts} facts WHERE in_scope",
            columns=join(", ", columns),
            facts=f"facts_{self.rank}",
        )

    def judged(self) -> Sql:
        """What is stored of each lead in the scope; the columns are ``STORED``, explained also ``COMPUTED``
        and ``override_id``."""
        spec, takes = self.spec, self.takes_overrides
        dimensions = ", ".join(DIMENSIONS)
        total = f"SELECT sums.*, {' + '.join(DIMENSIONS)} AS total FROM sums_{self.rank} sums"  # noqa: S608 - own names
        bant = " + ".join(f"level_{each} * {4**place}" for place, each in enumerate(BANT))
        columns = (
            f"sums.lead_id, {spec.id} AS version_id, {dimensions}, total, {_grade(spec, takes)} AS grade"
        )
        columns += f", {bant} AS bant, {_gate(spec, takes)} AS gate"
        if self.is_explained:
            columns += f", {_grade(spec, False)} AS {COMPUTED}, override_id"
        by_hand = " LEFT JOIN overrides ON overrides.lead_id = sums.lead_id" if takes else ""
        return Sql(f"SELECT {columns} FROM ({total}) sums{by_hand}")  # noqa: S608 - own names and numbers

    def _parts(self) -> Parts:
        fields = [registry.get(key) for tree in trees_of(self.spec) for key in fields_in(tree)]
        fields += [registry.get(key) for tree in self.before for key in fields_in(tree)]
        needed = [field for field in dict.fromkeys(fields) if field.key not in self.ctx.given]
        rows = prepare(Lead.objects.all(), needed, self.ctx)
        values = self._values(fields) if self.is_explained else {}
        return take_apart(rows, {**self._conditions(), **values})

    def _conditions(self) -> dict[str, Combinable]:
        """A column for each condition: the points of a criterion, 0 where it doesn't hold; else whether it
        holds, false or null where it doesn't."""
        worth = {f"c{criterion.id}": criterion.points for criterion in self.spec.criteria}
        columns: dict[str, Combinable] = {"in_scope": truth(self._scope()), "must_have": truth(always(True))}
        columns |= {f"{level}_{each}": truth(always(False)) for each in BANT for level in ("partial", "met")}
        for name, tree in self._trees().items():
            condition = compile_q(tree, self.ctx)
            columns[name] = flag(condition, worth[name]) if name in worth else truth(condition)
        return columns

    def _trees(self) -> dict[str, Node]:
        """Every condition of the version but its scope, by the name of its column."""
        spec = self.spec
        trees = {f"c{criterion.id}": criterion.condition for criterion in spec.criteria}
        trees |= {f"d{number}": each.condition for number, each in enumerate(spec.disqualifiers)}
        trees["must_have"] = spec.gate_must_have
        for dimension in BANT:
            said = spec.dimension(Dimension(dimension))
            trees |= {f"partial_{dimension}": said.partial_when, f"met_{dimension}": said.met_when}
        return {name: tree for name, tree in trees.items() if tree is not None}

    def _values(self, fields: list[Field]) -> dict[str, Combinable]:
        """The lead's own values of every field that is asked for, for the explanation."""
        unique = list(dict.fromkeys(fields))
        return {value_name(field.key): field.value(self.ctx) for field in unique}

    def _scope(self) -> Q:
        own = always(True) if self.spec.scope is None else compile_q(self.spec.scope, self.ctx)
        return Q(own, *(negate(compile_q(tree, self.ctx)) for tree in self.before))

    def _of_activities(self) -> Iterator[tuple[str, Sql]]:
        if self.activities is None:
            return
        if not self.is_explained:
            for total in totals_of(self.spec, self.rank):
                yield total.name, Sql(self.activities.total(total))
            return
        for criterion in self.spec.criteria:
            if criterion.activity is not None:
                weight = self.activities.column(measure_of(criterion))
                unaged = self.activities.column(measure_of(criterion, is_aged=False))
                yield f"c{criterion.id}", capped(criterion, weight)
                yield f"r{criterion.id}", rounded(criterion, weight)
                yield f"u{criterion.id}", rounded(criterion, unaged)
                yield f"n{criterion.id}", Sql(f"{unaged} / 1000")
        nodes = (node for tree in trees_of(self.spec) for node in counts_in(tree))
        for measure in dict.fromkeys(map(measure_of_count, nodes)):
            yield f"n_{self.activities.names[measure]}", Sql(self.activities.column(measure))

    def _dimension(self, dimension: str) -> Sql:
        spec = self.spec.dimension(Dimension(dimension))
        criteria = self.spec.criteria_of(spec.dimension)
        terms = [f"c{each.id}" for each in criteria if each.activity is None or self.is_explained]
        if not self.is_explained:
            totals = totals_of(self.spec, self.rank)
            terms += [total.name for total in totals if total.dimension == spec.dimension]
        if not terms or not spec.cap:
            return Sql("0")
        low, high = range_of(criteria)
        points = Sql(" + ".join(terms))
        points = greatest("0", points) if low < 0 else points
        return least(str(spec.cap), points) if high > spec.cap else points


def value_name(key: str) -> str:
    """The column of a field's value in explained facts."""
    return f"v_{key.replace('.', '__')}"


def _level(dimension: str) -> str:
    """The latest answer, else what the version makes of facts."""
    inferred = f"CASE WHEN met_{dimension} THEN 2 WHEN partial_{dimension} THEN 1 ELSE 0 END"
    return f"COALESCE(answer_{dimension}, {inferred})"


def _grade(spec: VersionSpec, takes_overrides: bool) -> str:
    first = "WHEN disqualified THEN 'D'"
    if takes_overrides:
        first += " WHEN by_hand IS NOT NULL THEN by_hand"
    if spec.matrix is not None:
        return f"CASE {first} ELSE {_cell(spec.matrix, _quoted)} END"
    return (
        f"CASE {first} WHEN total >= {spec.floor_a} THEN 'A' "
        f"WHEN total >= {spec.floor_b} THEN 'B' WHEN total >= {spec.floor_c} THEN 'C' ELSE 'D' END"
    )


def _quoted(grade: str) -> str:
    return f"'{grade}'"


def _cell(matrix: Matrix, say: Callable[[str], str]) -> str:
    """What ``say`` makes of the grade in the lead's cell; fit is the total without engagement."""
    rows = [_part("engagement", matrix.engagement, list(map(say, row))) for row in matrix.grades]
    return _part("total - engagement", matrix.fit, rows)


def _part(points: str, floors: tuple[int, int, int], values: list[str]) -> str:
    """The one of four values whose part ``points`` belong to, the best first."""
    if len(set(values)) == 1:
        return values[0]
    whens = " ".join(
        f"WHEN {points} >= {floor} THEN {value}" for floor, value in zip(floors, values, strict=False)
    )
    return f"CASE {whens} ELSE {values[-1]} END"


def _low(spec: VersionSpec, takes_overrides: bool) -> str:
    """The bit of the grade if it is worse than the gate wants; empty where no grade is too low."""
    if spec.gate_grade == Grade.D:
        return ""
    worse = ", ".join(_quoted(grade) for grade in Grade.values if grade > spec.gate_grade)
    by_hand = f"WHEN by_hand IS NOT NULL THEN CASE WHEN by_hand IN ({worse}) THEN {Gate.GRADE:d} ELSE 0 END "
    if spec.matrix is not None:
        is_low = f"({_cell(spec.matrix, lambda grade: '1' if grade > spec.gate_grade else '0')}) = 1"
    else:
        floor = {Grade.A: spec.floor_a, Grade.B: spec.floor_b, Grade.C: spec.floor_c}[spec.gate_grade]
        is_low = f"total < {floor}"
    return (
        f"CASE WHEN disqualified THEN {Gate.GRADE:d} {by_hand if takes_overrides else ''}"
        f"WHEN {is_low} THEN {Gate.GRADE:d} ELSE 0 END"
    )


def _gate(spec: VersionSpec, takes_overrides: bool) -> str:
    """The bits of ``Gate`` that a lead misses."""
    reached = " + ".join(
        f"CASE WHEN level_{each} >= {spec.gate_bant_level:d} THEN 1 ELSE 0 END" for each in BANT
    )
    bits = [
        _low(spec, takes_overrides),
        f"CASE WHEN {reached} < {spec.gate_bant_count} THEN {Gate.BANT:d} ELSE 0 END",
        f"CASE WHEN must_have THEN 0 ELSE {Gate.MUST_HAVE:d} END",
        f"CASE WHEN disqualified THEN {Gate.DISQUALIFIED:d} ELSE 0 END",
    ]
    return " + ".join(filter(None, bits))


def outside(scopes: tuple[Node, ...], ctx: Context, source_selection: Sql, joins: Sql) -> Sql:
    """The leads that are in no version's scope, without a grade; the columns are ``STORED``."""
    fields = [registry.get(key) for tree in scopes for key in fields_in(tree) if key not in ctx.given]
    condition = Q(*(negate(compile_q(tree, ctx)) for tree in scopes)) if scopes else always(True)
    parts = take_apart(prepare(Lead.objects.all(), fields, ctx), {"outside": flag(condition), "id": F("pk")})
    return glue(
        "SELECT leads_lead.id AS lead_id, CAST(NULL AS bigint) AS version_id, {zeros}, 0 AS total, "
        "NULL AS grade, 0 AS bant, {bits} AS gate FROM {source}{joins} WHERE {chosen} AND {outside} = 1",
        zeros=", ".join(f"0 AS {each}" for each in DIMENSIONS),
        bits=str(Gate.NO_VERSION.value),
        source=parts.source,
        joins=joins,
        chosen=source_selection.on("leads_lead.id"),
        outside=parts.columns["outside"],
    )
