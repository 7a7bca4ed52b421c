//! A picture that a telephone's camera reads an address from, drawn by ourselves: only the squares come from a crate.

use std::fmt::Write as _;

use qrcode::{Color, EcLevel, QrCode};
use serde::Serialize;

/// The blank edge that readers need, in squares (ISO/IEC 18004).
const EDGE: usize = 4;

/// A picture as the path of an SVG.
#[derive(Debug, Serialize)]
pub struct Qr {
    /// Its width and height in squares, with the edge.
    size: usize,
    /// The dark squares.
    path: String,
}

impl Qr {
    /// None for what is too long for one; no address is.
    #[must_use]
    pub fn of(address: &str) -> Option<Self> {
        let code = QrCode::with_error_correction_level(address, EcLevel::M).ok()?;
        let width = code.width();
        let mut path = String::new();
        for (y, row) in code.to_colors().chunks(width).enumerate() {
            let mut x = 0;
            for run in row.chunk_by(|a, b| a == b) {
                if run.first() == Some(&Color::Dark) {
                    let _ = write!(path, "M{} {}h{}v1h-{}z", x + EDGE, y + EDGE, run.len(), run.len());
                }
                x += run.len();
            }
        }
        Some(Self { size: width + 2 * EDGE, path })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_the_greatest_length_has_a_picture() {
        let address = format!("https://arshjul.example.org/feed/{}.ics", "a".repeat(160));
        let qr = Qr::of(&address).unwrap();
        assert!(qr.size > 40 && qr.path.len() < 20_000, "{} {}", qr.size, qr.path.len());
        // The top left finder: seven dark squares in a row, from the edge.
        assert!(qr.path.starts_with("M4 4h7v1h-7z"), "{}", &qr.path[..40]);
    }
}
