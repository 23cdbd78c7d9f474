"""What the API shows. Fields are named one by one: nothing enters an answer by being added to a model."""

from django.utils.translation import gettext
from rest_framework import serializers

from surveys.enums import ChangeCause, Special, Stance
from surveys.respond.reading import MOST_PARTS

LONGEST_PART_KEY = 40


class Text(serializers.DictField):
    """Text by language code."""

    child = serializers.CharField()

    def to_representation(self, value):
        return dict(value)


class StudySerializer(serializers.Serializer):
    code = serializers.CharField()
    title = Text()
    purpose = Text()
    status = serializers.CharField()
    language = serializers.CharField()
    simulated = serializers.BooleanField()
    anonymity = serializers.CharField()
    minimum_group = serializers.IntegerField()
    quantile_type = serializers.IntegerField()
    protocol_hash = serializers.CharField()
    protocol_locked_at = serializers.DateTimeField(allow_null=True)


class TechnologySerializer(serializers.Serializer):
    code = serializers.CharField()
    key = serializers.CharField()
    name = Text()
    description = Text()
    field = serializers.CharField(source="field.key", default=None, allow_null=True)
    status = serializers.CharField()
    origin = serializers.CharField()


class ChoiceSerializer(serializers.Serializer):
    value = serializers.IntegerField()
    key = serializers.CharField()
    label = Text()


class QuestionSerializer(serializers.Serializer):
    key = serializers.CharField()
    type = serializers.CharField()
    role = serializers.CharField()
    asked_per = serializers.CharField()
    text = Text()
    help = Text()
    minimum = serializers.FloatField(allow_null=True)
    maximum = serializers.FloatField(allow_null=True)
    low_label = Text()
    high_label = Text()
    unit = Text()
    settings = serializers.DictField(help_text="What only this type has: limits, places, points, axes.")
    required = serializers.BooleanField()
    allow_cannot_judge = serializers.BooleanField()
    ask_reason = serializers.CharField()
    choices = ChoiceSerializer(many=True)


class RoundSerializer(serializers.Serializer):
    number = serializers.IntegerField()
    status = serializers.CharField()
    scope = serializers.CharField()
    opened_at = serializers.DateTimeField(allow_null=True)
    closes_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    analysed_at = serializers.DateTimeField(allow_null=True)
    n_asked = serializers.IntegerField()
    n_submitted = serializers.IntegerField()


class IntervalSerializer(serializers.Serializer):
    figure = serializers.CharField(help_text="Name as in the results' export: median, iqr, agreement_a, …")
    value = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()
    method = serializers.CharField(help_text="wilson, order statistics, student t, bca or percentile.")
    draws = serializers.IntegerField(allow_null=True, help_text="Of bootstrap intervals.")
    seed = serializers.IntegerField(allow_null=True, help_text="Of bootstrap intervals.")


class ResultSerializer(serializers.Serializer):
    technology = serializers.CharField(allow_null=True)
    question = serializers.CharField()
    suppressed = serializers.BooleanField(
        help_text="Fewer answers than the study's minimum: figures withheld."
    )
    n = serializers.IntegerField(allow_null=True)
    n_cannot_judge = serializers.IntegerField(allow_null=True)
    n_missing = serializers.IntegerField(allow_null=True)
    median = serializers.FloatField(allow_null=True)
    q1 = serializers.FloatField(allow_null=True)
    q3 = serializers.FloatField(allow_null=True)
    share = serializers.FloatField(allow_null=True)
    values = serializers.ListField(child=serializers.FloatField())
    counts = serializers.ListField(child=serializers.IntegerField())
    specials = serializers.DictField(child=serializers.IntegerField())
    statistics = serializers.DictField()
    intervals = IntervalSerializer(many=True, help_text="95 % intervals; none where too few answered.")


class VerdictSerializer(serializers.Serializer):
    technology = serializers.CharField()
    verdict = serializers.CharField()
    open_because = serializers.CharField(
        help_text="Why the verdict is open: no_rule, no_earlier_round, stability_unknown, not_stable, contradiction, "
        "undefined, undivided (stable, and members do not disagree), not_met. Empty for other verdicts."
    )
    is_stable = serializers.BooleanField(allow_null=True)
    figures = serializers.ListField(child=serializers.DictField())


class StabilitySerializer(serializers.Serializer):
    technology = serializers.CharField()
    question = serializers.CharField()
    previous_round = serializers.IntegerField()
    n_pairs = serializers.IntegerField()
    unchanged = serializers.FloatField(allow_null=True)
    statistics = serializers.DictField()


class PanelResultSerializer(serializers.Serializer):
    question = serializers.CharField()
    statistics = serializers.DictField()


class ResultsSerializer(serializers.Serializer):
    """The current computation of an analysed round, for the panel as a whole."""

    study = serializers.CharField()
    round = serializers.IntegerField()
    computation = serializers.CharField()
    method = serializers.DictField()
    input_hash = serializers.CharField()
    result_hash = serializers.CharField()
    protocol_hash = serializers.CharField()
    results = ResultSerializer(many=True)
    verdicts = VerdictSerializer(many=True)
    stability = StabilitySerializer(many=True)
    panel = PanelResultSerializer(many=True)


class Strict(serializers.Serializer):
    """Refuses fields that it does not name, instead of dropping them in silence."""

    def to_internal_value(self, data):
        if isinstance(data, dict) and (unknown := set(data) - set(self.fields)):
            raise serializers.ValidationError(
                {str(name)[:40]: [gettext("This field is not known.")] for name in unknown}
            )
        return super().to_internal_value(data)


class NumberField(serializers.FloatField):
    """A number, as the page's own scripts may send it: `true` is none, though Python counts it as 1."""

    def to_internal_value(self, data):
        if isinstance(data, bool):
            self.fail("invalid")
        return super().to_internal_value(data)


class ValueSerializer(Strict):
    """Some of these; none of them takes the answer back."""

    number = NumberField(required=False)
    low = NumberField(required=False)
    high = NumberField(required=False)
    text = serializers.CharField(required=False, allow_blank=True)
    special = serializers.ChoiceField(choices=Special.values, required=False)
    parts = serializers.DictField(
        child=NumberField(allow_null=True),
        required=False,
        help_text="Composite types: a number by option value, axis (x, y), pair (“1:2”) or “certainty”.",
    )

    def validate_parts(self, value):
        if len(value) > MOST_PARTS or any(len(key) > LONGEST_PART_KEY for key in value):
            raise serializers.ValidationError(gettext("This value cannot be read."))
        return value


class AnswerSerializer(Strict):
    question = serializers.SlugField()
    technology = serializers.CharField(allow_null=True, default=None)
    value = ValueSerializer(allow_null=True)
    base_revision = serializers.IntegerField(
        min_value=0, allow_null=True, default=None, help_text="Revision this change is based on; 0: none yet."
    )
    sequence = serializers.IntegerField(min_value=0, default=0)
    cause = serializers.ChoiceField(choices=ChangeCause.values, default="")


class ReasonSerializer(Strict):
    technology = serializers.CharField()
    text = serializers.CharField(allow_blank=True)
    stance = serializers.ChoiceField(choices=Stance.values, default="")
    base_revision = serializers.IntegerField(min_value=0, allow_null=True, default=None)
    sequence = serializers.IntegerField(min_value=0, default=0)


class SaveSerializer(Strict):
    round = serializers.IntegerField(help_text="Number of the round that the answers are meant for.")
    answers = AnswerSerializer(many=True, default=list)
    reasons = ReasonSerializer(many=True, default=list)


class OutcomeSerializer(serializers.Serializer):
    question = serializers.CharField()
    technology = serializers.CharField(allow_null=True)
    status = serializers.ChoiceField(choices=["saved", "unchanged", "stale", "conflict", "invalid"])
    revision = serializers.IntegerField()
    value = ValueSerializer()
    errors = serializers.ListField(child=serializers.CharField())


class ReasonOutcomeSerializer(serializers.Serializer):
    technology = serializers.CharField()
    status = serializers.CharField()
    revision = serializers.IntegerField()
    text = serializers.CharField()
    errors = serializers.ListField(child=serializers.CharField())


class SavedSerializer(serializers.Serializer):
    status = serializers.CharField(help_text="State of the response: started or submitted.")
    answers = OutcomeSerializer(many=True)
    reasons = ReasonOutcomeSerializer(many=True)


class OwnAnswerSerializer(serializers.Serializer):
    question = serializers.CharField()
    technology = serializers.CharField(allow_null=True)
    value = ValueSerializer()
    revision = serializers.IntegerField()


class ConsentTextSerializer(serializers.Serializer):
    """The text to be agreed to before anything is stored, and when this member did."""

    text = Text()
    hash = serializers.CharField()
    agreed_at = serializers.DateTimeField(allow_null=True)


class ConsentSerializer(Strict):
    hash = serializers.CharField(max_length=64, help_text="Hash of the text that was read.")


class QuestionnaireSerializer(serializers.Serializer):
    """What the member is asked in the open round, and what was saved of it."""

    study = serializers.CharField()
    round = serializers.IntegerField()
    status = serializers.CharField()
    closes_at = serializers.DateTimeField(allow_null=True)
    consent = ConsentTextSerializer()
    technologies = TechnologySerializer(many=True)
    questions = QuestionSerializer(many=True)
    answers = OwnAnswerSerializer(many=True)


class SubmittedSerializer(serializers.Serializer):
    status = serializers.CharField()
    submitted_at = serializers.DateTimeField()


class ErrorSerializer(serializers.Serializer):
    code = serializers.CharField()
    message = serializers.CharField()
    details = serializers.DictField()
