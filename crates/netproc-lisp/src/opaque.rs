//! A place in Lisp data for a value that Lisp cannot look into, such as a closure or a buffer.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

/// A host value that travels through Lisp data untouched.
///
/// It prints as the name it was given, such as `#<buffer web>`, and that does not read back.
/// Equality is identity: a clone is equal to its origin, and so are two opaque values made with
/// [`from_arc`](Self::from_arc) from one `Arc`.
///
/// ```
/// use netproc_lisp::{Opaque, Value};
///
/// let counter = Opaque::new("#<counter>", 7_u32);
/// assert_eq!(counter.downcast_ref::<u32>(), Some(&7));
/// assert_eq!(Value::from(counter.clone()), Value::from(counter));
/// ```
#[derive(Clone)]
pub struct Opaque(Arc<Inner>);

struct Inner {
    name: Box<str>,
    value: Arc<dyn Any + Send + Sync>,
}

impl Opaque {
    /// Wraps a value, to be printed as `name`.
    pub fn new<T: Any + Send + Sync>(name: impl Into<Box<str>>, value: T) -> Self {
        Self::from_arc(name, Arc::new(value))
    }

    /// Wraps a value that others share, to be printed as `name`.
    pub fn from_arc<T: Any + Send + Sync>(name: impl Into<Box<str>>, value: Arc<T>) -> Self {
        Self(Arc::new(Inner {
            name: name.into(),
            value,
        }))
    }

    /// Returns the name it prints as.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Returns the value if it is a `T`.
    pub fn downcast_ref<T: Any + Send + Sync>(&self) -> Option<&T> {
        self.0.value.downcast_ref()
    }

    /// Returns a shared handle on the value if it is a `T`.
    pub fn downcast_arc<T: Any + Send + Sync>(&self) -> Option<Arc<T>> {
        Arc::clone(&self.0.value).downcast().ok()
    }
}

impl PartialEq for Opaque {
    fn eq(&self, other: &Self) -> bool {
        // Data pointers only: vtable addresses of one type may differ between codegen units.
        std::ptr::addr_eq(Arc::as_ptr(&self.0.value), Arc::as_ptr(&other.0.value))
    }
}

impl Eq for Opaque {}

impl fmt::Debug for Opaque {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equality_is_identity_of_the_wrapped_value() {
        let shared = Arc::new(5_u8);
        let one = Opaque::from_arc("#<a>", Arc::clone(&shared));
        let two = Opaque::from_arc("#<b>", shared);
        assert_eq!(one, two);
        assert_ne!(one, Opaque::new("#<a>", 5_u8));
    }

    #[test]
    fn downcast_to_another_type_gives_none() {
        let opaque = Opaque::new("#<a>", 5_u8);
        assert_eq!(opaque.downcast_ref::<u16>(), None);
        assert_eq!(opaque.downcast_arc::<u8>().as_deref(), Some(&5));
    }
}
