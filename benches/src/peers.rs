//! Servers to compare with: the same work on the same sockets, without a process object.

pub(crate) mod async_echo;
pub(crate) mod blocking_echo;
pub(crate) mod epoll_echo;
pub(crate) mod tokio_echo;
pub(crate) mod tokio_tls_echo;

/// How much a peer reads at once, the same as the default of a network.
const READ_SIZE: usize = 64 * 1024;
