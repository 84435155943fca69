//! No conversion of an address loses anything.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};

use netproc_address::{
    Address, Family, Host, Kind, LocalName, NetworkOption, OptionName, RawAddress, Service,
    format_network_address,
};
use netproc_lisp::{Value, read};
use proptest::collection::vec;
use proptest::prelude::*;

fn any_ipv6() -> impl Strategy<Value = SocketAddrV6> {
    let number = || prop_oneof![Just(0), any::<u32>()];
    (any::<u128>(), any::<u16>(), number(), number()).prop_map(|(ip, port, flow, scope)| {
        SocketAddrV6::new(Ipv6Addr::from(ip), port, flow, scope)
    })
}

fn any_local_name() -> impl Strategy<Value = LocalName> {
    let odd_path = r"[@\[<0-9a.:/\\xé%\n]{0,40}".prop_map(String::into_bytes);
    let path = prop_oneof![vec(1..=255_u8, 0..=107), odd_path];
    prop_oneof![
        path.prop_map(LocalName::path),
        vec(any::<u8>(), 0..=107).prop_map(LocalName::abstract_name),
    ]
    .prop_filter_map("bytes that fit are a name", Result::ok)
}

fn any_raw() -> impl Strategy<Value = (u16, Vec<u8>)> {
    let family = prop_oneof![0..12_u16, any::<u16>()];
    let bytes = prop_oneof![
        vec(any::<u8>(), 0..=RawAddress::MAX_BYTES),
        vec(any::<u8>(), 14),
        vec(any::<u8>(), 26),
    ];
    (family, bytes)
}

fn any_address() -> impl Strategy<Value = Address> {
    prop_oneof![
        (any::<u32>(), any::<u16>()).prop_map(|(ip, port)| SocketAddrV4::new(
            Ipv4Addr::from(ip),
            port
        )
        .into()),
        any_ipv6().prop_map(Address::from),
        any_local_name().prop_map(Address::from),
        any_raw().prop_filter_map("few enough bytes are an address", |(family, bytes)| {
            Address::raw(family, &bytes).ok()
        }),
    ]
}

proptest! {
    #[test]
    fn lisp_comes_back(address in any_address()) {
        let value = address.to_value();
        prop_assert_eq!(Address::from_value(&value), Ok(address));
    }

    #[test]
    fn printed_lisp_comes_back(address in any_address()) {
        let printed = address.to_value().to_string();
        prop_assert_eq!(Address::from_value(&read(&printed).unwrap()), Ok(address));
    }

    #[test]
    fn socket_address_bytes_come_back(address in any_address()) {
        let bytes = address.to_sockaddr();
        prop_assert_eq!(Address::from_sockaddr(&bytes), Ok(address));
    }

    #[test]
    fn text_comes_back(address in any_address()) {
        let text = address.to_string();
        prop_assert_eq!(text.parse(), Ok(address), "{}", text);
    }

    #[test]
    fn text_stays_on_one_line(address in any_address()) {
        prop_assert!(!address.to_string().contains(char::is_control));
    }

    #[test]
    fn std_addresses_come_back(address in any_address()) {
        match address.to_std() {
            Some(std) => prop_assert_eq!(Address::from(std), address),
            None => prop_assert!(matches!(address, Address::Local(_) | Address::Raw(_))),
        }
    }

    #[test]
    fn std_addresses_and_ours_have_the_same_text(ip in any_ipv6(), four in any::<u32>()) {
        let without_flow = SocketAddrV6::new(*ip.ip(), ip.port(), 0, ip.scope_id());
        for std in [
            SocketAddr::V6(without_flow),
            SocketAddr::from((Ipv4Addr::from(four), ip.port())),
        ] {
            prop_assert_eq!(Address::from(std).to_string(), std.to_string());
        }
    }

    #[test]
    fn raw_bytes_with_a_meaning_never_stay_raw((family, bytes) in any_raw()) {
        let address = Address::raw(family, &bytes).unwrap();
        if let Address::Raw(raw) = &address {
            prop_assert_eq!((raw.family(), raw.bytes()), (family, &bytes[..]));
            prop_assert!((family, bytes.len()) != (2, 14) && (family, bytes.len()) != (10, 26));
        }
        prop_assert_eq!(address.family(), Family::from_number(family.into()));
    }

    #[test]
    fn any_bytes_are_an_address_unless_too_few_or_too_many(bytes in vec(any::<u8>(), 0..140)) {
        let result = Address::from_sockaddr(&bytes);
        prop_assert_eq!(result.is_ok(), (2..=128).contains(&bytes.len()));
    }

    #[test]
    fn any_text_is_read_or_refused_and_reads_again(text in any::<String>()) {
        if let Ok(address) = text.parse::<Address>() {
            prop_assert_eq!(address.to_string().parse(), Ok(address));
        }
    }

    #[test]
    fn any_text_like_an_address_is_read_or_refused_and_reads_again(
        text in r"([@\[<]|<Family |\\)?[0-9a-fx.:\[\]%;=<>\\/é]{0,24}(:[0-9]{1,5})?"
    ) {
        if let Ok(address) = text.parse::<Address>() {
            prop_assert_eq!(address.to_string().parse(), Ok(address), "{}", text);
        }
    }

    #[test]
    fn every_internet_address_is_formatted(ip in any_ipv6(), four in any::<u32>()) {
        for std in [SocketAddr::V6(ip), SocketAddr::from((Ipv4Addr::from(four), ip.port()))] {
            let value = Address::from(std).to_value();
            let with_port = format_network_address(&value, false).unwrap().unwrap();
            let without = format_network_address(&value, true).unwrap().unwrap();
            let (text, host) = (with_port.as_str().unwrap(), without.as_str().unwrap());
            let port = format!(":{}", std.port());
            prop_assert!(text.ends_with(&port));
            prop_assert!(text.contains(host));
            if std.is_ipv4() {
                prop_assert_eq!(text, std.to_string());
            }
        }
    }

    #[test]
    fn words_come_back(
        number in any::<i32>(),
        port in any::<u16>(),
        name in "[a-z][ -~]{0,10}",
        index in 0..9_usize,
        value in prop_oneof![Just(0), any::<i32>()],
    ) {
        let family = Some(Family::from_number(number)).filter(|family| family.number() != 0);
        prop_assert_eq!(Family::from_value(&Value::from(family)), Ok(family));
        let host = Host::from(name.as_str());
        prop_assert_eq!(Host::from_value(&host.to_value()), Ok(host));
        prop_assert_eq!(Service::from_value(&Value::from(port)), Ok(Service::Port(port)));
        prop_assert_eq!(Service::from(port.to_string()), Service::Port(port));
        let service = Service::from(name.replace(' ', "-"));
        prop_assert_eq!(Service::from_value(&service.to_value()), Ok(service));
        let option = OptionName::ALL[index];
        if let Ok(option) = NetworkOption::from_value(option, &Value::from(value)) {
            let value = option.value();
            prop_assert_eq!(NetworkOption::from_value(option.name(), &value), Ok(option));
        }
    }
}

#[test]
fn every_kind_and_special_word_comes_back() {
    for kind in [Kind::Stream, Kind::Datagram, Kind::SeqPacket] {
        assert_eq!(Kind::from_value(&kind.into()), Ok(kind));
    }
    assert_eq!(Host::from_value(&Host::Local.into()), Ok(Host::Local));
    assert_eq!(Service::from_value(&Service::Any.into()), Ok(Service::Any));
}
