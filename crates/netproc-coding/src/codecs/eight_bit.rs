//! What all encodings that contain ASCII share: runs of ASCII go through at one stroke.

use encoding_rs::Encoding;

use crate::sink::Sink;

/// What a decoder made of the bytes at the front, the first of which is not ASCII.
pub(crate) enum Step {
    /// A character of that many bytes.
    Character(char, usize),
    /// The beginning of a character.
    Incomplete,
    /// A byte that belongs to no character.
    Invalid,
    /// That many bytes that could be a character and are none; what follows starts afresh.
    Unassigned(usize),
}

/// Decodes runs of ASCII, and by `step` what stands between them.
pub(crate) fn decode(
    bytes: &[u8],
    last: bool,
    sink: &mut Sink<'_>,
    step: impl Fn(&[u8]) -> Step,
) -> usize {
    let mut done = 0;
    loop {
        let run = Encoding::ascii_valid_up_to(&bytes[done..]);
        if run > 0 {
            sink.ascii(&bytes[done..done + run]);
            done += run;
        }
        while let Some(&first) = bytes.get(done) {
            if first.is_ascii() {
                // A short run, such as the space between two words, is not worth a detour. A
                // carriage return is: the sink must see it together with a newline.
                let long = bytes.get(done..done + LONG).is_none_or(<[u8]>::is_ascii);
                if long || first == b'\r' {
                    break;
                }
                sink.character(first.into());
                done += 1;
                continue;
            }
            match step(&bytes[done..]) {
                Step::Character(character, length) => {
                    sink.character(character);
                    done += length;
                }
                Step::Unassigned(length) => {
                    sink.raw_bytes(&bytes[done..done + length]);
                    done += length;
                }
                Step::Incomplete if !last => return done,
                Step::Incomplete | Step::Invalid => {
                    sink.raw(first);
                    done += 1;
                }
            }
        }
        if done == bytes.len() {
            return done;
        }
    }
}

/// How many bytes of ASCII are worth looking for their end.
const LONG: usize = 16;
