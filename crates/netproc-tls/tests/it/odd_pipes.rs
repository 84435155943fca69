//! Streams over pipes that are no sockets: one that holds back, one that is given up.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_io::{AsyncRead, AsyncWrite};
use futures_lite::{AsyncReadExt as _, AsyncWriteExt as _};
use netproc_tls::{Cause, Error};

use crate::pipe::{End, pipe, run};
use crate::streams::sides;

/// A pipe that holds back what is written until it is flushed, which takes two turns.
struct Held {
    end: End,
    kept: Vec<u8>,
    turns: usize,
}

impl Held {
    fn new(end: End) -> Self {
        Self {
            end,
            kept: Vec::new(),
            turns: 0,
        }
    }
}

impl AsyncRead for Held {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.end).poll_read(context, buffer)
    }
}

impl AsyncWrite for Held {
    fn poll_write(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.kept.extend(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        this.turns += 1;
        if !this.turns.is_multiple_of(2) {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        while !this.kept.is_empty() {
            let count = ready!(Pin::new(&mut this.end).poll_write(context, &this.kept))?;
            this.kept.drain(..count);
        }
        Poll::Ready(Ok(()))
    }

    fn poll_close(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.as_mut().poll_flush(context))?;
        Pin::new(&mut self.end).poll_close(context)
    }
}

#[test]
fn a_pipe_that_holds_back_is_flushed_in_the_handshake_and_after_it() {
    for (client, server) in sides() {
        let (ours, theirs) = pipe();
        let (ours, theirs) = run(
            client.connect(Held::new(ours)).into_future(),
            server.accept(Held::new(theirs)).into_future(),
        );
        let (mut ours, mut theirs) = (ours.unwrap(), theirs.unwrap());
        assert!(ours.get_ref().kept.is_empty() && theirs.get_ref().kept.is_empty());
        let ((), text) = run(
            async {
                ours.write_all(b"hello").await.unwrap();
                ours.close().await.unwrap();
            },
            async {
                let mut text = String::new();
                theirs.read_to_string(&mut text).await.unwrap();
                text
            },
        );
        assert_eq!(text, "hello");
    }
}

/// A pipe whose reads fail when it is told so, once; after that it has ended.
struct GivenUp {
    end: End,
    fails: Option<bool>,
}

impl AsyncRead for GivenUp {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        match self.fails {
            None => Pin::new(&mut self.end).poll_read(context, buffer),
            Some(true) => {
                self.fails = Some(false);
                Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()))
            }
            Some(false) => Poll::Ready(Ok(0)),
        }
    }
}

impl AsyncWrite for GivenUp {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.end).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.end).poll_flush(context)
    }

    fn poll_close(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.end).poll_close(context)
    }
}

#[test]
fn a_pipe_that_was_given_up_never_becomes_an_end() {
    for (client, server) in sides() {
        let (ours, theirs) = pipe();
        let ours = GivenUp {
            end: ours,
            fails: None,
        };
        let (ours, theirs) = run(
            client.connect(ours).into_future(),
            server.accept(theirs).into_future(),
        );
        let (mut ours, _theirs) = (ours.unwrap(), theirs.unwrap());
        ours.get_mut().fails = Some(true);
        let mut causes = Vec::new();
        for _ in 0..3 {
            let (read, ()) = run(async { ours.read(&mut [0; 9]).await }, async {});
            let error = read.expect_err("not the end");
            causes.push(Error::from_io(&error).and_then(Error::cause).cloned());
        }
        assert!(matches!(causes[0], Some(Cause::Pipe(_))));
        assert!(matches!(causes[1], Some(Cause::Truncated)));
        assert!(matches!(causes[2], Some(Cause::Truncated)));
    }
}
