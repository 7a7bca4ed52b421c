"""Calendars as five readers that others wrote see them: each event as the same plain values, so they can be compared.

A moment is read through the reader's own handling of time zones. A name that stands in the machine's zone database
would be looked up there, and nothing be learnt of our VTIMEZONE, so the readers that use it are given the same bytes
under a name that no database has (`renamed`). `ics` always looks names up; it is given the bytes as they are.
"""

import datetime
import json
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import version
from pathlib import Path

try:
    import icalendar
    import ics
    import vobject
except ImportError as missing:
    sys.exit(print(f"{missing}; install tests/tools/requirements.txt") or 2)

HERE = Path(__file__).resolve().parent
#: What is read of an event.
FIELDS = ("uid sequence modified start end summary location status transp description categories url busy").split()


def renamed(data: bytes) -> bytes:
    """The same, in a zone that only its own VTIMEZONE describes. As long as before, so no fold moves."""
    return data.replace(b"Europe/Stockholm", b"Europa/Stockholm")


def when(value) -> str:
    """A day as 2025-03-30, a moment as 2025-03-30T00:30:00Z. A moment without a zone is refused."""
    if not isinstance(value, datetime.datetime):
        return value.isoformat()
    if value.utcoffset() is None:
        raise ValueError(f"{value} has no zone")
    return moment(value.timestamp())


def moment(seconds: float) -> str:
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_icalendar(data: bytes):
    calendar = icalendar.Calendar.from_ical(renamed(data))
    faults = [f"{component.name}: {error}" for component in calendar.walk() for error in component.errors]
    events = calendar.walk("VEVENT")
    faults += [f"lacks {name}" for event in events for name in event.required if name not in event]
    faults += [f"{event['UID']} ends before it starts" for event in events if event.end <= event.start]
    if faults:
        raise ValueError("; ".join(faults))
    text = lambda event, name: str(event.get(name, ""))
    return [
        {
            "uid": text(event, "UID"),
            "sequence": int(event.get("SEQUENCE", 0)),
            "modified": when(event["LAST-MODIFIED"].dt),
            "start": when(event.start),
            "end": when(event.end),
            "summary": text(event, "SUMMARY"),
            "location": text(event, "LOCATION"),
            "status": text(event, "STATUS"),
            "transp": text(event, "TRANSP"),
            "description": text(event, "DESCRIPTION"),
            "categories": sorted(str(word) for word in event.categories),
            "url": text(event, "URL"),
            "busy": text(event, "X-MICROSOFT-CDO-BUSYSTATUS"),
        }
        for event in events
    ]


def read_vobject(data: bytes):
    calendar = vobject.readOne(renamed(data).decode("utf-8"))
    calendar.validate(raiseException=True)
    found = []
    for event in getattr(calendar, "vevent_list", []):
        text = lambda name: event.contents[name][0].value if name in event.contents else ""
        found.append(
            {
                "uid": text("uid"),
                "sequence": int(text("sequence") or 0),
                "modified": when(text("last-modified")),
                "start": when(text("dtstart")),
                "end": when(text("dtend")),
                "summary": text("summary"),
                "location": text("location"),
                "status": text("status"),
                "transp": text("transp"),
                "description": text("description"),
                "categories": sorted(word for line in event.contents.get("categories", []) for word in line.value),
                "url": text("url"),
                "busy": text("x-microsoft-cdo-busystatus"),
            }
        )
    return found


def read_ics(data: bytes):
    found = []
    for event in ics.Calendar(data.decode("utf-8")).events:
        more = {line.name: line.value for line in event.extra}
        at = lambda time: time.date().isoformat() if event.all_day else moment(time.timestamp())
        found.append(
            {
                "uid": event.uid,
                "sequence": int(more.get("SEQUENCE", 0)),
                "modified": moment(event.last_modified.timestamp()),
                "start": at(event.begin),
                "end": at(event.end),
                "summary": event.name,
                "location": event.location or "",
                "status": event.status,
                "transp": "TRANSPARENT" if event.transparent else "OPAQUE",
                "description": event.description or "",
                "categories": sorted(event.categories),
                "url": event.url or "",
                "busy": more.get("X-MICROSOFT-CDO-BUSYSTATUS", ""),
            }
        )
    return found


LIBRARIES = {"icalendar": read_icalendar, "vobject": read_vobject, "ics": read_ics}


def read_here(library: str, path: str):
    """The events of a file by uid, or what is said against it. Whatever a reader throws is its verdict."""
    try:
        return LIBRARIES[library](Path(path).read_bytes())
    except Exception as refusal:
        return f"{type(refusal).__name__}: {refusal}"


class Library:
    """One that is called in this program, in as many processes as the pool has."""

    def __init__(self, name: str, pool: ProcessPoolExecutor):
        self.library, self.pool = name, pool
        self.name = f"{name} {version(name)}"

    def begin(self, paths):
        self.asked = [self.pool.submit(read_here, self.library, str(path)) for path in paths]

    def verdicts(self):
        return [asked.result() for asked in self.asked]


class Program:
    """One that runs by itself. It gets the paths of files and says a line of JSON for each, and one with its name."""

    def __init__(self, *command: str):
        self.command = command

    def begin(self, paths):
        named = [str(path) for path in paths]
        self.process = subprocess.Popen([*self.command, *named], stdout=subprocess.PIPE, text=True)
        self.wanted = len(named)

    def verdicts(self):
        said = self.process.communicate()[0].splitlines()
        if self.process.returncode or len(said) != self.wanted + 1:
            sys.exit(f"{self.command[1]} ended with {self.process.returncode} after {len(said)} lines")
        self.name = json.loads(said[0])
        return [json.loads(line) for line in said[1:]]


def all_readers(pool: ProcessPoolExecutor, modules: str | None, python: str | None):
    """`modules` is a folder that holds the npm package ical.js, `python` a Python with Debian's binding of libical."""
    readers = [Library(name, pool) for name in LIBRARIES]
    if modules:
        readers.append(Program("node", str(HERE / "ical_js.mjs"), modules))
    if python:
        readers.append(Program(python, str(HERE / "ical_libical.py")))
    return readers
