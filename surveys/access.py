"""One helper that fetches a study and authorises: an outsider is answered as if it did not exist."""

from django.contrib.auth.views import redirect_to_login

from experts.enums import Capability
from experts.permissions import capabilities_of, refuse
from foundation.exceptions import NotAllowed
from surveys.models import Study


class SignInNeeded(NotAllowed):
    """Nobody is signed in; pages answer with the way to the sign-in form, whatever the address."""

    code = "sign_in"


def study_for(request, code: str, capability: str = Capability.VIEW) -> Study:
    """The study with this code, if the account may do `capability` in it. Sets `study.may` for templates."""
    study = Study.objects.select_related("panel").filter(code=code).first()
    if not request.user.is_authenticated:
        raise SignInNeeded
    allowed = capabilities_of(request.user, study.panel if study else None)
    if study is None or Capability(capability) not in allowed:
        refuse(request.user, code, str(capability))
    study.may = {str(each): True for each in allowed}
    return study


def to_sign_in(request):
    return redirect_to_login(request.get_full_path())
