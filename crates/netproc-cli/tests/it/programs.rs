//! Other programs that speak TLS: OpenSSL's and GnuTLS's.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::thread;

use crate::support::{Finished, PATIENCE, finish};

/// Tells whether a program is there; where it must be, in CI, its absence is a failure.
pub(crate) fn has(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let there = std::env::split_paths(&path).any(|folder| folder.join(program).is_file());
    if !there {
        let missing = format!("{program} is missing");
        assert!(std::env::var_os("CI").is_none(), "{missing}");
        eprintln!("{missing}; what it says is not tested");
    }
    there
}

/// Runs a program to its end.
pub(crate) fn run(program: &str, arguments: &[&str], input: &str) -> Finished {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    finish(command, input)
}

/// `openssl s_server`, which answers each line with the same line reversed; ends when dropped.
pub(crate) struct OpensslServer {
    child: Child,
    /// Its port on 127.0.0.1.
    pub(crate) port: String,
}

impl OpensslServer {
    /// Starts it with a certificate in `folder`: `NAME.pem` with `NAME-key.pem`.
    pub(crate) fn start(folder: &Path, name: &str, more: &[&str]) -> Self {
        let mut child = Command::new("openssl")
            .current_dir(folder)
            .args(["s_server", "-accept", "127.0.0.1:0", "-rev"])
            .args(["-cert", &format!("{name}.pem")])
            .args(["-key", &format!("{name}-key.pem")])
            .args(more)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("openssl starts");
        let output = child.stdout.take().expect("piped");
        let (sender, lines) = channel();
        thread::spawn(move || {
            // To its end, so that the server never waits for a reader.
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                let _nobody_waits = sender.send(line);
            }
        });
        let port = loop {
            let line = lines.recv_timeout(PATIENCE).expect("openssl accepts");
            if let Some(port) = line.strip_prefix("ACCEPT 127.0.0.1:") {
                break port.to_owned();
            }
        };
        OpensslServer { child, port }
    }
}

impl Drop for OpensslServer {
    fn drop(&mut self) {
        let _ended_already = self.child.kill();
        let _ended_already = self.child.wait();
    }
}
