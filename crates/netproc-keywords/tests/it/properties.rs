//! What holds for every list, likely and unlikely ones.

use netproc_keywords::{RawSpec, Spec, table};
use netproc_lisp::{Value, read};
use proptest::{collection::vec, prelude::*, sample::select};

/// Any value that a list may hold.
fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Nil),
        Just(Value::t()),
        any::<i64>().prop_map(Value::from),
        (-3_i64..70_000).prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        vec(any::<u8>(), 0..120).prop_map(|bytes| Value::bytes(&bytes)),
        "[a-z:-]{1,12}".prop_map(|name| Value::symbol(&name)),
        any_key(),
    ];
    leaf.prop_recursive(3, 24, 9, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..10).prop_map(Value::list),
            vec(inner.clone(), 0..10).prop_map(Value::vector),
            (inner.clone(), inner).prop_map(|(car, cdr)| Value::cons(car, cdr)),
        ]
    })
}

/// The name of a known keyword.
fn any_key() -> impl Strategy<Value = Value> {
    select(table()).prop_map(|entry| Value::symbol(entry.keyword))
}

/// A value that is likely to be right for some keyword.
fn likely_value() -> impl Strategy<Value = Value> {
    let text = select(vec![
        "nil",
        "t",
        "local",
        "ipv4",
        "ipv6",
        "datagram",
        "seqpacket",
        "utf-8",
        "latin-1-dos",
        "(utf-8 . nil)",
        "\"web\"",
        "\"443\"",
        "\"\\0abs\"",
        "80",
        "70000",
        "0",
        "-1",
        "[127 0 0 1 80]",
        "[0 0 0 0 0 0 0 1 80]",
        "(16 . [0 0])",
        "(gnutls-x509pki)",
        "(a 1)",
        "my-function",
        "\"höst\"",
        "\"\"",
        "12345",
    ]);
    text.prop_map(|text| read(text).unwrap())
}

/// A list that often means something.
fn likely_list() -> impl Strategy<Value = Value> {
    let pair = (any_key(), likely_value());
    let tail = vec(pair, 0..8).prop_shuffle();
    (any::<bool>(), any::<String>(), likely_value(), tail).prop_map(
        |(server, name, service, tail)| {
            let mut list = vec![
                Value::symbol(":name"),
                name.into(),
                Value::symbol(":server"),
                server.into(),
                Value::symbol(":service"),
                service,
            ];
            list.extend(tail.into_iter().flat_map(|(key, value)| [key, value]));
            Value::list(list)
        },
    )
}

proptest! {
    #[test]
    fn no_value_whatever_makes_a_panic(value in any_value()) {
        if let Ok(raw) = RawSpec::from_value(&value) {
            prop_assert_eq!(raw.resolve().is_ok(), raw.check().iter().all(|one| !one.is_error()));
        }
    }

    #[test]
    fn no_list_whatever_makes_a_panic(elements in vec(prop_oneof![any_key(), any_value()], 0..16)) {
        let raw = RawSpec::from_value(&Value::list(elements)).unwrap();
        prop_assert_eq!(raw.resolve().is_ok(), raw.check().iter().all(|one| !one.is_error()));
    }

    #[test]
    fn no_text_whatever_makes_a_panic(text in ".{0,80}") {
        let _ = text.parse::<Spec>();
    }

    #[test]
    fn the_first_mistake_is_among_all_mistakes(list in likely_list()) {
        let raw = RawSpec::from_value(&list).unwrap();
        if let Err(error) = raw.resolve() {
            let all = raw.check();
            prop_assert!(all.iter().any(|one| one.condition == Some(error.condition())));
        }
    }

    #[test]
    fn a_condition_is_a_symbol_and_its_data(list in likely_list()) {
        if let Err(error) = Spec::from_value(&list) {
            let condition = error.condition();
            prop_assert!(condition.car().and_then(Value::as_symbol).is_some());
            prop_assert!(condition.list_iter().is_ok());
            prop_assert!(!error.to_string().is_empty());
        }
    }

    #[test]
    fn what_is_printed_reads_back_as_the_same(list in likely_list()) {
        if let Ok(spec) = Spec::from_value(&list) {
            let printed = spec.to_string();
            prop_assert_eq!(printed.parse::<Spec>(), Ok(spec), "{}", printed);
        }
    }

    #[test]
    fn a_list_comes_back_as_it_was(list in likely_list()) {
        let raw = RawSpec::from_value(&list).unwrap();
        prop_assert_eq!(raw.to_value(), list);
    }

    #[test]
    fn a_value_that_is_taken_has_one_of_the_shapes(
        entry in select(table()),
        value in prop_oneof![likely_value(), any_value()],
    ) {
        if entry.check(&value).is_ok() {
            let shaped = entry.shapes.iter().any(|shape| shape.accepts(&value));
            // Callbacks are looked at only when they are called.
            let callback = [":filter", ":sentinel", ":log"].contains(&entry.keyword);
            prop_assert!(shaped || callback, "{} {}", entry.keyword, value);
        }
    }

    #[test]
    fn a_builder_means_what_its_list_means(
        name in any::<String>(),
        pairs in vec((any_key(), likely_value()), 0..8),
    ) {
        let mut list = vec![Value::symbol(":name"), Value::from(name.as_str())];
        let mut builder = Spec::client(&name);
        for (key, value) in pairs {
            builder = builder.keyword(key.as_symbol().unwrap().as_str(), value.clone());
            list.extend([key, value]);
        }
        prop_assert_eq!(builder.build(), Spec::from_value(&Value::list(list)));
    }
}
