//! Servers to compare with: the same work on the same sockets, without a process object.
//!
//! Both run until the program ends, on a thread of their own, and answer any number of clients.

mod async_echo;
mod epoll_echo;

pub use async_echo::spawn as spawn_async_echo;
pub use epoll_echo::spawn as spawn_epoll_echo;

/// How much a peer reads at once, the same as the default of a network.
const READ_SIZE: usize = 64 * 1024;
