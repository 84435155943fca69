//! Which cores a process may use, so that a run does not depend on where the scheduler puts things.

use std::fs;
use std::io;

use rustix::thread::{CpuSet, Pid, sched_getaffinity, sched_setaffinity};

/// Where client and server stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a value in a table")]
pub enum Cores {
    /// Both on one core, so that a wake-up is not one of another core.
    Same,
    /// The server has one core, the client another.
    Apart,
    /// Either may use two.
    Two,
}

/// The cores that this run may use.
#[derive(Clone, Debug)]
pub struct Machine {
    cores: Vec<usize>,
}

impl Machine {
    /// Looks at what this process may use.
    ///
    /// # Errors
    ///
    /// When the system does not tell.
    pub fn look() -> io::Result<Self> {
        let allowed = sched_getaffinity(None)?;
        let cores = (0..CpuSet::MAX_CPU)
            .filter(|core| allowed.is_set(*core))
            .collect();
        Ok(Machine { cores })
    }

    /// Returns how many cores there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.cores.len()
    }

    /// Puts this thread where clients belong; threads that it starts from now on follow.
    ///
    /// # Errors
    ///
    /// When the system refuses.
    pub fn place_client(&self, cores: Cores) -> io::Result<()> {
        let set = self.set(match cores {
            Cores::Same | Cores::Apart => &[0],
            Cores::Two => &[0, 1],
        });
        Ok(sched_setaffinity(None, &set)?)
    }

    /// Puts all threads of a process where servers belong.
    ///
    /// # Errors
    ///
    /// When there is no such process, or the system refuses.
    pub fn place_server(&self, cores: Cores, pid: u32) -> io::Result<()> {
        let set = self.set(match cores {
            Cores::Same => &[0],
            Cores::Apart => &[1],
            Cores::Two => &[0, 1],
        });
        for thread in fs::read_dir(format!("/proc/{pid}/task"))? {
            let name = thread?.file_name();
            let id = name.to_str().and_then(|name| name.parse().ok());
            sched_setaffinity(id.and_then(Pid::from_raw), &set)?;
        }
        Ok(())
    }

    /// Returns those cores by their place among ours; on a machine of one core, that one.
    fn set(&self, places: &[usize]) -> CpuSet {
        let mut set = CpuSet::new();
        for place in places {
            let last = self.cores.len().saturating_sub(1);
            if let Some(core) = self.cores.get((*place).min(last)) {
                set.set(*core);
            }
        }
        set
    }
}
