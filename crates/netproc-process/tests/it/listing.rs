//! `list-processes`, row by row (probe 17-process).

use netproc_address::Address;
use netproc_lisp::Value;
use netproc_process::listing::{self, Row};
use netproc_process::{Input, Machine};

use crate::support::*;

fn datagram_server() -> Machine {
    let mut machine = machine("(:name \"dg\" :type datagram :server t :service t)");
    machine
        .handle(Input::Bound {
            local: address("127.0.0.1:48894"),
            remote: None,
        })
        .unwrap();
    machine
}

fn local_server(name: &str, kind: &str, path: &str) -> Machine {
    let mut machine = machine(&format!(
        "(:name {name:?} {kind} :server t :family local :service {path:?})"
    ));
    let local = Address::from_value(&Value::from(path)).unwrap();
    machine.handle(Input::Listening { local }).unwrap();
    machine
}

#[test]
fn rows_read_as_in_emacs() {
    let mut client = open("(:name \"cli\" :host \"localhost\" :service 46493)");
    client.attach_buffer("clibuf", Value::Nil);
    let server = listening("(:name \"srv\" :server t :service t)", "127.0.0.1:46493");
    let mut kid = accept(&server, "127.0.0.1:33800");
    kid.attach_buffer("srv <127.0.0.1:33800>", Value::Nil);
    let mut stopped = open("(:name \"stopped\" :service 46493)");
    stopped.handle(Input::Stop).unwrap();
    let machines = [
        local_server("unx", "", "/tmp/lp"),
        stopped,
        listening(
            "(:name \"srvhost\" :server t :host local :service t)",
            "127.0.0.1:45329",
        ),
        kid,
        server,
        local_server("sq", ":type seqpacket", "/tmp/lq"),
        datagram_server(),
        open("(:name \"cli2\" :service 46493)"),
        client,
    ];
    let expected = "\
Process         PID     Status  Buffer                    TTY          Thread       Command
cli             --      open    clibuf                    --           Main         (network connection to localhost:46493)
cli2            --      open    --                        --           Main         (network connection to nil:46493)
dg              --      open    --                        --           Main         (datagram server on [127 0 0 1 48894])
sq              --      listen  --                        --           Main         (datagram server on /tmp/lq)
srv             --      listen  --                        --           Main         (network server on [127 0 0 1 46493])
srv <127.0.0.1:33800> --      open    srv <127.0.0.1:33800>     --           Main         (network connection to 127.0.0.1:33800)
srvhost         --      listen  --                        --           Main         (network server on local:45329)
stopped         --      stop    --                        --           Main         (network connection to nil:46493)
unx             --      listen  --                        --           Main         (network server on /tmp/lp)
";
    assert_eq!(listing::print(machines.iter().map(Row::new)), expected);
}

#[test]
fn only_flagged_processes_that_run_are_asked_about() {
    let mut client = open("(:name \"c\" :service 1)");
    assert!(client.asks_before_exit());
    client.set_query_on_exit(false);
    assert!(!client.asks_before_exit());
    client.set_query_on_exit(true);
    client.handle(Input::Delete).unwrap();
    assert!(!client.asks_before_exit());
    assert!(!machine("(:name \"c\" :service 1 :nowait t)").asks_before_exit());
}
