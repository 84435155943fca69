//! Making processes: of a keyword list, and of another process.

use netproc_lisp::{Value, plist};
use netproc_network::{Process, Status};

use super::default_network;
use crate::error::Error;

/// Makes a client or a server of a keyword list, and returns it; `None` for the empty list.
///
/// `:filter`, `:sentinel` and `:log` name functions that the [default network](default_network)
/// was told about, or hold one ([`Filter`](crate::Filter)).
///
/// # Errors
///
/// What is wrong with the list, or the step at which the system or the network said no. Nothing
/// is left behind then.
///
/// # Examples
///
/// ```
/// use netproc::functions::{make_network_process, process_contact};
/// use netproc::{Value, lisp::read};
///
/// let list = read(r#"(:name "web" :server t :host local :service t)"#)?;
/// let web = make_network_process(&list)?.expect("the list is not empty");
/// assert_eq!(process_contact(&web, Value::keyword(":host"), false), Value::symbol("local"));
/// assert!(make_network_process(&Value::Nil)?.is_none());
///
/// let list = read(r#"(:name "web" :server t :nowait t :service t)"#)?;
/// let error = make_network_process(&list).expect_err("servers do not connect");
/// assert_eq!(
///     error.condition().to_string(),
///     "(error \"‘:server’ is incompatible with ‘:nowait’\")",
/// );
/// # Ok::<(), netproc::Error>(())
/// ```
#[doc(alias = "make-network-process")]
pub fn make_network_process(list: &Value) -> Result<Option<Process>, Error> {
    if list.is_nil() {
        return Ok(None);
    }
    Ok(Some(default_network().open_list(list)?))
}

/// Connects once more to where a client is connected; `None` for servers and closed processes.
///
/// The new process has the contact of the old one, its filter, sentinel, properties and query
/// flag, and the name given, or that of the old one without its number; it is made unique. It
/// shares the buffer, where Emacs takes the current one.
///
/// # Errors
///
/// As [`make_network_process`].
#[doc(alias = "clone-process")]
pub fn clone_process(process: &Process, new_name: Option<&str>) -> Result<Option<Process>, Error> {
    if process.is_server() || process.status() != Status::Open {
        return Ok(None);
    }
    let name = new_name.unwrap_or(process.name());
    let changes = [
        (":name", Value::from(without_number(name))),
        (
            ":buffer",
            Value::from(process.buffer().map(|buffer| buffer.to_value())),
        ),
        (":filter", process.filter_value()),
        (":sentinel", process.sentinel_value()),
    ];
    let mut list = process.contact_list();
    for (keyword, value) in changes {
        // A contact always is a property list.
        if let Ok(changed) = plist::put(&list, &Value::keyword(keyword), value) {
            list = changed;
        }
    }
    let network = process.network();
    let clone = network
        .as_ref()
        .unwrap_or(default_network())
        .open_list(&list)?;
    // The contact of the clone goes on to show the list that the original was made with.
    clone.set_plist(process.plist())?;
    clone.set_query_on_exit(process.query_on_exit());
    clone.set_inherits_coding_system(process.inherits_coding_system());
    Ok(Some(clone))
}

/// Returns a name without the number that made it unique.
fn without_number(name: &str) -> &str {
    let base = name
        .strip_suffix('>')
        .and_then(|rest| rest.rsplit_once('<'));
    match base {
        Some((base, number))
            if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            base
        }
        _ => name,
    }
}

/// Tells whether `make-network-process` has a feature, as `featurep` does with a subfeature.
///
/// A feature is a network option by its keyword, or a list such as `(:nowait t)` and
/// `(:family ipv6)`.
///
/// # Examples
///
/// ```
/// use netproc::functions::has_feature;
/// use netproc::lisp::read;
///
/// assert!(has_feature(&read("(:type seqpacket)")?));
/// assert!(has_feature(&read(":keepalive")?));
/// assert!(!has_feature(&read("(:type stream)")?));
/// # Ok::<(), netproc::Error>(())
/// ```
#[doc(alias = "featurep")]
pub fn has_feature(feature: &Value) -> bool {
    netproc_keywords::has_feature(feature)
}
