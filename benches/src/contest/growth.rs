//! One workload over ever more connections: how rate, memory and latency grow.

use super::{Pace, Quartiles};
use crate::affinity::{Cores, Machine};
use crate::load::{ClosedLoop, Done, Load};
use crate::server::{Failure, Server};
use crate::service::{Service, Transport};
use crate::subject::Subject;

/// How many connections each step has.
const STEPS: &[usize] = &[1, 4, 16, 64, 256, 1000, 4000, 15_000];

/// Who is looked at.
pub const SUBJECTS: &[Subject] = &[
    Subject::Netproc,
    Subject::Epoll,
    Subject::Tokio,
    Subject::AsyncIo,
];

/// An echo of 64 bytes over TCP by one subject at one number of connections.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Point {
    /// Who it was.
    pub subject: Subject,
    /// How many connections there were.
    pub connections: usize,
    /// Its turns.
    pub turns: Vec<Done>,
}

/// All points.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Growth {
    /// Step by step, subject by subject.
    pub points: Vec<Point>,
}

impl Growth {
    /// Measures; steps of more connections than a process may hold are left out.
    ///
    /// # Errors
    ///
    /// When a server fails.
    pub fn measure(
        machine: &Machine,
        pace: Pace,
        mut tell: impl FnMut(&Point),
    ) -> Result<Self, Failure> {
        let (limit, _) = netproc_socket::raise_descriptor_limit()?;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut growth = Growth::default();
        for &connections in STEPS.iter().filter(|step| **step + 100 < limit) {
            let mut points: Vec<Point> = SUBJECTS
                .iter()
                .map(|&subject| Point {
                    subject,
                    connections,
                    turns: Vec::new(),
                })
                .collect();
            for _ in 0..pace.rounds {
                for point in &mut points {
                    point.turn(machine, pace)?;
                }
            }
            points.iter().for_each(&mut tell);
            growth.points.extend(points);
        }
        Ok(growth)
    }
}

impl Point {
    fn turn(&mut self, machine: &Machine, pace: Pace) -> Result<(), Failure> {
        // With one connection a wake-up of another core would be all that is seen.
        let cores = if self.connections == 1 {
            Cores::Same
        } else {
            Cores::Apart
        };
        machine.place_client(cores)?;
        let server = Server::start(self.subject, Service::echo(Transport::Tcp))?;
        server.place_on(machine, cores)?;
        let mut load = ClosedLoop::new(Transport::Tcp, server.place(), 64, self.connections)?;
        let measured = server.measured();
        let before = measured.processor_time()?;
        let done = load.run(pace.effort)?;
        self.turns.push(Done {
            processor: Some(measured.processor_time()?.saturating_sub(before)),
            resident: Some(measured.resident()?),
            ..done
        });
        Ok(())
    }

    /// Returns the quartiles of a measure over the turns.
    #[must_use]
    pub fn quartiles(&self, measure: impl Fn(&Done) -> Option<f64>) -> Option<Quartiles> {
        let numbers: Option<Vec<f64>> = self.turns.iter().map(measure).collect();
        Quartiles::of(numbers?)
    }
}
