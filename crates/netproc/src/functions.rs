//! The functions under their Emacs names, over one network that the program shares.
//!
//! A program that comes from Emacs Lisp finds here what it called there (Emacs manual, Processes
//! and Network Processes), with hyphens turned into underscores. The processes are those of
//! [`default_network`]; functions that are given a process take one of any network. As in Emacs
//! nothing happens between waits: callbacks run in [`accept_process_output`] and whatever else
//! has to wait, unless `default_network().run_background(1)` was called.
//!
//! Where Emacs takes a process or its name, so do these ([`Designator`]); where Emacs insists on
//! a process, they take a [`Process`](crate::Process). Results are Rust types where the type says
//! all, and a [`Value`](crate::Value) where Emacs has a form of its own: filters, sentinels,
//! contacts, addresses, properties.
//!
//! # Examples
//!
//! ```
//! use std::time::Duration;
//! use netproc::functions::*;
//! use netproc::{Value, lisp::read};
//!
//! default_network().define_filter("shout", |process, text| {
//!     process.send(&text.to_string().to_uppercase())
//! });
//! let list = read(r#"(:name "loud" :server t :host local :service t :filter shout)"#)?;
//! let server = make_network_process(&list)?.expect("the list is not empty");
//! let port = process_contact(&server, Value::keyword(":service"), false);
//!
//! let client = default_network().open_list(&Value::list([
//!     Value::keyword(":name"), "quiet".into(),
//!     Value::keyword(":service"), port,
//!     Value::keyword(":buffer"), "*quiet*".into(),
//! ]))?;
//! process_send_string("quiet", "hello")?;
//! while process_buffer(&client).is_some_and(|buffer| buffer.text() != "HELLO") {
//!     accept_process_output(&client, Duration::from_millis(100), false)?;
//! }
//!
//! delete_process(&client)?;
//! delete_process(&server)?;
//! # Ok::<(), netproc::Error>(())
//! ```
//!
//! # What is not here
//!
//! - There is no current buffer, so a process is always named: nil stands for none.
//! - `process-thread` and `set-process-thread`: no process is locked to a thread. Any thread may
//!   wait for any process, and callbacks of one process never overlap.
//! - `waiting-for-user-input-p`, and what concerns programs, pipes, serial lines and terminals.

mod address;
mod life;
mod make;
mod options;
mod slots;
mod stream;
mod table;
mod tls;
mod transfer;

use std::sync::OnceLock;

use netproc_network::Network;

pub use crate::designator::Designator;
pub use address::{
    format_network_address, network_interface_info, network_interface_list,
    network_lookup_address_info, process_datagram_address, set_process_datagram_address,
};
pub use life::{
    continue_process, delete_process, interrupt_process, kill_process, process_command,
    process_contact, process_exit_status, process_id, process_live_p, process_name,
    process_running_child_p, process_status, process_tty_name, process_type, quit_process,
    set_process_window_size, signal_process, stop_process,
};
pub use make::{clone_process, has_feature, make_network_process};
pub use options::set_network_process_option;
pub use slots::{
    process_buffer, process_coding_system, process_filter, process_filter_multibyte_p, process_get,
    process_inherit_coding_system_flag, process_mark, process_plist, process_put,
    process_query_on_exit_flag, process_sentinel, set_process_buffer, set_process_coding_system,
    set_process_filter, set_process_filter_multibyte, set_process_inherit_coding_system_flag,
    set_process_plist, set_process_query_on_exit_flag, set_process_sentinel,
};
pub use stream::open_network_stream;
pub use table::{
    BufferDesignator, get_buffer_process, get_process, list_processes, process_list, process_rows,
    processp,
};
pub use tls::{
    gnutls_available_p, gnutls_boot, gnutls_boot_parameters, gnutls_get_initstage,
    gnutls_negotiate, gnutls_peer_status, gnutls_peer_status_warning_describe,
};
pub use transfer::{
    accept_process_output, internal_default_process_filter, internal_default_process_sentinel,
    process_send_eof, process_send_region, process_send_string, sleep_for, wait_until,
};

/// Returns the network that the functions work on; made at the first call, never closed.
///
/// # Examples
///
/// ```
/// let network = netproc::default_network();
/// assert!(network.process("nosuch").is_none());
/// ```
pub fn default_network() -> &'static Network {
    static NETWORK: OnceLock<Network> = OnceLock::new();
    NETWORK.get_or_init(Network::new)
}

/// Finds the process that a designator means, by names in the default network.
fn resolve<'a>(
    process: impl Into<Designator<'a>>,
) -> Result<netproc_network::Process, crate::Error> {
    process.into().resolve(default_network())
}
