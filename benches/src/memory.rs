//! How much memory a process occupies, as the kernel tells it.

use std::fs;
use std::io;

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
