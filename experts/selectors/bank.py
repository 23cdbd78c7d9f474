"""The expert bank as a list to search."""

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Lower

from experts.models import Expert, User


def experts_matching(text: str = "", country: str = "") -> QuerySet[Expert]:
    found = Expert.objects.annotate(n_panels=Count("memberships")).order_by(Lower("name"), "code")
    for word in text.split()[:8]:
        found = found.filter(
            Q(name__icontains=word)
            | Q(email__icontains=word)
            | Q(organisation__icontains=word)
            | Q(expertise__icontains=word)
        )
    return found.filter(country=country) if country else found


def countries() -> list[str]:
    named = Expert.objects.exclude(country="").values_list("country", flat=True)
    return list(named.distinct().order_by("country"))


def accounts_matching(text: str = "") -> QuerySet[User]:
    found = User.objects.annotate(n_roles=Count("panel_roles")).order_by(Lower("email"))
    for word in text.split()[:8]:
        found = found.filter(Q(name__icontains=word) | Q(email__icontains=word))
    return found
