"""The grades that people set by hand, as far as they count at the moment of the judgement."""

from scoring.engine.text import Slot, Sql, glue


def override_pass(selection: Sql) -> Sql:
    """``overrides``: ``lead_id``, ``override_id`` and the grade ``by_hand``, at most one row for each chosen
    lead. ``selection`` is on ``{id}``; a constraint keeps a lead from having two that are open."""
    return glue(
        "overrides AS (SELECT lead_id, id AS override_id, grade AS by_hand FROM scoring_gradeoverride "
        "WHERE ended_at IS NULL AND ends_at > {now} AND {chosen})",
        now=Sql("%s", (Slot.NOW,)),
        chosen=selection.on("scoring_gradeoverride.lead_id"),
    )
