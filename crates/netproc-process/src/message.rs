//! Every string that a sentinel, a log function or the sender of bytes is told.
//!
//! Nothing else in the crate spells one. The wording is Emacs's wherever Emacs says something
//! (Emacs manual, Sentinels), because programs match against it.

use netproc_address::Address;

/// What the sentinel of a client is told when its connection is there.
pub const OPEN: &str = "open\n";

/// What the sentinel is told when the peer closed, reset or could not be written to.
pub const BROKEN: &str = "connection broken by remote peer\n";

/// What the sentinel is told by `delete-process`.
pub const DELETED: &str = "deleted\n";

/// Returns how a peer is called in messages and names: `127.0.0.1`, the eight words of an IPv6
/// address in hexadecimal without compression, or `-` for anything without a host.
///
/// Emacs swaps the bytes of IPv6 words on little-endian machines here; we do not.
pub fn host(peer: &Address) -> String {
    numeric_host(peer).unwrap_or_else(|| "-".to_owned())
}

/// Returns the host part of a peer, if it has one.
pub(crate) fn numeric_host(peer: &Address) -> Option<String> {
    match peer {
        Address::V4(peer) => Some(peer.ip().to_string()),
        Address::V6(peer) => {
            let words = peer.ip().segments().map(|word| format!("{word:x}"));
            Some(words.join(":"))
        }
        _ => None,
    }
}

/// Returns what stands after the server's name in the name of an accepted connection:
/// `<HOST:PORT>`, `<[HOST]:PORT>`, or `<N>` with the number of the accept.
pub fn accepted_suffix(peer: &Address, accept: u64) -> String {
    match (peer, numeric_host(peer)) {
        (Address::V4(peer), Some(host)) => format!("<{host}:{}>", peer.port()),
        (Address::V6(peer), Some(host)) => format!("<[{host}]:{}>", peer.port()),
        _ => format!("<{accept}>"),
    }
}

/// Returns what the sentinel of an accepted connection is told first.
pub fn open_from(peer: &Address) -> String {
    format!("open from {}\n", host(peer))
}

/// Returns what the log function is told about an accepted connection.
pub fn accept_from(peer: &Address) -> String {
    format!("accept from {}\n", host(peer))
}

/// Returns what the log function is told when accepting failed; Emacs writes no space before the
/// number.
pub fn accept_failed(errno: i32) -> String {
    format!("accept failed with code{errno}\n")
}

/// Returns what the log function is told about a connection that came to nothing, as when its TLS
/// handshake failed.
pub fn accept_failed_for(reason: &str) -> String {
    format!("accept failed: {reason}\n")
}

/// Returns what the sentinel is told when the system refused the connection.
pub fn failed_with_code(errno: i32) -> String {
    format!("failed with code {errno}\n")
}

/// Returns what the sentinel is told when the connection failed for a reason without a number.
///
/// Emacs calls no sentinel there, although its manual promises a string that begins with
/// `failed`.
pub fn failed(reason: &str) -> String {
    format!("failed: {reason}\n")
}

/// Returns the reason to give when a name was not found.
pub fn lookup_reason(host: &str, reason: &str) -> String {
    format!("name lookup of {host}: {reason}")
}

/// Returns the exit status of a process whose name lookup failed.
pub fn lookup_failed(host: &str) -> String {
    format!("Name lookup of {host} failed")
}

/// Returns what the default sentinel inserts into the buffer of a process that is not running.
#[doc(alias = "internal-default-process-sentinel")]
pub fn default_sentinel(name: &str, event: &str) -> String {
    format!("\nProcess {name} {event}")
}

/// Returns the error of sending to a process that is not open.
pub fn not_running(name: &str) -> String {
    format!("Process {name} not running")
}

/// Returns the error of the sender who learns that the peer does not read any more.
pub fn pipe_closed(name: &str) -> String {
    format!("process {name} no longer connected to pipe; closed it")
}

/// Returns the error of a sender who waited while the process went away.
pub fn output_closed(name: &str) -> String {
    format!("Output file descriptor of {name} is closed")
}

/// Returns the error of interrupting, killing or quitting a network process.
pub fn not_a_subprocess(name: &str) -> String {
    format!("Process {name} is not a subprocess")
}

/// Returns the error of signalling a network process.
pub fn cannot_signal(name: &str) -> String {
    format!("Cannot signal process {name}")
}

/// Returns how a process is printed, in every state.
pub fn printed(name: &str) -> String {
    format!("#<process {name}>")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Address {
        Address::from(text.parse::<std::net::SocketAddr>().expect("an address"))
    }

    /// Probe 04-naming; the words of IPv6 addresses stand in network order.
    #[test]
    fn accepted_connections_are_named_after_their_peer() {
        assert_eq!(
            accepted_suffix(&address("127.0.0.1:55930"), 1),
            "<127.0.0.1:55930>"
        );
        assert_eq!(
            accepted_suffix(&address("[::1]:54280"), 2),
            "<[0:0:0:0:0:0:0:1]:54280>"
        );
        assert_eq!(host(&address("[2001:db8::5]:1")), "2001:db8:0:0:0:0:0:5");
    }

    /// Probes 06-status, 07-nowait and 25-misc.
    #[test]
    fn events_read_as_in_emacs() {
        assert_eq!(open_from(&address("127.0.0.1:1")), "open from 127.0.0.1\n");
        assert_eq!(
            accept_from(&address("[::1]:1")),
            "accept from 0:0:0:0:0:0:0:1\n"
        );
        assert_eq!(accept_failed(24), "accept failed with code24\n");
        assert_eq!(failed_with_code(111), "failed with code 111\n");
        assert_eq!(
            lookup_failed("nosuch.invalid"),
            "Name lookup of nosuch.invalid failed"
        );
        assert_eq!(default_sentinel("c", DELETED), "\nProcess c deleted\n");
        assert_eq!(not_running("c"), "Process c not running");
    }

    #[test]
    fn every_failure_begins_as_the_manual_promises() {
        let lookup = failed(&lookup_reason(
            "nosuch.invalid",
            "Name or service not known",
        ));
        assert_eq!(
            lookup,
            "failed: name lookup of nosuch.invalid: Name or service not known\n"
        );
        assert!(failed_with_code(2).starts_with("failed"));
    }
}
