//! Escapes in which a secret may be written.

use std::ops::Range;

use memchr::memchr;

/// A way of writing bytes.
#[derive(Clone, Copy)]
pub(super) struct Escapes {
    /// What every escape begins with.
    first: u8,
    /// What the escape at the beginning of some bytes stands for; `None` if there is none.
    read: fn(&[u8]) -> Option<Escape>,
    /// The most bytes of an escape.
    longest: usize,
}

/// The bytes that an escape stands for, how many they are, and the length of the escape.
type Escape = ([u8; 4], usize, usize);

/// A byte that no text has.
const NO_TEXT: u8 = 0xff;

/// Those of a JSON string.
pub(super) const JSON: Escapes = Escapes {
    first: b'\\',
    read: json,
    longest: r"\u0000\u0000".len(),
};

/// `%41` as in a URL or a form.
pub(super) const URL: Escapes = Escapes {
    first: b'%',
    read: url,
    longest: "%00".len(),
};

impl Escapes {
    pub(super) fn are_in(self, bytes: &[u8]) -> bool {
        memchr(self.first, bytes).is_some()
    }

    pub(super) fn decoded(self, bytes: &[u8]) -> Vec<u8> {
        let mut decoded = Vec::with_capacity(bytes.len());
        self.pieces(bytes, |piece, _| decoded.extend(piece));
        decoded
    }

    /// The places near the end at which an escape may begin whose own end is missing.
    pub(super) fn unfinished(self, bytes: &[u8]) -> impl Iterator<Item = usize> {
        let from = (bytes.len() + 1).saturating_sub(self.longest);
        (from..bytes.len()).filter(move |at| {
            let rest = &bytes[*at..];
            // Half of a pair is whole only with the other half.
            let is_whole = (self.read)(rest).is_some_and(|(read, ..)| read[0] != NO_TEXT);
            rest[0] == self.first && !is_whole
        })
    }

    /// Where parts of the decoded bytes are written.
    pub(super) fn written(self, bytes: &[u8], parts: &[Range<usize>]) -> Vec<Range<usize>> {
        let mut ends: Vec<_> = parts
            .iter()
            .flat_map(|part| [part.start, part.end])
            .collect();
        ends.sort_unstable();
        ends.dedup();
        let mut places = Vec::with_capacity(ends.len());
        let mut decoded = 0;
        self.pieces(bytes, |piece, written| {
            while let Some(end) = ends.get(places.len())
                && *end < decoded + piece.len()
            {
                // An escape has no places within.
                let is_escape = written.len() != piece.len();
                places.push(written.start + if is_escape { 0 } else { end - decoded });
            }
            decoded += piece.len();
        });
        places.resize(ends.len(), bytes.len());
        let place = |end| places[ends.binary_search(&end).unwrap_or_default()];
        let written = parts.iter().map(|part| place(part.start)..place(part.end));
        written.collect()
    }

    /// Goes through the bytes, given as they are up to the next escape, and decoded where one is. With each
    /// comes where it is written.
    fn pieces(self, bytes: &[u8], mut each: impl FnMut(&[u8], Range<usize>)) {
        let mut at = 0;
        while at < bytes.len() {
            let rest = &bytes[at..];
            let escape = (self.read)(rest);
            let (piece, length) = match &escape {
                Some((piece, count, length)) => (&piece[..*count], *length),
                None => {
                    let next = memchr(self.first, &rest[1..]).map_or(rest.len(), |next| next + 1);
                    (&rest[..next], next)
                }
            };
            each(piece, at..at + length);
            at += length;
        }
    }
}

/// Half of a surrogate pair becomes [`NO_TEXT`].
fn json(bytes: &[u8]) -> Option<Escape> {
    let [b'\\', kind, rest @ ..] = bytes else {
        return None;
    };
    let byte = match kind {
        b'"' | b'\\' | b'/' => *kind,
        b'b' => 8,
        b'f' => 12,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'u' => return unicode(rest),
        _ => return None,
    };
    Some(([byte, 0, 0, 0], 1, 2))
}

/// What follows `\u`.
fn unicode(bytes: &[u8]) -> Option<Escape> {
    const LENGTH: usize = r"\u0000".len();
    let (first, rest) = bytes.split_at_checked(4)?;
    let first = hexadecimal(first)?;
    let pair = match (rest, first) {
        ([b'\\', b'u', rest @ ..], 0xd800..0xdc00) => rest.get(..4).and_then(hexadecimal),
        _ => None,
    };
    let (code, length) = match pair {
        Some(second @ 0xdc00..0xe000) => {
            let code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
            (code, 2 * LENGTH)
        }
        _ => (first, LENGTH),
    };
    let mut bytes = [NO_TEXT; 4];
    let count = char::from_u32(code).map_or(1, |c| c.encode_utf8(&mut bytes).len());
    Some((bytes, count, length))
}

fn url(bytes: &[u8]) -> Option<Escape> {
    let [b'%', high, low, ..] = bytes else {
        return None;
    };
    let byte = u8::try_from(hexadecimal(&[*high, *low])?).ok()?;
    Some(([byte, 0, 0, 0], 1, 3))
}

fn hexadecimal(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |number, digit| {
        Some(number * 16 + char::from(*digit).to_digit(16)?)
    })
}
