#!/usr/bin/env python3
"""Kills the daemon over and over while it runs a year, and looks at what people got.

    kill.py ARSHJUL DATABASE [--kills 200] [--seed N]

ARSHJUL is a release build, DATABASE a new SQLite file or the URL of an empty PostgreSQL schema. The demonstration
runs the year against a mail server (smtp_server.py) that takes its time to reply. SIGKILL comes at random moments,
every other time while a mail's acceptance is on its way back. After the last kill the year runs to its end. Then:

- what the database has as sent is at the server, and what is at the server the database knows;
- no message is in two mails;
- copies of a mail are equal byte for byte, and no more than the attempts whose end isn't known;
- the year is the same as one in which nothing was killed: the same messages have been sent.

Needs aiosmtpd; for PostgreSQL psql too. Exit 0 if all of it holds.
"""

import argparse
import collections
import email
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SINCE = 1735686000  # 2025-01-01 in Stockholm: mails before it went nowhere


class Server:
    """The mail server, with its log."""

    def __init__(self, folder, delay):
        self.log = os.path.join(folder, "log.jsonl")
        command = [sys.executable, os.path.join(HERE, "smtp_server.py"), "--log", self.log]
        command += ["--dir", os.path.join(folder, "mails"), "--delay-ms", str(delay)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.port = self.process.stdout.readline().split()[1]

    def size(self):
        return os.path.getsize(self.log) if os.path.exists(self.log) else 0

    def accepted(self):
        with open(self.log, encoding="utf-8") as log:
            return [json.loads(line) for line in log]

    def end(self):
        self.process.terminate()
        self.process.wait()


class Database:
    """What the program has written down."""

    def __init__(self, place):
        self.place = place

    def rows(self, sql):
        if "://" not in self.place:
            connection = sqlite3.connect(f"file:{self.place}?mode=ro", uri=True)
            try:
                return [tuple(map(str, row)) for row in connection.execute(sql)]
            finally:
                connection.close()
        url, _, schema = self.place.partition("?options[search_path]=")
        settings = {**os.environ, "PGOPTIONS": f"-c search_path={schema}"} if schema else None
        command = ["psql", "-XAt", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-c", sql, url]
        told = subprocess.run(command, check=True, capture_output=True, text=True, env=settings).stdout
        return [tuple(line.split("\t")) for line in told.splitlines()]


def start(program, database, server):
    settings = {"PATH": os.environ.get("PATH", ""), "ARSHJUL_DATABASE": database}
    settings["ARSHJUL_SMTP"] = f"smtp://127.0.0.1:{server.port}?tls=none"
    command = [program, "demo", "--fast"]
    return subprocess.Popen(command, env=settings, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def to_the_end(program, database, server):
    """Runs without a kill. Returns what it said."""
    process = start(program, database, server)
    said, complaint = process.communicate()
    if process.returncode != 0:
        sys.exit(f"the year did not run to its end: {complaint}")
    return said


def live(process, server, chance, longest):
    """Lets it live for a while. True if it was killed, false if the year ended before."""
    wait = chance.uniform(0.02, longest)
    after_mail = chance.random() < 0.5
    size, born = server.size(), time.monotonic()
    while process.poll() is None:
        age = time.monotonic() - born
        if after_mail and server.size() > size:
            # The mail is kept, and the reply has not been sent.
            time.sleep(chance.uniform(0, 0.02))
            break
        if age > (10 * wait if after_mail else wait):
            break
        time.sleep(0.001)
    if process.poll() is not None and process.returncode == 0:
        return False
    process.send_signal(signal.SIGKILL)
    _, complaint = process.communicate()
    if process.returncode != -signal.SIGKILL:
        sys.exit(f"it ended by itself: {complaint}")
    return True


def keys_of(entry):
    with open(entry["path"], "rb") as file:
        head = email.message_from_binary_file(file)
    return head["X-Arshjul-Keys"].split()


def compare(server, database, usual):
    """Every fault, and the figures."""
    accepted = server.accepted()
    copies = collections.defaultdict(list)
    for entry in accepted:
        copies[entry["message_id"]].append(entry)
    mails = database.rows(
        "SELECT m.message_id, m.state, (SELECT count(*) FROM attempt a WHERE a.mail = m.id"
        " AND (a.outcome IN ('interrupted', 'ambiguous') OR a.outcome IS NULL)),"
        f" m.ambiguous FROM mail m WHERE m.created_at >= {SINCE}"
    )
    known = {mail[0]: mail for mail in mails}
    faults = []
    for message_id, state, unclear, ambiguous in mails:
        there = len(copies.get(message_id, []))
        if state == "sent" and there == 0:
            faults.append(f"{message_id} is sent and not at the server")
        if state not in ("sent", "cancelled"):
            faults.append(f"{message_id} is {state} at the end of the year")
        if there > (state == "sent") + int(unclear):
            faults.append(f"{message_id} came {there} times, with {unclear} unclear attempts")
        if int(unclear) != int(ambiguous):
            faults.append(f"{message_id}: {unclear} unclear attempts, {ambiguous} counted")
    mail_of = {}
    for message_id, entries in copies.items():
        if message_id not in known:
            faults.append(f"{message_id} is at the server and not in the database")
        if len({entry["sha256"] for entry in entries}) != 1:
            faults.append(f"copies of {message_id} differ")
        for key in keys_of(entries[0]):
            if mail_of.setdefault(key, message_id) != message_id:
                faults.append(f"{key} is in two mails")
    for key in sorted(usual.symmetric_difference(mail_of)):
        faults.append(f"{key} is only in the {'usual' if key in usual else 'killed'} year")
    figures = {
        "mails accepted": len(accepted),
        "mails": len(copies),
        "messages": len(mail_of),
        "repeats": len(accepted) - len(copies),
        "attempts whose end is not known": sum(int(mail[2]) for mail in mails),
    }
    return faults, figures


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("database")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    parser.add_argument("--longest", type=float, default=0.2, help="seconds of the longest random life")
    parser.add_argument("--delay-ms", type=int, default=15, help="of the mail server's replies")
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        calm = Server(os.path.join(folder), 0)
        to_the_end(options.program, os.path.join(folder, "usual.db"), calm)
        usual = {key for entry in calm.accepted() for key in keys_of(entry)}
        calm.end()
        longest = options.longest
        for attempt in range(5):
            os.mkdir(os.path.join(folder, f"killed-{attempt}"))
            server = Server(os.path.join(folder, f"killed-{attempt}"), options.delay_ms)
            kills = 0
            while kills < options.kills:
                if not live(start(options.program, options.database, server), server, chance, longest):
                    break
                kills += 1
            if kills == options.kills:
                break
            # A fast machine gets through the year first: again from its beginning, with shorter lives.
            print(f"the year ended after {kills} kills", flush=True)
            server.end()
            if "://" in options.database:
                sys.exit("let lives be shorter with --longest, on an empty database")
            for ending in ("", "-wal", "-shm", ".lock"):
                if os.path.exists(options.database + ending):
                    os.remove(options.database + ending)
            longest *= 0.7
        else:
            sys.exit("the year always ends too soon")
        at = Database(options.database).rows("SELECT value FROM meta WHERE key = 'demo_moment'")
        print(f"{kills} kills, the last in {at[0][0][:10]}", flush=True)
        said = to_the_end(options.program, options.database, server)
        faults, figures = compare(server, Database(options.database), usual)
        server.end()
    print(said, end="")
    for name, figure in figures.items():
        print(f"{name}: {figure}")
    for fault in faults:
        print(f"FAULT {fault}")
    print("faults:", len(faults))
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
