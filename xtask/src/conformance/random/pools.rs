//! What arguments are taken from: ordinary values, odd ones and wrong ones, by what they are for.

use netproc_lisp::{Value, read};

/// Reads a pool; each line is one value as Emacs Lisp writes it.
pub(super) fn values(lines: &str) -> Vec<Value> {
    let lines = lines.lines().map(str::trim).filter(|line| !line.is_empty());
    lines
        .map(|line| read(line).expect("the pools are Lisp"))
        .collect()
}

/// Values of every kind, wrong nearly everywhere.
pub(super) const ODD: &str = r#"
    nil
    t
    0
    1
    -1
    5
    1.5
    "odd"
    odd
    :odd
    (odd . 1)
    (1 2)
    [1 2]
    1099511627776
"#;

/// Coding systems, and pairs of them.
pub(super) const CODINGS: &str = "
    nil
    binary
    no-conversion
    utf-8
    utf-8-unix
    utf-8-dos
    utf-8-mac
    latin-1
    iso-latin-1-dos
    undecided
    undecided-unix
    undecided-dos
    prefer-utf-8
    utf-16
    utf-16le
    utf-16be-dos
    utf-8-with-signature
    euc-jp
    shift_jis
    big5
    gb18030
    us-ascii
    windows-1252
    koi8-r
    raw-text
    raw-text-dos
    emacs-internal
    (utf-8 . latin-1)
    (binary . utf-8-dos)
    (nil . utf-8)
    (utf-8-dos . nil)
";

/// What names no coding system.
pub(super) const NO_CODINGS: &str = r#"
    nosuch-coding
    5
    "utf-8"
    (utf-8 . nosuch-coding)
    (5 . utf-8)
"#;

/// Single coding systems.
pub(super) const SYSTEMS: &str = "
    nil
    binary
    utf-8
    utf-8-unix
    utf-8-dos
    latin-1
    utf-16le
    euc-jp
    undecided
    raw-text
    iso-latin-1-unix
    windows-1252-dos
    nosuch-coding
    5
";

/// Texts, unibyte as read where all is ASCII.
pub(super) const TEXTS: &str = r#"
    "a"
    "hello"
    "line\n"
    "one\ntwo\n"
    "dos\r\n"
    "a\r\nb\nc\r\n"
    "\n"
    ""
    "é"
    "über\n"
    "漢字\n"
    "日本語"
    "привет\r\n"
    "€"
    "x\0y"
    "100% %s"
    "😀"
"#;

/// Lists of properties, and what is none.
pub(super) const PLISTS: &str = r#"
    nil
    (a 1)
    (a 1 b "two")
    (mark (old))
    (nested (c d))
    (odd)
    "string"
    5
    [a 1]
"#;

/// Keys of the contact.
pub(super) const KEYS: &str = r#"
    nil
    t
    :name
    :host
    :service
    :local
    :remote
    :server
    :family
    :type
    :filter
    :sentinel
    :buffer
    :coding
    :plist
    :keepalive
    :nothing
    odd
    5
    "x"
"#;

/// Options with values they take, as (NAME VALUE).
pub(super) const OPTIONS: &str = r#"
    (:keepalive t)
    (:keepalive nil)
    (:keepalive 0)
    (:broadcast t)
    (:dontroute t)
    (:dontroute nil)
    (:oobinline t)
    (:reuseaddr t)
    (:reuseaddr nil)
    (:linger nil)
    (:linger t)
    (:linger 5)
    (:linger 0)
    (:priority 1)
    (:priority 6)
    (:bindtodevice nil)
    (:bindtodevice "")
    (:bindtodevice "lo")
"#;

/// Options with values they do not take, and what is no option.
pub(super) const NO_OPTIONS: &str = r#"
    (:priority t)
    (:priority "x")
    (:priority 1.5)
    (:bindtodevice 5)
    (:bindtodevice sym)
    (:bindtodevice "nosuchdev")
    (:name "x")
    (:server t)
    (keepalive t)
    (:odd t)
    ("x" t)
    (5 t)
    (nil t)
"#;

/// Addresses of processes to send to, and what is none.
pub(super) const ADDRESSES: &str = r#"
    [127 0 0 1 9]
    [127 0 0 2 0]
    [0 0 0 0 0]
    [0 0 0 0 0 0 0 1 9]
    "/nonexistent/socket"
    nil
    5
    odd
    [127 0 0 1]
    []
    (1 2)
"#;

/// Addresses to be written as text.
pub(super) const WRITTEN: &str = r#"
    [127 0 0 1]
    [127 0 0 1 80]
    [255 255 255 255 65535]
    [0 0 0 0 0 0 0 1]
    [8193 3512 0 0 0 0 0 1 443]
    [1 2 3]
    [1 2 3 4 5 6]
    [256 0 0 1]
    [127 0 0 1 65536]
    [-1 0 0 1]
    [127 x 0 1 5]
    [0 0 0 0 0 0 0 65536]
    "/run/socket"
    ""
    (16 . [1 2])
    (odd . [1])
    nil
    5
    odd
"#;

/// Hosts that are looked up without asking anybody.
pub(super) const HOSTS: &str = r#"
    "127.0.0.1"
    "127.0.0.2"
    "::1"
    "localhost"
    "127.1"
    "no.invalid"
    ""
    "a b"
    "h\366st"
    "höst"
"#;

/// Services that are none, or none that listens.
pub(super) const SERVICES: &str = r#"
    1
    "1"
    "tcpmux"
    "nosuchservice"
    -1
    "-1"
    "0x10"
    nil
    1.5
    odd
    (1)
"#;

/// Families beside the usual ones.
pub(super) const FAMILIES: &str = r#"
    nil
    ipv4
    ipv6
    local
    inet
    2
    10
    1
    0
    "ipv4"
    12345
    -1
    1.5
    t
"#;

/// Types beside the usual ones.
pub(super) const TYPES: &str = r#"
    nil
    stream
    datagram
    seqpacket
    t
    "datagram"
    5
"#;

/// What is asked of a process alone.
pub(super) const QUESTIONS: &[&str] = &[
    "process-status",
    "process-live-p",
    "exit-status",
    "process-command",
    "process-filter",
    "process-sentinel",
    "process-buffer",
    "process-plist",
    "process-query-on-exit-flag",
    "process-coding-system",
    "process-filter-multibyte-p",
    "process-datagram-address",
    "process-type",
    "process-id",
    "process-tty-name",
    "process-name",
    "process-inherit-coding-system-flag",
    "process-contact",
    "processp",
    "marked",
    "sequence-state",
];

/// What network processes refuse.
pub(super) const SIGNALS: &[&str] = &[
    "interrupt-process",
    "kill-process",
    "quit-process",
    "process-running-child-p",
];

/// What filters, sentinels and log functions do beside noting what they are given.
pub(super) const DOINGS: &[&str] = &[
    "deletes", "answers", "ends", "stops", "enters", "waits", "mutes", "swaps", "retires",
    "unhands", "collects", "kills", "marks", "tells", "inserts", "throws",
];

/// What costs a pause of two seconds, in a filter or sentinel.
pub(super) const FAULTS: &[&str] = &["errs", "quits"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pool_can_be_read_and_is_not_empty() {
        for pool in [
            ODD, CODINGS, NO_CODINGS, SYSTEMS, TEXTS, PLISTS, KEYS, OPTIONS, NO_OPTIONS, ADDRESSES,
            WRITTEN, HOSTS, SERVICES, FAMILIES, TYPES,
        ] {
            assert!(values(pool).len() > 3);
        }
    }

    #[test]
    fn every_coding_system_that_is_used_is_known_to_us() {
        for value in values(CODINGS) {
            let halves = match value.as_cons() {
                Some(_) => vec![value.car().cloned(), value.cdr().cloned()],
                None => vec![Some(value)],
            };
            for half in halves.into_iter().flatten().filter(Value::is_true) {
                let name = half.as_symbol().unwrap().as_str().to_owned();
                assert!(netproc_coding::CodingSystem::parse(&name).is_ok(), "{name}");
            }
        }
    }
}
