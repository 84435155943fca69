//! Connecting: races, refusals, full listeners.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use netproc_address::{Address, Kind};
use netproc_socket::{Attempt, BindOptions, ConnectOptions, Connecting, OsError, Step};

use crate::support::{abstract_name, accept, connect, has_ipv6, internet, listen, run, system};

/// An address of this family on which nobody listens, and which nobody else gets for now.
fn refusing(address: &str) -> (Address, netproc_socket::Socket) {
    let socket = system()
        .bind_datagram(&internet(address), &BindOptions::default())
        .unwrap();
    (socket.local_address().unwrap(), socket)
}

#[test]
fn a_refused_address_gives_way_to_the_next() {
    if !has_ipv6() {
        return;
    }
    run(async {
        let (refused, _hold) = refusing("[::1]:0");
        let server = listen(Kind::Stream, &internet("127.0.0.1:0"));
        let here = server.local_address().unwrap();
        let candidates = vec![refused, here.clone()];
        let connected = system()
            .connect(Kind::Stream, candidates, &ConnectOptions::default())
            .await
            .unwrap();
        assert_eq!(connected.remote, here);
        let (_, peer) = accept(&server).await.unwrap();
        assert_eq!(peer, connected.local);
    });
}

#[test]
fn when_all_fail_each_address_is_told_with_its_cause() {
    run(async {
        let (first, _hold) = refusing("127.0.0.1:0");
        let (second, _hold) = refusing("127.0.0.2:0");
        let candidates = vec![first.clone(), second.clone()];
        let error = system()
            .connect(Kind::Stream, candidates, &ConnectOptions::default())
            .await
            .unwrap_err();
        let refused = OsError::from_code(libc::ECONNREFUSED);
        for (attempt, address) in error.attempts().iter().zip([&first, &second]) {
            assert_eq!(attempt.address(), Some(address));
            assert_eq!(attempt.step(), &Step::Connect);
            assert_eq!(attempt.cause(), refused);
        }
        assert_eq!(error.attempts().len(), 2);
        assert_eq!(
            error.to_string(),
            format!(
                "cannot connect to any of 2 addresses: {first}: Connection refused; \
                 {second}: Connection refused"
            )
        );
    });
}

#[test]
fn one_failure_is_told_in_one_clause() {
    run(async {
        let (address, _hold) = refusing("127.0.0.1:0");
        let error = system()
            .connect(
                Kind::Stream,
                vec![address.clone()],
                &ConnectOptions::default(),
            )
            .await
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("cannot connect to {address}: Connection refused")
        );
        assert_eq!(error.cause().code(), 111);
    });
}

#[test]
fn no_address_is_an_error() {
    let backend = system();
    let options = ConnectOptions::default();
    let error = run(backend.connect(Kind::Stream, Vec::new(), &options)).unwrap_err();
    assert!(error.attempts().is_empty());
    assert_eq!(error.to_string(), "cannot connect: no address to try");
}

#[test]
fn the_observer_sees_every_attempt() {
    run(async {
        let (refused, _hold) = refusing("127.0.0.1:0");
        let server = listen(Kind::Stream, &internet("127.0.0.1:0"));
        let here = server.local_address().unwrap();
        let seen: Arc<Mutex<Vec<String>>> = Arc::default();
        let log = seen.clone();
        let options = ConnectOptions {
            attempt_delay: None,
            on_attempt: Some(Arc::new(move |attempt| {
                let line = match attempt {
                    Attempt::Started(address) => format!("try {address}"),
                    Attempt::Failed(error) => format!("failed {}", error.cause()),
                    _ => "?".to_owned(),
                };
                log.lock().unwrap().push(line);
            })),
            ..ConnectOptions::default()
        };
        let candidates = vec![refused.clone(), here.clone()];
        system()
            .connect(Kind::Stream, candidates, &options)
            .await
            .unwrap();
        assert_eq!(
            *seen.lock().unwrap(),
            [
                format!("try {refused}"),
                "failed Connection refused".to_owned(),
                format!("try {here}"),
            ]
        );
    });
}

#[test]
fn a_full_local_listener_is_asked_again_until_it_has_room() {
    run(async {
        let address = abstract_name("backlog");
        let server = system()
            .listen(Kind::Stream, &address, 0, &BindOptions::default())
            .unwrap();
        let first = connect(Kind::Stream, &address).await;
        let mut second: Connecting = system().start_connect(Kind::Stream, &address, &[]).unwrap();
        let early = futures_lite::future::poll_once(&mut second).await;
        assert!(early.is_none(), "there was no room");
        let (_accepted, _) = accept(&server).await.unwrap();
        let second = second.await.unwrap();
        assert_eq!(second.remote, address);
        drop(first);
    });
}

#[test]
fn starting_to_connect_shows_the_socket_at_once() {
    run(async {
        let server = listen(Kind::Stream, &internet("127.0.0.1:0"));
        let here = server.local_address().unwrap();
        let connecting = system().start_connect(Kind::Stream, &here, &[]).unwrap();
        assert_eq!(connecting.address(), &here);
        let local = connecting.socket().unwrap().local_address().unwrap();
        let connected = connecting.await.unwrap();
        assert_eq!((connected.local, connected.remote), (local, here));
        assert!(connected.socket.take_error().unwrap().is_none());
    });
}

#[test]
fn a_failure_at_once_is_told_at_once() {
    let missing = "/netproc-test-missing/socket".parse().unwrap();
    let error = system()
        .start_connect(Kind::Stream, &missing, &[])
        .unwrap_err();
    assert_eq!(error.cause().text(), "No such file or directory");
    assert_eq!(error.step(), &Step::Connect);
}

#[test]
fn the_attempt_delay_is_that_of_rfc_8305() {
    let delay = ConnectOptions::default().attempt_delay;
    assert_eq!(delay, Some(Duration::from_millis(250)));
    assert_eq!(ConnectOptions::default().first_family_count, 1);
}

#[test]
fn a_bound_port_in_use_is_told_in_emacss_words() {
    let server = listen(Kind::Stream, &internet("127.0.0.1:0"));
    let here = server.local_address().unwrap();
    let error = system()
        .listen(Kind::Stream, &here, 5, &BindOptions::default())
        .unwrap_err();
    assert_eq!(error.step(), &Step::Bind);
    assert_eq!(error.cause().text(), "Address already in use");
}

#[test]
fn an_address_of_another_machine_cannot_be_bound() {
    let error = system()
        .listen(
            Kind::Stream,
            &internet("192.0.2.1:0"),
            5,
            &BindOptions::default(),
        )
        .unwrap_err();
    assert_eq!(error.step(), &Step::Bind);
    assert_eq!(error.cause().text(), "Cannot assign requested address");
}

#[test]
fn sockets_and_futures_may_move_between_threads() {
    fn movable<T: Send>(_: &T) {}
    fn shared<T: Send + Sync>() {}
    shared::<netproc_socket::Socket>();
    shared::<netproc_socket::Backend>();
    let (backend, options) = (system(), ConnectOptions::default());
    movable(&backend.connect(Kind::Stream, Vec::new(), &options));
    let query =
        netproc_socket::Query::new(netproc_address::Host::Local, netproc_address::Service::Any);
    movable(&backend.resolve(&query));
}
