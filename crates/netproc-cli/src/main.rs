//! The command `netproc`.

fn main() {}
