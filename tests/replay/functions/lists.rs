//! Lists and property lists.

use netproc::Value;
use netproc::lisp::plist;

use super::numbers::integer;
use crate::lisp::{Answer, Exit, Machine, Primitive, many, one_of};

pub(super) const TABLE: &[Primitive] = &[
    one_of("cons", (2, 2), |_, given| {
        Ok(Value::cons(given[0].clone(), given[1].clone()))
    }),
    many("list", 0, |_, given| Ok(Value::list(given.iter().cloned()))),
    one_of("car", (1, 1), |_, given| walk(&given[0], "a")),
    one_of("cdr", (1, 1), |_, given| walk(&given[0], "d")),
    one_of("caar", (1, 1), |_, given| walk(&given[0], "aa")),
    one_of("cadr", (1, 1), |_, given| walk(&given[0], "da")),
    one_of("cdar", (1, 1), |_, given| walk(&given[0], "ad")),
    one_of("cddr", (1, 1), |_, given| walk(&given[0], "dd")),
    one_of("caddr", (1, 1), |_, given| walk(&given[0], "dda")),
    one_of("car-safe", (1, 1), |_, given| {
        Ok(given[0].car().cloned().unwrap_or_default())
    }),
    one_of("nth", (2, 2), |_, given| {
        walk(&nthcdr(&given[0], &given[1])?, "a")
    }),
    one_of("nthcdr", (2, 2), |_, given| nthcdr(&given[0], &given[1])),
    many("append", 0, append),
    many("nconc", 0, append),
    one_of("nreverse", (1, 1), |_, given| reversed(&given[0])),
    one_of("reverse", (1, 1), |_, given| reversed(&given[0])),
    one_of("copy-sequence", (1, 1), |_, given| Ok(given[0].clone())),
    one_of("memq", (2, 2), |_, given| Ok(member(given, Value::is_eq))),
    one_of("member", (2, 2), |_, given| {
        Ok(member(given, |one, two| one == two))
    }),
    one_of("delq", (2, 2), |_, given| {
        let kept = elements(&given[1])?;
        Ok(Value::list(
            kept.into_iter().filter(|element| !element.is_eq(&given[0])),
        ))
    }),
    one_of("assq", (2, 2), |_, given| assoc(given, Value::is_eq)),
    one_of("assoc", (2, 3), |_, given| {
        assoc(given, |one, two| one == two)
    }),
    one_of("plist-get", (2, 2), |_, given| {
        Ok(plist::get(&given[0], &given[1]))
    }),
    one_of("plist-put", (3, 3), |_, given| {
        let changed = plist::put(&given[0], &given[1], given[2].clone());
        changed.map_err(|_| Exit::wrong_type("plistp", &given[0]))
    }),
    one_of("plist-member", (2, 2), |_, given| {
        let mut rest = &given[0];
        while let Value::Cons(cell) = rest {
            if cell.car.is_eq(&given[1]) {
                return Ok(rest.clone());
            }
            rest = cell.cdr.cdr().unwrap_or(&Value::Nil);
        }
        Ok(Value::Nil)
    }),
];

/// Returns the elements of a list.
pub(super) fn elements(list: &Value) -> Result<Vec<Value>, Exit> {
    let elements = list
        .list_iter()
        .map_err(|_| Exit::wrong_type("listp", list))?;
    Ok(elements.cloned().collect())
}

/// Takes first halves and second halves, as the letters say, the first letter first.
fn walk(value: &Value, steps: &str) -> Answer {
    let mut value = value;
    for step in steps.chars() {
        let half = if step == 'a' {
            value.car()
        } else {
            value.cdr()
        };
        value = half.ok_or_else(|| Exit::wrong_type("listp", value))?;
    }
    Ok(value.clone())
}

fn nthcdr(count: &Value, list: &Value) -> Answer {
    let mut list = list;
    for _ in 0..integer(count)? {
        list = list.cdr().ok_or_else(|| Exit::wrong_type("listp", list))?;
        if list.is_nil() {
            break;
        }
    }
    Ok(list.clone())
}

fn append(_machine: &Machine, given: &[Value]) -> Answer {
    let Some((last, lists)) = given.split_last() else {
        return Ok(Value::Nil);
    };
    let mut all = Vec::new();
    for list in lists {
        all.extend(super::sequences::elements(list)?);
    }
    Ok(Value::list_with_tail(all, last.clone()))
}

fn reversed(list: &Value) -> Answer {
    Ok(Value::list(elements(list)?.into_iter().rev()))
}

fn member(given: &[Value], same: fn(&Value, &Value) -> bool) -> Value {
    let mut rest = &given[1];
    while let Value::Cons(cell) = rest {
        if same(&cell.car, &given[0]) {
            return rest.clone();
        }
        rest = &cell.cdr;
    }
    Value::Nil
}

fn assoc(given: &[Value], same: fn(&Value, &Value) -> bool) -> Answer {
    let entries = elements(&given[1])?;
    let found = entries.into_iter().find(|entry| {
        entry
            .as_cons()
            .is_some_and(|entry| same(&entry.car, &given[0]))
    });
    Ok(found.unwrap_or_default())
}
