//! The network of Emacs: its threads, its processes by number, what is under way.
//!
//! Emacs knows a process by a number. A client or server gets its number before it is opened, so
//! that whatever happens on it has an addressee; a connection that a server accepted gets one when
//! its server's log function would be called. The number stands in the property list of our
//! process, and connections are given a new one there.
//!
//! Nothing here waits on Emacs's thread, and nothing here calls Emacs.

use std::collections::HashMap;
use std::io;
use std::os::fd::RawFd;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::thread;

use async_channel::{Receiver, Sender};
use async_executor::{Executor, Task};
use netproc::lisp::plist;
use netproc::{
    Address, Event, Filter, Kind, Limits, LocalName, Log, Network, Process, Sentinel, Spec, Text,
    Value, tls,
};
use nix::sys::signal::SigSet;

use crate::framing::{Framer, Framing};
use crate::inbox::{Inbox, Piece};
use crate::leaving::Leaving;
use crate::mailbox::{Accepted, Mailbox, Notice};

/// Threads that read, encrypt and send. With more than one, what two ends in this Emacs are told
/// could come in another order than it happened.
const THREADS: usize = 1;

/// How many events may be on their way to the mailbox.
const EVENTS: usize = 64;

/// The lowest descriptor of ours: Emacs watches the ones below with `select(2)`.
pub(crate) const FIRST_DESCRIPTOR: RawFd = 1024;

/// How many bytes the name of a local socket has room for.
const UNNAMED: usize = 108;

/// The property under which a process carries its number.
const NUMBER: &str = ":netproc-number";

/// The one engine of this Emacs, started when it is first used.
pub(crate) static ENGINE: LazyLock<Engine> = LazyLock::new(Engine::start);

/// Everything that lives as long as Emacs does.
pub(crate) struct Engine {
    network: Network,
    pub(crate) mailbox: Arc<Mailbox>,
    pub(crate) executor: Arc<Executor<'static>>,
    pub(crate) leaving: Leaving,
    events: Sender<Event>,
    tables: Mutex<Tables>,
    /// What waits for Emacs, which alone looks into them.
    inboxes: Mutex<HashMap<i64, Inbox>>,
    numbers: AtomicI64,
}

#[derive(Default)]
struct Tables {
    processes: HashMap<i64, Process>,
    framers: HashMap<i64, Framer>,
    tasks: HashMap<i64, Task<()>>,
}

impl Engine {
    fn start() -> Self {
        netproc::socket::keep_descriptors_from(FIRST_DESCRIPTOR);
        // Without the limit raised there is room for a few connections only, which is no reason
        // not to start.
        let _limits = netproc::socket::raise_descriptor_limit();
        // A queue is never full: a peer that takes nothing must not stop Emacs.
        let limits = Limits {
            high_water: u32::MAX,
            ..Limits::DEFAULT
        };
        let network = Network::builder()
            .limits(limits)
            .tls_profile(tls::Profile::Emacs)
            .on_fault(|_| ())
            .build();
        let (sender, receiver) = async_channel::bounded(EVENTS);
        let engine = Engine {
            network,
            mailbox: Arc::default(),
            executor: Arc::default(),
            leaving: Leaving::default(),
            events: sender,
            tables: Mutex::default(),
            inboxes: Mutex::default(),
            numbers: AtomicI64::new(1),
        };
        // The signals of Emacs are for its own thread: ours begin with all of them blocked, and so
        // do those that ours start.
        let before = SigSet::thread_get_mask();
        let _blocked = SigSet::all().thread_block();
        let started = engine.start_threads(receiver);
        if let Ok(before) = before {
            let _restored = before.thread_set_mask();
        }
        // Without threads nothing would ever happen, and Emacs would wait for it.
        started.expect("threads for netproc");
        engine
    }

    fn start_threads(&self, events: Receiver<Event>) -> io::Result<()> {
        let executor = Arc::clone(&self.executor);
        let opener = thread::Builder::new().name("netproc-open".into());
        opener.spawn(move || {
            // The reactor's thread is started from here.
            async_io::block_on(executor.run(std::future::pending::<()>()));
        })?;
        let mailbox = Arc::clone(&self.mailbox);
        let mail = thread::Builder::new().name("netproc-mail".into());
        mail.spawn(move || {
            while let Ok(event) = events.recv_blocking() {
                ENGINE.forward(&mailbox, event);
            }
        })?;
        self.network.run_background(THREADS)?.detach();
        Ok(())
    }

    fn tables(&self) -> MutexGuard<'_, Tables> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn inboxes(&self) -> MutexGuard<'_, HashMap<i64, Inbox>> {
        self.inboxes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something with what waits on the process of that number.
    pub(crate) fn inbox<T>(&self, number: i64, action: impl FnOnce(&mut Inbox) -> T) -> T {
        let mut inboxes = self.inboxes();
        if let Some(inbox) = inboxes.get_mut(&number) {
            return action(inbox);
        }
        let tables = self.tables();
        if tables.processes.contains_key(&number) || tables.tasks.contains_key(&number) {
            action(inboxes.entry(number).or_default())
        } else {
            // It is forgotten, and so is what comes for it.
            action(&mut Inbox::default())
        }
    }

    fn number(&self) -> i64 {
        self.numbers.fetch_add(1, Ordering::Relaxed)
    }

    /// Returns the process of that number, unless it is forgotten.
    pub(crate) fn process(&self, number: i64) -> Option<Process> {
        self.tables().processes.get(&number).cloned()
    }

    /// Forgets a process, and closes it if it is open; gives up what makes it.
    pub(crate) fn forget(&'static self, number: i64) {
        let mut tables = self.tables();
        let process = tables.processes.remove(&number);
        tables.framers.remove(&number);
        let task = tables.tasks.remove(&number);
        drop(tables);
        drop(task);
        self.inboxes().remove(&number);
        if let Some(process) = process {
            self.let_go(process);
        }
    }

    /// Returns all processes that Lisp has.
    pub(crate) fn processes(&self) -> Vec<Process> {
        self.tables().processes.values().cloned().collect()
    }

    /// Begins to make a process; a reply with its number tells how that went.
    pub(crate) fn open(&'static self, mut spec: Spec, framing: Option<Framing>) -> i64 {
        let number = self.number();
        if let Some(framing) = framing {
            self.tables().framers.insert(number, Framer::new(framing));
        }
        spec.plist = Value::list([Value::keyword(NUMBER), Value::from(number)]);
        spec.buffer = netproc::keywords::BufferSetting::None;
        if !spec.filter.is_symbol("t") {
            spec.filter = Filter::channel(self.events.clone()).into();
        }
        spec.sentinel = Sentinel::channel(self.events.clone()).into();
        if spec.is_server() {
            spec.log = Log::channel(self.events.clone()).into();
        }
        // What is connected in the background tells so later, however soon it is.
        let tells_later = spec.role.is_nowait() && spec.kind != Kind::Datagram;
        self.run(number, async move {
            let process = self.network.open_async(spec).await;
            process
                .map(|process| {
                    let facts = if tells_later {
                        Value::Nil
                    } else {
                        facts(&process)
                    };
                    self.keep(number, process);
                    facts
                })
                .map_err(|error| error.condition())
        });
        number
    }

    /// Keeps a process that was made, unless it was forgotten while that took place.
    fn keep(&self, number: i64, process: Process) {
        let mut tables = self.tables();
        if tables.tasks.contains_key(&number) {
            tables.processes.insert(number, process);
        } else {
            drop(tables);
            process.delete();
        }
    }

    /// Runs something that takes its time; a reply with the number tells how it went.
    fn run(
        &'static self,
        number: i64,
        work: impl Future<Output = Result<Value, Value>> + Send + 'static,
    ) {
        // The table is held until the task is in it: the task takes itself out at its end.
        let mut tables = self.tables();
        let task = self.executor.spawn(async move {
            let outcome = work.await;
            if let Some(this) = self.tables().tasks.remove(&number) {
                this.detach();
            }
            self.mailbox.post(Notice::Reply {
                request: number,
                outcome,
            });
        });
        tables.tasks.insert(number, task);
    }

    /// Has a process read, or not: what has arrived stays with the kernel then.
    pub(crate) fn set_reading(
        &self,
        process: &Process,
        read: bool,
    ) -> Result<(), netproc::network::Error> {
        process.set_filter_value(&if read {
            Filter::channel(self.events.clone()).into()
        } else {
            Value::t()
        })
    }

    /// Begins to look up the addresses of a host.
    pub(crate) fn look_up(&'static self, host: String, family: Option<netproc::Family>) -> i64 {
        let number = self.number();
        self.run(number, async move {
            let found = self.network.lookup_addresses_async(&host, family).await;
            found
                .map(|addresses| Value::list(addresses.iter().map(Address::to_value)))
                .map_err(|error| error.condition())
        });
        number
    }

    /// Begins to look up the addresses that `spec` means.
    pub(crate) fn resolve(&'static self, spec: Spec) -> i64 {
        let number = self.number();
        self.run(number, async move {
            let found = self.network.addresses_of_async(&spec).await;
            found
                .map(|addresses| Value::list(addresses.iter().map(Address::to_value)))
                .map_err(|error| error.condition())
        });
        number
    }

    /// Begins to encrypt an open connection; the reply is what the peer showed.
    pub(crate) fn start_tls(&'static self, process: Process, parameters: tls::Parameters) -> i64 {
        let number = self.number();
        self.run(number, async move {
            process
                .start_tls_async(netproc::StartTls::client(parameters))
                .await
                .map(|()| netproc::functions::gnutls_peer_status(&process))
                .map_err(|error| error.condition())
        });
        number
    }

    /// Puts an event of the network into the mailbox.
    fn forward(&self, mailbox: &Mailbox, event: Event) {
        match event {
            Event::Data {
                process,
                text,
                from,
            } => {
                let id = number_of(&process);
                let bytes = text.as_bytes().into_owned();
                for piece in self.cut(id, process.kind(), bytes, from) {
                    mailbox.post_in_turn(Notice::Data { id, piece });
                }
            }
            Event::Changed { process, message } => {
                let id = number_of(&process);
                // What has opened may be closed by now, but what came in between is to be told of.
                if !message.starts_with("open") {
                    for piece in self.rest(id) {
                        mailbox.post_in_turn(Notice::Data { id, piece });
                    }
                }
                mailbox.post_in_turn(Notice::Changed {
                    id,
                    exit: process.exit_status().to_value(),
                    facts: facts(&process),
                    // Asked now: it may be gone before Emacs comes to that.
                    peer: netproc::functions::gnutls_peer_status(&process),
                    message,
                });
            }
            Event::Log {
                server,
                connection,
                message,
            } => {
                let server = number_of(&server);
                let connection = connection.map(|process| self.accept(server, process));
                mailbox.post_in_turn(Notice::Log {
                    server,
                    connection,
                    message,
                });
            }
            _ => {}
        }
    }

    /// Returns what `bytes`, which arrived at once, are to Emacs.
    fn cut(&self, number: i64, kind: Kind, bytes: Vec<u8>, from: Option<Address>) -> Vec<Piece> {
        let mut tables = self.tables();
        if let Some(framer) = tables.framers.get_mut(&number) {
            let mut messages = Vec::new();
            framer.push(&bytes, |message: &[u8]| {
                messages.push(Piece::message(message));
            });
            return messages;
        }
        vec![match kind {
            Kind::Stream => Piece::stream(bytes),
            Kind::SeqPacket => Piece::record(bytes),
            Kind::Datagram => Piece::message(bytes).from(from.map(|from| target_of(&from))),
        }]
    }

    /// Returns what is left of a framed stream at its end.
    fn rest(&self, number: i64) -> Vec<Piece> {
        let mut tables = self.tables();
        let mut messages = Vec::new();
        if let Some(framer) = tables.framers.get_mut(&number) {
            framer.finish(|message: &[u8]| messages.push(Piece::message(message)));
        }
        messages
    }

    /// Gives a new connection of a server a number of its own.
    fn accept(&self, server: i64, process: Process) -> Accepted {
        let id = self.number();
        // The property list is ours, and one of keys with values.
        let _put = process.put(&Value::keyword(NUMBER), Value::from(id));
        let accepted = Accepted {
            id,
            name: process.name().to_owned(),
            facts: facts(&process),
        };
        let mut tables = self.tables();
        if let Some(framing) = tables.framers.get(&server).map(Framer::framing) {
            tables.framers.insert(id, Framer::new(framing));
        }
        tables.processes.insert(id, process);
        accepted
    }
}

/// Returns where the answer to a datagram goes, as `process-datagram-address` tells it.
fn target_of(from: &Address) -> Value {
    match from {
        // Nobody can answer a socket without a name; Emacs shows a name of zeros.
        Address::Local(name) if *name == LocalName::Unnamed => {
            let zeros = Value::vector(std::iter::repeat_n(Value::from(0), UNNAMED));
            Value::cons(Value::from(0), zeros)
        }
        Address::Local(name) => Value::from(Text::unibyte(name.to_text().as_bytes())),
        from => from.to_value(),
    }
}

fn number_of(process: &Process) -> i64 {
    let number = process.get(&Value::keyword(NUMBER));
    number.as_integer().unwrap_or_default()
}

/// Returns an address as Emacs writes it: names of local sockets as bytes.
fn as_emacs_has_it(key: &Value, value: &Value) -> Value {
    match value.as_text() {
        Some(name) if key.is_symbol(":local") || key.is_symbol(":remote") => {
            Value::from(Text::unibyte(name.as_bytes()))
        }
        _ => value.clone(),
    }
}

/// Returns what the system told of a process, in the order of its contact.
fn facts(process: &Process) -> Value {
    const LEARNED: [&str; 5] = [":server", ":host", ":service", ":local", ":remote"];
    // A contact waits for the connection.
    if process.is_live() && !process.has_socket() {
        return Value::Nil;
    }
    let contact = process.contact_list();
    let learned = plist::iter(&contact)
        .filter(|(key, _)| LEARNED.iter().any(|keyword| key.is_symbol(keyword)));
    Value::list(learned.flat_map(|(key, value)| [key.clone(), as_emacs_has_it(key, value)]))
}
