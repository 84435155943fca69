//! What a program says, kept as far as it is of use, with a way to wait for words.

use std::io::Read;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::bytes::{Bytes, Comparison};

/// How much of each output is kept: enough for all words, little beside what flows through.
const KEPT: usize = 256 * 1024;

/// One of the two outputs of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Output {
    /// Standard output.
    Plain,
    /// Standard error.
    Error,
}

/// The outputs of one program, written by the threads that read them.
#[derive(Default)]
pub(crate) struct Record {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    plain: Vec<u8>,
    error: Vec<u8>,
    ended: usize,
    comparison: Option<Comparison>,
    wrong: Option<String>,
}

impl Record {
    /// Reads one output to its end.
    pub(crate) fn follow(&self, output: Output, mut from: impl Read) {
        let mut buffer = vec![0; 64 * 1024];
        // A pipe that fails has no more to say, as one that ends.
        while let Ok(count @ 1..) = from.read(&mut buffer) {
            self.state().take(output, &buffer[..count]);
            self.changed.notify_all();
        }
        self.state().ended += 1;
        self.changed.notify_all();
    }

    /// Compares standard output with `bytes` from where it has their opening line.
    pub(crate) fn expect(&self, bytes: &Bytes) {
        let mut state = self.state();
        state.wrong = None;
        state.comparison = Some(Comparison::new(bytes.clone()));
    }

    /// Waits until the expected bytes have arrived.
    pub(crate) fn wait_for_bytes(&self, patience: Duration) -> Result<(), String> {
        self.wait(patience, |state| {
            let comparison = state.comparison.as_ref()?;
            if let Some(wrong) = &state.wrong {
                return Some(Err(format!("sent other bytes than expected: {wrong}")));
            }
            let missing = || {
                let (done, all) = (comparison.done(), comparison.bytes().len());
                Err(format!("ended after {done} of {all} bytes"))
            };
            match (comparison.is_complete(), state.has_ended()) {
                (true, _) => Some(Ok(())),
                (false, true) => Some(missing()),
                (false, false) => None,
            }
        })
        .unwrap_or_else(|| {
            let state = self.state();
            let done = state.comparison.as_ref().map_or(0, Comparison::done);
            Err(format!(
                "had sent {done} bytes of those expected after {} s",
                patience.as_secs()
            ))
        })
    }

    /// Waits until one of the outputs has `words`; an error says why they cannot come any more.
    pub(crate) fn wait_for_words(&self, words: &str, patience: Duration) -> Result<(), String> {
        self.wait(patience, |state| {
            if state.has(words) {
                Some(Ok(()))
            } else if state.has_ended() {
                Some(Err(format!("ended without saying {words:?}")))
            } else {
                None
            }
        })
        .unwrap_or_else(|| {
            let seconds = patience.as_secs();
            Err(format!("did not say {words:?} within {seconds} s"))
        })
    }

    /// Waits until both outputs have ended.
    pub(crate) fn wait_for_end(&self, patience: Duration) -> Result<(), String> {
        self.wait(patience, |state| state.has_ended().then_some(Ok(())))
            .unwrap_or_else(|| Err(format!("did not end within {} s", patience.as_secs())))
    }

    /// Returns what follows `words` on their line, once the line is whole.
    pub(crate) fn after(&self, words: &str, patience: Duration) -> Result<String, String> {
        self.wait(patience, |state| {
            let found = [&state.plain, &state.error]
                .into_iter()
                .find_map(|text| rest_of_line(text, words));
            found.map(Ok).or_else(|| {
                state
                    .has_ended()
                    .then(|| Err(format!("ended without saying {words:?}")))
            })
        })
        .unwrap_or_else(|| {
            let seconds = patience.as_secs();
            Err(format!("did not say {words:?} within {seconds} s"))
        })
    }

    /// Returns the last lines of one output.
    pub(crate) fn tail(&self, output: Output, lines: usize) -> Vec<String> {
        let state = self.state();
        let text = match output {
            Output::Plain => &state.plain,
            Output::Error => &state.error,
        };
        let text = String::from_utf8_lossy(text);
        let all: Vec<&str> = text.lines().collect();
        let first = all.len().saturating_sub(lines);
        all[first..].iter().map(|line| (*line).to_owned()).collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks `question` after each change; nothing when the time is over.
    fn wait<T>(
        &self,
        patience: Duration,
        question: impl Fn(&State) -> Option<Result<T, String>>,
    ) -> Option<Result<T, String>> {
        let deadline = Instant::now() + patience;
        let mut state = self.state();
        loop {
            if let Some(answer) = question(&state) {
                return Some(answer);
            }
            let left = deadline.checked_duration_since(Instant::now())?;
            let woken = self.changed.wait_timeout(state, left);
            state = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl State {
    fn has_ended(&self) -> bool {
        self.ended == 2
    }

    fn has(&self, words: &str) -> bool {
        find(&self.plain, words.as_bytes()).is_some()
            || find(&self.error, words.as_bytes()).is_some()
    }

    fn take(&mut self, output: Output, bytes: &[u8]) {
        match output {
            Output::Plain => {
                let rest = self.compare(bytes).unwrap_or(bytes).to_vec();
                keep(&mut self.plain, &rest);
                self.begin();
            }
            Output::Error => keep(&mut self.error, bytes),
        }
    }

    /// Returns what stands behind the bytes that are compared; nothing when none are yet.
    fn compare<'a>(&mut self, bytes: &'a [u8]) -> Option<&'a [u8]> {
        let comparison = self.comparison.as_mut()?;
        if self.wrong.is_some() || comparison.done() == 0 {
            return None;
        }
        match comparison.take(bytes) {
            Ok(count) => Some(&bytes[count..]),
            Err(wrong) => {
                self.wrong = Some(wrong);
                None
            }
        }
    }

    /// Begins to compare when what was said so far has the opening line.
    fn begin(&mut self) {
        let Some(comparison) = &mut self.comparison else {
            return;
        };
        if comparison.done() > 0 {
            return;
        }
        let Some(place) = find(&self.plain, comparison.bytes().opening()) else {
            return;
        };
        let begun = self.plain.split_off(place);
        match comparison.take(&begun) {
            Ok(count) => self.plain.extend_from_slice(&begun[count..]),
            Err(wrong) => self.wrong = Some(wrong),
        }
    }
}

/// Adds to what is kept, and drops the oldest half when it grows too long.
fn keep(text: &mut Vec<u8>, bytes: &[u8]) {
    text.extend_from_slice(bytes);
    if text.len() > KEPT {
        let surplus = text.len() - KEPT / 2;
        text.drain(..surplus);
    }
}

fn find(text: &[u8], words: &[u8]) -> Option<usize> {
    text.windows(words.len().max(1))
        .position(|window| window == words)
}

fn rest_of_line(text: &[u8], words: &str) -> Option<String> {
    let place = find(text, words.as_bytes())? + words.len();
    let rest = text.get(place..)?;
    let end = rest.iter().position(|byte| *byte == b'\n')?;
    Some(String::from_utf8_lossy(&rest[..end]).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOON: Duration = Duration::from_millis(1);

    #[test]
    fn words_are_found_and_their_absence_is_explained() {
        let record = Record::default();
        record.follow(Output::Error, "port 7\nha".as_bytes());
        assert_eq!(record.wait_for_words("port", SOON), Ok(()));
        assert_eq!(record.after("port ", SOON), Ok("7".to_owned()));
        let late = record.wait_for_words("more", SOON).unwrap_err();
        assert!(late.contains("did not say \"more\""), "{late}");
        record.follow(Output::Plain, "".as_bytes());
        let ended = record.wait_for_words("more", SOON).unwrap_err();
        assert!(ended.contains("ended without"), "{ended}");
        assert_eq!(record.tail(Output::Error, 1), ["ha"]);
    }

    #[test]
    fn bytes_are_compared_from_their_opening_line() {
        let bytes = Bytes::new(1, 2);
        let mut sent = b"greeting\n".to_vec();
        bytes.write(&mut sent).unwrap();
        sent.extend_from_slice(b"afterwards\n");
        let record = Record::default();
        record.expect(&bytes);
        record.follow(Output::Plain, sent.as_slice());
        assert_eq!(record.wait_for_bytes(SOON), Ok(()));
        assert_eq!(record.tail(Output::Plain, 9), ["greeting", "afterwards"]);

        sent[70_000] = b'x';
        record.expect(&bytes);
        record.follow(Output::Plain, sent.as_slice());
        let wrong = record.wait_for_bytes(SOON).unwrap_err();
        assert!(wrong.contains("byte 69991 is wrong"), "{wrong}");
    }
}
