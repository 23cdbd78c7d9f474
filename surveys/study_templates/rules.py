"""The consensus rules that templates use, in the form that `consensus.stats.rules` evaluates."""


def share_at_least(low: float, high: float, threshold: float) -> dict:
    """At least this share of the answers lies in the band."""
    return {"kind": "share", "band": [low, high], "op": ">=", "threshold": threshold}


def net_change_below(threshold: float) -> dict:
    """Fewer than this share of the answers moved on balance since the round before (Scheibe)."""
    return {"kind": "net_change", "op": "<", "threshold": threshold}


def cv_change_at_most(threshold: float) -> dict:
    """The coefficient of variation moved by at most this much: for estimates, whose values seldom repeat."""
    return {"kind": "cv_change", "op": "<=", "threshold": threshold}


def rand_ucla(region: str) -> dict:
    """The median lies in this third of the scale, and the panel does not disagree by the RAND/UCLA index."""
    return {"kind": "rand_ucla", "region": region, "disagreement": False}


def comet(verdict: str, groups: list[str]) -> dict:
    """70 % at one end of the scale and fewer than 15 % at the other, in each of these panel groups (COMET)."""
    return {"kind": "comet", "verdict": verdict, "groups": groups}


def median_within(low: float, high: float) -> dict:
    """The median lies in the band."""
    return {"kind": "median", "low": low, "high": high}


def iqr_at_most(limit: float) -> dict:
    """The interquartile range is no wider than this, in the question's own unit."""
    return {"kind": "iqr", "op": "<=", "threshold": limit}


def cv_at_most(limit: float) -> dict:
    """The standard deviation is at most this part of the mean."""
    return {"kind": "cv", "op": "<=", "threshold": limit}


def unchanged_at_least(share: float) -> dict:
    """At least this share of those who answered twice gave the same answer."""
    return {"kind": "unchanged", "op": ">=", "threshold": share}


def spearman_at_least(limit: float) -> dict:
    """The two rounds' answers of those who answered twice are correlated at least so much."""
    return {"kind": "spearman", "op": ">=", "threshold": limit}


def both(*parts: dict) -> dict:
    return {"all": list(parts)}
