//! Emacs's C interface made safe: values that live as long as a call, exits that cannot be lost.
//!
//! Everything Emacs does to a module goes through a table of function pointers that is valid on
//! Emacs's thread during one call. `Env` borrows that table, `Lisp` borrows the call, and every
//! function that may leave by a signal or a throw says so by [`Exit`]. Nothing here knows what a
//! process is.

#![expect(unsafe_code, reason = "the C interface of Emacs")]

use std::ffi::{CString, c_char, c_int, c_void};
use std::marker::PhantomData;
use std::os::fd::{FromRawFd, OwnedFd};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

use emacs_module::{MIN_ENV_SIZE, emacs_env, emacs_runtime, emacs_value};

/// Says that the licence of this module is compatible with that of Emacs, which asks for it.
#[unsafe(no_mangle)]
#[expect(unreachable_pub, reason = "Emacs reaches it")]
pub static plugin_is_GPL_compatible: c_int = 0;

/// Why a call goes no further: a signal or a throw is on its way inside Emacs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Exit;

/// What a call gives, unless it leaves by another way.
pub(crate) type Answer<'e> = Result<Lisp<'e>, Exit>;

/// A Lisp object, alive during the call in which it was met.
#[derive(Clone, Copy)]
pub(crate) struct Lisp<'e>(emacs_value, PhantomData<&'e Env>);

/// Emacs as a module sees it during one call.
pub(crate) struct Env(*mut emacs_env);

/// A function that Lisp can call.
pub(crate) struct Function {
    pub(crate) name: &'static str,
    pub(crate) arity: isize,
    pub(crate) documentation: &'static str,
    pub(crate) body: for<'e> fn(&'e Env, &[Lisp<'e>]) -> Answer<'e>,
}

/// Calls a member of Emacs's table, and looks whether it left by another way.
macro_rules! ask {
    ($env:expr, $member:ident $(, $argument:expr)*) => {{
        // SAFETY: `Env` exists only during a call from Emacs, on its thread, with a table that is
        // large enough: that was looked at when the module was loaded.
        let answer = unsafe {
            match (*$env.0).$member {
                Some(function) => function($env.0 $(, $argument)*),
                None => return Err($env.signal_text("the table of Emacs has a hole")),
            }
        };
        $env.check().map(|()| answer)
    }};
}

impl Env {
    fn check(&self) -> Result<(), Exit> {
        // SAFETY: as in `ask`; this member may be called in every state.
        let pending = unsafe {
            (*self.0)
                .non_local_exit_check
                .is_some_and(|ask| ask(self.0) != 0)
        };
        if pending { Err(Exit) } else { Ok(()) }
    }

    /// Forgets a signal that is on its way.
    pub(crate) fn clear_exit(&self) {
        // SAFETY: as in `check`.
        unsafe {
            if let Some(clear) = (*self.0).non_local_exit_clear {
                clear(self.0);
            }
        }
    }

    /// Signals an error condition.
    pub(crate) fn signal(&self, symbol: Lisp<'_>, data: Lisp<'_>) -> Exit {
        // SAFETY: as in `ask`; both values are of this call.
        unsafe {
            if let Some(signal) = (*self.0).non_local_exit_signal {
                signal(self.0, symbol.0, data.0);
            }
        }
        Exit
    }

    /// Signals an `error` with a message.
    pub(crate) fn signal_text(&self, message: &str) -> Exit {
        let make = || {
            let data = self.list(&[self.string(message)?])?;
            Ok(self.signal(self.symbol("error")?, data))
        };
        make().unwrap_or_else(|exit: Exit| exit)
    }

    /// Returns the symbol of that name.
    pub(crate) fn symbol(&self, name: &str) -> Answer<'_> {
        match CString::new(name) {
            Ok(plain) if name.is_ascii() => self.own(ask!(self, intern, plain.as_ptr())),
            _ => self.call("intern", &[self.string(name)?]),
        }
    }

    /// Calls a Lisp function by its name.
    pub(crate) fn call(&self, function: &str, arguments: &[Lisp<'_>]) -> Answer<'_> {
        let function = self.symbol(function)?;
        let mut values: Vec<emacs_value> = arguments.iter().map(|lisp| lisp.0).collect();
        let count = signed(values.len());
        self.own(ask!(self, funcall, function.0, count, values.as_mut_ptr()))
    }

    /// Makes a list.
    pub(crate) fn list(&self, elements: &[Lisp<'_>]) -> Answer<'_> {
        self.call("list", elements)
    }

    /// Makes a multibyte string.
    pub(crate) fn string(&self, text: &str) -> Answer<'_> {
        let start = text.as_ptr().cast::<c_char>();
        self.own(ask!(self, make_string, start, signed(text.len())))
    }

    /// Makes a unibyte string.
    pub(crate) fn bytes(&self, bytes: &[u8]) -> Answer<'_> {
        let start = bytes.as_ptr().cast::<c_char>();
        self.own(ask!(self, make_unibyte_string, start, signed(bytes.len())))
    }

    /// Returns the bytes of a string: UTF-8, or the bytes themselves of a unibyte one.
    pub(crate) fn bytes_of(&self, string: Lisp<'_>) -> Result<Vec<u8>, Exit> {
        let mut length = 0;
        ask!(
            self,
            copy_string_contents,
            string.0,
            ptr::null_mut(),
            &raw mut length
        )?;
        let mut bytes = vec![0_u8; usize::try_from(length).unwrap_or_default()];
        let start = bytes.as_mut_ptr().cast::<c_char>();
        ask!(self, copy_string_contents, string.0, start, &raw mut length)?;
        // Emacs ends the copy with a zero.
        bytes.truncate(usize::try_from(length - 1).unwrap_or_default());
        Ok(bytes)
    }

    /// Returns the text of a string, which callers know to hold characters only.
    pub(crate) fn text_of(&self, string: Lisp<'_>) -> Result<String, Exit> {
        Ok(String::from_utf8_lossy(&self.bytes_of(string)?).into_owned())
    }

    pub(crate) fn integer(&self, number: i64) -> Answer<'_> {
        self.own(ask!(self, make_integer, number))
    }

    pub(crate) fn integer_of(&self, lisp: Lisp<'_>) -> Result<i64, Exit> {
        ask!(self, extract_integer, lisp.0)
    }

    pub(crate) fn float(&self, number: f64) -> Answer<'_> {
        self.own(ask!(self, make_float, number))
    }

    pub(crate) fn float_of(&self, lisp: Lisp<'_>) -> Result<f64, Exit> {
        ask!(self, extract_float, lisp.0)
    }

    /// Tells whether an object is anything but nil.
    pub(crate) fn is_true(&self, lisp: Lisp<'_>) -> Result<bool, Exit> {
        ask!(self, is_not_nil, lisp.0)
    }

    pub(crate) fn nil(&self) -> Answer<'_> {
        self.symbol("nil")
    }

    pub(crate) fn boolean(&self, truth: bool) -> Answer<'_> {
        self.symbol(if truth { "t" } else { "nil" })
    }

    /// Returns the name of an object's type, as `type-of` tells it.
    pub(crate) fn type_of(&self, lisp: Lisp<'_>) -> Result<String, Exit> {
        let symbol = self.own(ask!(self, type_of, lisp.0))?;
        let name = self.call("symbol-name", &[symbol])?;
        self.text_of(name)
    }

    pub(crate) fn element(&self, vector: Lisp<'_>, index: usize) -> Answer<'_> {
        self.own(ask!(self, vec_get, vector.0, signed(index)))
    }

    pub(crate) fn vector_size(&self, vector: Lisp<'_>) -> Result<usize, Exit> {
        Ok(usize::try_from(ask!(self, vec_size, vector.0)?).unwrap_or_default())
    }

    /// Opens the writing end of a pipe process.
    pub(crate) fn open_channel(&self, pipe: Lisp<'_>) -> Result<OwnedFd, Exit> {
        let descriptor = ask!(self, open_channel, pipe.0)?;
        // SAFETY: Emacs made this descriptor just now and leaves it to us.
        Ok(unsafe { OwnedFd::from_raw_fd(descriptor) })
    }

    fn define(&self, function: &'static Function) -> Result<(), Exit> {
        let documentation = CString::new(function.documentation).unwrap_or_default();
        let data = ptr::from_ref(function).cast_mut().cast::<c_void>();
        let subroutine = self.own(ask!(
            self,
            make_function,
            function.arity,
            function.arity,
            Some(run),
            documentation.as_ptr(),
            data
        ))?;
        self.call("defalias", &[self.symbol(function.name)?, subroutine])?;
        Ok(())
    }

    #[expect(clippy::unused_self, reason = "the answer lives as long as the call")]
    fn own(&self, answer: Result<emacs_value, Exit>) -> Answer<'_> {
        answer.map(|value| Lisp(value, PhantomData))
    }
}

/// Returns a length as Emacs counts; none is so long that it would not fit.
fn signed(length: usize) -> isize {
    isize::try_from(length).unwrap_or(isize::MAX)
}

/// What Emacs calls when Lisp calls one of our functions.
unsafe extern "C" fn run(
    table: *mut emacs_env,
    count: isize,
    arguments: *mut emacs_value,
    data: *mut c_void,
) -> emacs_value {
    let env = Env(table);
    // SAFETY: `define` gave this pointer to Emacs, and it points to a static.
    let function = unsafe { &*data.cast::<Function>() };
    let count = usize::try_from(count).unwrap_or_default();
    let arguments: Vec<Lisp<'_>> = (0..count)
        // SAFETY: Emacs passes as many values as it says.
        .map(|index| Lisp(unsafe { *arguments.add(index) }, PhantomData))
        .collect();
    // A panic must not reach Emacs, which knows nothing of them.
    let outcome = catch_unwind(AssertUnwindSafe(|| (function.body)(&env, &arguments)));
    let answer = match outcome {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(exit)) => Err(exit),
        Err(_) => Err(env.signal_text("netproc: a fault in the module")),
    };
    match answer {
        Ok(lisp) => lisp.0,
        // Emacs looks at the exit that is on its way, and not at the value.
        Err(Exit) => ptr::null_mut(),
    }
}

/// What Emacs calls when it has loaded the library.
///
/// # Safety
///
/// Only Emacs calls it, with a runtime that is valid during the call.
#[unsafe(no_mangle)]
#[expect(unreachable_pub, reason = "Emacs reaches it")]
pub unsafe extern "C" fn emacs_module_init(runtime: *mut emacs_runtime) -> c_int {
    /// What a failure tells Emacs, and Emacs its user.
    const TOO_OLD: c_int = 1;
    const REFUSED: c_int = 2;

    // SAFETY: the caller promises a valid runtime.
    let table = unsafe {
        match (*runtime).get_environment {
            Some(get) => get(runtime),
            None => return TOO_OLD,
        }
    };
    // SAFETY: every table of Emacs begins with its size.
    let size = unsafe { (*table).size };
    if usize::try_from(size).unwrap_or_default() < MIN_ENV_SIZE {
        return TOO_OLD;
    }
    let env = Env(table);
    let defined = crate::functions::all().try_for_each(|function| env.define(function));
    let provided = defined.and_then(|()| {
        let feature = env.symbol("netproc-module")?;
        env.call("provide", &[feature])
    });
    if provided.is_ok() { 0 } else { REFUSED }
}
