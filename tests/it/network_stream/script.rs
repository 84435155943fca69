//! Servers that say what a script tells them, in clear and in TLS, one connection after the other.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpListener;
use std::thread::{self, JoinHandle};

use netproc_tests::Peer;
use netproc_tests::tls::{Leaf, Secured, Welcome};

/// What a server does next.
#[derive(Clone, Debug)]
pub(super) enum Turn {
    /// Says this.
    Say(&'static str),
    /// Says these bytes.
    Bytes(Vec<u8>),
    /// Hears just this.
    Hear(&'static str),
    /// Hears the beginning of a TLS handshake, and does not take part.
    Hello,
    /// Shakes hands, and has to succeed.
    Tls,
    /// Tries to shake hands.
    TryTls,
    /// Hears to the end of the connection; what is heard is told.
    Rest,
}

/// A server with a script for each of its connections.
pub(super) struct Mail {
    port: u16,
    running: JoinHandle<Vec<Vec<u8>>>,
}

impl Mail {
    pub(super) fn serve(leaf: &Leaf, connections: Vec<Vec<Turn>>) -> Self {
        Self::welcoming(Welcome::showing(leaf), connections)
    }

    pub(super) fn welcoming(welcome: Welcome, connections: Vec<Vec<Turn>>) -> Self {
        let (listener, port) = Peer::listen();
        let running = thread::spawn(move || {
            let talk = |turns| converse(&listener, &welcome, turns);
            connections.into_iter().map(talk).collect()
        });
        Mail { port, running }
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// Waits for the end of the scripts, and returns what was heard at the end of each.
    #[track_caller]
    pub(super) fn join(self) -> Vec<String> {
        let heard = self.running.join().expect("scripts that came to their end");
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        heard.into_iter().map(text).collect()
    }
}

/// The server's end of a connection.
enum End {
    Clear(Peer),
    Secure(Box<Secured>),
    Gone,
}

fn converse(listener: &TcpListener, welcome: &Welcome, turns: Vec<Turn>) -> Vec<u8> {
    let mut end = End::Clear(Peer::accept(listener));
    let mut rest = Vec::new();
    for turn in turns {
        match turn {
            Turn::Say(text) => end.say(text.as_bytes()),
            Turn::Bytes(bytes) => end.say(&bytes),
            Turn::Hear(expected) => {
                let mut heard = vec![0; expected.len()];
                end.read_exact(&mut heard);
                assert_eq!(String::from_utf8_lossy(&heard), expected);
            }
            Turn::Hello => {
                let mut head = [0; 5];
                end.read_exact(&mut head);
                assert_eq!(head[0], 22, "a handshake and nothing else");
                let mut body = vec![0; u16::from_be_bytes([head[3], head[4]]).into()];
                end.read_exact(&mut body);
            }
            Turn::Tls | Turn::TryTls => {
                let End::Clear(peer) = std::mem::replace(&mut end, End::Gone) else {
                    panic!("a connection in clear");
                };
                match welcome.accept(peer) {
                    Ok(stream) => end = End::Secure(Box::new(stream)),
                    Err(error) => assert!(matches!(turn, Turn::TryTls), "{error}"),
                }
            }
            Turn::Rest => rest = end.rest(),
        }
    }
    rest
}

impl End {
    fn say(&mut self, bytes: &[u8]) {
        match self {
            // The other side may have left already.
            End::Clear(peer) => {
                let _gone = peer.write_all(bytes);
            }
            End::Secure(stream) => {
                let _gone = stream.write_all(bytes).and_then(|()| stream.flush());
            }
            End::Gone => {}
        }
    }

    #[track_caller]
    fn read_exact(&mut self, bytes: &mut [u8]) {
        match self {
            End::Clear(peer) => peer.read_exact(bytes).expect("words in clear"),
            End::Secure(stream) => stream.read_exact(bytes).expect("words in TLS"),
            End::Gone => panic!("a connection"),
        }
    }

    fn rest(&mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let ended = match self {
            End::Clear(peer) => peer.read_to_end(&mut bytes),
            End::Secure(stream) => stream.read_to_end(&mut bytes),
            End::Gone => Ok(0),
        };
        match ended.map_err(|error| error.kind()) {
            Ok(_) | Err(ErrorKind::ConnectionReset | ErrorKind::UnexpectedEof) => bytes,
            Err(error) => panic!("waited for the end: {error}"),
        }
    }
}
