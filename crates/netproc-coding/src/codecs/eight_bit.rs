//! What all encodings that contain ASCII share: what is simple is spelled in one go, what is not
//! goes step by step.

use crate::batch::Batch;
use crate::codecs::pairs::Spellings;
use crate::sink::Sink;
use crate::spelling::Spelling;

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

/// How many bytes were read, and how many were written for them.
pub(crate) type Progress = (usize, usize);

/// An encoding that contains ASCII.
pub(crate) trait EightBit {
    /// Writes in UTF-8 what is a matter of looking into a table, as far as there are bytes and
    /// room, of which there is enough for a few characters; it may stop wherever it likes.
    fn spell(&self, bytes: &[u8], room: &mut [u8]) -> Progress;

    /// Looks at the front of the bytes, the first of which is not ASCII.
    fn step(&self, bytes: &[u8]) -> Step;
}

/// Decodes what can be spelled in one go, and what stands between that step by step.
pub(crate) fn decode(
    encoding: &impl EightBit,
    bytes: &[u8],
    last: bool,
    sink: &mut Sink<'_>,
) -> usize {
    let mut batch = Batch::new(sink);
    let mut done = 0;
    while let Some(&first) = bytes.get(done) {
        let rest = &bytes[done..];
        if rest.first_chunk::<LONG>().is_some_and(|run| run.is_ascii()) {
            let run = ascii_run(rest);
            if batch.bypass(&rest[..run]) {
                done += run;
                continue;
            }
        }
        let (read, written) = encoding.spell(rest, batch.room());
        batch.advance(written);
        done += read;
        if read > 0 {
            continue;
        }
        if first.is_ascii() {
            batch.character(first.into());
            done += 1;
            continue;
        }
        match encoding.step(rest) {
            Step::Character(character, length) => {
                batch.character(character);
                done += length;
            }
            Step::Unassigned(length) => {
                batch.raw_bytes(&rest[..length]);
                done += length;
            }
            Step::Incomplete if !last => break,
            Step::Incomplete | Step::Invalid => {
                batch.raw_bytes(&rest[..1]);
                done += 1;
            }
        }
    }
    batch.flush();
    done
}

/// Spells ASCII, and pairs of bytes that have a spelling.
pub(crate) fn spell_pairs(bytes: &[u8], room: &mut [u8], spellings: Spellings<'_>) -> Progress {
    let (mut rest, mut free) = (bytes, room);
    let (all, room) = (bytes.len(), free.len());
    while let [lead, trail, ..] = *rest
        && free.len() >= WORD
    {
        let spelling = spellings.of(lead, trail);
        if !spelling.is_none() {
            free[..Spelling::LONGEST].copy_from_slice(&spelling.bytes());
            rest = &rest[2..];
            free = &mut free[spelling.length()..];
            continue;
        }
        if !lead.is_ascii() {
            break;
        }
        let Some(place) = free.first_chunk_mut() else {
            break;
        };
        let run = copy_ascii(rest, place);
        rest = &rest[run..];
        free = &mut free[run..];
    }
    (all - rest.len(), room - free.len())
}

/// Returns how many bytes at the front are ASCII.
pub(crate) fn ascii_run(bytes: &[u8]) -> usize {
    let whole = bytes.chunks(LONG).take_while(|chunk| chunk.is_ascii());
    let whole = bytes.len().min(whole.count() * LONG);
    let rest = bytes[whole..].iter().take(LONG);
    whole + rest.take_while(|byte| byte.is_ascii()).count()
}

/// Copies ASCII and returns how much, at most a word; what stands after it in the word is rubbish.
pub(crate) fn copy_ascii(bytes: &[u8], place: &mut [u8; WORD]) -> usize {
    if let Some(word) = bytes.first_chunk() {
        *place = *word;
        let others = u64::from_le_bytes(*word) & 0x8080_8080_8080_8080;
        return others.trailing_zeros() as usize / 8;
    }
    let run = bytes.iter().take_while(|byte| byte.is_ascii()).count();
    place[..run].copy_from_slice(&bytes[..run]);
    run
}

/// How many bytes are copied together.
pub(crate) const WORD: usize = 8;

/// How many bytes of ASCII are worth handing over as they stand.
pub(crate) const LONG: usize = 64;

#[cfg(test)]
mod tests {
    use netproc_lisp::Text;
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;
    use crate::codecs::euc_jp::EucJp;
    use crate::codecs::gb18030::Gb18030;
    use crate::eol::Eol;
    use crate::names::Kind;
    use crate::system::{CodingSystem, names};

    /// An encoding of which nothing is spelled in one go.
    struct Stepwise<'a, E>(&'a E);

    impl<E: EightBit> EightBit for Stepwise<'_, E> {
        fn spell(&self, _: &[u8], _: &mut [u8]) -> Progress {
            (0, 0)
        }

        fn step(&self, bytes: &[u8]) -> Step {
            self.0.step(bytes)
        }
    }

    fn decoded(encoding: &impl EightBit, bytes: &[u8], last: bool, eol: Eol) -> (usize, Text) {
        let mut text = Text::new();
        let done = decode(encoding, bytes, last, &mut Sink::new(&mut text, Some(eol)));
        (done, text)
    }

    fn both_ways(encoding: &impl EightBit, bytes: &[u8], last: bool, eol: Eol) {
        assert!(
            decoded(encoding, bytes, last, eol) == decoded(&Stepwise(encoding), bytes, last, eol)
        );
    }

    /// Systems of every encoding that contains ASCII, but for those that Unicode has.
    fn systems() -> impl Strategy<Value = CodingSystem> {
        let all = names().filter_map(|name| CodingSystem::parse(name).ok());
        let is_one = |system: &CodingSystem| {
            matches!(
                system.kind(),
                Kind::SingleByte(_) | Kind::Pairs(_) | Kind::Gb18030 | Kind::EucJp
            )
        };
        select(all.filter(is_one).collect::<Vec<_>>())
    }

    /// Runs of characters of one script, of ASCII, of anything, and line ends.
    fn data() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            3 => vec(0x20..0x7F_u8, 0..100),
            3 => vec(0xA1..=0xFE_u8, 0..100),
            2 => vec(prop_oneof![9 => 0x20..0x7F_u8, 1 => 0x80..=0xFF_u8], 0..100),
            2 => vec(any::<u8>(), 0..20),
            2 => select(vec![b"\r\n".to_vec(), b"\n".to_vec(), b"\r".to_vec()]),
        ];
        vec(piece, 0..60).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn it_makes_no_difference_how_much_is_spelled_in_one_go(
            system in systems(),
            bytes in data(),
            last in any::<bool>(),
            eol in select(Eol::ALL.to_vec()),
        ) {
            match system.kind() {
                Kind::SingleByte(table) => both_ways(table, &bytes, last, eol),
                Kind::Pairs(set) => both_ways(&set.encoding(), &bytes, last, eol),
                Kind::Gb18030 => both_ways(&Gb18030::new(), &bytes, last, eol),
                _ => both_ways(&EucJp::new(), &bytes, last, eol),
            }
        }
    }

    #[test]
    fn every_byte_and_pair_is_spelled_as_it_is_stepped() {
        let pairs: Vec<u8> = (0x8020..=u16::MAX).flat_map(u16::to_be_bytes).collect();
        for name in names() {
            match CodingSystem::parse(name).map(CodingSystem::kind) {
                Ok(Kind::SingleByte(table)) => {
                    let bytes: Vec<u8> = (0..=0xFF).collect();
                    both_ways(table, &bytes, true, Eol::Unix);
                }
                Ok(Kind::Pairs(set)) => both_ways(&set.encoding(), &pairs, true, Eol::Unix),
                _ => {}
            }
        }
        both_ways(&Gb18030::new(), &pairs, true, Eol::Unix);
        both_ways(&EucJp::new(), &pairs, true, Eol::Unix);
    }
}
