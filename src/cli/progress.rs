//! A bar on standard error while something takes long. Where that is no terminal, nothing is said.

use std::io::{IsTerminal, Write, stderr};
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many letters the bar has.
const WIDTH: usize = 30;
/// What is done at once needs no bar.
const WORTH_A_BAR: usize = 20;

/// A bar. It is drawn anew whenever it grows by a letter or a hundredth.
#[derive(Debug)]
pub(super) struct Progress {
    what: &'static str,
    shown: bool,
    /// The hundredth that was drawn last, and one more; 0 before the first.
    drawn: AtomicUsize,
}

impl Progress {
    /// A bar over `what`, unless it isn't `wanted` or nobody would see it.
    pub fn new(what: &'static str, wanted: bool) -> Self {
        Self { what, shown: wanted && stderr().is_terminal(), drawn: AtomicUsize::new(0) }
    }

    /// `done` of `all` are done.
    pub fn at(&self, done: usize, all: usize) {
        if self.shown
            && all >= WORTH_A_BAR
            && let Some(bar) = self.next(done, all)
        {
            // A bar that can't be drawn is missed by nobody.
            let _ = write!(stderr(), "\r{bar}");
        }
    }

    /// Takes the bar away.
    pub fn end(&self) {
        if self.drawn.swap(0, Ordering::Relaxed) > 0 {
            let _ = write!(stderr(), "\r{}\r", " ".repeat(WIDTH + self.what.len() + 40));
        }
    }

    /// The bar, if it looks otherwise than the last time.
    fn next(&self, done: usize, all: usize) -> Option<String> {
        let hundredth = done.min(all) * 100 / all.max(1);
        let last = self.drawn.swap(hundredth + 1, Ordering::Relaxed);
        (last != hundredth + 1).then(|| bar(self.what, done, all))
    }
}

fn bar(what: &str, done: usize, all: usize) -> String {
    let full = done.min(all) * WIDTH / all.max(1);
    format!("[{}{}] {done} of {all} {what}", "#".repeat(full), ".".repeat(WIDTH - full))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_grows_from_nothing_to_full() {
        assert_eq!(bar("rows", 0, 60), "[..............................] 0 of 60 rows");
        assert_eq!(bar("rows", 30, 60), "[###############...............] 30 of 60 rows");
        assert_eq!(bar("rows", 61, 60), "[##############################] 61 of 60 rows");
        assert_eq!(bar("rows", 0, 0), "[..............................] 0 of 0 rows");
    }

    #[test]
    fn it_is_drawn_only_when_it_looks_otherwise() {
        let progress = Progress { what: "rows", shown: true, drawn: AtomicUsize::new(0) };
        let drawn = (0..=1000).filter(|done| progress.next(*done, 1000).is_some()).count();
        assert_eq!(drawn, 101);
    }
}
