//! What Lisp can call: thin functions over the engine, each with its documentation for Emacs.
//!
//! They are for `netproc.el`, which gives them what they expect; given anything else they signal
//! an error and change nothing.

use std::os::fd::RawFd;
use std::time::Duration;

use netproc::keywords::RawSpec;
use netproc::{Address, Family, NetworkOption, OptionName, Payload, Process, Spec, tls};

use crate::convert::{self, Converter};
use crate::engine::ENGINE;
use crate::environment::{Answer, Env, Exit, Function, Lisp};
use crate::framing::Framing;
use crate::mailbox::Notice;

mod decoding;

/// Returns every function of the module.
pub(crate) fn all() -> impl Iterator<Item = &'static Function> {
    FUNCTIONS.iter().chain(decoding::FUNCTIONS)
}

static FUNCTIONS: &[Function] = &[
    Function {
        name: "netproc--start",
        arity: 1,
        documentation: "Wake Emacs through the pipe process PIPE from now on.",
        body: start,
    },
    Function {
        name: "netproc--ring",
        arity: 0,
        documentation: "Wake Emacs the next time it waits.",
        body: ring,
    },
    Function {
        name: "netproc--take",
        arity: 0,
        documentation: "Return what happened since the last call, the oldest first.\n\
            Each element is a list whose car is the number of a process or request:\n\
            (ID data), (ID changed MESSAGE EXIT FACTS PEER),\n\
            (ID log MESSAGE CONNECTION NAME FACTS) or (ID reply ERRORP VALUE).",
        body: take,
    },
    Function {
        name: "netproc--check",
        arity: 1,
        documentation: "Signal what is wrong with the keyword list ARGUMENTS.",
        body: check,
    },
    Function {
        name: "netproc--open",
        arity: 2,
        documentation: "Begin to make a process of the keyword list ARGUMENTS.\n\
            If FRAMING is line, crlf, content-length or netstring, its text is\n\
            cut into messages.\n\
            Return its number; a reply with that number follows.",
        body: open,
    },
    Function {
        name: "netproc--offer-socket",
        arity: 1,
        documentation: "Offer the listening socket DESCRIPTOR to who asks for an external one.\n\
            Return nil if it is none.",
        body: offer_socket,
    },
    Function {
        name: "netproc--forget",
        arity: 1,
        documentation: "Close the process with number ID, or give up making it.",
        body: forget,
    },
    Function {
        name: "netproc--send",
        arity: 2,
        documentation: "Send STRING on the process with number ID, or queue it.\n\
            Return nil if there is no such process, or it is closed.",
        body: send,
    },
    Function {
        name: "netproc--send-eof",
        arity: 1,
        documentation: "Tell the peer of the process with number ID that nothing follows.",
        body: send_eof,
    },
    Function {
        name: "netproc--drain",
        arity: 1,
        documentation: "Wait for MILLISECONDS at most until everything is sent.\n\
            Return nil if something still waits.",
        body: drain,
    },
    Function {
        name: "netproc--queued",
        arity: 1,
        documentation: "Return how many bytes of the process with number ID wait to be sent.",
        body: queued,
    },
    Function {
        name: "netproc--stop",
        arity: 2,
        documentation: "Stop the process with number ID, or continue it if STOP is nil.",
        body: stop,
    },
    Function {
        name: "netproc--read",
        arity: 2,
        documentation: "Have the process with number ID read, or not if READ is nil.",
        body: set_reading,
    },
    Function {
        name: "netproc--set-option",
        arity: 3,
        documentation: "Set the network option OPTION of the process with number ID to VALUE.\n\
            Return nil if there is no such option.",
        body: set_option,
    },
    Function {
        name: "netproc--target",
        arity: 1,
        documentation: "Return where the datagram process with number ID sends to.",
        body: target,
    },
    Function {
        name: "netproc--set-target",
        arity: 2,
        documentation: "Have the datagram process with number ID send to ADDRESS.\n\
            Return nil if that is no address for it.",
        body: set_target,
    },
    Function {
        name: "netproc--look-up",
        arity: 2,
        documentation: "Begin to look up the addresses of HOST in FAMILY, a symbol.\n\
            Return a number; a reply with that number follows.",
        body: look_up,
    },
    Function {
        name: "netproc--resolve",
        arity: 1,
        documentation: "Begin to look up where the keyword list ARGUMENTS leads.\n\
            Return a number; a reply with that number follows.",
        body: find,
    },
    Function {
        name: "netproc--start-tls",
        arity: 2,
        documentation: "Begin to encrypt the process with number ID by PARAMETERS.\n\
            Return a number; a reply with that number follows, whose value is\n\
            what the peer showed.",
        body: start_tls,
    },
    Function {
        name: "netproc--reload-tls",
        arity: 1,
        documentation: "Have the server with number ID read its keys and certificates again.",
        body: reload_tls,
    },
];

fn start<'e>(env: &'e Env, arguments: &[Lisp<'e>]) -> Answer<'e> {
    let channel = env.open_channel(arguments[0])?;
    // Emacs watches low descriptors only, so they are left to it.
    let bell = rustix::io::fcntl_dupfd_cloexec(&channel, crate::engine::FIRST_DESCRIPTOR)
        .unwrap_or(channel);
    ENGINE.mailbox.set_bell(bell);
    env.boolean(true)
}

fn ring<'e>(env: &'e Env, _arguments: &[Lisp<'e>]) -> Answer<'e> {
    ENGINE.mailbox.ring();
    env.nil()
}

fn take<'e>(env: &'e Env, _arguments: &[Lisp<'e>]) -> Answer<'e> {
    let converter = Converter::new(env);
    let notices = ENGINE.mailbox.take();
    let notices: Result<Vec<Lisp<'e>>, Exit> = notices
        .into_iter()
        .map(|notice| match notice {
            Notice::Data { id, piece } => {
                ENGINE.inbox(id, |inbox| inbox.push(piece));
                env.list(&[env.integer(id)?, env.symbol("data")?])
            }
            Notice::Changed {
                id,
                message,
                exit,
                facts,
                peer,
            } => env.list(&[
                env.integer(id)?,
                env.symbol("changed")?,
                env.string(&message)?,
                converter.lisp(&exit)?,
                converter.lisp(&facts)?,
                converter.lisp(&peer)?,
            ]),
            Notice::Log {
                server,
                connection,
                message,
            } => {
                let mut elements = vec![
                    env.integer(server)?,
                    env.symbol("log")?,
                    env.string(&message)?,
                ];
                if let Some(connection) = connection {
                    elements.push(env.integer(connection.id)?);
                    elements.push(env.string(&connection.name)?);
                    elements.push(converter.lisp(&connection.facts)?);
                }
                env.list(&elements)
            }
            Notice::Reply { request, outcome } => {
                let (failed, value) = match &outcome {
                    Ok(value) => (false, value),
                    Err(condition) => (true, condition),
                };
                env.list(&[
                    env.integer(request)?,
                    env.symbol("reply")?,
                    env.boolean(failed)?,
                    converter.lisp(value)?,
                ])
            }
        })
        .collect();
    env.list(&notices?)
}

fn check<'e>(env: &'e Env, arguments: &[Lisp<'e>]) -> Answer<'e> {
    resolve(env, arguments[0])?;
    env.nil()
}

fn open<'e>(env: &'e Env, arguments: &[Lisp<'e>]) -> Answer<'e> {
    let spec = resolve(env, arguments[0])?;
    let framing = if env.is_true(arguments[1])? {
        let framing = Converter::new(env).value(arguments[1])?;
        let framing = framing
            .as_symbol()
            .and_then(|symbol| Framing::from_name(symbol.as_str()));
        Some(framing.ok_or_else(|| env.signal_text("Unsupported framing"))?)
    } else {
        None
    };
    env.integer(ENGINE.open(spec, framing))
}

fn resolve<'e>(env: &'e Env, list: Lisp<'e>) -> Result<Spec, Exit> {
    let mut converter = Converter::new(env);
    let list = converter.value(list)?;
    RawSpec::from_value(&list)
        .and_then(|raw| raw.resolve())
        .map_err(|error| convert::signal(&converter, env, &error.condition()))
}

fn offer_socket<'e>(env: &'e Env, arguments: &[Lisp<'e>]) -> Answer<'e> {
    let descriptor = RawFd::try_from(env.integer_of(arguments[0])?);
    env.boolean(descriptor.is_ok_and(netproc::socket::activation::offer))
}

fn forget<'e>(env: &'e Env, arguments: &[Lisp<'e>]) -> Answer<'e> {
    ENGINE.forget(env.integer_of(arguments[0])?);
    env.nil()
}

fn send<'e>(env: &'e Env, arguments: &[Lisp<'e>]) -> Answer<'e> {
    let number = env.integer_of(arguments[0])?;
    let text = convert::text(env, arguments[1])?;
    let Some(process) = ENGINE.process(number) else {
        return env.nil();
    };
    if !process.has_socket() {
        return env.nil();
    }
    let sent = process.send(Payload::Text(&text));
    sent.map_err(|error| refuse(env, &error))?;
    env.boolean(true)
}

fn send_eof<'e>(env: &'e Env, arguments: &[Lisp<'e>]) -> Answer<'e> {
    with(env, arguments[0], |process| {
        process.send_eof().map_err(|error| refuse(env, &error))?;
        env.boolean(true)
    })
}

fn drain<'e>(env: &'e Env, arguments: &[Lisp<'e>]) -> Answer<'e> {
    let milliseconds = u64::try_from(env.integer_of(arguments[0])?).unwrap_or_default();
    // Emacs cannot be quit meanwhile.
    let limit = Duration::from_millis(milliseconds.min(1000));
    env.boolean(ENGINE.drain(limit))
}

fn queued<'e>(env: &'e Env, arguments: &[Lisp<'e>]) -> Answer<'e> {
    with(env, arguments[0], |process| {
        let count = process.queued_bytes();
        env.integer(i64::try_from(count).unwrap_or(i64::MAX))
    })
}

fn stop<'e>(env: &'e Env, arguments: &[Lisp<'e>]) -> Answer<'e> {
    let stop = env.is_true(arguments[1])?;
    with(env, arguments[0], |process| {
        if stop {
            process.stop();
        } else {
            process.resume();
        }
        env.boolean(true)
    })
}

fn set_reading<'e>(env: &'e Env, arguments: &[Lisp<'e>]) -> Answer<'e> {
    let read = env.is_true(arguments[1])?;
    with(env, arguments[0], |process| {
        ENGINE
            .set_reading(process, read)
            .map_err(|error| refuse(env, &error))?;
        env.boolean(true)
    })
}

fn set_option<'e>(env: &'e Env, arguments: &[Lisp<'e>]) -> Answer<'e> {
    let mut converter = Converter::new(env);
    let option = converter.value(arguments[1])?;
    let value = converter.value(arguments[2])?;
    let Some(name) = option
        .as_symbol()
        .and_then(|symbol| OptionName::from_keyword(symbol.as_str()))
    else {
        return env.nil();
    };
    with(env, arguments[0], |process| {
        let option = NetworkOption::from_value(name, &value).map_err(|error| {
            convert::signal(&converter, env, &netproc::Error::from(error).condition())
        })?;
        process
            .set_option(&option)
            .map_err(|error| convert::signal(&converter, env, &error.condition()))?;
        env.boolean(true)
    })
}

fn target<'e>(env: &'e Env, arguments: &[Lisp<'e>]) -> Answer<'e> {
    with(env, arguments[0], |process| {
        let address = netproc::functions::process_datagram_address(process);
        Converter::new(env).lisp(&address)
    })
}

fn set_target<'e>(env: &'e Env, arguments: &[Lisp<'e>]) -> Answer<'e> {
    let address = Converter::new(env).value(arguments[1])?;
    with(env, arguments[0], |process| {
        let taken = Address::from_value(&address)
            .is_ok_and(|address| process.set_datagram_address(&address));
        env.boolean(taken)
    })
}

fn look_up<'e>(env: &'e Env, arguments: &[Lisp<'e>]) -> Answer<'e> {
    let host = env.text_of(arguments[0])?;
    let family = Converter::new(env).value(arguments[1])?;
    match Family::from_value(&family) {
        Ok(family) => env.integer(ENGINE.look_up(host, family)),
        Err(_) => Err(env.signal_text("Unsupported lookup type")),
    }
}

fn find<'e>(env: &'e Env, arguments: &[Lisp<'e>]) -> Answer<'e> {
    let spec = resolve(env, arguments[0])?;
    env.integer(ENGINE.resolve(spec))
}

fn start_tls<'e>(env: &'e Env, arguments: &[Lisp<'e>]) -> Answer<'e> {
    let list = Converter::new(env).value(arguments[1])?;
    with(env, arguments[0], |process| {
        let parameters = tls::Parameters::from_value(&list, tls::Profile::Emacs)
            .map_err(|error| convert::signal(&Converter::new(env), env, &error.condition()))?;
        env.integer(ENGINE.start_tls(process.clone(), parameters))
    })
}

fn reload_tls<'e>(env: &'e Env, arguments: &[Lisp<'e>]) -> Answer<'e> {
    with(env, arguments[0], |process| {
        process.reload_tls().map_err(|error| refuse(env, &error))?;
        env.boolean(true)
    })
}

/// Does something with the process of a number; nil if there is none.
fn with<'e>(
    env: &'e Env,
    number: Lisp<'e>,
    action: impl FnOnce(&Process) -> Answer<'e>,
) -> Answer<'e> {
    match ENGINE.process(env.integer_of(number)?) {
        Some(process) => action(&process),
        None => env.nil(),
    }
}

/// Signals what the network refused.
fn refuse(env: &Env, error: &netproc::network::Error) -> Exit {
    convert::signal(&Converter::new(env), env, &error.condition())
}

/// Signals that something is not what a predicate asks for.
fn wrong_type(env: &Env, predicate: &str, value: Lisp<'_>) -> Exit {
    let make = || {
        let data = env.list(&[env.symbol(predicate)?, value])?;
        Ok(env.signal(env.symbol("wrong-type-argument")?, data))
    };
    make().unwrap_or_else(|exit: Exit| exit)
}
