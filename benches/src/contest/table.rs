//! The workloads, one row each: what is done, who does it, and what ours is to reach.

use super::{Goal, Task, Unit, Workload};
use crate::affinity::Cores;
use crate::jobs::{Job, Material};
use crate::service::{Manner, Service, Transport};
use crate::subject::Subject::{
    self, AsyncIo, Blocking, Emacs, EncodingRs, Epoll, MessageIo, Netproc, Node, Python, Std, Tokio,
};

/// A row with the usual: two cores of which the server has one, and not for a quick run.
const ROW: Workload = Workload {
    name: "",
    title: "",
    unit: Unit::Requests,
    task: Task::Start,
    cores: Cores::Apart,
    subjects: &[Netproc],
    goals: &[],
    quick: false,
    long: false,
};

const fn echo(transport: Transport, bytes: usize, connections: usize) -> Task {
    Task::Echo {
        service: Service::echo(transport),
        bytes,
        connections,
    }
}

const fn exchange(transport: Transport, bytes: usize, connections: usize) -> Task {
    Task::Exchange {
        service: Service::echo(transport),
        bytes,
        connections,
    }
}

const SERVERS: &[Subject] = &[
    Netproc, Epoll, Tokio, AsyncIo, MessageIo, Node, Python, Emacs,
];
const MANY: &[Subject] = &[Netproc, Epoll, Tokio, AsyncIo];

/// As good as tokio, by the clock and by the processor.
const TOKIO: &[Goal] = &[Goal::Rate(Tokio, 1.0), Goal::Processor(Tokio, 1.0)];

/// The same, and nearly as good as what can be had.
const TOKIO_AND_EPOLL: &[Goal] = &[
    Goal::Rate(Tokio, 1.0),
    Goal::Processor(Tokio, 1.0),
    Goal::Rate(Epoll, 0.95),
];

/// Nearly as good as `encoding_rs`, which neither keeps what is invalid nor looks at line ends.
const LEGACY: &[Goal] = &[Goal::Rate(EncodingRs, 0.9)];

const GIB: f64 = 1024.0 * 1024.0 * 1024.0;

const fn legacy(name: &'static str, title: &'static str, material: Material) -> Workload {
    Workload {
        name,
        title,
        unit: Unit::Bytes,
        task: Task::Work(Job::Decode(material)),
        subjects: &[Netproc, EncodingRs],
        goals: LEGACY,
        ..ROW
    }
}

/// Every workload there is.
pub const WORKLOADS: &[Workload] = &[
    Workload {
        name: "tcp-64x1",
        title: "TCP echo, 64 bytes, 1 connection",
        task: echo(Transport::Tcp, 64, 1),
        cores: Cores::Same,
        subjects: SERVERS,
        goals: TOKIO,
        ..ROW
    },
    Workload {
        name: "tcp-64x32",
        title: "TCP echo, 64 bytes, 32 connections",
        task: echo(Transport::Tcp, 64, 32),
        subjects: &[Netproc, Emacs],
        goals: &[Goal::Rate(Emacs, 2.5)],
        ..ROW
    },
    Workload {
        name: "tcp-64x64",
        title: "TCP echo, 64 bytes, 64 connections",
        task: echo(Transport::Tcp, 64, 64),
        subjects: SERVERS,
        goals: TOKIO_AND_EPOLL,
        quick: true,
        ..ROW
    },
    Workload {
        name: "tcp-64x400",
        title: "TCP echo, 64 bytes, 400 connections",
        task: echo(Transport::Tcp, 64, 400),
        subjects: SERVERS,
        goals: &[
            Goal::Rate(Tokio, 1.0),
            Goal::Processor(Tokio, 1.0),
            Goal::Rate(Epoll, 0.95),
            Goal::Rate(Emacs, 7.0),
        ],
        quick: true,
        ..ROW
    },
    Workload {
        name: "tcp-64x4000",
        title: "TCP echo, 64 bytes, 4,000 connections",
        task: echo(Transport::Tcp, 64, 4000),
        subjects: MANY,
        goals: TOKIO_AND_EPOLL,
        ..ROW
    },
    Workload {
        name: "tcp-65536x4",
        title: "TCP echo, 64 KiB, 4 connections",
        task: exchange(Transport::Tcp, 64 * 1024, 4),
        subjects: MANY,
        goals: TOKIO,
        quick: true,
        ..ROW
    },
    Workload {
        name: "tcp-one-way",
        title: "TCP in one direction, about 1 GiB a turn",
        unit: Unit::Bytes,
        task: Task::OneWay,
        subjects: MANY,
        goals: TOKIO,
        ..ROW
    },
    Workload {
        name: "tcp-two-cores",
        title: "TCP echo, 64 bytes, 400 connections, two threads on two cores",
        task: Task::Echo {
            service: Service {
                transport: Transport::Tcp,
                manner: Manner::Echo,
                threads: 2,
            },
            bytes: 64,
            connections: 400,
        },
        cores: Cores::Two,
        subjects: &[Netproc, Tokio],
        goals: &[Goal::Rate(Tokio, 1.0)],
        ..ROW
    },
    Workload {
        name: "tcp-accept",
        title: "TCP connections accepted and closed",
        unit: Unit::Connections,
        task: Task::Arrivals,
        subjects: MANY,
        goals: &[Goal::Rate(Tokio, 1.0)],
        ..ROW
    },
    Workload {
        name: "tcp-connect",
        title: "TCP connections made and closed, one at a time",
        unit: Unit::Connections,
        task: Task::Connect,
        subjects: &[Netproc, Blocking, Tokio, AsyncIo],
        goals: &[Goal::Rate(Tokio, 1.0)],
        ..ROW
    },
    Workload {
        name: "udp-64",
        title: "UDP echo, 64 bytes, 16 sockets",
        task: echo(Transport::Udp, 64, 16),
        subjects: &[Netproc, Epoll, Blocking, Tokio, AsyncIo],
        goals: &[Goal::Rate(Tokio, 1.5)],
        quick: true,
        ..ROW
    },
    Workload {
        name: "udp-512",
        title: "UDP echo, 512 bytes, 16 sockets",
        task: echo(Transport::Udp, 512, 16),
        subjects: &[Netproc, Epoll, Blocking, Tokio, AsyncIo],
        goals: &[Goal::Rate(Tokio, 1.5)],
        ..ROW
    },
    Workload {
        name: "udp-one-way",
        title: "UDP in one direction, 64 bytes, more than is taken",
        unit: Unit::Datagrams,
        task: Task::Flood,
        subjects: &[Netproc, Epoll, Tokio],
        goals: &[Goal::Rate(Tokio, 1.5)],
        ..ROW
    },
    Workload {
        name: "local-stream",
        title: "Unix stream echo, 64 bytes, 64 connections",
        task: echo(Transport::LocalStream, 64, 64),
        subjects: MANY,
        goals: &[Goal::Rate(Tokio, 1.0)],
        ..ROW
    },
    Workload {
        name: "local-datagram",
        title: "Unix datagram echo, 64 bytes, 8 sockets",
        task: echo(Transport::LocalDatagram, 64, 8),
        subjects: &[Netproc, Epoll, Blocking, Tokio],
        goals: &[Goal::Rate(Tokio, 1.0)],
        ..ROW
    },
    Workload {
        name: "local-seqpacket",
        title: "Unix sequenced packets echo, 64 bytes, 64 connections",
        task: echo(Transport::LocalSeqpacket, 64, 64),
        subjects: &[Netproc, Epoll],
        goals: &[Goal::Rate(Epoll, 0.9)],
        ..ROW
    },
    Workload {
        name: "tls-64x64",
        title: "TLS echo, 64 bytes, 64 connections",
        task: exchange(Transport::Tls, 64, 64),
        subjects: &[Netproc, Tokio],
        goals: TOKIO,
        quick: true,
        ..ROW
    },
    Workload {
        name: "tls-65536x4",
        title: "TLS echo, 64 KiB, 4 connections",
        task: exchange(Transport::Tls, 64 * 1024, 4),
        subjects: &[Netproc, Tokio],
        goals: TOKIO,
        ..ROW
    },
    Workload {
        name: "tls-handshakes",
        title: "Full TLS handshakes, 16 at a time",
        unit: Unit::Handshakes,
        task: Task::Handshakes(16),
        subjects: &[Netproc, Tokio],
        goals: TOKIO,
        ..ROW
    },
    Workload {
        name: "decode-ascii",
        title: "ASCII, UTF-8 with CRLF to LF, into a filter",
        unit: Unit::Bytes,
        task: Task::Work(Job::Decode(Material::Ascii)),
        subjects: &[Netproc, EncodingRs, Std],
        goals: &[Goal::AtLeast(4.0 * GIB)],
        quick: true,
        ..ROW
    },
    Workload {
        name: "decode-mixed",
        title: "Four scripts, UTF-8 with CRLF to LF, into a filter",
        unit: Unit::Bytes,
        task: Task::Work(Job::Decode(Material::Mixed)),
        subjects: &[Netproc, EncodingRs, Std],
        goals: &[Goal::AtLeast(GIB)],
        ..ROW
    },
    legacy(
        "decode-latin-1",
        "German in Latin-1, into a filter",
        Material::Latin1,
    ),
    legacy(
        "decode-koi8-r",
        "Russian in KOI8-R, into a filter",
        Material::Koi8R,
    ),
    legacy(
        "decode-shift-jis",
        "Japanese in Shift JIS, into a filter",
        Material::ShiftJis,
    ),
    legacy(
        "decode-euc-jp",
        "Japanese in EUC, into a filter",
        Material::EucJp,
    ),
    legacy(
        "decode-iso-2022-jp",
        "Japanese in ISO 2022, into a filter",
        Material::Iso2022Jp,
    ),
    legacy(
        "decode-gb18030",
        "Chinese in GB 18030, into a filter",
        Material::Gb18030,
    ),
    Workload {
        name: "insert",
        title: "200 MB of text inserted by the default filter",
        unit: Unit::Bytes,
        task: Task::Insert,
        subjects: &[Netproc, Emacs],
        goals: &[Goal::Rate(Emacs, 20.0)],
        long: true,
        ..ROW
    },
    Workload {
        name: "list-to-spec",
        title: "A list of ten keywords, Lisp to Spec",
        unit: Unit::Lists,
        task: Task::Work(Job::ListToSpec),
        goals: &[Goal::Within(2e-6)],
        quick: true,
        ..ROW
    },
    Workload {
        name: "text-to-spec",
        title: "A list of ten keywords, text to Spec",
        unit: Unit::Lists,
        task: Task::Work(Job::TextToSpec),
        goals: &[Goal::Within(2e-6)],
        ..ROW
    },
    Workload {
        name: "address-from-lisp",
        title: "An IPv4 address, Lisp to Address to bytes",
        unit: Unit::Addresses,
        task: Task::Work(Job::AddressFromLisp),
        goals: &[Goal::Within(50e-9)],
        quick: true,
        ..ROW
    },
    Workload {
        name: "address-to-lisp",
        title: "An IPv4 address, bytes to Address to Lisp",
        unit: Unit::Addresses,
        task: Task::Work(Job::AddressToLisp),
        goals: &[Goal::Within(50e-9)],
        ..ROW
    },
    Workload {
        name: "idle",
        title: "Resident memory of an idle TCP connection, 10,000 of them",
        unit: Unit::Connections,
        task: Task::Idle(10_000),
        cores: Cores::Same,
        subjects: MANY,
        goals: &[Goal::Resident(1024.0)],
        long: true,
        ..ROW
    },
    Workload {
        name: "make-and-delete",
        title: "Processes made and deleted, one at a time, about a million of them",
        unit: Unit::Processes,
        task: Task::Work(Job::MakeAndDelete),
        goals: &[Goal::Flat(0.02)],
        ..ROW
    },
    Workload {
        name: "never-wait",
        title: "The same by a program that never waits for anything",
        unit: Unit::Processes,
        task: Task::Work(Job::NeverWait),
        goals: &[Goal::Flat(0.02)],
        ..ROW
    },
    Workload {
        name: "many-1000",
        title: "1,000 processes made, found, walked and deleted",
        unit: Unit::Processes,
        task: Task::Work(Job::Many(1000)),
        ..ROW
    },
    Workload {
        name: "many-100000",
        title: "100,000 processes made, found, walked and deleted",
        unit: Unit::Processes,
        task: Task::Work(Job::Many(100_000)),
        goals: &[Goal::AsIn("many-1000", 0.5)],
        ..ROW
    },
    Workload {
        name: "start",
        title: "Start of the command netproc to the first byte sent",
        unit: Unit::Starts,
        task: Task::Start,
        goals: &[Goal::ProcessorWithin(3e-3)],
        quick: true,
        ..ROW
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_workload_has_a_name_of_its_own_and_begins_with_ours() {
        for (place, workload) in WORKLOADS.iter().enumerate() {
            let others = &WORKLOADS[..place];
            assert!(others.iter().all(|other| other.name != workload.name));
            assert_eq!(
                workload.subjects.first(),
                Some(&Netproc),
                "{}",
                workload.name
            );
        }
    }

    #[test]
    fn goals_name_those_who_are_measured() {
        for workload in WORKLOADS {
            for goal in workload.goals {
                match goal {
                    Goal::Rate(peer, _) | Goal::Processor(peer, _) => {
                        assert!(workload.subjects.contains(peer), "{}", workload.name);
                    }
                    Goal::AsIn(other, _) => {
                        assert!(WORKLOADS.iter().any(|one| one.name == *other));
                    }
                    _ => {}
                }
            }
        }
    }
}
