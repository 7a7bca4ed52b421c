//! What the standards say of each component and property, as tables.

/// What a component must have, each with the code of its absence, and what it may have only once.
pub struct Component {
    pub required: &'static [(&'static str, &'static str)],
    pub once: &'static [&'static str],
}

const IDENTITY: &[(&str, &str)] = &[("UID", "missing-uid"), ("DTSTAMP", "missing-dtstamp")];

/// RFC 5545, 3.6, with what RFC 7986 (4 and 5) and RFC 9074 add. Nothing is known of extensions.
pub fn component(name: &str) -> Component {
    let (required, once): (&[_], &[_]) = match name {
        "VCALENDAR" => (
            &[("PRODID", "missing-prodid"), ("VERSION", "missing-version")],
            &[
                "PRODID",
                "VERSION",
                "CALSCALE",
                "METHOD",
                "UID",
                "LAST-MODIFIED",
                "URL",
                "REFRESH-INTERVAL",
                "SOURCE",
                "COLOR",
            ],
        ),
        "VEVENT" => (IDENTITY, OF_ENTRIES),
        "VTODO" => (IDENTITY, OF_ENTRIES),
        "VJOURNAL" => (IDENTITY, OF_JOURNALS),
        "VFREEBUSY" => (IDENTITY, &["UID", "DTSTAMP", "CONTACT", "DTSTART", "DTEND", "ORGANIZER", "URL"]),
        "VTIMEZONE" => (&[("TZID", "missing-tzid")], &["TZID", "LAST-MODIFIED", "TZURL"]),
        "STANDARD" | "DAYLIGHT" => (
            &[
                ("DTSTART", "missing-dtstart"),
                ("TZOFFSETFROM", "missing-tzoffsetfrom"),
                ("TZOFFSETTO", "missing-tzoffsetto"),
            ],
            &["DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "RRULE"],
        ),
        "VALARM" => (
            &[("ACTION", "missing-action"), ("TRIGGER", "missing-trigger")],
            &["ACTION", "TRIGGER", "DURATION", "REPEAT", "DESCRIPTION", "SUMMARY", "UID", "ACKNOWLEDGED"],
        ),
        _ => (&[], &[]),
    };
    Component { required, once }
}

/// RRULE too: more than one SHOULD NOT be, and programs take the first or the last.
const OF_ENTRIES: &[&str] = &[
    "UID",
    "DTSTAMP",
    "DTSTART",
    "DTEND",
    "DUE",
    "DURATION",
    "SUMMARY",
    "DESCRIPTION",
    "LOCATION",
    "STATUS",
    "TRANSP",
    "SEQUENCE",
    "LAST-MODIFIED",
    "CREATED",
    "COMPLETED",
    "CLASS",
    "GEO",
    "ORGANIZER",
    "PERCENT-COMPLETE",
    "PRIORITY",
    "RECURRENCE-ID",
    "RRULE",
    "URL",
    "COLOR",
];

/// Those of the others, but for DESCRIPTION: a journal has as many as it likes.
const OF_JOURNALS: &[&str] = &[
    "UID",
    "DTSTAMP",
    "DTSTART",
    "SUMMARY",
    "STATUS",
    "SEQUENCE",
    "LAST-MODIFIED",
    "CREATED",
    "CLASS",
    "ORGANIZER",
    "RECURRENCE-ID",
    "RRULE",
    "URL",
    "COLOR",
];

/// The registered properties, in order: RFC 5545 (8.3.2), 6321, 7808, 7953, 7986, 9073, 9074 and 9253.
const PROPERTIES: &[&str] = &[
    "ACKNOWLEDGED",
    "ACTION",
    "ATTACH",
    "ATTENDEE",
    "BUSYTYPE",
    "CALENDAR-ADDRESS",
    "CALSCALE",
    "CATEGORIES",
    "CLASS",
    "COLOR",
    "COMMENT",
    "COMPLETED",
    "CONCEPT",
    "CONFERENCE",
    "CONTACT",
    "CREATED",
    "DESCRIPTION",
    "DTEND",
    "DTSTAMP",
    "DTSTART",
    "DUE",
    "DURATION",
    "EXDATE",
    "EXRULE",
    "FREEBUSY",
    "GEO",
    "IMAGE",
    "LAST-MODIFIED",
    "LINK",
    "LOCATION",
    "LOCATION-TYPE",
    "METHOD",
    "NAME",
    "ORGANIZER",
    "PARTICIPANT-TYPE",
    "PERCENT-COMPLETE",
    "PRIORITY",
    "PRODID",
    "PROXIMITY",
    "RDATE",
    "RECURRENCE-ID",
    "REFID",
    "REFRESH-INTERVAL",
    "RELATED-TO",
    "REPEAT",
    "REQUEST-STATUS",
    "RESOURCE-TYPE",
    "RESOURCES",
    "RRULE",
    "SEQUENCE",
    "SOURCE",
    "STATUS",
    "STRUCTURED-DATA",
    "STYLED-DESCRIPTION",
    "SUMMARY",
    "TRANSP",
    "TRIGGER",
    "TZID",
    "TZID-ALIAS-OF",
    "TZNAME",
    "TZOFFSETFROM",
    "TZOFFSETTO",
    "TZUNTIL",
    "TZURL",
    "UID",
    "URL",
    "VERSION",
    "XML",
];

/// Whether a property is registered or an extension of somebody's.
pub fn is_property(name: &str) -> bool {
    name.starts_with("X-") || PROPERTIES.binary_search(&name).is_ok()
}

/// How a text is written (RFC 5545, 3.3.11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Text {
    /// Every comma is escaped.
    One,
    /// A bare comma parts one text from the next.
    List,
}

/// How a property's text is written; nothing for what isn't text.
pub fn text(name: &str) -> Option<Text> {
    match name {
        "CATEGORIES" | "RESOURCES" => Some(Text::List),
        "COMMENT" | "CONTACT" | "DESCRIPTION" | "LOCATION" | "NAME" | "PRODID" | "RELATED-TO" | "SUMMARY"
        | "TZID" | "TZNAME" | "UID" | "X-WR-CALDESC" | "X-WR-CALNAME" => Some(Text::One),
        _ => None,
    }
}

/// The value types of properties that have no default type, so that VALUE must be there (RFC 7986, 5.7, 5.8, 5.10
/// and 5.11).
pub fn stated_types(name: &str) -> &'static [&'static str] {
    match name {
        "REFRESH-INTERVAL" => &["DURATION"],
        "SOURCE" | "CONFERENCE" => &["URI"],
        "IMAGE" => &["URI", "BINARY"],
        _ => &[],
    }
}

/// The statuses of a component (RFC 5545, 3.8.1.11).
pub fn statuses(component: &str) -> &'static [&'static str] {
    match component {
        "VEVENT" => &["TENTATIVE", "CONFIRMED", "CANCELLED"],
        "VTODO" => &["NEEDS-ACTION", "COMPLETED", "IN-PROCESS", "CANCELLED"],
        "VJOURNAL" => &["DRAFT", "FINAL", "CANCELLED"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_registered_properties_are_in_order() {
        assert!(PROPERTIES.is_sorted());
    }
}
