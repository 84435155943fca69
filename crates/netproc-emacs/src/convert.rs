//! Lisp objects of Emacs as values of ours, and back.
//!
//! What has no form on our side, a buffer or a function, becomes an opaque value that remembers
//! its place among the objects of one call; on the way back in the same call it is the same
//! object. Text keeps characters and raw bytes.

use netproc::lisp::{Char, Opaque, read};
use netproc::{Text, Value};

use crate::environment::{Answer, Env, Exit, Lisp};

/// How much of an argument is looked at; what is larger, or goes round in circles, is opaque.
const NODES: usize = 2_000;
const DEPTH: usize = 100;

/// Stands for the process that an error is about; Lisp knows which that is.
const SELF: &str = "netproc--self";

/// The objects of one call that have no form of ours.
pub(crate) struct Converter<'e> {
    env: &'e Env,
    objects: Vec<Lisp<'e>>,
    nodes: usize,
}

/// The place of an object among those of a call.
struct Place(usize);

impl<'e> Converter<'e> {
    pub(crate) fn new(env: &'e Env) -> Self {
        Converter {
            env,
            objects: Vec::new(),
            nodes: NODES,
        }
    }

    /// Returns an object of Emacs as a value.
    pub(crate) fn value(&mut self, lisp: Lisp<'e>) -> Result<Value, Exit> {
        self.value_within(lisp, DEPTH)
    }

    fn value_within(&mut self, lisp: Lisp<'e>, depth: usize) -> Result<Value, Exit> {
        let env = self.env;
        if self.nodes == 0 || depth == 0 {
            return Ok(self.opaque(lisp));
        }
        self.nodes -= 1;
        Ok(match env.type_of(lisp)?.as_str() {
            "symbol" if !env.is_true(lisp)? => Value::Nil,
            "symbol" => {
                let name = env.call("symbol-name", &[lisp])?;
                Value::symbol(&env.text_of(name)?)
            }
            "integer" => self.integer(lisp)?,
            "float" => Value::from(env.float_of(lisp)?),
            "string" => Value::String(text(env, lisp)?.into()),
            "cons" => return self.list(lisp, depth),
            "vector" => {
                let size = env.vector_size(lisp)?;
                let elements: Result<Vec<Value>, Exit> = (0..size)
                    .map(|index| self.value_within(env.element(lisp, index)?, depth - 1))
                    .collect();
                Value::vector(elements?)
            }
            _ => self.opaque(lisp),
        })
    }

    fn integer(&mut self, lisp: Lisp<'e>) -> Result<Value, Exit> {
        let env = self.env;
        if let Ok(number) = env.integer_of(lisp) {
            return Ok(Value::from(number));
        }
        // Too large for a machine word.
        env.clear_exit();
        let digits = env.call("number-to-string", &[lisp])?;
        let digits = env.text_of(digits)?;
        Ok(read(&digits).unwrap_or_else(|_| self.opaque(lisp)))
    }

    fn list(&mut self, list: Lisp<'e>, depth: usize) -> Result<Value, Exit> {
        let env = self.env;
        let mut elements = Vec::new();
        let mut rest = list;
        while self.nodes > 0 && env.is_true(env.call("consp", &[rest])?)? {
            elements.push(self.value_within(env.call("car", &[rest])?, depth - 1)?);
            rest = env.call("cdr", &[rest])?;
        }
        let tail = self.value_within(rest, depth - 1)?;
        Ok(Value::list_with_tail(elements, tail))
    }

    fn opaque(&mut self, lisp: Lisp<'e>) -> Value {
        self.objects.push(lisp);
        Value::Opaque(Opaque::new("#<object>", Place(self.objects.len() - 1)))
    }

    /// Returns a value as an object of Emacs.
    pub(crate) fn lisp(&self, value: &Value) -> Answer<'e> {
        let env = self.env;
        match value {
            Value::Nil => env.nil(),
            Value::Integer(number) => env.integer(*number),
            Value::Float(number) => env.float(*number),
            Value::Symbol(symbol) => env.symbol(symbol.as_str()),
            Value::String(string) => text_object(env, string),
            Value::Cons(_) => self.cons(value),
            Value::Vector(elements) => {
                let objects: Result<Vec<_>, Exit> =
                    elements.iter().map(|element| self.lisp(element)).collect();
                env.call("vector", &objects?)
            }
            Value::Opaque(opaque) => match opaque.downcast_ref::<Place>() {
                Some(Place(index)) if *index < self.objects.len() => Ok(self.objects[*index]),
                _ => env.symbol(SELF),
            },
            Value::BigInteger(number) => {
                let digits = env.string(number.as_str())?;
                env.call("string-to-number", &[digits])
            }
        }
    }

    fn cons(&self, list: &Value) -> Answer<'e> {
        let mut objects = Vec::new();
        let mut rest = list;
        while let (Some(first), Some(next)) = (rest.car(), rest.cdr()) {
            objects.push(self.lisp(first)?);
            rest = next;
            if rest.as_cons().is_none() {
                break;
            }
        }
        let mut object = self.lisp(rest)?;
        for first in objects.iter().rev() {
            object = self.env.call("cons", &[*first, object])?;
        }
        Ok(object)
    }
}

/// Returns the text of a string of Emacs, nothing lost.
pub(crate) fn text(env: &Env, string: Lisp<'_>) -> Result<Text, Exit> {
    if !env.is_true(env.call("multibyte-string-p", &[string])?)? {
        return Ok(Text::unibyte(env.bytes_of(string)?));
    }
    if let Ok(bytes) = env.bytes_of(string) {
        if let Ok(plain) = String::from_utf8(bytes) {
            return Ok(Text::from(plain));
        }
    } else {
        // Emacs copies no string with raw bytes.
        env.clear_exit();
    }
    let characters = env.call("vconcat", &[string])?;
    let mut text = Text::new();
    for index in 0..env.vector_size(characters)? {
        let code = env.integer_of(env.element(characters, index)?)?;
        let character = u32::try_from(code).ok().and_then(Char::from_code);
        text.push_char(character.ok_or_else(|| env.signal_text("no character"))?);
    }
    Ok(text)
}

/// Returns text as a string of Emacs: multibyte or not as the text is.
pub(crate) fn text_object<'e>(env: &'e Env, text: &Text) -> Answer<'e> {
    if let Some(bytes) = text.as_unibyte() {
        return env.bytes(bytes);
    }
    if let Some(string) = text.as_str() {
        return env.string(string);
    }
    let mut parts = Vec::new();
    let mut plain = String::new();
    for character in text.chars() {
        if let Some(character) = character.to_unicode() {
            plain.push(character);
            continue;
        }
        parts.push(env.string(&plain)?);
        plain.clear();
        let code = env.integer(character.code().into())?;
        parts.push(env.call("vector", &[code])?);
    }
    parts.push(env.string(&plain)?);
    env.call("concat", &parts)
}

/// Signals a condition, `(SYMBOL . DATA)`.
pub(crate) fn signal(converter: &Converter<'_>, env: &Env, condition: &Value) -> Exit {
    let (Some(symbol), Some(data)) = (condition.car(), condition.cdr()) else {
        return env.signal_text(&condition.to_string());
    };
    match (converter.lisp(symbol), converter.lisp(data)) {
        (Ok(symbol), Ok(data)) => env.signal(symbol, data),
        _ => Exit,
    }
}
