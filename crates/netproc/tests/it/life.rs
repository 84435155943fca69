//! The life of a process: probe 06-status.

use netproc::functions::*;
use netproc::{ExitStatus, Process, Status, Value};

use crate::support::*;

/// Status, whether it lives, exit status, whether it is stopped, whether it is listed.
fn facts(process: &Process) -> (Status, bool, ExitStatus, bool, bool) {
    (
        process_status(process)
            .expect("a process")
            .expect("a status"),
        process_live_p(process),
        process_exit_status(process),
        process_command(process),
        process_list().contains(process),
    )
}

#[test]
fn a_client_is_open_until_it_is_deleted() {
    let server = server("life-s");
    let client = client("life-c", &server);
    assert_eq!(
        facts(&client),
        (Status::Open, true, ExitStatus::Code(0), false, true)
    );
    delete_process(&client).expect("it was there");
    wait_for(|| !process_list().contains(&client));
    assert_eq!(
        facts(&client),
        (Status::Closed, false, ExitStatus::Code(0), false, false)
    );
    delete_process(&client).expect("once more does nothing");
}

#[test]
fn a_server_listens() {
    let server = server("life-l");
    assert_eq!(
        facts(&server),
        (Status::Listen, true, ExitStatus::Code(0), false, true)
    );
}

#[test]
fn a_stopped_process_says_so_and_goes_on() {
    let server = server("life-stop");
    stop_process(&server);
    stop_process(&server);
    assert_eq!(
        facts(&server),
        (Status::Stop, true, ExitStatus::Code(0), true, true)
    );
    continue_process(&server);
    assert_eq!(
        facts(&server),
        (Status::Listen, true, ExitStatus::Code(0), false, true)
    );
}

#[test]
fn a_process_whose_peer_closed_ends_with_256_until_it_is_deleted() {
    let server = server("life-peer");
    let client = client("life-peer-c", &server);
    delete_process(&accepted(&server)).expect("it was there");
    wait_for(|| !process_list().contains(&client));
    assert_eq!(
        facts(&client),
        (Status::Closed, false, ExitStatus::Code(256), false, false)
    );
    delete_process(&client).expect("it may be deleted still");
    assert_eq!(process_exit_status(&client), ExitStatus::Code(0));
}

#[test]
fn a_refused_connection_that_nobody_waits_for_fails_with_its_number() {
    let server = server("life-refuse");
    let port = port(&server);
    delete_process(&server).expect("it was there");
    let client = make(&format!(
        "(:name \"life-refused\" :remote [127 0 0 1 {port}] :nowait t)"
    ));
    assert!(wait_until(DEADLINE, || client.status() == Status::Failed));
    assert_eq!(
        facts(&client),
        (Status::Failed, false, ExitStatus::Code(111), false, true)
    );
}

#[test]
fn the_exit_status_of_a_connecting_process_is_0() {
    let server = server("life-connect");
    let client = make(&format!(
        "(:name \"life-connecting\" :host \"127.0.0.1\" :service {} :nowait t)",
        port(&server)
    ));
    assert_eq!(process_exit_status(&client), ExitStatus::Code(0));
}

#[test]
fn a_network_process_is_no_subprocess() {
    let server = server("life-sub");
    let refused = plain_error("Process life-sub is not a subprocess");
    assert_eq!(condition(interrupt_process(&server)), refused);
    assert_eq!(condition(kill_process("life-sub")), refused);
    assert_eq!(condition(quit_process(&server)), refused);
    assert_eq!(condition(process_running_child_p(&server)), refused);
    let refused = plain_error("Cannot signal process life-sub");
    assert_eq!(condition(signal_process(&server, 15)), refused);
    assert!(process_live_p(&server));
}

#[test]
fn what_programs_have_a_network_process_has_not() {
    let server = server("life-none");
    assert_eq!(process_id(&server), None);
    assert_eq!(process_tty_name(&server), None);
    assert!(!set_process_window_size(&server, 24, 80));
    assert_eq!(
        process_type(&server).expect("a process"),
        Value::symbol("network")
    );
    assert_eq!(process_name(&server), "life-none");
    assert_eq!(server.to_string(), "#<process life-none>");
}
