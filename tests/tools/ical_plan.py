"""Holds what readers read in feeds against `arshjul plan --format json`."""

import datetime
import hashlib
from calendar import monthrange

#: How far a feed reaches, in months.
BACK, FORWARD = 13, 18
#: An occasion is changed at the midnight it is rendered on where no database says otherwise, so it is shown.
CANCELLED = "INSTÄLLT: "


def uid_of(occasion) -> str:
    """The identity that subscribers know an occasion by, worked out anew (src/ical/uid.rs): it must never change."""
    name = "\n".join(["arshjul", "occasion", occasion["workflow"], occasion["body"] or "", occasion["id"]])
    digest = bytearray(hashlib.sha256(name.encode()).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x80
    digest[8] = digest[8] & 0x3F | 0x80
    text = digest.hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def ends(occasion):
    """Start and end as a reader gives them: the end of whole days excluded, moments in UTC."""
    if occasion["all_day"]:
        after = datetime.date.fromisoformat(occasion["end"]) + datetime.timedelta(days=1)
        return occasion["start"], after.isoformat()
    utc = lambda text: datetime.datetime.fromisoformat(text).astimezone(datetime.timezone.utc)
    return tuple(utc(occasion[end]).strftime("%Y-%m-%dT%H:%M:%SZ") for end in ("start", "end"))


def wanted(occasion):
    start, end = ends(occasion)
    cancelled = occasion["status"] == "cancelled"
    return {
        "start": start,
        "end": end,
        "summary": CANCELLED * cancelled + occasion["title"],
        "status": occasion["status"].upper(),
        "location": occasion["place"] or "",
    }


def months(day: datetime.date, more: int) -> datetime.date:
    year, month = divmod(day.year * 12 + day.month - 1 + more, 12)
    return datetime.date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def within(occasion, day: datetime.date) -> bool:
    """Whether a feed of that day must have it."""
    first, last = (datetime.date.fromisoformat(occasion[end][:10]) for end in ("start", "end"))
    return months(day, -BACK) <= last and first <= months(day, FORWARD)


def is_day_of_its_own(event, occasions) -> bool:
    """Whether it is a last day, or a group's own last day, of what it names after the colon."""
    what, _, title = event["summary"].removeprefix("INSTÄLLT: ").partition(": ")
    day = str(event["start"])[:10]
    of = [o for o in occasions if o["title"] == title]
    if what == "Sista svarsdag":
        return any(o["end"][:10] == day for o in of)
    return what == "Intern svarsdag" and any(o["start"][:10] <= day <= o["end"][:10] for o in of)


def against_plan(occasions, feeds):
    """Complaints, and how many occasions were compared. `feeds` are the events of each path, DAY/NAME.ics."""
    planned = {uid_of(occasion): occasion for occasion in occasions}
    reasons, days, compared = [], {}, set()
    if len(planned) != len(occasions):
        reasons.append("two occasions of the plan have one identity")
    for path, events in feeds.items():
        seen = days.setdefault(path.parent.name, set())
        for event in events:
            uid = event["uid"]
            seen.add(uid)
            if uid not in planned and is_day_of_its_own(event, occasions):
                continue
            if uid not in planned:
                reasons.append(f"{path}: {uid} ({event['summary']}, {event['start']}) is not in the plan")
                continue
            compared.add(uid)
            for field, value in wanted(planned[uid]).items():
                if event[field] != value:
                    reasons.append(f"{path}: the {field} of {uid} is {event[field]!r}, in the plan {value!r}")
    for day, seen in days.items():
        due = {uid for uid, occasion in planned.items() if within(occasion, datetime.date.fromisoformat(day))}
        for uid in sorted(due - seen):
            occasion = planned[uid]
            reasons.append(f"{day}: {occasion['workflow']} {occasion['body']} {occasion['id']} is in no feed")
        early = (seen & planned.keys()) - due
        reasons += [f"{day}: {planned[uid]['id']} lies outside the feeds' time" for uid in early]
    return reasons, len(compared)
