//! One look along a text: its words, and what stands between them.

use super::{Leak, address, base64, field, hash, pem, random, shape, value};
use std::ops::Range;

/// What may be taken for a secret without any name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Guess {
    /// Nothing.
    Nothing,
    /// What looks random.
    Random,
}

const LOWER: u8 = 1;
const UPPER: u8 = 2;
const DIGIT: u8 = 4;
/// Joins a word: `- _ + /`.
const MARK: u8 = 8;
/// Stands between words and says something: `: = $`.
const SIGN: u8 = 16;
const IN_WORD: u8 = LOWER | UPPER | DIGIT | MARK;

/// Shorter words are no token of any shape.
const SHORTEST: usize = 10;
/// What SOPS writes behind its `ENC[`.
const SEALED: &str = "AES256_GCM";
/// Shorter words in base64 hold nothing of interest.
const SHORTEST_ENCODED: usize = 24;

/// More of a value in a text is not looked at.
const LONGEST_VALUE: usize = 256;

const CLASSES: [u8; 256] = classes();

#[expect(
    clippy::indexing_slicing,
    reason = "evaluated by the compiler, 256 of 256"
)]
const fn classes() -> [u8; 256] {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'a'..=b'z' => LOWER,
            b'A'..=b'Z' => UPPER,
            b'0'..=b'9' => DIGIT,
            b'-' | b'_' | b'+' | b'/' => MARK,
            b':' | b'=' | b'$' => SIGN,
            _ => 0,
        };
        byte += 1;
    }
    classes
}

#[inline]
fn class(byte: u8) -> u8 {
    CLASSES.get(usize::from(byte)).copied().unwrap_or(0)
}

/// The first secret in a text.
pub fn scan(text: &str, guess: Guess) -> Option<Leak> {
    if text.len() < SHORTEST {
        return None;
    }
    let mut look = Look {
        text,
        guess,
        is_decoded: false,
        resume: 0,
        last: 0..0,
    };
    look.along()
}

struct Look<'a> {
    text: &'a str,
    guess: Guess,
    /// Whether this text was itself in base64.
    is_decoded: bool,
    /// Where to go on, behind a block that is no secret.
    resume: usize,
    /// The last word.
    last: Range<usize>,
}

impl Look<'_> {
    fn along(&mut self) -> Option<Leak> {
        let bytes = self.text.as_bytes();
        let mut at = 0;
        loop {
            let start = at;
            let mut seen = 0;
            let sign = loop {
                let byte = bytes.get(at);
                let class = byte.map_or(0, |byte| class(*byte));
                if class & IN_WORD == 0 {
                    break byte.map(|byte| (*byte, class));
                }
                seen |= class;
                at += 1;
            };
            if at > start {
                self.last = start..at;
                if at - start >= SHORTEST
                    && let Some(leak) = self.long_word(start..at, seen)
                {
                    return Some(leak);
                }
            }
            let (sign, class) = sign?;
            if class == SIGN
                && at >= self.resume
                && let Some(leak) = self.sign(at, sign)
            {
                return Some(leak);
            }
            at = self.resume.max(at + 1);
        }
    }

    fn long_word(&mut self, range: Range<usize>, seen: u8) -> Option<Leak> {
        let whole = self.text.get(range.clone())?;
        if whole.starts_with(pem::BEGIN) {
            match pem::block(self.text, range.start)? {
                pem::Block::Private(end) => {
                    return Some(Leak {
                        kind: pem::KIND,
                        range: range.start..end,
                    });
                }
                pem::Block::Other(end) => self.resume = end,
            }
            return None;
        }
        if whole == SEALED && self.before(range.start) == Some(b'[') {
            let end = self.text.get(range.end..)?.find(['[', ']']);
            self.resume = end.map_or(range.end, |end| range.end + end);
            return None;
        }
        let word = whole.trim_start_matches(['/', '-', '+', '_']);
        let start = range.end - word.len();
        let behind = matches!(self.before(range.start), Some(b'.' | b':'));
        let shape = shape::starting(self.text, start).or_else(|| {
            behind
                .then(|| shape::ending(self.text, range.clone()))
                .flatten()
        });
        if shape.is_some() || seen & (UPPER | LOWER) != UPPER | LOWER {
            return shape;
        }
        if let Some(text) = self.decoded(whole) {
            return self.encoded(&text, range);
        }
        if self.guess == Guess::Nothing || seen & DIGIT == 0 {
            return None;
        }
        // A file behind a dot, a name's part, an address' path.
        let is_part = behind || matches!(self.text.as_bytes().get(range.end), Some(b'.'));
        // Of a Go module.
        let is_sum = self
            .text
            .get(..range.start)
            .is_some_and(|before| before.ends_with("h1:"));
        (!is_part && !is_sum && random::is_random(whole)).then_some(Leak {
            kind: random::KIND,
            range,
        })
    }

    /// The text that a word is in base64.
    fn decoded(&self, word: &str) -> Option<String> {
        let may = !self.is_decoded && word.len() >= SHORTEST_ENCODED;
        may.then(|| base64::text(word))?
    }

    /// What the text behind a word in base64 gives away.
    fn encoded(&self, text: &str, range: Range<usize>) -> Option<Leak> {
        let mut look = Look {
            text,
            guess: Guess::Nothing,
            is_decoded: true,
            resume: 0,
            last: 0..0,
        };
        let kind = look.along()?.kind;
        Some(Leak { kind, range })
    }

    /// What stands behind a sign: a password in an address, a hash, a value.
    fn sign(&self, at: usize, sign: u8) -> Option<Leak> {
        let next = self.text.as_bytes().get(at + 1);
        if sign == b'$' {
            let range = next
                .is_some_and(u8::is_ascii_alphanumeric)
                .then(|| hash::at(self.text, at))??;
            let kind = hash::KIND;
            return Some(Leak { kind, range });
        }
        if sign == b':' && next == Some(&b'/') {
            let is_address = self.text.as_bytes().get(at + 2) == Some(&b'/');
            return is_address.then(|| address::secret(self.text, at))?;
        }
        self.assigned(at, sign)
    }

    /// What is assigned to a word that is called like a secret.
    fn assigned(&self, at: usize, sign: u8) -> Option<Leak> {
        let name = self.text.get(self.last.clone())?;
        let between = self.text.as_bytes().get(self.last.end..at)?;
        let is_key = between.len() <= 3
            && between
                .iter()
                .all(|byte| matches!(byte, b' ' | b'"' | b'\'' | b'\\'));
        let field = is_key.then(|| field::of_name(name))??;
        let behind = self.text.get(at + 1..)?;
        // A host and its port, an image and its tag.
        if sign == b':' && name.contains('/') && !behind.starts_with([' ', '\n']) {
            return None;
        }
        let value = behind.trim_start_matches([' ', '"', '\'', '\\']);
        let start = self.text.len() - value.len();
        let lead = self.text.get(at + 1..start)?;
        let is_quoted = lead.contains(['"', '\'']);
        let end = value_end(value);
        let (value, rest) = value.split_at_checked(end)?;
        let is_alone = rest.is_empty() || rest.starts_with(['\n', '\r']);
        let is_stated = is_quoted
            || (sign == b'=' && lead.is_empty())
            || (is_alone && self.starts_line(self.last.start));
        if !is_quoted && value.contains(['(', '[', '*', '=', '~']) && !value.ends_with('=') {
            return None;
        }
        // A scheme is a word of its own: what follows it is the secret.
        if value::is_scheme(value) {
            return self.after_scheme(field, start + end);
        }
        let range = value::secret(field, value)?;
        let is_word = value::is_name(value) && !value.bytes().any(|byte| byte.is_ascii_digit());
        (is_stated || !is_word).then(|| Leak {
            kind: field.kind,
            range: start + range.start..start + range.end,
        })
    }

    /// The token behind `Bearer` or `Basic`.
    fn after_scheme(&self, field: field::Field, at: usize) -> Option<Leak> {
        let rest = self.text.get(at..)?;
        let value = rest.trim_start_matches(' ');
        let start = at + rest.len() - value.len();
        let range = value::secret(field, value.get(..value_end(value))?)?;
        Some(Leak {
            kind: field.kind,
            range: start + range.start..start + range.end,
        })
    }

    /// Whether only what opens a line stands between its start and a place.
    fn starts_line(&self, at: usize) -> bool {
        let before = self.text.as_bytes().get(..at).unwrap_or_default();
        before
            .iter()
            .rev()
            .take(64)
            .take_while(|byte| **byte != b'\n')
            .all(|byte| matches!(byte, b' ' | b'-' | b'"' | b'\''))
    }

    fn before(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at.checked_sub(1)?).copied()
    }
}

/// Where a value in a text ends. Longer ones than most are cut, so that a chain of values costs no more than its length.
fn value_end(text: &str) -> usize {
    let most = text.floor_char_boundary(LONGEST_VALUE);
    let ends = |c: char| c.is_whitespace() || "\"'`\\,;&|<>)]}".contains(c);
    text.get(..most)
        .and_then(|text| text.find(ends))
        .unwrap_or(most)
}
