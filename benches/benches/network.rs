//! Process objects over sockets in memory: what a message, a process, and a table of them cost above
//! the kernel.

use criterion::Throughput;
use netproc_benches::jobs::Job;
use netproc_benches::server::Failure;
use netproc_benches::subject::Subject;

fn main() -> Result<(), Failure> {
    let mut criterion = netproc_benches::criterion();
    for (job, work) in [
        (Job::Echo, 64),
        (Job::MakeAndDelete, 1000),
        (Job::Many(1000), 1000),
    ] {
        let mut step = job.prepare(Subject::Netproc, 0)?;
        let mut group = criterion.benchmark_group("network");
        group.throughput(Throughput::Elements(work));
        group.bench_function(job.name(), |bencher| {
            bencher.iter(|| step().expect("a network"));
        });
        group.finish();
    }
    criterion.final_summary();
    Ok(())
}
