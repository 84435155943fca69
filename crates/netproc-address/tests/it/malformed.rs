//! What is no address is refused, and the message says which part is wrong.

use netproc_address::{Address, Error};
use netproc_lisp::{Value, read};
use proptest::prelude::*;

fn message(text: &str) -> String {
    Address::from_value(&read(text).unwrap())
        .unwrap_err()
        .to_string()
}

#[test]
fn messages_name_the_element_the_value_and_what_was_expected() {
    for (text, expected) in [
        (
            "[127 0 0 256 80]",
            "element 3 of the address is 256; expected an integer from 0 to 255",
        ),
        (
            "[127 x 0 1 80]",
            "element 1 of the address is x; expected an integer from 0 to 255",
        ),
        (
            "[0 0 0 0 0 0 0 1 70000]",
            "element 8 of the address is 70000; expected an integer from 0 to 65535",
        ),
        (
            "[1 2 3]",
            "[1 2 3] is no address: it has 3 elements; expected 5 (IPv4) or 9 (IPv6)",
        ),
        (
            "(99999 . [1])",
            "the family of the address is 99999; expected an integer from 0 to 65535",
        ),
        (
            "foo",
            "foo is no address; expected [A B C D PORT], [A B C D E F G H PORT], \
             a string, or (FAMILY . VECTOR)",
        ),
        (
            "\"/tmp/\\0x\"",
            "the local socket path has a NUL at byte 5; \
             expected none, or one at the start for an abstract name",
        ),
    ] {
        assert_eq!(message(text), expected);
    }
    let long = Value::string(&"x".repeat(108));
    assert_eq!(
        Address::from_value(&long).unwrap_err().to_string(),
        "the local socket name has 108 bytes; expected at most 107"
    );
}

/// A value that no element of an address vector may be.
fn bad_element(maximum: i64) -> impl Strategy<Value = Value> {
    prop_oneof![
        (i64::MIN..0).prop_map(Value::from),
        (maximum + 1..i64::MAX).prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        Just(Value::Nil),
        Just(Value::t()),
        Just(Value::from("1")),
        Just(Value::vector([1])),
        Just(read("99999999999999999999").unwrap()),
    ]
}

proptest! {
    #[test]
    fn the_first_wrong_element_of_an_ipv4_vector_is_named(
        (index, bad) in (0..5_usize).prop_flat_map(|index| {
            (Just(index), bad_element(if index == 4 { 65_535 } else { 255 }))
        }),
    ) {
        let mut elements = vec![Value::from(1); 5];
        elements[index] = bad.clone();
        let maximum = if index == 4 { 65_535 } else { 255 };
        let error = Error::Element { index, value: bad, maximum };
        prop_assert_eq!(Address::from_value(&Value::vector(elements)), Err(error));
    }

    #[test]
    fn the_first_wrong_element_of_an_ipv6_vector_is_named(
        index in 0..9_usize,
        bad in bad_element(65_535),
        bad_too in bad_element(65_535),
    ) {
        let mut elements = vec![Value::from(1); 9];
        elements[8] = bad_too;
        elements[index] = bad.clone();
        let error = Error::Element { index, value: bad, maximum: 65_535 };
        prop_assert_eq!(Address::from_value(&Value::vector(elements)), Err(error));
    }

    #[test]
    fn the_first_wrong_element_of_a_raw_vector_is_named(
        length in 1..126_usize,
        place in any::<prop::sample::Index>(),
        bad in bad_element(255),
    ) {
        let index = place.index(length);
        let mut elements = vec![Value::from(1); length];
        elements[index] = bad.clone();
        let error = Error::Element { index, value: bad, maximum: 255 };
        let value = Value::cons(16, Value::vector(elements));
        prop_assert_eq!(Address::from_value(&value), Err(error));
    }

    #[test]
    fn vectors_of_other_lengths_are_refused(length in 0..20_usize) {
        let value = Value::vector(vec![1; length]);
        let refused = Address::from_value(&value) == Err(Error::VectorLength { value });
        prop_assert_eq!(refused, !matches!(length, 5 | 9 | 10 | 11));
    }
}
