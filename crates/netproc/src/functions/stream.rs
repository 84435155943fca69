//! Opening a stream: the dialogue before encryption included.

use netproc_dialogue::{PeerFault, Step, StreamKind, StreamRequest, StreamType};
use netproc_lisp::{Value, plist};

use super::default_network;
use crate::error::Error;
use crate::network_stream::{self, StreamError};

/// Opens a stream to a service of a host, encrypted as `parameters` say, in the default network.
///
/// The functions among the parameters are
/// [`CommandFunction`](crate::network_stream::CommandFunction)s. Returns the process, or with
/// `:return-list` the list of process and properties. Where Emacs returns nil in place of the
/// process, since the server does not do what `:type starttls` asks for or has closed the
/// connection on the way, so does this, and the list tells why under `:error`.
///
/// # Errors
///
/// What is wrong with the arguments, why there is no connection, how the handshake failed, or what
/// the server said that it should not have. See
/// [`open_network_stream`](crate::open_network_stream), which tells every failure as an error.
///
/// # Examples
///
/// ```
/// use netproc::functions::{make_network_process, open_network_stream, process_status};
/// use netproc::{Status, Value, lisp::read};
///
/// let list = read(r#"(:name "quiet" :server t :host local :service t)"#)?;
/// let server = make_network_process(&list)?.expect("the list is not empty");
/// let port = Value::from(server.port().expect("a port"));
///
/// let stream = open_network_stream("chat", Value::Nil, "localhost", port.clone(), &Value::Nil)?;
/// assert_eq!(stream.to_string(), "#<process chat>");
/// assert_eq!(process_status(&stream)?, Some(Status::Open));
///
/// let list = read("(:type plain :return-list t)")?;
/// let list = open_network_stream("talk", Value::Nil, "localhost", port, &list)?;
/// assert_eq!(
///     list.to_string(),
///     "(#<process talk> :greeting nil :capabilities nil :type plain :error nil)",
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[doc(alias = "open-network-stream")]
#[doc(alias = "open-protocol-stream")]
pub fn open_network_stream(
    name: impl Into<Value>,
    buffer: impl Into<Value>,
    host: impl Into<Value>,
    service: impl Into<Value>,
    parameters: &Value,
) -> Result<Value, Error> {
    let (name, buffer) = (name.into(), buffer.into());
    let (host, service) = (host.into(), service.into());
    let request = StreamRequest::from_values(&name, &buffer, &host, &service, parameters)
        .map_err(|error| StreamError::new(error, name.as_str().unwrap_or_default()))?;
    let wants_list = plist::get(parameters, &Value::keyword(":return-list")).is_true();
    let stream_type = request.stream_type;
    match network_stream::open_network_stream(default_network(), request) {
        Ok(opened) if wants_list => Ok(opened.to_value()),
        Ok(opened) => Ok(opened.process.to_value()),
        Err(Error::Stream(error)) if is_without_process(&error) => Ok(if wants_list {
            list_without_process(&error, stream_type)
        } else {
            Value::Nil
        }),
        Err(error) => Err(error),
    }
}

/// Tells whether Emacs returns nil for the process there, instead of signalling.
fn is_without_process(error: &StreamError) -> bool {
    error.error.peer().is_some_and(|peer| match peer.fault {
        PeerFault::NotOffered | PeerFault::Refused { .. } => true,
        PeerFault::Closed => peer.step != Step::Greeting,
        _ => false,
    })
}

fn list_without_process(error: &StreamError, stream_type: StreamType) -> Value {
    let said = error.said().cloned().unwrap_or_default();
    let kind = error
        .error
        .peer()
        .map_or(StreamKind::Plain, |peer| peer.kind);
    // To Emacs a server that closes before it is encrypted does not support that.
    let is_unsupported = stream_type == StreamType::Starttls && kind == StreamKind::Plain;
    let text = is_unsupported.then_some("Server does not support TLS");
    let said = (said.greeting, said.capabilities);
    network_stream::list(None, said, kind, text, None)
}
