//! Network processes as Emacs has them: one call for any client or server.

#![forbid(unsafe_code)]

pub mod prelude;

pub use netproc_address as address;
pub use netproc_coding as coding;
pub use netproc_keywords as keywords;
pub use netproc_lisp as lisp;
pub use netproc_network as network;
pub use netproc_process as process;
pub use netproc_socket as socket;
