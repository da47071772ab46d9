"""Times the two sides of survey tools: one questionnaire in all its languages out to every tool, and LimeSurvey
responses of many people back.

python benchmarks/survey_exchange.py [rows] [questionnaire]
"""

from __future__ import annotations

import csv
import io
import os
import platform
import resource
import sys
import time
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from mce_utaut.cli import questionnaire as questionnaires
from mce_utaut.instrument.model import Instrument
from mce_utaut.survey import registry


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    instrument = questionnaires.load(sys.argv[2] if len(sys.argv) > 2 else "mce_student")
    print(
        f"Python {platform.python_version()}, numpy {version('numpy')}, pandas {version('pandas')}, "
        f"{os.cpu_count()} cores; {instrument.id} in {len(instrument.languages)} languages"
    )
    export(instrument)
    read(instrument, rows)


def export(instrument: Instrument) -> None:
    """One questionnaire to every tool, slowest first."""
    taken, cpu = {}, time.process_time()
    for name, module in registry.TOOLS.items():
        start = time.perf_counter()
        module.export(instrument)
        taken[name] = time.perf_counter() - start
    for name, seconds in sorted(taken.items(), key=lambda pair: -pair[1]):
        print(f"export to {name:<12} {seconds:6.2f} s")
    cpu = time.process_time() - cpu
    print(f"export to all tools    {sum(taken.values()):6.2f} s ({cpu:.2f} s of processor)")


def read(instrument: Instrument, rows: int) -> None:
    """LimeSurvey responses with codes as headings and as answers, every row with other answers."""
    content = limesurvey_csv(instrument, rows)
    start, cpu = time.perf_counter(), time.process_time()
    found = registry.read_responses(instrument, [SimpleNamespace(name="results.csv", content=content)])
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"import of {found.n} LimeSurvey rows ({len(content) / 2**20:.0f} MiB): {seconds:.2f} s "
        f"({cpu:.2f} s of processor), peak memory {peak:.0f} MiB"
    )


def limesurvey_csv(instrument: Instrument, rows: int) -> bytes:
    """Complete responses as LimeSurvey's remote interface writes them."""
    columns = registry.TOOLS["limesurvey"].export(instrument).column_map.columns
    consent = instrument.consent
    headings = ["id", "submitdate", "lastpage", "startlanguage", "seed"]
    makers = []
    for column in columns:
        headings.append(column.heading)
        codes = [code for code in column.values if code not in ("-oth-", "N")] or None
        if consent and column.question == consent.question:
            codes = [consent.among[0]]
        asked = instrument.question(column.question).type
        makers.append((codes, asked))
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(headings)
    for row in range(rows):
        cells = [str(row + 1), "1980-01-01 00:00:00", "12", instrument.languages[row % len(instrument.languages)]]
        cells.append(str(10_000_000 + row))
        for place, (codes, asked) in enumerate(makers):
            if codes:
                cells.append(codes[(row * (place + 3) + row // 7) % len(codes)])
            elif asked in ("integer", "number"):
                cells.append(str(1 + row % 7))
            else:
                cells.append(f"Answer {row} in my own words, {place}" if row % 3 else "")
        writer.writerow(cells)
    return stream.getvalue().encode("utf-8-sig")


if __name__ == "__main__":
    main()
