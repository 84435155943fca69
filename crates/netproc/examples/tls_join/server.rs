//! The end that listens: each connection a stream of bytes, joined while it is the newest.

use std::error::Error;
use std::io::{self, Read as _};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use async_channel::{Receiver, Sender, bounded};
use futures_lite::future::{block_on, zip};
use futures_lite::io::split;
use futures_lite::{AsyncReadExt as _, AsyncWriteExt as _};
use netproc::ProcessStream;
use netproc::prelude::*;

use crate::{say, say_open, show};

/// Where standard input goes: to the newest connection; none after its end.
type Current = Arc<Mutex<Option<Sender<Vec<u8>>>>>;

/// Serves until the program is ended.
pub(crate) fn run(parameters: &Value) -> Result<(), Box<dyn Error>> {
    let network = Network::new();
    let _threads = network.run_background(1)?;
    let current = Current::default();
    let newest = Arc::clone(&current);
    let server = network.open(
        Spec::server("join")
            .host(Host::Local)
            .service(Service::Any)
            .tls_parameters(parameters.clone())
            .log(move |_, connection, message| {
                let Some(connection) = connection else {
                    say(message.trim_end());
                    return Ok(());
                };
                // Now, before anything is read that would not be part of the stream.
                let stream = connection.clone().into_stream()?;
                let (sender, input) = bounded(1);
                // Whoever had the input before has heard its last.
                *newest.lock().unwrap_or_else(PoisonError::into_inner) = Some(sender);
                say_open(stream.process());
                thread::spawn(move || join(stream, &input));
                Ok::<(), netproc::Error>(())
            }),
    )?;
    say(&format!("port {}", server.port().unwrap_or_default()));
    let mut buffer = vec![0; 64 * 1024];
    while let count @ 1.. = io::stdin().read(&mut buffer)? {
        let newest = current.lock().unwrap_or_else(PoisonError::into_inner);
        let sender = newest.clone();
        drop(newest);
        if let Some(sender) = sender {
            // What is said to a connection that is over is lost with it.
            let _ = sender.send_blocking(buffer[..count].to_vec());
        }
    }
    *current.lock().unwrap_or_else(PoisonError::into_inner) = None;
    loop {
        thread::park();
    }
}

fn join(stream: ProcessStream, input: &Receiver<Vec<u8>>) {
    let (mut reader, mut writer) = split(stream);
    let sending = async {
        while let Ok(bytes) = input.recv().await {
            writer.write_all(&bytes).await?;
            writer.flush().await?;
        }
        writer.close().await
    };
    let receiving = async {
        let mut buffer = vec![0; 64 * 1024];
        while let count @ 1.. = reader.read(&mut buffer).await? {
            show(&buffer[..count])?;
        }
        say("the other end");
        Ok(())
    };
    block_on(zip(report(sending), report(receiving)));
}

/// Says at once what went wrong: the other half may go on.
async fn report(half: impl Future<Output = io::Result<()>>) {
    if let Err(error) = half.await {
        say(&format!("failed: {error}"));
    }
}
