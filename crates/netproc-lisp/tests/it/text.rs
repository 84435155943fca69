//! Texts keep every character and byte that is put into them.

use std::collections::HashSet;

use netproc_lisp::{Char, Text};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::properties::{any_char, any_text};

#[test]
fn ascii_keeps_a_unibyte_text_unibyte_and_other_characters_make_it_multibyte() {
    let mut text = Text::unibyte(*b"\xC0");
    text.push_str("a");
    assert_eq!(text.as_unibyte(), Some(&b"\xC0a"[..]));
    text.push_str("é");
    assert!(text.is_multibyte());
    assert_eq!(
        text.chars().collect::<Vec<_>>(),
        [Char::Raw(0xC0), Char::Unicode('a'), Char::Unicode('é')]
    );
}

#[test]
fn joining_with_a_multibyte_text_gives_a_multibyte_text() {
    let mut text = Text::unibyte(*b"ab");
    text.push_text(&Text::from("c"));
    assert!(text.is_multibyte());
    assert_eq!(text, "abc");
}

#[test]
fn clearing_keeps_the_kind_and_resetting_chooses_it() {
    let mut text = Text::unibyte(*b"ab");
    text.clear();
    assert!(text.is_empty() && !text.is_multibyte());
    text.push_bytes(b"\xFF");
    text.reset(true);
    text.push_raw(0xFF);
    assert_eq!(text.internal_bytes(), [0xC1, 0xBF]);
}

#[test]
fn lossy_text_has_one_replacement_for_each_character_outside_unicode() {
    let text = Text::from_bytes(b"a\xFF\xFEb");
    assert_eq!(text.to_string_lossy(), "a\u{FFFD}\u{FFFD}b");
    assert_eq!(text.clone().into_string(), Err(text));
}

#[test]
fn malformed_internal_bytes_are_refused_with_their_place() {
    let error = Text::from_internal(b"a\xC1\x80\x80".to_vec()).unwrap_err();
    assert_eq!(error.offset(), 3);
    // A raw byte in five bytes would be a second form of the same character.
    assert!(Text::from_internal(b"\xF8\x8F\xBF\xBE\x80".to_vec()).is_err());
}

#[test]
fn a_number_that_is_no_character_becomes_the_replacement_character() {
    let mut text = Text::new();
    text.push_char(Char::Extended(0x40_0000));
    text.push_char(Char::Extended(0x41));
    text.push_char(Char::Raw(0x42));
    assert_eq!(text, "\u{FFFD}AB");
}

proptest! {
    #[test]
    fn characters_come_out_as_they_went_in(characters in vec(any_char(), 0..20)) {
        let text: Text = characters.iter().copied().collect();
        prop_assert_eq!(text.chars().collect::<Vec<_>>(), &characters[..]);
        prop_assert_eq!(text.char_count(), characters.len());
        let all_unicode = characters.iter().all(|character| character.to_unicode().is_some());
        prop_assert_eq!(text.as_str().is_some(), all_unicode);
    }

    #[test]
    fn internal_bytes_make_the_same_text(text in any_text()) {
        let mut multibyte = text.clone();
        multibyte.make_multibyte();
        prop_assert_eq!(&multibyte, &text);
        let again = Text::from_internal(multibyte.internal_bytes().to_vec()).unwrap();
        prop_assert_eq!(again, text);
    }

    #[test]
    fn any_bytes_come_back(bytes in vec(any::<u8>(), 0..40)) {
        let text = Text::from_bytes(&bytes);
        prop_assert_eq!(&*text.as_bytes(), &bytes[..]);
        let mut raw = Text::new();
        raw.push_bytes(&bytes);
        prop_assert_eq!(&raw, &Text::unibyte(bytes.clone()));
        prop_assert_eq!(&*raw.as_bytes(), &bytes[..]);
    }

    #[test]
    fn joining_is_putting_the_characters_one_after_another(one in any_text(), two in any_text()) {
        let mut joined = one.clone();
        joined.push_text(&two);
        prop_assert!(joined.chars().eq(one.chars().chain(two.chars())));
        prop_assert_eq!(joined.is_multibyte(), one.is_multibyte() || two.is_multibyte());
    }

    #[test]
    fn equal_texts_hash_alike(text in any_text()) {
        let mut multibyte = text.clone();
        multibyte.make_multibyte();
        let set = HashSet::from([text]);
        prop_assert!(set.contains(&multibyte));
    }
}
