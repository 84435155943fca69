//! What the definitions write to while a keyword list is gone through.

use std::{borrow::Cow, sync::Arc};

use netproc_address::{Address, Error as AddressError, Family, Kind, NetworkOption, OptionName};
use netproc_lisp::{Span, Value};

use crate::{
    definition::Definition,
    error::{Error, Fault, error_condition, wrong_type},
    spec::{BufferSetting, CodingPair, Role},
    table,
};

/// A list half understood: each value is checked by itself, no two have met yet.
#[derive(Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a keyword that is on or off"
)]
pub(crate) struct Draft<'a> {
    pub(crate) name: Option<Arc<str>>,
    pub(crate) kind: Kind,
    /// The backlog; present on servers only.
    pub(crate) server: Option<i32>,
    pub(crate) nowait: bool,
    pub(crate) local: Option<Address>,
    pub(crate) remote: Option<Address>,
    pub(crate) family: Option<Family>,
    pub(crate) host: Option<Given<'a>>,
    pub(crate) service: Option<Given<'a>>,
    pub(crate) use_external_socket: bool,
    pub(crate) stopped: bool,
    pub(crate) buffer: BufferSetting,
    pub(crate) coding: Option<CodingPair>,
    pub(crate) noquery: bool,
    pub(crate) filter: Value,
    pub(crate) filter_multibyte: Option<bool>,
    pub(crate) sentinel: Value,
    pub(crate) log: Value,
    pub(crate) plist: Value,
    pub(crate) options: Vec<NetworkOption>,
    pub(crate) reuse_address_given: bool,
    pub(crate) tls: Value,
}

impl Draft<'_> {
    /// Returns the role, which a backlog tells.
    pub(crate) fn role(&self) -> Role {
        match self.server {
            Some(backlog) => Role::Server { backlog },
            None => Role::Client {
                nowait: self.nowait,
            },
        }
    }
}

/// One value that was given for a keyword, or nil where none was.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Given<'a> {
    pub(crate) keyword: &'static str,
    pub(crate) value: &'a Value,
    pub(crate) span: Option<Span>,
    /// Whether the keyword was there at all.
    pub(crate) present: bool,
}

impl Given<'_> {
    /// Returns the error of a value of the wrong kind, or of a keyword left out.
    pub(crate) fn wrong_type(self, predicate: &str) -> Error {
        self.wrong_type_of(predicate, self.value)
    }

    /// Returns the error of a value of which a part is of the wrong kind.
    pub(crate) fn wrong_type_of(self, predicate: &str, part: &Value) -> Error {
        let fault = self.fault(self.expected(), wrong_type(predicate, part));
        if self.present {
            Error::Type(fault)
        } else {
            Error::Missing(fault)
        }
    }

    /// Returns the error of a value of the wrong kind for which Emacs has only a text.
    pub(crate) fn wrong_kind(self, text: impl Into<Value>) -> Error {
        Error::Type(self.fault(self.expected(), error_condition(text)))
    }

    /// Returns the error of a value that is of the right kind and yet no good.
    pub(crate) fn bad(
        self,
        expected: impl Into<Cow<'static, str>>,
        text: impl Into<Value>,
    ) -> Error {
        Error::Value(self.fault(expected, error_condition(text)))
    }

    /// Returns what an error says about this value.
    pub(crate) fn fault(
        self,
        expected: impl Into<Cow<'static, str>>,
        condition: Value,
    ) -> Box<Fault> {
        Box::new(Fault {
            keyword: Some(self.keyword.into()),
            value: self.value.clone(),
            expected: expected.into(),
            hint: None,
            span: self.span,
            condition,
        })
    }

    /// Applies one option of the socket.
    pub(crate) fn option(self, draft: &mut Draft<'_>, name: OptionName) -> Result<(), Error> {
        let option = NetworkOption::from_value(name, self.value).map_err(|reason| {
            let text = format!("Bad option value for {}", self.keyword);
            let AddressError::Option { expected, .. } = reason else {
                return self.wrong_kind(text);
            };
            if name == OptionName::BindToDevice && self.value.as_text().is_some() {
                return Error::Value(self.fault(expected, self.no_such_device()));
            }
            self.bad(expected, text)
        })?;
        draft.options.push(option);
        Ok(())
    }

    /// Returns what Emacs signals for an interface that cannot exist.
    fn no_such_device(self) -> Value {
        Value::list([
            Value::symbol("file-error"),
            "Cannot set network option".into(),
            "No such device".into(),
            Value::symbol(self.keyword),
            self.value.clone(),
        ])
    }

    /// Names the kinds of value that the keyword takes.
    fn expected(self) -> String {
        table::lookup(self.keyword).map_or_else(String::new, Definition::expected)
    }
}
