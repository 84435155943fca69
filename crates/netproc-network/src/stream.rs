//! A process as a stream of bytes, for libraries that speak `AsyncRead` and `AsyncWrite`.

use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker, ready};

use futures_io::{AsyncRead, AsyncWrite};
use netproc_address::Kind;
use netproc_process::Input;

use crate::error::Error;
use crate::link::Link;
use crate::process::Process;
use crate::shared::Shared;
use crate::traffic::Step;
use crate::wakers::Guest;

/// The bytes of a stream process, without filter, coding system or half-close rules.
///
/// The end of the other side's data reads as end of file while writing goes on; closing the
/// stream half-closes, dropping it deletes the process. It needs nobody to drive the network.
#[derive(Debug)]
pub struct ProcessStream {
    process: Process,
}

impl Process {
    /// Turns the process into a stream of bytes, under any executor.
    ///
    /// Its filter is not called any more; its sentinel is.
    ///
    /// # Errors
    ///
    /// [`Error::NotAStream`] for servers, datagrams and records, and when it is not open.
    ///
    /// # Examples
    ///
    /// ```
    /// use futures_lite::{AsyncReadExt, AsyncWriteExt, future::block_on};
    /// use netproc_network::{Callbacks, Network, Service, Spec};
    ///
    /// let network = Network::new();
    /// let server = network.open(
    ///     Spec::server("echo").service(Service::Any).filter(|process, text| process.send(text)),
    /// )?;
    /// let _threads = network.run_background(1)?;
    /// let mut stream =
    ///     network.open(Spec::client("c").service(server.service()).stopped(true))?.into_stream()?;
    /// block_on(async {
    ///     stream.write_all(b"ping").await?;
    ///     let mut answer = [0; 4];
    ///     stream.read_exact(&mut answer).await?;
    ///     assert_eq!(&answer, b"ping");
    ///     std::io::Result::Ok(())
    /// })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn into_stream(self) -> Result<ProcessStream, Error> {
        {
            let mut state = self.shared().lock();
            let is_stream = state.kind() == Kind::Stream && !state.machine.is_server();
            if !is_stream || state.link.is_none() || state.upgrade().is_some() {
                return Err(Error::NotAStream {
                    process: self.name().into(),
                });
            }
            state.machine.set_half_open(true);
            state.rare().is_stream = true;
        }
        Ok(ProcessStream { process: self })
    }
}

impl ProcessStream {
    /// Returns the process the bytes belong to.
    pub fn process(&self) -> &Process {
        &self.process
    }

    fn shared(&self) -> &Arc<Shared> {
        self.process.shared()
    }

    /// Sends what the process had queued before it became a stream.
    fn poll_drain(&self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let own = self.shared().arrange_wake(Guest::Writer, context);
        let context = &mut Context::from_waker(&own);
        let mut state = self.shared().lock();
        loop {
            if state.machine.queued() == 0 {
                return Poll::Ready(Ok(()));
            }
            if state.link.is_none() {
                return Poll::Ready(Err(ErrorKind::BrokenPipe.into()));
            }
            if matches!(self.shared().write_step(&mut state, context), Step::Waiting) {
                return Poll::Pending;
            }
        }
    }
}

impl Shared {
    /// Has the caller woken when the socket is ready, and returns the waker to leave with it.
    fn arrange_wake(self: &Arc<Self>, half: Guest, context: &Context<'_>) -> Waker {
        self.wakers.add_guest(half, context.waker());
        self.wakers.shared_waker()
    }
}

impl AsyncRead for ProcessStream {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        let shared = self.shared();
        let own = shared.arrange_wake(Guest::Reader, context);
        let context = &mut Context::from_waker(&own);
        let mut state = shared.lock();
        loop {
            let outcome = match &mut state.link {
                Some(Link::Plain(socket)) => socket.try_read(buffer),
                Some(Link::Secure(session)) => ready!(session.poll_read(context, buffer)),
                Some(Link::Shaking) => return Poll::Pending,
                None => return Poll::Ready(Ok(0)),
            };
            match outcome {
                Ok(count) => {
                    state.note_received(count);
                    return Poll::Ready(Ok(count));
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    // An error to wait is the outcome: nothing would ever wake the reader.
                    if let Some(socket) = state.socket() {
                        ready!(socket.poll_readable(context))?;
                    }
                }
                Err(error) => {
                    shared.read_failed(&mut state, &error);
                    drop(state);
                    self.process.deliver_now();
                    return Poll::Ready(Err(error));
                }
            }
        }
    }
}

impl AsyncWrite for ProcessStream {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_drain(context))?;
        let own = self.shared().arrange_wake(Guest::Writer, context);
        let context = &mut Context::from_waker(&own);
        let mut state = self.shared().lock();
        loop {
            let outcome = match &mut state.link {
                Some(Link::Plain(socket)) => socket.try_write(bytes),
                Some(Link::Secure(session)) => ready!(session.poll_write(context, bytes)),
                Some(Link::Shaking) => return Poll::Pending,
                None => return Poll::Ready(Err(ErrorKind::BrokenPipe.into())),
            };
            match outcome {
                Ok(count) => {
                    state.note_sent(count);
                    return Poll::Ready(Ok(count));
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    if let Some(socket) = state.socket() {
                        ready!(socket.poll_writable(context))?;
                    }
                }
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_drain(context))?;
        let own = self.shared().arrange_wake(Guest::Writer, context);
        match &mut self.shared().lock().link {
            Some(Link::Secure(session)) => session.poll_flush(&mut Context::from_waker(&own)),
            _ => Poll::Ready(Ok(())),
        }
    }

    fn poll_close(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_drain(context))?;
        let own = self.shared().arrange_wake(Guest::Writer, context);
        let mut state = self.shared().lock();
        // A process that is closed already has nothing to end.
        self.shared().handle(&mut state, Input::SendEof);
        if let Some(Link::Secure(session)) = &mut state.link {
            ready!(session.poll_rest(&mut Context::from_waker(&own)));
        }
        Poll::Ready(Ok(()))
    }
}

impl Drop for ProcessStream {
    fn drop(&mut self) {
        self.process.delete();
    }
}
