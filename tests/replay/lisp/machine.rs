//! The machine: what names mean, the network it works on, and what it has written.

use std::collections::{HashMap, HashSet};
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;

use netproc::lisp::Reader;
use netproc::{Buffer, CallbackError, CallbackKind, Fault, FaultKind, Network, Text, Value, tls};

use super::function::{Closure, Primitive};
use super::{Answer, Env, Exit};
use crate::functions;
use crate::functions::peer::Peer;

/// How deep evaluation may be nested.
const DEEPEST: usize = 400;

/// Room for forms inside of forms, which a thread of the tests does not have.
const STACK: usize = 64 * 1024 * 1024;

/// Works on a thread with room for evaluation as deep as it may be.
pub(crate) fn with_room<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    thread::scope(|scope| {
        let thread = thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, work);
        let outcome = thread.expect("a thread").join();
        outcome.unwrap_or_else(|payload| resume_unwind(payload))
    })
}

/// One Lisp machine with a network of its own.
pub(crate) struct Machine {
    pub(crate) network: Network,
    pub(crate) peer: Mutex<Peer>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    variables: HashMap<String, Value>,
    /// Variables whose bindings are seen by everyone.
    special: HashSet<String>,
    functions: HashMap<String, Value>,
    macros: HashMap<String, Value>,
    current: Option<Buffer>,
    /// How many callbacks run, one inside the other.
    running: usize,
    /// How a callback was left that may not swallow it, and how many ran then.
    pending: Option<(Exit, usize)>,
    depth: usize,
    written: Vec<u8>,
}

/// Every function of the tables by its name.
static PRIMITIVES: LazyLock<HashMap<&'static str, &'static Primitive>> =
    LazyLock::new(|| functions::all().map(|entry| (entry.name, entry)).collect());

impl Machine {
    /// Makes a machine whose network calls its functions.
    pub(crate) fn new() -> Arc<Self> {
        Arc::new_cyclic(|machine: &Weak<Machine>| {
            let (caller, listener) = (Weak::clone(machine), Weak::clone(machine));
            let network = Network::builder()
                .tls_profile(tls::Profile::Emacs)
                .call_with(
                    move |function: &Value, arguments: &[Value]| match caller.upgrade() {
                        Some(machine) => machine.call_back(function, arguments),
                        None => Ok(()),
                    },
                )
                .on_fault(move |fault| {
                    if let Some(machine) = listener.upgrade() {
                        machine.hear(fault);
                    }
                })
                .build();
            let machine = Machine {
                network,
                peer: Mutex::default(),
                state: Mutex::default(),
            };
            functions::define_variables(&machine);
            machine
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Evaluates the forms of a file.
    pub(crate) fn load(&self, path: &Path) -> Answer {
        let text = std::fs::read_to_string(path)
            .map_err(|error| Exit::error(&format!("{}: {error}", path.display())))?;
        for form in Reader::new(&text) {
            let (form, _) = form.map_err(|error| Exit::error(&error.to_string()))?;
            self.eval(&functions::strings::as_emacs_reads(&form), &Env::default())?;
        }
        Ok(Value::t())
    }

    /// Calls a function for the network, in whatever buffer is current, and comes back to that.
    fn call_back(&self, function: &Value, arguments: &[Value]) -> Result<(), CallbackError> {
        let buffer = self.current_buffer();
        self.state().running += 1;
        let outcome = self.funcall(function, arguments);
        self.state().running -= 1;
        self.set_current_buffer(buffer);
        outcome.map(drop).map_err(CallbackError::from)
    }

    /// Takes notice of what a callback failed with: errors are told, other exits leave the wait.
    fn hear(&self, fault: &Fault) {
        let FaultKind::CallbackFailed { callback, error } = &fault.kind else {
            return;
        };
        match error.downcast_ref::<Exit>() {
            Some(Exit::Signal(condition)) if *callback != CallbackKind::Log => {
                let message = functions::messages::text_of(condition);
                functions::messages::add(self, &format!("error in process {callback}: {message}"));
            }
            Some(exit) => {
                let mut state = self.state();
                let running = state.running;
                state.pending = Some((exit.clone(), running));
            }
            None => {}
        }
    }

    /// Calls a function with arguments that are values already.
    pub(crate) fn funcall(&self, function: &Value, arguments: &[Value]) -> Answer {
        match function {
            Value::Symbol(name) => {
                let defined = self.state().functions.get(name.as_str()).cloned();
                match (defined, PRIMITIVES.get(name.as_str())) {
                    (Some(defined), _) => self.funcall(&defined, arguments),
                    (None, Some(primitive)) => self.call_primitive(primitive, arguments),
                    (None, None) => Err(Exit::signal("void-function", [function.clone()])),
                }
            }
            Value::Opaque(opaque) => match opaque.downcast_arc::<Closure>() {
                Some(closure) => closure.call(self, arguments),
                None => Err(Exit::signal("invalid-function", [function.clone()])),
            },
            Value::Cons(cell) if cell.car.is_symbol("lambda") => {
                Closure::new(&cell.cdr, &Env::default())?.call(self, arguments)
            }
            other => Err(Exit::signal("invalid-function", [other.clone()])),
        }
    }

    fn call_primitive(&self, primitive: &Primitive, arguments: &[Value]) -> Answer {
        let (fewest, most) = primitive.arity;
        if arguments.len() < fewest || arguments.len() > most {
            let count = i64::try_from(arguments.len()).unwrap_or_default();
            return Err(Exit::signal(
                "wrong-number-of-arguments",
                [Value::symbol(primitive.name), Value::from(count)],
            ));
        }
        let answer = (primitive.body)(self, arguments);
        let mut state = self.state();
        // What a callback was left by goes to who waited, not to the next callback.
        let running = state.running;
        match state.pending.take_if(|(_, inside)| *inside == running) {
            Some((exit, _)) => Err(exit),
            None => answer,
        }
    }

    /// Tells whether a callback was left so that the wait around it is over.
    pub(crate) fn is_left(&self) -> bool {
        self.state().pending.is_some()
    }

    /// Counts one level more of evaluation while `work` goes on.
    pub(super) fn nested(&self, work: impl FnOnce() -> Answer) -> Answer {
        let depth = {
            let mut state = self.state();
            state.depth += 1;
            state.depth
        };
        let answer = if depth > DEEPEST {
            Err(Exit::error("Lisp nesting exceeds ‘max-lisp-eval-depth’"))
        } else {
            work()
        };
        self.state().depth -= 1;
        answer
    }

    pub(crate) fn define_function(&self, name: &str, function: Value) {
        self.state().functions.insert(name.to_owned(), function);
    }

    pub(super) fn define_macro(&self, name: &str, function: Value) {
        self.state().macros.insert(name.to_owned(), function);
    }

    pub(super) fn macro_of(&self, name: &str) -> Option<Value> {
        self.state().macros.get(name).cloned()
    }

    /// Returns the value that a variable has for everyone.
    pub(crate) fn variable(&self, name: &str) -> Option<Value> {
        self.state().variables.get(name).cloned()
    }

    /// Sets a variable for everyone; returns what it was before.
    pub(crate) fn set_variable(&self, name: &str, value: Value) -> Option<Value> {
        self.state().variables.insert(name.to_owned(), value)
    }

    /// Makes a variable one whose bindings are seen by everyone.
    pub(crate) fn define_variable(&self, name: &str, value: Value) {
        let mut state = self.state();
        state.special.insert(name.to_owned());
        state.variables.entry(name.to_owned()).or_insert(value);
    }

    pub(super) fn is_special(&self, name: &str) -> bool {
        self.state().special.contains(name)
    }

    /// Puts a variable back to what it was.
    pub(super) fn restore(&self, name: &str, value: Option<Value>) {
        let mut state = self.state();
        match value {
            Some(value) => state.variables.insert(name.to_owned(), value),
            None => state.variables.remove(name),
        };
    }

    pub(crate) fn current_buffer(&self) -> Buffer {
        let current = self.state().current.clone();
        // The name is not empty, which is all that could be wrong with it.
        current.unwrap_or_else(|| self.network.buffer("*scratch*").expect("a name"))
    }

    pub(crate) fn set_current_buffer(&self, buffer: Buffer) {
        self.state().current = Some(buffer);
    }

    /// Adds to the transcript.
    pub(crate) fn write(&self, text: &Text) {
        self.state().written.extend_from_slice(&text.as_bytes());
    }

    /// Returns the transcript so far.
    pub(crate) fn written(&self) -> Vec<u8> {
        self.state().written.clone()
    }

    /// Returns the folder that file names begin in.
    pub(crate) fn folder(&self) -> PathBuf {
        let folder = self.variable("default-directory").unwrap_or_default();
        PathBuf::from(folder.as_str().unwrap_or("/"))
    }
}
