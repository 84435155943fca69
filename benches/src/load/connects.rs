//! Connections that a worker makes and closes, accepted between its steps.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, TcpListener};
use std::time::{Duration, Instant};

use socket2::SockRef;

use super::{Done, Effort, Load};
use crate::jobs::Job;
use crate::server::{Failure, Worker};
use crate::subject::Subject;

/// How many connections may wait to be accepted: more than there are in one step.
const BACKLOG: i32 = 4096;

/// A listener at every address of this machine, and the worker that connects to it.
#[derive(Debug)]
pub struct Connects {
    listener: TcpListener,
    worker: Worker,
}

impl Connects {
    /// Listens, and starts the worker.
    ///
    /// # Errors
    ///
    /// When the worker does not start.
    pub fn new(subject: Subject) -> Result<Self, Failure> {
        let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0))?;
        SockRef::from(&listener).listen(BACKLOG)?;
        listener.set_nonblocking(true)?;
        let port = listener.local_addr()?.port();
        Ok(Connects {
            worker: Worker::start(Job::Connect, subject, port)?,
            listener,
        })
    }

    /// Returns the worker.
    #[must_use]
    pub fn worker(&self) -> &Worker {
        &self.worker
    }

    fn accept_all(&self) -> io::Result<()> {
        loop {
            match self.listener.accept() {
                Ok(closed) => drop(closed),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error),
            }
        }
    }
}

impl Load for Connects {
    fn run(&mut self, effort: Effort) -> io::Result<Done> {
        let begun = Instant::now();
        let mut all = Done::new(0.0, Duration::ZERO);
        let one_step = Effort {
            turn: Duration::ZERO,
            ..effort
        };
        while all.work == 0.0 || begun.elapsed() < effort.turn {
            let done = self.worker.run(one_step)?;
            all.work += done.work;
            all.wall += done.wall;
            self.accept_all()?;
        }
        Ok(all)
    }
}
