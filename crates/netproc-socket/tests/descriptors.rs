//! No descriptor is left behind, whatever fails; alone in its process, since it counts them all.

use netproc_address::{Address, Kind, LocalName, NetworkOption};
use netproc_socket::{Backend, BindOptions, ConnectOptions};

fn count() -> usize {
    std::fs::read_dir("/proc/self/fd").expect("/proc").count()
}

#[test]
fn failures_and_races_leave_no_descriptor_behind() {
    let backend = Backend::system();
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| {
        let path = folder.path().join(name);
        Address::Local(LocalName::path(path.as_os_str().as_encoded_bytes()).unwrap())
    };
    let loopback = Address::from(([127, 0, 0, 1], 0));
    let plain = BindOptions::default();
    let wrong = NetworkOption::BindToDevice(Some((*b"netproc-none").into()));
    let wrong = BindOptions::new(vec![wrong]);
    let taken = backend
        .listen(Kind::Stream, &file("taken"), 5, &plain)
        .unwrap();
    let server = backend.listen(Kind::Stream, &loopback, 64, &plain).unwrap();
    let here = server.local_address().unwrap();
    let closed = backend.bind_datagram(&loopback, &plain).unwrap();
    let nobody = closed.local_address().unwrap();

    let round = || {
        assert!(
            backend
                .listen(Kind::Stream, &file("taken"), 5, &plain)
                .is_err()
        );
        assert!(
            backend
                .listen(Kind::Datagram, &file("cannot"), 5, &plain)
                .is_err()
        );
        assert!(backend.listen(Kind::Stream, &loopback, 5, &wrong).is_err());
        assert!(backend.bind_datagram(&loopback, &wrong).is_err());
        assert!(
            backend
                .open_datagram(loopback.family(), &wrong.options)
                .is_err()
        );
        assert!(
            backend
                .start_connect(Kind::Stream, &file("missing"), &[])
                .is_err()
        );
        drop(backend.start_connect(Kind::Stream, &here, &[]).unwrap());
        async_io::block_on(async {
            let options = ConnectOptions::default();
            let candidates = vec![nobody.clone(), here.clone()];
            let connected = backend
                .connect(Kind::Stream, candidates, &options)
                .await
                .unwrap();
            let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
            let _ = connected.socket.poll_readable(&mut cx);
            let _ = connected.socket.poll_writable(&mut cx);
            while server.try_accept().is_ok() {}
        });
    };
    round();
    let before = count();
    for _ in 0..20 {
        round();
    }
    assert_eq!(count(), before);
    drop(taken);
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(
        left.len(),
        1,
        "only the file of the listener that was opened"
    );
}
