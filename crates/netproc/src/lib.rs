//! Network processes as Emacs has them: one call for any client or server.
//!
//! GNU Emacs makes every network connection with one function, `make-network-process`, whose
//! keywords say what it is to be: TCP or UDP, a local socket, a client or a server, with a filter
//! for what arrives and a sentinel for what happens. It gives back a *process*: named, listed,
//! stoppable, with a buffer, a property list and coding systems. This crate is that function and
//! that object for Rust programs, without an Emacs.
//!
//! Here is the whole of it by examples. The [`prelude`] holds the names that most programs need,
//! [`functions`] the functions as they are called in Emacs, and the modules [`lisp`],
//! [`address`], [`coding`], [`keywords`], [`process`], [`dialogue`], [`socket`], [`tls`] and
//! [`network`] the crates that this one is made of.
//!
//! # A server and a client
//!
//! A [`Network`] is a set of processes. [`Network::open`] takes a [`Spec`], which a builder
//! writes: [`Spec::server`] for what listens, [`Spec::client`] for what connects.
//!
//! ```
//! use netproc::prelude::*;
//!
//! let network = Network::new();
//! let server = network.open(
//!     Spec::server("echo").host(Host::Local).service(Service::Any)
//!         .filter(|process, text| process.send(text)),
//! )?;
//! let client = network.open(
//!     Spec::client("me").host("localhost").service(server.service()).buffer("*me*"),
//! )?;
//! client.send("hello\n")?;
//! network.accept_output(&client, Duration::from_secs(10))?;
//! assert_eq!(client.buffer().expect("a buffer").text(), "hello\n");
//! # Ok::<(), netproc::Error>(())
//! ```
//!
//! [`Service::Any`] lets the system choose a port, which [`Process::service`] then tells. The
//! filter is called with each text that arrives; a process without one puts the text into its
//! buffer.
//!
//! # Who runs the callbacks
//!
//! Filters, sentinels and log functions run while somebody waits: in
//! [`Network::accept_output`], or in another verb that has to wait, such as opening a connection.
//! That is the way of Emacs, and nothing else ever happens behind a program's back. A
//! program that would rather not wait starts threads. Callbacks of one process never overlap and
//! keep the order of the wire; different processes are served side by side.
//!
//! ```
//! use netproc::prelude::*;
//!
//! let network = Network::new();
//! let _threads = network.run_background(2)?;
//! let (sender, received) = std::sync::mpsc::channel();
//! let server = network.open(
//!     Spec::server("sink").service(Service::Any)
//!         .filter(move |_, text| sender.send(text.to_string())),
//! )?;
//! let client = network.open(Spec::client("source").service(server.service()))?;
//! client.send("no waiting here")?;
//! assert_eq!(received.recv_timeout(Duration::from_secs(10))?, "no waiting here");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Under an executor, [`Network::open_async`], [`Network::accept_output_async`] and
//! [`Process::send_async`] do the same without holding a thread, and [`Network::run`] serves the
//! network while any other future is awaited.
//!
//! A callback may call everything on every process, itself included. When it fails or panics,
//! that is reported ([`NetworkBuilder::on_fault`]) and harms no other.
//!
//! # UDP
//!
//! A datagram process sends to one address, at first the one it was made with. One that receives
//! answers to whoever wrote last, so an echo server is the same filter again.
//!
//! ```
//! use netproc::prelude::*;
//!
//! let network = Network::new();
//! let server = network.open(
//!     Spec::server("echo").datagram().host(Host::Local).service(Service::Any)
//!         .filter(|process, text| process.send(text)),
//! )?;
//! let client = network.open(
//!     Spec::client("me").datagram().host(Host::Local).service(server.service()).buffer("*me*"),
//! )?;
//! client.send("one datagram")?;
//! network.accept_output(&client, Duration::from_secs(10))?;
//! assert_eq!(client.buffer().expect("a buffer").text(), "one datagram");
//! assert_eq!(client.datagram_address(), server.local_address());
//! # Ok::<(), netproc::Error>(())
//! ```
//!
//! # Local sockets, and sequenced packets
//!
//! A local socket has a path instead of host and service, or an abstract name. It can be a stream,
//! carry datagrams, or sequenced packets, which arrive in order and whole.
//!
//! ```
//! use netproc::prelude::*;
//!
//! let folder = tempfile::tempdir()?;
//! let path = folder.path().join("records");
//! let network = Network::new();
//! let (sender, records) = std::sync::mpsc::channel();
//! network.open(
//!     Spec::server("records").seqpacket().local_path(&path)
//!         .filter(move |_, text| sender.send(text.to_string())),
//! )?;
//! let client = network.open(Spec::client("writer").seqpacket().local_path(&path))?;
//! client.send("first record")?;
//! client.send("second")?;
//!
//! let mut seen = Vec::new();
//! while seen.len() < 2 {
//!     network.accept_output(None, Duration::from_secs(10))?;
//!     seen.extend(records.try_iter());
//! }
//! assert_eq!(seen, ["first record", "second"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Not waiting for the connection
//!
//! A client that does not wait is returned at once with [`Status::Connect`]. Its sentinel hears
//! how it went: `"open\n"`, or a text that begins with `failed`. So it does in *every* case, an
//! unknown host included.
//!
//! ```
//! use netproc::prelude::*;
//!
//! let network = Network::new();
//! let server = network.open(Spec::server("s").service(Service::Any))?;
//! let (sender, events) = std::sync::mpsc::channel();
//! let client = network.open(
//!     Spec::client("later").host("localhost").service(server.service()).nowait(true)
//!         .sentinel(move |_, event| sender.send(event.to_owned())),
//! )?;
//! while client.status() == Status::Connect {
//!     network.accept_output(&client, Duration::from_millis(100))?;
//! }
//! assert_eq!(events.recv()?, "open\n");
//!
//! client.delete();
//! assert_eq!(events.recv()?, "deleted\n");
//! assert_eq!(client.status(), Status::Closed);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Stopping and going on
//!
//! A stopped process does not read, and a stopped server does not accept; what comes waits in the
//! kernel. Sending works on.
//!
//! ```
//! use netproc::prelude::*;
//!
//! let network = Network::new();
//! let server = network.open(
//!     Spec::server("s").service(Service::Any).filter(|process, text| process.send(text)),
//! )?;
//! let client = network.open(Spec::client("c").service(server.service()).buffer("*c*"))?;
//! client.stop();
//! client.send("patience")?;
//! assert!(!network.accept_output(&client, Duration::from_millis(50))?);
//! assert_eq!(client.status(), Status::Stop);
//!
//! client.resume();
//! network.accept_output(&client, Duration::from_secs(10))?;
//! assert_eq!(client.buffer().expect("a buffer").text(), "patience");
//! # Ok::<(), netproc::Error>(())
//! ```
//!
//! # Coding systems
//!
//! A process decodes what it receives and encodes what it sends. Characters and line ends may be
//! split between reads as they like. Bytes that belong to no character stay what they are inside
//! of a [`Text`], and go out as they came in.
//!
//! ```
//! use netproc::prelude::*;
//!
//! let network = Network::new();
//! let (sender, bytes) = std::sync::mpsc::channel();
//! let server = network.open(
//!     Spec::server("raw").service(Service::Any).coding("binary")
//!         .filter(move |_, text| sender.send(text.as_bytes().into_owned())),
//! )?;
//! let client = network.open(
//!     Spec::client("c").service(server.service()).coding_pair(None, Some("latin-1-dos")),
//! )?;
//! client.send("déjà\n")?;
//! network.accept_output(None, Duration::from_secs(10))?;
//! assert_eq!(bytes.recv()?, b"d\xE9j\xE0\r\n");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Without `:coding` the system is found from the data. [`coding::names`] tells all there are.
//!
//! # Keyword lists
//!
//! What the builder writes is a keyword list, and it can be written by hand, in a file for
//! instance. Callbacks are named there.
//!
//! ```
//! use netproc::prelude::*;
//!
//! let network = Network::new();
//! network.define_filter("echo", |process: &Process, text: &Text| process.send(text));
//! let server = network.read_open(
//!     r#"(:name "echo" :server 20 :host local :service t :filter echo :keepalive t)"#,
//! )?;
//! let port = server.contact_value(":service");
//! assert_eq!(port.as_integer(), server.port().map(i64::from));
//!
//! let spec: Spec = r#"(:name "web" :host "localhost" :service "http" :nowait t)"#.parse()?;
//! assert_eq!(spec, Spec::client("web").host("localhost").service("http").nowait(true).build()?);
//! # Ok::<(), netproc::Error>(())
//! ```
//!
//! [`keywords::table`] has all keywords with their documentation, and
//! [`keywords::RawSpec::check`] finds every mistake in a list, each with its place.
//!
//! # Under their Emacs names
//!
//! In [`functions`] everything is called as in Emacs and works on one network that the program
//! shares.
//!
//! ```
//! use netproc::functions::*;
//! use netproc::{Value, lisp::read};
//!
//! let list = read(r#"(:name "emacs" :server t :host local :service t :plist (kind test))"#)?;
//! let server = make_network_process(&list)?.expect("the list is not empty");
//! assert_eq!(process_get(&server, Value::symbol("kind")), Value::symbol("test"));
//! assert_eq!(get_process("emacs").as_ref(), Some(&server));
//! delete_process("emacs")?;
//! assert!(!process_live_p(&server));
//! # Ok::<(), netproc::Error>(())
//! ```
//!
//! # When it goes wrong
//!
//! An error says whose fault it is: a wrong list ([`network::Error::Spec`]), a name that is not
//! found, a peer that refuses ([`network::Error::attempts`] tells each address and its cause), a
//! process that is closed. After an error nothing is left behind. `condition` gives what Emacs
//! signals in that case, for those who match on it.
//!
//! ```
//! use netproc::prelude::*;
//!
//! let network = Network::new();
//! let server = network.open(Spec::server("gone").host(Host::Local).service(Service::Any))?;
//! let address = server.local_address().expect("it is bound");
//! server.delete();
//!
//! let refused = network.open(Spec::client("c").address(address.clone())).unwrap_err();
//! assert_eq!(refused.attempts()[0].0, address);
//! assert!(refused.condition().to_string().starts_with(
//!     r#"(file-error "make client process failed" "Connection refused" :name "c""#,
//! ));
//!
//! let mistake = network.read_open(r#"(:name "web" :service 80 :host 5)"#).unwrap_err();
//! assert!(mistake.is_argument_error());
//! assert_eq!(mistake.condition().to_string(), "(wrong-type-argument stringp 5)");
//! # Ok::<(), netproc::Error>(())
//! ```
//!
//! # Buffers
//!
//! A buffer outlives its processes, and several may share one. Text goes where the mark of the
//! process stands. A filter may pass on what it wants shown ([`Process::insert`]).
//!
//! ```
//! use netproc::prelude::*;
//!
//! let network = Network::new();
//! let server = network.open(
//!     Spec::server("s").service(Service::Any).filter(|process, text| {
//!         process.send(text)?;
//!         process.delete();
//!         Ok::<(), netproc::Error>(())
//!     }),
//! )?;
//! let client = network.open(Spec::client("c").service(server.service()).buffer("*log*"))?;
//! client.send("last words")?;
//! while client.is_live() {
//!     network.accept_output(&client, Duration::from_secs(10))?;
//! }
//! let log = network.find_buffer("*log*").expect("it was made for the client");
//! assert_eq!(log.take(), "last words\nProcess c connection broken by remote peer\n");
//! assert_eq!(client.mark(), Some(1));
//! # Ok::<(), netproc::Error>(())
//! ```
//!
//! # Events instead of callbacks
//!
//! Those who would rather receive than be called give the processes a channel. While a bounded one
//! is full the processes do not read, so nothing is lost and nothing grows.
//!
//! ```
//! use netproc::prelude::*;
//!
//! let network = Network::new();
//! let (sender, events) = async_channel::bounded(100);
//! let server = network.open(Spec::server("s").service(Service::Any).events(&sender))?;
//! let client = network.open(Spec::client("c").service(server.service()))?;
//! client.send("hello")?;
//!
//! let text = futures_lite::future::block_on(network.run(async {
//!     loop {
//!         if let Event::Data { text, .. } = events.recv().await? {
//!             break Ok::<Text, async_channel::RecvError>(text);
//!         }
//!     }
//! }))?;
//! assert_eq!(text, "hello");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Streams of bytes for other libraries
//!
//! [`Process::into_stream`] gives the traits `AsyncRead` and `AsyncWrite` of `futures-io`, which
//! clients and servers of many protocols take, under any executor.
//!
//! ```
//! use futures_lite::{AsyncReadExt, AsyncWriteExt, future::block_on};
//! use netproc::prelude::*;
//!
//! let network = Network::new();
//! let _threads = network.run_background(1)?;
//! let server = network.open(
//!     Spec::server("echo").service(Service::Any).filter(|process, text| process.send(text)),
//! )?;
//! // A process that is about to become a stream does not read on its own.
//! let client = network.open(Spec::client("c").service(server.service()).stopped(true))?;
//! let mut stream = client.into_stream()?;
//! block_on(async {
//!     stream.write_all(b"ping").await?;
//!     let mut answer = [0; 4];
//!     stream.read_exact(&mut answer).await?;
//!     assert_eq!(&answer, b"ping");
//!     std::io::Result::Ok(())
//! })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Encryption that the server is asked for
//!
//! Mail and news servers speak in clear first, and encrypt when they are asked (STARTTLS).
//! [`open_network_stream`] has that conversation, as `open-network-stream` of Emacs: it waits for
//! the greeting, asks for the capabilities, upgrades, and asks again. The patterns that end an
//! answer are Emacs regexps. Where encryption is required ([`Starttls`](network_stream::StreamType::Starttls)) there is an
//! encrypted stream or an error, and words that somebody slips in before the handshake end it.
//!
//! ```
//! use netproc::network_stream::{CommandFunction, Pattern, StreamKind, StreamType};
//! use netproc::{StreamRequest, prelude::*, tls};
//! # let folder = tempfile::tempdir()?;
//! # let (key, cert) = (folder.path().join("key.pem"), folder.path().join("cert.pem"));
//! # let made = rcgen::generate_simple_self_signed(["localhost".to_owned()])?;
//! # std::fs::write(&key, made.signing_key.serialize_pem())?;
//! # std::fs::write(&cert, made.cert.pem())?;
//!
//! // A mail server that can do nothing but greet and encrypt.
//! let network = Network::new();
//! let secure = std::sync::Arc::new(tls::Server::new(&tls::Parameters::server(&key, &cert))?);
//! let server = network.open(
//!     Spec::server("mail").service(Service::Any)
//!         .log(|_, connection, _| connection.map(|it| it.send("220 ready\r\n")).transpose())
//!         .filter(move |process, command| {
//!             if *command != "STARTTLS\n" {
//!                 return process.send("250-hello\r\n250 STARTTLS\r\n");
//!             }
//!             process.send("220 go ahead\r\n")?;
//!             process.begin_tls(&secure)
//!         }),
//! )?;
//!
//! let request = StreamRequest::new("smtp", "localhost", server.port().expect("a port"))
//!     .stream_type(StreamType::Starttls)
//!     .capability_command("EHLO me\r\n")
//!     .end_of_command(Pattern::emacs("^[0-9]+ .*\r\n")?)
//!     .success(Pattern::emacs("^2.*\n")?)
//!     .starttls_function(CommandFunction::when(Pattern::emacs("[ -]STARTTLS")?, "STARTTLS\r\n"))
//!     .tls_parameters(tls::Parameters::client("localhost").trust_file(&cert));
//! let opened = netproc::open_network_stream(&network, request)?;
//! assert_eq!(opened.kind, StreamKind::Tls);
//! assert!(opened.process.is_encrypted());
//! assert_eq!(opened.greeting, Some(Text::from("220 ready\r\n")));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Network options
//!
//! The options of a socket are set when it is made, while it lives, and can be read back.
//!
//! ```
//! use netproc::prelude::*;
//!
//! let network = Network::new();
//! let server = network.open(
//!     Spec::server("s").service(Service::Any).option(&NetworkOption::KeepAlive(true)),
//! )?;
//! assert_eq!(server.option(OptionName::KeepAlive)?, NetworkOption::KeepAlive(true));
//!
//! server.set_option(&NetworkOption::Linger(Some(5)))?;
//! assert_eq!(server.contact_value(":linger"), Value::from(5));
//! # Ok::<(), netproc::Error>(())
//! ```
//!
//! # Looking around
//!
//! Every process is in the list of its network until it is deleted or its peer has closed; so are
//! the connections that servers accepted, under the name of the server and the peer's address.
//!
//! ```
//! use netproc::prelude::*;
//!
//! let network = Network::new();
//! let server = network.open(Spec::server("s").host(Host::Local).service(Service::Any))?;
//! let client = network.open(Spec::client("c").host(Host::Local).service(server.service()))?;
//! while network.processes().len() < 3 {
//!     network.accept_output(None, Duration::from_millis(10))?;
//! }
//! let newest = &network.processes()[0];
//! assert_eq!(newest.name(), format!("s <{}>", client.local_address().expect("it is open")));
//! assert_eq!(newest.remote_address(), client.local_address());
//! print!("{}", netproc::process::listing::print(network.processes().iter().map(Process::row)));
//! # Ok::<(), netproc::Error>(())
//! ```
//!
//! # A network in memory, for tests
//!
//! The same program runs over a network that exists in memory only, where every address may be
//! bound, names mean what the test says, and time passes when it is asked to
//! ([`socket::MemoryNetwork`], which also knows delays and faults).
//!
//! ```
//! use netproc::prelude::*;
//! use netproc::socket::{Backend, MemoryNetwork};
//!
//! let memory = MemoryNetwork::new(1);
//! memory.add_host("example.org", ["192.0.2.1".parse()?]);
//! let network = Network::builder().backend(Backend::memory(&memory)).build();
//! network.open(
//!     Spec::server("web").host("example.org").service(80)
//!         .filter(|process, text| process.send(text)),
//! )?;
//! let client = Spec::client("me").host("example.org").service(80).buffer("*me*");
//! let client = memory.run(network.open_async(client)).expect("it does not wait for ever")?;
//! client.send("hello")?;
//! memory.run(network.accept_output_async(&client, None)).expect("an answer comes")?;
//! assert_eq!(client.buffer().expect("a buffer").text(), "hello");
//! assert_eq!(client.remote_address(), Some("192.0.2.1:80".parse()?));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![forbid(unsafe_code)]

mod designator;
mod error;
pub mod functions;
pub mod network_stream;
pub mod prelude;

pub use netproc_address as address;
pub use netproc_coding as coding;
pub use netproc_dialogue as dialogue;
pub use netproc_keywords as keywords;
pub use netproc_lisp as lisp;
pub use netproc_network as network;
#[doc(inline)]
pub use netproc_network::tls;
pub use netproc_process as process;
pub use netproc_socket as socket;

pub use error::Error;
pub use functions::default_network;
pub use netproc_address::{
    Address, Family, Host, Kind, LocalName, NetworkOption, OptionName, RawAddress, Service,
};
pub use netproc_coding::CodingSystem;
pub use netproc_keywords::Spec;
pub use netproc_lisp::{Text, Value};
pub use netproc_network::{
    Background, Buffer, CallbackError, CallbackKind, CallbackResult, Callbacks, Event, ExitStatus,
    Fault, FaultKind, Filter, Limits, Log, Network, NetworkBuilder, Payload, Process, ProcessId,
    ProcessStream, Sentinel, ServerCallbacks, StartTls, Status,
};
pub use network_stream::{Opened, StreamRequest, open_network_stream, open_network_stream_async};

/// Runs the examples of this crate's README and of the one at the root.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
#[doc = include_str!("../../../README.md")]
struct ReadmeExamples;
