//! Network options of a living process.

use netproc_address::{NetworkOption, OptionName};
use netproc_lisp::Value;
use netproc_network::Process;

use crate::error::Error;

/// Sets a network option by its keyword and notes it in the contact; tells whether it was set.
///
/// With `no_error` an option that there is none of gives `false` instead of an error; a value
/// that is refused is an error all the same.
///
/// # Errors
///
/// [`Error::UnknownOption`], [`Error::Address`] for a value the option does not take, or why the
/// process or the system refused.
///
/// # Examples
///
/// ```
/// use netproc::functions::{make_network_process, process_contact, set_network_process_option};
/// use netproc::{Value, lisp::read};
///
/// let list = read(r#"(:name "s" :server t :service t)"#)?;
/// let server = make_network_process(&list)?.expect("the list is not empty");
/// assert!(set_network_process_option(&server, ":keepalive", true, false)?);
/// assert_eq!(process_contact(&server, Value::keyword(":keepalive"), false), Value::t());
///
/// let error = set_network_process_option(&server, ":priority", "high", false)
///     .expect_err("a priority is a number");
/// assert_eq!(error.condition().to_string(), r#"(error "Bad option value for :priority")"#);
/// # Ok::<(), netproc::Error>(())
/// ```
#[doc(alias = "set-network-process-option")]
pub fn set_network_process_option(
    process: &Process,
    option: &str,
    value: impl Into<Value>,
    no_error: bool,
) -> Result<bool, Error> {
    if !process.is_live() {
        let process = process.name().into();
        return Err(netproc_network::Error::NotRunning { process }.into());
    }
    let Some(name) = OptionName::from_keyword(option) else {
        let refused = || Error::UnknownOption {
            name: option.into(),
        };
        return if no_error { Ok(false) } else { Err(refused()) };
    };
    process.set_option(&NetworkOption::from_value(name, &value.into())?)?;
    Ok(true)
}
