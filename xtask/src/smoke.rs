//! The command as it is released, tried the way the README first shows it.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::{Outcome, root};

/// How long the command may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Runs the README's first `netproc` line with the released command.
///
/// A line that ends must succeed; a server must take a connection, and an echo must answer.
pub(crate) fn run() -> Outcome {
    let readme = root().join("README.md");
    let readme = std::fs::read_to_string(readme).map_err(|error| format!("README.md: {error}"))?;
    let line = first_command(&readme).ok_or("README.md shows no line `$ netproc …`")?;
    println!("$ {line}");
    if let Some(port) = service(line)
        && connect(port).is_ok()
    {
        return Err(format!("port {port} is taken; `{line}` cannot be tried"));
    }
    let mut child = start(line)?;
    let outcome = judge(&mut child, line);
    // A server has no end of its own; a command that ended is past killing.
    let _ = child.kill();
    let _ = child.wait();
    outcome.map_err(|message| format!("`{line}` {message}"))
}

fn start(line: &str) -> Result<Child, String> {
    let mut path = root().join("target/release").into_os_string();
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    let mut command = Command::new("sh");
    command
        .args(["-c", &format!("exec {line}")])
        .env("PATH", path)
        .stdin(Stdio::null());
    command
        .spawn()
        .map_err(|error| format!("the shell did not start: {error}"))
}

fn judge(child: &mut Child, line: &str) -> Outcome {
    let server = if line.contains(":server t") {
        service(line)
    } else {
        None
    };
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        match child.try_wait() {
            Ok(Some(status)) if status.success() && server.is_none() => return Ok(()),
            Ok(Some(status)) => return Err(format!("ended with {status}")),
            Ok(None) => {}
            Err(error) => return Err(format!("is lost: {error}")),
        }
        if let Some(port) = server
            && let Ok(stream) = connect(port)
        {
            return if line.contains(":filter echo") {
                echo(stream)
            } else {
                Ok(())
            };
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Err(format!(
        "neither ended nor answered in {} s",
        PATIENCE.as_secs()
    ))
}

fn connect(port: u16) -> std::io::Result<TcpStream> {
    TcpStream::connect((Ipv4Addr::LOCALHOST, port))
}

fn echo(mut stream: TcpStream) -> Outcome {
    let mut answer = String::new();
    stream
        .set_read_timeout(Some(PATIENCE))
        .and_then(|()| stream.write_all(b"hello\n"))
        .and_then(|()| BufReader::new(stream).read_line(&mut answer))
        .map_err(|error| format!("does not echo: {error}"))?;
    if answer == "hello\n" {
        Ok(())
    } else {
        Err(format!("echoes {answer:?}"))
    }
}

fn first_command(readme: &str) -> Option<&str> {
    let commands = readme
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("$ "));
    commands
        .map(str::trim)
        .find(|command| command.starts_with("netproc "))
}

fn service(line: &str) -> Option<u16> {
    line.split_whitespace()
        .skip_while(|word| *word != ":service")
        .nth(1)?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_of_the_command_is_found() {
        let readme =
            "# netproc\n```console\n$ cargo xtask test\n$ netproc :server t\n$ netproc x\n```";
        assert_eq!(first_command(readme), Some("netproc :server t"));
        assert_eq!(first_command("netproc is a command\n"), None);
    }

    #[test]
    fn the_port_is_read_from_the_line() {
        assert_eq!(
            service("netproc :server t :service 7007 :filter echo"),
            Some(7007)
        );
        assert_eq!(service("netproc :server t :service http"), None);
    }

    #[test]
    fn a_line_that_fails_is_refused_and_one_that_succeeds_passes() {
        let judged = |line| start(line).and_then(|mut child| judge(&mut child, line));
        assert_eq!(judged("true"), Ok(()));
        assert!(judged("false").is_err());
        assert!(judged("true :server t :service 1").is_err());
    }
}
