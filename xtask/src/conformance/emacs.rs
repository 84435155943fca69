//! One run of one case in one Emacs, stock or with our module.

use std::fs::File;
use std::net::TcpListener;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixListener;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::cases::{Case, Listen};
use super::random::Running;

/// The Debian package that brings Emacs without a window system.
pub(super) const PACKAGE: &str = "emacs-nox";

/// How long one case may take; its own waits give up long before.
const LIMIT: Duration = Duration::from_secs(40);

/// What every line of a transcript begins with on standard error.
pub(super) const MARK: &str = "| ";

/// An Emacs to run cases in.
pub(super) struct Emacs {
    program: PathBuf,
    /// As in `28.2`.
    pub(super) version: String,
    /// The folder of the Lisp library of the cases.
    library: PathBuf,
    /// Where `netproc.el` and the module stand; none is stock Emacs.
    module: Option<Vec<PathBuf>>,
    scratch: PathBuf,
}

static RUNS: AtomicUsize = AtomicUsize::new(0);

impl Emacs {
    /// Finds Emacs in the path.
    pub(super) fn find(library: &Path) -> Option<Self> {
        let program = PathBuf::from("emacs");
        let output = Command::new(&program)
            .args(["-Q", "--batch", "--eval", "(princ emacs-version)"])
            .output()
            .ok()?;
        let version = String::from_utf8(output.stdout).ok()?;
        let scratch = std::env::temp_dir().join(format!("npc{}", std::process::id()));
        output.status.success().then(|| Self {
            program,
            version: version.trim().to_owned(),
            library: library.to_owned(),
            module: None,
            scratch,
        })
    }

    /// Returns the same Emacs with our module loaded from `folders` and turned on.
    pub(super) fn with_module(&self, folders: Vec<PathBuf>) -> Self {
        Self {
            program: self.program.clone(),
            version: self.version.clone(),
            library: self.library.clone(),
            module: Some(folders),
            scratch: self.scratch.clone(),
        }
    }

    /// Runs `case` and returns its transcript; how Emacs ended is a part of it when not well.
    pub(super) fn transcript(&self, case: &Case) -> Result<String, String> {
        let number = RUNS.fetch_add(1, Ordering::Relaxed);
        let folder = self.scratch.join(number.to_string());
        let failed = |error: std::io::Error| format!("{}: cannot run: {error}", case.name);
        // The folder of the case is inside, so that Emacs's own files are not among its files.
        std::fs::create_dir_all(folder.join("w")).map_err(failed)?;
        let errors = folder.join("stderr");
        let form = format!(
            "(transcript-run {} {})",
            lisp_string(&case.path),
            lisp_string(&folder.join("w"))
        );
        let mut command = self
            .command(case.batch, case.listen, &form, &folder)
            .map_err(failed)?;
        command
            .stdout(Stdio::null())
            .stderr(File::create(&errors).map_err(failed)?);
        let mut child = command.spawn().map_err(failed)?;
        let Some(status) = wait(&mut child).map_err(failed)? else {
            return Err(format!("  took longer than {} s", LIMIT.as_secs()));
        };
        let written = std::fs::read(&errors).map_err(failed)?;
        let outcome = transcript(&String::from_utf8_lossy(&written), status);
        std::fs::remove_dir_all(&folder).map_err(failed)?;
        Ok(outcome)
    }

    /// Starts the sequences that `plan` writes into a file, and returns what reads its transcript.
    pub(super) fn sequences(&self, plan: &str) -> Result<Running, String> {
        let number = RUNS.fetch_add(1, Ordering::Relaxed);
        let folder = self.scratch.join(number.to_string());
        let failed = |error: std::io::Error| format!("cannot run Emacs: {error}");
        std::fs::create_dir_all(folder.join("w")).map_err(failed)?;
        let file = folder.join("plan.el");
        std::fs::write(&file, plan).map_err(failed)?;
        let form = format!(
            "(sequences-run {} {})",
            lisp_string(&file),
            lisp_string(&folder.join("w"))
        );
        let mut command = self.command(false, None, &form, &folder).map_err(failed)?;
        command
            .current_dir(folder.join("w"))
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let child = command.spawn().map_err(failed)?;
        Running::new(child, folder).map_err(failed)
    }

    /// Starts once and leaves, so that what is made once is there before the runs.
    pub(super) fn warm(&self) -> Result<(), String> {
        let folder = self.scratch.join("warm");
        let failed = |error: std::io::Error| format!("cannot run Emacs: {error}");
        std::fs::create_dir_all(&folder).map_err(failed)?;
        let mut command = Command::new(&self.program);
        command.args(["-Q", "--batch"]);
        self.load_module(&mut command);
        let output = command.env("HOME", &folder).output().map_err(failed)?;
        if output.status.success() {
            return Ok(());
        }
        let errors = String::from_utf8_lossy(&output.stderr);
        Err(format!("the module does not load:\n{errors}"))
    }

    /// Loads `file` of Emacs's own `tests` with ERT, evaluates `form`, and returns all that is said.
    ///
    /// # Errors
    ///
    /// Emacs that cannot be started, or that takes too long.
    pub(super) fn ert(&self, tests: &Path, file: &Path, form: &str) -> Result<String, String> {
        let number = RUNS.fetch_add(1, Ordering::Relaxed);
        let folder = self.scratch.join(number.to_string());
        let failed = |error: std::io::Error| format!("cannot run {}: {error}", file.display());
        std::fs::create_dir_all(&folder).map_err(failed)?;
        let said = folder.join("said");
        let out = File::create(&said).map_err(failed)?;
        let mut command = Command::new(&self.program);
        command.args(["-Q", "--batch"]);
        self.load_module(&mut command);
        command.arg("-L").arg(tests).args(["-l", "ert", "-l"]);
        command.arg(file).args(["--eval", form]);
        command
            .stdin(Stdio::null())
            .stdout(out.try_clone().map_err(failed)?)
            .stderr(out)
            .env("LC_ALL", "C.UTF-8")
            .env("HOME", &folder)
            .env("EMACS_TEST_DIRECTORY", tests)
            .current_dir(tests);
        let mut child = command.spawn().map_err(failed)?;
        let ended = wait(&mut child).map_err(failed)?;
        let output = std::fs::read(&said).map_err(failed)?;
        std::fs::remove_dir_all(&folder).map_err(failed)?;
        match ended {
            Some(_) => Ok(String::from_utf8_lossy(&output).into_owned()),
            None => Err(format!("{}: took too long", file.display())),
        }
    }

    /// Returns the folder where runs leave what they need.
    pub(super) fn scratch(&self) -> &Path {
        &self.scratch
    }

    /// Removes what the runs left.
    pub(super) fn clean(&self) {
        // Nothing is there when no case has run.
        let _ = std::fs::remove_dir_all(&self.scratch);
    }

    /// Returns the command that evaluates `form` after the library is loaded, in `folder`.
    fn command(
        &self,
        batch: bool,
        listen: Option<Listen>,
        form: &str,
        folder: &Path,
    ) -> std::io::Result<Command> {
        let mut command = match listen {
            None => {
                let mut command = Command::new(&self.program);
                command.stdin(Stdio::null());
                command
            }
            Some(listen) => {
                // A shell moves the socket to where Emacs looks for it, and tells it so.
                let mut command = Command::new("sh");
                command
                    .args([
                        "-c",
                        "exec 3<&0 0</dev/null; LISTEN_PID=$$ exec \"$0\" \"$@\"",
                    ])
                    .arg(&self.program)
                    .env("LISTEN_FDS", "1")
                    .stdin(Stdio::from(listener(listen, folder)?));
                command
            }
        };
        command.arg("-Q");
        if batch {
            command.arg("--batch");
        } else {
            command.arg(format!("--fg-daemon=case{}", std::process::id()));
        }
        // Compiling in the background would start processes of its own.
        command.args(["--eval", "(setq native-comp-deferred-compilation nil)"]);
        self.load_module(&mut command);
        command.arg("-l").arg(self.library.join("run.el"));
        command.arg("--eval").arg(form);
        command
            .env("LC_ALL", "C.UTF-8")
            .env("HOME", folder)
            .env("XDG_RUNTIME_DIR", folder)
            .env("TERM", "dumb")
            // A name server that does not answer must not hold a case.
            .env("RES_OPTIONS", "timeout:1 attempts:1")
            .env_remove("NOTIFY_SOCKET")
            .env_remove("EMACSLOADPATH")
            .current_dir(folder);
        Ok(command)
    }

    /// Adds what loads the module, if this Emacs has one.
    fn load_module(&self, command: &mut Command) {
        if let Some(folders) = &self.module {
            // Functions that are advised are compiled once for all runs, not once for each.
            command.arg("--eval").arg(format!(
                "(push {} native-comp-eln-load-path)",
                lisp_string(&self.scratch.join("eln/"))
            ));
            for folder in folders {
                command.arg("-L").arg(folder);
            }
            command.args(["--eval", "(progn (require 'netproc) (netproc-mode 1))"]);
        }
    }
}

fn listener(listen: Listen, folder: &Path) -> std::io::Result<OwnedFd> {
    Ok(match listen {
        Listen::Tcp => TcpListener::bind("127.0.0.1:0")?.into(),
        Listen::Local => UnixListener::bind(folder.join("w/external"))?.into(),
    })
}

fn lisp_string(path: &Path) -> String {
    let text = path.to_string_lossy();
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Waits for the end of `child`, which is killed when it takes too long; then there is none.
fn wait(child: &mut Child) -> std::io::Result<Option<ExitStatus>> {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if start.elapsed() > LIMIT {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn transcript(written: &str, status: ExitStatus) -> String {
    let mut lines: Vec<&str> = written
        .lines()
        .filter_map(|line| line.strip_prefix(MARK))
        .collect();
    let ending;
    if lines.last() == Some(&"end") && status.success() {
        lines.pop();
    } else {
        ending = match (status.signal(), status.code()) {
            (Some(signal), _) => format!("EMACS ENDED by signal {signal}"),
            (None, code) => format!("EMACS ENDED with {}", code.unwrap_or_default()),
        };
        lines.push(&ending);
    }
    lines.iter().flat_map(|line| [line, "\n"]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_marked_lines_belong_to_the_transcript() {
        let fine = ExitStatus::from_raw(0);
        assert_eq!(
            transcript("Starting\n| a => 1\nnoise\n| end\n", fine),
            "a => 1\n"
        );
    }

    #[test]
    fn how_emacs_ended_is_told_when_not_well() {
        let crashed = ExitStatus::from_raw(11);
        assert_eq!(
            transcript("| a\n", crashed),
            "a\nEMACS ENDED by signal 11\n"
        );
        let left = ExitStatus::from_raw(255 << 8);
        assert_eq!(transcript("| end\n", left), "end\nEMACS ENDED with 255\n");
    }
}
