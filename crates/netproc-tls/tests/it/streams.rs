//! Streams after the handshake: ends, cuts, narrow pipes, bytes read ahead.

use std::io;

use futures_lite::{AsyncReadExt as _, AsyncWriteExt as _};
use netproc_tls::{Cause, Client, Error, Server, Step, TlsStream};

use crate::handshakes::shake;
use crate::pipe::{End, pipe, pipe_by, run};
use crate::pki::Authority;

/// Returns both sides, once for every way in which sessions are encrypted.
pub(crate) fn sides() -> Vec<(Client, Server)> {
    let authority = Authority::new();
    let server = authority.leaf("localhost").server();
    let mut sides = Vec::new();
    for priority in ["NORMAL", "NORMAL:-VERS-TLS1.3"] {
        let client = authority.client("localhost");
        let client = client.with_priority(priority.parse().unwrap());
        sides.push((Client::new(&client).unwrap(), Server::new(&server).unwrap()));
    }
    #[cfg(feature = "anonymous")]
    for priority in ["NORMAL:+ANON-ECDH", "NORMAL:+ANON-DH"] {
        sides.push(crate::anonymous::sides(priority));
    }
    sides
}

fn streams() -> Vec<(TlsStream<End>, TlsStream<End>)> {
    let shaken = |(client, server): (Client, Server)| {
        let (ours, theirs) = shake(&client, &server);
        (ours.unwrap(), theirs.unwrap())
    };
    sides().into_iter().map(shaken).collect()
}

fn step_and_cause(error: &io::Error) -> (Step, String) {
    let error = Error::from_io(error).expect("an error of this crate");
    let cause = error.cause().expect("a cause");
    (error.step().expect("a step"), cause.to_string())
}

#[test]
fn reading_goes_on_after_the_end_was_sent() {
    for (mut ours, mut theirs) in streams() {
        let (answer, question) = run(
            async {
                ours.write_all(b"question").await.unwrap();
                ours.close().await.unwrap();
                let mut answer = String::new();
                ours.read_to_string(&mut answer).await.unwrap();
                answer
            },
            async {
                let mut question = String::new();
                theirs.read_to_string(&mut question).await.unwrap();
                theirs.write_all(b"answer").await.unwrap();
                theirs.close().await.unwrap();
                question
            },
        );
        assert_eq!((answer.as_str(), question.as_str()), ("answer", "question"));
    }
}

#[test]
fn writing_after_the_end_is_refused() {
    for (mut ours, _theirs) in streams() {
        let ((), written) = run(async {}, async {
            ours.close().await.unwrap();
            ours.write_all(b"more").await
        });
        let error = written.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
        assert_eq!(step_and_cause(&error).0, Step::Write);
    }
}

#[test]
fn a_cut_is_told_apart_from_an_end() {
    for (mut ours, mut theirs) in streams() {
        let (read, ()) = run(
            async {
                let mut all = Vec::new();
                let result = ours.read_to_end(&mut all).await;
                (result, all)
            },
            async {
                theirs.write_all(b"all that").await.unwrap();
                theirs.flush().await.unwrap();
                drop(theirs);
            },
        );
        let (result, all) = read;
        assert_eq!(all, b"all that");
        let error = result.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
        assert!(matches!(
            Error::from_io(&error).unwrap().cause(),
            Some(Cause::Truncated)
        ));
        assert_eq!(
            error.to_string(),
            "TLS read with localhost: the connection ended without the end of the TLS session; \
         data may be missing"
        );
    }
}

#[test]
fn an_empty_read_is_not_the_end() {
    for (mut ours, mut theirs) in streams() {
        let (byte, ()) = run(
            async {
                assert_eq!(ours.read(&mut []).await.unwrap(), 0);
                let mut byte = [0];
                ours.read_exact(&mut byte).await.unwrap();
                byte
            },
            async { theirs.write_all(b"x").await.unwrap() },
        );
        assert_eq!(&byte, b"x");
    }
}

#[test]
fn a_peer_of_one_byte_at_a_time_is_understood() {
    for (client, server) in sides() {
        let (ours, theirs) = pipe_by(1);
        let (ours, theirs) = run(
            client.connect(ours).into_future(),
            server.accept(theirs).into_future(),
        );
        let (mut ours, mut theirs) = (ours.unwrap(), theirs.unwrap());
        let ((), text) = run(
            async {
                ours.write_all(b"slow and steady").await.unwrap();
                ours.close().await.unwrap();
            },
            async {
                let mut text = String::new();
                theirs.read_to_string(&mut text).await.unwrap();
                text
            },
        );
        assert_eq!(text, "slow and steady");
    }
}

#[test]
fn bytes_that_were_read_ahead_are_used_first() {
    for (client, server) in sides() {
        let (ours, mut theirs) = pipe();
        let (ours, theirs) = run(client.connect(ours).into_future(), async {
            // What a server may have read behind the line that said STARTTLS.
            let mut ahead = [0; 37];
            theirs.read_exact(&mut ahead).await.unwrap();
            server.accept(theirs).read_ahead(ahead).await
        });
        assert!(ours.is_ok() && theirs.is_ok());
    }
}

#[test]
fn much_data_goes_both_ways_at_once() {
    for (ours, theirs) in streams() {
        let data: Vec<u8> = (0..250_000_u32).flat_map(u32::to_le_bytes).collect();
        let data = &data[..];
        let exchange = |stream: TlsStream<End>| async move {
            let (mut reader, mut writer) = futures_lite::io::split(stream);
            let mut seen = Vec::new();
            let write = async {
                writer.write_all(data).await.unwrap();
                writer.close().await.unwrap();
            };
            let read = async {
                reader.read_to_end(&mut seen).await.unwrap();
            };
            futures_lite::future::zip(write, read).await;
            seen
        };
        let (one, other) = run(exchange(ours), exchange(theirs));
        assert!(one == data && other == data);
    }
}

#[test]
fn what_is_not_a_record_ends_the_stream_with_its_reason() {
    for (mut ours, mut theirs) in streams() {
        let (read, ()) = run(async { ours.read(&mut [0; 9]).await }, async {
            theirs.get_mut().write_all(b"not a record").await.unwrap();
        });
        let (step, cause) = step_and_cause(&read.unwrap_err());
        assert_eq!(step, Step::Read);
        assert!(cause.starts_with("the peer broke the protocol"), "{cause}");
    }
}

#[test]
fn a_damaged_record_does_not_decrypt() {
    for (mut ours, mut theirs) in streams() {
        let record = [&[23, 3, 3, 0, 32][..], &[0; 32]].concat();
        let (read, ()) = run(async { ours.read(&mut [0; 9]).await }, async {
            theirs.get_mut().write_all(&record).await.unwrap();
        });
        let (step, cause) = step_and_cause(&read.unwrap_err());
        assert_eq!(step, Step::Read);
        assert_eq!(cause, "a record did not decrypt; it was damaged on its way");
    }
}

#[test]
fn what_came_before_a_damaged_record_is_read_first() {
    for (mut ours, mut theirs) in streams() {
        let record = [&[23, 3, 3, 0, 32][..], &[0; 32]].concat();
        let write = async {
            theirs.write_all(b"good").await.unwrap();
            theirs.flush().await.unwrap();
            theirs.get_mut().write_all(&record).await.unwrap();
        };
        run(async {}, write);
        let mut seen = [0; 4];
        let (read, ()) = run(
            async {
                // In two steps: the second finds the rest of what was good.
                ours.read_exact(&mut seen[..3]).await.unwrap();
                ours.read_exact(&mut seen[3..]).await.unwrap();
                ours.read(&mut [0; 9]).await
            },
            async {},
        );
        assert_eq!(&seen, b"good");
        let (_, cause) = step_and_cause(&read.unwrap_err());
        assert_eq!(cause, "a record did not decrypt; it was damaged on its way");
    }
}

#[test]
fn an_oversized_record_is_refused() {
    for (mut ours, mut theirs) in streams() {
        let record = [&[23, 3, 3, 0xff, 0xff][..], &[0; 9000]].concat();
        let (read, ()) = run(async { ours.read(&mut [0; 9]).await }, async {
            theirs.get_mut().write_all(&record).await.unwrap();
        });
        let (_, cause) = step_and_cause(&read.unwrap_err());
        assert_eq!(cause, "the peer sent a record longer than TLS allows");
    }
}
