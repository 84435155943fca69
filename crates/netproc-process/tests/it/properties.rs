//! What holds whatever happens, in whatever order.

use std::collections::HashSet;

use netproc_lisp::{Text, Value};
use netproc_process::{Effect, Failure, Input, Machine, Party, Registry, State, Status};
use proptest::prelude::*;

use crate::support::*;

#[derive(Clone, Debug)]
enum Act {
    Input(Input<'static>),
    Receive(usize),
    /// Takes the short way to the filter where there is one.
    ReceiveDirectly(usize),
    Send(usize),
    Sent(usize),
    /// Sets the filter to t or to a function.
    Reading(bool),
    HalfOpen(bool),
    Poll,
    PollSocket,
}

fn act() -> impl Strategy<Value = Act> {
    let (here, there) = (address("127.0.0.1:1"), address("127.0.0.1:2"));
    let connected = Input::Connected {
        local: here.clone(),
        remote: there.clone(),
    };
    let bound = Input::Bound {
        local: here.clone(),
        remote: Some(there),
    };
    let refused = Input::ConnectFailed(Failure::System { errno: 111 });
    let broken = Failure::Other {
        reason: "TLS".to_owned(),
        code: None,
    };
    let not_found = Input::LookupFailed {
        host: "h",
        text: "t",
    };
    let input = |input: Input<'static>| Just(Act::Input(input));
    prop_oneof![
        3 => input(connected),
        2 => input(bound),
        2 => input(Input::Listening { local: here }),
        2 => prop::sample::select(vec![refused, not_found]).prop_map(Act::Input),
        8 => (0..40_usize).prop_map(Act::Receive),
        8 => (0..40_usize).prop_map(Act::ReceiveDirectly),
        2 => input(Input::PeerClosed),
        1 => input(Input::ReadFailed(104)),
        8 => (0..40_usize).prop_map(Act::Send),
        8 => (0..60_usize).prop_map(Act::Sent),
        1 => input(Input::SendFailed(32)),
        1 => input(Input::SessionFailed(broken)),
        1 => input(Input::AcceptFailed(Failure::System { errno: 24 })),
        1 => input(Input::SendEof),
        1 => input(Input::Stop),
        2 => input(Input::Continue),
        1 => input(Input::Delete),
        3 => any::<bool>().prop_map(Act::Reading),
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
        match act {
            Act::Input(input) => {
                self.handle(input.clone());
            }
            Act::Receive(count) => self.receive(*count),
            Act::ReceiveDirectly(count) => self.receive_directly(*count),
            Act::Send(count) => self.send(*count),
            Act::Sent(count) => self.sent(*count),
            Act::Reading(on) => {
                self.machine
                    .set_filter(&Value::symbol(if *on { "f" } else { "t" }));
            }
            Act::HalfOpen(on) => self.machine.set_half_open(*on),
            Act::Poll => self.poll(),
            Act::PollSocket => {
                while let Some(effect) = self.machine.poll_socket_effect() {
                    assert!(!is_callback(&effect), "{effect:?}");
                    self.note(effect);
                }
            }
        }
    }

    /// Tells whether the machine took it; if not, it must be as it was.
    fn handle(&mut self, input: Input<'_>) -> bool {
        let before = (self.machine.state(), self.machine.queued());
        self.deleted |= input == Input::Delete;
        let taken = self.machine.handle(input).is_ok();
        if !taken {
            assert_eq!((self.machine.state(), self.machine.queued()), before);
        }
        taken
    }

    fn receive(&mut self, count: usize) {
        let bytes = self.incoming.take(count);
        let from = Some(address("127.0.0.1:3"));
        let datagram = Input::Datagram {
            bytes: &bytes,
            from,
        };
        let taken = self.handle(Input::Received(&bytes))
            || self.handle(Input::Message(&bytes))
            || self.handle(datagram);
        if taken {
            self.received.extend(bytes);
        }
    }

    fn receive_directly(&mut self, count: usize) {
        let clear = self.machine.is_clear();
        assert!(!clear || !self.machine.wants_callback());
        let bytes = self.incoming.take(count);
        let Ok(text) = self.machine.receive(&mut bytes.clone()) else {
            return;
        };
        self.received.extend(bytes);
        assert!(clear || text.is_empty());
        if !text.is_empty() {
            self.note(Effect::Filter(text));
        }
    }

    fn send(&mut self, count: usize) {
        let text = Text::unibyte(self.outgoing.take(count));
        if let Ok(Some(out)) = self.machine.begin_send(&text) {
            self.queued.extend(&*out);
            self.machine.queue(out);
        }
    }

    fn sent(&mut self, count: usize) {
        let Some(front) = self.machine.front().map(|front| front.bytes.to_vec()) else {
            return;
        };
        let count = match self.machine.party() {
            Party::Stream => front.len().min(count),
            _ => front.len(),
        };
        if self.handle(Input::Sent(count)) {
            self.sent.extend(&front[..count]);
        }
    }

    fn poll(&mut self) {
        loop {
            let socket = self.machine.poll_socket_effect();
            let wants = self.machine.wants_callback();
            let Some(effect) = socket.or_else(|| self.machine.poll_callback_effect()) else {
                assert!(!wants, "no callback came");
                return;
            };
            assert!(
                wants || !is_callback(&effect),
                "a callback came unannounced"
            );
            self.note(effect);
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
                "connection broken by remote peer\n" | "failed: TLS\n" => 'b',
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
        // What cannot be sent to looks for its end, stopped or not.
        let holds_back = machine.is_stopped() && machine.state() != State::Drain;
        if holds_back || matches!(machine.status(), Status::Failed) {
            assert!(!interest.read);
        }
        if matches!(
            machine.state(),
            State::Closed | State::Failed | State::Connect
        ) {
            assert!(!interest.read && !interest.write);
        }
        assert!(self.received.starts_with(&self.delivered));
        if machine.party() != Party::Datagram {
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
        self.handle(Input::Continue);
        self.act(&Act::Reading(true));
        self.act(&Act::HalfOpen(false));
        self.poll();
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
                let names: HashSet<String> = names(&registry);
                // One of these is free: there are more of them than names.
                let expected = (0..=names.len())
                    .map(|suffix| match suffix {
                        0 => wanted.to_owned(),
                        _ => format!("{wanted}<{suffix}>"),
                    })
                    .find(|name| !names.contains(name));
                let id = registry.insert(wanted, |_, _| number);
                prop_assert_eq!(registry.name(id).map(ToString::to_string), expected);
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
            prop_assert_eq!(names(&registry).len(), registry.len());
        }
    }
}

fn names<T>(registry: &Registry<T>) -> HashSet<String> {
    registry
        .iter()
        .map(|(_, name, _)| name.to_string())
        .collect()
}
