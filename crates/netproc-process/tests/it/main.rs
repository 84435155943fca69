//! What processes do, as Emacs was seen to do it, against the public interface.

mod coding;
mod contact;
mod datagrams;
mod flow;
mod life;
mod listing;
mod properties;
mod sending;
mod servers;
mod support;
mod table;
