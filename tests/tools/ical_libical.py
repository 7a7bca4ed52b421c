#!/usr/bin/env python3
"""libical's reading of calendars: a line of JSON with its name, then one for each FILE. See ical_readers.py.

Run by Debian's own Python, which has the binding (python3-gi, gir1.2-ical-3.0).
"""

import datetime
import json
import re
import sys
from pathlib import Path

import gi

gi.require_version("ICalGLib", "3.0")
from gi.repository import ICalGLib as libical  # noqa: E402

KIND, PROPERTY = libical.ComponentKind, libical.PropertyKind


def when(time):
    if time.is_date():
        return f"{time.get_year():04}-{time.get_month():02}-{time.get_day():02}"
    zone = time.get_timezone()
    if zone is None:
        raise ValueError(f"{time.as_ical_string()} has no zone")
    seconds = time.as_timet_with_zone(zone)
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def components(parent, kind):
    found = parent.get_first_component(kind)
    while found:
        yield found
        found = parent.get_next_component(kind)


def properties(component, kind):
    found = component.get_first_property(kind)
    while found:
        yield found
        found = component.get_next_property(kind)


def event(component):
    def first(kind, read):
        found = component.get_first_property(kind)
        return read(found) if found else ""

    own = {line.get_x_name(): line.get_x() for line in properties(component, PROPERTY.X_PROPERTY)}
    words = [line.get_value_as_string() for line in properties(component, PROPERTY.CATEGORIES_PROPERTY)]
    status = first(PROPERTY.STATUS_PROPERTY, libical.Property.get_value_as_string)
    return {
        "uid": component.get_uid(),
        "sequence": component.get_sequence(),
        "modified": when(component.get_first_property(PROPERTY.LASTMODIFIED_PROPERTY).get_lastmodified()),
        "start": when(component.get_dtstart()),
        "end": when(component.get_dtend()),
        "summary": component.get_summary() or "",
        "location": component.get_location() or "",
        "status": status,
        "transp": first(PROPERTY.TRANSP_PROPERTY, libical.Property.get_value_as_string),
        "description": component.get_description() or "",
        # A word comes as it is written, escaped.
        "categories": sorted(re.sub(r"\\(.)", r"\1", word) for word in words),
        "url": first(PROPERTY.URL_PROPERTY, libical.Property.get_url),
        "busy": own.get("X-MICROSOFT-CDO-BUSYSTATUS", ""),
    }


def read(data):
    text = data.replace(b"Europe/Stockholm", b"Europa/Stockholm").decode("utf-8")
    calendar = libical.Component.new_from_string(text)
    if calendar is None:
        raise ValueError("it is no calendar")
    # Says whether the restrictions of the standard hold, and notes in the component what doesn't.
    holds = calendar.check_restrictions()
    faults = [line.get_xlicerror() for line in marks(calendar)]
    if faults or calendar.count_errors() or not holds:
        raise ValueError("; ".join(faults) or f"{calendar.count_errors()} errors, restrictions hold: {holds}")
    return [event(found) for found in components(calendar, KIND.VEVENT_COMPONENT)]


def marks(component):
    yield from properties(component, PROPERTY.XLICERROR_PROPERTY)
    for inner in components(component, KIND.ANY_COMPONENT):
        yield from marks(inner)


def verdict(path):
    try:
        return read(Path(path).read_bytes())
    except Exception as refusal:  # whatever is thrown is the verdict
        return f"{type(refusal).__name__}: {refusal}"


print(json.dumps("libical"))
for path in sys.argv[1:]:
    print(json.dumps(verdict(path)))
