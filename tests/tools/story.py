#!/usr/bin/env python3
"""A remiss round of 2025, through the real daemon: its clock, its mails by SMTP, its answers by HTTP.

    story.py ARSHJUL DATABASE

ARSHJUL is the program, DATABASE a new SQLite file or the URL of an empty PostgreSQL schema. The demonstration runs
with --manual: time jumps only where this story says, and nobody answers but this story. What must hold is written
beside each step; the dates are those of the golden table, counted by hand. Needs aiosmtpd. Exit 0 if all holds.
"""

import collections
import email
import email.policy
import html.parser
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
import uuid
import zipfile

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
