#!/usr/bin/env python3
"""Has several independent parsers judge feeds, and checks what none of them looks at.

    python3 -m venv judges && judges/bin/pip install icalendar vobject ics
    judges/bin/python tests/tools/ical_judges.py [--ical-js NODE_MODULES] FILE...

Exits 1 with a reason a line if any judge or rule refuses a file, 2 if a judge is missing.
`--ical-js` names a folder with the npm package `ical.js` (strict parsing, run by node).
"""

import argparse
import re
import subprocess
import sys
from collections import Counter
from importlib.metadata import version
from pathlib import Path

try:
    import icalendar
    import ics
    import vobject
except ImportError as missing:
    sys.exit(print(f"{missing}; see the top of this file") or 2)

LONGEST = 75
ICAL_JS = """
const fs = require("fs"), path = require("path"), {createRequire} = require("module"), {pathToFileURL} = require("url");
const entry = createRequire(path.resolve(process.argv[1], "x.js")).resolve("ical.js");
import(pathToFileURL(entry)).then(loaded => {
  const ICAL = loaded.default;
  ICAL.design.strict = true;
  const text = new TextDecoder("utf-8", {fatal: true}).decode(fs.readFileSync(process.argv[2]));
  const calendar = new ICAL.Component(ICAL.parse(text));
  for (const zone of calendar.getAllSubcomponents("vtimezone"))
    ICAL.TimezoneService.register(new ICAL.Timezone(zone));
  for (const component of calendar.getAllSubcomponents("vevent")) {
    const event = new ICAL.Event(component, {strictExceptions: true});
    if (event.endDate.compare(event.startDate) <= 0) throw new Error(`${event.uid} ends before it starts`);
  }
  console.log(calendar.getAllSubcomponents("vevent").length);
}).catch(error => { console.error(String(error)); process.exit(1); });
"""


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


def judge_icalendar(data: bytes, _):
    calendar = icalendar.Calendar.from_ical(data)
    faults = [f"{component.name}: {error}" for component in calendar.walk() for error in component.errors]
    events = list(calendar.walk("VEVENT"))
    faults += [f"lacks {name}" for event in events for name in event.required if name not in event]
    faults += [f"{event['UID']} ends before it starts" for event in events if event.end <= event.start]
    if faults:
        raise ValueError("; ".join(faults))
    return len(events)


def judge_vobject(data: bytes, _):
    calendar = vobject.readOne(data.decode("utf-8"))
    calendar.validate(raiseException=True)
    return len(getattr(calendar, "vevent_list", []))


def judge_ics(data: bytes, _):
    return len(ics.Calendar(data.decode("utf-8")).events)


def judge_ical_js(modules: str):
    def judge(_, path):
        ran = subprocess.run(["node", "-e", ICAL_JS, modules, str(path)], capture_output=True, text=True)
        if ran.returncode:
            raise ValueError(ran.stderr.strip())
        return int(ran.stdout)

    return judge


def main():
    arguments = argparse.ArgumentParser(description="Has several independent parsers judge iCalendar feeds.")
    arguments.add_argument("--ical-js", metavar="NODE_MODULES", help="folder that holds the npm package ical.js")
    arguments.add_argument("files", nargs="+", type=Path, metavar="FILE")
    given = arguments.parse_args()
    judges = {
        f"icalendar {version('icalendar')}": judge_icalendar,
        f"vobject {version('vobject')}": judge_vobject,
        f"ics {version('ics')}": judge_ics,
    }
    if given.ical_js:
        judges["ical.js"] = judge_ical_js(given.ical_js)

    refused = False
    for path in given.files:
        data = path.read_bytes()
        reasons = [f"rules: {reason}" for check in (rules, meaning) for reason in check(data)]
        counts = {"rules": data.count(b"BEGIN:VEVENT\r\n")}
        for name, judge in judges.items():
            try:
                counts[name] = judge(data, path)
            except Exception as refusal:  # whatever a judge throws is its verdict
                reasons.append(f"{name}: {type(refusal).__name__}: {refusal}")
        if len(set(counts.values())) > 1:
            reasons.append(f"the judges count differently: {counts}")
        for reason in reasons:
            print(f"{path}: {reason}")
        if not reasons:
            print(f"{path}: {counts['rules']} events, accepted by {', '.join(counts)}")
        refused = refused or bool(reasons)
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
