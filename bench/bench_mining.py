"""Quality and speed of the text mining, printed.

DELPHI_DATA_DIR=... python -m bench.bench_mining [keywords|backtest|topics|speed ...]
"""

from __future__ import annotations

import sys

from bench import mining_backtest, mining_keywords, mining_speed, mining_topics

BENCHES = {
    "keywords": mining_keywords.run,
    "backtest": mining_backtest.run,
    "topics": mining_topics.run,
    "speed": mining_speed.run,
}


def main(names: list[str]) -> None:
    for name in names or list(BENCHES):
        BENCHES[name]()  # type: ignore[operator]
        print(flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
