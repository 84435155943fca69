//! Every network option, set and read back, before and after the socket has a name.

use netproc_address::{Kind, NetworkOption, OptionName};
use netproc_socket::{Backend, BindOptions, ConnectOptions, Step};

use crate::support::{abstract_name, connect, internet, listen, run, system};

fn every_option() -> Vec<NetworkOption> {
    vec![
        NetworkOption::BindToDevice(Some((*b"lo").into())),
        NetworkOption::Broadcast(true),
        NetworkOption::DontRoute(true),
        NetworkOption::KeepAlive(true),
        NetworkOption::Linger(Some(3)),
        NetworkOption::OobInline(true),
        NetworkOption::Priority(5),
        NetworkOption::ReuseAddress(true),
        NetworkOption::NoDelay(true),
    ]
}

#[test]
fn every_option_is_known_here() {
    let names: Vec<OptionName> = every_option().iter().map(NetworkOption::name).collect();
    assert_eq!(names, OptionName::ALL);
}

#[test]
fn every_option_of_a_server_is_read_back() {
    let options = BindOptions::new(every_option());
    let server = system()
        .listen(Kind::Stream, &internet("127.0.0.1:0"), 5, &options)
        .unwrap();
    for option in every_option() {
        assert_eq!(server.option(option.name()).unwrap(), option);
    }
}

#[test]
fn every_option_of_a_client_is_read_back() {
    run(async {
        let server = listen(Kind::Stream, &internet("127.0.0.1:0"));
        let options = ConnectOptions::new(every_option());
        let to = vec![server.local_address().unwrap()];
        let client = system().connect(Kind::Stream, to, &options).await.unwrap();
        for option in every_option() {
            assert_eq!(client.socket.option(option.name()).unwrap(), option);
        }
    });
}

#[test]
fn every_option_can_be_turned_off_again() {
    run(async {
        let server = listen(Kind::Stream, &internet("127.0.0.1:0"));
        let client = connect(Kind::Stream, &server.local_address().unwrap()).await;
        let off = [
            NetworkOption::BindToDevice(None),
            NetworkOption::Broadcast(false),
            NetworkOption::DontRoute(false),
            NetworkOption::KeepAlive(false),
            NetworkOption::Linger(None),
            NetworkOption::OobInline(false),
            NetworkOption::Priority(0),
            NetworkOption::ReuseAddress(false),
            NetworkOption::NoDelay(false),
        ];
        for (on, off) in every_option().iter().zip(&off) {
            client.set_option(on).unwrap();
            assert_eq!(&client.option(on.name()).unwrap(), on);
            match client.set_option(off) {
                // Anybody may choose a device, but leaving one takes CAP_NET_RAW (socket(7)).
                Err(error) if off.name() == OptionName::BindToDevice => {
                    assert_eq!(error.kind(), std::io::ErrorKind::PermissionDenied);
                    assert!(!may_use_raw_sockets(), "{error}");
                    eprintln!("without CAP_NET_RAW leaving a device is refused, which is tested");
                }
                outcome => {
                    outcome.unwrap();
                    assert_eq!(&client.option(off.name()).unwrap(), off);
                }
            }
        }
    });
}

/// Tells whether this thread has `CAP_NET_RAW`, which is bit 13 (capabilities(7)).
fn may_use_raw_sockets() -> bool {
    let status = std::fs::read_to_string("/proc/thread-self/status").expect("proc(5)");
    let effective = status
        .lines()
        .find_map(|line| line.strip_prefix("CapEff:"))
        .and_then(|digits| u64::from_str_radix(digits.trim(), 16).ok())
        .expect("capabilities");
    effective & 1 << 13 != 0
}

#[test]
fn internet_servers_reuse_addresses_unless_told_otherwise() {
    let backend = Backend::system();
    let reuse = |options: BindOptions| {
        let address = internet("127.0.0.1:0");
        let stream = backend.listen(Kind::Stream, &address, 5, &options).unwrap();
        let datagram = backend.bind_datagram(&address, &options).unwrap();
        let read = |socket: &netproc_socket::Socket| socket.option(OptionName::ReuseAddress);
        (read(&stream).unwrap(), read(&datagram).unwrap())
    };
    let (on, off) = (
        NetworkOption::ReuseAddress(true),
        NetworkOption::ReuseAddress(false),
    );
    assert_eq!(reuse(BindOptions::default()), (on.clone(), on));
    let given = BindOptions::new(vec![off.clone()]);
    assert_eq!(reuse(given), (off.clone(), off.clone()));
    let kept = BindOptions {
        reuse_address: false,
        ..BindOptions::default()
    };
    assert_eq!(reuse(kept), (off.clone(), off));
}

#[test]
fn local_servers_and_clients_do_not_reuse_addresses() {
    run(async {
        let server = listen(Kind::Stream, &abstract_name("reuse"));
        let client = connect(Kind::Stream, &server.local_address().unwrap()).await;
        for socket in [server, client] {
            let off = NetworkOption::ReuseAddress(false);
            assert_eq!(socket.option(OptionName::ReuseAddress).unwrap(), off);
        }
    });
}

#[test]
fn an_option_that_fails_is_named() {
    let device = NetworkOption::BindToDevice(Some((*b"netproc-none").into()));
    let options = BindOptions::new(vec![device.clone()]);
    let error = system()
        .listen(Kind::Stream, &internet("127.0.0.1:0"), 5, &options)
        .unwrap_err();
    assert_eq!(error.step(), &Step::Option(device.clone()));
    assert_eq!(error.option(), Some(&device));
    assert_eq!(
        error.to_string(),
        "cannot set :bindtodevice on 127.0.0.1:0: No such device"
    );
}

#[test]
fn a_device_name_too_long_is_refused_not_cut() {
    let server = listen(Kind::Stream, &internet("127.0.0.1:0"));
    let device = NetworkOption::BindToDevice(Some((*b"lo-and-thirteen-more").into()));
    let error = server.set_option(&device).unwrap_err();
    assert_eq!(netproc_socket::bare_text(&error), "No such device");
}

#[test]
fn no_delay_is_for_tcp_alone() {
    let server = listen(Kind::Stream, &abstract_name("nodelay"));
    assert!(server.set_option(&NetworkOption::NoDelay(true)).is_err());
}
