#!/usr/bin/env python3
"""Puts each event of feeds into two calendar servers that others wrote, and reads it back.

    ical_caldav.py FILE...

Radicale takes an event apart and writes it anew, Xandikos judges and keeps it. Both run here, on loopback and in a
folder of their own. What comes back must say the same of every field that `ical_readers.py` knows. Exit 0 if it does.
"""

import base64
import contextlib
import http.client
import re
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path

from feed_world import free_port
from ical_readers import FIELDS, read_icalendar

USER = {"Authorization": "Basic " + base64.b64encode(b"user:user").decode()}
CALENDAR = {**USER, "Content-Type": "text/calendar; charset=utf-8"}
PATIENCE = 60


def events_of(data: bytes):
    """Each event as a calendar of its own: the feed's head, its zone, the event. As bytes, so nothing is mended."""
    head = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//arshjul//arshjul//SV\r\nCALSCALE:GREGORIAN\r\n"
    zone = re.search(rb"BEGIN:VTIMEZONE\r\n.*?END:VTIMEZONE\r\n", data, re.DOTALL)[0]
    for event in re.findall(rb"(?m)^BEGIN:VEVENT\r\n.*?^END:VEVENT\r\n", data, re.DOTALL):
        yield head + zone + event + b"END:VCALENDAR\r\n"


def different(paths):
    """Every event of the files once, in as many states as it has there, with what a reader says of it."""
    found = {}
    for path in paths:
        for own in events_of(path.read_bytes()):
            # A feed without a database says that everything changed on the day it is made.
            found.setdefault(re.sub(rb"(?m)^(DTSTAMP|LAST-MODIFIED):.*\r\n", b"", own), own)
    return [(read_icalendar(own)[0], own) for own in found.values()]


class Server:
    """A calendar server on loopback with one calendar."""

    def __init__(self, name, collection, command):
        self.name, self.collection = f"{name} {version(name)}", collection
        self.port = free_port()
        self.command = [part.replace("PORT", str(self.port)) for part in command]

    @contextlib.contextmanager
    def running(self, folder):
        with open(folder / f"{self.name}.log", "wb") as log:
            process = subprocess.Popen(self.command, cwd=folder, stdout=log, stderr=log)
        try:
            ends = time.monotonic() + PATIENCE
            while True:
                try:
                    status, _ = self.ask(http.client.HTTPConnection("127.0.0.1", self.port), "GET", "/", USER)
                    break
                except OSError:
                    if process.poll() is not None or time.monotonic() > ends:
                        sys.exit(f"{self.name} doesn't start: {(folder / f'{self.name}.log').read_text()}")
                    time.sleep(0.05)
            yield
        finally:
            process.terminate()
            process.wait()

    @staticmethod
    def ask(line, method, path, headers, body=None):
        line.request(method, path, body, headers)
        answer = line.getresponse()
        return answer.status, answer.read()

    def judge(self, events, folder):
        """What it refuses or changes."""
        with self.running(folder):
            line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
            self.ask(line, "MKCALENDAR", self.collection, USER)
            for wanted, own in events:
                yield from self.there_and_back(line, wanted, own)

    def there_and_back(self, line, wanted, own):
        uid = wanted["uid"]
        path = f"{self.collection}{uid}.ics"
        status, said = self.ask(line, "PUT", path, CALENDAR, own)
        if status not in (200, 201, 204):
            yield f"{self.name} refuses {uid} with {status}: {said[:200]!r}"
            return
        status, kept = self.ask(line, "GET", path, USER)
        try:
            [found] = read_icalendar(kept)
        except Exception as refusal:  # whatever a reader throws is its verdict
            yield f"{self.name} gives {uid} back with {status} as something else: {refusal}: {kept[:300]!r}"
            return
        for field in FIELDS:
            if found[field] != wanted[field]:
                yield f"{self.name} gives the {field} of {uid} back as {found[field]!r}, it was {wanted[field]!r}"


def servers():
    radicale = [sys.executable, "-m", "radicale", "--config", "", "--hosts", "127.0.0.1:PORT", "--auth-type", "none"]
    radicale += ["--storage-filesystem-folder", "radicale", "--logging-level", "warning"]
    xandikos = [sys.executable, "-m", "xandikos", "serve", "--defaults", "-d", "xandikos", "-l", "127.0.0.1"]
    xandikos += ["-p", "PORT", "--current-user-principal", "/user/", "--state-dir", "state"]
    return [
        Server("radicale", "/user/arshjul/", radicale),
        Server("xandikos", "/user/calendars/calendar/", xandikos),
    ]


def main():
    events = different([Path(name) for name in sys.argv[1:]])
    if not events:
        sys.exit("there are no events")
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor() as both:
        judged = both.map(lambda server: (server, list(server.judge(events, Path(folder)))), servers())
        refused = 0
        for server, reasons in judged:
            for reason in reasons:
                print(reason)
            refused += len(reasons)
            print(f"{server.name}: {len(events)} events there and back, {len(reasons)} complaints")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
