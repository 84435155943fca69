//! From bytes to text and back: what Lisp asks about coding systems.

use netproc::{CodingSystem, Value};

use crate::convert::{self, Converter};
use crate::engine::ENGINE;
use crate::environment::{Answer, Env, Exit, Function, Lisp};
use crate::inbox::{Extent, Handed};

use super::{with, wrong_type};

pub(super) static FUNCTIONS: &[Function] = &[
    Function {
        name: "netproc--encoding",
        arity: 1,
        documentation: "Return the coding system that the process with number ID encodes by.",
        body: encoding,
    },
    Function {
        name: "netproc--set-encoding",
        arity: 2,
        documentation: "Have the process with number ID encode by SYSTEM, a symbol.\n\
            Return nil if only Emacs can.",
        body: set_encoding,
    },
    Function {
        name: "netproc--encodes-p",
        arity: 1,
        documentation: "Tell whether the module encodes by the coding system SYSTEM, a symbol.",
        body: encodes,
    },
    Function {
        name: "netproc--text",
        arity: 3,
        documentation: "Return what has arrived on the process with number ID.\n\
            Of a stream that is what one read of LIMIT bytes would bring.\n\
            The value is nil if there is nothing, else (STRING MORE FOUND RAW FROM).\n\
            STRING is nil if no character is complete.  MORE tells whether more\n\
            has arrived, FOUND is the coding system if it was found just now.\n\
            If BYTES is non-nil, or if only Emacs can decode it, STRING is bytes,\n\
            and RAW is stream or message.  FROM is where a datagram came from.",
        body: text,
    },
    Function {
        name: "netproc--rest",
        arity: 1,
        documentation: "Return what is left on the process with number ID at its end.",
        body: rest,
    },
    Function {
        name: "netproc--set-decoding",
        arity: 2,
        documentation: "Have text on the process with number ID decoded by SYSTEM, a symbol.\n\
            Return nil if only Emacs can.",
        body: set_decoding,
    },
    Function {
        name: "netproc--hold",
        arity: 2,
        documentation: "Have what comes on the process with number ID begin with BYTES.",
        body: hold,
    },
    Function {
        name: "netproc--held",
        arity: 1,
        documentation: "Return the bytes of a character that is not complete yet.\n\
            The process has number ID, and forgets them.",
        body: held,
    },
    Function {
        name: "netproc--multibyte-p",
        arity: 1,
        documentation: "Tell whether the process with number ID gives characters.",
        body: is_multibyte,
    },
    Function {
        name: "netproc--set-multibyte",
        arity: 2,
        documentation: "Set whether the process with number ID gives characters.\n\
            Return the coding system for decoding after that.",
        body: set_multibyte,
    },
    Function {
        name: "netproc--connect-decoder",
        arity: 2,
        documentation: "Let the pipe process PIPE decode for the process with number ID.",
        body: connect_decoder,
    },
    Function {
        name: "netproc--feed",
        arity: 2,
        documentation: "Write BYTES for the decoder of the process with number ID.\n\
            If BYTES is nil, end them.",
        body: feed,
    },
];

fn encoding<'e>(env: &'e Env, arguments: &[Lisp<'e>]) -> Answer<'e> {
    with(env, arguments[0], |process| {
        name_of(env, process.coding_systems().1)
    })
}

fn set_encoding<'e>(env: &'e Env, arguments: &[Lisp<'e>]) -> Answer<'e> {
    let Some(encoding) = coding_system(env, arguments[1])? else {
        return env.nil();
    };
    with(env, arguments[0], |process| {
        process.set_coding_systems(CodingSystem::BINARY, encoding.or_nil());
        env.boolean(true)
    })
}

fn encodes<'e>(env: &'e Env, arguments: &[Lisp<'e>]) -> Answer<'e> {
    env.boolean(coding_system(env, arguments[0])?.is_some())
}

fn text<'e>(env: &'e Env, arguments: &[Lisp<'e>]) -> Answer<'e> {
    let number = env.integer_of(arguments[0])?;
    let limit = usize::try_from(env.integer_of(arguments[1])?).unwrap_or(1);
    let raw = env.is_true(arguments[2])?;
    let (from, handed, more) = ENGINE.inbox(number, |inbox| {
        let from = inbox.sender();
        (from, inbox.next(limit, raw), inbox.is_waiting())
    });
    let more = env.boolean(more)?;
    let from = Converter::new(env).lisp(&from.unwrap_or_default())?;
    match handed {
        None => env.nil(),
        Some(Handed::Text(text, found)) => env.list(&[
            match &text {
                Some(text) => convert::text_object(env, text)?,
                None => env.nil()?,
            },
            more,
            name_of(env, found)?,
            env.nil()?,
            from,
        ]),
        Some(Handed::Bytes(bytes, extent)) => env.list(&[
            env.bytes(&bytes)?,
            more,
            env.nil()?,
            env.symbol(match extent {
                Extent::Message => "message",
                Extent::Record | Extent::Stream => "stream",
            })?,
            from,
        ]),
    }
}

fn rest<'e>(env: &'e Env, arguments: &[Lisp<'e>]) -> Answer<'e> {
    let number = env.integer_of(arguments[0])?;
    convert::text_object(env, &ENGINE.inbox(number, crate::inbox::Inbox::rest))
}

fn set_decoding<'e>(env: &'e Env, arguments: &[Lisp<'e>]) -> Answer<'e> {
    let number = env.integer_of(arguments[0])?;
    let Some(decoding) = coding_system(env, arguments[1])? else {
        return env.nil();
    };
    env.boolean(ENGINE.inbox(number, |inbox| inbox.set_coding_system(decoding.or_nil())))
}

fn hold<'e>(env: &'e Env, arguments: &[Lisp<'e>]) -> Answer<'e> {
    let number = env.integer_of(arguments[0])?;
    let bytes = env.bytes_of(arguments[1])?;
    ENGINE.inbox(number, |inbox| inbox.hold(&bytes));
    env.nil()
}

fn held<'e>(env: &'e Env, arguments: &[Lisp<'e>]) -> Answer<'e> {
    let number = env.integer_of(arguments[0])?;
    env.bytes(&ENGINE.inbox(number, crate::inbox::Inbox::take_held))
}

fn is_multibyte<'e>(env: &'e Env, arguments: &[Lisp<'e>]) -> Answer<'e> {
    let number = env.integer_of(arguments[0])?;
    env.boolean(ENGINE.inbox(number, |inbox| inbox.is_multibyte()))
}

fn set_multibyte<'e>(env: &'e Env, arguments: &[Lisp<'e>]) -> Answer<'e> {
    let number = env.integer_of(arguments[0])?;
    let multibyte = env.is_true(arguments[1])?;
    let system = ENGINE.inbox(number, |inbox| inbox.set_multibyte(multibyte));
    name_of(env, Some(system))
}

fn connect_decoder<'e>(env: &'e Env, arguments: &[Lisp<'e>]) -> Answer<'e> {
    let number = env.integer_of(arguments[0])?;
    let channel = env.open_channel(arguments[1])?;
    ENGINE.inbox(number, |inbox| inbox.channel = Some(channel));
    env.boolean(true)
}

fn feed<'e>(env: &'e Env, arguments: &[Lisp<'e>]) -> Answer<'e> {
    let number = env.integer_of(arguments[0])?;
    if !env.is_true(arguments[1])? {
        ENGINE.inbox(number, |inbox| inbox.channel = None);
        return env.nil();
    }
    let bytes = env.bytes_of(arguments[1])?;
    let written = ENGINE.inbox(number, |inbox| {
        let channel = inbox.channel.as_ref()?;
        rustix::io::write(channel, &bytes).ok()
    });
    match written {
        Some(count) => env.integer(i64::try_from(count).unwrap_or(i64::MAX)),
        None => env.nil(),
    }
}

/// A coding system as Lisp gives it.
enum Given {
    Nil,
    System(CodingSystem),
}

impl Given {
    fn or_nil(&self) -> Option<CodingSystem> {
        match self {
            Given::Nil => None,
            Given::System(system) => Some(*system),
        }
    }
}

/// Returns the coding system of a symbol, or `None` if it is one that we do not know.
fn coding_system<'e>(env: &'e Env, lisp: Lisp<'e>) -> Result<Option<Given>, Exit> {
    Ok(match Converter::new(env).value(lisp)? {
        Value::Nil => Some(Given::Nil),
        value => {
            let symbol = value
                .as_symbol()
                .ok_or_else(|| wrong_type(env, "symbolp", lisp))?;
            CodingSystem::parse(symbol.as_str()).ok().map(Given::System)
        }
    })
}

fn name_of(env: &Env, system: Option<CodingSystem>) -> Answer<'_> {
    match system {
        Some(system) => env.symbol(system.name()),
        None => env.nil(),
    }
}
