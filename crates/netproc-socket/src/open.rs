//! How a socket with a name of its own is opened.

use netproc_address::NetworkOption;

/// What to set on a socket before it is given its name. More fields may come: make one with
/// `..BindOptions::default()`.
///
/// # Examples
///
/// ```
/// use netproc_address::NetworkOption;
/// use netproc_socket::BindOptions;
///
/// let quiet = BindOptions::default();
/// assert!(quiet.reuse_address);
/// let given = BindOptions::new(vec![NetworkOption::ReuseAddress(false)]);
/// assert_eq!(given.options.len(), 1);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct BindOptions {
    /// Options set before `bind`, in this order. None by default.
    pub options: Vec<NetworkOption>,
    /// Whether an IPv4 or IPv6 socket gets `SO_REUSEADDR` when `options` does not speak of it, as
    /// Emacs does for its servers. True by default.
    pub reuse_address: bool,
}

impl BindOptions {
    /// Returns these options, with the default for reuse.
    pub fn new(options: Vec<NetworkOption>) -> BindOptions {
        BindOptions {
            options,
            reuse_address: true,
        }
    }

    /// Tells whether reuse is to be set because nobody said otherwise.
    pub(crate) fn default_reuse_address(&self) -> bool {
        let given = |option: &NetworkOption| matches!(option, NetworkOption::ReuseAddress(_));
        self.reuse_address && !self.options.iter().any(given)
    }
}

impl Default for BindOptions {
    fn default() -> BindOptions {
        BindOptions::new(Vec::new())
    }
}
