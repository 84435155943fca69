//! The functions under their Emacs names, held against what Emacs 28 was seen to do.
//!
//! All tests share the default network, so every process here has a name of its own.

mod address;
mod contact;
mod datagram;
mod designator;
mod life;
mod make;
mod options;
mod slots;
mod support;
mod table;
mod tls;
mod transfer;
