//! Local names: socket files, abstract names, what is in the way.

use std::os::unix::fs::FileTypeExt;

use netproc_address::{Address, Kind, LocalName};
use netproc_socket::{Backend, BindOptions, ConnectOptions, Hint, OpenError, Step};

use crate::support::{abstract_name, connect, listen, path, run, system};

fn refused(address: &Address) -> OpenError {
    let options = BindOptions::default();
    system()
        .listen(Kind::Stream, address, 5, &options)
        .unwrap_err()
}

fn file(address: &Address) -> &std::path::Path {
    let name = address.as_local().and_then(LocalName::as_path).unwrap();
    std::path::Path::new(std::str::from_utf8(name).unwrap())
}

fn unconnectable(kind: Kind, address: &Address) -> String {
    let options = ConnectOptions::default();
    let connect = Backend::system();
    let error = run(connect.connect(kind, vec![address.clone()], &options)).unwrap_err();
    error.cause().text()
}

#[test]
fn the_socket_file_stays_and_its_staleness_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let address = path(&folder, "stale");
    drop(listen(Kind::Stream, &address));
    assert!(
        std::fs::metadata(file(&address))
            .unwrap()
            .file_type()
            .is_socket()
    );
    let error = refused(&address);
    assert_eq!(error.step(), &Step::Bind);
    assert_eq!(error.cause().text(), "Address already in use");
    assert_eq!(error.hint(), Some(Hint::StaleSocketFile));
    assert_eq!(
        error.to_string(),
        format!(
            "cannot bind {}: Address already in use (no socket is behind this file any more; \
             remove it to bind here)",
            file(&address).display()
        )
    );
    std::fs::remove_file(file(&address)).unwrap();
    listen(Kind::Stream, &address);
}

#[test]
fn a_live_socket_in_the_way_is_told_without_disturbing_it() {
    let folder = tempfile::tempdir().unwrap();
    for (kind, name) in [(Kind::Stream, "stream"), (Kind::SeqPacket, "seqpacket")] {
        let address = path(&folder, name);
        let server = listen(kind, &address);
        assert_eq!(refused(&address).hint(), Some(Hint::Live));
        assert_eq!(
            server.try_accept().unwrap_err().kind(),
            std::io::ErrorKind::WouldBlock
        );
    }
    let address = path(&folder, "datagram");
    let _server = system()
        .bind_datagram(&address, &BindOptions::default())
        .unwrap();
    assert_eq!(refused(&address).hint(), Some(Hint::Live));
}

#[test]
fn a_plain_file_in_the_way_is_told_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let address = path(&folder, "plain");
    std::fs::write(file(&address), "precious").unwrap();
    assert_eq!(refused(&address).hint(), Some(Hint::NotASocket));
    assert_eq!(std::fs::read(file(&address)).unwrap(), b"precious");
}

#[test]
fn nothing_in_the_way_is_no_obstacle() {
    let folder = tempfile::tempdir().unwrap();
    let address = path(&folder, "free");
    assert_eq!(system().obstacle(address.as_local().unwrap()), None);
}

#[test]
fn a_failing_listen_removes_the_socket_file_it_made() {
    let folder = tempfile::tempdir().unwrap();
    let address = path(&folder, "failing");
    // Datagram sockets cannot listen: the file is made, then the next step fails.
    let error = system()
        .listen(Kind::Datagram, &address, 5, &BindOptions::default())
        .unwrap_err();
    assert_eq!(error.step(), &Step::Listen);
    assert!(!file(&address).exists());
}

#[test]
fn connecting_to_what_is_not_there_names_the_cause() {
    let folder = tempfile::tempdir().unwrap();
    let address = path(&folder, "socket");
    assert_eq!(
        unconnectable(Kind::Stream, &address),
        "No such file or directory"
    );
    drop(listen(Kind::Stream, &address));
    assert_eq!(unconnectable(Kind::Stream, &address), "Connection refused");
    let other = path(&folder, "other");
    let _server = listen(Kind::Stream, &other);
    assert_eq!(
        unconnectable(Kind::SeqPacket, &other),
        "Protocol wrong type for socket"
    );
}

#[test]
fn abstract_names_are_kept_byte_for_byte() {
    run(async {
        let address = Address::Local(LocalName::abstract_name(b"netproc\0\xff\n").unwrap());
        let server = listen(Kind::Stream, &address);
        assert_eq!(server.local_address().unwrap(), address);
        let client = connect(Kind::Stream, &address).await;
        assert_eq!(client.peer_address().unwrap(), address);
        assert_eq!(
            client.local_address().unwrap(),
            Address::Local(LocalName::Unnamed)
        );
    });
}

#[test]
fn a_longest_path_is_bound_whole() {
    let folder = tempfile::Builder::new().tempdir_in("/tmp").unwrap();
    let used = folder.path().as_os_str().len() + 1;
    let address = path(&folder, &"x".repeat(LocalName::MAX_BYTES - used));
    let server = listen(Kind::Stream, &address);
    assert_eq!(server.local_address().unwrap(), address);
    assert!(file(&address).exists());
}

#[test]
fn an_abstract_name_in_use_is_told() {
    let address = abstract_name("twice");
    let _server = listen(Kind::Stream, &address);
    let error = refused(&address);
    assert_eq!(error.cause().text(), "Address already in use");
    assert_eq!(error.hint(), Some(Hint::Live));
}
