"""Forms of the expert's voice, and the organisers' answer to it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.forms import LocalizedFormField
from surveys.enums import AskedPer, ProposalKind, TechnologyStatus, WordingProblem


class ProposalForm(forms.Form):
    """A technology for the list, in the expert's own language."""

    name = forms.CharField(label=_("Name of the entry"), max_length=300)
    description = forms.CharField(
        label=_("What it is"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    text = forms.CharField(
        label=_("Why it belongs on the list"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The organisers read it without your name. Leave out what would give you away."),
    )
    field = forms.ChoiceField(label=_("Field"), required=False)

    def __init__(self, *args, study, **kwargs):
        super().__init__(*args, **kwargs)
        fields = [(field.code, str(field)) for field in study.fields.all()]
        if fields:
            self.fields["field"].choices = [("", _("I do not know")), *fields]
        else:
            del self.fields["field"]


class WordingForm(forms.Form):
    """Other words for an entry; it starts from the words as they are."""

    name = forms.CharField(label=_("Name of the entry"), max_length=300, required=False)
    description = forms.CharField(
        label=_("Description"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    text = forms.CharField(
        label=_("Why"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args, technology, **kwargs):
        initial = {"name": str(technology.name), "description": str(technology.description)}
        super().__init__(*args, initial=initial, prefix="wording", **kwargs)


class FlagForm(forms.Form):
    """What is wrong with the wording, and of what."""

    question = forms.ChoiceField(label=_("Where"), required=False)
    problem = forms.ChoiceField(
        label=_("What is wrong"), choices=WordingProblem.choices, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=_("In your words"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args, study, **kwargs):
        super().__init__(*args, prefix="flag", **kwargs)
        asked = study.questions.filter(asked_per=AskedPer.TECHNOLOGY)
        self.fields["question"].choices = [
            ("", _("In the name or description")),
            *((question.key, str(question)) for question in asked),
        ]


class DecisionForm(forms.Form):
    """What an organiser decides on a proposal. The proposed texts may be edited before they are accepted."""

    name = LocalizedFormField(label=_("Name of the entry"), required=False, max_length=300)
    description = LocalizedFormField(label=_("Description"), required=False, max_length=4000)
    field = forms.ModelChoiceField(queryset=None, label=_("Field"), required=False, empty_label=_("No field"))
    into = forms.ModelChoiceField(
        queryset=None, label=_("Entry that covers it"), required=False, empty_label="–"
    )
    answer = forms.CharField(
        label=_("Answer to the proposer"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args, study, proposal, **kwargs):
        initial = {
            "name": proposal.name,
            "description": proposal.description,
            "field": proposal.field,
            "answer": proposal.answer,
        }
        super().__init__(*args, initial=initial, prefix=proposal.code, **kwargs)
        self.fields["field"].queryset = study.fields.all()
        self.fields["into"].queryset = study.technologies.filter(status=TechnologyStatus.ACTIVE)
        if proposal.kind == ProposalKind.FLAG:
            for name in ("name", "description", "field", "into"):
                del self.fields[name]
        elif proposal.kind == ProposalKind.REWORDING:
            for name in ("field", "into"):
                del self.fields[name]
