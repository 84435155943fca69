//! The parts of steps: what is set, what is asked, callbacks, buffers, options.

use netproc_lisp::Value;

use super::{BUFFERS, Generator};
use crate::conformance::random::pools;
use crate::conformance::random::sequence::{Argument, Listing, Question, Setting};

impl Generator {
    pub(super) fn just_this_one(&mut self) -> Value {
        self.of(&[Value::Nil, Value::Nil, Value::t(), Value::Integer(0)])
    }

    pub(super) fn listing(&mut self) -> Listing {
        let names = [
            Value::string("s"),
            Value::string("c"),
            Value::string("c<1>"),
            Value::string("nobody"),
            Value::string("b1"),
        ];
        match self.random.u32(0..4) {
            0 => Listing::All,
            1 => Listing::Named(self.of(&names)),
            2 => Listing::StatusOf(self.of(&names)),
            _ => Listing::OfBuffer(self.buffer()),
        }
    }

    pub(super) fn setting(&mut self) -> Setting {
        match self.random.u32(0..20) {
            0..=3 => Setting::Filter(self.filter()),
            4..=6 => Setting::Sentinel(self.sentinel()),
            7..=9 => Setting::Buffer(self.buffer()),
            10..=12 => Setting::Coding(self.from(pools::SYSTEMS), self.from(pools::SYSTEMS)),
            13 => Setting::Plist(self.from(pools::PLISTS)),
            14 => Setting::QueryFlag(self.from(pools::ODD)),
            15 => Setting::FilterMultibyte(self.of(&[Value::Nil, Value::t()])),
            16 | 17 => {
                let (name, value) = self.option(20);
                Setting::Option {
                    name,
                    value,
                    no_error: self.chance(30),
                }
            }
            _ => Setting::DatagramAddress(if self.chance(40) {
                Argument::Local(self.subject())
            } else {
                self.from(pools::ADDRESSES).into()
            }),
        }
    }

    pub(super) fn question(&mut self) -> Question {
        match self.random.u32(0..10) {
            0..=2 => Question::Contact {
                key: self.from(pools::KEYS),
                no_block: self.chance(25),
            },
            3 => Question::Get(self.of(&[
                Value::symbol("a"),
                Value::symbol("mark"),
                Value::string("x"),
            ])),
            _ => Question::Plain(self.of(pools::QUESTIONS)),
        }
    }

    /// Returns the name and the value of an option, wrong in so many of a hundred.
    pub(super) fn option(&mut self, wrong: u32) -> (Value, Value) {
        let pool = if self.chance(wrong) {
            pools::NO_OPTIONS
        } else {
            pools::OPTIONS
        };
        let option = self.from(pool);
        let value = option.cdr().and_then(Value::car).cloned();
        (
            option.car().cloned().unwrap_or_default(),
            value.unwrap_or_default(),
        )
    }

    /// Returns a buffer to be set: mostly one of ours.
    pub(super) fn buffer(&mut self) -> Argument {
        match self.random.u32(0..10) {
            0 | 1 => Value::Nil.into(),
            2 => Argument::DeadBuffer,
            3 => self.from(pools::ODD).into(),
            _ => Argument::Buffer(self.random.u32(1..=BUFFERS)),
        }
    }

    pub(super) fn filter(&mut self) -> Argument {
        let name = match self.random.u32(0..100) {
            0..=19 => return Value::Nil.into(),
            20..=26 => return Value::t().into(),
            27 => "filter-wants-more",
            28 => "nosuch-function",
            29 => return Value::Integer(5).into(),
            30..=36 => "filter-inserts-all",
            _ => return self.callback("filter"),
        };
        Value::symbol(name).into()
    }

    pub(super) fn sentinel(&mut self) -> Argument {
        match self.random.u32(0..100) {
            0..=14 => Value::Nil.into(),
            15 => Value::symbol("nosuch-function").into(),
            16 => Value::Integer(5).into(),
            17..=22 => Value::symbol("ignore").into(),
            _ => self.callback("sentinel"),
        }
    }

    pub(super) fn log(&mut self) -> Argument {
        match self.random.u32(0..100) {
            0..=9 => Value::Nil.into(),
            10 => Value::symbol("nosuch-function").into(),
            11 => Value::Integer(5).into(),
            12..=14 => Value::symbol("log-deletes-server").into(),
            _ => self.callback("log"),
        }
    }

    /// Returns a callback that notes what it is given, and may do more.
    pub(super) fn callback(&mut self, kind: &str) -> Argument {
        let doing = match self.random.u32(0..100) {
            0..=44 => "records",
            45..=47 => self.of(pools::FAULTS),
            _ => self.of(pools::DOINGS),
        };
        Value::symbol(&format!("{kind}-{doing}")).into()
    }
}
