//! The order in which addresses are tried: RFC 8305, section 4, without its sorting by reachability.

use std::collections::VecDeque;

use netproc_address::Address;

/// Returns each address once, in the order given.
pub(crate) fn distinct(candidates: Vec<Address>) -> Vec<Address> {
    let mut kept: Vec<Address> = Vec::with_capacity(candidates.len());
    for candidate in candidates {
        if !kept.contains(&candidate) {
            kept.push(candidate);
        }
    }
    kept
}

/// Returns the addresses so that families alternate, beginning with `count` of the first one's.
///
/// Within a family the order given is kept.
pub(crate) fn interleave(candidates: Vec<Address>, count: usize) -> VecDeque<Address> {
    let first = match &*candidates {
        [] | [_] => return candidates.into(),
        [first, ..] => first.family(),
    };
    let (favoured, others): (Vec<_>, Vec<_>) = candidates
        .into_iter()
        .partition(|candidate| candidate.family() == first);
    let mut favoured = favoured.into_iter();
    let mut others = others.into_iter();
    let mut order: VecDeque<Address> = favoured.by_ref().take(count.max(1)).collect();
    loop {
        let pair = [others.next(), favoured.next()];
        if pair.iter().all(Option::is_none) {
            return order;
        }
        order.extend(pair.into_iter().flatten());
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn addresses(texts: &[&str]) -> Vec<Address> {
        let parse = |text: &&str| -> Address {
            let address: std::net::SocketAddr = text.parse().expect("a socket address");
            address.into()
        };
        texts.iter().map(parse).collect()
    }

    fn order(texts: &[&str], count: usize) -> Vec<String> {
        let order = interleave(addresses(texts), count);
        order.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn families_alternate_from_the_first() {
        assert_eq!(
            order(
                &["[::1]:1", "[::2]:1", "[::3]:1", "1.1.1.1:1", "1.1.1.2:1"],
                1
            ),
            ["[::1]:1", "1.1.1.1:1", "[::2]:1", "1.1.1.2:1", "[::3]:1"],
        );
    }

    #[test]
    fn the_first_family_may_get_a_start() {
        assert_eq!(
            order(&["1.1.1.1:1", "1.1.1.2:1", "1.1.1.3:1", "[::1]:1"], 2),
            ["1.1.1.1:1", "1.1.1.2:1", "[::1]:1", "1.1.1.3:1"],
        );
    }

    #[test]
    fn a_lone_family_keeps_its_order() {
        assert_eq!(
            order(&["1.1.1.2:1", "1.1.1.1:1"], 1),
            ["1.1.1.2:1", "1.1.1.1:1"]
        );
        assert!(order(&[], 1).is_empty());
    }

    #[test]
    fn duplicates_are_tried_once() {
        let kept = distinct(addresses(&[
            "1.1.1.1:1",
            "[::1]:1",
            "1.1.1.1:1",
            "1.1.1.1:2",
        ]));
        assert_eq!(kept, addresses(&["1.1.1.1:1", "[::1]:1", "1.1.1.1:2"]));
    }

    proptest! {
        #[test]
        fn every_address_is_tried_once_and_each_family_in_its_order(
            families in proptest::collection::vec(any::<bool>(), 0..12),
            count in 0_usize..4,
        ) {
            let number = |(index, six): (usize, &bool)| -> Address {
                let port = u16::try_from(index).expect("few");
                let host = if *six { "[::1]" } else { "127.0.0.1" };
                format!("{host}:{port}").parse().expect("an address")
            };
            let given: Vec<Address> = families.iter().enumerate().map(number).collect();
            let order = interleave(given.clone(), count);
            prop_assert_eq!(order.len(), given.len());
            prop_assert_eq!(order.front(), given.first());
            for six in [false, true] {
                let of = |address: &&Address| matches!(address, Address::V6(_)) == six;
                prop_assert!(order.iter().filter(of).eq(given.iter().filter(of)));
            }
        }
    }
}
