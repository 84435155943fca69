//! What Emacs's process buffers were seen to do (probe 09-buffer).

use super::*;

fn buffer(text: &str) -> (Buffer, Marker) {
    let mut buffer = Buffer::new("x");
    let mark = buffer.create_marker();
    buffer.insert_at(mark, &Text::from(text));
    buffer.set_point(1);
    (buffer, mark)
}

fn insert(buffer: &mut Buffer, mark: Marker, text: &str) {
    buffer.insert_at(mark, &Text::from(text));
}

fn state(buffer: &Buffer, mark: Marker) -> (String, usize, Option<usize>) {
    (
        buffer.text().to_string(),
        buffer.point(),
        buffer.marker(mark),
    )
}

#[test]
fn point_at_the_end_moves_along() {
    let mut buffer = Buffer::new("x");
    let mark = buffer.create_marker();
    insert(&mut buffer, mark, "abc");
    assert_eq!(state(&buffer, mark), ("abc".into(), 4, Some(4)));
    insert(&mut buffer, mark, "def");
    assert_eq!(state(&buffer, mark), ("abcdef".into(), 7, Some(7)));
}

#[test]
fn point_before_the_mark_stays() {
    let (mut buffer, mark) = buffer("12345");
    insert(&mut buffer, mark, "abc");
    assert_eq!(state(&buffer, mark), ("12345abc".into(), 1, Some(9)));
}

#[test]
fn text_goes_in_at_a_mark_in_the_middle() {
    let (mut buffer, mark) = buffer("headtail");
    buffer.set_point(9);
    buffer.set_marker(mark, Some(5));
    insert(&mut buffer, mark, "ABC");
    assert_eq!(state(&buffer, mark), ("headABCtail".into(), 12, Some(8)));
    buffer.set_point(8);
    insert(&mut buffer, mark, "D");
    assert_eq!(state(&buffer, mark), ("headABCDtail".into(), 9, Some(9)));
    buffer.set_point(2);
    insert(&mut buffer, mark, "E");
    assert_eq!(state(&buffer, mark), ("headABCDEtail".into(), 2, Some(10)));
}

#[test]
fn a_mark_that_points_nowhere_means_the_end() {
    let (mut buffer, mark) = buffer("zzz");
    buffer.set_marker(mark, None);
    insert(&mut buffer, mark, "abc");
    assert_eq!(state(&buffer, mark), ("zzzabc".into(), 1, Some(7)));
}

#[test]
fn other_markers_at_the_place_end_after_the_text() {
    let (mut buffer, mark) = buffer("12");
    let other = buffer.create_marker();
    buffer.set_marker(other, Some(3));
    insert(&mut buffer, mark, "abc");
    assert_eq!(
        (buffer.marker(other), buffer.marker(mark)),
        (Some(6), Some(6))
    );
}

#[test]
fn the_default_sentinel_writes_one_line_and_nothing_about_opening() {
    let (mut buffer, mark) = buffer("text");
    buffer.insert_event_at(mark, "c", "open\n");
    buffer.insert_event_at(mark, "c", "open from 127.0.0.1\n");
    assert_eq!(state(&buffer, mark), ("text".into(), 1, Some(5)));
    buffer.set_point(3);
    buffer.insert_event_at(mark, "c", "connection broken by remote peer\n");
    let text = "text\nProcess c connection broken by remote peer\n";
    assert_eq!(state(&buffer, mark), (text.into(), 3, Some(49)));
}

#[test]
fn a_unibyte_buffer_takes_the_bytes() {
    let mut buffer = Buffer::new("x");
    buffer.set_multibyte(false);
    let mark = buffer.create_marker();
    insert(&mut buffer, mark, "hé");
    assert_eq!(buffer.text().as_unibyte(), Some(&b"h\xc3\xa9"[..]));
    assert_eq!(buffer.marker(mark), Some(4));
}

#[test]
fn bytes_become_raw_characters_in_a_multibyte_buffer() {
    let (mut buffer, mark) = buffer("");
    buffer.insert_at(mark, &Text::unibyte(*b"a\xff"));
    assert_eq!((buffer.len(), buffer.marker(mark)), (2, Some(3)));
    buffer.set_marker(mark, Some(2));
    insert(&mut buffer, mark, "é");
    assert_eq!(&*buffer.text().as_bytes(), b"a\xc3\xa9\xff");
    assert_eq!(buffer.marker(mark), Some(3));
}

#[test]
fn making_a_buffer_unibyte_and_back_keeps_the_bytes_and_the_places() {
    let (mut buffer, mark) = buffer("né");
    buffer.insert_at(mark, &Text::unibyte(*b"\xff"));
    insert(&mut buffer, mark, "x");
    buffer.set_point(4);
    buffer.set_multibyte(false);
    assert_eq!(&*buffer.text().as_bytes(), b"n\xc3\xa9\xffx");
    assert_eq!((buffer.point(), buffer.marker(mark)), (5, Some(6)));
    buffer.set_multibyte(true);
    assert_eq!(
        (buffer.point(), buffer.marker(mark), buffer.len()),
        (4, Some(5), 4)
    );
}

#[test]
fn erasing_keeps_the_mark_at_the_start() {
    let (mut buffer, mark) = buffer("abc");
    buffer.erase();
    insert(&mut buffer, mark, "d");
    assert_eq!(state(&buffer, mark), ("d".into(), 2, Some(2)));
    assert_eq!(buffer.take(), "d");
    assert!(buffer.is_empty());
}

#[test]
fn a_killed_buffer_takes_nothing() {
    let (mut buffer, mark) = buffer("abc");
    buffer.kill();
    insert(&mut buffer, mark, "d");
    assert!(buffer.is_killed() && buffer.is_empty());
    assert_eq!(buffer.marker(mark), None);
}

#[test]
fn a_removed_marker_is_used_again() {
    let (mut buffer, mark) = buffer("abc");
    buffer.remove_marker(mark);
    assert_eq!(buffer.marker(mark), None);
    buffer.set_marker(mark, Some(1));
    assert_eq!(buffer.marker(mark), None);
    assert_eq!(buffer.create_marker(), mark);
}

/// 200 MB in pieces of 64 KiB would take hours if appending looked at what is there.
#[test]
fn appending_does_not_look_at_what_is_there() {
    let (mut buffer, mark) = buffer("");
    let piece = Text::from("x".repeat(64 * 1024));
    for _ in 0..320 {
        buffer.insert_at(mark, &piece);
    }
    assert_eq!(buffer.marker(mark), Some(320 * 64 * 1024 + 1));
}
