#!/usr/bin/env python3
"""Subscribers as easily lost as Thunderbird's, while the daemon restarts, its disk fills and its files break.

    feed_faults.py ARSHJUL [--nginx NGINX]

Thunderbird turns a calendar off at an error, empties it at an empty answer, and keeps what it has when nobody answers.
Three such programs ask without pause, one of them without ever remembering a tag, and a fourth through nginx as
deploy/nginx.conf sets it up. None may be turned off or lose an event. The disk that fills is a small file system of its
own, for which this program starts itself again in a mount namespace; no rights are needed where the system grants those
to everybody, and the part is left out, and said to be, where it doesn't. Exit 0 if nothing was lost.
"""

import argparse
import collections
import datetime
import http.client
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from feed_world import Arshjul, Daemon, free_port, write_hard, years
from ical_readers import read_icalendar

HERE = Path(__file__).resolve().parent
FEED = "/feed/svara.ics"
#: Seconds that something may take before it counts as never.
PATIENCE = 60
#: Seconds between two polls of a subscriber.
PAUSE = 0.005
MEGABYTES = 6
INSIDE = "ARSHJUL_TEST_IN_NAMESPACE"


class Never(Exception):
    """Something that had to happen didn't."""


class Thunderbird(threading.Thread):
    """Asks again and again, and notes what would have cost it its calendar."""

    def __init__(self, name, port, tags=True):
        super().__init__(daemon=True)
        self.name, self.port, self.tags = name, port, tags
        self.tag = self.date = self.body = None
        self.events, self.seen, self.faults = {}, collections.Counter(), []
        self.stop, self.polls = threading.Event(), 0

    def run(self):
        while not self.stop.is_set():
            try:
                self.poll()
            except Exception as error:  # it must not end silently
                self.faults.append(f"{type(error).__name__}: {error}")
            self.polls += 1
            self.stop.wait(PAUSE)

    def poll(self):
        headers = {"Accept": "text/calendar,text/plain;q=0.8,*/*;q=0.5"}
        if self.tags and self.tag:
            headers["If-None-Match"] = self.tag
        elif self.tags and self.date:
            headers["If-Modified-Since"] = self.date
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            line.request("GET", FEED, headers=headers)
            answer = line.getresponse()
            body = answer.read()
        except TimeoutError:
            self.faults.append("nobody answered, and nobody hung up")
            return
        except (OSError, http.client.HTTPException):
            # Nobody is there, or went away in the middle: what it has, it keeps.
            self.seen["nobody"] += 1
            return
        finally:
            line.close()
        self.seen[answer.status] += 1
        if answer.status == 200:
            self.take(body)
            self.tag, self.date = answer.getheader("ETag"), answer.getheader("Last-Modified")
        elif answer.status != 304:
            self.faults.append(f"{answer.status} turns the calendar off: {body[:200]!r}")

    def take(self, body):
        if body == self.body:
            return
        if not body:
            self.faults.append("an empty answer empties the calendar")
        found = {event["uid"]: event for event in read_icalendar(body)}
        lost = [event for uid, event in self.events.items() if uid not in found and is_certain(event)]
        self.faults += [f"{event['summary'][:40]} of {event['start']} is lost" for event in lost]
        self.events, self.body = found, body

    def shows(self, title):
        return any(title in event["summary"] for event in self.events.values())


def is_certain(event) -> bool:
    """Whether it is in the feed also if midnight comes meanwhile."""
    day = datetime.date.fromisoformat(event["start"][:10])
    return abs((day - datetime.date.today()).days) < 365


class Ordeal:
    def __init__(self, program, folder: Path, nginx):
        self.folder, self.disk = folder, folder / "disk"
        self.files = write_hard(folder / "filer", years())
        self.sound = (self.files / "svara.toml").read_text(encoding="utf-8")
        self.disk.mkdir()
        self.arshjul = Arshjul(program, folder, workflows=self.files, database=self.disk / "feeds.db")
        self.daemon = Daemon(self.arshjul, "serve")
        self.faults, self.changes = [], 0
        self.readers = [Thunderbird(f"subscriber {n}", self.daemon.port, tags=n > 0) for n in range(3)]
        self.proxy = Proxy(nginx, folder, self.daemon.port) if nginx else None
        if self.proxy:
            self.readers.append(Thunderbird("subscriber through nginx", self.proxy.port))

    def wait(self, until, what):
        ends = time.monotonic() + PATIENCE
        while not until():
            if time.monotonic() > ends:
                raise Never(what)
            time.sleep(0.01)

    def everybody_asks(self):
        """Each has asked, and been answered, since now."""
        for reader in self.readers:
            polls, refused = reader.polls, reader.seen["nobody"]
            # The first may have begun before now.
            answered = lambda: reader.polls - polls - (reader.seen["nobody"] - refused) > 2
            self.wait(answered, f"an answer to {reader.name}")

    def nobody_is_there(self):
        for reader in self.readers:
            refused = reader.seen["nobody"]
            self.wait(lambda: reader.seen["nobody"] > refused + 1, f"{reader.name} finds nobody")

    def write(self, text):
        (self.files / "svara.toml").write_text(text, encoding="utf-8")
        self.daemon.process.send_signal(signal.SIGHUP)

    def change(self):
        """A change of the files that everybody must come to see: so they were not served a copy that never changes."""
        self.everybody_sees(self.retitle())

    def retitle(self) -> str:
        self.changes += 1
        title = f"Ändrat {self.changes} gånger"
        self.write(self.sound.replace('title = "Rundan"', f'title = "{title}"'))
        return title

    def everybody_sees(self, title):
        for reader in self.readers:
            self.wait(lambda: reader.shows(title), f"{reader.name} sees {title}")

    def start(self):
        if not self.daemon.start():
            sys.exit(f"it doesn't start again: {(self.folder / 'complaints').read_text()}")
        self.everybody_asks()

    def restarts(self):
        for how in (signal.SIGTERM, signal.SIGKILL) * 4:
            self.daemon.end(how)
            self.nobody_is_there()
            self.start()
        self.change()

    def breaks(self):
        half_a_line = self.sound + "\n[[meeting"
        unknown_key = self.sound.replace("note =", "nöte =")
        half_of_it = self.sound[: len(self.sound) // 2]
        for text in (half_a_line, unknown_key, "", half_of_it):
            self.write(text)
            self.everybody_asks()
            self.restart_with_these_files()
        (self.files / "svara.toml").unlink()
        self.daemon.process.send_signal(signal.SIGHUP)
        self.everybody_asks()
        self.restart_with_these_files()
        self.change()

    def restart_with_these_files(self):
        """It may refuse to start with broken files, but not serve less."""
        self.daemon.end()
        self.nobody_is_there()
        if not self.daemon.start():
            file = self.files / "svara.toml"
            broken = file.read_text(encoding="utf-8")
            file.write_text(self.sound, encoding="utf-8")
            self.start()
            self.write(broken)
        self.everybody_asks()

    def disk_fills(self):
        filling = self.disk / "full"
        for _ in range(3):
            self.fill(filling)
            self.everybody_asks()
            # Files are read from another disk, so there is something new that can't be stored.
            title = self.retitle()
            self.everybody_asks()
            filling.unlink()
            self.everybody_sees(title)

            self.fill(filling)
            self.retitle()
            self.daemon.end(signal.SIGKILL)
            self.nobody_is_there()
            # With a full disk it may refuse to start; what it serves if it does must be whole.
            if self.daemon.start():
                self.everybody_asks()
                self.daemon.end()
            filling.unlink()
            self.start()
            self.change()

    def fill(self, filling):
        if fill(filling) == 0:
            self.faults.append("the disk was full before it was filled")

    def run(self, parts):
        if not self.daemon.start():
            sys.exit((self.folder / "complaints").read_text())
        if self.proxy:
            self.proxy.start()
        for reader in self.readers:
            reader.start()
            self.wait(lambda: reader.events or reader.faults, f"the first answer to {reader.name}")
        for name, part in parts:
            before = {reader.name: reader.seen.copy() for reader in self.readers}
            part(self)
            for reader in self.readers:
                told = {str(status): reader.seen[status] - before[reader.name][status] for status in reader.seen}
                print(f"{name}: {reader.name} got {told}, {len(reader.events)} events, {len(reader.faults)} faults")

    def end(self):
        for reader in self.readers:
            reader.stop.set()
        for reader in self.readers:
            reader.join(PATIENCE)
            self.faults += [f"{reader.name}: {fault}" for fault in reader.faults[:20]]
            if not reader.events:
                self.faults.append(f"{reader.name} has no events")
        self.daemon.end()
        if self.proxy:
            self.proxy.end()


class Proxy:
    """nginx by deploy/nginx.conf, but for TLS and the places of its files."""

    def __init__(self, nginx, folder: Path, port):
        self.nginx, self.folder = nginx, folder / "nginx"
        self.folder.mkdir()
        self.port = free_port()
        text = (HERE.parents[1] / "deploy/nginx.conf").read_text(encoding="utf-8")
        text = re.sub(r"server \{\s*listen 80;.*?\n\}\n", "", text, flags=re.DOTALL)
        text = re.sub(r"listen 443 [^;]*;", f"listen 127.0.0.1:{self.port};", text)
        text = re.sub(r"\n *ssl_\w+ [^;]*;", "", text)
        text = text.replace("127.0.0.1:8080", f"127.0.0.1:{port}").replace("/var/log/nginx", str(self.folder))
        text = f"events {{}}\npid {self.folder}/pid;\nhttp {{\naccess_log off;\n{text}\n}}\n"
        if os.geteuid() == 0:
            # Root of a namespace can't become anybody else.
            text = f"user root;\n{text}"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"):
            text = text.replace("access_log off;", f"access_log off;\n{kind}_temp_path {self.folder}/{kind};", 1)
        (self.folder / "nginx.conf").write_text(text, encoding="utf-8")
        self.process = None

    def start(self):
        command = [self.nginx, "-p", str(self.folder), "-c", str(self.folder / "nginx.conf"), "-g", "daemon off;"]
        self.process = subprocess.Popen([*command, "-e", str(self.folder / "start.log")])

    def end(self):
        if self.process:
            self.process.terminate()
            self.process.wait()


def fill(path: Path) -> int:
    """Writes until nothing more can be written: by large blocks, then to the last byte."""
    written = 0
    with open(path, "wb", buffering=0) as file:
        for block in (65536, 4096, 1):
            try:
                while True:
                    written += file.write(b"\0" * block)
            except OSError:
                pass
    return written


def in_namespace() -> bool:
    """Whether file systems can be mounted here. If they can in a namespace of ours, this program goes on there."""
    if INSIDE in os.environ:
        return True
    enter = ["unshare", "--map-root-user", "--mount"]
    if subprocess.run([*enter, "mount", "-t", "tmpfs", "none", "/mnt"], stderr=subprocess.DEVNULL).returncode == 0:
        os.environ[INSIDE] = "1"
        os.execvp(enter[0], [*enter, sys.executable, *sys.argv])
    return False


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--nginx", help="the program; without it, nobody asks through a proxy")
    given = parser.parse_args()
    parts = [("restarts", Ordeal.restarts), ("broken files", Ordeal.breaks)]
    if in_namespace():
        parts.insert(1, ("full disk", Ordeal.disk_fills))
    else:
        print("full disk: left out, no file system can be mounted here")
    with tempfile.TemporaryDirectory() as folder:
        ordeal = Ordeal(given.program, Path(folder), given.nginx)
        if INSIDE in os.environ:
            size = f"size={MEGABYTES}m"
            subprocess.run(["mount", "-t", "tmpfs", "-o", size, "none", str(ordeal.disk)], check=True)
        try:
            ordeal.run(parts)
        except Never as what:
            ordeal.faults.append(f"it never came to this: {what}")
        finally:
            ordeal.end()
            if INSIDE in os.environ:
                subprocess.run(["umount", "--lazy", str(ordeal.disk)], check=True)
    for fault in ordeal.faults:
        print(f"FAULT {fault}")
    print(f"{sum(reader.polls for reader in ordeal.readers)} polls, {len(ordeal.faults)} faults")
    return 1 if ordeal.faults else 0


if __name__ == "__main__":
    sys.exit(main())
