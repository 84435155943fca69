//! The command `netproc` from its start to the first byte that it sends.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::{Done, Effort, Load};
use crate::measure::Measured;

/// A place that the command connects to.
#[derive(Debug)]
pub struct Start {
    program: PathBuf,
    listener: TcpListener,
}

impl Start {
    /// Listens, and finds the command beside this program.
    ///
    /// # Errors
    ///
    /// When there is no port left.
    pub fn new() -> io::Result<Self> {
        Ok(Start {
            program: std::env::current_exe()?.with_file_name("netproc"),
            listener: TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?,
        })
    }

    fn once(&self) -> io::Result<Duration> {
        let port = self.listener.local_addr()?.port().to_string();
        let mut command = Command::new(&self.program);
        command.args(["--quiet", ":host", "127.0.0.1", ":service", &port]);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()?;
        let outcome = self.first_byte(&mut child);
        child.kill()?;
        child.wait()?;
        outcome
    }

    fn first_byte(&self, child: &mut Child) -> io::Result<Duration> {
        let mut input = child.stdin.take().ok_or(io::ErrorKind::BrokenPipe)?;
        input.write_all(b"x")?;
        let (mut stream, _peer) = self.listener.accept()?;
        stream.read_exact(&mut [0])?;
        Measured::of(child.id()).processor_time()
    }
}

impl Load for Start {
    fn run(&mut self, effort: Effort) -> io::Result<Done> {
        let begun = Instant::now();
        let (mut processor, mut starts) = (Duration::ZERO, 0.0);
        while starts == 0.0 || begun.elapsed() < effort.turn {
            processor += self.once()?;
            starts += 1.0;
        }
        Ok(Done {
            processor: Some(processor),
            ..Done::new(starts, begun.elapsed())
        })
    }
}
