//! A sequence as a value: steps with typed fields, which know nothing of how they are written.

use netproc_lisp::Value;

/// Steps that are taken one after the other in an Emacs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::conformance) struct Sequence {
    pub(super) steps: Vec<Step>,
}

/// One thing that is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Step {
    /// Its number in the sequence, which it keeps when others are taken out.
    pub(super) number: u32,
    /// Whether the next step follows before anything can happen.
    pub(super) rushed: bool,
    pub(super) action: Action,
}

/// Whom a step is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    /// What the step of this number made.
    Made(u32),
    /// The connection that a server accepted, counted from one.
    Accepted(u32, u32),
}

/// What stands for a value in a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Argument {
    /// Lisp data.
    Value(Value),
    /// The service of a process.
    Port(Subject),
    /// The service of a process, as a string of digits.
    Digits(Subject),
    /// The address of this side of a process.
    Local(Subject),
    /// A path in the folder of the sequence.
    Path(u32),
    /// A buffer, made when it is first named.
    Buffer(u32),
    /// A buffer that is killed.
    DeadBuffer,
}

/// One keyword and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pair {
    pub(super) key: Value,
    pub(super) value: Argument,
}

/// The arguments of `make-network-process`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Making {
    pub(super) pairs: Vec<Pair>,
    /// Whether the last keyword has no value.
    pub(super) odd: bool,
}

/// What a step does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Action {
    Make(Making),
    Send {
        to: Subject,
        text: Value,
    },
    SendRegion {
        to: Subject,
        text: Value,
        start: i64,
        end: i64,
    },
    SendEof(Subject),
    /// Sends, and waits for the other end.
    Exchange {
        from: Subject,
        text: Value,
        to: Subject,
        just_this_one: Value,
    },
    /// Looks for output that is there already.
    Accept {
        from: Option<Subject>,
        just_this_one: Value,
    },
    Stop(Subject),
    Continue(Subject),
    Delete(Subject),
    Set(Subject, Setting),
    Ask(Subject, Question),
    Put {
        subject: Subject,
        name: Value,
        value: Value,
    },
    Buffer(u32, BufferWork),
    /// Asks for processes by name or buffer, or for all.
    List(Listing),
    Format {
        address: Argument,
        omit_port: bool,
    },
    LookUp {
        host: Value,
        family: Value,
    },
    /// What network processes refuse.
    Signal(Subject, &'static str),
    CollectGarbage,
}

/// What can be set on a process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Setting {
    Filter(Argument),
    Sentinel(Argument),
    Buffer(Argument),
    Coding(Value, Value),
    Plist(Value),
    QueryFlag(Value),
    FilterMultibyte(Value),
    Option {
        name: Value,
        value: Value,
        no_error: bool,
    },
    DatagramAddress(Argument),
}

/// What a process can be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Question {
    /// A function of the process alone.
    Plain(&'static str),
    Contact {
        key: Value,
        no_block: bool,
    },
    Get(Value),
}

/// What is done with a buffer of processes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BufferWork {
    Show,
    Kill,
    Erase,
    InsertAtStart,
    GoToStart,
    Narrow,
    ReadOnly,
    Unibyte,
    Process,
}

/// Which processes are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Listing {
    All,
    Named(Value),
    OfBuffer(Argument),
    StatusOf(Value),
}

impl Making {
    /// Returns the first value of `key`, the one that counts.
    pub(super) fn get(&self, key: &str) -> Option<&Argument> {
        let pair = self.pairs.iter().find(|pair| pair.key.is_symbol(key));
        pair.map(|pair| &pair.value)
    }
}

impl From<Value> for Argument {
    fn from(value: Value) -> Self {
        Self::Value(value)
    }
}
