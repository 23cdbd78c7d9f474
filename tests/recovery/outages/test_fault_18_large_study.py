"""836 technologies: the statistics and the export of a round stay under a limit of memory.

`bench/bench_close_round.py --technologies 836 --answers 10032000` measures the whole size, 5,000 experts.
"""

import pytest
from django.db import connection

from bench.bench_close_round import in_own_process, make
from tests.served import environment_for

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only, pytest.mark.django_db(transaction=True)]
TECHNOLOGIES, EXPERTS = 836, 25
CLOSE_MB, EXPORT_MB = 350, 250


def test_fault_18_a_long_list_is_computed_and_exported_in_bounded_memory(tmp_path):
    round_id, stored = make(EXPERTS, TECHNOLOGIES)
    assert stored > 40_000
    connection.close()
    _seconds, closing = in_own_process("--close", round_id, environment_for(tmp_path))
    _seconds, exporting, size = in_own_process("--export", round_id, environment_for(tmp_path))
    assert closing < CLOSE_MB
    assert exporting < EXPORT_MB
    assert size > 0.3
