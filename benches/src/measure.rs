//! How much memory and processor time a process takes, as the kernel tells it.

use std::fs;
use std::io;
use std::time::Duration;

/// A process by its number.
#[derive(Clone, Copy, Debug)]
pub struct Measured(u32);

impl Measured {
    /// Looks at the process of that number.
    #[must_use]
    pub fn of(pid: u32) -> Self {
        Measured(pid)
    }

    /// Returns its resident memory in bytes: `VmRSS` of `/proc/PID/status`, proc(5).
    ///
    /// # Errors
    ///
    /// When there is no such process, or its status has no such line.
    pub fn resident(self) -> io::Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0))?;
        status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .and_then(|rest| rest.trim().strip_suffix("kB"))
            .and_then(|number| number.trim().parse::<u64>().ok())
            .map(|kibibytes| kibibytes * 1024)
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "no VmRSS in the status"))
    }

    /// Returns the processor time that its threads have taken: the first number of each
    /// `/proc/PID/task/TID/schedstat`.
    ///
    /// # Errors
    ///
    /// When there is no such process, or the kernel does not tell.
    pub fn processor_time(self) -> io::Result<Duration> {
        let mut sum = 0;
        for thread in fs::read_dir(format!("/proc/{}/task", self.0))? {
            let told = fs::read_to_string(thread?.path().join("schedstat"))?;
            let first = told
                .split(' ')
                .next()
                .and_then(|number| number.parse::<u64>().ok());
            sum += first.ok_or(io::ErrorKind::InvalidData)?;
        }
        Ok(Duration::from_nanos(sum))
    }
}
