//! Checked text: names, currencies, countries, external identifiers, decimals.

use serde::{Deserialize, Serialize};

/// The text breaks the rule of its kind; the message says which, for the caller.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidText(pub &'static str);

/// ISO 4217 codes of currencies in circulation, funds codes and metals left out.
pub const CURRENCIES: &[&str] = &[
    "AED", "AFN", "ALL", "AMD", "ANG", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BGN", "BHD",
    "BIF", "BMD", "BND", "BOB", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHF", "CLP", "CNY",
    "COP", "CRC", "CUP", "CVE", "CZK", "DJF", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "EUR", "FJD", "FKP",
    "GBP", "GEL", "GHS", "GIP", "GMD", "GNF", "GTQ", "GYD", "HKD", "HNL", "HTG", "HUF", "IDR", "ILS", "INR",
    "IQD", "IRR", "ISK", "JMD", "JOD", "JPY", "KES", "KGS", "KHR", "KMF", "KPW", "KRW", "KWD", "KYD", "KZT",
    "LAK", "LBP", "LKR", "LRD", "LSL", "LYD", "MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP", "MRU", "MUR",
    "MVR", "MWK", "MXN", "MYR", "MZN", "NAD", "NGN", "NIO", "NOK", "NPR", "NZD", "OMR", "PAB", "PEN", "PGK",
    "PHP", "PKR", "PLN", "PYG", "QAR", "RON", "RSD", "RUB", "RWF", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD",
    "SHP", "SLE", "SOS", "SRD", "SSP", "STN", "SVC", "SYP", "SZL", "THB", "TJS", "TMT", "TND", "TOP", "TRY",
    "TTD", "TWD", "TZS", "UAH", "UGX", "USD", "UYU", "UZS", "VED", "VES", "VND", "VUV", "WST", "XAF", "XCD",
    "XCG", "XOF", "XPF", "YER", "ZAR", "ZMW", "ZWG",
];

/// ISO 3166-1 alpha-2 codes.
pub const COUNTRIES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

fn line(text: &str, most: usize) -> Result<&str, InvalidText> {
    let text = text.trim();
    if text.is_empty() {
        return Err(InvalidText("must not be empty"));
    }
    if text.chars().count() > most {
        return Err(InvalidText("is too long"));
    }
    if text.chars().any(char::is_control) {
        return Err(InvalidText("must not contain control characters"));
    }
    Ok(text)
}

fn name(text: &str) -> Result<&str, InvalidText> {
    line(text, 200)
}

fn reference(text: &str) -> Result<&str, InvalidText> {
    line(text, 2_000)
}

/// Something, an at sign, and the name of a host: what a mail server would not refuse at first sight.
fn email(text: &str) -> Result<&str, InvalidText> {
    let text = text.trim();
    let well_formed = text.split_once('@').is_some_and(|(local, host)| {
        let labels = || host.split('.');
        !local.is_empty()
            && local.len() <= 64
            && !host.contains('@')
            && labels().count() > 1
            && labels().all(|label| {
                !label.is_empty()
                    && label
                        .chars()
                        .all(|letter| letter.is_alphanumeric() || letter == '-')
            })
    });
    let printable = !text
        .chars()
        .any(|letter| letter.is_whitespace() || letter.is_control());
    if well_formed && printable && text.len() <= 254 {
        Ok(text)
    } else {
        Err(InvalidText("is not an e-mail address"))
    }
}

fn url(text: &str) -> Result<&str, InvalidText> {
    let text = line(text, 2_048)?;
    let schemed = ["http://", "https://"].iter().any(|scheme| {
        text.get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    });
    if schemed && !text.contains(char::is_whitespace) {
        Ok(text)
    } else {
        Err(InvalidText("is not an http or https URL"))
    }
}

fn currency(text: &str) -> Result<&str, InvalidText> {
    CURRENCIES
        .binary_search(&text)
        .map(|_| text)
        .map_err(|_| InvalidText("is not an ISO 4217 currency code"))
}

fn country(text: &str) -> Result<&str, InvalidText> {
    let known = text.len() == 2 && COUNTRIES.split(' ').any(|code| code == text);
    if known {
        Ok(text)
    } else {
        Err(InvalidText("is not an ISO 3166-1 alpha-2 country code"))
    }
}

/// Two letters, nine letters or digits, and a digit that makes the whole divisible by ten (ISO 6166).
fn isin(text: &str) -> Result<&str, InvalidText> {
    let bytes = text.as_bytes();
    let shaped = bytes.len() == 12
        && bytes[..2].iter().all(u8::is_ascii_uppercase)
        && bytes[2..11]
            .iter()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        && bytes[11].is_ascii_digit();
    if !shaped {
        return Err(InvalidText("is not an ISIN, such as DKZZ00079193"));
    }
    let values = bytes
        .iter()
        .filter_map(|byte| char::from(*byte).to_digit(36))
        .flat_map(|value| [value / 10, value % 10].into_iter().skip(usize::from(value < 10)));
    let digits: Vec<u32> = values.collect();
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            if place % 2 == 0 {
                *digit
            } else {
                digit * 2 / 10 + digit * 2 % 10
            }
        })
        .sum();
    if sum.is_multiple_of(10) {
        Ok(text)
    } else {
        Err(InvalidText("is an ISIN whose check digit does not fit"))
    }
}

macro_rules! texts {
    ($($(#[doc = $doc:literal])+ $name:ident: $check:ident, $schema:tt),+ $(,)?) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(Box<str>);
        impl $name {
            /// The text itself.
            pub fn as_str(&self) -> &str { &self.0 }
        }
        impl std::str::FromStr for $name {
            type Err = InvalidText;
            fn from_str(text: &str) -> Result<Self, InvalidText> { $check(text).map(|text| Self(text.into())) }
        }
        impl TryFrom<String> for $name {
            type Error = InvalidText;
            fn try_from(text: String) -> Result<Self, InvalidText> { text.parse() }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(&self.0) }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> { stringify!($name).into() }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                let mut schema = schemars::json_schema!($schema);
                schema.insert("description".into(), concat!($($doc),+).trim_ascii().into());
                schema
            }
        }
    )+};
}

texts! {
    /// A name: 1 to 200 characters after trimming, no control characters.
    Name: name, {
        "type": "string", "format": "name", "minLength": 1, "maxLength": 200,
        "pattern": "^[^\\u0000-\\u001f\\u007f-\\u009f]*[^\\s\\u0000-\\u001f\\u007f-\\u009f][^\\u0000-\\u001f\\u007f-\\u009f]*$"
    },
    /// An identifier that another system gave: 1 to 200 characters after trimming, no control characters.
    ExternalIdentifier: name, {
        "type": "string", "format": "name", "minLength": 1, "maxLength": 200,
        "pattern": "^[^\\u0000-\\u001f\\u007f-\\u009f]*[^\\s\\u0000-\\u001f\\u007f-\\u009f][^\\u0000-\\u001f\\u007f-\\u009f]*$"
    },
    /// What the custodian's consent flow returned, opaque to us: 1 to 2,000 characters.
    ConsentReference: reference, {
        "type": "string", "format": "reference", "minLength": 1, "maxLength": 2000,
        "pattern": "^[^\\u0000-\\u001f\\u007f-\\u009f]*[^\\s\\u0000-\\u001f\\u007f-\\u009f][^\\u0000-\\u001f\\u007f-\\u009f]*$"
    },
    /// An e-mail address.
    Email: email, { "type": "string", "format": "email", "minLength": 3, "maxLength": 254 },
    /// An ISIN (ISO 6166), its check digit included.
    Isin: isin, { "type": "string", "format": "isin", "pattern": "^[A-Z]{2}[0-9A-Z]{9}[0-9]$" },
    /// An absolute http or https URL of at most 2,048 characters.
    Url: url, {
        "type": "string", "format": "uri", "minLength": 8, "maxLength": 2048,
        "pattern": "^[Hh][Tt][Tt][Pp][Ss]?://[^\\s]+$"
    },
    /// An ISO 4217 currency code.
    Currency: currency, { "type": "string", "format": "iso-4217", "enum": CURRENCIES },
    /// An ISO 3166-1 alpha-2 country code.
    Country: country, { "type": "string", "format": "iso-3166-1-alpha-2", "enum": COUNTRIES.split(' ').collect::<Vec<_>>() },
}

/// The text literal as checked text: for examples and the demo data.
///
/// # Panics
/// On a literal that breaks its rule; the tests evaluate every example.
pub(crate) fn text<T: std::str::FromStr<Err = InvalidText>>(literal: &str) -> T {
    match literal.parse() {
        Ok(text) => text,
        Err(error) => panic!("invalid literal {literal}: {error}"),
    }
}
