//! Colours, and which of them clearly are a traffic light's.
//!
//! A colour counts as green, yellow or red by its hue in degrees, its saturation and its value (HSV, the latter two
//! from 0 to 1):
//!
//! | | hue | saturation | value |
//! |---|---|---|---|
//! | green | 78 to 165 | at least 0.35 | at least 0.45 |
//! | yellow | 42 to 66 | at least 0.40 | at least 0.80 |
//! | red | 345 to 12 | at least 0.50 | at least 0.60 |
//!
//! That takes in Office's own greens (`00B050`, `92D050`, `70AD47`, the olive
//! `9BBB59`), yellows (`FFFF00`, `FFC000`, which its palette
//! calls orange and people use for yellow) and reds (`FF0000`, `C00000`), and the three fills of Excel's styles
//! Bra, Neutral and Dålig, which are paler. Whatever lies between, such as the orange `ED7D31`, is no status: it is
//! never guessed.

use crate::items::Health;

/// A colour that was given to something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour {
    /// Red, green and blue.
    pub rgb: [u8; 3],
    /// Which light it is; none where that isn't clear. Never [`Health::Unknown`].
    pub health: Option<Health>,
}

impl Colour {
    /// A colour with what it says.
    #[must_use]
    pub fn new(rgb: [u8; 3]) -> Self {
        Self { rgb, health: health(rgb) }
    }

    /// Six hexadecimal digits, or eight of which the first two say how opaque it is.
    #[must_use]
    pub fn parse(hex: &str) -> Option<Self> {
        let hex = hex.trim().trim_start_matches('#');
        if !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let digits = match hex.len() {
            6 => hex,
            8 => hex.get(2..)?,
            _ => return None,
        };
        let [_, red, green, blue] = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
        Some(Self::new([red, green, blue]))
    }

    /// The colour with its lightness (HSL, 0 to 1) changed by `change`.
    pub(super) fn lightened(self, change: impl Fn(f64) -> f64) -> Self {
        let (hue, saturation, lightness) = hsl(self.rgb);
        Self::new(from_hsl(hue, saturation, change(lightness).clamp(0.0, 1.0)))
    }

    /// The colour with its saturation (HSL, 0 to 1) times `factor`.
    pub(super) fn saturated(self, factor: f64) -> Self {
        let (hue, saturation, lightness) = hsl(self.rgb);
        Self::new(from_hsl(hue, (saturation * factor).clamp(0.0, 1.0), lightness))
    }

    /// So much of the colour, the rest being `other` in each part.
    pub(super) fn mixed(self, part: f64, other: f64) -> Self {
        Self::new(self.rgb.map(|c| byte(f64::from(c) / 255.0 * part + other * (1.0 - part))))
    }
}

fn health(rgb: [u8; 3]) -> Option<Health> {
    match rgb {
        [0xC6, 0xEF, 0xCE] => return Some(Health::Green),
        [0xFF, 0xEB, 0x9C] => return Some(Health::Yellow),
        [0xFF, 0xC7, 0xCE] => return Some(Health::Red),
        _ => {}
    }
    let (hue, _, _) = hsl(rgb);
    let (least, most) = extremes(rgb);
    let saturation = if most > 0.0 { (most - least) / most } else { 0.0 };
    let clear = |wanted: bool, saturated, bright| wanted && saturation >= saturated && most >= bright;
    if clear((78.0..=165.0).contains(&hue), 0.35, 0.45) {
        Some(Health::Green)
    } else if clear((42.0..=66.0).contains(&hue), 0.40, 0.80) {
        Some(Health::Yellow)
    } else if clear(hue >= 345.0 || hue <= 12.0, 0.50, 0.60) {
        Some(Health::Red)
    } else {
        None
    }
}

fn extremes(rgb: [u8; 3]) -> (f64, f64) {
    let least = rgb.iter().min().copied().unwrap_or_default();
    let most = rgb.iter().max().copied().unwrap_or_default();
    (f64::from(least) / 255.0, f64::from(most) / 255.0)
}

/// Hue in degrees, saturation and lightness.
fn hsl(rgb: [u8; 3]) -> (f64, f64, f64) {
    let [red, green, blue] = rgb.map(|c| f64::from(c) / 255.0);
    let (least, most) = extremes(rgb);
    let (spread, lightness) = (most - least, f64::midpoint(most, least));
    if spread <= 0.0 {
        return (0.0, 0.0, lightness);
    }
    let saturation = spread / (1.0 - (2.0 * lightness - 1.0).abs());
    let hue = if red >= green && red >= blue {
        ((green - blue) / spread).rem_euclid(6.0)
    } else if green >= blue {
        (blue - red) / spread + 2.0
    } else {
        (red - green) / spread + 4.0
    };
    (hue * 60.0, saturation.min(1.0), lightness)
}

fn from_hsl(hue: f64, saturation: f64, lightness: f64) -> [u8; 3] {
    let reach = saturation * lightness.min(1.0 - lightness);
    [0.0, 8.0, 4.0].map(|offset| {
        let sector = (offset + hue / 30.0).rem_euclid(12.0);
        byte(lightness - reach * (sector - 3.0).min(9.0 - sector).clamp(-1.0, 1.0))
    })
}

fn byte(part: f64) -> u8 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to what a byte can hold; a float that is no number becomes 0"
    )]
    let byte = (part.clamp(0.0, 1.0) * 255.0).round() as u8;
    byte
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_clear_lights_count() {
        let read = |hex: &str| Colour::parse(hex).unwrap().health;
        for green in ["00B050", "92D050", "70AD47", "00FF00", "008000", "C6EFCE", "4EA72E", "9BBB59"] {
            assert_eq!(read(green), Some(Health::Green), "{green}");
        }
        for yellow in ["FFFF00", "FFC000", "FFD966", "FFEB9C", "FFE699"] {
            assert_eq!(read(yellow), Some(Health::Yellow), "{yellow}");
        }
        for red in ["FF0000", "C00000", "FFC7CE", "FFEE2222"] {
            assert_eq!(read(red), Some(Health::Red), "{red}");
        }
        let others = [
            "FFFFFF", "000000", "808080", "ED7D31", "FFA500", "4472C4", "00B0F0", "7030A0", "E2EFD9",
            "F8CBAD", "BFBFBF", "C00080", "BFFF00", "806000", "DAE3F3", "800000", "FF9999",
        ];
        for other in others {
            assert_eq!(read(other), None, "{other}");
        }
    }

    #[test]
    fn what_is_no_colour_is_none() {
        for text in ["auto", "", "12345", "1234567", "GGGGGG", "+12345", "åäö", "0000000ö"] {
            assert_eq!(Colour::parse(text), None, "{text}");
        }
        assert_eq!(Colour::parse("#FF00B050"), Colour::parse("00b050"));
    }

    #[test]
    fn tints_are_those_that_office_shows() {
        let accent = Colour::parse("70AD47").unwrap();
        // Office's palette writes "lighter 40 %" of this accent as A9D18E or A8D08D, by program.
        let lighter = accent.lightened(|l| l * 0.6 + 0.4);
        assert_eq!(lighter.rgb, [0xA9, 0xD1, 0x8E]);
        let darker = accent.lightened(|l| l * 0.75);
        assert_eq!(darker.rgb, [0x54, 0x82, 0x35]);
        assert_eq!(accent.mixed(1.0, 0.0), accent);
        assert_eq!(accent.mixed(0.0, 1.0).rgb, [255; 3]);
    }

    proptest::proptest! {
        #[test]
        fn lightness_unchanged_is_the_same_colour(rgb: [u8; 3]) {
            let colour = Colour::new(rgb);
            proptest::prop_assert_eq!(colour.lightened(|l| l), colour);
            proptest::prop_assert_eq!(colour.saturated(1.0), colour);
        }

        #[test]
        fn no_text_panics(text: String) {
            let _ = Colour::parse(&text);
        }
    }
}
