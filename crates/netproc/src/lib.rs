//! Network processes as Emacs has them: one call for any client or server.
