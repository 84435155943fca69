//! What holds whatever happens, in whatever order.

use std::collections::HashMap;

use netproc_lisp::{Text, Value};
use netproc_process::{Effect, Failure, Input, Machine, Registry, State, Status};
use proptest::prelude::*;

use crate::support::*;

#[derive(Clone, Debug)]
enum Act {
    Connect,
    Fail,
    LookupFail,
    Listen,
    Bind,
    Receive(usize),
    PeerClosed,
    ReadFailed,
    Send(usize),
    Sent(usize),
    SendFailed,
    AcceptFailed,
    SendEof,
    Stop,
    Continue,
    Delete,
    FilterT,
    FilterFunction,
    HalfOpen(bool),
    Poll,
    PollSocket,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        3 => Just(Act::Connect),
        1 => Just(Act::Fail),
        1 => Just(Act::LookupFail),
        2 => Just(Act::Listen),
        2 => Just(Act::Bind),
        8 => (0..40_usize).prop_map(Act::Receive),
        2 => Just(Act::PeerClosed),
        1 => Just(Act::ReadFailed),
        8 => (0..40_usize).prop_map(Act::Send),
        8 => (0..60_usize).prop_map(Act::Sent),
        1 => Just(Act::SendFailed),
        1 => Just(Act::AcceptFailed),
        1 => Just(Act::SendEof),
        1 => Just(Act::Stop),
        2 => Just(Act::Continue),
        1 => Just(Act::Delete),
        1 => Just(Act::FilterT),
        2 => Just(Act::FilterFunction),
        1 => any::<bool>().prop_map(Act::HalfOpen),
        8 => Just(Act::Poll),
        4 => Just(Act::PollSocket),
    ]
}

const SPECS: [&str; 5] = [
    "(:name \"p\" :service 1 :nowait t :filter f :coding binary)",
    "(:name \"p\" :service 1 :filter f :coding binary)",
    "(:name \"p\" :type datagram :host \"h\" :service 1 :nowait t :filter f :coding binary)",
    "(:name \"p\" :type seqpacket :family local :service \"/p\" :filter f :coding binary)",
    "(:name \"p\" :server t :service t :filter f :log l :coding binary)",
];

/// Counts off bytes so that every one is known by its value and place.
#[derive(Default)]
struct Counter(u8);

impl Counter {
    fn take(&mut self, count: usize) -> Vec<u8> {
        (0..count)
            .map(|_| {
                self.0 = self.0.wrapping_add(1);
                self.0
            })
            .collect()
    }
}

/// A machine, and what went through it.
struct World {
    machine: Machine,
    incoming: Counter,
    outgoing: Counter,
    received: Vec<u8>,
    delivered: Vec<u8>,
    queued: Vec<u8>,
    sent: Vec<u8>,
    lost: usize,
    deleted: bool,
    /// What the user's functions were told, one letter each.
    told: String,
    closes: usize,
    retires: usize,
}

impl World {
    fn new(machine: Machine) -> World {
        World {
            machine,
            incoming: Counter::default(),
            outgoing: Counter::default(),
            received: Vec::new(),
            delivered: Vec::new(),
            queued: Vec::new(),
            sent: Vec::new(),
            lost: 0,
            deleted: false,
            told: String::new(),
            closes: 0,
            retires: 0,
        }
    }

    fn act(&mut self, act: &Act) {
        let machine = &mut self.machine;
        let before = (machine.state(), machine.queued());
        let result = match act {
            Act::Connect => machine.handle(Input::Connected {
                local: address("127.0.0.1:1"),
                remote: address("127.0.0.1:2"),
            }),
            Act::Fail => machine.handle(Input::ConnectFailed(Failure::System { errno: 111 })),
            Act::LookupFail => machine.handle(Input::LookupFailed {
                host: "h",
                text: "t",
            }),
            Act::Listen => machine.handle(Input::Listening {
                local: address("127.0.0.1:1"),
            }),
            Act::Bind => machine.handle(Input::Bound {
                local: address("127.0.0.1:1"),
                remote: Some(address("127.0.0.1:2")),
            }),
            Act::Receive(count) => {
                let bytes = self.incoming.take(*count);
                let from = Some(address("127.0.0.1:3"));
                let taken = [
                    Input::Received(&bytes),
                    Input::Message(&bytes),
                    Input::Datagram {
                        bytes: &bytes,
                        from,
                    },
                ]
                .into_iter()
                .any(|input| machine.handle(input).is_ok());
                if taken {
                    self.received.extend(bytes);
                }
                Ok(())
            }
            Act::PeerClosed => machine.handle(Input::PeerClosed),
            Act::ReadFailed => machine.handle(Input::ReadFailed(104)),
            Act::Send(count) => {
                let bytes = self.outgoing.take(*count);
                let text = Text::unibyte(bytes);
                let out = machine
                    .begin_send(&text)
                    .map(|out| out.map(|out| out.into_owned()));
                if let Ok(Some(out)) = out {
                    machine.queue(&out[..]);
                    self.queued.extend(out);
                }
                Ok(())
            }
            Act::Sent(count) => {
                let front = machine.front().map(|front| front.bytes.to_vec());
                let Some(front) = front else { return };
                let whole = !matches!(machine.party(), netproc_process::Party::Stream);
                let count = if whole {
                    front.len()
                } else {
                    front.len().min(*count)
                };
                let result = machine.handle(Input::Sent(count));
                if result.is_ok() {
                    self.sent.extend(&front[..count]);
                }
                result
            }
            Act::SendFailed => machine.handle(Input::SendFailed(32)),
            Act::AcceptFailed => machine.handle(Input::AcceptFailed(24)),
            Act::SendEof => machine.handle(Input::SendEof),
            Act::Stop => machine.handle(Input::Stop),
            Act::Continue => machine.handle(Input::Continue),
            Act::Delete => {
                self.deleted = true;
                machine.handle(Input::Delete)
            }
            Act::FilterT => {
                machine.set_filter(&Value::t());
                Ok(())
            }
            Act::FilterFunction => {
                machine.set_filter(&Value::symbol("f"));
                Ok(())
            }
            Act::HalfOpen(on) => {
                machine.set_half_open(*on);
                Ok(())
            }
            Act::Poll => {
                while let Some(effect) = self.machine.poll_effect() {
                    self.note(effect);
                }
                Ok(())
            }
            Act::PollSocket => {
                while let Some(effect) = self.machine.poll_socket_effect() {
                    assert!(!is_callback(&effect), "{effect:?}");
                    self.note(effect);
                }
                Ok(())
            }
        };
        if result.is_err() {
            assert_eq!((self.machine.state(), self.machine.queued()), before);
        }
    }

    fn note(&mut self, effect: Effect) {
        match effect {
            Effect::Filter(text) => {
                self.delivered.extend(&*text.as_bytes());
                self.told.push('d');
            }
            Effect::Insert(_) => panic!("the filter is never the default one"),
            Effect::Sentinel(event) => self.told.push(match &*event {
                "deleted\n" => 'x',
                "connection broken by remote peer\n" => 'b',
                event if event.starts_with("open") => 'o',
                event if event.starts_with("failed") => 'f',
                event => panic!("what is {event:?}?"),
            }),
            Effect::Log { message, .. } => {
                self.told.push(if message.starts_with("accept from") {
                    'a'
                } else {
                    'e'
                });
            }
            Effect::LostBytes(count) => self.lost += count,
            Effect::Close => self.closes += 1,
            Effect::Retire => self.retires += 1,
            _ => {}
        }
    }

    fn check(&self) {
        let machine = &self.machine;
        let interest = machine.interest();
        assert_eq!(interest.write, machine.front().is_some());
        if machine.is_stopped() || matches!(machine.status(), Status::Failed) {
            assert!(!interest.read);
        }
        if matches!(
            machine.state(),
            State::Closed | State::Failed | State::Connect
        ) {
            assert!(!interest.read && !interest.write);
        }
        assert!(self.received.starts_with(&self.delivered));
        if machine.party() != netproc_process::Party::Datagram {
            assert!(self.queued.starts_with(&self.sent));
        }
        let told = self.told.trim_end_matches(['b', 'x']);
        assert!(
            self.told.len() - told.len() <= 1,
            "more than one last event: {}",
            self.told
        );
        // The log, open, data and accept failures, a failure; in this order.
        let rest = told.strip_prefix('a').unwrap_or(told);
        let rest = rest.strip_prefix('o').unwrap_or(rest);
        let rest = rest.trim_start_matches(['d', 'e']);
        assert!(
            rest.is_empty() || rest == "f",
            "out of order: {}",
            self.told
        );
        assert!(self.closes <= 1 && self.retires <= 1);
    }

    /// Lifts every obstacle and lets the machine finish.
    fn finish(mut self) {
        self.act(&Act::Continue);
        self.act(&Act::FilterFunction);
        self.act(&Act::HalfOpen(false));
        self.act(&Act::Poll);
        self.check();
        if !self.deleted {
            assert_eq!(self.delivered, self.received);
        }
        let accounted = self.sent.len() + self.lost + self.machine.queued();
        assert_eq!(
            accounted,
            self.queued.len(),
            "a byte is neither sent, lost nor queued"
        );
        let over = self.machine.state() == State::Closed;
        assert_eq!(self.retires == 1, over);
        assert_eq!(self.told.ends_with(['b', 'x']), over, "{}", self.told);
        if over {
            assert_eq!(self.machine.queued(), 0);
            assert_eq!(self.closes, 1);
        }
    }
}

fn is_callback(effect: &Effect) -> bool {
    matches!(
        effect,
        Effect::Filter(_) | Effect::Insert(_) | Effect::Sentinel(_) | Effect::Log { .. }
    )
}

proptest! {
    #[test]
    fn order_and_bytes_are_kept_whatever_happens(
        spec in 0..SPECS.len() + 1,
        acts in prop::collection::vec(act(), 0..60),
    ) {
        let machine = match SPECS.get(spec) {
            Some(list) => machine(list),
            None => accept(&listening(SPECS[4], "127.0.0.1:1"), "127.0.0.1:2"),
        };
        let mut world = World::new(machine);
        for act in &acts {
            world.act(act);
            world.check();
        }
        world.finish();
    }

    #[test]
    fn names_are_unique_and_identifiers_never_lie(
        steps in prop::collection::vec((0..4_usize, any::<bool>(), any::<prop::sample::Index>()), 0..200),
    ) {
        let bases = ["n", "n<1>", "n<2>", "m"];
        let mut registry = Registry::new();
        let mut live = Vec::new();
        let mut gone = Vec::new();
        for (number, (base, insert, which)) in steps.into_iter().enumerate() {
            if insert || live.is_empty() {
                let wanted = bases[base];
                let names: Vec<String> =
                    registry.iter().map(|(_, name, _)| name.to_string()).collect();
                let expected = std::iter::once(wanted.to_owned())
                    .chain((1..).map(|suffix| format!("{wanted}<{suffix}>")))
                    .find(|name| !names.contains(name));
                let id = registry.insert(wanted, |_, _| number);
                prop_assert_eq!(registry.name(id).map(|name| name.to_string()), expected);
                live.push((id, number));
            } else {
                let (id, number) = live.remove(which.index(live.len()));
                prop_assert_eq!(registry.remove(id), Some(number));
                gone.push(id);
            }
            prop_assert!(gone.iter().all(|&id| registry.get(id).is_none()));
            prop_assert!(live.iter().all(|&(id, number)| registry.get(id) == Some(&number)));
            let order: Vec<usize> = registry.iter().map(|(_, _, &number)| number).collect();
            let newest_first: Vec<usize> = live.iter().rev().map(|&(_, number)| number).collect();
            prop_assert_eq!(order, newest_first);
            let names: HashMap<String, ()> =
                registry.iter().map(|(_, name, _)| (name.to_string(), ())).collect();
            prop_assert_eq!(names.len(), registry.len());
        }
    }
}
