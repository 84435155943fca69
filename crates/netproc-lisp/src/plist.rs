//! Property lists: lists of keys and values by turns.
//!
//! Keys are compared as [`Value::is_eq`] does: symbols by name, numbers by value, and other values
//! by identity.

use std::fmt;
use std::iter::FusedIterator;

use crate::Value;

/// Returns the value of the first such key, or nil.
///
/// Of a list with an odd number of elements, or one that does not end in nil, the complete pairs
/// count. What is no list has no keys.
///
/// ```
/// use netproc_lisp::{Value, plist, read};
///
/// let list = read("(:name \"web\" :service 80)")?;
/// assert_eq!(plist::get(&list, &Value::keyword(":service")), Value::from(80));
/// assert_eq!(plist::get(&list, &Value::keyword(":host")), Value::Nil);
/// # Ok::<(), netproc_lisp::ReadError>(())
/// ```
#[doc(alias = "plist-get")]
pub fn get(list: &Value, key: &Value) -> Value {
    get_ref(list, key).cloned().unwrap_or_default()
}

/// Returns the value of the first such key, or `None` if there is no such key.
#[doc(alias = "plist-member")]
pub fn get_ref<'a>(list: &'a Value, key: &Value) -> Option<&'a Value> {
    iter(list)
        .find(|(candidate, _)| candidate.is_eq(key))
        .map(|(_, value)| value)
}

/// Returns a list with the key's value replaced where the key first stands, or appended.
///
/// # Errors
///
/// [`NotPlist`] when the key is not found and the list has odd length or does not end in nil.
///
/// ```
/// use netproc_lisp::{Value, plist, read};
///
/// let list = read("(a 1 b 2)")?;
/// assert_eq!(plist::put(&list, &Value::symbol("a"), Value::from(3))?.to_string(), "(a 3 b 2)");
/// assert_eq!(plist::put(&list, &Value::symbol("c"), Value::t())?.to_string(), "(a 1 b 2 c t)");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[doc(alias = "plist-put")]
pub fn put(list: &Value, key: &Value, value: Value) -> Result<Value, NotPlist> {
    let mut before = Vec::new();
    let mut pairs = iter(list);
    while let Some((candidate, old)) = pairs.next() {
        before.push(candidate.clone());
        if candidate.is_eq(key) {
            before.push(value);
            return Ok(Value::list_with_tail(before, pairs.rest().clone()));
        }
        before.push(old.clone());
    }
    if pairs.rest().is_true() {
        return Err(NotPlist {
            value: list.clone(),
        });
    }
    before.push(key.clone());
    before.push(value);
    Ok(Value::list(before))
}

/// Returns a list without the first such key and its value; without such a key, the same list.
pub fn remove(list: &Value, key: &Value) -> Value {
    let mut before = Vec::new();
    let mut pairs = iter(list);
    while let Some((candidate, value)) = pairs.next() {
        if candidate.is_eq(key) {
            return Value::list_with_tail(before, pairs.rest().clone());
        }
        before.push(candidate.clone());
        before.push(value.clone());
    }
    list.clone()
}

/// Returns an iterator over the keys and their values, in order, duplicates included.
pub fn iter(list: &Value) -> Iter<'_> {
    Iter { rest: list }
}

/// Returns the keys and their values, in order, duplicates included.
///
/// # Errors
///
/// [`NotPlist`] when the list has odd length or does not end in nil.
pub fn entries(list: &Value) -> Result<Vec<(&Value, &Value)>, NotPlist> {
    let mut pairs = iter(list);
    let entries = pairs.by_ref().collect();
    if pairs.rest().is_nil() {
        Ok(entries)
    } else {
        Err(NotPlist {
            value: list.clone(),
        })
    }
}

/// The keys and values of a property list, made by [`iter`].
#[derive(Clone, Debug)]
pub struct Iter<'a> {
    rest: &'a Value,
}

impl<'a> Iter<'a> {
    /// Returns what is left: nil at the end of a property list, something else if it is none.
    pub fn rest(&self) -> &'a Value {
        self.rest
    }
}

impl<'a> Iterator for Iter<'a> {
    type Item = (&'a Value, &'a Value);

    fn next(&mut self) -> Option<Self::Item> {
        let key = self.rest.as_cons()?;
        let value = key.cdr.as_cons()?;
        self.rest = &value.cdr;
        Some((&key.car, &value.car))
    }
}

impl FusedIterator for Iter<'_> {}

/// The error of a value that is no property list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotPlist {
    value: Value,
}

impl NotPlist {
    /// Returns the value.
    pub fn value(&self) -> &Value {
        &self.value
    }
}

impl fmt::Display for NotPlist {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "expected a list of keys and values by turns, found {}",
            self.value
        )
    }
}

impl std::error::Error for NotPlist {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read;

    #[test]
    fn the_first_of_two_equal_keys_counts() {
        let list = read("(a 1 a 2)").unwrap();
        assert_eq!(get(&list, &Value::symbol("a")), Value::from(1));
        let changed = put(&list, &Value::symbol("a"), Value::from(3)).unwrap();
        assert_eq!(changed.to_string(), "(a 3 a 2)");
        assert_eq!(remove(&list, &Value::symbol("a")).to_string(), "(a 2)");
    }

    #[test]
    fn keys_are_compared_as_by_eq() {
        let list = read("(1 one \"s\" two)").unwrap();
        assert_eq!(get(&list, &Value::from(1)), Value::symbol("one"));
        assert_eq!(get(&list, &Value::from("s")), Value::Nil);
    }

    #[test]
    fn an_odd_list_gives_nil_for_its_last_key_and_refuses_to_grow() {
        let list = read("(a 1 b)").unwrap();
        assert_eq!(get(&list, &Value::symbol("b")), Value::Nil);
        let error = put(&list, &Value::symbol("b"), Value::Nil).unwrap_err();
        assert_eq!(error.value(), &list);
        assert_eq!(entries(&list), Err(error));
        let changed = put(&list, &Value::symbol("a"), Value::Nil).unwrap();
        assert_eq!(changed.to_string(), "(a nil b)");
    }

    #[test]
    fn nil_is_the_empty_property_list() {
        assert_eq!(get(&Value::Nil, &Value::symbol("a")), Value::Nil);
        let list = put(&Value::Nil, &Value::symbol("a"), Value::from(1)).unwrap();
        assert_eq!(list.to_string(), "(a 1)");
        assert_eq!(entries(&Value::Nil), Ok(Vec::new()));
    }

    #[test]
    fn what_is_no_list_has_no_keys() {
        assert_eq!(get(&Value::from(5), &Value::symbol("a")), Value::Nil);
        assert!(put(&Value::from(5), &Value::symbol("a"), Value::Nil).is_err());
    }
}
