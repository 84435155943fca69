//! Does a job a given number of times, for programs that count rather than time: its own
//! allocations, or valgrind its instructions. `cargo xtask count` runs it.

use std::env;

use netproc_benches::jobs::{Job, Material, Step};
use netproc_benches::server::Failure;
use netproc_benches::subject::Subject;

const USAGE: &str = "\
usage: counted list | counted run JOB STEPS | counted allocations JOB STEPS

list writes each JOB with how many steps are enough; run does so many steps, and writes how much
work that was; allocations writes also how many allocations that took.";

/// The jobs of which the counts are kept, and how many steps make one count. Twice as many make
/// another one, and the difference is free of what is done once.
const COUNTED: &[(Job, u32)] = &[
    (Job::Echo, 20),
    (Job::MachineEcho, 2000),
    (Job::MachineLife, 1000),
    (Job::Registry, 2000),
    (Job::MakeAndDelete, 1),
    (Job::RecordEcho, 4000),
    (Job::Handshake, 30),
    (Job::Starttls, 50),
    (Job::ReadLisp, 1),
    (Job::PrintLisp, 1),
    (Job::ListToSpec, 1),
    (Job::TextToSpec, 1),
    (Job::AddressFromLisp, 5),
    (Job::AddressToLisp, 5),
    (Job::Decode(Material::Ascii), 50),
    (Job::Decode(Material::Mixed), 50),
    (Job::Decode(Material::Latin1), 10),
    (Job::Decode(Material::Koi8R), 10),
    (Job::Decode(Material::ShiftJis), 10),
    (Job::Decode(Material::Iso2022Jp), 10),
];

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["list"] => {
            for (job, steps) in COUNTED {
                println!("{} {steps}", job.name());
            }
        }
        ["run", job, steps] => println!("{}", done(&mut prepared(job)?, steps.parse()?)?),
        ["allocations", job, steps] => {
            let (mut step, steps) = (prepared(job)?, steps.parse()?);
            // What grows as it is used has grown then.
            done(&mut step, steps)?;
            let mut work = Ok(0.0);
            let info = allocation_counter::measure(|| work = done(&mut step, steps));
            println!("{} {}", work?, info.count_total);
        }
        _ => println!("{USAGE}"),
    }
    Ok(())
}

fn prepared(job: &str) -> Result<Step, Failure> {
    let job = Job::named(job).ok_or("there is no such job")?;
    job.prepare(Subject::Netproc, 0)
}

fn done(step: &mut Step, steps: u32) -> Result<f64, Failure> {
    (0..steps).map(|_| step()).sum()
}
