//! The arguments as Lisp has them: each keyword, and what is said about a wrong one.

use netproc_dialogue::{
    CapabilityCommand, CertificateFiles, ClientCertificate, CommandFunction, Dialogue, Error,
    Pattern, StreamRequest, StreamType, Value, keywords,
};
use netproc_lisp::{plist, read};

use crate::support::{emacs, imap};

fn open(list: &Value) -> Result<StreamRequest, Error> {
    let service = Value::string("imap");
    StreamRequest::from_values(
        &"c".into(),
        &Value::Nil,
        &"localhost".into(),
        &service,
        list,
    )
}

#[track_caller]
fn refused(list: &str) -> Error {
    open(&read(list).expect("Lisp data")).expect_err(list)
}

#[test]
fn a_list_and_the_setters_say_the_same() {
    let starttls = CommandFunction::when(emacs("STARTTLS"), "1 STARTTLS\r\n");
    let list = read(
        r#"(:type starttls :coding utf-8 :return-list t :end-of-command "\r\n"
            :end-of-capability "^1 " :success " OK " :capability-command "1 CAPABILITY\r\n"
            :always-query-capabilities t :client-certificate ("k.pem" "c.pem")
            :use-starttls-if-possible t :warn-unless-encrypted t :nogreeting t :nowait (:nowait t)
            :shell-command nil :tls-parameters (gnutls-x509pki))"#,
    )
    .unwrap();
    let list = plist::put(
        &list,
        &Value::keyword(":starttls-function"),
        starttls.clone().into(),
    );
    let read = open(&list.unwrap()).unwrap();
    let written = StreamRequest::new("c", "localhost", "imap")
        .stream_type(StreamType::Starttls)
        .coding(Value::symbol("utf-8"))
        .return_list(true)
        .end_of_command(emacs("\r\n"))
        .end_of_capability(emacs("^1 "))
        .success(emacs(" OK "))
        .capability_command("1 CAPABILITY\r\n")
        .always_query_capabilities(true)
        .client_certificate(ClientCertificate::Files(CertificateFiles {
            key: "k.pem".into(),
            certificate: "c.pem".into(),
        }))
        .warn_unless_encrypted(true)
        .nogreeting(true)
        .nowait(true)
        .starttls_function(starttls)
        .use_starttls_if_possible(true)
        .tls_parameters(Value::list([Value::symbol("gnutls-x509pki")]));
    assert_eq!(format!("{read:?}"), format!("{written:?}"));
    assert_eq!(keywords().count(), 16);
}

#[test]
fn types_have_the_names_of_emacs() {
    let types = [
        ("nil", StreamType::Network),
        ("network", StreamType::Network),
        ("plain", StreamType::Plain),
        ("starttls", StreamType::Starttls),
        ("tls", StreamType::Tls),
        ("ssl", StreamType::Tls),
    ];
    for (name, expected) in types {
        let list = read(&format!("(:type {name})")).unwrap();
        assert_eq!(open(&list).unwrap().stream_type, expected);
    }
}

#[test]
fn a_wrong_value_is_named_with_what_was_expected() {
    let wrong = [
        (
            "(:type foo)",
            ":type foo: expected network, plain, starttls, tls, ssl or nil",
            r#"(error "Invalid connection type foo")"#,
        ),
        (
            "(:success 5)",
            ":success 5: expected a regexp or nil",
            "(wrong-type-argument stringp 5)",
        ),
        (
            "(:end-of-command \"[\")",
            ":end-of-command: the regexp \"[\" has `[` at character 1 without its partner",
            r#"(invalid-regexp "Unmatched [ or [^")"#,
        ),
        (
            "(:capability-command 5)",
            ":capability-command 5: expected a string, a function of the greeting \
             (CommandFunction) or nil",
            "(wrong-type-argument stringp 5)",
        ),
        (
            "(:starttls-function \"STARTTLS\")",
            ":starttls-function \"STARTTLS\": expected a function of the capabilities \
             (CommandFunction) or nil",
            "(invalid-function \"STARTTLS\")",
        ),
        (
            "(:client-certificate (\"k\"))",
            ":client-certificate (\"k\"): expected a list of the key file and the certificate \
             file, t or nil",
            "",
        ),
        (
            "(:type shell)",
            ":type shell: no programs are started here; connect to a port that the program \
             forwards",
            "",
        ),
        (
            "(:shell-command \"ssh %s nc %p\")",
            ":shell-command \"ssh %s nc %p\": no programs are started here; connect to a port \
             that the program forwards",
            "",
        ),
        (
            "(:nowiat t)",
            ":nowiat is no parameter of open-network-stream; is :nowait meant?",
            "",
        ),
        (
            "(:frobnicate t)",
            ":frobnicate is no parameter of open-network-stream",
            "",
        ),
        ("(5 t)", "5 is no parameter of open-network-stream", ""),
        (
            "(:nowait)",
            "the parameters are (:nowait); expected keywords, each with a value after it",
            "(wrong-type-argument listp (:nowait))",
        ),
    ];
    for (list, message, condition) in wrong {
        let error = refused(list);
        assert_eq!(error.to_string(), message);
        assert!(error.is_argument_error());
        if condition.is_empty() {
            let ours = Value::list([Value::symbol("error"), Value::string(message)]);
            assert_eq!(error.condition(), ours);
        } else {
            assert_eq!(error.condition().to_string(), condition);
        }
    }
}

#[test]
fn the_four_arguments_are_checked() {
    let (name, host, service) = (Value::from("c"), Value::from("h"), Value::from(25));
    let nil = Value::Nil;
    let read = |name, host, service| {
        StreamRequest::from_values(name, &Value::Nil, host, service, &Value::Nil)
    };
    assert!(read(&name, &host, &service).is_ok());
    let message = |error: Result<StreamRequest, Error>| error.expect_err("wrong").to_string();
    assert_eq!(
        message(read(&nil, &host, &service)),
        "NAME nil: expected a string"
    );
    assert_eq!(
        message(read(&name, &nil, &service)),
        "HOST nil: expected a string"
    );
    assert_eq!(
        message(read(&name, &host, &nil)),
        "SERVICE nil: expected a port number or the name of a service"
    );
}

#[test]
fn the_first_of_two_counts() {
    let list = read("(:type plain :type starttls :success \"a\" :success 5)").unwrap();
    let request = open(&list).unwrap();
    assert_eq!(request.stream_type, StreamType::Plain);
    assert_eq!(request.success, Some(emacs("a")));
}

#[test]
fn functions_and_foreign_patterns_stand_in_lists() {
    let function = CommandFunction::new(|_| Some("x"));
    let pattern = Pattern::regex("x+").unwrap();
    let list = Value::list([
        Value::keyword(":capability-command"),
        function.into(),
        Value::keyword(":success"),
        pattern.clone().into(),
    ]);
    let request = open(&list).unwrap();
    assert!(matches!(
        request.capability_command,
        Some(CapabilityCommand::Function(_))
    ));
    assert_eq!(request.success, Some(pattern));
}

#[test]
fn encryption_that_could_never_come_about_is_refused() {
    let missing = |change: fn(&mut StreamRequest)| {
        let mut request = imap().stream_type(StreamType::Starttls);
        change(&mut request);
        Dialogue::new(request).expect_err("incomplete").to_string()
    };
    let reason = "is missing: :type starttls needs it to know how to ask for encryption";
    assert_eq!(
        missing(|request| request.capability_command = None),
        format!(":capability-command {reason}")
    );
    assert_eq!(
        missing(|request| request.starttls_function = None),
        format!(":starttls-function {reason}")
    );
    assert_eq!(
        missing(|request| request.success = None),
        format!(":success {reason}")
    );
    let no_end = ":end-of-command is missing: without it the answer to STARTTLS has no end";
    assert_eq!(missing(|request| request.end_of_command = None), no_end);
    let mut network = imap();
    network.end_of_command = None;
    assert_eq!(Dialogue::new(network).unwrap_err().to_string(), no_end);
}
