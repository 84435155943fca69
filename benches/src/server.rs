//! Servers and workers in processes of their own, so that one disturbs neither another nor the
//! client.
//!
//! A program that measures begins with [`serve_if_asked`]; [`Server::start`] and [`Worker::start`]
//! run the same program once more.

use std::io::{self, BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;
use std::{env, thread};

use crate::affinity::{Cores, Machine};
use crate::jobs::{self, Job};
use crate::load::{Done, Effort, Load};
use crate::measure::Measured;
use crate::peers::{self, epoll::Trigger};
use crate::place::Place;
use crate::service::Service;
use crate::subject::Subject;

/// The first argument of a program that is to be a server.
const SERVE: &str = "serve";

/// The first argument of a program that is to work when told.
const WORK: &str = "work";

/// What stops a measurement.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Serves or works, and does not return, if this program was started by [`Server::start`] or
/// [`Worker::start`].
///
/// # Errors
///
/// When the place cannot be had, or serving fails.
pub fn serve_if_asked() -> Result<(), Failure> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [SERVE, subject, service, place] => {
            let subject = Subject::named(subject).ok_or("there is no such subject")?;
            // Serving ends with the program that asked for it.
            thread::spawn(|| {
                // However it ends, it is over.
                let _ended = io::copy(&mut io::stdin(), &mut io::sink());
                std::process::exit(0);
            });
            serve(subject, service.parse()?, &Place::parse(place))?;
        }
        [WORK, job, subject, port] => {
            let subject = Subject::named(subject).ok_or("there is no such subject")?;
            let job = Job::named(job).ok_or("there is no such job")?;
            jobs::work(job, subject, port.parse()?)?;
        }
        _ => return Ok(()),
    }
    std::process::exit(0)
}

fn serve(subject: Subject, service: Service, place: &Place) -> Result<(), Failure> {
    match subject {
        Subject::Netproc => peers::netproc::serve(service, place),
        Subject::Epoll => peers::epoll::serve(service, place, Trigger::Level),
        Subject::EpollEdge => peers::epoll::serve(service, place, Trigger::Edge),
        Subject::Blocking => peers::blocking::serve(service, place),
        Subject::Tokio => peers::tokio::serve(service, place),
        Subject::AsyncIo => peers::async_io::serve(service, place),
        Subject::MessageIo => peers::message_io::serve(service, place),
        _ => Err(format!("{} is no server of ours", subject.name()).into()),
    }
}

/// Returns the command that serves as a subject does.
fn server_command(subject: Subject, service: Service) -> Result<Vec<String>, Failure> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/peers");
    let words = match subject {
        Subject::Node => vec!["node".into(), format!("{folder}/echo.js"), "{place}".into()],
        Subject::Python => vec![
            "python3".into(),
            format!("{folder}/echo.py"),
            "{place}".into(),
        ],
        Subject::Emacs => emacs_command("bench-echo", "{place}"),
        _ => {
            let program = env::current_exe()?.display().to_string();
            let service = service.to_string();
            vec![
                program,
                SERVE.into(),
                subject.name().into(),
                service,
                "{place}".into(),
            ]
        }
    };
    Ok(words)
}

/// Returns the command of a client that has what comes to a port inserted into a buffer.
pub(crate) fn insert_command(subject: Subject) -> Result<Vec<String>, Failure> {
    if subject == Subject::Emacs {
        return Ok(emacs_command("bench-insert", "{place}"));
    }
    let program = env::current_exe()?.display().to_string();
    let words = [
        &program,
        WORK,
        &Job::Insert.name(),
        subject.name(),
        "{place}",
    ];
    Ok(words.map(String::from).into())
}

/// Returns the command that calls a function of ours in stock Emacs with a port.
fn emacs_command(function: &str, port: &str) -> Vec<String> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/peers/emacs.el");
    let call = format!("({function} {port} {})", std::process::id());
    ["emacs", "-Q", "--batch", "-l", file, "--eval", &call]
        .map(String::from)
        .into()
}

/// A program that was started, ended when this is dropped.
#[derive(Debug)]
struct Running(Child);

impl Running {
    fn start(words: impl IntoIterator<Item = String>) -> Result<Self, Failure> {
        let mut words = words.into_iter();
        let child = Command::new(words.next().ok_or("no command")?)
            .args(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        Ok(Running(child))
    }

    fn measured(&self) -> Measured {
        Measured::of(self.0.id())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to end.
        let _ended = self.0.kill().and_then(|()| self.0.wait());
    }
}

/// A server in its own process, ended when this is dropped.
#[derive(Debug)]
pub struct Server {
    program: Running,
    place: Place,
}

impl Server {
    /// Starts one of the subjects: this program once more, or the program that it needs.
    ///
    /// # Errors
    ///
    /// When the program cannot be run, or ends before it is ready.
    pub fn start(subject: Subject, service: Service) -> Result<Self, Failure> {
        let place = Place::free(service.transport)?;
        Server::run(&server_command(subject, service)?, place)
    }

    /// Runs any command that serves on the place that is put for `{place}` or `{port}`, and that
    /// writes a line when it is ready.
    ///
    /// # Errors
    ///
    /// When the command cannot be run, or ends before it is ready.
    pub fn run(command: &[String], place: Place) -> Result<Self, Failure> {
        let shown = place.to_string();
        let words = command
            .iter()
            .map(|word| word.replace("{port}", &shown).replace("{place}", &shown));
        let mut server = Server {
            program: Running::start(words)?,
            place,
        };
        let output = server.program.0.stdout.take().ok_or("no output")?;
        let mut output = BufReader::new(output);
        if output.read_line(&mut String::new())? == 0 {
            return Err(format!("`{}` ended before it was ready", command.join(" ")).into());
        }
        // A full pipe would hold a server up that tells of each connection.
        thread::spawn(move || io::copy(&mut output, &mut io::sink()));
        Ok(server)
    }

    /// Puts it on its cores.
    ///
    /// # Errors
    ///
    /// When it has ended.
    pub fn place_on(&self, machine: &Machine, cores: Cores) -> io::Result<()> {
        machine.place_server(cores, self.program.0.id())
    }

    /// Returns where clients reach it.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// Returns what tells its memory and its processor time.
    #[must_use]
    pub fn measured(&self) -> Measured {
        self.program.measured()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Place::Path(path) = &self.place {
            // Some remove it themselves.
            let _removed = std::fs::remove_file(path);
        }
    }
}

/// A process that does a job whenever it is told to, ended when this is dropped.
#[derive(Debug)]
pub struct Worker {
    program: Running,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Worker {
    /// Starts a job on the way of a subject; the port is where the job connects to, if it does.
    ///
    /// # Errors
    ///
    /// When the program cannot be run.
    pub fn start(job: Job, subject: Subject, port: u16) -> Result<Self, Failure> {
        let program = env::current_exe()?.display().to_string();
        let words = [
            program,
            WORK.into(),
            job.name(),
            subject.name().into(),
            port.to_string(),
        ];
        let mut program = Running::start(words)?;
        let orders = program.0.stdin.take().ok_or("no input")?;
        let mut answers = BufReader::new(program.0.stdout.take().ok_or("no output")?);
        if answers.read_line(&mut String::new())? == 0 {
            return Err(format!("the worker for {} ended early", job.name()).into());
        }
        Ok(Worker {
            program,
            orders,
            answers,
        })
    }

    /// Puts it on its cores.
    ///
    /// # Errors
    ///
    /// When it has ended.
    pub fn place_on(&self, machine: &Machine, cores: Cores) -> io::Result<()> {
        machine.place_server(cores, self.program.0.id())
    }

    /// Returns what tells its memory and its processor time.
    #[must_use]
    pub fn measured(&self) -> Measured {
        self.program.measured()
    }
}

impl Load for Worker {
    fn run(&mut self, effort: Effort) -> io::Result<Done> {
        writeln!(self.orders, "{}", effort.turn.as_nanos())?;
        self.orders.flush()?;
        let mut answer = String::new();
        self.answers.read_line(&mut answer)?;
        let told = answer.trim().split_once(' ').and_then(|(work, wall)| {
            let wall = Duration::from_nanos(wall.parse().ok()?);
            Some(Done::new(work.parse().ok()?, wall))
        });
        // A worker ends when its job fails, and has said why.
        told.ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }
}
