"""What a reader of the follow-up page asks for."""

from typing import Any

from django import forms

from feedback.models import SlaEvent
from feedback.reports.dashboard import Asked
from feedback.reports.splits import Split
from feedback.reports.weeks import WEEKS
from users.models import Team

PERIODS = {4: "4 weeks", 12: "12 weeks", 26: "26 weeks", 52: "52 weeks"}


class FollowUpForm(forms.Form):
    """Which clock, how many weeks, split by what, of which team; each may be left out.

    ``all`` shows long tables whole; ``whole`` has the figures of the period in the page at once, for a
    browser that doesn't fetch them.
    """

    clock = forms.ChoiceField(choices=SlaEvent.Clock.choices, required=False)
    split = forms.ChoiceField(choices=[(each.value, each.label) for each in Split], required=False)
    weeks = forms.TypedChoiceField(
        choices=list(PERIODS.items()), coerce=int, required=False, empty_value=str(WEEKS)
    )
    team = forms.ModelChoiceField(queryset=Team.objects.all(), required=False)
    all = forms.BooleanField(required=False)
    whole = forms.BooleanField(required=False)

    def asked(self, values: dict[str, Any]) -> Asked:
        """What was asked for, of values that were checked."""
        team: Team | None = values["team"]
        return Asked(
            clock=values["clock"] or SlaEvent.Clock.RESPONSE,
            split=Split(values["split"] or Split.GRADE),
            weeks=int(values["weeks"]),
            team_id=team.pk if team else None,
        )
