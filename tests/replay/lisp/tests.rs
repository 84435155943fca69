//! What the machine does with forms, as Emacs 28.2 does with the same.

use netproc::lisp::Reader;

use super::print::{Escapes, prin1};
use super::{Env, Exit, Machine, with_room};
use crate::functions::strings::as_emacs_reads;

/// Evaluates forms, and returns what the last one comes to as it prints.
fn evaluated(text: &str) -> String {
    with_room(|| outcome(text))
}

fn outcome(text: &str) -> String {
    let machine = Machine::new();
    let mut last = Ok(netproc::Value::Nil);
    for form in Reader::new(text) {
        let (form, _) = form.expect("a form");
        last = machine.eval(&as_emacs_reads(&form), &Env::default());
        if last.is_err() {
            break;
        }
    }
    let printed = |value| {
        prin1(&value, Escapes::of(&machine))
            .to_string_lossy()
            .into_owned()
    };
    match last {
        Ok(value) => printed(value),
        Err(Exit::Signal(condition)) => format!("!! {}", printed(condition)),
        Err(exit) => exit.to_string(),
    }
}

#[test]
fn closures_keep_the_variables_that_they_see() {
    let counter = "(setq next (let ((n 0)) (lambda () (setq n (1+ n)))))";
    assert_eq!(
        evaluated(&format!("{counter} (funcall next) (funcall next)")),
        "2"
    );
}

#[test]
fn declared_variables_are_bound_for_everyone() {
    let shown = "(defvar shown 1) (defun show () shown)";
    assert_eq!(
        evaluated(&format!("{shown} (list (let ((shown 2)) (show)) (show))")),
        "(2 1)"
    );
}

#[test]
fn backquotes_insert_and_splice() {
    assert_eq!(
        evaluated("(let ((x 1) (l '(2 3))) `(,x ,@l (,x . 4)))"),
        "(1 2 3 (1 . 4))"
    );
}

#[test]
fn arguments_are_required_optional_and_the_rest() {
    let function = "(defun f (a &optional b &rest c) (list a b c))";
    assert_eq!(
        evaluated(&format!("{function} (list (f 1) (f 1 2 3 4))")),
        "((1 nil nil) (1 2 (3 4)))"
    );
    assert_eq!(
        evaluated(&format!(
            "{function} (condition-case e (f) (error (car e)))"
        )),
        "wrong-number-of-arguments"
    );
}

#[test]
fn conditions_are_caught_by_their_kind() {
    assert_eq!(
        evaluated("(condition-case e (car 5) (error e))"),
        "(wrong-type-argument listp 5)"
    );
    assert_eq!(
        evaluated("(condition-case e (signal 'quit nil) (error 'caught))"),
        "!! (quit)"
    );
    assert_eq!(
        evaluated("(condition-case nil (signal 'file-missing '(\"x\")) (file-error 'caught))"),
        "caught"
    );
}

#[test]
fn a_throw_unwinds_to_its_catch() {
    assert_eq!(
        evaluated(
            "(let (seen) (list (catch 'a (unwind-protect (throw 'a 1) (setq seen t))) seen))"
        ),
        "(1 t)"
    );
}

#[test]
fn strings_print_with_escapes() {
    assert_eq!(
        evaluated(r#"(list "é1" "éx" "\n\e" (unibyte-string 195 ?1) "\"\\")"#),
        r#"("\x00e9\ 1" "\x00e9x" "\n\33" "\3031" "\"\\")"#
    );
}

#[test]
fn quotes_print_short() {
    assert_eq!(
        evaluated("'('x #'f `(y) (quote x y))"),
        "('x #'f `(y) (quote x y))"
    );
}

#[test]
fn formats_fill_in_values() {
    assert_eq!(
        evaluated(r#"(format "%s %S %d %02x %c%%" "a" "a" 5 10 ?z)"#),
        r#""a \"a\" 5 0a z%""#
    );
    assert_eq!(
        evaluated(r#"(format "%999999999d" 5)"#),
        "!! (error \"Invalid format operation\")"
    );
}

#[test]
fn matches_are_replaced_by_text_or_by_what_a_function_says() {
    assert_eq!(
        evaluated(
            r#"(replace-regexp-in-string "\\b[0-9]+\\b" (lambda (n) (format "<%s>" n)) "a 12 b3 4" t t)"#
        ),
        r#""a <12> b3 <4>""#
    );
    assert_eq!(
        evaluated(r#"(string-match-p "\\`\\(?:a\\|b\\)(" "b(")"#),
        "0"
    );
}

#[test]
fn what_cannot_be_is_an_error_and_no_panic() {
    for form in [
        "(make-string -1 ?x)",
        "(make-vector 4611686018427387904 0)",
        "(aref [1] 5)",
        "(substring \"abc\" 2 9)",
        "(% 1 0)",
        "(/ 1 0)",
        "(* 4611686018427387904 4)",
        "(nosuch)",
        "(defun f () (f)) (f)",
        "(peer 'dance)",
        "(set-buffer \"none\")",
        "(string-match-p \"[\" \"x\")",
    ] {
        assert!(
            evaluated(form).starts_with("!! "),
            "{form}: {}",
            evaluated(form)
        );
    }
}
