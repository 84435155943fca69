//! Equality of values as Emacs's `equal` has it, without recursion.

use super::Value;

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        let mut one = self;
        let mut two = other;
        // Pairs still to be compared; stays empty, and so unallocated, for flat lists.
        let mut waiting: Vec<(&Self, &Self)> = Vec::new();
        loop {
            match (one, two) {
                (Self::Cons(first), Self::Cons(second)) => {
                    if !std::ptr::eq(&raw const **first, &raw const **second) {
                        if first.car.is_compound() {
                            waiting.push((&first.car, &second.car));
                        } else if !atoms_equal(&first.car, &second.car) {
                            return false;
                        }
                        one = &first.cdr;
                        two = &second.cdr;
                        continue;
                    }
                }
                (Self::Vector(first), Self::Vector(second)) => {
                    if first.len() != second.len() {
                        return false;
                    }
                    for (first, second) in first.iter().zip(second.iter()) {
                        if first.is_compound() {
                            waiting.push((first, second));
                        } else if !atoms_equal(first, second) {
                            return false;
                        }
                    }
                }
                _ => {
                    if !atoms_equal(one, two) {
                        return false;
                    }
                }
            }
            match waiting.pop() {
                Some(pair) => (one, two) = pair,
                None => return true,
            }
        }
    }
}

impl Eq for Value {}

/// Compares two values of which at least one is not compound.
fn atoms_equal(one: &Value, two: &Value) -> bool {
    match (one, two) {
        (Value::Nil, Value::Nil) => true,
        (Value::Symbol(one), Value::Symbol(two)) => one == two,
        (Value::Integer(one), Value::Integer(two)) => one == two,
        (Value::BigInteger(one), Value::BigInteger(two)) => one == two,
        (Value::Float(one), Value::Float(two)) => float_bits(*one) == float_bits(*two),
        (Value::String(one), Value::String(two)) => one == two,
        (Value::Opaque(one), Value::Opaque(two)) => one == two,
        _ => false,
    }
}

/// Returns the bits that tell one float from another.
///
/// Whether a NaN is signalling is left out: it does not show in print, and the processor changes
/// it at will.
fn float_bits(float: f64) -> u64 {
    const QUIET: u64 = 1 << 51;
    if float.is_nan() {
        float.to_bits() | QUIET
    } else {
        float.to_bits()
    }
}

#[cfg(test)]
mod tests {
    use crate::Value;

    #[test]
    fn floats_are_compared_by_their_bits() {
        assert_eq!(Value::Float(f64::NAN), Value::Float(f64::NAN));
        assert_ne!(Value::Float(0.0), Value::Float(-0.0));
        assert_ne!(Value::Float(1.0), Value::Integer(1));
    }

    #[test]
    fn structure_counts_not_identity() {
        let make = || Value::list([Value::vector([1, 2]), Value::from("a"), Value::cons(1, 2)]);
        assert_eq!(make(), make());
        assert!(!make().is_eq(&make()));
    }

    #[test]
    fn a_vector_is_not_a_list_of_the_same_elements() {
        assert_ne!(Value::vector([1, 2]), Value::list([1, 2]));
        assert_ne!(Value::vector([1, 2]), Value::vector([1, 2, 3]));
        assert_ne!(Value::list([Value::vector([1])]), Value::list([1]));
    }
}
