//! Keyword lists and a typed builder for network processes.
