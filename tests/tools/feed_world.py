"""What the tests of feeds share: workflow files with events that are hard to show right, a daemon, a feed's bytes.

    feed_world.py ARSHJUL OUT

writes the public feeds of several days to OUT/SET/DAY/NAME.ics, and what `arshjul plan` says of the same files to
OUT/SET/plan.jsonl. The sets are the shipped files, as `init` gives them to each sjukvårdsregion, and the hard events
below.
"""

import datetime
import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

REGIONS = ("sydostra", "mellansverige")
#: As of these days the feeds together reach from 2020-12 to 2030-06, each 13 months back and 18 forward.
DAYS = ("2022-01-15", "2023-02-28", "2024-02-29", "2025-03-30", "2026-10-25", "2027-12-31", "2028-12-31")
#: The years that feed and plan are held against each other for.
FIRST, LAST = 2022, 2028

ORGANISATION = """
title = "Sjukvårdsregionen i mätningen"

[[kind]]
id = "grupp"
title = "Möten, möjligen; \\\\ övriga"
roles = ["ordförande"]
stand-ins = ["ordförande"]

[[body]]
id = "gruppen"
name = "Gruppen för åäö, ÅÄÖ & 🙂; med \\"citat\\" och ett namn som är så långt att raden måste vikas på flera ställen"
kind = "grupp"
"""
LONG = (
    "Första raden; med semikolon, komma och \\ bakstreck.\n\tAndra raden börjar med en tabb: \"citerat\".\n\n"
    "Ett ordsåtredjedelslångtattdetintefårplatspåenradochmåstedelasmittiordetmenaldrigmittienbokstavåäöÅÄÖ🙂🙂🙂🙂 "
    "och sedan blanksteg   tre i rad. BEGIN:VEVENT och \\n är vanlig text här. " * 6
)


def last_sunday(year: int, month: int) -> datetime.date:
    day = datetime.date(year, month, 31)
    return day - datetime.timedelta(days=(day.weekday() + 1) % 7)


def hard_events(year: int):
    """Entry, title, start, end and what else stands in the file, for one year.

    A time that autumn has twice is not among them: the standard means the first of the two, ical.js and libical take
    the second.
    """
    day = lambda *at: datetime.date(year, *at)
    at = lambda day, hour, minute=0: datetime.datetime.combine(day, datetime.time(hour, minute))
    spring, autumn, one = last_sunday(year, 3), last_sunday(year, 10), datetime.timedelta(days=1)
    yield "fore-sommartid", "Kvällen före sommartid", at(spring - one, 22), at(spring, 4), {}
    yield "i-luckan", "En tid som inte finns", at(spring, 2, 30), at(spring, 4), {}
    yield "efter-sommartid", "Första mötet i sommartid", at(spring + one, 8), at(spring + one, 9, 15), {}
    yield "fore-vintertid", "Kvällen före vintertid", at(autumn - one, 22), at(autumn, 4), {}
    yield "efter-vintertid", "Första mötet i vintertid", at(autumn + one, 8), at(autumn + one, 9, 15), {}
    yield "nyar", "Över nyår, på klockslag", at(day(12, 31), 23), datetime.datetime(year + 1, 1, 1, 1), {}
    yield "nyarsdagar", "Över nyår, hela dagar", day(12, 30), datetime.date(year + 1, 1, 2), {}
    yield "tva-dagar", "Två dagar över sommartid", spring - one, spring, {"place": "Elite Stadshotellet, Västerås"}
    yield "veckan", "Veckan över vintertid", autumn - 3 * one, autumn + 3 * one, {"status": "tentative"}
    february = day(3, 1) - one
    yield "februari", "Februaris sista dag", february, february, {"status": "cancelled"}
    title = "Möte om å, ä & ö; " + "mycket lång titel, " * 12 + "slut"
    yield "lang", title, at(day(5, 13), 13), at(day(5, 13), 14, 30), {
        "place": "Sal \"Ängeln\"; plan 2, rum 17:30 \\ Linköping 🙂",
        "note": LONG,
    }


def write_hard(folder: Path, years) -> Path:
    """Workflow files of their own, for an organisation that nobody has."""
    folder.mkdir(parents=True)
    lines = ['title = "Svåra händelser"', 'for = "gruppen"', 'feed = "svara"']
    dates = {}
    for year in years:
        for entry, title, start, end, more in hard_events(year):
            titled, found = dates.setdefault(entry, (title, []))
            said = "".join(f", {key} = {json.dumps(value, ensure_ascii=False)}" for key, value in more.items())
            found.append(f"    {{ start = {start.isoformat()}, end = {end.isoformat()}{said} }},")
    for entry, (title, found) in dates.items():
        lines += ["", "[[meeting]]", f'id = "{entry}"', f"title = {json.dumps(title, ensure_ascii=False)}"]
        lines += ["dates = [", *found, "]"]
    lines += ["", "[[period]]", 'id = "runda"', 'title = "Rundan"', 'note = "Åäö"']
    lines += ['opens = { every = "11-15", on-holiday = "next-workday" }']
    lines += ['closes = { every = "02-15", on-holiday = "previous-workday" }']
    (folder / "organisation.toml").write_text(ORGANISATION, encoding="utf-8")
    (folder / "svara.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def years():
    """2022-2028, and as long as a feed of today reaches."""
    return range(FIRST - 1, max(LAST + 2, datetime.date.today().year + 3))


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Arshjul:
    """The program with settings of its own, in a folder where no others lie."""

    def __init__(self, program, folder: Path, **settings):
        self.program, self.folder = str(Path(program).resolve()), folder
        self.settings = {"PATH": os.environ.get("PATH", "")}
        self.settings |= {f"ARSHJUL_{name.upper()}": str(value) for name, value in settings.items()}

    def run(self, *arguments) -> bytes:
        command = [self.program, *map(str, arguments)]
        done = subprocess.run(command, env=self.settings, cwd=self.folder, capture_output=True)
        if done.returncode:
            sys.exit(f"{' '.join(command)}: {done.returncode}\n{(done.stdout + done.stderr).decode()}")
        return done.stdout


class Daemon:
    """A running `serve` or `demo`, on the same port each time it is started."""

    def __init__(self, arshjul: Arshjul, *command):
        self.arshjul, self.command, self.process = arshjul, command, None
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        if command[0] == "demo":
            self.command = (*command, "--port", str(self.port))
        arshjul.settings |= {"ARSHJUL_LISTEN": f"127.0.0.1:{self.port}", "ARSHJUL_PUBLIC_URL": self.url}

    def start(self, prefix=()) -> bool:
        """Whether it came up. What it complains of goes to a file beside its database."""
        command = [*prefix, self.arshjul.program, *self.command]
        with open(self.arshjul.folder / "complaints", "ab") as complaints:
            self.process = subprocess.Popen(
                command,
                env=self.arshjul.settings,
                cwd=self.arshjul.folder,
                stdout=subprocess.PIPE,
                stderr=complaints,
                text=True,
            )
        for line in self.process.stdout:
            if re.search(r"http://[0-9.:]+", line):
                return True
        self.process.wait()
        return False

    def end(self, how=signal.SIGTERM):
        if self.process:
            self.process.send_signal(how)
            self.process.wait(timeout=60)
            self.process.stdout.close()
            self.process = None


def write_feeds(arshjul: Arshjul, out: Path):
    out.mkdir(parents=True)
    window = ("--from", f"{FIRST - 2}-12-01", "--to", f"{LAST + 2}-12-31")
    planned = arshjul.run("plan", *window, "--format", "json").splitlines(keepends=True)
    occasions = [line for line in planned if line.startswith(b'{"type":"occasion"')]
    (out / "plan.jsonl").write_bytes(b"".join(occasions))
    names = arshjul.run("feed", "--list").decode().split()
    for day in DAYS:
        (out / day).mkdir()
        for name in names:
            (out / day / f"{name}.ics").write_bytes(arshjul.run("feed", name, "--as-of", day))


def main():
    program, out = sys.argv[1], Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    for region in REGIONS:
        own = out / f"init-{region}"
        Arshjul(program, out).run("init", "--region", region, own)
        write_feeds(Arshjul(program, own, workflows=own / "workflows"), out / region)
    write_hard(out / "filer", years())
    write_feeds(Arshjul(program, out, workflows=out / "filer"), out / "svara")


if __name__ == "__main__":
    main()
