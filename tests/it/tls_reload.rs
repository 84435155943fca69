//! Certificates replaced while connections live.

use std::collections::HashSet;
use std::fs;

use netproc::network::Process;
use netproc_tests::tls::{Authority, Leaf};
use netproc_tests::{World, in_own_process};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

const MANY: usize = 500;

fn serve(world: &World, leaf: &Leaf) -> Process {
    world.open(&format!(
        r#"(:name "s" :server 200 :service t :coding binary :filter echo :sentinel record
            :tls-parameters {})"#,
        leaf.server()
    ))
}

/// A client under this name, whose text comes back into a buffer.
fn call(world: &World, authority: &Authority, server: &Process, name: &str) -> Process {
    world.open(&format!(
        r#"(:name "{name}" :nowait t :host "localhost" :service {} :coding binary
            :buffer "{name}" :sentinel record :tls-parameters {})"#,
        server.port().unwrap(),
        authority.client("localhost")
    ))
}

fn shown(client: &Process) -> String {
    let status = client.peer_status().expect("an encrypted connection");
    status.certificates[0].certificate_id.clone()
}

/// Makes room for two ends of many connections.
fn raise_limit() {
    let limit = getrlimit(Resource::Nofile);
    let current = limit.maximum;
    setrlimit(Resource::Nofile, Rlimit { current, ..limit }).unwrap();
}

#[test]
fn a_reload_under_500_live_connections_loses_none() {
    if !in_own_process("tls_reload::a_reload_under_500_live_connections_loses_none") {
        return;
    }
    raise_limit();
    let world = World::new();
    let authority = Authority::new();
    let leaf = authority.leaf("localhost");
    let server = serve(&world, &leaf);
    let clients: Vec<Process> = (0..MANY)
        .map(|number| call(&world, &authority, &server, &format!("c{number}")))
        .collect();
    let opened = || world.transcript.count("sentinel c");
    world.until("500 connections", || opened() == MANY);
    let back = |round: &str| {
        let all = clients.iter().all(|client| {
            let text = client.buffer().unwrap().text();
            text.to_string_lossy().ends_with(round)
        });
        all && clients.iter().all(Process::is_live)
    };
    let say = |round: &str| {
        for client in &clients {
            client.send(round).unwrap();
        }
    };

    say("before.");
    world.until("echoes before", || back("before."));
    let old = shown(&clients[0]);

    // Half of what is said is under way when the certificates change.
    say("during.");
    leaf.replace_files(&authority.leaf("localhost"));
    server.reload_tls().unwrap();
    let late: Vec<Process> = (0..20)
        .map(|number| call(&world, &authority, &server, &format!("l{number}")))
        .collect();
    world.until("echoes during", || back("during."));
    world.until("the late ones", || {
        world.transcript.count("sentinel l") == late.len()
    });

    say("after.");
    world.until("echoes after", || back("after."));
    for client in &clients {
        let text = client.buffer().unwrap().text();
        assert_eq!(text, "before.during.after.", "{client}");
        assert_eq!(shown(client), old, "{client} goes on with what it knew");
    }
    let new: HashSet<String> = late.iter().map(shown).collect();
    assert_eq!(new.len(), 1);
    assert!(!new.contains(&old), "new connections see the new one");
    let lines = world.transcript.lines();
    let ended: Vec<_> = lines.iter().filter(|line| !line.contains("open")).collect();
    assert_eq!(ended, [""; 0], "nobody was lost");
    assert_eq!(world.faults.lines(), [""; 0]);
}

#[test]
fn a_reload_in_the_middle_of_handshakes_breaks_none() {
    let world = World::new();
    let authority = Authority::new();
    let leaf = authority.leaf("localhost");
    let server = serve(&world, &leaf);
    let mut clients = Vec::new();
    for number in 0..30 {
        clients.push(call(&world, &authority, &server, &format!("c{number}")));
        leaf.replace_files(&authority.leaf("localhost"));
        server.reload_tls().unwrap();
        world.look();
    }
    let opened = r#""open\n" open"#;
    world.until("all connections", || {
        let lines = world.transcript.lines();
        lines.iter().filter(|line| line.ends_with(opened)).count() == clients.len()
    });
    for client in &clients {
        client.send("hello").unwrap();
    }
    world.until("all echoes", || {
        let mut buffers = clients.iter().map(|client| client.buffer().unwrap());
        buffers.all(|buffer| buffer.text() == "hello")
    });
}

#[test]
fn a_reload_that_fails_says_why_and_changes_nothing() {
    let world = World::new();
    let authority = Authority::new();
    let leaf = authority.leaf("localhost");
    let server = serve(&world, &leaf);
    let first = call(&world, &authority, &server, "c1");
    world.until_line(r#"sentinel c1 "open\n" open"#);
    let other = authority.leaf("localhost");
    fs::copy(&other.key_file, &leaf.key_file).unwrap();
    let mismatch = server.reload_tls().unwrap_err().to_string();
    assert!(mismatch.contains("does not belong to"), "{mismatch}");
    fs::write(&leaf.file, "nothing").unwrap();
    let empty = server.reload_tls().unwrap_err().to_string();
    assert!(empty.contains("holds no certificate"), "{empty}");
    fs::remove_file(&leaf.file).unwrap();
    assert!(server.reload_tls().is_err());
    let second = call(&world, &authority, &server, "c2");
    world.until_line(r#"sentinel c2 "open\n" open"#);
    assert_eq!(shown(&first), shown(&second));
}

#[test]
fn processes_without_certificates_of_their_own_have_nothing_to_reload() {
    let world = World::new();
    let authority = Authority::new();
    let leaf = authority.leaf("localhost");
    let server = serve(&world, &leaf);
    let client = call(&world, &authority, &server, "c");
    world.until_line(r#"sentinel c "open\n" open"#);
    let plain = world.open(r#"(:name "p" :server t :service t)"#);
    let accepted = world.accepted(&server);
    for process in [&client, &plain, &accepted] {
        assert!(process.reload_tls().is_err(), "{process}");
    }
    server.delete();
    // A connection outlives its server.
    client.send("still there").unwrap();
    let buffer = client.buffer().unwrap();
    world.until("an echo", || buffer.text() == "still there");
}
