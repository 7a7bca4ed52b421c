#!/usr/bin/env python3
"""A meeting that is moved, moved again and cancelled, as subscribers' calendars show it.

    feed_moved.py ARSHJUL NODE_MODULES [--keep FOLDER]

The demonstration runs on its virtual clock and is asked over HTTP by `feed_client.mjs`: programs that ask by tag and by
date, of the group's own feed and of one below it. Each must show one event, moved, then cancelled, then none, and
nothing else may happen to it or to any other. What each change made of the feeds is kept in FOLDER, for the judges.
Exit 0 if all holds.
"""

import argparse
import datetime
import json
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
from pathlib import Path

from feed_world import Arshjul, Daemon
from ical_plan import uid_of

WORKFLOW, MEETING = "sydostra/rsl", "mote-5.2025"
UID = uid_of({"workflow": WORKFLOW, "body": "rsl", "id": MEETING})
FEEDS = ("rsl", "kunskapsrad-diagnostik-och-sinnen")
BEGINS = datetime.date(2025, 2, 3)
#: How long something cancelled is shown.
SHOWN = 60
#: What begins between these days is in the feeds from the first poll to the last.
ALWAYS = ("2024-10-01", "2026-07-01")


def is_always(event) -> bool:
    return ALWAYS[0] <= event["start"][:10] < ALWAYS[1]


class Story:
    def __init__(self, program, modules, folder: Path, keep: Path | None):
        self.keep = keep
        self.arshjul = Arshjul(program, folder, database=folder / "moved.db")
        self.daemon = Daemon(self.arshjul, "demo", "--manual", "--date", BEGINS.isoformat())
        client = ["node", str(Path(__file__).parent / "feed_client.mjs"), modules]
        self.client = subprocess.Popen(client, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.today, self.others, self.statuses, self.looked, self.faults = BEGINS, {}, [], 0, 0

    def holds(self, true, what):
        self.looked += 1
        if not true:
            self.faults += 1
            print(f"FAULT {self.today}: {what}")

    def to(self, day: datetime.date, hour=12):
        self.today = day
        form = urllib.parse.urlencode({"datum": f"{day}T{hour:02}:00"}).encode()
        urllib.request.urlopen(f"{self.daemon.url}/demo/till", form).read()

    def poll(self, happened, event, status=None):
        """Every program asks. `happened` is what each must see; `event` how each must show it then, or None."""
        for feed in FEEDS:
            for by in ("tag", "date"):
                asks = {"subscriber": f"{feed} by {by}", "url": f"{self.daemon.url}/feed/{feed}.ics", "by": by}
                self.client.stdin.write(json.dumps(asks) + "\n")
                self.client.stdin.flush()
                self.check(asks["subscriber"], json.loads(self.client.stdout.readline()), happened, event, status)

    def check(self, who, told, happened, event, status):
        self.statuses.append(told["status"])
        for fault in told["faults"]:
            self.holds(False, f"{who}: {fault}")
        if status:
            self.holds(told["status"] == status, f"{who} gets {told['status']}, wanted {status}")
        shown = [own for own in told["events"] if own["uid"] == UID]
        others = sorted(own["uid"] for own in told["events"] if own["uid"] != UID and is_always(own))
        if self.others.setdefault(who, others) != others:
            self.holds(False, f"{who}: other events came or went: {set(others) ^ set(self.others[who])}")
        if happened == "new":
            self.holds(len(told["happened"]) == len(told["events"]) > 1, f"{who} sees {told['happened']}")
        else:
            seen = [(what, own["uid"]) for what, own in told["happened"] if is_always(own)]
            self.holds(seen == ([(happened, UID)] if happened else []), f"{who} sees {seen}, wanted {happened}")
        self.holds(len(shown) == (1 if event else 0), f"{who} shows it {len(shown)} times")
        for own in shown if event else ():
            for field, value in event.items():
                self.holds(own[field] == value, f"{who}: its {field} is {own[field]!r}, wanted {value!r}")

    def change(self, *command):
        self.arshjul.run(*command)
        # A fact from outside is taken in at the next knock: here, when time passes.
        self.to(self.today, 13)
        for feed in FEEDS if self.keep else ():
            with urllib.request.urlopen(f"{self.daemon.url}/feed/{feed}.ics") as answer:
                (self.keep / f"{self.today}-{feed}.ics").write_bytes(answer.read())

    def move(self, start, end):
        self.change("move", WORKFLOW, MEETING, "--start", start, "--end", end, "--place", "Växjö")

    def tell(self):
        day = datetime.timedelta(days=1)
        planned = {"start": "2025-10-15", "end": "2025-10-17", "sequence": 0, "status": "CONFIRMED", "location": ""}
        self.to(BEGINS)
        self.poll("new", planned, 200)
        self.poll(None, planned, 304)
        self.to(BEGINS + day)
        self.poll(None, planned)

        self.move("2025-10-27T09:00", "2025-10-27T12:30")
        moved = {"start": "2025-10-27T08:00:00Z", "end": "2025-10-27T11:30:00Z", "location": "Växjö"}
        moved["transp"] = "OPAQUE"
        self.poll("updated", {**moved, "sequence": 1, "status": "CONFIRMED", "summary": "RSL"}, 200)
        self.poll(None, {**moved, "sequence": 1}, 304)

        self.to(self.today + 30 * day)
        self.move("2025-10-20T09:00", "2025-10-20T12:30")
        again = {**moved, "start": "2025-10-20T07:00:00Z", "end": "2025-10-20T10:30:00Z"}
        self.poll("updated", {**again, "sequence": 2}, 200)

        self.to(self.today + 30 * day)
        self.change("cancel", WORKFLOW, MEETING)
        cancelled = {**again, "sequence": 3, "status": "CANCELLED", "summary": "INSTÄLLT: RSL", "transp": "TRANSPARENT"}
        self.poll("cancelled", cancelled, 200)
        told = self.today
        for days in (1, 7, 30, SHOWN - 1, SHOWN):
            self.to(told + days * day)
            self.poll(None, cancelled)
        self.to(told + (SHOWN + 1) * day)
        self.poll("gone", None, 200)
        self.poll(None, None, 304)
        self.to(self.today + 30 * day)
        self.poll(None, None)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("modules")
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    if given.keep:
        given.keep.mkdir()
    with tempfile.TemporaryDirectory() as folder:
        story = Story(given.program, given.modules, Path(folder), given.keep)
        try:
            if not story.daemon.start():
                sys.exit((Path(folder) / "complaints").read_text())
            story.tell()
        finally:
            story.daemon.end()
            story.client.stdin.close()
            story.client.wait()
    asked = {status: story.statuses.count(status) for status in sorted(set(story.statuses))}
    print(f"{story.looked} things looked at, {story.faults} faults; the answers were {asked}")
    return 1 if story.faults or not story.looked else 0


if __name__ == "__main__":
    sys.exit(main())
