//! How much memory and processor time a process takes, as the kernel tells it.

use std::fs;
use std::io;
use std::time::Duration;

/// Returns the resident memory of a process in bytes: `VmRSS` of `/proc/PID/status`, proc(5).
///
/// # Errors
///
/// When there is no such process, or its status has no such line.
pub fn resident(pid: u32) -> io::Result<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .and_then(|rest| rest.trim().strip_suffix("kB"))
        .and_then(|number| number.trim().parse::<u64>().ok())
        .map(|kibibytes| kibibytes * 1024)
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "no VmRSS in the status"))
}

/// Returns the processor time that all threads of a process have taken: the first number of each
/// `/proc/PID/task/TID/schedstat`.
///
/// # Errors
///
/// When there is no such process, or the kernel does not tell.
pub fn processor_time(pid: u32) -> io::Result<Duration> {
    let mut sum = 0;
    for thread in fs::read_dir(format!("/proc/{pid}/task"))? {
        let told = fs::read_to_string(thread?.path().join("schedstat"))?;
        let first = told
            .split(' ')
            .next()
            .and_then(|number| number.parse::<u64>().ok());
        sum += first.ok_or(io::ErrorKind::InvalidData)?;
    }
    Ok(Duration::from_nanos(sum))
}
