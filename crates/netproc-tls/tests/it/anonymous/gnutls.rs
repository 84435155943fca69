//! The same against the programs of GnuTLS.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use async_io::{Async, Timer, block_on};
use futures_lite::{AsyncReadExt as _, AsyncWriteExt as _, future};
use netproc_tls::{Client, PeerStatus, Server};

use super::parameters;
use crate::pipe::PATIENCE;

/// A program, ended when the test is over.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts a program of GnuTLS; none when it is not there, which in CI is a failure.
fn start(name: &str, arguments: &[&str]) -> Option<Program> {
    let started = Command::new(name)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    match started {
        Ok(child) => Some(Program(child)),
        Err(error) => {
            let missing = format!("{name} does not run ({error}); Debian package gnutls-bin");
            assert!(std::env::var_os("CI").is_none(), "{missing}");
            eprintln!("{missing}; it is not tested with");
            None
        }
    }
}

/// Waits for `future`, and not for ever.
fn within<T>(future: impl Future<Output = T>) -> T {
    block_on(future::or(future, async {
        Timer::after(PATIENCE).await;
        panic!("not done in {} s", PATIENCE.as_secs())
    }))
}

/// Returns a server of GnuTLS that sends back what it gets, and its port.
fn echo_server(priority: &str) -> Option<(Program, u16)> {
    let arguments = ["--echo", "--crlf", "--port", "0", "--priority", priority];
    let mut program = start("gnutls-serv", &arguments)?;
    let mut told = BufReader::new(program.0.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("listening on IPv4") {
        line.clear();
        assert_ne!(told.read_line(&mut line).unwrap(), 0, "it ended");
    }
    // It tells of each line that it gets, and waits when nobody listens.
    std::thread::spawn(move || std::io::copy(&mut told, &mut std::io::sink()));
    let port = listening(program.0.id());
    Some((program, port))
}

/// Returns the port on which a process listens, from what the kernel tells.
fn listening(process: u32) -> u16 {
    let folder = format!("/proc/{process}/fd");
    let sockets: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .filter_map(|entry| std::fs::read_link(entry.ok()?.path()).ok())
        .filter_map(|link| {
            let link = link.to_str()?.strip_prefix("socket:[")?;
            Some(link.trim_end_matches(']').to_owned())
        })
        .collect();
    let table = std::fs::read_to_string("/proc/net/tcp").unwrap();
    let port = table.lines().skip(1).find_map(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let own = sockets.iter().any(|socket| socket == fields[9]);
        let (_, port) = fields[1].split_once(':')?;
        (own && fields[3] == "0A").then(|| u16::from_str_radix(port, 16).unwrap())
    });
    port.expect("a listening socket")
}

/// Sends lines to a server of GnuTLS, and ends; returns what came back and what was agreed.
fn talk(own: &str, theirs: &str, text: &[u8]) -> Option<(Vec<u8>, PeerStatus)> {
    let (_program, port) = echo_server(theirs)?;
    let client = Client::new(&parameters(Some("localhost"), own)).unwrap();
    Some(within(async {
        let socket = Async::<TcpStream>::connect((Ipv4Addr::LOCALHOST, port)).await;
        let mut stream = client.connect(socket.unwrap()).await.unwrap();
        stream.write_all(text).await.unwrap();
        stream.flush().await.unwrap();
        let mut back = vec![0; text.len()];
        stream.read_exact(&mut back).await.unwrap();
        let status = stream.peer_status();
        // The end of our side, which GnuTLS answers with the end of its own.
        stream.close().await.unwrap();
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).await.unwrap();
        assert_eq!(rest, b"");
        (back, status)
    }))
}

const BOTH: &str = "NORMAL:+ANON-ECDH:+ANON-DH";

#[test]
fn a_server_of_gnutls_sends_back_what_we_say() {
    let cases = [
        (BOTH, "ANON-ECDH", "AES-256-CBC", "SHA1"),
        (
            "NORMAL:+ANON-ECDH:-AES-256-CBC",
            "ANON-ECDH",
            "AES-128-CBC",
            "SHA1",
        ),
        (
            "NORMAL:+ANON-DH:!ARCFOUR-128:%DUMBFW",
            "ANON-DH",
            "AES-256-GCM",
            "AEAD",
        ),
        ("PERFORMANCE:+ANON-DH", "ANON-DH", "AES-128-GCM", "AEAD"),
        ("NORMAL:+ANON-DH:-AEAD", "ANON-DH", "AES-256-CBC", "SHA1"),
    ];
    for (own, exchange, cipher, mac) in cases {
        let Some((back, status)) = talk(own, BOTH, b"attack at dawn\n") else {
            return;
        };
        assert_eq!(back, b"attack at dawn\n", "{own}");
        assert_eq!(status.certificates, []);
        assert_eq!(status.key_exchange.unwrap().to_string(), exchange, "{own}");
        assert_eq!(status.cipher.unwrap().to_string(), cipher, "{own}");
        assert_eq!(status.mac.unwrap().to_string(), mac, "{own}");
        assert!(status.safe_renegotiation);
        assert_eq!(status.encrypts_then_macs, mac != "AEAD", "{own}");
        assert_eq!(status.prime_bits.is_some(), exchange == "ANON-DH", "{own}");
    }
}

#[test]
fn much_goes_to_a_server_of_gnutls_and_back() {
    let lines = (0..20_000_u32).map(|number| format!("{number:060}\n"));
    let text = lines.collect::<String>().into_bytes();
    let Some((_program, port)) = echo_server(BOTH) else {
        return;
    };
    let client = Client::new(&parameters(Some("localhost"), BOTH)).unwrap();
    let back = within(async {
        let socket = Async::<TcpStream>::connect((Ipv4Addr::LOCALHOST, port)).await;
        let stream = client.connect(socket.unwrap()).await.unwrap();
        let (mut reader, mut writer) = futures_lite::io::split(stream);
        let mut back = vec![0; text.len()];
        let send = async {
            writer.write_all(&text).await.unwrap();
            writer.flush().await.unwrap();
        };
        let receive = async { reader.read_exact(&mut back).await.unwrap() };
        future::zip(send, receive).await;
        back
    });
    assert!(back == text);
}

#[test]
fn a_server_of_gnutls_with_certificates_alone_is_not_taken() {
    let Some((_program, port)) = echo_server("NORMAL") else {
        return;
    };
    let client = Client::new(&parameters(Some("localhost"), BOTH)).unwrap();
    let error = within(async {
        let socket = Async::<TcpStream>::connect((Ipv4Addr::LOCALHOST, port)).await;
        client.connect(socket.unwrap()).await.unwrap_err()
    });
    assert_eq!(
        error.to_string(),
        "TLS handshake with localhost: no anonymous cipher suite in common; let the peer offer \
         ANON-ECDH or ANON-DH with TLS 1.2, check :priority, or use gnutls-x509pki"
    );
}

/// A client of GnuTLS that is connected to a port, with its input and output.
fn client(port: u16, priority: &str) -> Option<(Program, ChildStdin, ChildStdout)> {
    let port = port.to_string();
    let arguments = ["--port", &port, "--priority", priority, "127.0.0.1"];
    let mut program = start("gnutls-cli", &arguments)?;
    let (input, output) = (program.0.stdin.take(), program.0.stdout.take());
    Some((program, input.unwrap(), output.unwrap()))
}

#[test]
fn a_client_of_gnutls_gets_back_what_it_says() {
    // As gnutls-cli describes the session.
    let cases = [
        ("NORMAL:+ANON-ECDH", "(ANON-ECDH)-(AES-256-CBC)-(SHA1)"),
        ("NORMAL:+ANON-DH", "(ANON-DH)-(AES-256-GCM)"),
    ];
    for (priority, description) in cases {
        let server = Server::new(&parameters(None, BOTH)).unwrap();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let Some((_program, mut input, mut output)) = client(port, priority) else {
            return;
        };
        let listener = Async::new(listener).unwrap();
        let (seen, status) = within(async {
            let (socket, _) = listener.accept().await.unwrap();
            let mut stream = server.accept(socket).await.unwrap();
            input.write_all(b"attack at dawn\n").unwrap();
            let mut line = [0; 15];
            stream.read_exact(&mut line).await.unwrap();
            stream.write_all(b"echo: ").await.unwrap();
            stream.write_all(&line).await.unwrap();
            stream.flush().await.unwrap();
            // The client says its end when it has no more to say.
            drop(input);
            let mut rest = Vec::new();
            stream.read_to_end(&mut rest).await.unwrap();
            assert_eq!(rest, b"");
            let status = stream.peer_status();
            stream.close().await.unwrap();
            (line, status)
        });
        assert_eq!(&seen, b"attack at dawn\n");
        let mut text = String::new();
        output.read_to_string(&mut text).unwrap();
        assert!(text.contains("echo: attack at dawn"), "{text}");
        assert!(text.contains(description), "{text}");
        let exchange = status.key_exchange.unwrap().to_string();
        assert_eq!(format!("NORMAL:+{exchange}"), priority);
    }
}
