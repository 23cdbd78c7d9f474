"""A backtest: hide a corpus's last years, make the list as of then, report how many flagged really grew."""

import math

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from experts.enums import Capability
from experts.permissions import require
from foundation.exceptions import InvalidInput
from foundation.services import jobs
from foundation.services.audit import record
from foundation.services.jobs import Progress, job_kind
from scanning.exceptions import NoYears
from scanning.models import Backtest, Corpus, Document
from scanning.services.fence import hold
from scanning.services.reading import records_of
from scanning.textmining.backtest import Backtest as Judged
from scanning.textmining.backtest import flag, judge
from scanning.textmining.counting import count_by_year
from scanning.textmining.counts import Partial
from scanning.textmining.learned import Model, learn
from scanning.textmining.outlook import Standing, stand

BACKTEST = "scanning.backtest"
HORIZON, FACTOR, TOP = 3, 1.5, 50
# Flagged among terms that rise at the cut, by growth or by what was learned; or learned, among all terms.
GROWTH, LEARNED, DIPS_TOO = "growth", "learned", "dips_too"


def years_of(corpus: Corpus, language: str = "") -> dict[int, int]:
    """Documents per year, oldest first."""
    documents = Document.objects.filter(corpus=corpus, year__isnull=False).visible()
    if language:
        documents = documents.filter(language=language)
    rows = documents.values("year").annotate(n=Count("pk")).order_by("year")
    return {row["year"]: row["n"] for row in rows}


@transaction.atomic
def start_backtest(
    *,
    corpus: Corpus,
    actor,
    cut: int,
    language: str = "en",
    horizon: int = HORIZON,
    factor: float = FACTOR,
    top: int = TOP,
    by: str = GROWTH,
) -> Backtest:
    study = corpus.study
    require(actor, study.panel, Capability.REVIEW)
    params = {"cut": cut, "language": language, "horizon": horizon, "factor": factor, "top": top, "by": by}
    if not (1 <= horizon <= 10 and 1 < factor <= 10 and 1 <= top <= 500):
        raise InvalidInput
    if language not in ("en", "zh") or by not in (GROWTH, LEARNED, DIPS_TOO):
        raise InvalidInput
    years = years_of(corpus, language)
    if cut not in years or not any(year > cut for year in years) or min(years) >= cut:
        raise NoYears
    backtest = Backtest.objects.create(corpus=corpus, params=params, created_by=actor)
    record(stream=study.stream, action="backtest.started", actor=actor, target=corpus.name, detail=params)
    job = jobs.request_job(
        kind=BACKTEST,
        params={"backtest": backtest.pk},
        label=corpus.name,
        stream=study.stream,
        dedupe_key=f"backtest:{backtest.code}",
        actor=actor,
    )
    Backtest.objects.filter(pk=backtest.pk).update(job=job)
    backtest.refresh_from_db()
    return backtest


@job_kind(BACKTEST, _("Backtest"))
def run_backtest(progress: Progress) -> dict:
    backtest = Backtest.objects.select_related("corpus").get(pk=progress.params["backtest"])
    if backtest.finished_at:
        return backtest.result
    params = backtest.params
    language = params["language"]
    documents = (
        Document.objects.filter(corpus=backtest.corpus, language=language, year__isnull=False)
        .filter(year__lte=params["cut"] + params["horizon"])
        .visible()
    )
    parts = count_by_year(
        records_of(documents), None, lambda done, total: progress.update(done, total + total // 4 + 1)
    )
    standing = stand(parts, params["cut"], language)
    by = params.get("by", GROWTH)
    model = None if by == GROWTH else _learned(parts, params)
    flagged = flag(standing, model, params["top"], rising_only=by != DIPS_TOO)
    judged = judge(standing, flagged, params["horizon"], params["factor"])
    result = _as_dict(standing, flagged, judged)
    with transaction.atomic():
        hold(progress)
        Backtest.objects.filter(pk=backtest.pk).update(result=result, finished_at=timezone.now())
    return {"flagged": len(flagged), "rose": sum(judged.rose)}


def _learned(parts: list[Partial], params: dict) -> Model:
    """What earlier years teach, with outcomes no later than the cut: the model knows nothing of what is hidden."""
    years = sorted({int(year) for part in parts for year in part.documents.years})
    earlier = [stand(parts, year, params["language"]) for year in years[1:] if year < params["cut"]]
    try:
        return learn(earlier, params["cut"], params["horizon"], params["factor"])
    except ValueError as error:
        raise NoYears from error


def _as_dict(standing: Standing, flagged: list[int], judged: Judged) -> dict:
    here = standing.years.index(standing.cut)
    last = standing.years[min(here + judged.horizon, len(standing.years) - 1)]
    return {
        "years": list(standing.years),
        "totals": [int(n) for n in standing.totals],
        "last_year": last,
        "flagged": [
            {
                "name": term.name,
                "growth": round(float(standing.features["growth"][number]), 3),
                "counts": [int(n) for n in standing.counts[number]],
                "rose": rose,
            }
            for number, term, rose in zip(flagged, judged.flagged, judged.rose, strict=True)
        ],
        "rose": sum(judged.rose),
        "rate": _known(judged.rate),
        "base": _known(judged.base),
        "base_all": _known(judged.base_all),
        "eligible": judged.eligible,
        "undefined": "" if flagged else "none_rising",
    }


def _known(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 4)
