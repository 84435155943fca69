//! What Emacs signals, word for word, and that nothing is left behind (probes 01 and 02).

use netproc_tests::{Peer, World, in_own_process, open_descriptors};

#[track_caller]
fn check(list: &str, expected: &str) {
    let world = World::new();
    assert_eq!(world.condition(list), expected, "{list}");
    assert!(world.network.processes().is_empty(), "{list}");
}

#[test]
fn mistakes_in_the_list_are_signalled_as_in_emacs() {
    check(
        "(:server t :service t)",
        "(wrong-type-argument stringp nil)",
    );
    check(
        r#"(:name "a" :type stream :server t :service t)"#,
        r#"(error "Unsupported connection type")"#,
    );
    check(
        r#"(:name "a" :server t :nowait t :service t)"#,
        r#"(error "‘:server’ is incompatible with ‘:nowait’")"#,
    );
    check(
        r#"(:name "a" :server t :local [1 2])"#,
        r#"(error "Malformed :address")"#,
    );
    check(
        r#"(:name "a" :server t :family foo :service t)"#,
        r#"(error "Unknown address family")"#,
    );
    check(
        r#"(:name "a" :host 5 :service 7)"#,
        "(wrong-type-argument stringp 5)",
    );
    check(
        r#"(:name "a" :host local)"#,
        "(wrong-type-argument stringp nil)",
    );
    check(
        r#"(:name "a" :family local :service 5)"#,
        "(wrong-type-argument stringp 5)",
    );
    check(
        r#"(:name "a" :server t :service t :buffer "")"#,
        r#"(error "Empty string for buffer name is not allowed")"#,
    );
    check(
        r#"(:name "a" :server t :service t :coding no-such-coding)"#,
        "(coding-system-error no-such-coding)",
    );
    check(
        r#"(:name "a" :server t :service t :priority "x")"#,
        r#"(error "Bad option value for :priority")"#,
    );
    check(
        r#"(:name "a" :server t :service t :plist 5)"#,
        "(wrong-type-argument sequencep 5)",
    );
    check(
        &format!(
            r#"(:name "a" :family local :service "{}")"#,
            "x".repeat(108)
        ),
        r#"(error "Service name too long")"#,
    );
}

#[test]
fn lookups_fail_as_the_resolver_says() {
    check(
        r#"(:name "a" :host "127.0.0.1" :service "no-such-service")"#,
        r#"(error "127.0.0.1/no-such-service Servname not supported for ai_socktype")"#,
    );
    check(
        r#"(:name "a" :host "127.0.0.1" :family ipv6 :service 7)"#,
        r#"(error "127.0.0.1/7 Address family for hostname not supported")"#,
    );
    check(
        r#"(:name "a" :host "h\u00e4" :service 7)"#,
        r#"(error "Non-ASCII hostname hä detected, please use puny-encode-domain")"#,
    );
}

#[test]
fn refusal_carries_the_arguments() {
    let (_reserved, port) = Peer::closed_port();
    check(
        &format!(r#"(:name "c" :host "127.0.0.1" :service {port} :plist (a 1))"#),
        &format!(
            r#"(file-error "make client process failed" "Connection refused" :name "c" :host "127.0.0.1" :service {port} :plist (a 1))"#
        ),
    );
    check(
        &format!(r#"(:name "c" :remote [127 0 0 1 {port}])"#),
        &format!(
            r#"(file-error "make client process failed" "Connection refused" :name "c" :remote [127 0 0 1 {port}])"#
        ),
    );
}

#[test]
fn a_missing_path_is_a_missing_file() {
    let world = World::new();
    for name in ["missing", "no/such/dir"] {
        let path = World::quoted(&world.path(name));
        assert_eq!(
            world.condition(&format!(r#"(:name "u" :family local :service {path})"#)),
            format!(
                r#"(file-missing "make client process failed" "No such file or directory" :name "u" :family local :service {path})"#
            )
        );
    }
}

#[test]
fn a_stale_socket_and_a_plain_file_refuse_clients_and_servers() {
    let world = World::new();
    let stale = world.path("stale");
    drop(std::os::unix::net::UnixListener::bind(&stale).unwrap());
    let plain = world.path("plain");
    std::fs::write(&plain, "text").unwrap();
    for path in [stale, plain] {
        let quoted = World::quoted(&path);
        let client = format!(r#"(:name "u" :family local :service {quoted})"#);
        assert_eq!(
            world.condition(&client),
            format!(
                r#"(file-error "make client process failed" "Connection refused" {}"#,
                &client[1..]
            )
        );
        assert_eq!(
            world.condition(&format!(
                r#"(:name "u" :server t :family local :service {quoted})"#
            )),
            r#"(file-error "Cannot bind server socket" "Address already in use")"#
        );
        assert!(path.exists(), "what was there stays");
    }
}

#[test]
fn a_kind_that_is_not_that_of_the_server_is_the_wrong_protocol() {
    let world = World::new();
    let path = World::quoted(&world.path("d"));
    world.open(&format!(
        r#"(:name "d" :server t :type datagram :family local :service {path})"#
    ));
    let client = format!(r#"(:name "u" :family local :service {path})"#);
    assert_eq!(
        world.condition(&client),
        format!(
            r#"(file-error "make client process failed" "Protocol wrong type for socket" {}"#,
            &client[1..]
        )
    );
}

#[test]
fn records_over_internet_addresses_are_not_supported() {
    check(
        r#"(:name "q" :type seqpacket :server t :local [127 0 0 1 0])"#,
        r#"(file-error "make server process failed" "Socket type not supported" :name "q" :type seqpacket :server t :local [127 0 0 1 0])"#,
    );
}

#[test]
fn an_address_in_use_is_refused_whatever_reuseaddr_says() {
    let world = World::new();
    let port = world
        .open(r#"(:name "s" :server t :service t)"#)
        .port()
        .unwrap();
    for more in ["", ":reuseaddr t", ":reuseaddr nil", ":host \"0.0.0.0\""] {
        assert_eq!(
            world.condition(&format!(r#"(:name "s2" :server t :service {port} {more})"#)),
            r#"(file-error "Cannot bind server socket" "Address already in use")"#,
            "{more}"
        );
    }
    world.open(&format!(
        r#"(:name "s2" :server t :host "127.0.0.2" :service {port})"#
    ));
}

#[test]
fn an_address_that_is_not_ours_cannot_be_bound() {
    check(
        r#"(:name "s" :server t :local [192 0 2 1 0])"#,
        r#"(file-error "Cannot bind server socket" "Cannot assign requested address")"#,
    );
}

#[test]
fn an_option_the_system_refuses_is_named() {
    check(
        r#"(:name "s" :server t :service t :bindtodevice "nosuchdev0")"#,
        r#"(file-error "Cannot set network option" "No such device" :bindtodevice "nosuchdev0")"#,
    );
}

#[test]
fn a_buffer_is_made_even_if_the_connection_fails() {
    let world = World::new();
    let (_reserved, port) = Peer::closed_port();
    world.condition(&format!(r#"(:name "c" :service {port} :buffer "zz")"#));
    assert!(world.network.find_buffer("zz").is_some());
}

#[test]
fn a_name_is_free_after_a_failure() {
    let world = World::new();
    let (_reserved, port) = Peer::closed_port();
    world.condition(&format!(r#"(:name "c" :service {port})"#));
    let (_listener, port) = Peer::listen();
    assert_eq!(
        world
            .open(&format!(r#"(:name "c" :service {port})"#))
            .name(),
        "c"
    );
}

#[test]
fn a_file_made_by_a_server_that_then_fails_is_removed() {
    let world = World::new();
    let path = world.path("s");
    let error = world.refuse(&format!(
        r#"(:name "s" :server t :family local :service {} :bindtodevice "nosuchdev0")"#,
        World::quoted(&path)
    ));
    assert!(
        error
            .condition()
            .to_string()
            .contains("Cannot set network option")
    );
    assert!(!path.exists());
}

#[test]
fn a_function_nobody_defined_is_refused() {
    let world = World::new();
    let error = world.refuse(r#"(:name "s" :server t :service t :filter recrod)"#);
    assert!(error.is_argument_error());
    assert!(error.to_string().contains("recrod") && error.to_string().contains("record"));
    assert!(world.network.processes().is_empty());
}

#[test]
fn failures_leave_no_descriptor() {
    if !in_own_process("errors::failures_leave_no_descriptor") {
        return;
    }
    let world = World::new();
    let (_reserved, port) = Peer::closed_port();
    let taken = world
        .open(r#"(:name "s" :server t :service t)"#)
        .port()
        .unwrap();
    let path = World::quoted(&world.path("missing"));
    let lists = [
        format!(r#"(:name "c" :service {port})"#),
        format!(r#"(:name "c" :host "localhost" :service {port})"#),
        format!(r#"(:name "c" :service {port} :coding no-such)"#),
        format!(r#"(:name "c" :family local :service {path})"#),
        format!(r#"(:name "s" :server t :service {taken})"#),
        r#"(:name "s" :server t :service t :bindtodevice "nosuchdev0")"#.to_owned(),
        r#"(:name "c" :type datagram :service 9 :bindtodevice "nosuchdev0")"#.to_owned(),
        r#"(:name "q" :type seqpacket :server t :local [127 0 0 1 0])"#.to_owned(),
    ];
    // The first round starts the reactor and its descriptors.
    for list in &lists {
        drop(world.refuse(list));
    }
    let before = open_descriptors();
    for list in &lists {
        drop(world.refuse(list));
        assert_eq!(open_descriptors(), before, "{list}");
        assert_eq!(world.network.processes().len(), 1, "{list}");
    }
}
