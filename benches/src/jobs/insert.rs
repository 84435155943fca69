//! A client whose output the default filter inserts into a buffer.

use std::time::Duration;

use netproc_network::{Buffer, Network, Spec};

use crate::server::Failure;

/// Takes all that a connection brings into a buffer, says so, and begins again.
pub(super) fn insert(port: u16) -> Result<(), Failure> {
    println!("ready");
    let network = Network::new();
    loop {
        let buffer = network.buffer(" *insert*")?;
        let client = Spec::client("insert")
            .host("127.0.0.1")
            .service(port)
            .coding("utf-8-unix")
            .buffer(" *insert*");
        let client = network.open(client)?;
        while !is_complete(&buffer) {
            network.accept_output(&client, Duration::from_secs(60))?;
        }
        client.send("x")?;
        client.delete();
        network.kill_buffer(&buffer);
    }
}

/// Says whether the last character is the one that the text has not.
fn is_complete(buffer: &Buffer) -> bool {
    buffer.with(|buffer| buffer.text().internal_bytes().last() == Some(&0))
}
