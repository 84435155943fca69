//! Servers that encrypt: which clients they refuse, how that is told, and that it harms no other.

use std::io::{Read as _, Write as _};
use std::time::Duration;

use netproc::network::{Limits, Process};
use netproc_tests::tls::{
    Authority, Client, Leaf, Meddling, Proxy, SECRET, end_session, leaf_params, records,
};
use netproc_tests::{Peer, World, in_own_process, open_descriptors};
use rcgen::{SerialNumber, date_time_ymd};

const MISSING: &str = "the peer showed no certificate, and one is required";

/// A server in an own world, its authority, and whom it admits.
struct House {
    world: World,
    authority: Authority,
    server: Process,
}

impl House {
    fn with(deadline: Duration, tls: impl FnOnce(&Authority, &Leaf) -> String) -> Self {
        let limits = Limits {
            handshake: deadline,
            ..Limits::default()
        };
        let world = World::with(|builder| builder.limits(limits));
        let authority = Authority::new();
        let leaf = authority.leaf("localhost");
        let server = world.open(&format!(
            r#"(:name "s" :server 100 :service t :coding binary :filter echo :sentinel record
                :log record :tls-parameters {})"#,
            tls(&authority, &leaf)
        ));
        Self {
            world,
            authority,
            server,
        }
    }

    fn open_to_all() -> Self {
        Self::with(Limits::default().handshake, |_, leaf| leaf.server())
    }

    fn for_members() -> Self {
        Self::with(Limits::default().handshake, |authority, leaf| {
            authority.server_for_members(leaf, "")
        })
    }

    /// Lets a client try, on a thread of its own, and returns what the log function heard, with
    /// `CLIENT` for its address.
    fn refuses<T: Send + 'static>(
        &self,
        client: impl FnOnce(Peer) -> T + Send + 'static,
    ) -> (String, T) {
        let before = self.world.transcript.lines().len();
        let peer = Peer::connect(&self.server);
        let address = peer.address().to_string();
        let client = std::thread::spawn(move || client(peer));
        let line = self.world.until_lines(before + 1).remove(before);
        let line = line.replace(&address, "CLIENT");
        let left = self.world.network.processes();
        assert_eq!(left.len(), 1, "only the server: {left:?}");
        self.world
            .until("the end of the client", || client.is_finished());
        (line, client.join().unwrap())
    }

    /// Holds that a good client is served.
    fn serves(&self, client: &Client) {
        let (client, peer) = (client.clone(), Peer::connect(&self.server));
        let client = std::thread::spawn(move || {
            let mut stream = client.connect(peer, "localhost").unwrap();
            stream.write_all(b"hello").unwrap();
            let mut back = [0; 5];
            stream.read_exact(&mut back).unwrap();
            end_session(&mut stream);
            back
        });
        self.world.until("an echo", || client.is_finished());
        assert_eq!(&client.join().unwrap(), b"hello");
        self.world.until("the end", || {
            self.world.network.processes() == [self.server.clone()]
        });
    }
}

fn refused(cause: &str) -> String {
    let words = format!("accept failed: TLS handshake with CLIENT: {cause}\n");
    format!("log s nil {words:?}")
}

/// Puts `CLIENT` for the address of whoever a line is about.
fn of_somebody(line: &str) -> String {
    match line.split_once("127.0.0.1:") {
        Some((before, after)) => {
            let rest = after.trim_start_matches(|it: char| it.is_ascii_digit());
            format!("{before}CLIENT{rest}")
        }
        None => line.to_owned(),
    }
}

/// Shakes hands, says the secret, and returns whether an answer came.
fn tries(client: Client) -> impl FnOnce(Peer) -> bool + Send + 'static {
    move |peer| {
        let answer = client.connect(peer, "localhost").and_then(|mut stream| {
            stream.write_all(SECRET.as_bytes())?;
            stream.read_exact(&mut [0])
        });
        answer.is_ok()
    }
}

#[test]
fn a_client_without_a_certificate_is_refused_where_one_is_required() {
    let house = House::for_members();
    for client in [
        Client::trusting(&house.authority),
        Client::tls12(&house.authority),
    ] {
        let (told, answered) = house.refuses(tries(client));
        assert_eq!(told, refused(MISSING));
        assert!(!answered);
    }
    let member = house.authority.leaf("member");
    house.serves(&Client::showing(&house.authority, &member));
}

#[test]
fn a_client_with_a_bad_certificate_is_refused_by_its_fault() {
    let house = House::for_members();
    let own = &house.authority;
    let mut old = leaf_params("member");
    old.not_before = date_time_ymd(2019, 1, 1);
    old.not_after = date_time_ymd(2020, 1, 1);
    for (leaf, cause) in [
        (
            Authority::called("Stranger").leaf("member"),
            "its issuer \"CN=Stranger\" leads to no trusted authority; if you trust that issuer, \
             add its certificate to :trustfiles",
        ),
        (own.sign(&old), "it expired on 2020-01-01"),
        (
            own.self_signed(&leaf_params("member")),
            "it is self-signed and not among the trusted ones; if it is the right one, add it to \
             :trustfiles",
        ),
    ] {
        let (told, answered) = house.refuses(tries(Client::showing(own, &leaf)));
        assert_eq!(
            told,
            refused(&format!("the certificate was refused: {cause}"))
        );
        assert!(!answered);
    }
    house.serves(&Client::showing(own, &own.leaf("member")));
}

#[test]
fn a_client_with_a_revoked_certificate_is_refused() {
    let house = House::with(Limits::default().handshake, |authority, leaf| {
        let list = authority.revoke(&[7], 2090);
        authority.server_for_members(leaf, &format!(r#":crlfiles ("{}")"#, list.display()))
    });
    let mut params = leaf_params("member");
    params.serial_number = Some(SerialNumber::from(vec![7]));
    let revoked = house.authority.sign(&params);
    let (told, answered) = house.refuses(tries(Client::showing(&house.authority, &revoked)));
    assert_eq!(
        told,
        refused("the certificate was refused: its authority has revoked it")
    );
    assert!(!answered);
    let member = house.authority.leaf("member");
    house.serves(&Client::showing(&house.authority, &member));
}

#[test]
fn clients_that_do_not_speak_tls_are_told_of_and_hear_nothing_in_clear() {
    let house = House::open_to_all();
    for (words, begins) in [
        (&b"GET / HTTP/1.0\r\n\r\n"[..], "GET / HTTP/1.0\\r\\n"),
        (b"EHLO me\r\n", "EHLO me\\r\\n"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "SSH-2.0-OpenSSH_"),
        (b"\0\0\0\0", "\\x00\\x00\\x00\\x00"),
    ] {
        let (told, heard) = house.refuses(move |mut peer| {
            peer.send(words);
            peer.finish();
            peer.receive_rest()
        });
        let cause = format!("the peer does not speak TLS: it begins with \"{begins}\"");
        assert_eq!(told, refused(&cause));
        records(&heard).expect("nothing but an alert");
    }
    house.serves(&Client::trusting(&house.authority));
}

#[test]
fn clients_that_leave_are_told_of() {
    let house = House::open_to_all();
    let (told, ()) = house.refuses(drop);
    assert_eq!(told, refused("the peer closed the connection"));
    let (told, ()) = house.refuses(Peer::reset);
    assert_eq!(told, refused("Connection reset by peer (os error 104)"));
    let (told, _) = house.refuses(|mut peer| {
        // The beginning of a record, and no more.
        peer.send([22, 3, 1, 0]);
        peer.finish();
        peer.receive_rest()
    });
    assert_eq!(told, refused("the peer closed the connection"));
    house.serves(&Client::trusting(&house.authority));
}

#[test]
fn a_client_that_is_cut_off_anywhere_leaves_no_process() {
    let house = House::open_to_all();
    for at in [1, 5, 6, 60, 150, 200] {
        let before = house.world.transcript.lines().len();
        let proxy = Proxy::meddling(
            house.server.port().unwrap(),
            Meddling::Cut(at),
            Meddling::Nothing,
        );
        let (client, peer) = (
            Client::trusting(&house.authority),
            Peer::tcp_port(proxy.port()),
        );
        let client = std::thread::spawn(move || tries(client)(peer));
        let told = house.world.until_lines(before + 1).remove(before);
        assert_eq!(
            of_somebody(&told),
            refused("the peer closed the connection"),
            "at {at}"
        );
        house
            .world
            .until("the client's end", || client.is_finished());
        assert!(!client.join().unwrap());
        proxy.finish();
        assert_eq!(house.world.network.processes().len(), 1);
    }
    house.serves(&Client::trusting(&house.authority));
}

#[test]
fn clients_that_stall_do_not_hold_up_others_and_are_left_at_the_deadline() {
    // Long enough for good clients on a machine that has other work too.
    let deadline = Duration::from_secs(5);
    let house = House::with(deadline, |_, leaf| leaf.server());
    let mut stalled: Vec<Peer> = (0..40).map(|_| Peer::connect(&house.server)).collect();
    for (index, peer) in stalled.iter_mut().enumerate() {
        // Some say the beginning of something.
        peer.send(&[22, 3, 1, 2, 0, 1][..index % 7]);
    }
    for _ in 0..3 {
        house.serves(&Client::trusting(&house.authority));
    }
    let told = refused("not done before the deadline");
    let count = || {
        let lines = house.world.transcript.lines();
        lines
            .iter()
            .filter(|line| of_somebody(line) == told)
            .count()
    };
    house.world.until("forty deadlines", || count() == 40);
    for peer in &mut stalled {
        records(&peer.receive_rest()).expect("nothing but an alert");
    }
    house.serves(&Client::trusting(&house.authority));
    assert_eq!(house.world.network.processes().len(), 1);
}

#[test]
fn without_a_log_function_the_network_reports_a_refused_client() {
    let world = World::new();
    let authority = Authority::new();
    let server = world.open(&format!(
        r#"(:name "s" :server t :service t :sentinel record :tls-parameters {})"#,
        authority.leaf("localhost").server()
    ));
    let mut peer = Peer::connect(&server);
    peer.send("HELO\r\n");
    world.until("a report", || !world.faults.lines().is_empty());
    assert_eq!(
        world.faults.lines(),
        [format!(
            "process s: TLS handshake with {}: the peer does not speak TLS: \
             it begins with \"HELO\\r\\n\"",
            peer.address()
        )]
    );
    assert_eq!(world.transcript.lines(), [""; 0]);
}

#[test]
fn a_good_client_is_told_of_as_without_tls_and_only_when_it_is_encrypted() {
    let house = House::open_to_all();
    let peer = Peer::connect(&house.server);
    house.world.look();
    assert_eq!(house.world.transcript.lines(), [""; 0], "no handshake yet");
    let name = format!("s <127.0.0.1:{}>", peer.address().port());
    let client = Client::trusting(&house.authority);
    let client = std::thread::spawn(move || client.connect(peer, "localhost").unwrap());
    let accepted = house.world.accepted(&house.server);
    assert!(accepted.is_encrypted());
    assert_eq!(
        house.world.until_lines(2),
        [
            format!(r#"log s {name} "accept from 127.0.0.1\n""#),
            format!(r#"sentinel {name} "open from 127.0.0.1\n" open"#),
        ]
    );
    client.join().unwrap();
}

#[test]
fn deleting_a_server_ends_the_handshakes_it_has_begun() {
    let house = House::open_to_all();
    let mut peers: Vec<Peer> = (0..10).map(|_| Peer::connect(&house.server)).collect();
    for peer in &mut peers {
        peer.send([22, 3, 1]);
    }
    house.world.look();
    house.server.delete();
    house.world.look();
    for mut peer in peers {
        records(&peer.receive_rest()).expect("nothing in clear");
    }
    assert!(house.world.network.processes().is_empty());
    assert_eq!(
        house.world.until_lines(1),
        [r#"sentinel s "deleted\n" closed"#]
    );
}

#[test]
fn nothing_is_left_of_refused_clients() {
    if !in_own_process("tls_servers::nothing_is_left_of_refused_clients") {
        return;
    }
    let house = House::for_members();
    let rounds = |count: usize| {
        for _ in 0..count {
            house.refuses(tries(Client::trusting(&house.authority)));
            house.refuses(drop);
            house.refuses(Peer::reset);
            house.refuses(|mut peer| {
                peer.send("garbage\r\n");
                peer.receive_rest()
            });
        }
    };
    // The first makes what lasts: the reactor and its like.
    rounds(2);
    let before = open_descriptors();
    rounds(25);
    house
        .world
        .until("the descriptors", || open_descriptors() == before);
}

#[test]
fn a_server_of_tls_never_answers_in_clear() {
    let house = House::open_to_all();
    let proxy = Proxy::before(house.server.port().unwrap());
    let (client, port) = (Client::trusting(&house.authority), proxy.port());
    let client = std::thread::spawn(move || {
        let mut stream = client.connect(Peer::tcp_port(port), "localhost").unwrap();
        stream.write_all(SECRET.as_bytes()).unwrap();
        let mut back = vec![0; SECRET.len()];
        stream.read_exact(&mut back).unwrap();
        back
    });
    house.world.until("an echo", || client.is_finished());
    assert_eq!(client.join().unwrap(), SECRET.as_bytes());
    house.world.until("the end", || {
        house.world.network.processes() == [house.server.clone()]
    });
    let recording = proxy.finish();
    recording.assert_only_tls();
    records(&recording.called).expect("nothing but TLS from the server");
    assert!(!recording.shows(SECRET.as_bytes()));
}

#[test]
fn a_server_without_a_certificate_is_not_made() {
    let world = World::new();
    for (tls, expected) in [
        (
            "(gnutls-x509pki)",
            "a TLS server needs a certificate and its key; name them by :keylist",
        ),
        (
            r#"(gnutls-x509pki :keylist (("/none/key" "/none/cert")))"#,
            ":keylist: the file /none/",
        ),
    ] {
        let list = format!(r#"(:name "s" :server t :service t :tls-parameters {tls})"#);
        let error = world.refuse(&list).to_string();
        assert!(error.starts_with(expected), "{error}");
    }
    assert!(world.network.processes().is_empty());
}
