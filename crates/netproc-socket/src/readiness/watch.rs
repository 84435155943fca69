//! How one socket is waited for: in the shared set, or as a source of `async-io`.

use std::io;
use std::os::fd::AsFd;
use std::sync::Arc;
use std::task::{Context, Poll, Waker, ready};

use async_io::Async;
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::entry::{Direction, Entry, Mark};
use super::table::Token;
use super::{Set, TABLE, set};

/// How one socket is waited for.
pub(crate) enum Watch {
    /// It is in the set.
    Set(Member),
    /// It is a source of `async-io`.
    Source(Box<Async<Arc<socket2::Socket>>>),
}

/// A socket in the set.
pub(crate) struct Member {
    entry: &'static Entry,
    token: Token,
    short_reads: ShortReads,
}

/// What it means that a read of a stream found less than it had room for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ShortReads {
    /// The socket is empty: TCP.
    Empty,
    /// It is empty unless something came along, such as descriptors, at which reads of a local
    /// stream stop short.
    EmptyIfAlone,
    /// Nothing is known.
    MeanNothing,
}

impl ShortReads {
    fn of(socket: &socket2::Socket) -> ShortReads {
        if matches!(socket.protocol(), Ok(Some(socket2::Protocol::TCP))) {
            ShortReads::Empty
        } else if matches!(socket.domain(), Ok(socket2::Domain::UNIX)) {
            ShortReads::EmptyIfAlone
        } else {
            ShortReads::MeanNothing
        }
    }
}

impl Watch {
    /// Begins to watch a socket, which is done once.
    pub(crate) fn new(socket: &Arc<socket2::Socket>, first: Direction) -> io::Result<Watch> {
        let Some(set) = set() else {
            let source = Async::new_nonblocking(Arc::clone(socket))?;
            return Ok(Watch::Source(Box::new(source)));
        };
        let token = set.add(socket, first)?;
        let (entry, _) = TABLE.find(token).ok_or(io::ErrorKind::NotFound)?;
        Ok(Watch::Set(Member {
            entry,
            token,
            short_reads: ShortReads::of(socket),
        }))
    }

    /// Ends the watch; the socket is about to be closed.
    pub(crate) fn end(self, socket: &socket2::Socket) {
        if let (Watch::Set(member), Some(set)) = (self, set()) {
            set.remove(socket, member.token);
        }
    }

    /// Returns what is known before a call on the socket.
    pub(crate) fn mark(&self) -> Option<Mark> {
        match self {
            Watch::Set(member) => Some(member.entry.mark()),
            Watch::Source(_) => None,
        }
    }

    /// Notes that a call would have blocked.
    pub(crate) fn clear(&self, mark: Mark, direction: Direction) {
        if let Watch::Set(member) = self {
            member.entry.clear(mark, direction);
        }
    }

    /// Notes that a read of a stream found less than it had room for.
    pub(crate) fn read_short(&self, mark: Mark) {
        if let Watch::Set(member) = self
            && member.short_reads == ShortReads::Empty
        {
            member.entry.drained(mark);
        }
    }

    /// Tells whether it is worth asking, when a read comes short, whether something came along.
    pub(crate) fn asks_what_came_along(&self) -> bool {
        matches!(self, Watch::Set(member) if member.short_reads == ShortReads::EmptyIfAlone)
    }

    /// Notes that nothing was left behind.
    pub(crate) fn emptied(&self, mark: Mark) {
        if let Watch::Set(member) = self {
            member.entry.drained(mark);
        }
    }

    /// Leaves a waker that is woken each time there is something to read; false where wakers do not
    /// stay.
    pub(crate) fn stand_by(&self, waker: &Waker) -> bool {
        match self {
            Watch::Set(member) => {
                member.entry.stand_by(waker);
                true
            }
            Watch::Source(_) => false,
        }
    }

    /// Tells whether there may be something to read, as far as is known.
    #[inline]
    pub(crate) fn is_readable(&self) -> bool {
        match self {
            Watch::Set(member) => member.entry.is_readable(),
            Watch::Source(_) => true,
        }
    }

    pub(crate) fn poll_readable(&self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self {
            Watch::Set(member) => member.entry.poll(Direction::Read, context).map(Ok),
            Watch::Source(source) => source.poll_readable(context),
        }
    }

    /// Polls for room to write. Where `looks` is set the kernel is asked first, for messages may
    /// be refused while there is room, or there may be room again without a word.
    pub(crate) fn poll_writable(
        &self,
        socket: &socket2::Socket,
        looks: bool,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        match self {
            Watch::Set(member) => {
                ready!(Poll::Ready(member.begin_writing(socket)))?;
                if looks && member.is_ready_now(socket, Direction::Write)? {
                    return Poll::Ready(Ok(()));
                }
                member.entry.poll(Direction::Write, context).map(Ok)
            }
            Watch::Source(source) => source.poll_writable(context),
        }
    }

    /// Waits until there is something to read, to accept or to learn of.
    pub(crate) async fn readable(&self, socket: &socket2::Socket) -> io::Result<()> {
        match self {
            Watch::Set(member) => member.wait(socket, Direction::Read).await,
            Watch::Source(source) => source.readable().await,
        }
    }

    /// Waits until there is room to write.
    pub(crate) async fn writable(&self, socket: &socket2::Socket) -> io::Result<()> {
        match self {
            Watch::Set(member) => {
                member.begin_writing(socket)?;
                member.wait(socket, Direction::Write).await
            }
            Watch::Source(source) => source.writable().await,
        }
    }
}

impl Member {
    fn begin_writing(&self, socket: &socket2::Socket) -> io::Result<()> {
        if !self.entry.begin_writing() {
            return Ok(());
        }
        let asked = set().map_or(Ok(()), |set: &Set| set.add_writing(socket, self.token));
        asked.inspect_err(|_| self.entry.stop_writing())
    }

    /// Asks the kernel, and forgets what was known if that is over.
    fn is_ready_now(&self, socket: &socket2::Socket, direction: Direction) -> io::Result<bool> {
        let mark = self.entry.mark();
        let ready = is_ready(socket, direction)?;
        if !ready {
            self.entry.clear(mark, direction);
        }
        Ok(ready)
    }

    /// Waits until the kernel says that the socket is ready, whatever was known before.
    async fn wait(&self, socket: &socket2::Socket, direction: Direction) -> io::Result<()> {
        while !self.is_ready_now(socket, direction)? {
            self.entry.wait(direction).await;
        }
        Ok(())
    }
}

/// Asks the kernel whether a socket is ready.
fn is_ready(socket: impl AsFd, direction: Direction) -> io::Result<bool> {
    let flags = match direction {
        Direction::Read => PollFlags::IN | PollFlags::PRI | PollFlags::RDHUP,
        Direction::Write => PollFlags::OUT,
    };
    let mut asked = [PollFd::new(&socket, flags)];
    match poll(&mut asked, Some(&Timespec::default())) {
        Ok(ready) => Ok(ready > 0),
        // Not known: to say that it is ready does no harm.
        Err(rustix::io::Errno::INTR) => Ok(true),
        Err(error) => Err(error.into()),
    }
}
