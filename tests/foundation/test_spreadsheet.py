import csv
import io

import pytest

from foundation.spreadsheet import csv_response, safe

DANGEROUS = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\x00=1", " =1", "＝1+1", "|cmd", "%x",
]  # fmt: skip


@pytest.mark.parametrize("text", DANGEROUS)
def test_fault_26_what_a_spreadsheet_could_run_is_marked_as_text(text):
    assert safe(text).startswith("'")


def test_harmless_text_and_numbers_stay_as_they_are():
    assert [safe(each) for each in ("a=b", "能源", -3, 2.5, None)] == ["a=b", "能源", -3, 2.5, None]


def test_fault_26_a_csv_download_is_safe_in_head_and_body_and_kept_by_no_cache():
    response = csv_response([DANGEROUS, [-1, "能源"]], file_name="数据.csv")
    head, body = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert all(cell.startswith("'") for cell in head)
    assert body == ["-1", "能源"]
    assert "no-store" in response["Cache-Control"]
    assert response["Content-Disposition"].startswith("attachment")
