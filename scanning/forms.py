"""Forms of the scan pages. What they hold is validated again by the services."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.forms import LocalizedFormField
from scanning.enums import DocumentKind, MonitorSchedule, RejectReason
from scanning.formats import FORMATS
from scanning.models import Corpus
from scanning.recipe import (
    LANGUAGES,
    MOST_CANDIDATES,
    MOST_TOPICS,
    RANKINGS,
    TOPIC_METHODS,
    Recipe,
)


class UploadForm(forms.Form):
    """A file for a new corpus or for one that exists."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "Exports of OpenAlex, the Lens, Scopus, Web of Science, PubMed, CNKI, Wanfang, patent offices and funds; "
            "RIS, BibTeX, EndNote, RSS; CSV, Excel or JSON of your own; reports as PDF or DOCX. Plain, gzip or zip, "
            "in UTF-8, UTF-16 or GB18030."
        ),
    )
    corpus = forms.ModelChoiceField(
        Corpus.objects.none(),
        label=_("Corpus"),
        required=False,
        to_field_name="code",
        empty_label=_("A new corpus"),
    )
    name = forms.CharField(label=_("Name of the new corpus"), max_length=200, required=False)
    kind = forms.ChoiceField(label=_("Documents are"), choices=DocumentKind.choices)
    format = forms.ChoiceField(label=_("Format"), required=False)

    def __init__(self, *args, study, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["corpus"].queryset = study.corpora.kept()
        self.fields["format"].choices = [
            ("", _("Recognise it")),
            *((key, form.label) for key, form in FORMATS.items()),
        ]

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("corpus") and not cleaned.get("name") and cleaned.get("file"):
            cleaned["name"] = cleaned["file"].name.split(".")[0][:200]
        return cleaned


class RecipeForm(forms.Form):
    language = forms.ChoiceField(label=_("Language"), choices=list(LANGUAGES.items()))
    ranking = forms.ChoiceField(
        label=_("Order of the list"),
        choices=list(RANKINGS.items()),
        initial="established",
        help_text=_("“Rising” describes what has been observed so far. It does not forecast."),
    )
    limit = forms.IntegerField(
        label=_("Number of candidates"), min_value=1, max_value=MOST_CANDIDATES, initial=120
    )
    min_documents = forms.IntegerField(
        label=_("Fewest documents"),
        min_value=1,
        max_value=100_000,
        required=False,
        help_text=_("Left empty, it adapts to the size of the corpus."),
    )
    year_from = forms.IntegerField(label=_("From year"), min_value=1500, max_value=2200, required=False)
    year_to = forms.IntegerField(label=_("To year"), min_value=1500, max_value=2200, required=False)
    dictionary = forms.CharField(
        label=_("Terms to recognise"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=20_000,
        help_text=_("One a line, in either language. They are never split."),
    )
    stop_terms = forms.CharField(
        label=_("Terms never to propose"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=20_000,
        help_text=_("One a line."),
    )

    topics = forms.IntegerField(
        label=_("Number of topics"),
        min_value=0,
        max_value=MOST_TOPICS,
        initial=30,
        required=False,
        help_text=_("Topics keep the list varied. 0 leaves them out."),
    )
    topic_method = forms.ChoiceField(
        label=_("Topic method"), choices=list(TOPIC_METHODS.items()), initial="lsa", required=False
    )
    known = forms.CharField(
        label=_("Known list"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=50_000,
        help_text=_(
            "Technologies of the last exercise or of a strategy, one a line: what resembles them is less new."
        ),
    )

    def recipe(self) -> Recipe:
        values = {
            name: self.cleaned_data[name] for name in Recipe.__dataclass_fields__ if name in self.cleaned_data
        }
        values["topics"] = Recipe.topics if values["topics"] is None else values["topics"]
        values["topic_method"] = values["topic_method"] or Recipe.topic_method
        for name in ("dictionary", "stop_terms", "known"):
            values[name] = [line.strip() for line in values[name].splitlines() if line.strip()]
        return Recipe(**values)

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("year_from"), cleaned.get("year_to")
        if first and last and first > last:
            self.add_error("year_to", _("The last year lies before the first."))
        return cleaned


class MonitorForm(RecipeForm):
    """A recipe with a name and the times at which it runs."""

    name = forms.CharField(label=_("Name of the monitor"), max_length=200)
    schedule = forms.ChoiceField(
        label=_("Runs"), choices=MonitorSchedule.choices, initial=MonitorSchedule.WEEKLY
    )
    on_upload = forms.BooleanField(
        label=_("Also when new documents were imported"), required=False, initial=True
    )
    mail = forms.BooleanField(
        label=_("Mail alerts to all who review candidates"), required=False, initial=True
    )

    def monitor(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("name", "schedule", "on_upload", "mail")}


class ColumnsForm(forms.Form):
    """For each column of a table, what it means."""

    MEANINGS = {
        "title": _("Title"),
        "abstract": _("Abstract or text"),
        "date": _("Date"),
        "year": _("Year"),
        "doi": _("DOI"),
        "patent": _("Patent number"),
        "pmid": _("PubMed number"),
        "id": _("Another identifier"),
        "language": _("Language"),
        "kind": _("Kind of document"),
        "source": _("Journal or other source"),
        "url": _("Address"),
        "countries": _("Countries"),
        "organisations": _("Organisations"),
    }

    def __init__(self, *args, preview, mapping, **kwargs):
        super().__init__(*args, **kwargs)
        self.preview = preview
        known = {position: field for field, position in preview.guessed.items()}
        known |= {
            preview.header.index(header): field
            for field, header in mapping.items()
            if header in preview.header
        }
        for position, (header, _cells) in enumerate(preview.columns):
            self.fields[f"column_{position}"] = forms.ChoiceField(
                label=header or _("Column %(number)d") % {"number": position + 1},
                choices=[("", _("Not used")), *self.MEANINGS.items()],
                required=False,
                initial=known.get(position, ""),
            )

    def mapping(self) -> dict[str, str]:
        chosen = ((n, self.cleaned_data.get(f"column_{n}")) for n in range(len(self.preview.header)))
        return {field: self.preview.header[n] for n, field in chosen if field}

    def rows(self):
        """Each column with its field and its first cells."""
        return [
            (header, cells, self[f"column_{n}"]) for n, (header, cells) in enumerate(self.preview.columns)
        ]

    def clean(self):
        cleaned = super().clean()
        chosen = [value for value in cleaned.values() if value]
        for name, value in list(cleaned.items()):  # add_error takes the field out
            if value and chosen.count(value) > 1:
                self.add_error(name, _("Another column has this meaning already."))
        if not {"title", "abstract"} & set(chosen):
            raise forms.ValidationError(_("Say which column holds the title or the abstract."))
        return cleaned


class WordingForm(forms.Form):
    """Name, description and field of a candidate."""

    name = LocalizedFormField(label=pgettext_lazy("thing", "Name"), max_length=300)
    description = LocalizedFormField(label=_("Description"), max_length=4000, required=False, long=True)
    field = forms.ModelChoiceField(None, label=_("Field"), required=False, to_field_name="code")

    def __init__(self, *args, study, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["field"].queryset = study.fields.all()
        if not study.fields.exists():
            del self.fields["field"]


class RejectForm(forms.Form):
    reason = forms.ChoiceField(label=_("Reason"), choices=RejectReason.choices, required=False)
    note = forms.CharField(label=_("Note"), max_length=1000, required=False)
