//! The list of processes: probe 17-process.

use netproc::Value;
use netproc::functions::*;

use crate::support::*;

/// Returns the printed line of the process whose name stands at the start.
fn line(name: &str) -> String {
    let table = list_processes(false);
    let mut lines = table.lines();
    let found = lines.find(|line| {
        line.strip_prefix(name)
            .is_some_and(|rest| rest.starts_with(' '))
    });
    found.expect("a line").to_owned()
}

#[test]
fn the_newest_process_comes_first_and_the_list_is_fresh() {
    let server = server("list-s");
    let first = client("list-c0", &server);
    let second = client("list-c1", &server);
    let list = process_list();
    let place = |process| {
        list.iter()
            .position(|listed| listed == process)
            .expect("listed")
    };
    assert!(place(&second) < place(&first) && place(&first) < place(&server));
}

#[test]
fn the_header_has_the_columns_of_emacs() {
    let table = list_processes(false);
    assert_eq!(
        table.lines().next().expect("a header"),
        "Process         PID     Status  Buffer                    TTY          Thread       Command",
    );
}

#[test]
fn clients_show_where_they_are_connected() {
    let server = server("list-srv");
    let port = port(&server);
    make(&format!(
        "(:name \"list-cli\" :buffer \"clibuf\" :host \"localhost\" :service {port})"
    ));
    make(&format!("(:name \"list-cli2\" :service {port})"));
    make(&format!("(:name \"list-stopped\" :service {port} :stop t)"));
    assert_eq!(
        line("list-cli"),
        format!(
            "list-cli        --      open    clibuf                    --           Main         \
             (network connection to localhost:{port})"
        ),
    );
    assert_eq!(
        line("list-cli2"),
        format!(
            "list-cli2       --      open    --                        --           Main         \
             (network connection to nil:{port})"
        ),
    );
    assert_eq!(
        line("list-stopped"),
        format!(
            "list-stopped    --      stop    --                        --           Main         \
             (network connection to nil:{port})"
        ),
    );
}

#[test]
fn servers_show_their_host_or_their_address() {
    let by_address = server("list-sa");
    let by_host = make(r#"(:name "list-sh" :server t :host local :service t)"#);
    let datagrams = make(r#"(:name "list-dg" :type datagram :server t :service t)"#);
    assert!(line("list-sa").ends_with(&format!(
        " listen  --                        --           Main         \
         (network server on [127 0 0 1 {}])",
        port(&by_address)
    )));
    assert!(line("list-sh").ends_with(&format!("(network server on local:{})", port(&by_host))));
    assert!(line("list-dg").ends_with(&format!(
        " open    --                        --           Main         \
         (datagram server on [127 0 0 1 {}])",
        port(&datagrams)
    )));
}

#[test]
fn local_servers_show_their_path_and_packets_count_as_datagrams() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| {
        folder
            .path()
            .join(name)
            .to_str()
            .expect("a plain path")
            .to_owned()
    };
    let (stream, packets) = (path("stream"), path("packets"));
    make(&format!(
        "(:name \"list-unx\" :server t :family local :service {})",
        Value::from(stream.as_str())
    ));
    make(&format!(
        "(:name \"list-sq\" :type seqpacket :server t :family local :service {})",
        Value::from(packets.as_str())
    ));
    assert!(line("list-unx").ends_with(&format!("(network server on {stream})")));
    assert!(line("list-sq").ends_with(&format!("(datagram server on {packets})")));
}

#[test]
fn a_long_name_pushes_its_line_to_the_right() {
    let server = server("list-long");
    let client = client("list-long-c", &server);
    let accepted = accepted(&server);
    let peer = port(&client);
    assert_eq!(
        line(process_name(&accepted)),
        format!(
            "list-long <127.0.0.1:{peer}> --      open    {:<25} --           Main         \
             (network connection to 127.0.0.1:{peer})",
            format!("list-long <127.0.0.1:{peer}>"),
        ),
    );
}

#[test]
fn those_not_asked_about_can_be_left_out() {
    let server = server("list-ask");
    let quiet = make(r#"(:name "list-quiet" :server t :service t :noquery t)"#);
    let listed: Vec<String> = process_rows(true)
        .into_iter()
        .map(|row| row.process)
        .collect();
    assert!(listed.iter().any(|name| name == process_name(&server)));
    assert!(!listed.iter().any(|name| name == process_name(&quiet)));
}

#[test]
fn the_rows_are_sorted_by_name() {
    let _later = server("list-zz");
    let _earlier = server("list-aa");
    let names: Vec<String> = process_rows(false)
        .into_iter()
        .map(|row| row.process)
        .collect();
    assert!(names.is_sorted());
}
