"""Speed and memory of mining, each figure from a fresh process so that peaks are its own."""

from __future__ import annotations

import json
import multiprocessing
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

from bench.mining_data import acl, batches, csl, uspto
from scanning.textmining import Mined, count_chunk, count_records, from_bytes, mine_counts, to_bytes


def run() -> None:
    print("(e) CPU seconds and peak memory, one process, file reading included")
    print(
        f"    {'corpus':<22}{'documents':>10}{'read s':>8}{'count s':>9}{'rank s':>8}"
        f"{'s/1000':>8}{'peak MB':>9}{'wall s':>8}"
    )
    # The last corpus is the third one with half of itself again, as other documents.
    for name in ("csl", "uspto", "acl-1000", "acl-4000", "acl-16000", "acl-33077", "acl-50000"):
        output = subprocess.run(
            [sys.executable, "-m", "bench.mining_speed", name], capture_output=True, text=True, check=True
        )
        row = json.loads(output.stdout)
        whole = row["read"] + row["count"] + row["rank"]
        print(
            f"    {name:<22}{row['documents']:>10}{row['read']:>8.1f}{row['count']:>9.1f}{row['rank']:>8.1f}"
            f"{1000 * whole / row['documents']:>8.2f}{row['peak']:>9}{row['wall']:>8.0f}"
        )
        if name in ("csl", "uspto", "acl-33077"):
            for place, term in enumerate(row["top"], 1):
                print(f"        {place:>3} {term}")
    incremental()


def incremental() -> None:
    """A full run with two workers, then 1,000 more documents on kept counts."""
    records = acl()
    began = time.perf_counter()
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        kept = pool.map(_count, list(batches(records[:-1000], 1000)), chunksize=1)
    mine_counts([from_bytes(data) for data in kept])
    full = time.perf_counter() - began
    began = time.perf_counter()
    kept.append(_count(records[-1000:]))
    mined = mine_counts([from_bytes(data) for data in kept])
    again = time.perf_counter() - began
    print(
        f"    two workers, {len(records) - 1000} documents: {full:.1f} s; 1,000 more on kept counts: {again:.1f} s"
    )
    print(f"    ({again / full:.2f} of the full run; kept counts {sum(map(len, kept)) / 1e6:.0f} MB)")
    print(f"    same list as one worker: {same(mined, mine_counts(list(count_records(records))))}")


def same(one: Mined, other: Mined) -> bool:
    return one.terms == other.terms


def _count(records):  # type: ignore[no-untyped-def]
    return to_bytes(count_chunk(records))


def measure(name: str) -> dict[str, object]:
    wall, began = time.perf_counter(), time.process_time()
    if name == "csl":
        records = csl()[0]
    elif name == "uspto":
        records = uspto()
    else:
        wanted = int(name.split("-")[1])
        records = acl(wanted)
        records += [replace(r, id=f"again {r.id}") for r in records[: wanted - len(records)]]
    read = time.process_time()
    parts = list(count_records(records))
    counted = time.process_time()
    mined = mine_counts(parts)
    done = time.process_time()
    return {
        "documents": len(records),
        "read": read - began,
        "count": counted - read,
        "rank": done - counted,
        "wall": time.perf_counter() - wall,
        "peak": peak_mb(),
        "top": [
            f"{term.name}" + (f" ({term.acronym})" if term.acronym else "") + f"  {term.documents} documents"
            for term in mined.terms[:20]
        ],
    }


def peak_mb() -> int:
    """Of this program alone: the maximum that getrusage gives survives exec, the parent's included."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) // 1024


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1])))
