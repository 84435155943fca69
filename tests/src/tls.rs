//! What tests of TLS need: a workshop of certificates, peers that are not ours, a proxy that
//! records.

mod attempt;
mod certificates;
mod der;
mod peers;
mod program;
mod proxy;
mod records;

pub use attempt::{Attempt, Refusal, send_during};
pub use certificates::{Authority, Leaf, authority_params, leaf_params};
pub use der::{Parts, short_rsa_key};
pub use peers::{Answer, Caller, Client, Scripted, Secured, Welcome, end_session};
pub use program::{Program, has_program};
pub use proxy::{Meddling, Proxy, Recording};
pub use records::{Record, records};

/// What is secret in the tests: what no peer may ever see in clear.
pub const SECRET: &str = "attack at dawn by the northern gate";
