//! Network options: set when made, set later, and read back from the kernel (probes 03 and 18).

use netproc::network::{NetworkOption, OptionName, Process};
use netproc_tests::{Peer, World};

/// Every option but `:bindtodevice`, with a value that is not the default one.
const GIVEN: &str =
    ":broadcast t :dontroute t :keepalive t :linger 5 :oobinline t :priority 3 :nodelay t";

#[track_caller]
fn check(process: &Process, is_tcp: bool) {
    let mut expected = vec![
        NetworkOption::Broadcast(true),
        NetworkOption::DontRoute(true),
        NetworkOption::KeepAlive(true),
        NetworkOption::Linger(Some(5)),
        NetworkOption::OobInline(true),
        NetworkOption::Priority(3),
    ];
    if is_tcp {
        expected.push(NetworkOption::NoDelay(true));
    }
    for option in expected {
        assert_eq!(process.option(option.name()).unwrap(), option, "{process}");
    }
}

#[test]
fn options_of_a_stream_server_are_set() {
    let world = World::new();
    let server = world.open(&format!(r#"(:name "s" :server t :service t {GIVEN})"#));
    check(&server, true);
    assert_eq!(
        server.option(OptionName::ReuseAddress).unwrap(),
        NetworkOption::ReuseAddress(true)
    );
}

#[test]
fn options_of_a_stream_client_are_set() {
    let world = World::new();
    let (_listener, port) = Peer::listen();
    let client = world.open(&format!(r#"(:name "c" :service {port} {GIVEN})"#));
    check(&client, true);
    assert_eq!(
        client.option(OptionName::ReuseAddress).unwrap(),
        NetworkOption::ReuseAddress(false)
    );
}

#[test]
fn options_of_datagram_processes_are_set() {
    let world = World::new();
    let given = GIVEN.replace(":nodelay t", "");
    let server = world.open(&format!(
        r#"(:name "s" :server t :type datagram :service t {given})"#
    ));
    check(&server, false);
    let client = world.open(&format!(r#"(:name "c" :type datagram :service 9 {given})"#));
    check(&client, false);
}

#[test]
fn options_of_a_nowait_client_are_set() {
    let world = World::new();
    let (_listener, port) = Peer::listen();
    let client = world.open(&format!(r#"(:name "c" :nowait t :service {port} {GIVEN})"#));
    // Reading an option waits for the socket.
    check(&client, true);
}

#[test]
fn local_sockets_take_all_options_of_emacs() {
    let world = World::new();
    let path = World::quoted(&world.path("u"));
    let given = GIVEN.replace(":nodelay t", "").replace(":dontroute t", "");
    let server = world.open(&format!(
        r#"(:name "s" :server t :family local :service {path} {given})"#
    ));
    assert_eq!(
        server.option(OptionName::KeepAlive).unwrap(),
        NetworkOption::KeepAlive(true)
    );
}

#[test]
fn reuseaddr_is_on_for_internet_servers_unless_the_keyword_is_there() {
    let world = World::new();
    let reuse = |list: &str| world.open(list).option(OptionName::ReuseAddress).unwrap();
    let on = NetworkOption::ReuseAddress(true);
    let off = NetworkOption::ReuseAddress(false);
    assert_eq!(reuse(r#"(:name "s" :server t :service t)"#), on);
    assert_eq!(
        reuse(r#"(:name "s" :server t :type datagram :service t)"#),
        on
    );
    assert_eq!(
        reuse(r#"(:name "s" :server t :service t :reuseaddr nil)"#),
        off
    );
    assert_eq!(
        reuse(r#"(:name "s" :server t :service t :reuseaddr t)"#),
        on
    );
    let path = World::quoted(&world.path("u"));
    let local = format!(r#"(:name "s" :server t :family local :service {path})"#);
    assert_eq!(reuse(&local), off);
}

#[test]
fn each_option_can_be_set_later_and_read_back() {
    let world = World::new();
    let (_listener, port) = Peer::listen();
    let client = world.open(&format!(r#"(:name "c" :service {port})"#));
    for option in [
        NetworkOption::Broadcast(true),
        NetworkOption::DontRoute(true),
        NetworkOption::KeepAlive(true),
        NetworkOption::Linger(Some(7)),
        NetworkOption::OobInline(true),
        NetworkOption::Priority(2),
        NetworkOption::ReuseAddress(true),
        NetworkOption::NoDelay(true),
        NetworkOption::KeepAlive(false),
        NetworkOption::Linger(None),
        NetworkOption::Linger(Some(0)),
    ] {
        client.set_option(&option).unwrap();
        assert_eq!(client.option(option.name()).unwrap(), option);
        assert_eq!(
            client.contact_value(option.name().keyword()),
            option.value()
        );
    }
}

#[test]
fn of_an_option_given_twice_the_last_is_in_force_and_the_first_is_shown() {
    let world = World::new();
    let server = world.open(r#"(:name "s" :server t :service t :priority 1 :priority 2)"#);
    assert_eq!(
        server.option(OptionName::Priority).unwrap(),
        NetworkOption::Priority(2)
    );
    assert_eq!(server.contact_value(":priority").as_integer(), Some(1));
}

#[test]
fn keepalive_of_the_listener_is_inherited_as_the_kernel_does_it() {
    let world = World::new();
    let server = world.open(r#"(:name "s" :server t :service t :keepalive t)"#);
    let _peer = Peer::connect(&server);
    assert_eq!(
        world
            .accepted(&server)
            .option(OptionName::KeepAlive)
            .unwrap(),
        NetworkOption::KeepAlive(true)
    );
}

#[test]
fn a_process_is_bound_to_a_device() {
    let world = World::new();
    let server = world.open(r#"(:name "s" :server t :service t :bindtodevice "lo" :filter echo)"#);
    assert_eq!(
        server.option(OptionName::BindToDevice).unwrap(),
        NetworkOption::BindToDevice(Some((*b"lo").into()))
    );
    Peer::connect(&server);
}

#[test]
fn a_closed_process_takes_no_options() {
    let world = World::new();
    let server = world.open(r#"(:name "s" :server t :service t)"#);
    server.delete();
    let error = server
        .set_option(&NetworkOption::KeepAlive(true))
        .unwrap_err();
    assert_eq!(
        error.condition().to_string(),
        r#"(error "Process is not running")"#
    );
}

#[test]
fn linger_0_resets_on_deletion() {
    let world = World::new();
    let server = world.open(r#"(:name "s" :server t :service t)"#);
    let mut peer = Peer::connect(&server);
    let accepted = world.accepted(&server);
    accepted
        .set_option(&NetworkOption::Linger(Some(0)))
        .unwrap();
    accepted.delete();
    let outcome = std::io::Read::read(&mut peer, &mut [0; 1]);
    assert_eq!(
        outcome.unwrap_err().kind(),
        std::io::ErrorKind::ConnectionReset
    );
}

#[test]
fn urgent_data_is_read_among_the_rest_with_oobinline() {
    let world = World::new();
    let (listener, port) = Peer::listen();
    world.open(&format!(
        r#"(:name "c" :service {port} :oobinline t :filter record)"#
    ));
    let Peer::Tcp(peer) = Peer::accept(&listener) else {
        unreachable!("a peer over TCP")
    };
    let socket = socket2::SockRef::from(&peer);
    socket.send_out_of_band(b"!").unwrap();
    world.until_line(r#"filter c "!""#);
}
