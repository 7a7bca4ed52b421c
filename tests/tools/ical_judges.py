#!/usr/bin/env python3
"""Has readers that others wrote judge feeds, holds their readings against each other, and checks what none looks at.

    ical_judges.py [--ical-js NODE_MODULES] [--libical PYTHON] [--plan PLAN] FILE...

With --plan every event must stand in PLAN (`arshjul plan --format json`) with the same dates, title, status and place,
and every occasion in it within a feed's time must be in one of the feeds of that day; a feed's day is the name of the
folder it lies in. Exits 1 with a reason a line if any judge or rule refuses a file, 2 if a judge is missing.
"""

import argparse
import json
import re
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from ical_plan import against_plan
from ical_readers import FIELDS, all_readers

LONGEST = 75


def rules(data: bytes):
    """Byte-level rules of RFC 5545 that parsers forgive."""
    if data.startswith(b"\xef\xbb\xbf"):
        yield "starts with a byte order mark"
    if not data.endswith(b"\r\n"):
        yield "does not end with CRLF"
    if re.search(rb"(?<!\r)\n|\r(?!\n)", data):
        yield "has a line break that is not CRLF"
    for number, line in enumerate(data.split(b"\r\n"), 1):
        if len(line) > LONGEST:
            yield f"line {number} has {len(line)} octets"
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError:
            yield f"line {number} is not UTF-8 by itself: a fold inside a letter, or another encoding"
            continue
        if any(ord(letter) < 32 and letter != "\t" or 127 <= ord(letter) < 160 for letter in text):
            yield f"line {number} has a control character"
        if not line and number <= data.count(b"\r\n"):
            yield f"line {number} is empty"


def meaning(data: bytes):
    """Rules over properties: read with nothing but the unfolding of section 3.1."""
    lines = re.sub(rb"\r?\n[ \t]", b"", data).decode("utf-8", "replace").splitlines()
    properties = [re.match(r'([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+=(?:"[^"]*"|[^";:,]*))*):(.*)$', line) for line in lines]
    for number, (line, found) in enumerate(zip(lines, properties), 1):
        if not found:
            yield f"logical line {number} is no property: {line[:60]!r}"
    found = [match.groups() for match in properties if match]
    for name in ("SUMMARY", "DESCRIPTION", "LOCATION", "NAME", "X-WR-CALNAME", "X-WR-CALDESC"):
        for value in (value for own, _, value in found if own == name):
            if re.search(r"(?<!\\)(?:\\\\)*[;,]", value) or re.search(r"(?<!\\)(?:\\\\)*\\[^\\;,nN]", value):
                yield f"{name} is badly escaped: {value[:60]!r}"
    uids = Counter(value for name, _, value in found if name == "UID")
    yield from (f"UID {uid} comes {count} times" for uid, count in uids.items() if count > 1)
    declared = {value for name, _, value in found if name == "TZID"}
    if not declared:
        yield "has no VTIMEZONE, so an empty feed would have no component"
    for name, parameters, _ in found:
        zone = re.search(r";TZID=([^;:]*)", parameters)
        if zone and zone[1] not in declared:
            yield f"{name} names the zone {zone[1]}, which has no VTIMEZONE"
    yield from intervals(found)


def intervals(found):
    """Each event has one start and one later end of the same type, a UID and its stamps."""
    event = None
    for name, parameters, value in found:
        if (name, value) == ("BEGIN", "VEVENT"):
            event = {}
        elif (name, value) == ("END", "VEVENT"):
            uid = event.get("UID", [("", "without a UID")])[0][1]
            for wanted in ("UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "STATUS"):
                if len(event.get(wanted, [])) != 1:
                    yield f"event {uid} has {len(event.get(wanted, []))} {wanted}"
            start, end = (event.get(name, [("", "")])[0] for name in ("DTSTART", "DTEND"))
            if start[0] != end[0] or end[1] <= start[1]:
                yield f"event {uid} runs from {start} to {end}"
            event = None
        elif event is not None:
            event.setdefault(name, []).append((parameters, value))


def is_known(name, field, wanted):
    """Whether a reader is known to read this wrong: ics takes a backslash before an n, escaped, for a line break."""
    return name.startswith("ics ") and field == "description" and "\\n" in wanted


def differences(verdicts):
    """What the readers read differently, each held against the first."""
    (first, wanted), *others = verdicts.items()
    wanted = {event["uid"]: event for event in wanted}
    for name, events in others:
        found = {event["uid"]: event for event in events}
        if len(events) != len(found) or found.keys() != wanted.keys():
            yield f"{name} reads {len(events)} events, {first} {len(wanted)}"
        for uid in found.keys() & wanted.keys():
            for field in FIELDS:
                if found[uid][field] != wanted[uid][field] and not is_known(name, field, wanted[uid][field]):
                    read = f"{found[uid][field]!r}, {first} {wanted[uid][field]!r}"
                    yield f"{name} reads the {field} of {uid} as {read}"


def judged(path: Path, verdicts):
    """What is wrong in a file, and its events."""
    data = path.read_bytes()
    reasons = [f"rules: {reason}" for check in (rules, meaning) for reason in check(data)]
    reasons += [f"{name}: {verdict}" for name, verdict in verdicts.items() if isinstance(verdict, str)]
    read = {name: verdict for name, verdict in verdicts.items() if not isinstance(verdict, str)}
    count = data.count(b"BEGIN:VEVENT\r\n")
    reasons += [f"{name} reads {len(found)} of {count} events" for name, found in read.items() if len(found) != count]
    if read:
        reasons += differences(read)
    return reasons, next(iter(read.values()), [])


def main():
    arguments = argparse.ArgumentParser(description="Has several independent readers judge iCalendar feeds.")
    arguments.add_argument("--ical-js", metavar="NODE_MODULES", help="folder that holds the npm package ical.js")
    arguments.add_argument("--libical", metavar="PYTHON", help="a Python with Debian's binding of libical")
    arguments.add_argument("--plan", metavar="PLAN", type=Path, help="what `arshjul plan --format json` says")
    arguments.add_argument("files", nargs="+", type=Path, metavar="FILE")
    given = arguments.parse_args()

    with ProcessPoolExecutor() as pool:
        readers = all_readers(pool, given.ical_js, given.libical)
        for reader in readers:
            reader.begin(given.files)
        read = [(reader.verdicts(), reader.name) for reader in readers]
    feeds, total, refused = {}, 0, 0
    for number, path in enumerate(given.files):
        reasons, feeds[path] = judged(path, {name: verdicts[number] for verdicts, name in read})
        total += len(feeds[path])
        refused += bool(reasons)
        for reason in reasons:
            print(f"{path}: {reason}")
    names = ", ".join(name for _, name in read)
    print(f"{len(feeds)} feeds with {total} events, {refused} refused, by the rules, {names}")
    if given.plan and not refused:
        occasions = [json.loads(line) for line in given.plan.read_text(encoding="utf-8").splitlines()]
        reasons, compared = against_plan(occasions, feeds)
        for reason in reasons:
            print(reason)
        print(f"{compared} occasions of the plan are as the feeds have them, {len(reasons)} complaints")
        refused += len(reasons)
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
