//! Keyword lists of `make-network-process`: right ones, with odd and wrong values among them.

use netproc_lisp::Value;

use super::{BUFFERS, Generator, Way};
use crate::conformance::random::pools;
use crate::conformance::random::sequence::{Argument, Making, Pair, Subject};

/// Keywords that take any value without harm to what the sequence is about.
const HARMLESS: &[&str] = &[
    ":name",
    ":buffer",
    ":coding",
    ":filter",
    ":sentinel",
    ":log",
    ":plist",
    ":noquery",
    ":stop",
    ":server",
    ":type",
    ":family",
    ":host",
    ":service",
    ":nowait",
    ":keepalive",
    ":linger",
    ":priority",
    ":broadcast",
    ":dontroute",
    ":oobinline",
    ":reuseaddr",
    ":bindtodevice",
    ":use-external-socket",
];

impl Making {
    fn add(&mut self, key: &str, value: impl Into<Argument>) {
        self.pairs.push(Pair {
            key: Value::symbol(key),
            value: value.into(),
        });
    }

    /// Takes out what hangs stock Emacs whenever the process is used.
    fn tame(mut self) -> Self {
        let datagram = self.pairs.iter().any(|pair| {
            pair.key.is_symbol(":type") && pair.value == Argument::Value(Value::symbol("datagram"))
        });
        if datagram && self.get(":remote").is_none() {
            self.pairs.retain(|pair| !pair.key.is_symbol(":nowait"));
        }
        // What is wrong with these is signalled out of whatever waits then.
        let wrong = pools::values(pools::NO_CODINGS);
        if self.get(":nowait").is_some() {
            self.pairs.retain(|pair| match &pair.value {
                Argument::Value(value) if pair.key.is_symbol(":coding") => !wrong.contains(value),
                Argument::Value(value) => !is_refused_late(&pair.key, value),
                _ => true,
            });
        }
        self
    }

    /// Gives `key` the value, in its place if it is there.
    fn set(&mut self, key: &str, value: impl Into<Argument>) {
        match self.pairs.iter_mut().find(|pair| pair.key.is_symbol(key)) {
            Some(pair) => pair.value = value.into(),
            None => self.add(key, value),
        }
    }
}

/// Says whether this is no option, or none of that value, and told where there is a socket.
fn is_refused_late(key: &Value, value: &Value) -> bool {
    let option = key.as_symbol().map(|key| key.as_str().to_owned());
    match option.as_deref() {
        None => true,
        Some(":priority" | ":bindtodevice") => {
            !pools::values(pools::OPTIONS).contains(&Value::list([key.clone(), value.clone()]))
        }
        Some(_) => false,
    }
}

impl Generator {
    /// Returns the list of a server of `way`, made by step `number`.
    pub(super) fn server_making(&mut self, way: Way, number: u32) -> Making {
        let mut making = Making::default();
        making.add(":name", Value::string("s"));
        let backlog = [
            Value::t(),
            Value::t(),
            Value::Integer(5),
            Value::Integer(10),
        ];
        making.add(":server", self.of(&backlog));
        self.add_type(&mut making, way);
        if way.is_local() {
            if self.chance(30) {
                making.add(":local", Argument::Path(number));
            } else {
                making.add(":family", Value::symbol("local"));
                making.add(":service", Argument::Path(number));
            }
        } else {
            self.add_own_address(&mut making, way);
        }
        if self.chance(85) {
            making.add(":log", self.log());
        }
        self.add_common(&mut making, way);
        making
    }

    /// Returns the list of a client of the server of `way` that step `server` made.
    pub(super) fn client_making(&mut self, way: Way, server: u32) -> Making {
        let mut making = Making::default();
        let target = Subject::Made(server);
        let name = self.of(&["c", "c", "c", "s", "c<1>", ""]);
        making.add(":name", Value::string(name));
        self.add_type(&mut making, way);
        if self.chance(25) {
            making.add(
                ":remote",
                if way.is_local() {
                    Argument::Path(server)
                } else {
                    Argument::Local(target)
                },
            );
        } else if way.is_local() {
            making.add(":family", Value::symbol("local"));
            making.add(":service", Argument::Path(server));
        } else {
            self.add_host(&mut making, way);
            let port = [Argument::Port(target), Argument::Digits(target)];
            making.add(":service", self.of(&port));
        }
        if self.chance(25) {
            making.add(":nowait", Value::t());
        }
        self.add_common(&mut making, way);
        making.tame()
    }

    /// Returns a list with something odd or wrong in it.
    pub(super) fn wrong_making(&mut self) -> Making {
        let server = self.server();
        let mut making = if self.chance(40) {
            let number = self.next;
            self.server_making(server.way, number)
        } else {
            self.client_making(server.way, server.number)
        };
        for _ in 0..self.random.u32(1..=2) {
            self.spoil(&mut making);
        }
        making.tame()
    }

    fn add_type(&mut self, making: &mut Making, way: Way) {
        let name = match way {
            Way::Udp4 | Way::Udp6 | Way::LocalDatagram => "datagram",
            Way::LocalSeqpacket => "seqpacket",
            _ if self.chance(5) => return making.add(":type", Value::Nil),
            _ => return,
        };
        making.add(":type", Value::symbol(name));
    }

    /// Adds where a server of the Internet listens.
    fn add_own_address(&mut self, making: &mut Making, way: Way) {
        if self.chance(20) {
            let (length, octets): (usize, &[i64]) = if way.is_ipv6() {
                (9, &[0, 0, 0, 0, 0, 0, 0, 1, 0])
            } else {
                (5, &[127, 0, 0, 1, 0])
            };
            let address = Value::vector(octets[..length].iter().map(|part| Value::Integer(*part)));
            return making.add(":local", address);
        }
        self.add_host(making, way);
        let services = [
            Value::t(),
            Value::t(),
            Value::Integer(0),
            Value::string("0"),
        ];
        making.add(":service", self.of(&services));
    }

    /// Adds a host that means this machine.
    fn add_host(&mut self, making: &mut Making, way: Way) {
        if way.is_ipv6() {
            match self.random.u32(0..3) {
                0 => making.add(":host", Value::string("::1")),
                1 => {
                    making.add(":family", Value::symbol("ipv6"));
                    making.add(":host", Value::symbol("local"));
                }
                _ => making.add(":family", Value::symbol("ipv6")),
            }
        } else {
            match self.random.u32(0..6) {
                0 => {}
                1 => making.add(":host", Value::symbol("local")),
                2 => {
                    making.add(":family", Value::symbol("ipv4"));
                    making.add(":host", Value::string("localhost"));
                }
                3 => making.add(":family", Value::symbol("ipv4")),
                _ => making.add(":host", Value::string("127.0.0.1")),
            }
        }
    }

    /// Adds what servers and clients have in common.
    fn add_common(&mut self, making: &mut Making, way: Way) {
        if self.chance(85) {
            making.add(":filter", self.filter());
        }
        if self.chance(90) {
            making.add(":sentinel", self.sentinel());
        }
        if self.chance(35) {
            let buffer = self.random.u32(1..=BUFFERS);
            if self.chance(30) {
                making.add(
                    ":buffer",
                    Value::string(&super::super::form::buffer_name(buffer)),
                );
            } else {
                making.add(":buffer", Argument::Buffer(buffer));
            }
        }
        match self.coding.clone() {
            Some(coding) => making.add(":coding", coding),
            None if self.chance(60) => making.add(":coding", self.from(pools::CODINGS)),
            None => {}
        }
        if self.chance(15) {
            making.add(":plist", self.from(pools::PLISTS));
        }
        if self.chance(10) {
            making.add(":noquery", self.from(pools::ODD));
        }
        if self.chance(8) {
            making.add(":stop", Value::t());
        }
        if self.chance(3) {
            let flag = [Value::Nil, Value::t()];
            making.add(":filter-multibyte", self.of(&flag));
        }
        if self.chance(3) {
            making.add(":tls-parameters", Value::Nil);
        }
        if self.chance(3) {
            making.add(":use-external-socket", Value::t());
        }
        if self.chance(20) {
            let (name, value) = self.option(if way.is_datagram() { 0 } else { 6 });
            making.pairs.push(Pair {
                key: name,
                value: value.into(),
            });
        }
        if self.chance(15) {
            self.random.shuffle(&mut making.pairs);
        }
    }

    /// Makes one thing odd or wrong.
    fn spoil(&mut self, making: &mut Making) {
        match self.random.u32(0..24) {
            0..=7 => {
                let key = self.of(HARMLESS);
                making.set(key, self.odd_value(key));
            }
            8 => making.set(":service", self.from(pools::SERVICES)),
            9 => making.set(":host", self.from(pools::HOSTS)),
            10 => making.set(":family", self.from(pools::FAMILIES)),
            11 => making.set(":type", self.from(pools::TYPES)),
            12 | 13 => making.set(":coding", self.from(pools::NO_CODINGS)),
            14 => {
                let (name, value) = self.option(60);
                making.pairs.push(Pair {
                    key: name,
                    value: value.into(),
                });
            }
            15 | 16 => {
                let last = making.pairs.len();
                making.pairs.remove(self.random.usize(0..last));
            }
            17 | 18 => {
                let at = self.random.usize(0..making.pairs.len());
                let mut pair = making.pairs[at].clone();
                pair.value = self.from(pools::ODD).into();
                if self.chance(50)
                    && pair
                        .key
                        .as_symbol()
                        .is_some_and(|key| HARMLESS.contains(&key.as_str()))
                {
                    making.pairs.insert(0, pair);
                } else {
                    making.pairs.push(pair);
                }
            }
            19 => making.add(":netproc-unheard-of", self.from(pools::ODD)),
            20 => {
                let keys = [
                    Value::symbol("odd"),
                    Value::Integer(5),
                    Value::string("x"),
                    Value::Nil,
                ];
                let key = self.of(&keys);
                making.pairs.push(Pair {
                    key,
                    value: Value::Integer(1).into(),
                });
            }
            21 => making.odd = true,
            22 => making.set(":nowait", Value::t()),
            _ => making.set(":tls-parameters", self.of(&[Value::Integer(5), Value::t()])),
        }
    }

    /// Returns a value that is odd for `key`, and does no harm beyond the sequence.
    fn odd_value(&mut self, key: &str) -> Value {
        loop {
            let value = self.from(pools::ODD);
            let harmful = match key {
                // A name that may be looked up outside, and paths that are not of the sequence.
                ":host" | ":service" => value.as_str().is_some(),
                // What listens for one client blocks the next in stock Emacs, for ever.
                ":server" => matches!(value, Value::Integer(0..=4)),
                _ => false,
            };
            if !harmful {
                return value;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::sequence;
    use super::*;
    use crate::conformance::random::sequence::Action;

    fn makings() -> Vec<Making> {
        let steps = (0..2000).flat_map(|index| sequence(1, index, true).steps);
        steps
            .filter_map(|step| match step.action {
                Action::Make(making) => Some(making),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn every_keyword_is_used() {
        let pairs = makings().into_iter().flat_map(|making| making.pairs);
        let used: BTreeSet<String> = pairs
            .filter_map(|pair| Some(pair.key.as_symbol()?.as_str().to_owned()))
            .collect();
        for entry in netproc_keywords::table() {
            // An option of ours alone.
            if entry.keyword != ":nodelay" {
                assert!(used.contains(entry.keyword), "{}", entry.keyword);
            }
        }
    }

    #[test]
    fn lists_are_odd_wrong_and_double_at_times() {
        let makings = makings();
        assert!(makings.iter().any(|making| making.odd));
        let double = |making: &Making| {
            let keys: BTreeSet<String> = making.pairs.iter().map(|p| p.key.to_string()).collect();
            keys.len() < making.pairs.len()
        };
        assert!(makings.iter().any(double));
        assert!(makings.iter().any(|making| making.get(":name").is_none()));
    }
}
