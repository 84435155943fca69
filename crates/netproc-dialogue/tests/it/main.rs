//! Tests of the dialogue as others use it: parameters, whole conversations, properties.

mod conversations;
mod endings;
mod parameters;
mod properties;
mod support;
