//! Sending and waiting: probes 06-status, 11-accept and 13-encode.

use std::time::{Duration, Instant};

use netproc::functions::*;
use netproc::{Error, Network, Process, Value, network};

use crate::support::*;

#[test]
fn what_is_not_open_takes_nothing() {
    let server = server("send-s");
    let refused = plain_error("Process send-s not running");
    assert_eq!(condition(process_send_string(&server, "x")), refused);
    assert_eq!(condition(process_send_eof("send-s")), refused);
    let client = client("send-c", &server);
    delete_process(&client).expect("it was there");
    let refused = plain_error("Process send-c not running");
    assert_eq!(condition(process_send_string(&client, "x")), refused);
    assert_eq!(condition(process_send_eof(&client)), refused);
}

#[test]
fn a_string_is_sent_to_a_process_by_name() {
    let server = make(r#"(:name "send-name" :server t :service t :buffer "send-name-b")"#);
    let _client = client("send-name-c", &server);
    process_send_string("send-name-c", "by name").expect("sent");
    wait_for_text(&accepted(&server), "by name");
}

#[test]
fn a_region_is_sent_whichever_end_comes_first() {
    let server = server("send-region");
    let client = client("send-region-c", &server);
    let buffer = default_network().buffer("send-region-b").expect("a buffer");
    set_process_buffer(&client, Some(&buffer));
    internal_default_process_filter(&client, &"aé€z".into());
    process_send_region(&client, &buffer, 2, 4).expect("sent");
    process_send_region(&client, &buffer, 5, 4).expect("sent");
    process_send_region(&client, &buffer, 3, 3).expect("nothing to send");
    wait_for_text(&accepted(&server), "é€z");
    for (start, end) in [(1, 100), (100, 1)] {
        let refused = condition(process_send_region(&client, &buffer, start, end));
        assert_eq!(refused, "(args-out-of-range #<buffer send-region-b> 1 100)");
    }
    let refused = condition(process_send_region(&client, &buffer, 0, 1));
    assert_eq!(refused, "(args-out-of-range #<buffer send-region-b> 0 1)");
}

#[test]
fn after_the_end_of_file_sends_go_nowhere_and_are_no_error() {
    let server = server("send-eof");
    let client = client("send-eof-c", &server);
    process_send_eof(&client).expect("the end");
    process_send_string(&client, "too late").expect("goes nowhere");
    process_send_eof(&client).expect("once more");
}

#[test]
fn without_a_process_and_a_time_waiting_only_looks() {
    let before = Instant::now();
    accept_process_output(None, None, false).expect("nothing can refuse");
    assert!(before.elapsed() < DEADLINE);
}

#[test]
fn waiting_for_a_server_or_a_closed_process_returns_at_once() {
    let server = server("wait-server");
    assert!(!accept_process_output(&server, None, false).expect("not refused"));
    delete_process(&server).expect("it was there");
    assert!(!accept_process_output(&server, None, false).expect("not refused"));
}

#[test]
fn waiting_tells_whether_there_was_output() {
    let (network, server) = echo();
    let list = format!("(:name \"wait-echo-c\" :service {})", port(&server));
    let client = make_in(&network, &list);
    let short = Duration::from_millis(20);
    assert!(!accept_process_output(&client, short, false).expect("not refused"));
    process_send_string(&client, "x").expect("sent");
    assert!(accept_process_output(&client, DEADLINE, false).expect("not refused"));
}

#[test]
fn just_this_one_lets_the_others_stand_still() {
    let (network, server) = echo();
    let list = format!("(:name \"wait-just\" :service {})", port(&server));
    let client = make_in(&network, &list);
    process_send_string(&client, "x").expect("sent");
    let short = Duration::from_millis(20);
    // The server may not even accept, so nothing comes back.
    assert!(!accept_process_output(&client, short, true).expect("not refused"));
    assert_eq!(network.processes().len(), 2);
    assert!(accept_process_output(&client, DEADLINE, false).expect("not refused"));
}

/// Makes an echo server in a network that no other test drives.
fn echo() -> (Network, Process) {
    let network = Network::new();
    network.define_filter("echo", |process, text| process.send(text));
    let server = make_in(
        &network,
        r#"(:name "wait-echo" :server t :service t :filter echo)"#,
    );
    (network, server)
}

#[test]
fn sleeping_lasts_as_long_as_told_and_waiting_no_longer_than_needed() {
    let before = Instant::now();
    sleep_for(Duration::from_millis(30));
    assert!(before.elapsed() >= Duration::from_millis(30));
    assert!(wait_until(DEADLINE, || true));
    assert!(wait_until(Duration::MAX, || true));
    assert!(before.elapsed() < DEADLINE);
    assert!(!wait_until(Duration::ZERO, || false));
}

#[test]
fn a_datagram_that_is_too_long_is_refused_and_the_process_stays() {
    let server = make(r#"(:name "send-long-s" :type datagram :server t :service t)"#);
    let client = make(&format!(
        "(:name \"send-long\" :type datagram :service {})",
        port(&server)
    ));
    let message = "x".repeat(65508);
    assert_eq!(
        condition(process_send_string(&client, &message)),
        "(file-error \"Sending datagram\" \"Message too long\" #<process send-long>)",
    );
    process_send_string(&client, &message[1..]).expect("65507 bytes are the most");
}

#[test]
fn a_message_nobody_can_take_says_why() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = Value::from(folder.path().join("none").to_str().expect("a plain path"));
    let client = make(&format!(
        "(:name \"send-missing\" :type datagram :family local :service {path})"
    ));
    let outcome = process_send_string(&client, "x");
    let Err(Error::Network(network::Error::SendRefused { process, .. })) = &outcome else {
        panic!("the path is missing, but {outcome:?}");
    };
    assert_eq!(process, &client);
    assert_eq!(
        condition(outcome),
        "(file-missing \"Writing to process\" \"No such file or directory\" \
         #<process send-missing>)",
    );
    assert!(process_live_p(&client));
}
