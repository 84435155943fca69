//! Whole messages out of a stream of bytes: lines, headers with a length, netstrings.
//!
//! It knows bytes only; what they mean as text is the decoder's business, message by message.

/// How messages are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Framing {
    /// Each ends in a newline.
    Line,
    /// Each ends in a carriage return and a newline.
    Crlf,
    /// Headers that tell the length come first, as between editors and language servers.
    ContentLength,
    /// The length in digits, a colon, the message, a comma.
    Netstring,
}

/// The longest header before a message.
const LONGEST_HEADER: usize = 64 * 1024;

/// The most digits that a length is taken from.
const LONGEST_LENGTH: usize = 12;

impl Framing {
    /// Returns what the value of `:framing` means.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        match name {
            "line" => Some(Framing::Line),
            "crlf" => Some(Framing::Crlf),
            "content-length" => Some(Framing::ContentLength),
            "netstring" => Some(Framing::Netstring),
            _ => None,
        }
    }

    /// Looks for the first message; the bytes before `seen` were looked at before.
    fn find(self, bytes: &[u8], seen: usize) -> Found {
        match self {
            Framing::Line => match position(bytes, seen, b"\n") {
                Some(end) => Found::message(0, end, end + 1),
                None => Found::Wanting,
            },
            Framing::Crlf => match position(bytes, seen.saturating_sub(1), b"\r\n") {
                Some(end) => Found::message(0, end, end + 2),
                None => Found::Wanting,
            },
            Framing::ContentLength => match position(bytes, 0, b"\r\n\r\n") {
                Some(end) => match content_length(&bytes[..end]) {
                    Some(length) => Found::sized(bytes, end + 4, length, b""),
                    None => Found::Broken,
                },
                None if bytes.len() > LONGEST_HEADER => Found::Broken,
                None => Found::Wanting,
            },
            Framing::Netstring => match position(bytes, 0, b":") {
                Some(end) => match number(&bytes[..end]) {
                    Some(length) => Found::sized(bytes, end + 1, length, b","),
                    None => Found::Broken,
                },
                None if bytes.len() > LONGEST_LENGTH => Found::Broken,
                None => Found::Wanting,
            },
        }
    }
}

/// What stands at the beginning of some bytes.
enum Found {
    /// A message, and where the next one begins.
    Message { from: usize, to: usize, next: usize },
    /// The beginning of one.
    Wanting,
    /// Nothing of the kind.
    Broken,
}

impl Found {
    fn message(from: usize, to: usize, next: usize) -> Self {
        Found::Message { from, to, next }
    }

    /// A message of a known length, with something after it.
    fn sized(bytes: &[u8], from: usize, length: usize, after: &[u8]) -> Self {
        let Some(to) = from.checked_add(length) else {
            return Found::Broken;
        };
        let next = to + after.len();
        match bytes.get(to..next) {
            None => Found::Wanting,
            Some(found) if found == after => Found::message(from, to, next),
            Some(_) => Found::Broken,
        }
    }
}

/// Cuts one stream.
#[derive(Debug)]
pub(crate) struct Framer {
    framing: Framing,
    pending: Vec<u8>,
    /// How much of what is pending holds no end of a message.
    seen: usize,
    /// The stream is not what it was said to be; all of it is passed on as it comes.
    broken: bool,
}

impl Framer {
    pub(crate) fn new(framing: Framing) -> Self {
        Framer {
            framing,
            pending: Vec::new(),
            seen: 0,
            broken: false,
        }
    }

    pub(crate) fn framing(&self) -> Framing {
        self.framing
    }

    /// Takes the next bytes, and gives `deliver` each message that is whole now.
    pub(crate) fn push(&mut self, bytes: &[u8], mut deliver: impl FnMut(&[u8])) {
        self.pending.extend_from_slice(bytes);
        let mut start = 0;
        while !self.broken {
            let seen = self.seen.saturating_sub(start);
            match self.framing.find(&self.pending[start..], seen) {
                Found::Message { from, to, next } => {
                    deliver(&self.pending[start + from..start + to]);
                    start += next;
                }
                Found::Wanting => break,
                Found::Broken => self.broken = true,
            }
        }
        self.pending.drain(..start);
        self.seen = self.pending.len();
        if self.broken {
            self.finish(deliver);
        }
    }

    /// Gives `deliver` what is left when the stream has ended.
    pub(crate) fn finish(&mut self, mut deliver: impl FnMut(&[u8])) {
        let rest = std::mem::take(&mut self.pending);
        self.seen = 0;
        if !rest.is_empty() {
            deliver(&rest);
        }
    }
}

fn position(bytes: &[u8], from: usize, what: &[u8]) -> Option<usize> {
    let rest = bytes.get(from..)?;
    let found = match what {
        [single] => rest.iter().position(|byte| byte == single),
        several => rest
            .windows(several.len())
            .position(|window| window == several),
    };
    found.map(|place| from + place)
}

fn number(digits: &[u8]) -> Option<usize> {
    let is_number = !digits.is_empty()
        && digits.len() <= LONGEST_LENGTH
        && digits.iter().all(u8::is_ascii_digit);
    str::from_utf8(digits)
        .ok()
        .filter(|_| is_number)?
        .parse()
        .ok()
}

fn content_length(header: &[u8]) -> Option<usize> {
    let mut fields = str::from_utf8(header)
        .ok()?
        .split("\r\n")
        .filter_map(|line| line.split_once(':'));
    let (_, value) = fields.find(|(name, _)| name.eq_ignore_ascii_case("content-length"))?;
    number(value.trim().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Cuts `stream` in pieces of every size; the messages are the same each time.
    fn check(framing: Framing, stream: &str, messages: &[&str]) {
        for size in 1..=stream.len() {
            let mut framer = Framer::new(framing);
            let mut found = Vec::new();
            let mut note =
                |message: &[u8]| found.push(String::from_utf8_lossy(message).into_owned());
            for piece in stream.as_bytes().chunks(size) {
                framer.push(piece, &mut note);
            }
            framer.finish(&mut note);
            assert_eq!(found, messages, "in pieces of {size}");
        }
    }

    #[test]
    fn lines() {
        check(
            Framing::Line,
            "one\n\ntwo\r\nrest",
            &["one", "", "two\r", "rest"],
        );
        check(
            Framing::Crlf,
            "one\r\n\r\na\nb\rc\r\n",
            &["one", "", "a\nb\rc"],
        );
    }

    #[test]
    fn lengths_before_messages() {
        check(
            Framing::ContentLength,
            "Content-Length: 3\r\n\r\none\
             content-type: x\r\nCONTENT-LENGTH:2 \r\n\r\n\r\nContent-Length: 0\r\n\r\n",
            &["one", "\r\n", ""],
        );
        check(
            Framing::Netstring,
            "3:one,0:,12:hello world!,",
            &["one", "", "hello world!"],
        );
    }

    #[test]
    fn what_is_no_message_is_passed_on() {
        let mut found = Vec::new();
        let mut framer = Framer::new(Framing::Netstring);
        framer.push(b"3:one,x:two,", |message| found.extend_from_slice(message));
        framer.push(b"3:one,", |message| found.extend_from_slice(message));
        assert_eq!(found, b"onex:two,3:one,");
        let endless = format!("{}:", usize::MAX);
        framer = Framer::new(Framing::Netstring);
        framer.push(endless.as_bytes(), |message| found = message.to_vec());
        assert_eq!(found, endless.as_bytes());
    }
}
