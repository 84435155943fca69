//! What users of Emacs gain by the module, shown and measured.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::step::succeed;
use crate::{Outcome, root};

/// Gives the command after it a network and a name server of its own, which is silent: names are
/// looked up without end there.
const ALONE: &str = "ip link set lo up \
    && printf 'nameserver 127.0.0.1\\n' > \"$0\" && mount --bind \"$0\" /etc/resolv.conf \
    && exec \"$@\"";

/// Runs the demonstrations with the module from `folders`; each fails if it does not hold.
pub(super) fn run(folders: &[PathBuf], scratch: &Path) -> Outcome {
    let demonstrations = root().join("crates/netproc-emacs/demos/demos.el");
    std::fs::create_dir_all(scratch)
        .map_err(|error| format!("cannot make {}: {error}", scratch.display()))?;
    let mut command = if may_be_alone() {
        let mut command = alone();
        command.args(["sh", "-c", ALONE]);
        command.arg(scratch.join("resolv.conf")).arg("emacs");
        command
    } else {
        println!("no network of its own can be had here: lookups fail before they hang");
        Command::new("emacs")
    };
    command.args(["-Q", "--batch"]);
    for folder in folders {
        command.arg("-L").arg(folder);
    }
    command.arg("-l").arg(demonstrations);
    command.args(["-f", "demo-all"]).stdin(Stdio::null());
    succeed(command)
}

/// Returns what runs a command in a network of its own.
fn alone() -> Command {
    let mut command = Command::new("unshare");
    command.args(["--map-root-user", "--net", "--mount"]);
    command
}

fn may_be_alone() -> bool {
    let mut command = alone();
    command
        .args(["ip", "link", "set", "lo", "up"])
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
