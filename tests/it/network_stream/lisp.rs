//! `open-network-stream` under its Emacs name: what Lisp is given, and what is signalled.

use netproc::functions::{default_network, delete_process, open_network_stream};
use netproc::network_stream::CommandFunction;
use netproc::{Error, Value, lisp::plist, lisp::read};

use super::script::{Mail, Turn};
use super::{ASK, Bench, GO, GREETING, OFFER, STARTTLS, emacs, imap_to, imap_upgraded};

/// Calls the function with the parameters of nnimap, and these before them.
fn call(bench: &Bench, name: &str, server: &Mail, parameters: &str) -> Result<Value, Error> {
    let trust = bench.authority.client("localhost");
    let list = format!(
        r#"({parameters} :capability-command "1 CAPABILITY\r\n" :end-of-command "\r\n"
            :always-query-capabilities t :success " OK " :tls-parameters {trust})"#
    );
    let starttls = CommandFunction::when(emacs("STARTTLS"), STARTTLS);
    let list = read(&list).expect("Lisp data");
    let list = plist::put(
        &list,
        &Value::keyword(":starttls-function"),
        starttls.into(),
    );
    let list = list.expect("a property list");
    open_network_stream(
        name,
        Value::Nil,
        "localhost",
        Value::from(server.port()),
        &list,
    )
}

#[track_caller]
fn prints(bench: &Bench, name: &str, turns: Vec<Turn>, parameters: &str, expected: &str) {
    let server = bench.serve([turns]);
    let value = call(bench, name, &server, parameters).expect("a value");
    assert_eq!(value.to_string(), expected);
    if let Some(process) = default_network().process(name) {
        delete_process(&process).expect("a process");
    }
    server.join();
}

#[track_caller]
fn signals(bench: &Bench, name: &str, turns: Vec<Turn>, parameters: &str, expected: &str) {
    let server = bench.serve([turns]);
    let port = server.port().to_string();
    let error = call(bench, name, &server, parameters).expect_err("a condition");
    assert_eq!(
        error.condition().to_string(),
        expected.replace("PORT", &port)
    );
    assert_eq!(default_network().process(name), None);
    server.join();
}

fn no_offer() -> Vec<Turn> {
    let words = "* CAPABILITY IMAP4rev1\r\n";
    vec![
        Turn::Say(GREETING),
        Turn::Hear(ASK),
        Turn::Say(words),
        Turn::Rest,
    ]
}

#[test]
fn a_list_or_a_process_is_returned() {
    let bench = Bench::new();
    let expected = "(#<process lisp-1> :greeting \"* OK ready\r\n\" \
         :capabilities \"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n\" :type tls :error nil)";
    prints(
        &bench,
        "lisp-1",
        imap_upgraded(),
        ":return-list t",
        expected,
    );
    prints(&bench, "lisp-2", imap_upgraded(), "", "#<process lisp-2>");
}

/// Emacs 28.2 means to return this, and stumbles over the nil (`wrong-type-argument`).
#[test]
fn a_server_without_starttls_gives_nil_and_the_reason() {
    let bench = Bench::new();
    let expected = "(nil :greeting \"* OK ready\r\n\" \
         :capabilities \"* CAPABILITY IMAP4rev1\r\n\" :type plain \
         :error \"Server does not support TLS\")";
    prints(
        &bench,
        "lisp-3",
        no_offer(),
        ":type starttls :return-list t",
        expected,
    );
    prints(&bench, "lisp-4", no_offer(), ":type starttls", "nil");

    let mut refusing = imap_to("1 NO later\r\n");
    refusing.push(Turn::Rest);
    let expected = "(nil :greeting \"* OK ready\r\n\" \
         :capabilities \"* CAPABILITY IMAP4rev1 STARTTLS\r\n\" :type plain \
         :error \"Server does not support TLS\")";
    prints(
        &bench,
        "lisp-5",
        refusing,
        ":type starttls :return-list t",
        expected,
    );
}

#[test]
fn a_server_that_closes_gives_nil_as_in_emacs() {
    let bench = Bench::new();
    let expected = "(nil :greeting \"* OK ready\r\n\" :capabilities nil :type plain :error nil)";
    let turns = vec![Turn::Say(GREETING), Turn::Hear(ASK)];
    prints(&bench, "lisp-6", turns, ":return-list t", expected);

    let expected = "(nil :greeting \"* OK ready\r\n\" \
         :capabilities \"* CAPABILITY IMAP4rev1 STARTTLS\r\n\" :type plain :error nil)";
    let turns = vec![
        Turn::Say(GREETING),
        Turn::Hear(ASK),
        Turn::Say(OFFER),
        Turn::Hear(STARTTLS),
    ];
    prints(&bench, "lisp-7", turns, ":return-list t", expected);
}

#[test]
fn conditions_are_those_of_emacs() {
    let bench = Bench::new();
    let not_running = r#"(error "Process lisp-8 not running")"#;
    signals(&bench, "lisp-8", vec![], ":return-list t", not_running);

    let negotiation = r#"(error "Unable to negotiate a TLS connection with localhost/PORT")"#;
    let mut cut = imap_to(GO);
    cut.push(Turn::Hello);
    signals(
        &bench,
        "lisp-9",
        cut,
        ":type starttls :return-list t",
        negotiation,
    );
}

#[test]
fn wrong_arguments_are_told_before_anything_is_opened() {
    let bench = Bench::new();
    let server = bench.serve([]);
    let condition = |parameters: &str| {
        let error = call(&bench, "lisp-10", &server, parameters).expect_err("a condition");
        error.condition().to_string()
    };
    assert_eq!(
        condition(":type foo"),
        r#"(error "Invalid connection type foo")"#
    );
    assert_eq!(
        condition(":end-of-capability 5"),
        "(wrong-type-argument stringp 5)"
    );
    assert_eq!(
        condition(":type shell :shell-command \"ssh %s\""),
        "(error \":type shell: no programs are started here; connect to a port that the program \
         forwards\")"
    );
    server.join();
}
