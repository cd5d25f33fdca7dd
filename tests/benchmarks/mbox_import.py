"""Importing an mbox end to end against the raw loop: the same parser and one executemany a table.

End to end means duplicates, people, threads, participants and full text, in writes of about 20 ms,
and names and companies settled at the end. The raw loop parses, then fills bare tables without
indexes in one transaction. Figures are process CPU time; both run in turn in one process.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import sqlcipher3

from crm_desktop.domain.messages import Draft
from crm_desktop.importers import registry
from crm_desktop.model.database import Database
from crm_desktop.services.access import DirectAccess
from crm_desktop.services.identity import people_of
from crm_desktop.services.imports import import_paths
from tests.mail_samples import as_mbox, correspondence, write_mbox

MESSAGES = 10_000
ROUNDS = 5
MAX_RATIO = 2.0
BIG_FILE_BYTES = 1_000_000_000
MAX_RSS_BYTES = 300_000_000

_BARE_TABLES = """
CREATE TABLE people (address TEXT, name TEXT);
CREATE TABLE messages (external_id TEXT, content_key INTEGER, sent_at INTEGER, subject TEXT,
    preview TEXT, attachment_count INTEGER, kind TEXT);
CREATE TABLE message_people (message INTEGER, address TEXT, role TEXT);
CREATE TABLE message_references (message INTEGER, reference TEXT);
"""

_PEAK_SCRIPT = """
import resource, sys
from pathlib import Path
from crm_desktop.model.database import Database
from crm_desktop.services.access import DirectAccess
from crm_desktop.services.imports import import_paths
report = import_paths(DirectAccess(Database.open(Path(sys.argv[1]))), [Path(sys.argv[2])])
print(report.read, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
"""


def raw_loop(source: Path, target: Path) -> float:
    """CPU seconds to parse `source` and fill bare tables, one executemany each."""
    started = time.process_time()
    drafts = [
        item
        for part in registry.detect(source)
        for item in registry.read(part)
        if isinstance(item, Draft)
    ]
    with closing(sqlcipher3.connect(str(target), isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.executescript(_BARE_TABLES)
        connection.execute("BEGIN")
        connection.executemany(
            "INSERT INTO people VALUES (?, ?)",
            list(
                {m.address: (m.address, m.name) for d in drafts for m, _ in people_of(d)}.values()
            ),
        )
        connection.executemany(
            "INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    d.external_id,
                    d.content_key,
                    d.sent_at,
                    d.subject,
                    d.preview,
                    d.attachment_count,
                    d.kind.value,
                )
                for d in drafts
            ],
        )
        connection.executemany(
            "INSERT INTO message_people VALUES (?, ?, ?)",
            [(i, m.address, role) for i, d in enumerate(drafts) for m, role in people_of(d)],
        )
        connection.executemany(
            "INSERT INTO message_references VALUES (?, ?)",
            [(i, reference) for i, d in enumerate(drafts) for reference in d.references],
        )
        connection.execute("COMMIT")
    return time.process_time() - started


def end_to_end(source: Path, target: Path) -> float:
    """CPU seconds of the real import of `source` into a new database."""
    with closing(Database.open(target)) as database:
        started = time.process_time()
        import_paths(DirectAccess(database), [source])
        return time.process_time() - started


def measure(source: Path, folder: Path, rounds: int = ROUNDS) -> tuple[float, float]:
    """Median CPU seconds of (raw loop, real import), measured in turn."""
    raw, real = [], []
    for index in range(rounds):
        raw.append(raw_loop(source, folder / f"raw{index}.sqlite"))
        real.append(end_to_end(source, folder / f"real{index}.sqlite"))
    return statistics.median(raw), statistics.median(real)


def write_big_mbox(path: Path, size_bytes: int) -> None:
    """An mbox of at least `size_bytes`: correspondence whose messages carry long quoted texts."""
    padding = "\n".join(f"> line {i} of a long quoted letter about the garden" for i in range(400))
    with path.open("w", encoding="utf-8") as file:
        seed = 0
        while file.tell() < size_bytes:
            seed += 1
            texts = correspondence(500, seed=seed, crowd=100)
            file.write(as_mbox([f"{text}\n{padding}\n" for text in texts]))


def peak_rss_bytes(source: Path, target: Path) -> tuple[int, int]:
    """(messages read, peak resident bytes) of the real import in a process of its own."""
    output = subprocess.run(
        [sys.executable, "-c", _PEAK_SCRIPT, str(target), str(source)],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    return int(output[0]), int(output[1])


def main() -> None:
    """Measure, print, and fail when a promise is broken."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = write_mbox(folder / "box.mbox", correspondence(MESSAGES, crowd=120))
        raw_s, real_s = measure(source, folder)
        print(f"raw loop      {MESSAGES / raw_s:8,.0f} messages/s")
        print(f"real import   {MESSAGES / real_s:8,.0f} messages/s")
        print(f"ratio         {real_s / raw_s:8.2f}   (at most {MAX_RATIO})")
        big = folder / "big.mbox"
        write_big_mbox(big, BIG_FILE_BYTES)
        read, peak = peak_rss_bytes(big, folder / "big.sqlite")
        print(
            f"{big.stat().st_size / 1e9:.2f} GB mbox, {read:,} messages: peak memory"
            f" {peak / 1e6:,.0f} MB   (at most {MAX_RSS_BYTES / 1e6:,.0f})"
        )
        assert real_s / raw_s <= MAX_RATIO
        assert peak <= MAX_RSS_BYTES


if __name__ == "__main__":
    main()
