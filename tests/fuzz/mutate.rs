//! Making inputs from others.

/// Words that readers stumble over, whatever they read.
const WORDS: &[&[u8]] = &[
    b"\r\n",
    b"\n",
    b"\r",
    b"\n ",
    b"\t",
    b" ",
    b"\0",
    b"\x1b",
    b"\xff",
    b"\xc3",
    b"\xe2\x80\xa8",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\"",
    b"'",
    b"\\",
    b":",
    b";",
    b",",
    b"=",
    b"[",
    b"]",
    b"{",
    b"}",
    b"[[",
    b"-",
    b"#",
    b"0",
    b"-1",
    b"00000000",
    b"99999999",
    b"2147483648",
    b"-9223372036854775808",
    b"18446744073709551616",
    b"1e999",
    b"99991231T235959Z",
    b"00000101",
    b"20250330T023000",
    "å".as_bytes(),
    "🙂".as_bytes(),
    "\u{202e}".as_bytes(),
];

/// At most so long, lest inputs grow without end.
const LONGEST: usize = 20_000;

/// An endless row of inputs, the same for the same seed.
pub struct Mutator {
    state: u64,
    seeds: Vec<Vec<u8>>,
    lines: Vec<Vec<u8>>,
}

impl Mutator {
    pub fn new(seed: u64, seeds: &[Vec<u8>]) -> Self {
        let lines = seeds.iter().flat_map(|seed| seed.split_inclusive(|b| *b == b'\n')).map(<[u8]>::to_vec);
        Self { state: seed.wrapping_mul(2).wrapping_add(1), seeds: seeds.to_vec(), lines: lines.collect() }
    }

    /// A number below `limit`, by splitmix64.
    fn below(&mut self, limit: usize) -> usize {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % (limit.max(1) as u64)).unwrap_or(0)
    }

    /// The next input.
    pub fn next(&mut self) -> Vec<u8> {
        let seed = self.below(self.seeds.len());
        let mut input = self.seeds[seed].clone();
        for _ in 0..=self.below(8) {
            self.mutate(&mut input);
        }
        input.truncate(LONGEST);
        input
    }

    /// A piece of `input`: from, and up to.
    fn piece(&mut self, input: &[u8], longest: usize) -> (usize, usize) {
        let from = self.below(input.len() + 1);
        (from, (from + self.below(longest)).min(input.len()))
    }

    /// The line around a place of `input`.
    fn line(&mut self, input: &[u8]) -> (usize, usize) {
        let at = self.below(input.len());
        let from = input[..at].iter().rposition(|b| *b == b'\n').map_or(0, |end| end + 1);
        (from, input[at..].iter().position(|b| *b == b'\n').map_or(input.len(), |end| at + end + 1))
    }

    fn mutate(&mut self, input: &mut Vec<u8>) {
        match self.below(10) {
            0 if !input.is_empty() => {
                let at = self.below(input.len());
                input[at] ^= 1 << self.below(8);
            }
            1 => {
                let (from, to) = self.piece(input, 40);
                input.drain(from..to);
            }
            2 => {
                let (from, to) = self.piece(input, 200);
                let copy = input[from..to].to_vec();
                let at = self.below(input.len() + 1);
                input.splice(at..at, copy);
            }
            3 => {
                let (from, to) = self.piece(input, 4);
                let word = WORDS[self.below(WORDS.len())];
                input.splice(from..to, word.iter().copied());
            }
            4 => {
                let (from, to) = self.line(input);
                input.drain(from..to);
            }
            5 | 6 => {
                let line = self.below(self.lines.len());
                let line = self.lines[line].clone();
                let (at, _) = self.line(input);
                input.splice(at..at, line);
            }
            7 => {
                // What stands after a sign of one line stands there in another.
                let line = self.below(self.lines.len());
                let line = self.lines[line].clone();
                let (from, to) = self.line(input);
                let sign = |bytes: &[u8]| bytes.iter().position(|b| matches!(b, b':' | b'=' | b';'));
                if let (Some(own), Some(other)) = (sign(&input[from..to]), sign(&line)) {
                    input.splice(from + own..to, line[other..].iter().copied());
                }
            }
            8 => {
                let at = self.below(input.len() + 1);
                input.truncate(at);
            }
            _ => {
                let other = self.below(self.seeds.len());
                let other = self.seeds[other].clone();
                let (from, to) = self.piece(&other, 2_000);
                let at = self.below(input.len() + 1);
                input.splice(at..at, other[from..to].iter().copied());
            }
        }
    }
}
