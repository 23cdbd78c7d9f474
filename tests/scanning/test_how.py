"""What the years say, in sentences."""

from types import SimpleNamespace

from scanning.how import signal_sentences


def test_a_burst_of_one_year_is_no_span():
    told = signal_sentences(SimpleNamespace(signals={"bursts": [[2019, 2021, 1.0], [2025, 2025, 2.0]]}))
    assert told == ["Unusually frequent from 2019 to 2021.", "Unusually frequent in 2025."]
