//! Names, buffers and values in place of processes: probe 17-process.

use netproc::functions::*;
use netproc::{Status, Value};

use crate::support::*;

#[test]
fn what_names_no_process_is_an_error_in_the_words_of_emacs() {
    assert_eq!(
        condition(delete_process("nosuch")),
        plain_error("Process nosuch does not exist")
    );
    assert_eq!(
        condition(process_type("nosuch")),
        plain_error("Process nosuch does not exist")
    );
    let buffer = default_network().buffer("des-empty").expect("a buffer");
    assert_eq!(
        condition(delete_process("des-empty")),
        plain_error("Buffer des-empty has no process")
    );
    default_network().kill_buffer(&buffer);
    assert_eq!(
        condition(delete_process(&buffer)),
        plain_error("Attempt to get process for a dead buffer"),
    );
    assert_eq!(
        condition(delete_process(&Value::symbol("foo"))),
        "(wrong-type-argument processp foo)"
    );
    assert_eq!(
        condition(delete_process(&Value::Nil)),
        "(wrong-type-argument processp nil)"
    );
}

#[test]
fn a_buffer_stands_for_its_newest_process() {
    let server = server("des-bs");
    let port = port(&server);
    let old = make(&format!(
        "(:name \"des-b1\" :service {port} :buffer \"des-b\")"
    ));
    let new = make(&format!(
        "(:name \"des-b2\" :service {port} :buffer \"des-b\")"
    ));
    let buffer = process_buffer(&old).expect("a buffer");
    assert_eq!(get_buffer_process("des-b").as_ref(), Some(&new));
    assert_eq!(get_buffer_process(&buffer).as_ref(), Some(&new));

    delete_process(&buffer).expect("the new one");
    assert!(!process_live_p(&new));
    wait_for(|| get_buffer_process("des-b").as_ref() == Some(&old));
    delete_process("des-b").expect("the old one");
    assert!(!process_live_p(&old));
    wait_for(|| get_buffer_process("des-b").is_none());
    assert_eq!(
        condition(delete_process("des-b")),
        plain_error("Buffer des-b has no process")
    );
    assert_eq!(get_buffer_process("des-nosuch"), None);
}

#[test]
fn the_name_of_a_process_wins_over_that_of_a_buffer() {
    let owner = make(r#"(:name "des-owner" :server t :service t :buffer "des-both")"#);
    let named = server("des-both");
    assert_eq!(
        process_status("des-both").expect("known"),
        Some(Status::Listen)
    );
    delete_process("des-both").expect("the process");
    assert!(!process_live_p(&named));
    assert!(process_live_p(&owner));
    // The status is that of processes; no name of a buffer is looked up.
    wait_for(|| matches!(process_status("des-both"), Ok(None)));
}

#[test]
fn a_process_in_lisp_data_is_the_process() {
    let server = server("des-value");
    let value = server.to_value();
    assert_eq!(value.to_string(), "#<process des-value>");
    assert_eq!(value, server.to_value());
    assert!(processp(&value));
    assert!(!processp(&Value::from("des-value")));
    assert_eq!(process_status(&value).expect("known"), Some(Status::Listen));
    delete_process(&Value::from("des-value")).expect("by a string");
    assert_eq!(process_status(&value).expect("known"), Some(Status::Closed));
}

#[test]
fn an_unknown_name_has_no_status_and_no_process() {
    assert_eq!(process_status("nosuch").expect("not an error"), None);
    assert_eq!(get_process("nosuch"), None);
}
