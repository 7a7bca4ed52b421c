#!/usr/bin/env python3
"""Compare our calendar with the independent one of the Python package `holidays` (tried with 0.109).

    arshjul days --from 1990-01-01 --to 2100-12-31 | python3 tests/tools/holidays.py [FILE]

Reads JSON lines from FILE or standard input. Every day is checked: public holidays by name, the three
eves by name, workdays, ISO weeks and klämdagar (both worked out here anew). The quiet periods are the
organisation's own and not compared. Prints every difference and exits 1 if there is one, 2 if the
input cannot be read or leaves out a day.
"""

import datetime
import json
import sys

# This file bears the package's name, and Python looks beside a script first.
sys.path.pop(0)
try:
    import holidays as reference
except ImportError:
    print("the package `holidays` is missing: pip install holidays", file=sys.stderr)
    raise SystemExit(2) from None

# The package writes some names in another spelling than the law's.
SPELLING = {"kristi himmelsfärdsdag": "kristi himmelsfärds dag"}
FIRST, LAST = datetime.date(1990, 1, 1), datetime.date(2100, 12, 31)
DAY = datetime.timedelta(days=1)


def calendar(categories):
    """The package's names by date; two holidays of one day are joined by "; "."""
    years = range(FIRST.year - 1, LAST.year + 2)
    return reference.SE(years=years, include_sundays=False, categories=categories, language="sv")


def names(reference_calendar, date):
    found = [name.casefold() for name in reference_calendar.get(date, "").split("; ") if name]
    return {SPELLING.get(name, name) for name in found}


def read(lines):
    days = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            day = json.loads(line)
            days[datetime.date.fromisoformat(day["date"])] = day
        except (ValueError, KeyError, TypeError) as error:
            print(f"line {number} is no day: {error}", file=sys.stderr)
            raise SystemExit(2) from error
    return days


def main():
    if len(sys.argv) > 1:
        with open(sys.argv[1], encoding="utf-8") as file:
            days = read(file)
    else:
        days = read(sys.stdin)

    public, eves = calendar(("public",)), calendar(("de_facto",))

    def free(date):
        return date.isoweekday() > 5 or date in public or date in eves

    differences, date = 0, FIRST
    while date <= LAST:
        day = days.get(date)
        if day is None:
            print(f"{date}: missing", file=sys.stderr)
            return 2
        allowed = names(public, date) | names(eves, date)
        year, week, _ = date.isocalendar()
        expected = {
            "week": f"{year}-W{week:02}",
            "workday": not free(date),
            "bridge": not free(date) and free(date - DAY) and free(date + DAY),
        }
        ours = day.get("holiday")
        if (ours is None) != (not allowed) or (ours is not None and ours.casefold() not in allowed):
            print(f"{date}: holiday is {ours!r}, the package says {sorted(allowed) or None!r}")
            differences += 1
        for field, value in expected.items():
            if day.get(field) != value:
                print(f"{date}: {field} is {day.get(field)!r}, expected {value!r}")
                differences += 1
        date += DAY

    count, version = (LAST - FIRST).days + 1, reference.__version__
    print(f"{count} days, {differences} differences (holidays {version})", file=sys.stderr)
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
