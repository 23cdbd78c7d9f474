"""What the API tells beside the results: voices, indicators, attrition, what-if. Fields are named one by one."""

from rest_framework import serializers

from delphi_platform.api.serializers import Text


class SaidSerializer(serializers.Serializer):
    round = serializers.IntegerField(help_text="Round in which the reply was written.")
    text = serializers.CharField()


class ThreadSerializer(serializers.Serializer):
    name = serializers.CharField(help_text="Drawn for exports and the API; the same each time.")
    round = serializers.IntegerField()
    technology = serializers.CharField(source="technology.code")
    gone = serializers.BooleanField(help_text="May no longer be read; holds the place of its replies.")
    stance = serializers.CharField()
    text = serializers.CharField()
    useful = serializers.IntegerField(help_text="Members, down to a multiple of the smallest group.")
    agree = serializers.IntegerField(help_text="Members, down to a multiple of the smallest group.")
    replies = SaidSerializer(many=True)


class ProposalSerializer(serializers.Serializer):
    round = serializers.IntegerField(source="round.number")
    kind = serializers.CharField()
    technology = serializers.CharField(source="technology.code", default=None, allow_null=True)
    question = serializers.CharField(source="question.key", default=None, allow_null=True)
    problem = serializers.CharField()
    field = serializers.CharField(source="field.key", default=None, allow_null=True)
    name = Text()
    description = Text()
    text = serializers.CharField()
    status = serializers.CharField()
    answer = serializers.CharField()
    became = serializers.CharField(source="became.code", default=None, allow_null=True)


class WordingSerializer(serializers.Serializer):
    technology = serializers.CharField(source="technology.code")
    question = serializers.CharField(source="question.key", default=None, allow_null=True)
    reports = serializers.IntegerField()
    problems = serializers.DictField(child=serializers.IntegerField())
    answered = serializers.IntegerField(source="cannot_judge.of", default=None, allow_null=True)
    cannot_judge_share = serializers.FloatField(
        source="cannot_judge.share",
        default=None,
        allow_null=True,
        help_text="Only where it is high, or reported, and enough people or nobody gave a value.",
    )


class CoefficientsSerializer(serializers.Serializer):
    ca = serializers.FloatField(allow_null=True)
    cs = serializers.FloatField(allow_null=True)
    cr = serializers.FloatField(allow_null=True)
    n_familiarity = serializers.IntegerField(allow_null=True)
    n_basis = serializers.IntegerField(allow_null=True)
    note = serializers.CharField(allow_null=True, help_text="Why there is no figure, or “suppressed”.")


class IndicatorSerializer(CoefficientsSerializer):
    panel_group = serializers.CharField(help_text="“all” is the whole panel.")
    sent = serializers.IntegerField(allow_null=True)
    returned = serializers.IntegerField(allow_null=True)
    submitted = serializers.IntegerField(allow_null=True)
    positivity = serializers.FloatField(allow_null=True)


class AuthoritySerializer(CoefficientsSerializer):
    technology = serializers.CharField()


class AttritionSerializer(serializers.Serializer):
    panel_group = serializers.CharField()
    previous_round = serializers.IntegerField()
    n_before = serializers.IntegerField()
    came_back = serializers.IntegerField()
    newcomers = serializers.IntegerField(allow_null=True)


class DropoutSerializer(serializers.Serializer):
    previous_round = serializers.IntegerField()
    question = serializers.CharField()
    technology = serializers.CharField(allow_null=True, help_text="Null: all technologies together.")
    n_completers = serializers.IntegerField()
    n_dropouts = serializers.IntegerField()
    mean_completers = serializers.FloatField(allow_null=True)
    mean_dropouts = serializers.FloatField(allow_null=True)
    difference = serializers.FloatField(allow_null=True)
    p_value = serializers.FloatField(allow_null=True)
    p_adjusted = serializers.FloatField(allow_null=True)


class CompleterSerializer(serializers.Serializer):
    previous_round = serializers.IntegerField()
    compared_round = serializers.IntegerField()
    technology = serializers.CharField()
    verdict_everyone = serializers.CharField()
    verdict_completers = serializers.CharField()
    n_everyone = serializers.IntegerField()
    n_completers = serializers.IntegerField()


class SupplementsSerializer(serializers.Serializer):
    """Figures beside the statistics of an analysed round; small groups are left out."""

    study = serializers.CharField()
    round = serializers.IntegerField()
    computation = serializers.CharField()
    hashes = serializers.DictField(child=serializers.CharField(), help_text="Of what is stored, by kind.")
    indicators = IndicatorSerializer(many=True)
    authority = AuthoritySerializer(many=True)
    attrition = AttritionSerializer(many=True)
    dropouts = DropoutSerializer(many=True)
    completers = CompleterSerializer(many=True)


class OutcomeOfRuleSerializer(serializers.Serializer):
    technology = serializers.CharField(source="technology.code")
    n = serializers.IntegerField(allow_null=True)
    verdict = serializers.CharField(allow_null=True, help_text="Of the protocol.")
    outcome = serializers.CharField(allow_null=True, help_text="Of the rule that was tried; never a verdict.")
    changed = serializers.BooleanField(allow_null=True)
    figures = serializers.ListField(child=serializers.CharField())
    suppressed = serializers.BooleanField()


class WhatIfSerializer(serializers.Serializer):
    study = serializers.CharField()
    round = serializers.IntegerField()
    question = serializers.CharField()
    status = serializers.CharField(help_text="Always “exploratory”.")
    settings = serializers.DictField()
    rule = serializers.DictField(child=serializers.CharField(), help_text="In words, by verdict.")
    outcomes = OutcomeOfRuleSerializer(many=True)
