#!/usr/bin/env python3
"""A remiss round of 2025, through the real daemon: its clock, its mails by SMTP, its answers by HTTP.

    story.py ARSHJUL DATABASE

ARSHJUL is the program, DATABASE a new SQLite file or the URL of an empty PostgreSQL schema. The demonstration runs
with --manual: time jumps only where this story says, and nobody answers but this story. What must hold is written
beside each step; the dates are those of the golden table, counted by hand. Needs aiosmtpd. Exit 0 if all holds.
"""

import collections
import datetime
import email
import email.policy
import html.parser
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request
import uuid
import zipfile

from kill import Database

HERE = os.path.dirname(os.path.abspath(__file__))
PETRA = "rpo.md.processtod"


class Page(html.parser.HTMLParser):
    """The forms of a page, each with its fields and buttons, and its text."""

    def __init__(self, text):
        super().__init__()
        self.forms, self.words = [], []
        self.feed(text)
        self.text = " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag, attributes):
        at = dict(attributes)
        if tag == "form":
            self.forms.append({"fields": {}, "buttons": [], "kind": at.get("enctype"), "action": at.get("action")})
        elif self.forms and tag in ("input", "textarea", "select") and at.get("name"):
            self.forms[-1]["fields"].setdefault(at["name"], at)
        elif self.forms and tag == "button" and at.get("name"):
            self.forms[-1]["buttons"].append((at["name"], at.get("value")))

    def handle_data(self, data):
        self.words.append(data)

    def form_of(self, answer):
        for form in self.forms:
            if ("svar", answer) in form["buttons"]:
                return form
        return None


class Daemon:
    def __init__(self, program, database, folder):
        self.folder = folder
        self.log = os.path.join(folder, "log.jsonl")
        server = [sys.executable, os.path.join(HERE, "smtp_server.py"), "--log", self.log]
        server += ["--dir", os.path.join(folder, "mails")]
        self.server = subprocess.Popen(server, stdout=subprocess.PIPE, text=True)
        port = self.server.stdout.readline().split()[1]
        settings = {"PATH": os.environ.get("PATH", ""), "ARSHJUL_DATABASE": database}
        settings["ARSHJUL_SMTP"] = f"smtp://127.0.0.1:{port}?tls=none"
        self.program, self.settings = program, settings
        command = [program, "demo", "--manual", "--port", "0", "--date", "2025-02-16"]
        self.process = subprocess.Popen(command, env=settings, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        self.url = re.search(r"http://[0-9.:]+", line).group(0)

    def end(self):
        for process in (self.process, self.server):
            process.terminate()
            process.wait()

    def jump(self, to):
        """Lets time pass until the moment, written as 2025-03-10T12:00."""
        self.fetch(f"{self.url}/demo/till", {"datum": to})

    def compile(self, holds):
        """The draft and the diary's list, by the command that writes them."""
        out, diary = (os.path.join(self.folder, name) for name in ("utkast.docx", "diarium.csv"))
        command = [self.program, "compile", "sydostra/remisser", "var.2025", "--body", "rpo-medicinsk-diagnostik"]
        handed = os.path.join(self.folder, "bilagor")
        command += ["--listed", "1", "--out", out, "--diary", diary, "--files", handed]
        done = subprocess.run(command, env=self.settings, capture_output=True, text=True)
        holds(done.returncode == 0, f"nothing is compiled: {done.stderr}")
        with zipfile.ZipFile(out) as archive:
            text = archive.read("word/document.xml").decode()
        for said in ("Vårdprogram A", "Bra.", "Nej.", "meningsskiljaktighet", "Inga synpunkter", "Skickas separat"):
            holds(said in text, f"the draft lacks {said}")
        files = os.listdir(handed)
        holds(len(files) == 1 and files[0].endswith("-svar.docx"), f"what was handed in as files: {files}")
        holds("Lo Exempel" not in text, "the draft names a person")
        with open(diary, encoding="utf-8-sig") as file:
            holds("Vårdprogram A" in file.read(), "the diary's list lacks the remiss")

    def fetch(self, url, fields=None, file=None, multipart=False):
        """A page and its status. With fields it is a form that is sent."""
        headers, body = {}, None
        if fields is not None and (multipart or file):
            mark = uuid.uuid4().hex
            parts = []
            for name, value in fields.items():
                parts.append(f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode())
            for name, (called, content) in (file or {}).items():
                head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{called}"\r\n'
                parts.append(head.encode() + b"Content-Type: application/octet-stream\r\n\r\n" + content + b"\r\n")
            body = b"".join(parts) + f"--{mark}--\r\n".encode()
            headers["Content-Type"] = f"multipart/form-data; boundary={mark}"
        elif fields is not None:
            body = urllib.parse.urlencode(fields).encode()
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if body is not None:
            headers["Origin"] = self.url
        request = urllib.request.Request(url, data=body, headers=headers)
        try:
            with urllib.request.urlopen(request) as reply:
                return reply.status, reply.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def mails(self):
        """Every mail, oldest first: recipient, subject, text, keys and the addresses in it."""
        found = []
        if not os.path.exists(self.log):
            return found
        with open(self.log, encoding="utf-8") as log:
            entries = [json.loads(line) for line in log]
        for entry in entries:
            with open(entry["path"], "rb") as file:
                mail = email.message_from_binary_file(file, policy=email.policy.default)
            text = mail.get_body(preferencelist=("plain",)).get_content()
            found.append(
                {
                    "to": entry["rcpt"][0].split("@")[0],
                    "subject": mail["Subject"],
                    "date": mail["Date"].datetime.strftime("%Y-%m-%d %H:%M"),
                    "text": text,
                    "keys": mail["X-Arshjul-Keys"].split(),
                    "links": re.findall(r"http://[0-9.:]+/svar/\S+", text),
                }
            )
        return found

    def answer(self, who, answer, says=None, fields=None, file=None):
        """Somebody presses a button of their newest mail that has it. `says` is a word of the page."""
        for mail in reversed([mail for mail in self.mails() if mail["to"] == who]):
            for link in mail["links"]:
                status, text = self.fetch(link)
                page = Page(text)
                form = page.form_of(answer)
                if status != 200 or form is None or (says and says not in page.text):
                    continue
                wanted = dict(fields or {})
                sent = {"svar": answer}
                for name, at in form["fields"].items():
                    if at.get("type") == "hidden":
                        sent[name] = at.get("value", "")
                for name, value in wanted.items():
                    if name not in form["fields"]:
                        raise SystemExit(f"FAULT the page of {answer} has no field {name}: {sorted(form['fields'])}")
                    sent[name] = value
                return self.fetch(link, sent, file, form["kind"] == "multipart/form-data")
        raise SystemExit(f"FAULT {who} has no page with the button {answer}")


class Holds:
    """Counts what was looked at, and says what did not hold."""

    def __init__(self):
        self.looked, self.faults = 0, 0

    def __call__(self, true, what):
        self.looked += 1
        if not true:
            self.faults += 1
            print(f"FAULT {what}")

    def same(self, found, wanted, what):
        self(found == wanted, f"{what}: {found}, wanted {wanted}")


def parts(key):
    return key.split(":")


def got(daemon, step, occasion="var.2025", number=None):
    """Who got which rung of a step when: (recipient, rung) -> moments."""
    found = collections.defaultdict(list)
    for mail in daemon.mails():
        for key in mail["keys"]:
            _, _, object_, of, rung, _, _ = parts(key)
            about = object_.split("~")[-1]
            wanted = f"{occasion}/lista-{number}" if number else occasion
            if of == step and (about == wanted or about.split("/")[0] == wanted):
                found[(mail["to"], rung)].append(mail["date"])
    return found



def draft():
    """A .docx as far as its container goes."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")
    return kept.getvalue()


def live(daemon, holds):
    """The round from 17 February to 14 April 2025. The group's own last day is 24 March."""
    daemon.jump("2025-02-17T08:30")
    holds.same(dict(got(daemon, "lista")), {(PETRA, "0"): ["2025-02-17 08:00"]}, "the round opens")
    daemon.answer(PETRA, "listade", fields={"lista": "Vårdprogram A | https://example.org/a\nVårdförlopp B"})
    daemon.jump("2025-02-17T15:30")
    for number in (1, 2):
        asked = dict(got(daemon, "fordela", number=number))
        holds.same(asked, {(PETRA, "0"): ["2025-02-17 15:00"]}, f"each is decided on, {number}")
    daemon.answer(PETRA, "samordnas", says="Vårdprogram A")
    daemon.answer(PETRA, "sjalva", says="Vårdförlopp B")

    daemon.jump("2025-02-18T08:30")
    asked = got(daemon, "inhamta", number=1)
    everybody = SILENT + ANSWERING + [PETRA]
    holds.same(sorted(asked), sorted((who, "0") for who in everybody), "who is asked")
    holds(all(at == ["2025-02-18 08:00"] for at in asked.values()), "all are asked in the next window")
    holds.same(dict(got(daemon, "inhamta", number=2)), {}, "what each region answers itself is asked of nobody")
    daemon.answer("ledamot.rjl", "synpunkter", fields={"text-1": "Bra."}, file={"fil": ("svar.docx", draft())})
    status, page = daemon.answer("ledamot.rkl", "mer-tid", fields={"dag": "2025-05-01"})
    holds(status == 422, "more time than the round has is refused")
    daemon.answer("ledamot.rkl", "mer-tid", fields={"dag": "2025-04-01"})
    status, page = daemon.answer("ledamot.ro", "fel", fields={"till": "okand@annan.example.com"})
    holds(status == 422, "an unknown recipient is refused")
    daemon.answer("ledamot.ro", "fel", fields={"till": "kr.kirurgi@example.org"})
    daemon.answer("rag.nuklear", "inga", says="Vårdprogram A")
    daemon.answer("rag.patologi", "synpunkter", fields={"text-2": "Nej.", "kryss": "oense"})
    daemon.answer("ro.kunskapsstyrning", "separat", says="Vårdprogram A")
    daemon.answer("rjl.kunskapsstyrning", "avstar", says="Vårdprogram A")
    daemon.answer(PETRA, "inga", says="Vårdprogram A")

    daemon.jump("2025-02-18T15:30")
    news = got(daemon, "inhamta", number=1)
    told = {who for (who, rung), at in news.items() if rung.startswith("t") and at == ["2025-02-18 15:00"]}
    holds.same(told, {"kr.diagnostik", "rsl.stab", PETRA}, "the disagreement, and what is sent separately")
    passed = [rung for who, rung in news if who == "kr.kirurgi"]
    holds(len(passed) == 1 and passed[0].startswith("p."), f"who has got the question: {passed}")
    daemon.answer("kr.kirurgi", "inga", says="Vårdprogram A")

    daemon.jump("2025-03-26T12:00")
    news = got(daemon, "inhamta", number=1)
    for rung, day in (("r1", "03-10"), ("r2", "03-17"), ("r3", "03-21"), ("r4", "03-24")):
        reminded = {who: at for (who, of), at in news.items() if of == rung}
        holds.same(reminded, {who: [f"2025-{day} 08:00"] for who in SILENT}, f"only the silent get {rung}")
    later = {of.split(".")[0]: at for (who, of), at in news.items() if who == "ledamot.rkl" and of.startswith("r")}
    holds.same(later, {"r1": ["2025-03-18 08:00"], "r2": ["2025-03-25 08:00"]}, "who has more time")
    last = [mail for mail in daemon.mails() if mail["to"] == "rag.it" and mail["date"] == "2025-03-24 08:00"]
    holds("tisdag 25 mars" in last[0]["text"] and "processtöd" in last[0]["text"], "the escalation is foretold")
    listed = [mail for mail in daemon.mails() if mail["to"] == PETRA and mail["date"] == "2025-03-25 08:00"]
    text = listed[0]["text"]
    holds.same({name for name in NAMES if name in text}, set(NAMES[:3]), "the list names the silent and nobody else")
    daemon.answer(PETRA, "inga", says="konsekvenser på systemnivå")
    daemon.compile(holds)
    daemon.answer(PETRA, "klart", says="Sammanställ")

    daemon.jump("2025-04-01T12:00")
    up = [rung for who, rung in got(daemon, "sammanstall", number=1) if rung.startswith("e")]
    holds.same(up, [], "who has compiled is not reported")
    daemon.answer("ledamot.rkl", "inga", says="Vårdprogram A")
    daemon.answer(PETRA, "lamnat", says="RSL:s sekreterare")
    daemon.jump("2025-04-10T12:00")
    asked = got(daemon, "skicka", number=1)
    holds.same(asked[("rsl.stab", "0")], ["2025-04-03 08:00"], "seven workdays before the last day")
    letter = [mail for mail in daemon.mails() if mail["to"] == "rsl.stab" and mail["date"] == "2025-04-03 08:00"]
    holds("RSL hinner behandla svaret" in letter[0]["text"], "whether RSL meets in time")
    daemon.answer("rsl.stab", "inskickat", says="Vårdprogram A")
    daemon.jump("2025-04-14T20:00")
    thanked = got(daemon, "tack", number=1)
    # Who has passed the question on hears of it too: somebody has answered what they were asked.
    holds.same({who for who, _ in thanked}, {*ANSWERING, PETRA}, "who has answered is thanked, and nobody else")
    holds(all(at == ["2025-04-10 15:00"] for at in thanked.values()), "in the next window")
    alarms = [rung for who, rung in got(daemon, "skicka", number=1) if rung.startswith("a")]
    holds.same(alarms, [], "what is sent alarms nobody")


SILENT = ["rag.it", "rag.molekylar", "rkl.kunskapsstyrning"]
ANSWERING = ["ledamot.rjl", "ledamot.rkl", "ledamot.ro", "rag.nuklear", "rag.patologi"]
ANSWERING += ["ro.kunskapsstyrning", "rjl.kunskapsstyrning"]
# Who is silent, and then some who are not.
NAMES = ["Lo Exempel", "Mona Exempel", "Region Kalmar län", "Kaj Exempel", "Isa Exempel", "Nils Exempel"]


def state(database):
    """All that a press of a button could change."""
    tables = ["answer", "handed_in", "arrangement", "listed", "opened", "history", "item", "token"]
    counted = [database.rows(f"SELECT count(*) FROM {table}") for table in tables]
    return counted + [database.rows("SELECT key, state FROM message ORDER BY key")]


LAST_DAY = datetime.date(2025, 12, 31)


def crawl(daemon, holds, database, browser):
    """What scanners do: every link of every mail is opened, twice, and some of them in a browser with scripts."""
    sent = {link: mail["date"][:10] for mail in daemon.mails() for link in mail["links"]}
    links = sorted(sent)
    before = state(database)
    for link in links:
        # A link is good for 180 days; after that its page offers a new one.
        age = (LAST_DAY - datetime.date.fromisoformat(sent[link])).days
        expected = {200} if age < 180 else {410} if age > 180 else {200, 410}
        for method in ("GET", "HEAD", "GET", "HEAD"):
            request = urllib.request.Request(link, method=method)
            try:
                with urllib.request.urlopen(request) as reply:
                    status = reply.status
            except urllib.error.HTTPError as error:
                status = error.code
            holds(status in expected, f"a link of {sent[link]} gives {status} to {method}")
        holds(len(link) < 200, f"a link is too long: {len(link)}")
    rendered = 0
    if browser:
        every = max(1, len(links) // int(os.environ.get("ARSHJUL_TEST_TABS", "12")))
        for link in links[::every]:
            with tempfile.TemporaryDirectory() as profile:
                command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--dump-dom"]
                command += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
                command += [f"--user-data-dir={profile}", link]
                shown = subprocess.run(command, capture_output=True, text=True, timeout=60)
                holds("</main>" in shown.stdout, "the browser shows no page")
                rendered += 1
    holds(state(database) == before, "reading has changed something")
    return len(links), rendered


def main():
    program, place = sys.argv[1:3]
    holds = Holds()
    with tempfile.TemporaryDirectory() as folder:
        daemon = Daemon(program, place, folder)
        try:
            live(daemon, holds)
            # The rest of the year, with nobody answering anything: all its mails have come.
            for month in range(5, 13):
                daemon.jump(f"2025-{month:02}-28T12:00")
            daemon.jump(f"{LAST_DAY}T12:00")
            browser = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)
            links, rendered = crawl(daemon, holds, Database(place), browser)
            sent = len(daemon.mails())
        finally:
            daemon.end()
    print(f"{sent} mails, {links} links opened four times each, {rendered} of them in a browser")
    print(f"{holds.looked} things looked at, {holds.faults} faults")
    sys.exit(bool(holds.faults))


if __name__ == "__main__":
    main()
