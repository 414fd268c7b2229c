"""Starting a definition: from a template, or from a file."""

from django import forms
from django.core.files.uploadedfile import UploadedFile

from alignment.document.files import MOST_BYTES
from alignment.models import Definition
from alignment.querysets import active_versions
from alignment.services.starting import LONGEST_NAME
from alignment.shipped import TEMPLATES, Template

LAST = "after all others"


class StartForm(forms.Form):
    """A new definition: its name, its place in the order, and what it begins with."""

    name = forms.CharField(
        max_length=LONGEST_NAME, help_text="Whom it is for, such as “Enterprise” or “Partners”."
    )
    before = forms.TypedChoiceField(
        label="Its place",
        required=False,
        coerce=int,
        empty_value=None,
        help_text="A lead is judged by the first definition whose leads it is one of.",
    )
    template = forms.ChoiceField(
        label="Start from",
        choices=[(each.key, each.label) for each in TEMPLATES],
        initial=TEMPLATES[0].key,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]  # passed on as they came
        order = active_versions().select_related("definition")
        places = [("", f"{LAST[0].upper()}{LAST[1:]}")]
        places += [(str(each.pk), f"Before {each.definition}") for each in order]
        self.fields["before"].choices = places  # type: ignore[attr-defined]  # a field of choices
        if len(places) == 1:
            del self.fields["before"]

    @property
    def chosen(self) -> Template:
        """The template; the form must be valid."""
        return next(each for each in TEMPLATES if each.key == self.cleaned_data["template"])


class ImportForm(forms.Form):
    """A file, and what becomes of it: a new definition, or the next draft of one that exists.

    It stands beside a ``StartForm``, which has a name too: its labels lead to its own fields.
    """

    file = forms.FileField(
        label="YAML file",
        help_text="As “Export as a file” on the page of a version writes it. Export one to see every key.",
        widget=forms.ClearableFileInput(attrs={"accept": ".yaml,.yml,application/yaml,text/yaml"}),
        error_messages={"empty": "The file is empty."},
    )
    into = forms.TypedChoiceField(label="It becomes", required=False, coerce=int, empty_value=None)
    name = forms.CharField(
        max_length=LONGEST_NAME,
        required=False,
        help_text="Of a new definition. Empty: as the file names it.",
    )

    def __init__(self, *args: object, **options: object) -> None:
        options.setdefault("auto_id", "file_%s")
        super().__init__(*args, **options)  # type: ignore[arg-type]  # passed on as they came
        into = [(str(each.pk), f"a new draft of {each}") for each in Definition.objects.order_by("name")]
        self.fields["into"].choices = [("", "a new definition"), *into]  # type: ignore[attr-defined]  # as above

    def clean_file(self) -> bytes:
        """What it holds; one that is too large isn't read."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(
                f"The file is larger than {MOST_BYTES // 1024} kB, which no definition is."
            )
        return bytes(file.read())
