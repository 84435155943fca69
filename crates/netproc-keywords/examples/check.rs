//! Checks keyword lists given as arguments, and shows everything that is wrong with each.
//!
//! `cargo run --example check -- '(:nmae "web" :host local :service 70000)'`

use netproc_keywords::RawSpec;

fn main() {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let example = [r#"(:nmae "web" :host local :service 70000 :coding utf-9)"#.to_owned()];
    for text in if given.is_empty() {
        &example[..]
    } else {
        &given[..]
    } {
        println!("{text}");
        match RawSpec::read(text) {
            Err(error) => println!("  error: {error}"),
            Ok(list) => {
                for found in list.check() {
                    println!("  {found}");
                }
                if let Ok(spec) = list.resolve() {
                    println!("  means {:?}", spec.endpoint);
                }
            }
        }
    }
}
