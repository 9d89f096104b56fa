//! Numbers in the form that readers of YAML 1.1 and 1.2 agree on.

/// Writes a number: its source text where everyone agrees on it, else the same value in other words.
///
/// What is no number in any reading is written as text, so that it stays what it says.
pub(super) fn number(out: &mut String, source: &str) {
    if is_plain_integer(source) {
        out.push_str(source);
    } else if written(out, source).is_none() {
        super::string::inline(out, source);
    }
}

fn is_plain_integer(source: &str) -> bool {
    let digits = source.strip_prefix('-').unwrap_or(source);
    match digits.as_bytes() {
        [b'0'] => digits.len() == source.len(),
        [b'1'..=b'9', rest @ ..] => rest.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

/// Writes nothing unless it is a number.
fn written(out: &mut String, source: &str) -> Option<()> {
    let (minus, rest) = match source.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", source.strip_prefix('+').unwrap_or(source)),
    };
    match rest {
        ".inf" | ".Inf" | ".INF" => {
            out.push_str(minus);
            out.push_str(".inf");
            return Some(());
        }
        ".nan" | ".NaN" | ".NAN" => {
            out.push_str(".nan");
            return Some(());
        }
        _ => {}
    }
    let radix = match rest.as_bytes() {
        [b'0', b'x' | b'X', ..] => 16,
        [b'0', b'o' | b'O', ..] => 8,
        [b'0', b'b' | b'B', ..] => 2,
        _ => return decimal(out, minus, rest),
    };
    let digits = rest.get(2..)?.replace('_', "");
    if digits.starts_with(['+', '-']) {
        return None;
    }
    let value = u128::from_str_radix(&digits, radix).ok()?;
    if value != 0 {
        out.push_str(minus);
    }
    out.push_str(&value.to_string());
    Some(())
}

/// Whole numbers and floats: a float gets digits on both sides of its point, and a sign in its exponent.
fn decimal(out: &mut String, minus: &str, unsigned: &str) -> Option<()> {
    let unsigned = unsigned.replace('_', "");
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned.as_str(), None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let exponent = exponent.map(|text| match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("+", text.strip_prefix('+').unwrap_or(text)),
    });
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_number = all_digits(whole)
        && fraction.is_none_or(all_digits)
        && exponent.is_none_or(|(_, digits)| !digits.is_empty() && all_digits(digits))
        && !(whole.is_empty() && fraction.is_none_or(str::is_empty));
    if !is_number {
        return None;
    }
    let significant = whole.trim_start_matches('0');
    let whole = if significant.is_empty() {
        "0"
    } else {
        significant
    };
    let is_float = fraction.is_some() || exponent.is_some();
    if is_float || whole != "0" {
        out.push_str(minus);
    }
    out.push_str(whole);
    if is_float {
        out.push('.');
        out.push_str(fraction.filter(|digits| !digits.is_empty()).unwrap_or("0"));
    }
    if let Some((sign, digits)) = exponent {
        out.push('e');
        out.push_str(sign);
        out.push_str(digits);
    }
    Some(())
}
