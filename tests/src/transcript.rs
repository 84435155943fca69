//! An ordered record of the calls that a network made.

use std::sync::{Arc, Mutex, PoisonError};

use netproc::network::{Filter, Log, Network, Sentinel};

/// The calls of filters, sentinels and log functions in their order, a line each.
///
/// The lines read `filter NAME TEXT`, `sentinel NAME EVENT STATUS` and
/// `log SERVER CONNECTION EVENT`, with texts in quotes.
#[derive(Clone, Debug, Default)]
pub struct Transcript(Arc<Mutex<Vec<String>>>);

impl Transcript {
    /// Adds a line.
    pub fn add(&self, line: impl Into<String>) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(line.into());
    }

    /// Returns the lines so far.
    pub fn lines(&self) -> Vec<String> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Tells whether there is such a line.
    pub fn has(&self, line: &str) -> bool {
        self.lines().iter().any(|known| known == line)
    }

    /// Returns how many lines begin like this.
    pub fn count(&self, beginning: &str) -> usize {
        let lines = self.lines();
        lines
            .iter()
            .filter(|line| line.starts_with(beginning))
            .count()
    }

    /// Returns a filter that records its calls.
    pub fn filter(&self) -> Filter {
        let record = self.clone();
        Filter::new(move |process, text| {
            let text = text.to_string_lossy();
            record.add(format!("filter {} {text:?}", process.name()));
        })
    }

    /// Returns a sentinel that records its calls.
    pub fn sentinel(&self) -> Sentinel {
        let record = self.clone();
        Sentinel::new(move |process, event| {
            let status = process.status();
            record.add(format!("sentinel {} {event:?} {status}", process.name()));
        })
    }

    /// Returns a log function that records its calls.
    pub fn log(&self) -> Log {
        let record = self.clone();
        Log::new(move |server, connection, event| {
            let connection = connection.map_or("nil", |connection| connection.name());
            record.add(format!("log {} {connection} {event:?}", server.name()));
        })
    }

    /// Defines `record` as filter, sentinel and log function of a network.
    pub(crate) fn define(&self, network: &Network) {
        let record = self.clone();
        network.define_filter("record", move |process, text| {
            let text = text.to_string_lossy();
            record.add(format!("filter {} {text:?}", process.name()));
        });
        let record = self.clone();
        network.define_sentinel("record", move |process, event| {
            let status = process.status();
            record.add(format!("sentinel {} {event:?} {status}", process.name()));
        });
        let record = self.clone();
        network.define_log("record", move |server, connection, event| {
            let connection = connection.map_or("nil", |connection| connection.name());
            record.add(format!("log {} {connection} {event:?}", server.name()));
        });
    }
}
