//! How sessions of TLS end, and who is let in: with peers that the test itself is.

use std::io::Read;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::Path;
use std::thread::{self, JoinHandle};

use async_io::{Async, block_on};
use futures_lite::{AsyncReadExt, AsyncWriteExt};
use netproc::tls::{self, Parameters, TlsStream};

use crate::cert::make;
use crate::support::{PATIENCE, command, run};
use crate::tls::{check_echo, client, file, folder, server, without_port};

/// Starts a peer that serves one connection of TLS and returns its port.
fn peer<T: Send + 'static>(
    folder: &Path,
    serve: impl FnOnce(TlsStream<Async<TcpStream>>) -> T + Send + 'static,
) -> (String, JoinHandle<T>) {
    let files = Parameters::server(
        file(folder, "localhost-key.pem"),
        file(folder, "localhost.pem"),
    );
    let server = tls::Server::new(&files).expect("a server");
    let listener = Async::<TcpListener>::bind(([127, 0, 0, 1], 0)).expect("a free port");
    let address = listener.get_ref().local_addr().expect("an address");
    let thread = thread::spawn(move || {
        let stream = block_on(async {
            let (stream, _) = listener.accept().await.expect("a connection");
            let deadline = async_io::Timer::after(PATIENCE);
            server.accept(stream).deadline(deadline).await
        });
        serve(stream.expect("a session"))
    });
    (address.port().to_string(), thread)
}

#[test]
fn the_end_of_input_ends_one_side_of_the_session_only() {
    let folder = folder();
    let (port, peer) = peer(folder.path(), |mut stream| {
        block_on(async {
            let mut question = Vec::new();
            // Only the end of the session makes this an end, and not an error.
            stream.read_to_end(&mut question).await.expect("an end");
            stream.write_all(b"answer\n").await.expect("an answer");
            stream.close().await.expect("an end");
            question
        })
    });
    let finished = client(folder.path(), &port, &[], b"question\n");
    assert_eq!(peer.join().expect("a peer"), b"question\n");
    check_echo(&finished, b"answer\n");
}

#[test]
fn a_stream_that_is_cut_is_told() {
    let folder = folder();
    let (port, peer) = peer(folder.path(), |mut stream| {
        block_on(async {
            stream.write_all(b"half an ans").await.expect("an answer");
            stream.flush().await.expect("an answer");
            // The wire ends, the session does not.
            stream.get_ref().get_ref().shutdown(Shutdown::Write)
        })
    });
    let finished = client(folder.path(), &port, &[], b"");
    peer.join().expect("a peer").expect("an end");
    let last = finished.stderr.lines().last();
    let message = "netproc: me: TLS read with localhost: the connection ended without the end of \
                   the TLS session; data may be missing";
    assert_eq!(last, Some(message), "{finished:?}");
    assert_eq!(finished.status, Some(1));
    assert_eq!(finished.output(), "half an ans");
}

#[test]
fn a_stream_that_is_cut_by_a_reset_is_told() {
    let folder = folder();
    let (port, peer) = peer(folder.path(), |stream| {
        let socket = stream.get_ref().get_ref().try_clone().expect("a socket");
        // Closing with no patience at all resets the connection.
        nix::sys::socket::setsockopt(
            &socket,
            nix::sys::socket::sockopt::Linger,
            &nix::libc::linger {
                l_onoff: 1,
                l_linger: 0,
            },
        )
    });
    let finished = client(folder.path(), &port, &[], b"");
    peer.join().expect("a peer").expect("an option");
    let last = finished.stderr.lines().last().unwrap_or_default();
    assert!(last.starts_with("netproc: me: TLS "), "{finished:?}");
    assert_eq!(finished.status, Some(1));
}

#[test]
fn clients_show_certificates_where_they_must() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    make(folder, "--authority");
    make(folder, "--signed-by authority.pem");
    make(folder, "--client alice --signed-by authority.pem");
    make(folder, "--client mallory");
    let authority = file(folder, "authority.pem");
    let server = server(folder, &["--tls-client-ca", &authority]);
    let port = server.port();
    let shows = |name: &str| {
        let (key, certificate) = (
            file(folder, &format!("client-{name}-key.pem")),
            file(folder, &format!("client-{name}.pem")),
        );
        let flags = ["--tls-key", &key, "--tls-certificate", &certificate];
        // Standard input stays open, so that nothing is on its way when the server says no.
        let mut child = command(["--quiet", "--tls-trust", &authority])
            .args(if name.is_empty() { &[][..] } else { &flags[..] })
            .args([":host", "localhost", ":service", &port])
            .spawn()
            .expect("the client starts");
        let stdin = child.stdin.take();
        let mut said = String::new();
        let mut errors = child.stderr.take().expect("piped");
        errors.read_to_string(&mut said).expect("text");
        drop(stdin);
        (child.wait().expect("an end").code(), said)
    };
    assert_eq!(
        shows(""),
        (
            Some(1),
            "netproc: client: TLS read with localhost: the peer wants a client certificate; name \
             one by :keylist (--tls-key FILE --tls-certificate FILE)\n"
                .to_owned()
        )
    );
    assert_eq!(
        without_port(&server.event("failed")),
        "accept failed: TLS handshake with 127.0.0.1: the peer showed no certificate, and one is \
         required"
    );
    let (status, said) = shows("mallory");
    assert_eq!(status, Some(1));
    let expected = "netproc: client: TLS read with localhost: the peer did not accept our \
                    certificate: ";
    assert!(said.starts_with(expected), "{said}");
    assert_eq!(
        without_port(&server.event("failed")),
        "accept failed: TLS handshake with 127.0.0.1: the certificate was refused: it is \
         self-signed and not among the trusted ones; if it is the right one, add it to \
         :trustfiles (--tls-client-ca FILE)"
    );

    let peer = |flags: &str| {
        let line = format!("peer --json --tls-trust {authority} {flags} localhost {port}");
        let finished = run(line.split_whitespace(), "");
        let page: serde_json::Value = serde_json::from_str(finished.output()).expect("JSON");
        (finished.status, page["refusal"].clone())
    };
    let refusal = "the peer wants a client certificate; name one by :keylist";
    assert_eq!(peer(""), (Some(1), refusal.into()));

    let (key, certificate) = (
        file(folder, "client-alice-key.pem"),
        file(folder, "client-alice.pem"),
    );
    let finished = run(
        [
            "--tls-key",
            &key,
            "--tls-certificate",
            &certificate,
            "--tls-trust",
            &authority,
            ":host",
            "localhost",
            ":service",
            &port,
        ],
        "hello",
    );
    check_echo(&finished, b"hello");
    let opened = server.event("open");
    assert_eq!(
        opened["message"],
        "open from 127.0.0.1 as CN=alice,O=netproc development certificate"
    );
    let flags = format!("--tls-key {key} --tls-certificate {certificate}");
    assert_eq!(peer(&flags), (Some(0), serde_json::Value::Null));
}

#[cfg(feature = "anonymous")]
#[test]
fn sessions_without_certificates_are_made_and_warned_of() {
    let list = [":tls-parameters", "(gnutls-anon)"];
    let place = [":host", "local", ":service", "t", ":filter", "echo"];
    let server = crate::support::Server::start(place.into_iter().chain(list));
    let port = server.port();
    let finished = run(
        [":host", "localhost", ":service", &port]
            .into_iter()
            .chain(list),
        "hello",
    );
    check_echo(&finished, b"hello");
    let warning = "netproc: warning: client: :tls-parameters: nobody shows a certificate: ";
    assert!(finished.stderr.starts_with(warning), "{finished:?}");
}

#[cfg(not(feature = "anonymous"))]
#[test]
fn sessions_without_certificates_need_another_build() {
    let list = [":tls-parameters", "(gnutls-anon)"];
    let finished = run(
        [":host", "localhost", ":service", "1"]
            .into_iter()
            .chain(list),
        "",
    );
    let message = "netproc: error: :tls-parameters: gnutls-anon, encryption without certificates, \
                   needs OpenSSL";
    assert!(finished.stderr.starts_with(message), "{finished:?}");
    assert_eq!(finished.status, Some(2));
}
