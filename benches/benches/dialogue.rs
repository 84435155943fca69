//! What is said before encryption: a whole dialogue of an IMAP client, and a pattern of Emacs.

use std::hint::black_box;

use netproc_benches::jobs::Job;
use netproc_benches::server::Failure;
use netproc_benches::subject::Subject;
use netproc_dialogue::Pattern;

fn main() -> Result<(), Failure> {
    let mut criterion = netproc_benches::criterion();
    let mut step = Job::Starttls.prepare(Subject::Netproc, 0)?;
    criterion.bench_function("dialogue/starttls", |bencher| {
        bencher.iter(|| step().expect("a dialogue"));
    });
    criterion.bench_function("dialogue/pattern", |bencher| {
        bencher.iter(|| Pattern::emacs(black_box(r"^[0-9]+ \(OK\|NO\|BAD\)[^\r\n]*\r?\n")));
    });
    criterion.final_summary();
    Ok(())
}
