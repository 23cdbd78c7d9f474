"""A panel member's own questionnaire: read, save, submit; by the same services as the pages."""

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response
from rest_framework.views import APIView

from delphi_platform.api.authentication import IsMember, MemberToken
from delphi_platform.api.serializers import (
    ConsentSerializer,
    ErrorSerializer,
    QuestionnaireSerializer,
    SavedSerializer,
    SaveSerializer,
    SubmittedSerializer,
)
from foundation.exceptions import InvalidInput
from surveys.enums import RoundStatus
from surveys.exceptions import NotAssigned, RoundNotOpen
from surveys.models import Answer, Participation, Round, Technology
from surveys.respond.reading import TooLarge
from surveys.services.answers import Change, value_of
from surveys.services.consent import consent, consent_hash, consent_text
from surveys.services.reasons import ReasonChange
from surveys.services.response import save_response
from surveys.services.submission import submit

MOST_ITEMS = 500
REFUSED = OpenApiResponse(ErrorSerializer)


class ForMembers(APIView):
    authentication_classes = [MemberToken]
    permission_classes = [IsMember]

    def open_round(self) -> Round:
        """The study's open round in which the member takes part."""
        rounds = Round.objects.select_related("study__panel").filter(
            study__code=self.kwargs["code"], study__panel=self.request.user.panel_id
        )
        if not rounds.exists():
            raise NotAssigned
        found = rounds.filter(status=RoundStatus.OPEN).first()
        if found is None:
            raise RoundNotOpen
        return found

    def part_in(self, round: Round) -> Participation:
        part = Participation.objects.filter(round=round, member=self.request.user).first()
        if part is None:
            raise NotAssigned
        part.round = round
        return part

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response


class Questionnaire(ForMembers):
    """What this member is asked in the open round, and what was saved of it."""

    @extend_schema(responses={200: QuestionnaireSerializer, 404: REFUSED, 409: REFUSED})
    def get(self, request, code):
        round, member = self.open_round(), request.user
        part = self.part_in(round)
        asked = Technology.objects.filter(assignments__round=round, assignments__member=member)
        answers = Answer.objects.filter(round=round, member=member).select_related("question", "technology")
        body = {
            "study": round.study.code,
            "round": round.number,
            "status": part.status,
            "closes_at": round.closes_at,
            "consent": {
                "text": consent_text(round.study),
                "hash": consent_hash(round.study),
                "agreed_at": part.consented_at,
            },
            "technologies": asked.select_related("field").order_by("assignments__position"),
            "questions": round.study.questions.prefetch_related("choices"),
            "answers": [
                {
                    "question": answer.question.key,
                    "technology": answer.technology.code if answer.technology else None,
                    "value": value_of(answer).as_dict(),
                    "revision": answer.revision,
                }
                for answer in answers
            ],
        }
        return Response(QuestionnaireSerializer(body).data)


class Consent(ForMembers):
    """Agree to take part, to the text whose hash is sent. 409 where it is no longer the text."""

    @extend_schema(request=ConsentSerializer, responses={204: None, 400: REFUSED, 404: REFUSED, 409: REFUSED})
    def post(self, request, code):
        given = ConsentSerializer(data=request.data)
        _check(given)
        part = self.part_in(self.open_round())
        consent(participation=part, shown=given.validated_data["hash"], language=request.user.language)
        return Response(status=status.HTTP_204_NO_CONTENT)


class Save(ForMembers):
    """Save answers and reasons. Each item's outcome is told; a bad one does not lose the others.

    422 where every item was invalid and so nothing was stored; the body is the same.
    """

    @extend_schema(
        request=SaveSerializer,
        responses={
            200: SavedSerializer,
            422: SavedSerializer,
            400: REFUSED,
            403: REFUSED,
            404: REFUSED,
            409: REFUSED,
            413: REFUSED,
        },
    )
    def post(self, request, code):
        given = SaveSerializer(data=request.data)
        _check(given)
        items = given.validated_data
        if len(items["answers"]) + len(items["reasons"]) > MOST_ITEMS:
            raise TooLarge
        round = self.open_round()
        if items["round"] != round.number:
            raise RoundNotOpen
        saved = save_response(
            round=round,
            member=request.user,
            changes=[Change(**answer) for answer in items["answers"]],
            reasons=[ReasonChange(**reason) for reason in items["reasons"]],
            language=request.user.language,
        )
        outcomes = [*saved.answers, *saved.reasons]
        refused = bool(outcomes) and all(outcome.status == "invalid" for outcome in outcomes)
        return Response(
            {
                "status": saved.participation.status,
                "answers": [outcome.as_dict() for outcome in saved.answers],
                "reasons": [outcome.as_dict() for outcome in saved.reasons],
            },
            status=status.HTTP_422_UNPROCESSABLE_ENTITY if refused else status.HTTP_200_OK,
        )


class Submit(ForMembers):
    """Submit the response. Twice is once; answers may be changed until the round closes."""

    @extend_schema(
        request=None,
        responses={200: SubmittedSerializer, 400: REFUSED, 403: REFUSED, 404: REFUSED, 409: REFUSED},
    )
    def post(self, request, code):
        part = submit(round=self.open_round(), member=request.user)
        return Response(SubmittedSerializer(part).data, status=status.HTTP_200_OK)


def _check(given: serializers.Serializer) -> None:
    """Refuse what cannot be read, with every place that is wrong."""
    if not given.is_valid():
        raise InvalidInput(errors=_flat(given.errors))


def _flat(errors, place: str = "") -> dict[str, list[str]]:
    """Nested errors as `answers.0.value: [messages]`."""
    if isinstance(errors, dict):
        parts = errors.items()
    elif isinstance(errors, list) and any(isinstance(each, dict) for each in errors):
        parts = enumerate(errors)
    else:
        return {place: [str(each) for each in errors]}
    found: dict[str, list[str]] = {}
    for key, inner in parts:
        if inner:
            found |= _flat(inner, f"{place}.{key}" if place else str(key))
    return found
