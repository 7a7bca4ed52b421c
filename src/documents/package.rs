//! The package that .docx, .pptx and .xlsx are: a zip archive of XML parts that say how they belong together
//! (ECMA-376, parts 1 and 2).

use std::io::{Cursor, Write};

use jiff::Timestamp;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::markup::Markup;

/// What each part begins with.
pub const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
/// The namespace of references to relationships, and of their types.
pub const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const TYPES: &str = "http://schemas.openxmlformats.org/package/2006/content-types";
const DOCUMENT: &str = "application/vnd.openxmlformats-officedocument";
const APP: &str = include_str!("parts/app.xml");
/// The kind of property that a document has of its own (MS-OLEPS, FMTID_UserDefinedProperties).
const OWN: &str = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}";

/// The document could not be put together.
#[derive(Debug, thiserror::Error)]
#[error("the document could not be packed: {0}")]
pub struct DocumentError(String);

/// What a document says of itself.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// Its title.
    pub title: &'a str,
    /// What it is.
    pub subject: &'a str,
    /// A body: no person is named as its author.
    pub author: &'a str,
    /// When it is true.
    pub at: Timestamp,
}

/// Parts as they are gathered, with their types.
#[derive(Debug, Default)]
pub struct Package {
    parts: Vec<(String, String)>,
    types: Markup,
}

impl Package {
    /// Adds a part; `kind` is its type after the words that all types begin with: `presentationml.slide+xml`.
    pub fn part(&mut self, name: &str, kind: &str, content: impl Into<String>) {
        self.types.raw(&format!("<Override PartName=\"/{name}\" ContentType=\"{DOCUMENT}.{kind}\"/>"));
        self.parts.push((name.to_owned(), content.into()));
    }

    /// Says what the part `name` refers to: id, type and target of each.
    pub fn relations(&mut self, name: &str, relations: &Relations) {
        let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
        self.parts.push((format!("{folder}/_rels/{file}.rels"), relations.markup()));
    }

    /// Puts the archive together around its main part. Equal parts give equal bytes: nothing in the archive tells when
    /// or where it was made.
    ///
    /// # Errors
    /// When it would be larger than a zip archive can be (4 GiB).
    pub fn pack(
        mut self,
        main: &str,
        about: &About<'_>,
        own: &[(String, String)],
    ) -> Result<Vec<u8>, DocumentError> {
        let mut root = Relations::default();
        root.add("rId1", "officeDocument", main);
        root.0.raw(&format!("<Relationship Id=\"rId2\" Type=\"{RELATIONSHIPS}/metadata/core-properties\" "));
        root.0.raw("Target=\"docProps/core.xml\"/>");
        root.add("rId3", "extended-properties", "docProps/app.xml");
        self.part("docProps/app.xml", "extended-properties+xml", APP);
        if !own.is_empty() {
            root.add("rId4", "custom-properties", "docProps/custom.xml");
            self.part("docProps/custom.xml", "custom-properties+xml", custom(own));
        }
        let mut types = Markup::default();
        types.raw(XML).raw(&format!("<Types xmlns=\"{TYPES}\">"));
        types.raw("<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>");
        types.raw("<Default Extension=\"xml\" ContentType=\"application/xml\"/>");
        types.raw("<Override PartName=\"/docProps/core.xml\" ");
        types.raw("ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/>");
        types.raw(&self.types.into_string()).raw("</Types>");
        let first = [
            // Readers find out by the first entry what kind of archive it is.
            ("[Content_Types].xml".to_owned(), types.into_string()),
            ("_rels/.rels".to_owned(), root.markup()),
            ("docProps/core.xml".to_owned(), core(about)),
        ];
        archive(first.into_iter().chain(self.parts))
    }
}

/// What a part refers to.
#[derive(Debug, Default)]
pub struct Relations(Markup);

impl Relations {
    /// A part inside the package.
    pub fn add(&mut self, id: &str, kind: &str, target: &str) {
        self.0.raw(&format!("<Relationship Id=\"{id}\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/>"));
    }

    /// A web address.
    pub fn link(&mut self, id: &str, address: &str) {
        self.0.raw(&format!("<Relationship Id=\"{id}\" Type=\"{OFFICE}/hyperlink\" Target=\""));
        self.0.text(address).raw("\" TargetMode=\"External\"/>");
    }

    fn markup(&self) -> String {
        format!("{XML}<Relationships xmlns=\"{RELATIONSHIPS}\">{}</Relationships>", self.0.as_str())
    }
}

fn archive(parts: impl Iterator<Item = (String, String)>) -> Result<Vec<u8>, DocumentError> {
    let failed = |error: &dyn std::fmt::Display| DocumentError(error.to_string());
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        archive.start_file(name, options).map_err(|e| failed(&e))?;
        archive.write_all(content.as_bytes()).map_err(|e| failed(&e))?;
    }
    Ok(archive.finish().map_err(|e| failed(&e))?.into_inner())
}

/// Title, language and day. A body stands for the author: no person does.
fn core(about: &About<'_>) -> String {
    let at = about.at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let mut markup = Markup::default();
    markup.raw(XML).raw(&format!(
        "<cp:coreProperties xmlns:cp=\"{PACKAGE}/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">"
    ));
    markup.raw("<dc:title>").text(about.title).raw("</dc:title>");
    markup.raw("<dc:subject>").text(about.subject).raw("</dc:subject>");
    markup.raw("<dc:creator>").text(about.author).raw("</dc:creator>");
    markup.raw("<cp:lastModifiedBy>").text(about.author).raw("</cp:lastModifiedBy>");
    for element in ["created", "modified"] {
        markup.raw(&format!("<dcterms:{element} xsi:type=\"dcterms:W3CDTF\">{at}</dcterms:{element}>"));
    }
    markup.raw("<dc:language>sv-SE</dc:language></cp:coreProperties>");
    markup.into_string()
}

/// Properties of the document's own, all of them text.
fn custom(properties: &[(String, String)]) -> String {
    let mut markup = Markup::default();
    markup.raw(XML).raw(
        "<Properties xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/custom-properties\" \
         xmlns:vt=\"http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes\">",
    );
    // Numbers 0 and 1 mean something else.
    for ((name, value), number) in properties.iter().zip(2..) {
        markup.raw(&format!("<property fmtid=\"{OWN}\" pid=\"{number}\" name=\"")).text(name);
        markup.raw("\"><vt:lpwstr>").text(value).raw("</vt:lpwstr></property>");
    }
    markup.raw("</Properties>");
    markup.into_string()
}
