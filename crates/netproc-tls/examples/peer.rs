//! Shows what a TLS server presents, sends a line, and prints what comes back.
//!
//! ```console
//! $ cargo run -p netproc-tls --example peer -- ADDRESS '(gnutls-x509pki :hostname "localhost")'
//! ```

use std::error::Error;
use std::net::{SocketAddr, TcpStream};
use std::process::ExitCode;
use std::time::Duration;

use async_io::{Async, Timer, block_on};
use futures_lite::{AsyncReadExt as _, AsyncWriteExt as _};
use netproc_lisp::read;
use netproc_tls::{Client, Parameters, Profile};

fn main() -> ExitCode {
    match show() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn show() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let usage = "two arguments: ADDRESS:PORT and a list of TLS parameters";
    let address: SocketAddr = arguments.next().ok_or(usage)?.parse()?;
    let list = read(&arguments.next().ok_or(usage)?)?;
    let parameters = Parameters::from_value(&list, Profile::Safe)?;
    for note in parameters.notes() {
        eprintln!("note: {note}");
    }
    let client = Client::new(&parameters)?;
    block_on(async {
        let socket = Async::<TcpStream>::connect(address).await?;
        let deadline = Timer::after(Duration::from_secs(10));
        let mut stream = client.connect(socket).deadline(deadline).await?;
        let status = stream.peer_status();
        for certificate in &status.certificates {
            println!("{certificate:#?}");
        }
        for warning in &status.warnings {
            println!("{warning}: {}", warning.describe());
        }
        println!(
            "{:?} {:?} {:?}",
            status.protocol, status.cipher, status.group
        );
        stream.write_all(b"GET / HTTP/1.0\r\n\r\n").await?;
        stream.close().await?;
        let mut answer = Vec::new();
        let end = stream.read_to_end(&mut answer).await;
        println!("{}", String::from_utf8_lossy(&answer));
        end?;
        Ok(())
    })
}
