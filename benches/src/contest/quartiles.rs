//! The middle of the rounds, and how far they are spread.

use std::fmt;

/// The median of some numbers with the quartiles beside it.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(clippy::exhaustive_structs, reason = "plain numbers")]
pub struct Quartiles {
    /// A quarter of the numbers is below.
    pub lower: f64,
    /// The median.
    pub median: f64,
    /// A quarter of the numbers is above.
    pub upper: f64,
}

impl Quartiles {
    /// Sorts the numbers; none where there are no numbers, or what is none among them.
    pub fn of(numbers: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut numbers: Vec<f64> = numbers.into_iter().collect();
        if numbers.is_empty() || numbers.iter().any(|number| !number.is_finite()) {
            return None;
        }
        numbers.sort_by(f64::total_cmp);
        let at = |quarters: usize| {
            let steps = (numbers.len() - 1) * quarters;
            let (place, rest) = (steps / 4, steps % 4);
            let (below, above) = (numbers[place], numbers[place + usize::from(rest > 0)]);
            below + (above - below) * rest as f64 / 4.0
        };
        Some(Quartiles {
            lower: at(1),
            median: at(2),
            upper: at(3),
        })
    }
}

impl fmt::Display for Quartiles {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Quartiles {
            lower,
            median,
            upper,
        } = self;
        write!(formatter, "{median:.2} ({lower:.2} to {upper:.2})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quartiles_lie_between_the_numbers() {
        let quartiles = Quartiles::of([4.0, 1.0, 3.0, 2.0, 5.0]).expect("numbers");
        assert_eq!(
            (quartiles.lower, quartiles.median, quartiles.upper),
            (2.0, 3.0, 4.0)
        );
        let quartiles = Quartiles::of([1.0, 2.0]).expect("numbers");
        assert_eq!(quartiles.to_string(), "1.50 (1.25 to 1.75)");
    }

    #[test]
    fn of_nothing_there_is_no_median() {
        assert_eq!(Quartiles::of([]), None);
        assert_eq!(Quartiles::of([1.0, f64::NAN]), None);
    }
}
