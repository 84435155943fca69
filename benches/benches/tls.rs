//! TLS in memory: a message in records there and back, and a full handshake of both sides.

use netproc_benches::jobs::Job;
use netproc_benches::server::Failure;
use netproc_benches::subject::Subject;

fn main() -> Result<(), Failure> {
    let mut criterion = netproc_benches::criterion();
    for job in [Job::RecordEcho, Job::Handshake] {
        let mut step = job.prepare(Subject::Netproc, 0)?;
        criterion.bench_function(&format!("tls/{}", job.name()), |bencher| {
            bencher.iter(|| step().expect("a session"));
        });
    }
    criterion.final_summary();
    Ok(())
}
