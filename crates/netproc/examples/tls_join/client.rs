//! The end that connects: a process with a filter and a sentinel.

use std::error::Error;
use std::io::{self, Read as _};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use netproc::network::FaultKind;
use netproc::prelude::*;

use crate::{say, say_open, show};

/// What a client is to do.
pub(crate) struct Client {
    pub(crate) port: u16,
    /// The value of `:tls-parameters`.
    pub(crate) parameters: Value,
    /// Whether it reads only after its own end.
    pub(crate) late: bool,
    /// Whether it makes a second session.
    pub(crate) twice: bool,
}

/// What the callbacks have to tell.
enum News {
    /// Text has come.
    Text,
    /// The session is over: how its sentinel said it.
    Over(String),
    /// It was cut, or something else is wrong with it.
    Fault(String),
}

impl Client {
    /// Connects, joins, and returns when the session is over.
    pub(crate) fn run(self) -> Result<(), Box<dyn Error>> {
        let (sender, news) = channel();
        let faults = sender.clone();
        let network = Network::builder()
            .on_fault(move |fault| {
                if let FaultKind::Tls(error) = &fault.kind {
                    let _ = faults.send(News::Fault(error.to_string()));
                }
            })
            .build();
        let _threads = network.run_background(1)?;
        let first = self.open(&network, &sender)?;
        say_open(&first);
        let current = Arc::new(Mutex::new(first.clone()));
        let (input, late) = (Arc::clone(&current), self.late);
        thread::spawn(move || join_input(&input, late));
        if self.twice {
            expect_text(&news)?;
            first.delete();
            let second = self.open(&network, &sender)?;
            *current.lock().unwrap_or_else(PoisonError::into_inner) = second.clone();
            say_open(&second);
        }
        wait_for_end(&news)
    }

    fn open(&self, network: &Network, news: &Sender<News>) -> Result<Process, Box<dyn Error>> {
        let (arrivals, ends) = (news.clone(), news.clone());
        let spec = Spec::client("join")
            .host(Host::Local)
            .service(self.port)
            .coding("binary")
            .stopped(self.late)
            .tls_parameters(self.parameters.clone())
            .filter(move |_, text| {
                // Nobody listens after the end.
                let _ = arrivals.send(News::Text);
                show(&text.as_bytes())
            })
            .sentinel(move |process, event| {
                // One that we have deleted is no news.
                if !process.is_live() && event != "deleted\n" {
                    let _ = ends.send(News::Over(event.trim_end().to_owned()));
                }
            });
        Ok(network.open(spec)?)
    }
}

/// Sends standard input, and its end.
fn join_input(current: &Mutex<Process>, late: bool) {
    let process = || {
        current
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    };
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(count @ 1..) = io::stdin().read(&mut buffer) {
        if let Err(error) = process().send(&buffer[..count]) {
            return say(&format!("not sent: {error}"));
        }
    }
    let process = process();
    match process.send_eof() {
        Ok(()) => say(&format!("our end after {} bytes", process.bytes_received())),
        Err(error) => say(&format!("our end is not sent: {error}")),
    }
    if late {
        process.resume();
    }
}

fn expect_text(news: &Receiver<News>) -> Result<(), Box<dyn Error>> {
    match news.recv()? {
        News::Text => Ok(()),
        News::Over(event) => Err(event.into()),
        News::Fault(error) => Err(error.into()),
    }
}

fn wait_for_end(news: &Receiver<News>) -> Result<(), Box<dyn Error>> {
    loop {
        match news.recv()? {
            News::Text => {}
            News::Over(event) if event == "connection broken by remote peer" => {
                say("the other end");
                return Ok(());
            }
            News::Over(event) => return Err(event.into()),
            News::Fault(error) => return Err(error.into()),
        }
    }
}
