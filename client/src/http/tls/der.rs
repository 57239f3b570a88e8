//! The part of X.509 that rustls does not expose: when a certificate is valid.

use std::time::Duration;

use jiff::civil::DateTime;
use jiff::tz::Offset;
use rustls::pki_types::UnixTime;

const INTEGER: u8 = 0x02;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xa0;

/// The first and the last moment of a certificate's validity.
pub(super) fn validity(certificate: &[u8]) -> Option<(UnixTime, UnixTime)> {
    let (certificate, _) = value(certificate, SEQUENCE)?;
    let (fields, _) = value(certificate, SEQUENCE)?;
    let fields = value(fields, VERSION).map_or(fields, |(_, rest)| rest);
    let (_serial, fields) = value(fields, INTEGER)?;
    let (_algorithm, fields) = value(fields, SEQUENCE)?;
    let (_issuer, fields) = value(fields, SEQUENCE)?;
    let (validity, _) = value(fields, SEQUENCE)?;
    let (not_before, rest) = time(validity)?;
    let (not_after, _) = time(rest)?;
    Some((not_before, not_after))
}

/// The content of the value at the start, which has to have this tag, and what follows it.
fn value(input: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (&first, rest) = input.split_first()?;
    let (&length, rest) = rest.split_first()?;
    if first != tag {
        return None;
    }
    let (length, rest) = if length < 0x80 {
        (usize::from(length), rest)
    } else {
        let (bytes, rest) = rest.split_at_checked(usize::from(length & 0x7f))?;
        if bytes.len() > 3 {
            return None;
        }
        let length = bytes
            .iter()
            .fold(0, |length, byte| length << 8 | usize::from(*byte));
        (length, rest)
    };
    rest.split_at_checked(length)
}

fn time(input: &[u8]) -> Option<(UnixTime, &[u8])> {
    let (digits, rest) = match value(input, UTC_TIME) {
        Some((digits, rest)) => {
            // Two digits of a year mean 1950 to 2049.
            let century: &[u8] = if digits < b"5".as_slice() {
                b"20"
            } else {
                b"19"
            };
            ([century, digits].concat(), rest)
        }
        None => {
            let (digits, rest) = value(input, GENERALIZED_TIME)?;
            (digits.to_vec(), rest)
        }
    };
    let (b'Z', digits) = digits.split_last()? else {
        return None;
    };
    let number = |range: std::ops::Range<usize>| {
        let part = str::from_utf8(digits.get(range)?).ok()?;
        part.parse::<i8>().ok()
    };
    let year = i16::from(number(0..2)?) * 100 + i16::from(number(2..4)?);
    let time = DateTime::new(
        year,
        number(4..6)?,
        number(6..8)?,
        number(8..10)?,
        number(10..12)?,
        number(12..14)?,
        0,
    )
    .ok()?;
    let seconds = Offset::UTC.to_timestamp(time).ok()?.as_second();
    // What is before 1970 is as far away as 1970.
    let seconds = Duration::from_secs(seconds.try_into().unwrap_or(0));
    Some((UnixTime::since_unix_epoch(seconds), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(tag: u8, text: &str) -> Option<u64> {
        let mut input = vec![tag, u8::try_from(text.len()).unwrap()];
        input.extend_from_slice(text.as_bytes());
        time(&input).map(|(time, _)| time.as_secs())
    }

    #[test]
    fn times() {
        assert_eq!(seconds(UTC_TIME, "700101000001Z"), Some(1));
        assert_eq!(seconds(UTC_TIME, "500101000000Z"), Some(0));
        assert_eq!(seconds(UTC_TIME, "491231235959Z"), Some(2_524_607_999));
        assert_eq!(
            seconds(GENERALIZED_TIME, "20500101000000Z"),
            Some(2_524_608_000)
        );
        for text in [
            "",
            "Z",
            "7001010000Z",
            "700101000001",
            "701301000001Z",
            "70é101000001Z",
        ] {
            assert_eq!(seconds(UTC_TIME, text), None, "{text}");
        }
    }

    #[test]
    fn what_is_not_a_certificate_has_no_validity() {
        for bytes in [
            &[][..],
            &[SEQUENCE],
            &[SEQUENCE, 0x84, 0, 0, 0, 0],
            &[SEQUENCE, 0x82, 1],
            &[SEQUENCE, 2, SEQUENCE, 0],
        ] {
            assert_eq!(validity(bytes), None, "{bytes:?}");
        }
    }
}
