//! `open-network-stream`: a connection, what is said on it before encryption, and encryption.
//!
//! [`open_network_stream`] opens a client as Emacs's function of that name does (Emacs Lisp manual,
//! Network): in clear text, encrypted from the first byte, or encrypted after the server was asked
//! by STARTTLS. What is asked for is a [`StreamRequest`]; what comes back is [`Opened`].
//!
//! # Examples
//!
//! A mail server in five lines, without encryption, and a client that uses it all the same, since
//! its request says only that encryption is welcome:
//!
//! ```
//! use netproc::prelude::*;
//! use netproc::network_stream::{CommandFunction, Pattern, StreamKind, StreamRequest};
//!
//! let network = Network::new();
//! let server = network.open(
//!     Spec::server("mail").host(Host::Local).service(Service::Any)
//!         .log(|_, connection, _| connection.map(|it| it.send("220 ready\r\n")).transpose())
//!         .filter(|process, _| process.send("250 hello\r\n")),
//! )?;
//! let request = StreamRequest::new("smtp", "localhost", server.port().expect("a port"))
//!     .capability_command("EHLO me\r\n")
//!     .end_of_command(Pattern::emacs("^[0-9]+ .*\r\n")?)
//!     .success(Pattern::emacs("^2.*\n")?)
//!     .starttls_function(CommandFunction::when(Pattern::emacs("[ -]STARTTLS")?, "STARTTLS\r\n"));
//!
//! let opened = netproc::open_network_stream(&network, request.clone())?;
//! assert_eq!(opened.kind, StreamKind::Plain);
//! assert_eq!(opened.greeting, Some(Text::from("220 ready\r\n")));
//! assert_eq!(opened.capabilities, Some(Text::from("250 hello\r\n")));
//! assert_eq!(
//!     opened.error.expect("a reason").to_string(),
//!     "the server does not offer STARTTLS",
//! );
//!
//! // Where encryption is required there is no stream.
//! let required = request.stream_type(netproc::network_stream::StreamType::Starttls);
//! let error = netproc::open_network_stream(&network, required).unwrap_err();
//! assert_eq!(
//!     error.condition().to_string(),
//!     r#"(error "Server does not support TLS")"#,
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod driver;
mod error;
mod opened;
mod talk;

use futures_lite::future;
use netproc_network::Network;

pub use error::StreamError;
pub use netproc_dialogue::{
    CapabilityCommand, CertificateFiles, CertificateSource, ClientCertificate, CommandFunction,
    Error as DialogueError, Pattern, PatternError, PatternFault, PeerError, PeerFault, Said, Step,
    StreamKind, StreamRequest, StreamType, Unencrypted,
};
pub use opened::Opened;
pub(crate) use opened::list;

use crate::error::Error;

/// Opens a stream to a service of a host, says what is to be said, and encrypts it as asked for.
///
/// This waits until the stream is ready, serving the network meanwhile. With
/// [`nowait`](StreamRequest::nowait), where nothing is to be said, it returns at once with a
/// process that is connecting.
///
/// What the server said stands in the buffer of the request, as does what it says afterwards.
///
/// # Errors
///
/// [`Error::Stream`] if the parameters are wrong or the server did not do its part, the handshake
/// included; [`Error::Network`] if there is no connection. No process is left behind, and nothing
/// was sent in clear where encryption is required, but for the words of the dialogue.
///
/// # Examples
///
/// See the [module](crate::network_stream).
#[doc(alias = "open-network-stream")]
#[doc(alias = "open-protocol-stream")]
pub fn open_network_stream(network: &Network, request: StreamRequest) -> Result<Opened, Error> {
    future::block_on(open_network_stream_async(network, request))
}

/// Does what [`open_network_stream`] does without holding a thread; serves the network while
/// awaited.
///
/// Dropping the future gives the attempt up and leaves nothing behind.
///
/// # Errors
///
/// As [`open_network_stream`].
pub async fn open_network_stream_async(
    network: &Network,
    request: StreamRequest,
) -> Result<Opened, Error> {
    // On the heap: a handshake has much to remember, and most callers have little room.
    Box::pin(network.run(driver::drive(network, request))).await
}
