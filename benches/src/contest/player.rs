//! A subject at a workload: whoever is measured, and the load that it is under.

use std::io;

use super::{Task, Workload};
use crate::affinity::{Cores, Machine};
use crate::load::{
    Arrivals, ClosedLoop, Connects, Done, Effort, Exchange, Flood, Handshakes, Idle, Insertion,
    Load, OneWay, Start,
};
use crate::measure::Measured;
use crate::place::Place;
use crate::server::{Failure, Server, Worker, insert_command};
use crate::service::{Manner, Service, Transport};
use crate::subject::Subject;

/// A subject that has its turns.
pub(super) struct Player {
    load: Box<dyn Load>,
    /// Who is measured; none where the load tells by itself.
    measured: Option<Measured>,
    /// Ended after the load.
    _server: Option<Server>,
}

impl Player {
    /// Starts whoever is measured, and puts it under load.
    pub(super) fn begin(
        workload: &Workload,
        subject: Subject,
        machine: &Machine,
    ) -> Result<Self, Failure> {
        if !subject.is_present() {
            return Err(format!("{} is not here", subject.program().unwrap_or_default()).into());
        }
        let cores = workload.cores;
        match workload.task {
            Task::Echo { service, .. } | Task::Exchange { service, .. } => {
                Player::server(workload.task, subject, service, machine, cores)
            }
            Task::OneWay => {
                let service = Service::of(Transport::Tcp, Manner::Count);
                Player::server(workload.task, subject, service, machine, cores)
            }
            Task::Flood => {
                let service = Service::of(Transport::Udp, Manner::Count);
                Player::server(workload.task, subject, service, machine, cores)
            }
            Task::Arrivals => {
                let service = Service::of(Transport::Tcp, Manner::Close);
                Player::server(workload.task, subject, service, machine, cores)
            }
            Task::Handshakes(_) => {
                let service = Service::echo(Transport::Tls);
                Player::server(workload.task, subject, service, machine, cores)
            }
            Task::Insert => {
                let load = Insertion::new()?;
                let place = Place::Port(load.port()?);
                let server = Server::run(&insert_command(subject)?, place)?;
                server.place_on(machine, cores)?;
                Ok(Player::of(server, load))
            }
            Task::Work(job) => {
                let worker = Worker::start(job, subject, 0)?;
                worker.place_on(machine, cores)?;
                Ok(Player {
                    measured: Some(worker.measured()),
                    load: Box::new(worker),
                    _server: None,
                })
            }
            Task::Connect => {
                let load = Connects::new(subject)?;
                load.worker().place_on(machine, cores)?;
                Ok(Player {
                    measured: Some(load.worker().measured()),
                    load: Box::new(load),
                    _server: None,
                })
            }
            Task::Idle(connections) => Ok(Player {
                load: Box::new(NewServers {
                    subject,
                    connections,
                    machine: machine.clone(),
                    cores,
                }),
                measured: None,
                _server: None,
            }),
            Task::Start => Ok(Player {
                load: Box::new(Start::new()?),
                measured: None,
                _server: None,
            }),
        }
    }

    fn server(
        task: Task,
        subject: Subject,
        service: Service,
        machine: &Machine,
        cores: Cores,
    ) -> Result<Self, Failure> {
        let server = Server::start(subject, service)?;
        server.place_on(machine, cores)?;
        let place = server.place();
        let load: Box<dyn Load> = match task {
            Task::Echo {
                bytes, connections, ..
            } => Box::new(ClosedLoop::new(
                service.transport,
                place,
                bytes,
                connections,
            )?),
            Task::Exchange {
                bytes, connections, ..
            } if service.transport == Transport::Tls => {
                Box::new(Exchange::tls(place.address()?, bytes, connections)?)
            }
            Task::Exchange {
                bytes, connections, ..
            } => Box::new(Exchange::plain(place.address()?, bytes, connections)?),
            Task::Flood => Box::new(Flood::new(place.address()?)?),
            Task::Arrivals => Box::new(Arrivals::new(place.address()?)),
            Task::Handshakes(at_a_time) => Box::new(Handshakes::new(place.address()?, at_a_time)?),
            _ => Box::new(OneWay::new(place.address()?)?),
        };
        Ok(Player {
            load,
            measured: Some(server.measured()),
            _server: Some(server),
        })
    }

    fn of(server: Server, load: impl Load + 'static) -> Self {
        Player {
            load: Box::new(load),
            measured: Some(server.measured()),
            _server: Some(server),
        }
    }

    /// Has one turn.
    pub(super) fn turn(&mut self, effort: Effort) -> io::Result<Done> {
        let Some(measured) = self.measured else {
            return self.load.run(effort);
        };
        let before = measured.processor_time()?;
        let done = self.load.run(effort)?;
        Ok(Done {
            processor: Some(measured.processor_time()?.saturating_sub(before)),
            resident: Some(measured.resident()?),
            ..done
        })
    }
}

/// Idle connections to a new server each turn, so that none reuses what another has freed.
struct NewServers {
    subject: Subject,
    connections: usize,
    machine: Machine,
    cores: Cores,
}

impl Load for NewServers {
    fn run(&mut self, effort: Effort) -> io::Result<Done> {
        let echo = Service::echo(Transport::Tcp);
        let server = Server::start(self.subject, echo).map_err(io::Error::other)?;
        server.place_on(&self.machine, self.cores)?;
        let address = server.place().address()?;
        Idle::new(address, server.measured(), self.connections).run(effort)
    }
}
