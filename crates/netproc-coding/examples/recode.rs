//! Converts standard input from one coding system to another:
//! `recode latin-1-dos utf-8-unix < FILE`.

use std::error::Error;
use std::io::{self, Read, Write};

use netproc_coding::{CodingSystem, Decoder, Encoder, Text};

fn main() -> Result<(), Box<dyn Error>> {
    let mut names = std::env::args().skip(1);
    let from = names
        .next()
        .as_deref()
        .map_or(Ok(CodingSystem::UNDECIDED), CodingSystem::parse)?;
    let to = names
        .next()
        .as_deref()
        .map_or(Ok(CodingSystem::UTF_8_UNIX), CodingSystem::parse)?;
    let (mut decoder, mut encoder) = (Decoder::new(from), Encoder::new(to));
    let (mut text, mut bytes, mut chunk) = (Text::new(), Vec::new(), vec![0; 1 << 16]);
    loop {
        let length = io::stdin().read(&mut chunk)?;
        if length == 0 {
            decoder.finish(&mut text);
        } else {
            decoder.decode(&chunk[..length], &mut text);
        }
        encoder.encode(&text, &mut bytes);
        if length == 0 {
            encoder.finish(&mut bytes);
        }
        io::stdout().write_all(&bytes)?;
        text.clear();
        bytes.clear();
        if length == 0 {
            eprintln!(
                "from {} to {}",
                decoder.coding_system(),
                encoder.coding_system()
            );
            return Ok(());
        }
    }
}
