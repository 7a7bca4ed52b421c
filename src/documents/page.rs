//! The beginning of a page that needs no other file.

use super::markup::Markup;

const STYLE: &str = include_str!("parts/page.css");

/// A page in Swedish up to where its content comes.
pub fn begun(title: &str) -> Markup {
    let mut page = Markup::default();
    page.raw("<!doctype html>\n<html lang=\"sv\">\n<head>\n<meta charset=\"utf-8\">\n");
    page.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>").text(title);
    page.raw("</title>\n<style>\n").raw(STYLE).raw("</style>\n</head>\n<body>\n<main>\n");
    page
}
