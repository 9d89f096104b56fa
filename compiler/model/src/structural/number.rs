//! Numbers as they arrive at the API server: whole ones by their value, whatever they were written like.

/// A number, read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Number {
    /// Its value, as near as a float comes.
    pub value: f64,
    /// Its value, where it is whole and fits.
    pub whole: Option<i64>,
}

impl Number {
    /// Reads a number's source text; `None` for what JSON has no number for.
    pub(super) fn of(text: &str) -> Option<Self> {
        if let Ok(whole) = text.parse::<i64>() {
            #[expect(clippy::as_conversions, reason = "as near as a float comes")]
            let value = whole as f64;
            return Some(Number {
                value,
                whole: Some(whole),
            });
        }
        let (minus, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let radix = match digits.get(..2) {
            Some("0x" | "0X") => 16,
            Some("0o" | "0O") => 8,
            Some("0b" | "0B") => 2,
            Some(_) | None => return Number::float(text),
        };
        let whole = i64::from_str_radix(digits.get(2..)?, radix).ok()?;
        Number::of(&if minus { -whole } else { whole }.to_string())
    }

    fn float(text: &str) -> Option<Self> {
        let value: f64 = text.parse().ok().filter(|value: &f64| value.is_finite())?;
        // A float that is whole is written without a point on its way.
        let fits = value.fract() == 0.0 && value.abs() < 9.0e15;
        #[expect(clippy::as_conversions, reason = "it is whole and small enough")]
        let whole = fits.then_some(value as i64);
        Some(Number { value, whole })
    }

    /// Whether it is a whole number.
    pub(super) fn is_whole(&self) -> bool {
        self.whole.is_some() || self.value.fract() == 0.0
    }
}
