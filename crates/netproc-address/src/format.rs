//! Addresses as text in exactly Emacs's forms.

use std::fmt::Write;
use std::sync::Arc;

use netproc_lisp::{Text, Value};

use crate::Error;

/// Returns an address as text in exactly the forms of Emacs's function of that name.
///
/// A vector of 4 or 5 integers is an IPv4 address, one of 8 or 9 an IPv6 address written without
/// compression; with `omit_port` the last of 5 or 9 is not looked at. A string comes back as it
/// is, and a pair gives its family only. `None` stands for what is no address. Only for scoped
/// IPv6 addresses, which Emacs has not, the scope appears after a percent sign.
///
/// ```
/// use netproc_address::format_network_address;
/// use netproc_lisp::read;
///
/// let address = read("[8193 3512 0 0 0 0 0 5 443]")?;
/// let text = format_network_address(&address, false)?.unwrap();
/// assert_eq!(text, "[2001:db8:0:0:0:0:0:5]:443");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// [`Error::FamilyNumber`] for a pair whose first half is no number.
#[doc(alias = "format-network-address")]
pub fn format_network_address(address: &Value, omit_port: bool) -> Result<Option<Text>, Error> {
    match address {
        Value::String(text) => Ok(Some(Text::clone(text))),
        Value::Vector(elements) => Ok(format_vector(elements, omit_port).map(Text::from)),
        Value::Cons(cell) => match &cell.car {
            Value::Integer(family) => Ok(Some(format!("<Family {family}>").into())),
            Value::BigInteger(family) => Ok(Some(format!("<Family {family}>").into())),
            // Emacs formats with `%d`, which drops the fraction of a float; adding 0 drops the
            // sign of a zero.
            Value::Float(family) if family.is_finite() => {
                Ok(Some(format!("<Family {:.0}>", family.trunc() + 0.0).into()))
            }
            other => Err(Error::FamilyNumber {
                value: other.clone(),
            }),
        },
        _ => Ok(None),
    }
}

fn format_vector(elements: &Arc<[Value]>, omit_port: bool) -> Option<String> {
    let (host, port, more) = match elements.len() {
        4 => (&elements[..4], None, &[][..]),
        5 => (&elements[..4], Some(&elements[4]), &[][..]),
        8 => (&elements[..8], None, &[][..]),
        9..=11 => (&elements[..8], Some(&elements[8]), &elements[9..]),
        _ => return None,
    };
    let port = if omit_port { None } else { port };
    let within = |value: &Value, maximum: i64| {
        value
            .as_integer()
            .filter(|number| (0..=maximum).contains(number))
    };
    let ipv6 = host.len() == 8;
    let mut out = String::with_capacity(48);
    if ipv6 && port.is_some() {
        out.push('[');
    }
    for (index, element) in host.iter().enumerate() {
        // Writing to a String cannot fail.
        let _ = if ipv6 {
            let separator = if index == 0 { "" } else { ":" };
            write!(out, "{separator}{:x}", within(element, 0xFFFF)?)
        } else {
            let separator = if index == 0 { "" } else { "." };
            write!(out, "{separator}{}", within(element, 0xFF)?)
        };
    }
    if let Some(scope) = more.first() {
        let scope = within(scope, u32::MAX.into())?;
        let _ = if scope == 0 {
            Ok(())
        } else {
            write!(out, "%{scope}")
        };
    }
    if let Some(port) = port {
        let bracket = if ipv6 { "]" } else { "" };
        let _ = write!(out, "{bracket}:{}", within(port, 0xFFFF)?);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use netproc_lisp::read;

    use super::*;

    /// Formats with and without the port, with `-` for no address.
    fn both(address: &str) -> [String; 2] {
        let address = read(address).unwrap();
        [false, true].map(|omit| {
            let text = format_network_address(&address, omit).unwrap();
            text.map_or_else(|| "-".to_owned(), |text| text.to_string())
        })
    }

    #[test]
    fn every_form_is_that_of_emacs_28() {
        for (address, with_port, without) in [
            ("[127 0 0 1]", "127.0.0.1", "127.0.0.1"),
            ("[127 0 0 1 80]", "127.0.0.1:80", "127.0.0.1"),
            ("[127 0 0 1 65535]", "127.0.0.1:65535", "127.0.0.1"),
            ("[127 0 0 1 65536]", "-", "127.0.0.1"),
            ("[127 0 0 1 -1]", "-", "127.0.0.1"),
            ("[256 0 0 1]", "-", "-"),
            ("[256 0 0 1 80]", "-", "-"),
            ("[127 0 0 x]", "-", "-"),
            ("[127 0 0 1.0]", "-", "-"),
            ("[0 0 0 0 0 0 0 1]", "0:0:0:0:0:0:0:1", "0:0:0:0:0:0:0:1"),
            (
                "[0 0 0 0 0 0 0 1 80]",
                "[0:0:0:0:0:0:0:1]:80",
                "0:0:0:0:0:0:0:1",
            ),
            (
                "[8193 3512 0 0 0 0 0 5 443]",
                "[2001:db8:0:0:0:0:0:5]:443",
                "2001:db8:0:0:0:0:0:5",
            ),
            ("[65536 0 0 0 0 0 0 0 0]", "-", "-"),
            ("[1 2 3]", "-", "-"),
            ("[1 2 3 4 5 6]", "-", "-"),
            ("[]", "-", "-"),
            ("[1 2 3 4 5 6 7]", "-", "-"),
            ("nil", "-", "-"),
            ("\"path\"", "path", "path"),
            ("\"\"", "", ""),
            ("sym", "-", "-"),
            ("5", "-", "-"),
            ("t", "-", "-"),
            ("(1 . [2 3])", "<Family 1>", "<Family 1>"),
            ("(2)", "<Family 2>", "<Family 2>"),
            ("(2 3)", "<Family 2>", "<Family 2>"),
        ] {
            assert_eq!(both(address), [with_port, without], "{address}");
        }
    }

    #[test]
    fn a_family_may_be_any_number() {
        for (address, text) in [
            ("(1.5 . [1])", "<Family 1>"),
            ("(-2.7 . [1])", "<Family -2>"),
            ("(-0.5)", "<Family 0>"),
            ("(1e20)", "<Family 100000000000000000000>"),
            (
                "(99999999999999999999 . 1)",
                "<Family 99999999999999999999>",
            ),
        ] {
            assert_eq!(both(address), [text, text], "{address}");
        }
    }

    #[test]
    fn a_string_keeps_its_raw_bytes() {
        let path = Value::bytes(b"p\xE9");
        let text = format_network_address(&path, false).unwrap().unwrap();
        assert_eq!(Value::from(text), path);
    }

    #[test]
    fn a_pair_without_a_number_is_an_error() {
        let error = format_network_address(&read("(x . [1])").unwrap(), false).unwrap_err();
        assert_eq!(
            error,
            Error::FamilyNumber {
                value: Value::symbol("x")
            }
        );
    }

    #[test]
    fn a_scope_is_shown() {
        assert_eq!(
            both("[65152 0 0 0 0 0 0 1 7 2]"),
            ["[fe80:0:0:0:0:0:0:1%2]:7", "fe80:0:0:0:0:0:0:1%2"]
        );
    }
}
