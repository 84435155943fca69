//! Serves TLS on a port of this machine and sends back what comes in.
//!
//! ```console
//! $ cargo run -p netproc-tls --example echo -- PORT '(gnutls-x509pki :keylist (("key" "cert")))'
//! ```

use std::error::Error;
use std::net::{Ipv4Addr, TcpListener};
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use async_io::{Async, Timer, block_on};
use futures_lite::{AsyncWriteExt as _, io};
use netproc_lisp::read;
use netproc_tls::{Parameters, Profile, Server};

fn main() -> ExitCode {
    match serve() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn serve() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let usage = "two arguments: PORT and a list of TLS parameters";
    let port: u16 = arguments.next().ok_or(usage)?.parse()?;
    let list = read(&arguments.next().ok_or(usage)?)?;
    let parameters = Parameters::from_value(&list, Profile::Safe)?;
    let server = Arc::new(Server::new(&parameters)?);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
    for socket in listener.incoming() {
        let (socket, server) = (Async::new(socket?)?, Arc::clone(&server));
        thread::spawn(move || {
            let served = block_on(async {
                let deadline = Timer::after(Duration::from_secs(10));
                let stream = server.accept(socket).deadline(deadline).await?;
                eprintln!("{}", stream.peer_status().to_value());
                let (mut reader, mut writer) = io::split(stream);
                io::copy(&mut reader, &mut writer).await?;
                writer.close().await?;
                Ok::<(), Box<dyn Error>>(())
            });
            if let Err(error) = served {
                eprintln!("{error}");
            }
        });
    }
    Ok(())
}
