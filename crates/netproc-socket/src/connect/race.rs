//! The race for the first connection: RFC 8305, section 5.

use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll};

use netproc_address::{Address, Kind};

use super::order::{distinct, interleave};
use super::{Attempt, ConnectOptions, Connected, Connecting};
use crate::backend::Backend;
use crate::error::{ConnectError, OpenError};
use crate::timer::Timer;

/// Connects to the first of `candidates` that answers; the others are closed.
pub(crate) async fn race(
    backend: &Backend,
    kind: Kind,
    candidates: Vec<Address>,
    options: &ConnectOptions,
) -> Result<Connected, ConnectError> {
    let candidates = distinct(candidates);
    let waiting = match options.attempt_delay {
        Some(_) => interleave(candidates, options.first_family_count),
        None => candidates.into(),
    };
    let mut race = Race {
        backend,
        kind,
        options,
        waiting,
        running: Vec::new(),
        failed: Vec::new(),
        next_start: None,
        eager: false,
    };
    poll_fn(|cx| race.poll(cx)).await
}

struct Race<'a> {
    backend: &'a Backend,
    kind: Kind,
    options: &'a ConnectOptions,
    waiting: VecDeque<Address>,
    running: Vec<Connecting>,
    failed: Vec<OpenError>,
    next_start: Option<Timer>,
    /// Whether an attempt failed, so that the next one need not wait.
    eager: bool,
}

impl Race<'_> {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<Connected, ConnectError>> {
        loop {
            if let Some(winner) = self.poll_running(cx) {
                return Poll::Ready(Ok(winner));
            }
            let due = self.running.is_empty()
                || std::mem::take(&mut self.eager)
                || self.delay_is_over(cx);
            if !due {
                return Poll::Pending;
            }
            match self.waiting.pop_front() {
                Some(address) => self.start(&address),
                None if self.running.is_empty() => {
                    let failed = std::mem::take(&mut self.failed);
                    return Poll::Ready(Err(ConnectError::new(failed)));
                }
                // Every address is being tried; their own wake-ups were arranged above.
                None => return Poll::Pending,
            }
        }
    }

    fn poll_running(&mut self, cx: &mut Context<'_>) -> Option<Connected> {
        let mut index = 0;
        while let Some(attempt) = self.running.get_mut(index) {
            match Pin::new(&mut *attempt).poll(cx) {
                Poll::Ready(Ok(connected)) => return Some(connected),
                Poll::Ready(Err(error)) => {
                    drop(self.running.remove(index));
                    self.fail(error);
                }
                Poll::Pending => index += 1,
            }
        }
        None
    }

    fn delay_is_over(&mut self, cx: &mut Context<'_>) -> bool {
        let Some(timer) = &mut self.next_start else {
            return false;
        };
        let over = Pin::new(timer).poll(cx).is_ready();
        if over {
            self.next_start = None;
        }
        over
    }

    fn start(&mut self, address: &Address) {
        self.options.tell(Attempt::Started(address));
        match self
            .backend
            .start_connect(self.kind, address, &self.options.options)
        {
            Ok(attempt) => {
                self.running.push(attempt);
                let delay = self.options.attempt_delay;
                let timer = |delay| self.backend.timer(delay);
                self.next_start = delay.filter(|_| !self.waiting.is_empty()).map(timer);
            }
            Err(error) => self.fail(error),
        }
    }

    fn fail(&mut self, error: OpenError) {
        self.options.tell(Attempt::Failed(&error));
        self.failed.push(error);
        self.eager = true;
    }
}
