//! An Emacs at work on sequences: its transcript, line by line, with a bound on every silence.

use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, ExitStatus};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use crate::conformance::emacs::MARK;

/// How long one step may be silent, pauses for errors of callbacks included.
const SILENCE: Duration = Duration::from_secs(15);

/// An Emacs that was started, and is ended when this goes.
pub(in crate::conformance) struct Running {
    child: Child,
    lines: Receiver<String>,
    folder: PathBuf,
}

/// What comes next from an Emacs.
pub(super) enum Said {
    Line(String),
    /// It has ended.
    Ended(Option<ExitStatus>),
    /// It says nothing any more.
    Silent,
}

impl Running {
    /// Reads what `child` says; `folder` is removed at the end.
    pub(in crate::conformance) fn new(mut child: Child, folder: PathBuf) -> std::io::Result<Self> {
        let (sender, lines) = channel();
        if let Some(errors) = child.stderr.take() {
            std::thread::Builder::new().spawn(move || {
                for line in split(errors) {
                    if sender.send(line).is_err() {
                        break;
                    }
                }
            })?;
        }
        Ok(Self {
            child,
            lines,
            folder,
        })
    }

    /// Waits for the next line of the transcript.
    pub(super) fn next(&mut self) -> Said {
        match self.lines.recv_timeout(SILENCE) {
            Ok(line) => Said::Line(line),
            Err(RecvTimeoutError::Disconnected) => Said::Ended(self.child.wait().ok()),
            Err(RecvTimeoutError::Timeout) => Said::Silent,
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself, and then there is nothing to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Splits what an Emacs says into the lines of its transcript.
fn split(errors: impl Read) -> impl Iterator<Item = String> {
    let lines = BufReader::new(errors).split(b'\n').map_while(Result::ok);
    lines.filter_map(|line| {
        let line = String::from_utf8_lossy(&line).into_owned();
        line.strip_prefix(MARK).map(str::to_owned)
    })
}
