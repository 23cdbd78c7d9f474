"""One helper that fetches a study and authorises: an outsider is answered as if it did not exist."""

from experts.enums import Capability
from experts.permissions import capabilities_of, refuse
from foundation.exceptions import SignInNeeded
from surveys.models import Study


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
