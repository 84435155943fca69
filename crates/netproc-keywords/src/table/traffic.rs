//! The keywords that say what happens to the bytes, and who is told.

use netproc_coding::CodingSystem;
use netproc_lisp::Value;

use crate::{
    category::Category,
    definition::{Definition, Roles},
    draft::{Draft, Given},
    error::Error,
    shape::Shape,
    spec::{BufferSetting, CodingPair},
};

/// `:buffer`.
pub(super) const BUFFER: Definition = Definition {
    keyword: ":buffer",
    shapes: &[Shape::Nil, Shape::String, Shape::Buffer],
    summary: "Buffer that collects the output",
    doc: "A buffer, or the name of one, which is made where there is none of that name. The \
          name must not be empty. With `nil` the process has no buffer. \
          Default: nil.",
    default: "nil",
    category: Category::Traffic,
    roles: Roles::All,
    subfeatures: &[],
    update: buffer,
};

fn buffer<'a>(draft: &mut Draft<'a>, given: Given<'a>) -> Result<(), Error> {
    draft.buffer = match given.value {
        Value::Nil => BufferSetting::None,
        Value::Opaque(_) => BufferSetting::Handle(given.value.clone()),
        Value::String(text) if text.is_empty() => {
            return Err(given.bad(
                "a name that is not empty",
                "Empty string for buffer name is not allowed",
            ));
        }
        Value::String(text) => BufferSetting::Named(text.to_string_lossy().into_owned()),
        _ => return Err(given.wrong_type("stringp")),
    };
    Ok(())
}

/// `:coding`.
pub(super) const CODING: Definition = Definition {
    keyword: ":coding",
    shapes: &[Shape::Nil, Shape::CodingSystem, Shape::CodingPair],
    summary: "Coding system of the text",
    doc: "One coding system for both ways, or `(decoding . encoding)`, of which either may be \
          `nil`, that is, left open until text shows it. Where a name says nothing of line ends \
          (`utf-8` rather than `utf-8-unix`), the first line seen decides. \
          Default: determined from the data.",
    default: "determined from the data",
    category: Category::Traffic,
    roles: Roles::All,
    subfeatures: &[],
    update: coding,
};

fn coding<'a>(draft: &mut Draft<'a>, given: Given<'a>) -> Result<(), Error> {
    if !given.present {
        return Ok(());
    }
    draft.coding = Some(match given.value {
        Value::Cons(pair) => CodingPair {
            decode: coding_system(given, &pair.car)?,
            encode: coding_system(given, &pair.cdr)?,
        },
        value => {
            let both = coding_system(given, value)?;
            CodingPair {
                decode: both,
                encode: both,
            }
        }
    });
    Ok(())
}

/// Looks up one half of the value; nil leaves it open.
fn coding_system(given: Given<'_>, name: &Value) -> Result<Option<CodingSystem>, Error> {
    let symbol = match name {
        Value::Nil => return Ok(None),
        Value::Symbol(symbol) => symbol,
        _ => return Err(given.wrong_type_of("symbolp", name)),
    };
    CodingSystem::parse(symbol.as_str())
        .map(Some)
        .map_err(|unknown| {
            let condition = Value::list([Value::symbol("coding-system-error"), name.clone()]);
            let mut fault = given.fault("the name of a coding system", condition);
            if let Some(nearest) = unknown.nearest.first() {
                fault.hint = Some(format!("did you mean {nearest}?"));
            }
            Error::Value(fault)
        })
}

/// `:filter`.
pub(super) const FILTER: Definition = Definition {
    keyword: ":filter",
    shapes: &[Shape::Nil, Shape::True, Shape::Function],
    summary: "Function that receives the text",
    doc: "Called with the process and each piece of text as it comes. `t` means not to read \
          at all until the filter is changed; `nil` inserts the text into the buffer of the \
          process. Accepted connections begin with their server's filter. \
          Default: nil.",
    default: "nil",
    category: Category::Traffic,
    roles: Roles::All,
    subfeatures: &[],
    update: |draft, given| {
        draft.filter = given.value.clone();
        Ok(())
    },
};

/// `:filter-multibyte`.
pub(super) const FILTER_MULTIBYTE: Definition = Definition {
    keyword: ":filter-multibyte",
    shapes: &[Shape::Anything],
    summary: "Give the filter decoded text",
    doc: "With `nil` the filter is given the bytes as they came, line endings apart; with any \
          other value, text. \
          Default: as the coding system says.",
    default: "as the coding system says",
    category: Category::Traffic,
    roles: Roles::All,
    subfeatures: &[],
    update: |draft, given| {
        draft.filter_multibyte = given.present.then(|| given.value.is_true());
        Ok(())
    },
};

/// `:sentinel`.
pub(super) const SENTINEL: Definition = Definition {
    keyword: ":sentinel",
    shapes: &[Shape::Nil, Shape::Function],
    summary: "Function told of changes of status",
    doc: "Called with the process and a string when the status changes, such as `open` or \
          `deleted`, with a line end. With `nil` a line about it goes into the buffer of the \
          process. Accepted connections begin with their server's sentinel. \
          Default: nil.",
    default: "nil",
    category: Category::Traffic,
    roles: Roles::All,
    subfeatures: &[],
    update: |draft, given| {
        draft.sentinel = given.value.clone();
        Ok(())
    },
};

/// `:log`.
pub(super) const LOG: Definition = Definition {
    keyword: ":log",
    shapes: &[Shape::Nil, Shape::Function],
    summary: "Function told of accepted connections",
    doc: "Called with the server, the new connection and a string for every connection that \
          the server accepts, before that connection's own sentinel; with `nil` in place of \
          the connection when accepting failed. Of use on stream and seqpacket servers. \
          Default: nil.",
    default: "nil",
    category: Category::Traffic,
    roles: Roles::StreamServer,
    subfeatures: &[],
    update: |draft, given| {
        draft.log = given.value.clone();
        Ok(())
    },
};
