//! Cons cells, the proper lists made of them, and walking and dropping those without recursion.

use std::fmt;
use std::iter::FusedIterator;
use std::mem;
use std::sync::Arc;

use crate::Value;

/// An immutable pair of two values.
///
/// As nothing is ever changed in place, lists cannot be circular. Dropping a list of any length
/// takes no stack.
#[derive(PartialEq, Eq)]
pub struct Cons {
    /// The first half.
    pub car: Value,
    /// The second half: in a proper list the rest of the list, or nil.
    pub cdr: Value,
}

impl Cons {
    /// Makes a pair.
    pub fn new(car: Value, cdr: Value) -> Self {
        Self { car, cdr }
    }
}

impl fmt::Debug for Cons {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_tuple("Cons")
            .field(&self.car)
            .field(&self.cdr)
            .finish()
    }
}

impl Drop for Cons {
    fn drop(&mut self) {
        if !self.car.is_compound() && !self.cdr.is_compound() {
            return;
        }
        // Along a list of what holds nothing there is nothing to be kept for later.
        let mut waiting = Vec::new();
        let mut next = Some(mem::take(&mut self.cdr));
        if self.car.is_compound() {
            waiting.push(mem::take(&mut self.car));
        }
        while let Some(value) = next.take().or_else(|| waiting.pop()) {
            match value {
                Value::Cons(cell) => {
                    if let Some(mut cell) = Arc::into_inner(cell) {
                        if cell.car.is_compound() {
                            waiting.push(mem::take(&mut cell.car));
                        }
                        next = Some(mem::take(&mut cell.cdr));
                    }
                }
                Value::Vector(mut elements) => {
                    if let Some(elements) = Arc::get_mut(&mut elements) {
                        let compound = elements.iter_mut().filter(|element| element.is_compound());
                        waiting.extend(compound.map(mem::take));
                    }
                }
                _ => {}
            }
        }
    }
}

/// The elements of a proper list, made by [`Value::list_iter`].
#[derive(Clone, Debug)]
pub struct ListIter<'a> {
    rest: &'a Value,
    length: usize,
}

impl<'a> ListIter<'a> {
    pub(crate) fn new(list: &'a Value) -> Result<Self, ImproperList> {
        let mut length = 0;
        let mut rest = list;
        while let Value::Cons(cell) = rest {
            length += 1;
            rest = &cell.cdr;
        }
        if rest.is_nil() {
            Ok(Self { rest: list, length })
        } else {
            Err(ImproperList { tail: rest.clone() })
        }
    }

    /// Returns what is left of the list, as a list.
    pub fn rest(&self) -> &'a Value {
        self.rest
    }
}

impl<'a> Iterator for ListIter<'a> {
    type Item = &'a Value;

    fn next(&mut self) -> Option<&'a Value> {
        let cell = self.rest.as_cons()?;
        self.rest = &cell.cdr;
        self.length -= 1;
        Some(&cell.car)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.length, Some(self.length))
    }
}

impl ExactSizeIterator for ListIter<'_> {}
impl FusedIterator for ListIter<'_> {}

/// The error of a value that is not a list, or a list that ends in something other than nil.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImproperList {
    tail: Value,
}

impl ImproperList {
    /// Returns what stands where nil should: the last tail, or the whole value if it is no list.
    pub fn tail(&self) -> &Value {
        &self.tail
    }
}

impl fmt::Display for ImproperList {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "expected a list that ends in nil, found {}",
            self.tail
        )
    }
}

impl std::error::Error for ImproperList {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_million_elements_drop_and_compare_without_overflowing_the_stack() {
        let one = Value::list((0..1_000_000).map(Value::Integer));
        let two = Value::list((0..1_000_000).map(Value::Integer));
        assert!(one == two);
    }

    #[test]
    fn deep_nesting_in_the_car_and_in_vectors_drops_and_compares_too() {
        let nest = || {
            (0..200_000).fold(Value::Nil, |inner, level| match level % 2 {
                0 => Value::cons(inner, Value::Nil),
                _ => Value::cons(Value::vector([inner]), Value::Nil),
            })
        };
        assert!(nest() == nest());
    }

    #[test]
    fn a_dotted_list_has_no_iterator_and_names_its_tail() {
        let dotted = Value::cons(Value::from(1), Value::from(2));
        let error = dotted.list_iter().unwrap_err();
        assert_eq!(error.tail(), &Value::from(2));
        assert_eq!(
            error.to_string(),
            "expected a list that ends in nil, found 2"
        );
    }

    #[test]
    fn an_iterator_knows_its_length_and_its_rest() {
        let list = Value::list([1, 2, 3].map(Value::Integer));
        let mut elements = list.list_iter().unwrap();
        assert_eq!(elements.len(), 3);
        elements.next();
        assert_eq!(elements.rest().to_string(), "(2 3)");
    }
}
