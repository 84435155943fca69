//! Many encrypted connections, every kind of stream, and what each end knows of the other.

use std::collections::HashMap;
use std::io::{Read as _, Write as _};
use std::sync::{Arc, Mutex};

use netproc::network::{Callbacks, Process, Service, Spec};
use netproc::tls::{PeerStatus, Version};
use netproc_tests::tls::{Authority, Client, Meddling, Proxy, SECRET};
use netproc_tests::{Peer, World, has_ipv6};

/// Numbers that look thrown, the same in each run.
fn numbers(seed: u64) -> impl Iterator<Item = usize> {
    let mut state = seed;
    std::iter::repeat_with(move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from(state >> 33).expect("31 bits")
    })
}

fn text(number: usize) -> Vec<u8> {
    let mut numbers = numbers(number as u64);
    let length = numbers.next().expect("a number") % 200_000;
    numbers.map(|it| it.to_le_bytes()[0]).take(length).collect()
}

#[test]
fn a_hundred_connections_at_a_time_get_each_their_own_back() {
    const COUNT: usize = 100;
    let world = World::new();
    let authority = Authority::new();
    let leaf = authority.leaf("localhost");
    let server = Spec::server("s")
        .service(Service::Any)
        .backlog(200)
        .coding("binary")
        .filter(|process, text| process.send(text))
        .tls_parameters(netproc::lisp::read(&leaf.server()).unwrap());
    let server = world.network.open(server).unwrap();
    let background = world.network.run_background(2).unwrap();
    let back: Arc<Mutex<HashMap<String, Vec<u8>>>> = Arc::default();
    let mut clients = Vec::new();
    for number in 0..COUNT {
        let back = Arc::clone(&back);
        let spec = Spec::client(format!("c{number}"))
            .host("localhost")
            .service(server.service())
            .nowait(true)
            .coding("binary")
            .tls_parameters(netproc::lisp::read(&authority.client("localhost")).unwrap())
            .filter(move |process, text| {
                let mut back = back.lock().unwrap();
                let all = back.entry(process.name().to_owned()).or_default();
                all.extend_from_slice(&text.as_bytes());
            });
        clients.push(world.network.open(spec).unwrap());
    }
    for (number, client) in clients.iter().enumerate() {
        client.send(&text(number)).unwrap();
    }
    let is_back = |number: usize| {
        let back = back.lock().unwrap();
        let length = back.get(&format!("c{number}")).map_or(0, Vec::len);
        length >= text(number).len()
    };
    for number in 0..COUNT {
        world.until("everything back", || is_back(number));
    }
    drop(background);
    let back = back.lock().unwrap();
    for number in 0..COUNT {
        let own = back.get(&format!("c{number}"));
        assert!(
            own.map_or(&[][..], Vec::as_slice) == text(number),
            "c{number}"
        );
    }
    assert_eq!(world.faults.lines(), [""; 0]);
}

/// Echoes the secret between two processes of ours, and returns the client.
#[track_caller]
fn echo(world: &World, server: &str, client: impl FnOnce(&Process) -> String) -> Process {
    let server = world.open(server);
    let client = world.open(&client(&server));
    client.send(SECRET).unwrap();
    let buffer = client.buffer().unwrap();
    world.until("an echo", || buffer.text() == SECRET);
    assert!(client.is_encrypted());
    client
}

#[test]
fn every_kind_of_stream_is_encrypted() {
    let world = World::new();
    let authority = Authority::new();
    let own = authority.leaf("localhost").server();
    let path = World::quoted(&world.path("u"));
    let mut families = vec![
        (
            ":host \"127.0.0.1\" :service t".to_owned(),
            ":host \"127.0.0.1\" :service",
        ),
        (format!(":family local :service {path}"), ":family local"),
    ];
    if has_ipv6() {
        families.push((
            ":host \"::1\" :service t".to_owned(),
            ":host \"::1\" :service",
        ));
    }
    for (number, (place, way)) in families.iter().enumerate() {
        let server = format!(
            r#"(:name "s" :server t :filter echo :coding binary {place} :tls-parameters {own})"#
        );
        echo(&world, &server, |server| {
            let way = match server.port() {
                Some(port) => format!("{way} {port}"),
                None => format!("{way} :service {path}"),
            };
            format!(
                r#"(:name "c" :coding binary {way} :buffer "b{number}" :tls-parameters {})"#,
                authority.client("localhost")
            )
        });
    }
}

#[test]
fn the_host_of_the_connection_is_that_of_the_certificate_unless_another_is_named() {
    let world = World::new();
    let authority = Authority::new();
    let server = world.open(&format!(
        r#"(:name "s" :server t :service t :tls-parameters {})"#,
        authority.leaf("127.0.0.1").server()
    ));
    let port = server.port().unwrap();
    let open = |address: &str, host: &str| {
        let list = format!(
            r#"(:name "c" {address} :tls-parameters
                (gnutls-x509pki {host} :trustfiles ("{}")))"#,
            authority.file.display()
        );
        world
            .network
            .read_open(&list)
            .map_err(|error| error.to_string())
    };
    let by_host = format!(":host \"127.0.0.1\" :service {port}");
    open(&by_host, "").unwrap();
    assert_eq!(
        open(&by_host, ":hostname \"localhost\"").unwrap_err(),
        "TLS handshake with localhost: the certificate was refused: it is for 127.0.0.1"
    );
    let by_address = format!(":remote [127 0 0 1 {port}]");
    open(&by_address, ":hostname \"127.0.0.1\"").unwrap();
    // Without a name the certificate has to be for the address.
    open(&by_address, "").unwrap();
}

/// A server of ours with two certificates, and the clients' authority.
fn two_names(world: &World) -> (Process, Authority) {
    let authority = Authority::new();
    let (one, two) = (authority.leaf("one.test"), authority.leaf("two.test"));
    let server = world.open(&format!(
        r#"(:name "s" :server t :service t :coding binary :filter echo
            :tls-parameters (gnutls-x509pki :keylist ({} {}) :alpn-protocols ("imap" "smtp")))"#,
        one.pair(),
        two.pair()
    ));
    (server, authority)
}

fn call(world: &World, server: &Process, tls: &str) -> Process {
    world.open(&format!(
        r#"(:name "c" :service {} :coding binary :buffer "b" :tls-parameters {tls})"#,
        server.port().unwrap()
    ))
}

#[test]
fn the_certificate_is_chosen_by_the_name_that_is_asked_for() {
    let world = World::new();
    let (server, authority) = two_names(&world);
    for host in ["one.test", "two.test"] {
        let client = call(&world, &server, &authority.client(host));
        let status = client.peer_status().unwrap();
        assert_eq!(status.certificates[0].hosts, [host]);
        assert_eq!(status.warnings, []);
    }
    let three = authority.client("three.test");
    let list = format!(
        r#"(:name "c" :service {} :tls-parameters {three})"#,
        server.port().unwrap()
    );
    assert_eq!(
        world.refuse(&list).to_string(),
        "TLS handshake with three.test: the certificate was refused: it is for one.test"
    );
}

#[test]
fn the_application_protocol_is_known_at_both_ends() {
    let world = World::new();
    let (server, authority) = two_names(&world);
    let tls = authority.client_with("one.test", r#":alpn-protocols ("pop3" "smtp")"#);
    let client = call(&world, &server, &tls);
    let accepted = world.accepted(&server);
    for process in [&client, &accepted] {
        assert_eq!(
            process.application_protocol().as_deref(),
            Some(&b"smtp"[..])
        );
    }
    assert_eq!(server.application_protocol(), None);
    // One that offers none gets none.
    let client = call(&world, &server, &authority.client("one.test"));
    assert_eq!(client.application_protocol(), None);
}

#[test]
fn peers_of_another_kind_agree_about_the_protocol() {
    let world = World::new();
    let (server, authority) = two_names(&world);
    let client = Client::trusting(&authority).alpn(&["smtp"]);
    let peer = Peer::connect(&server);
    let talking = std::thread::spawn(move || {
        let mut stream = client.connect(peer, "two.test").unwrap();
        stream.write_all(b"x").unwrap();
        stream.read_exact(&mut [0]).unwrap();
        stream.conn.alpn_protocol().map(<[u8]>::to_vec)
    });
    world.until("an echo", || talking.is_finished());
    assert_eq!(talking.join().unwrap().as_deref(), Some(&b"smtp"[..]));
}

#[test]
fn the_contact_shows_the_parameters_as_they_were_written() {
    let world = World::new();
    let (server, authority) = two_names(&world);
    let tls = authority.client("one.test");
    let written = netproc::lisp::read(&tls).unwrap();
    let client = call(&world, &server, &tls);
    assert_eq!(client.contact_value(":tls-parameters"), written);
    let contact = client.contact_list().to_string();
    assert!(contact.contains(":tls-parameters"), "{contact}");
    let own = server.contact_value(":tls-parameters").to_string();
    assert!(own.starts_with("(gnutls-x509pki :keylist "), "{own}");
}

/// Returns what both ends know of each other.
fn introduce(priority: &str) -> (PeerStatus, PeerStatus) {
    let world = World::new();
    let authority = Authority::new();
    let (leaf, member) = (authority.leaf("localhost"), authority.leaf("member"));
    let server = world.open(&format!(
        r#"(:name "s" :server t :service t :tls-parameters {})"#,
        authority.server_for_members(&leaf, "")
    ));
    assert!(server.peer_status().is_none());
    assert!(!server.is_encrypted());
    let more = format!(r#":priority "{priority}" {}"#, member.keylist());
    let client = call(&world, &server, &authority.client_with("localhost", &more));
    let accepted = world.accepted(&server);
    let status = |process: &Process| process.peer_status().unwrap();
    let known = (status(&client), status(&accepted));
    client.delete();
    assert!(client.peer_status().is_none());
    assert!(!client.is_encrypted());
    known
}

#[test]
fn both_ends_know_each_other_s_certificate_and_what_was_agreed() {
    for (priority, version) in [
        ("NORMAL", Version::Tls13),
        ("NORMAL:-VERS-TLS1.3", Version::Tls12),
    ] {
        let (of_server, of_client) = introduce(priority);
        assert_eq!(of_server.certificates[0].subject, "CN=localhost");
        assert_eq!(of_client.certificates[0].subject, "CN=member");
        for status in [&of_server, &of_client] {
            assert_eq!(status.protocol, Some(version));
            assert_eq!(status.warnings, []);
            assert_eq!(status.certificates[0].issuer, "CN=Probe CA");
        }
        assert_eq!(of_server.cipher, of_client.cipher);
    }
}

#[test]
fn what_is_wrong_with_a_peer_that_is_taken_all_the_same_is_told_as_warnings() {
    let world = World::new();
    let authority = Authority::new();
    let own = authority.self_signed(&netproc_tests::tls::leaf_params("elsewhere.test"));
    let server = world.open(&format!(
        r#"(:name "s" :server t :service t :tls-parameters {})"#,
        own.server()
    ));
    let tls = r#"(gnutls-x509pki :hostname "localhost" :verify-error nil)"#;
    let client = call(&world, &server, tls);
    let shown = client.peer_status().unwrap().to_value().to_string();
    let begins = "(:warnings (:self-signed :no-host-match :unknown-ca :invalid) ";
    assert!(shown.starts_with(begins), "{shown}");
}

#[test]
fn processes_of_a_network_resume_each_other_s_sessions() {
    for only_tls12 in [true, false] {
        let world = World::new();
        let authority = Authority::new();
        let leaf = authority.leaf("localhost");
        let server = world.open(&format!(
            r#"(:name "s" :server t :service t :coding binary :filter echo
                :tls-parameters {})"#,
            leaf.server_with(if only_tls12 {
                r#":priority "NORMAL:-VERS-TLS1.3""#
            } else {
                ""
            })
        ));
        let mut resumed = Vec::new();
        for _ in 0..3 {
            let client = call(&world, &server, &authority.client("localhost"));
            client.send("x").unwrap();
            // The tickets of TLS 1.3 come with the first data.
            let buffer = client.buffer().unwrap();
            world.until("an echo", || !buffer.text().is_empty());
            buffer.take();
            resumed.push(client.peer_status().unwrap().is_resumed());
            client.delete();
        }
        assert_eq!(resumed, [false, true, true], "TLS 1.2: {only_tls12}");
    }
}

#[test]
fn a_session_with_one_authority_is_not_resumed_by_who_trusts_another() {
    let world = World::new();
    let authority = Authority::new();
    let stranger = Authority::called("Stranger");
    let server = world.open(&format!(
        r#"(:name "s" :server t :service t :coding binary :filter echo :tls-parameters {})"#,
        authority.leaf("localhost").server()
    ));
    let lax = r#"(gnutls-x509pki :hostname "localhost" :verify-error nil)"#;
    let client = call(&world, &server, lax);
    client.send("x").unwrap();
    let buffer = client.buffer().unwrap();
    world.until("an echo", || !buffer.text().is_empty());
    client.delete();
    // What was not verified then is verified now.
    let list = format!(
        r#"(:name "c" :service {} :tls-parameters {})"#,
        server.port().unwrap(),
        stranger.client("localhost")
    );
    let error = world.refuse(&list).to_string();
    assert!(error.contains("the certificate was refused"), "{error}");
}

#[test]
fn a_wire_of_single_bytes_is_understood_at_both_ends() {
    let world = World::new();
    let authority = Authority::new();
    let server = world.open(&format!(
        r#"(:name "s" :server t :service t :coding binary :filter echo :tls-parameters {})"#,
        authority.leaf("localhost").server()
    ));
    let port = server.port().unwrap();
    let proxy = Proxy::meddling(port, Meddling::OneByte, Meddling::OneByte);
    let client = world.open(&format!(
        r#"(:name "c" :host "localhost" :service {} :coding binary :buffer "b"
            :tls-parameters {})"#,
        proxy.port(),
        authority.client("localhost")
    ));
    client.send(SECRET).unwrap();
    let buffer = client.buffer().unwrap();
    world.until("an echo", || buffer.text() == SECRET);
    client.delete();
    world.until("the end", || world.network.processes() == [server.clone()]);
    let recording = proxy.finish();
    recording.assert_only_tls();
    netproc_tests::tls::records(&recording.called).expect("nothing but TLS");
}
