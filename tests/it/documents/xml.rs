//! Whether a text is well-formed XML, as far as this program writes XML: elements, attributes in double quotes, the
//! five named entities, one declaration. No comments, sections of characters or processing instructions. It is
//! stricter than XML, so that the rules hold where there is no Python with a parser that others wrote.

/// Says what is wrong.
pub fn check(text: &str) -> Result<(), String> {
    let declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
    let text = text.strip_prefix(declaration).ok_or("it does not begin with the declaration")?;
    if let Some(bad) = text.chars().find(|c| !allowed(*c)) {
        return Err(format!("XML has no character {bad:?}"));
    }
    let mut open: Vec<&str> = Vec::new();
    let mut roots = 0;
    let mut pieces = text.split('<');
    content(pieces.next().unwrap_or_default(), false)?;
    for piece in pieces {
        let (tag, after) = piece.split_once('>').ok_or_else(|| format!("`<{piece}` does not end"))?;
        if let Some(name) = tag.strip_prefix('/') {
            let expected = open.pop();
            if expected != Some(name) {
                return Err(format!("`</{name}>` ends {expected:?}"));
            }
        } else {
            let (tag, empty) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
            let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
            named(name)?;
            held(attributes)?;
            roots += usize::from(open.is_empty());
            if !empty {
                open.push(name);
            }
        }
        content(after, !open.is_empty())?;
    }
    match (open.as_slice(), roots) {
        ([], 1) => Ok(()),
        _ => Err(format!("{roots} roots, open at the end: {open:?}")),
    }
}

/// XML 1.0, section 2.2.
fn allowed(letter: char) -> bool {
    matches!(letter, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

fn named(name: &str) -> Result<(), String> {
    let good = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == ':');
    if good { Ok(()) } else { Err(format!("`{name}` is no name")) }
}

fn content(text: &str, within: bool) -> Result<(), String> {
    if !within && !text.trim().is_empty() {
        return Err(format!("`{text}` stands outside the root"));
    }
    if text.contains("]]>") {
        return Err("`]]>` in text".to_owned());
    }
    for rest in text.split('&').skip(1) {
        let entity = rest.split_once(';').map(|(name, _)| name);
        if !matches!(entity, Some("amp" | "lt" | "gt" | "quot" | "apos")) {
            return Err(format!("`&{}` is no entity", rest.chars().take(10).collect::<String>()));
        }
    }
    Ok(())
}

fn held(attributes: &str) -> Result<(), String> {
    let mut rest = attributes.trim_start();
    let mut seen = Vec::new();
    while !rest.is_empty() {
        let (name, after) = rest.split_once("=\"").ok_or_else(|| format!("`{rest}` is no attribute"))?;
        let (value, after) = after.split_once('"').ok_or_else(|| format!("`{after}` does not end"))?;
        named(name)?;
        content(value, true)?;
        if seen.contains(&name) || !(after.is_empty() || after.starts_with(' ')) {
            return Err(format!("`{name}` twice, or no blank after it"));
        }
        seen.push(name);
        rest = after.trim_start();
    }
    Ok(())
}

#[test]
fn it_sees_what_is_wrong() {
    let declared =
        |text: &str| check(&format!("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n{text}"));
    assert_eq!(declared("<a b=\"c &amp; d\" e:f=\"\"><g/>x &lt; y</a>\n"), Ok(()));
    for wrong in [
        "",
        "<a>",
        "<a></b>",
        "<a/><b/>",
        "<a>&</a>",
        "<a>&nbsp;</a>",
        "<a>\u{1}</a>",
        "<a>\u{ffff}</a>",
        "<a b=\"\" b=\"\"/>",
        "<a b=c/>",
        "<a>]]></a>",
        "<a/>x",
        "<a b=\"<\"/>",
    ] {
        assert!(declared(wrong).is_err(), "{wrong}");
    }
}
