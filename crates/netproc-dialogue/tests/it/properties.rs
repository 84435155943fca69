//! What holds whatever the server says and however it arrives.

use netproc_dialogue::{
    Dialogue, Effect, Error, Event, Outcome, Pattern, StreamKind, StreamRequest, StreamType, Text,
};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::support::imap;

/// An event without its borrow.
#[derive(Clone, Debug)]
enum Happened {
    Connected,
    Text(Vec<u8>),
    Closed,
    TimedOut,
    TlsDone,
    TlsFailed(bool),
}

fn happened() -> impl Strategy<Value = Happened> {
    let words = prop::sample::select(&[
        "* OK ready\r\n",
        "* CAPABILITY STARTTLS\r\n",
        "1 OK go\r\n",
        "1 NO\r\n",
        "* CAP",
        "ABILITY STARTTLS\r\n1 OK",
        "\r\n",
        "",
    ]);
    prop_oneof![
        2 => Just(Happened::Connected),
        6 => words.prop_map(|words| Happened::Text(words.into())),
        1 => vec(any::<u8>(), 0..20).prop_map(Happened::Text),
        1 => Just(Happened::Closed),
        1 => Just(Happened::TimedOut),
        2 => Just(Happened::TlsDone),
        1 => any::<bool>().prop_map(Happened::TlsFailed),
    ]
}

fn stream_type() -> impl Strategy<Value = StreamType> {
    prop::sample::select(&[
        StreamType::Network,
        StreamType::Plain,
        StreamType::Starttls,
        StreamType::Tls,
    ])
}

fn request() -> impl Strategy<Value = StreamRequest> {
    (stream_type(), any::<[bool; 4]>()).prop_map(|(stream_type, [list, nowait, silent, always])| {
        imap()
            .stream_type(stream_type)
            .return_list(list)
            .nowait(nowait)
            .nogreeting(silent)
            .always_query_capabilities(always)
            .answer_limit(200)
    })
}

/// What a dialogue did before each event, and how it ended.
fn run(request: StreamRequest, events: &[Happened]) -> (Vec<Effect>, Option<End>) {
    let mut dialogue = Dialogue::new(request).expect("complete parameters");
    let mut effects = Vec::new();
    let mut end = None;
    for event in events.iter().map(Some).chain([None]) {
        while let Some(effect) = dialogue.poll() {
            assert!(end.is_none(), "nothing is done after the end");
            if let Effect::Finish(finished) = &effect {
                end = Some(finished.clone());
            }
            effects.push(effect);
        }
        let text;
        dialogue.handle(match event {
            None => break,
            Some(Happened::Connected) => Event::Connected,
            Some(Happened::Closed) => Event::Closed,
            Some(Happened::TimedOut) => Event::TimedOut,
            Some(Happened::TlsDone) => Event::TlsDone,
            Some(Happened::TlsFailed(protocol)) => Event::TlsFailed {
                protocol: *protocol,
                reason: "no",
            },
            Some(Happened::Text(bytes)) => {
                text = Text::from_bytes(bytes);
                Event::Text(&text)
            }
        });
    }
    (effects, end)
}

type End = Result<Outcome, Error>;

/// Cuts bytes into pieces at any places.
fn pieces(bytes: &[u8], cuts: &[prop::sample::Index]) -> Vec<Happened> {
    let mut places: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
    places.extend([0, bytes.len()]);
    places.sort_unstable();
    places
        .windows(2)
        .map(|two| Happened::Text(bytes[two[0]..two[1]].to_vec()))
        .collect()
}

proptest! {
    #[test]
    fn nothing_that_happens_does_harm(request in request(), events in vec(happened(), 0..30)) {
        let wanted = request.stream_type;
        let (effects, end) = run(request, &events);
        let handshakes = effects.iter().filter(|effect| **effect == Effect::StartTls).count();
        prop_assert!(handshakes <= 1);
        if let Some(Ok(outcome)) = end {
            match wanted {
                StreamType::Starttls => prop_assert_eq!(outcome.kind, StreamKind::Tls),
                StreamType::Tls => prop_assert_eq!(outcome.kind, StreamKind::Tls),
                StreamType::Plain => prop_assert_eq!(outcome.kind, StreamKind::Plain),
                _ => {}
            }
            if outcome.kind == StreamKind::Tls && wanted != StreamType::Tls {
                prop_assert_eq!(handshakes, 1);
                prop_assert!(events.iter().any(|event| matches!(event, Happened::TlsDone)));
            }
            prop_assert!(outcome.kind == StreamKind::Plain || outcome.unencrypted.is_none());
        }
    }

    #[test]
    fn it_does_not_matter_how_an_answer_is_cut(
        greeting in "[ -~]{0,20}",
        offer in "[ -~]{0,20}",
        cuts in vec(any::<prop::sample::Index>(), 0..5),
    ) {
        let first = format!("{greeting}\r\n");
        let second = format!("{offer}STARTTLS\r\n");
        let whole: Vec<Happened> = [&first, &second]
            .map(|text| Happened::Text(text.clone().into_bytes()))
            .into();
        let cut = [pieces(first.as_bytes(), &cuts), pieces(second.as_bytes(), &cuts)].concat();
        let rest = [
            Happened::Text(b"1 OK \r\n".to_vec()),
            Happened::TlsDone,
            Happened::Text(b"* inside\r\n".to_vec()),
        ];
        let start = [Happened::Connected];
        let whole = run(imap(), &[&start, &whole[..], &rest].concat());
        let cut = run(imap(), &[&start, &cut[..], &rest].concat());
        prop_assert_eq!(whole, cut);
    }

    #[test]
    fn what_follows_the_answer_to_starttls_never_becomes_part_of_the_session(
        injected in vec(any::<u8>(), 1..40),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut bytes = b"1 OK go\r\n".to_vec();
        bytes.extend_from_slice(&injected);
        let mut events = vec![
            Happened::Connected,
            Happened::Text(b"* OK\r\n".to_vec()),
            Happened::Text(b"* STARTTLS\r\n".to_vec()),
        ];
        events.extend(pieces(&bytes, &[cut]));
        events.extend([Happened::TlsDone, Happened::Text(b"* inside\r\n".to_vec())]);
        let (_, end) = run(imap(), &events);
        prop_assert!(end.expect("an end").is_err());
    }

    #[test]
    fn no_text_is_a_pattern_that_panics(pattern in any::<String>(), text in any::<String>()) {
        if let Ok(pattern) = Pattern::emacs(&pattern) {
            pattern.split(&Text::from(text));
        }
    }

    #[test]
    fn no_notation_is_a_pattern_that_panics(
        pattern in r"([\\(){}|?*+^$\[\]:.,1-3a-z-]|\\[(){}|]|\[:[a-z]{0,5}:\]){0,12}",
        text in "[a-c1-3\n]{0,8}",
    ) {
        match Pattern::emacs(&pattern) {
            Ok(pattern) => drop(pattern.split(&Text::from(text))),
            Err(error) => prop_assert!(error.offset() <= pattern.chars().count()),
        }
    }

    #[test]
    fn quoted_text_matches_itself(text in "\\PC{0,10}") {
        let quoted: String = text
            .chars()
            .flat_map(|character| {
                let special = "\\[*.?+^$".contains(character);
                special.then_some('\\').into_iter().chain([character])
            })
            .collect();
        let pattern = Pattern::emacs(&quoted).expect("quoted text");
        let rest = Text::from("rest");
        let mut whole = Text::from(text.as_str());
        whole.push_text(&rest);
        prop_assert_eq!(pattern.split(&whole), Some((Text::from(text), rest)));
    }
}
