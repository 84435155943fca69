//! Host names with other letters than ASCII, in the form that the name system has (RFC 3492).

const BASE: u32 = 36;
const T_MIN: u32 = 1;
const T_MAX: u32 = 26;
const SKEW: u32 = 38;
const DAMP: u32 = 700;
const INITIAL_BIAS: u32 = 72;
const INITIAL_N: u32 = 128;

/// Parts of names have at most 63 letters (RFC 1035, section 2.3.4), none longer than four bytes.
const LONGEST: usize = 63 * 4;

/// Returns a host name with each part that is not ASCII in its `xn--` form.
///
/// As in Emacs, letters are taken as they are: nothing is made small or put together. A name with
/// a part that is longer than the name system allows comes back as it was.
///
/// # Examples
///
/// ```
/// use netproc_dialogue::encode_host;
///
/// assert_eq!(encode_host("fśf.org"), "xn--ff-2sa.org");
/// assert_eq!(encode_host("gnu.org"), "gnu.org");
/// ```
#[doc(alias = "puny-encode-domain")]
pub fn encode_host(host: &str) -> String {
    if host.is_ascii() {
        return host.to_owned();
    }
    let parts: Option<Vec<String>> = host.split('.').map(encode_part).collect();
    parts.map_or_else(|| host.to_owned(), |parts| parts.join("."))
}

/// Returns one part of a name; none if it is longer than any part may be.
fn encode_part(part: &str) -> Option<String> {
    if part.is_ascii() {
        return Some(part.to_owned());
    }
    if part.len() > LONGEST {
        return None;
    }
    let characters: Vec<u32> = part.chars().map(u32::from).collect();
    let mut out = String::from("xn--");
    let basic: String = part.chars().filter(char::is_ascii).collect();
    if !basic.is_empty() {
        out.push_str(&basic);
        out.push('-');
    }
    let ascii = u32::try_from(basic.len()).ok()?;
    let (mut n, mut delta, mut bias, mut handled) = (INITIAL_N, 0_u32, INITIAL_BIAS, ascii);
    while let Some(next) = characters.iter().copied().filter(|code| *code >= n).min() {
        delta = delta.checked_add((next - n).checked_mul(handled + 1)?)?;
        n = next;
        for code in &characters {
            if *code < n {
                delta = delta.checked_add(1)?;
            } else if *code == n {
                push_number(delta, bias, &mut out);
                bias = adapt(delta, handled + 1, handled == ascii);
                delta = 0;
                handled += 1;
            }
        }
        delta = delta.checked_add(1)?;
        n += 1;
    }
    Some(out)
}

/// Appends a number in digits whose weights vary with the bias.
fn push_number(number: u32, bias: u32, out: &mut String) {
    let mut rest = number;
    let mut position = BASE;
    loop {
        let threshold = position.saturating_sub(bias).clamp(T_MIN, T_MAX);
        if rest < threshold {
            push_digit(rest, out);
            return;
        }
        push_digit(threshold + (rest - threshold) % (BASE - threshold), out);
        rest = (rest - threshold) / (BASE - threshold);
        position += BASE;
    }
}

/// Appends a digit: a to z, then 0 to 9.
fn push_digit(value: u32, out: &mut String) {
    if let Ok(value) = u8::try_from(value) {
        let first = if value < 26 { b'a' } else { b'0' - 26 };
        out.push(char::from(first + value));
    }
}

fn adapt(delta: u32, points: u32, first: bool) -> u32 {
    let mut delta = if first { delta / DAMP } else { delta / 2 };
    delta += delta / points;
    let mut position = 0;
    while delta > ((BASE - T_MIN) * T_MAX) / 2 {
        delta /= BASE - T_MIN;
        position += BASE;
    }
    position + (BASE - T_MIN + 1) * delta / (delta + SKEW)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What Emacs 28.2 gives for each (`puny-encode-domain`).
    #[test]
    fn names_are_encoded_as_in_emacs() {
        for (name, encoded) in PROBED {
            assert_eq!(encode_host(name), *encoded, "{name}");
        }
    }

    const PROBED: &[(&str, &str)] = &[
        ("bücher", "xn--bcher-kva"),
        ("fśf.org", "xn--ff-2sa.org"),
        ("中国", "xn--fiqs8s"),
        ("пример.испытание", "xn--e1afmkfd.xn--80akhbyknj4f"),
        ("日本語.jp", "xn--wgv71a119e.jp"),
        ("ünïcödé.example.com", "xn--ncd-dma1a7bzb.example.com"),
        ("😀.ws", "xn--e28h.ws"),
        ("Bücher.DE", "xn--Bcher-kva.DE"),
        ("a.ü", "a.xn--tda"),
    ];

    #[test]
    fn a_name_without_end_does_no_harm() {
        let name = "\u{10FFFF}".repeat(100_000);
        assert_eq!(encode_host(&name), name);
    }
}
