"""What is said of a version and of its criteria."""

from typing import Any

from django import forms

from alignment.models import Version

MOST = 20
TEXT = forms.Textarea(attrs={"rows": 3})


class CommentForm(forms.Form):
    """A remark or an objection, on the whole version or one criterion; ``mention`` are ids of people."""

    text = forms.CharField(
        label="Comment",
        max_length=1000,
        widget=TEXT,
        help_text="Write @ and a name to tell somebody.",
    )
    about = forms.ChoiceField(label="About", required=False)
    is_objection = forms.BooleanField(
        label="This is an objection",
        required=False,
        help_text="Nobody can sign until it is settled.",
    )

    def __init__(self, version: Version, data: Any = None, *, about: str = "") -> None:
        super().__init__(data, initial={"about": about})
        criteria = [(row.key, row.label) for row in version.criteria.all()]
        field = self.fields["about"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [("", "The version as a whole"), *criteria]
        if version.kind == Version.Kind.EMERGENCY:
            self.fields["is_objection"].help_text = "Kept on record; it doesn’t stop an emergency rollback."

    @property
    def mentioned(self) -> list[int]:
        """The people ticked; what is no id of a row names nobody."""
        given = self.data.getlist("mention") if hasattr(self.data, "getlist") else []
        return [int(each) for each in given[:MOST] if each.isascii() and each.isdigit() and len(each) < 18]


class DeclineForm(forms.Form):
    """What should be different."""

    text = forms.CharField(label="What should be different?", max_length=1000, widget=TEXT)


class SettleForm(forms.Form):
    """How a comment was settled, or why an objection is put aside."""

    text = forms.CharField(max_length=1000, required=False)
