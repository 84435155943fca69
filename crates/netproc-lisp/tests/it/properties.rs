//! Printing and reading are inverse, and no text makes the reader panic.

use netproc_lisp::{
    BigInteger, Char, Elements, Reader, Text, Value, plist, read, read_elements, read_spanned,
};
use proptest::collection::vec;
use proptest::prelude::*;

pub(crate) fn any_char() -> impl Strategy<Value = Char> {
    prop_oneof![
        (0..0x80_u32),
        any::<char>().prop_map(u32::from),
        (0xD800..0xE000_u32),
        (0x11_0000..0x40_0000_u32),
        (0x3F_FF80..0x40_0000_u32),
    ]
    .prop_filter_map("every number up to 3fffff is a character", Char::from_code)
}

pub(crate) fn any_text() -> impl Strategy<Value = Text> {
    prop_oneof![
        any::<String>().prop_map(Text::from),
        vec(any::<u8>(), 0..12).prop_map(Text::unibyte),
        vec(any_char(), 0..12).prop_map(|characters| characters.into_iter().collect()),
    ]
}

fn any_name() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[-+]?[0-9]{0,3}[.]?[0-9]{0,3}([eE][-+]?([0-9]{1,3}|INF|NaN)?)?",
        "[]\\[()'`,@#;?.\"\\\\ \u{A0}\u{FEFF}:a0-]{0,6}",
        ":[a-z-]{1,8}",
        prop::sample::select(&["quote", "function", "`", ",", ",@", "nil", "t"][..])
            .prop_map(str::to_owned),
    ]
}

fn any_float() -> impl Strategy<Value = f64> {
    prop_oneof![
        any::<u64>().prop_map(f64::from_bits),
        any::<i32>().prop_map(f64::from),
        (any::<i32>(), -30..30_i32)
            .prop_map(|(mantissa, ten)| f64::from(mantissa) * 10_f64.powi(ten)),
        prop::sample::select(&[0.0, -0.0, f64::INFINITY, f64::NEG_INFINITY, f64::NAN][..]),
    ]
}

pub(crate) fn any_value() -> impl Strategy<Value = Value> {
    let atom = prop_oneof![
        any_name().prop_map(|name| Value::symbol(&name)),
        any::<i64>().prop_map(Value::Integer),
        "-?[0-9]{1,60}".prop_filter_map("digits make an integer", |digits| {
            BigInteger::parse(&digits, 10)
        }),
        any_float().prop_map(Value::Float),
        any_text().prop_map(Value::from),
    ];
    atom.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::list::<Vec<Value>>),
            vec(inner.clone(), 0..6).prop_map(Value::vector::<Vec<Value>>),
            (vec(inner.clone(), 1..4), inner.clone())
                .prop_map(|(elements, tail)| Value::list_with_tail(elements, tail)),
            (
                prop::sample::select(&["quote", "function", "`", ",", ",@"][..]),
                inner
            )
                .prop_map(|(name, value)| Value::list([Value::symbol(name), value])),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_printed_reads_back(value in any_value()) {
        let printed = value.to_string();
        prop_assert_eq!(read(&printed), Ok(value), "{}", printed);
    }

    #[test]
    fn what_reads_back_prints_the_same(value in any_value()) {
        let printed = value.to_string();
        prop_assert_eq!(read(&printed).unwrap().to_string(), printed);
    }

    #[test]
    fn spans_cover_text_that_reads_as_the_element(value in any_value()) {
        let printed = value.to_string();
        let whole = read_spanned(&printed).unwrap();
        prop_assert_eq!(whole.span.range(), 0..printed.len());
        let quoted = printed.starts_with(['\'', '`', ',', '#']);
        for child in whole.children.iter().skip(usize::from(quoted)) {
            let text = &printed[child.span.range()];
            // An element inside a backquote may be a comma form, which reads just the same.
            prop_assert_eq!(read(text), Ok(child.value.clone()), "{}", text);
        }
    }

    #[test]
    fn any_text_reads_or_is_refused_within_its_bounds(text in any::<String>()) {
        for result in Reader::new(&text) {
            match result {
                Ok((_, span)) => prop_assert!(text.get(span.range()).is_some()),
                Err(error) => prop_assert!(text.get(error.span().range()).is_some()),
            }
        }
    }

    #[test]
    fn any_mix_of_syntax_reads_or_is_refused_within_its_bounds(
        text in "[]\\[()'`,@#;?.\"\\\\ \n^CMSHAsxuUN{}+0-9a-fre-]{0,40}"
    ) {
        for result in Reader::new(&text) {
            match result {
                Ok((value, span)) => {
                    let again = read(&value.to_string());
                    prop_assert_eq!(again.as_ref(), Ok(&value));
                    prop_assert!(text.get(span.range()).is_some());
                }
                Err(error) => prop_assert!(text.get(error.span().range()).is_some()),
            }
        }
    }

    #[test]
    fn it_makes_no_difference_which_places_are_kept(
        text in "[]\\[()'`,@#;?.\"\\\\ \n\u{A0}é^CMSHAsxuUN{}+0-9a-fre-]{0,40}"
    ) {
        let whole = read_spanned(&text);
        let value = whole.clone().map(|whole| whole.value);
        prop_assert_eq!(read(&text), value);
        let in_pieces = read_elements(&text).map(Elements::into_spanned);
        prop_assert_eq!(
            in_pieces.map(|whole| (whole.value, whole.span)),
            whole.map(|whole| (whole.value, whole.span))
        );
    }

    #[test]
    fn places_count_lines_and_characters(text in "([a-zé日\u{A0}]{0,3}|[ \n;\"]){0,30}") {
        let ends = Reader::new(&text).map(|result| match result {
            Ok((_, span)) => span.end,
            Err(error) => error.span().end,
        });
        for end in ends {
            let before = &text[..end.offset];
            let line = before.rsplit('\n').next().unwrap_or_default();
            prop_assert_eq!(end.line, before.matches('\n').count() + 1);
            prop_assert_eq!(end.column, line.chars().count() + 1);
        }
    }

    #[test]
    fn what_is_put_is_got_and_nothing_else_changes(
        pairs in vec((":[a-d]", any::<i64>()), 0..6),
        name in ":[a-d]",
        value in any_value(),
    ) {
        let list = Value::list(
            pairs.iter().flat_map(|(name, number)| [Value::symbol(name), Value::from(*number)]),
        );
        let key = Value::symbol(&name);
        let changed = plist::put(&list, &key, value.clone()).unwrap();
        prop_assert_eq!(plist::get(&changed, &key), value);
        for (other, _) in pairs.iter().filter(|(other, _)| *other != name) {
            let other = Value::symbol(other);
            prop_assert_eq!(plist::get(&changed, &other), plist::get(&list, &other));
        }
        let added = usize::from(plist::get_ref(&list, &key).is_none());
        prop_assert_eq!(plist::iter(&changed).count(), pairs.len() + added);
    }
}
