//! Network processes driven over sockets, with their callbacks.
