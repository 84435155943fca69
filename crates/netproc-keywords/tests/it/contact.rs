//! The argument list as the contact of a process shows it.

use netproc_keywords::{Arguments, Spec};
use netproc_lisp::{Value, read};

use crate::spec;

#[test]
fn unknown_keywords_and_plain_symbols_are_kept() {
    let list = "(:name \"a\" :server t :service t :frobnicate 7 color red)";
    assert_eq!(spec(list).arguments.to_string(), list);
    assert_eq!(
        spec(list).arguments.get(":frobnicate"),
        Some(&Value::from(7))
    );
    assert_eq!(
        spec(list).arguments.get("color"),
        Some(&Value::symbol("red"))
    );
}

#[test]
fn a_key_gives_its_first_value() {
    let arguments = spec("(:name \"a\" :service 1 :x 1 :x 2)").arguments;
    assert_eq!(arguments.get(":x"), Some(&Value::from(1)));
    assert_eq!(arguments.get(":y"), None);
    assert_eq!(arguments.get_key(&Value::from(5)), None);
    assert_eq!(
        arguments.get_key(&Value::symbol(":x")),
        Some(&Value::from(1))
    );
}

#[test]
fn updates_are_made_in_place_or_at_the_end() {
    let given = spec("(:name \"a\" :server t :service t)").arguments;
    let bound = given
        .with(":service", 35125)
        .with(":local", read("[127 0 0 1 35125]").unwrap());
    assert_eq!(
        bound.to_string(),
        "(:name \"a\" :server t :service 35125 :local [127 0 0 1 35125])"
    );
    assert_eq!(given.to_string(), "(:name \"a\" :server t :service t)");
}

#[test]
fn an_update_leaves_repeated_keys_alone() {
    let given: Arguments = [(":x", 1), (":x", 2)].into_iter().collect();
    assert_eq!(given.with(":x", 3).to_string(), "(:x 3 :x 2)");
}

#[test]
fn a_list_given_as_data_means_the_same_as_text() {
    let text = "(:name \"a\" :service 1 :linger 2)";
    assert_eq!(Spec::from_value(&read(text).unwrap()), Ok(spec(text)));
}
