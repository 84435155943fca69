//! Sockets of every family and kind, non-blocking and async.
