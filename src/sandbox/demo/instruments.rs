//! The reference instruments of the demo market, of every type, and who issued them.

use super::{
    catalogue::since,
    literal::{Kind, literal, object},
};
use crate::store::market::instrument::{Instrument, InstrumentClass, InstrumentType, Issuer};
use contract::text::Country;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

/// Short name, name, industry, country.
const ISSUERS: &[(&str, &str, &str, &str)] = &[
    ("AUR", "Aurelia Packaging Group", "packaging", "US"),
    ("NRD", "Nordhavn Shipping", "shipping", "DK"),
    ("VES", "Vestas Kyst Energy", "utilities", "DK"),
    ("LUM", "Lumen Pharma", "pharmaceuticals", "DK"),
    ("KOB", "Kobberstaden Breweries", "beverages", "DK"),
    ("ALP", "Alpina Precision", "industrial_machinery", "CH"),
    ("HEL", "Helvia Foods", "food", "CH"),
    ("SIL", "Silberhorn Reinsurance", "insurance", "CH"),
    ("THM", "Thames & Tyne Water", "utilities", "GB"),
    ("ALB", "Albion Aerospace", "aerospace", "GB"),
    ("WES", "Wessex Retail", "retail", "GB"),
    ("RHN", "Rheinwerk Automotive", "automotive", "DE"),
    ("LUT", "Lutèce Luxury", "luxury_goods", "FR"),
    ("TUL", "Tulipa Semiconductors", "semiconductors", "NL"),
    ("IBE", "Ibérica Renovables", "utilities", "ES"),
    ("SUO", "Suomi Paper", "forest_products", "FI"),
    ("CAS", "Cascade Software", "software", "US"),
    ("BLU", "Blueridge Health", "healthcare", "US"),
    ("PRA", "Prairie Rail", "transportation", "US"),
    ("HUD", "Hudson Bancorp", "banking", "US"),
    ("SIE", "Sierra Cloud", "software", "US"),
    ("GUL", "Gulfstream Chemicals", "chemicals", "US"),
    ("MED", "Medianus Diagnostics", "healthcare", "DE"),
    ("ORB", "Orbis Telecom", "telecommunications", "LU"),
    ("KIN", "Kingsway Leisure", "leisure", "GB"),
    ("TER", "Terranova Foods", "food", "US"),
    ("DKG", "Kingdom of Denmark", "government", "DK"),
    ("DEG", "Federal Republic of Germany", "government", "DE"),
    ("USG", "United States Treasury", "government", "US"),
    ("GBG", "United Kingdom Treasury", "government", "GB"),
    ("CHG", "Swiss Confederation", "government", "CH"),
    ("FJO", "Fjordline Asset Management", "asset_management", "LU"),
    ("EQV", "Equivest Partners", "private_equity", "LU"),
    ("NOV", "Novaterra Ventures", "venture_capital", "US"),
    ("HAR", "Harbour Street Credit", "private_debt", "US"),
];

/// Every issuer.
pub(super) fn issuers() -> Vec<Issuer> {
    ISSUERS
        .iter()
        .map(|(short, name, industry, country)| Issuer {
            id: format!("iss_{short}"),
            name: literal(name),
            industry: (*industry).to_owned(),
            country: literal(country),
        })
        .collect()
}

/// Every class, parents before children.
pub(super) fn classes() -> Vec<InstrumentClass> {
    [
        ("equity", "Equity", None),
        ("equity-large-cap", "Large caps", Some("equity")),
        ("equity-small-cap", "Small and mid caps", Some("equity")),
        ("equity-funds", "Equity funds", Some("equity")),
        ("fixed-income", "Fixed income", None),
        ("government-bonds", "Government bonds", Some("fixed-income")),
        ("corporate-bonds", "Corporate bonds", Some("fixed-income")),
        ("inflation-linked", "Inflation-linked bonds", Some("fixed-income")),
        ("leveraged-loans", "Leveraged loans", Some("fixed-income")),
        ("bond-funds", "Bond funds", Some("fixed-income")),
        ("private-markets", "Private markets", None),
        ("buyout", "Buyout", Some("private-markets")),
        ("private-debt", "Private debt", Some("private-markets")),
        ("venture-capital", "Venture capital", Some("private-markets")),
        ("derivatives", "Derivatives", None),
        ("options", "Options", Some("derivatives")),
        ("fx-forwards", "Currency forwards", Some("derivatives")),
        ("cash", "Cash", None),
    ]
    .into_iter()
    .map(|(id, name, parent)| InstrumentClass {
        id: id.to_owned(),
        name: literal(name),
        parent_id: parent.map(str::to_owned),
    })
    .collect()
}

/// What tells an instrument from others of its kind.
struct Sketch {
    kind: InstrumentType,
    /// The issuer's short name, or empty.
    issuer: &'static str,
    /// What the asset id says after the issuer.
    asset: &'static str,
    name: &'static str,
    currency: &'static str,
    class: (&'static str, &'static str),
    /// Ticker and exchange.
    listing: Option<(&'static str, &'static str)>,
    price: Decimal,
    terms: Value,
}

/// Every instrument, numbered in this order.
pub(super) fn instruments() -> Vec<Instrument> {
    let sketches = stocks()
        .chain(funds())
        .chain(bonds())
        .chain(other_bonds())
        .chain(loans())
        .chain(private_funds())
        .chain(derivatives())
        .chain(money());
    (1..)
        .zip(sketches)
        .map(|(number, sketch)| drawn(number, sketch))
        .collect()
}

fn drawn(number: u32, sketch: Sketch) -> Instrument {
    let country = ISSUERS
        .iter()
        .find(|(short, ..)| *short == sketch.issuer)
        .map(|(.., country)| literal::<Country>(country));
    let terms = match sketch.terms {
        Value::Object(terms) => terms,
        _ => Map::new(),
    };
    Instrument {
        id: object(Kind::Instrument, number),
        kind: sketch.kind,
        name: literal(sketch.name),
        currency: literal(sketch.currency),
        isin: country
            .as_ref()
            .filter(|_| has_isin(sketch.kind))
            .map(|country| isin(country.as_str(), number)),
        country,
        ticker: sketch.listing.map(|(ticker, _)| ticker.to_owned()),
        exchange: sketch.listing.map(|(_, exchange)| exchange.to_owned()),
        class_id: sketch.class.0.to_owned(),
        detailed_class_id: Some(sketch.class.1.to_owned()).filter(|class| !class.is_empty()),
        issuer_id: Some(format!("iss_{}", sketch.issuer)).filter(|_| !sketch.issuer.is_empty()),
        asset_id: ["ast", sketch.issuer, sketch.asset]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join("_"),
        terms,
        base_price: sketch.price,
        created_at: since(),
    }
}

const fn has_isin(kind: InstrumentType) -> bool {
    matches!(
        kind,
        InstrumentType::Stock
            | InstrumentType::Fund
            | InstrumentType::Bond
            | InstrumentType::IndexLinkedBond
            | InstrumentType::ZeroCouponBond
    )
}

/// A well-formed ISIN (ISO 6166) that belongs to nothing real: country, nine characters, check digit.
fn isin(country: &str, number: u32) -> String {
    let body = format!("{country}ZZ{:07}", number * 7919);
    let digits: Vec<u32> = body
        .chars()
        .filter_map(|character| character.to_digit(36))
        .flat_map(|value| {
            if value < 10 {
                vec![value]
            } else {
                vec![value / 10, value % 10]
            }
        })
        .collect();
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(index, digit)| {
            if index % 2 == 0 {
                digit * 2 / 10 + digit * 2 % 10
            } else {
                *digit
            }
        })
        .sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

fn stocks() -> impl Iterator<Item = Sketch> {
    const LARGE: &str = "equity-large-cap";
    const SMALL: &str = "equity-small-cap";
    [
        (
            "NRD",
            "Nordhavn Shipping A/S",
            "DKK",
            "NRDH",
            "XCSE",
            LARGE,
            84_200,
        ),
        (
            "VES",
            "Vestas Kyst Energy A/S",
            "DKK",
            "VKE",
            "XCSE",
            LARGE,
            21_340,
        ),
        ("LUM", "Lumen Pharma A/S", "DKK", "LUMN", "XCSE", LARGE, 61_150),
        (
            "KOB",
            "Kobberstaden Breweries A/S",
            "DKK",
            "KOBB",
            "XCSE",
            SMALL,
            90_480,
        ),
        ("ALP", "Alpina Precision AG", "CHF", "ALPN", "XSWX", SMALL, 31_200),
        ("HEL", "Helvia Foods SA", "CHF", "HELV", "XSWX", LARGE, 10_425),
        (
            "SIL",
            "Silberhorn Reinsurance AG",
            "CHF",
            "SILB",
            "XSWX",
            LARGE,
            9_130,
        ),
        (
            "THM",
            "Thames & Tyne Water plc",
            "GBP",
            "TTW",
            "XLON",
            LARGE,
            1_024,
        ),
        ("ALB", "Albion Aerospace plc", "GBP", "ALBA", "XLON", LARGE, 1_386),
        ("WES", "Wessex Retail plc", "GBP", "WESX", "XLON", SMALL, 562),
        (
            "RHN",
            "Rheinwerk Automotive SE",
            "EUR",
            "RHN",
            "XETR",
            LARGE,
            7_840,
        ),
        ("LUT", "Lutèce Luxury SA", "EUR", "LUTC", "XPAR", LARGE, 51_260),
        (
            "TUL",
            "Tulipa Semiconductors NV",
            "EUR",
            "TULP",
            "XAMS",
            LARGE,
            33_800,
        ),
        (
            "IBE",
            "Ibérica Renovables SA",
            "EUR",
            "IBRN",
            "XMAD",
            SMALL,
            1_145,
        ),
        ("SUO", "Suomi Paper Oyj", "EUR", "SUOP", "XHEL", SMALL, 1_630),
        (
            "CAS",
            "Cascade Software Inc.",
            "USD",
            "CSCD",
            "XNAS",
            LARGE,
            21_900,
        ),
        (
            "BLU",
            "Blueridge Health Inc.",
            "USD",
            "BLRH",
            "XNYS",
            LARGE,
            13_475,
        ),
        ("PRA", "Prairie Rail Corp.", "USD", "PRRL", "XNYS", LARGE, 10_260),
        ("HUD", "Hudson Bancorp", "USD", "HDSN", "XNYS", LARGE, 6_880),
        ("SIE", "Sierra Cloud Inc.", "USD", "SRRA", "XNAS", SMALL, 4_515),
        (
            "GUL",
            "Gulfstream Chemicals Corp.",
            "USD",
            "GLFC",
            "XNYS",
            SMALL,
            5_740,
        ),
    ]
    .into_iter()
    .map(
        |(issuer, name, currency, ticker, exchange, class, cents)| Sketch {
            kind: InstrumentType::Stock,
            issuer,
            asset: "EQ",
            name,
            currency,
            class: ("equity", class),
            listing: Some((ticker, exchange)),
            price: Decimal::new(cents, 2),
            terms: json!({}),
        },
    )
}

fn funds() -> impl Iterator<Item = Sketch> {
    const EQUITY: (&str, &str) = ("equity", "equity-funds");
    const BONDS: (&str, &str) = ("fixed-income", "bond-funds");
    [
        (
            "WORLD_EUR",
            "Fjordline World Equity EUR",
            "EUR",
            ("FJWE", "XETR"),
            EQUITY,
            8_412,
        ),
        (
            "CREDIT_EUR",
            "Fjordline Euro Credit",
            "EUR",
            ("FJEC", "XETR"),
            BONDS,
            10_310,
        ),
        (
            "WORLD_USD",
            "Fjordline World Equity USD",
            "USD",
            ("FJWU", "XNAS"),
            EQUITY,
            9_950,
        ),
        (
            "TREASURY_USD",
            "Fjordline US Treasuries 7-10",
            "USD",
            ("FJUT", "XNAS"),
            BONDS,
            10_180,
        ),
        (
            "NORDIC_DKK",
            "Fjordline Nordic Equity",
            "DKK",
            ("FJND", "XCSE"),
            EQUITY,
            14_220,
        ),
        (
            "SWISS_CHF",
            "Fjordline Swiss Equity",
            "CHF",
            ("FJSW", "XSWX"),
            EQUITY,
            11_640,
        ),
        (
            "UK_GBP",
            "Fjordline UK Equity",
            "GBP",
            ("FJUK", "XLON"),
            EQUITY,
            2_735,
        ),
    ]
    .into_iter()
    .map(|(asset, name, currency, listing, class, cents)| Sketch {
        kind: InstrumentType::Fund,
        issuer: "FJO",
        asset,
        name,
        currency,
        class,
        listing: Some(listing),
        price: Decimal::new(cents, 2),
        terms: json!({}),
    })
}

fn bonds() -> impl Iterator<Item = Sketch> {
    const STATE: &str = "government-bonds";
    const FIRM: &str = "corporate-bonds";
    [
        (
            "DEG",
            "2032",
            "Germany 2.10 % 2032",
            "EUR",
            STATE,
            "0.021",
            "annually",
            "2019-02-15",
            "2032-02-15",
        ),
        (
            "RHN",
            "2031",
            "Rheinwerk 3.625 % 2031",
            "EUR",
            FIRM,
            "0.03625",
            "annually",
            "2020-09-01",
            "2031-09-01",
        ),
        (
            "USG",
            "2033",
            "US Treasury 3.50 % 2033",
            "USD",
            STATE,
            "0.035",
            "semiannually",
            "2018-05-15",
            "2033-05-15",
        ),
        (
            "GUL",
            "2034",
            "Gulfstream Chemicals 5.25 % 2034",
            "USD",
            FIRM,
            "0.0525",
            "semiannually",
            "2020-04-01",
            "2034-04-01",
        ),
        (
            "DKG",
            "2035",
            "Denmark 2.25 % 2035",
            "DKK",
            STATE,
            "0.0225",
            "annually",
            "2020-11-15",
            "2035-11-15",
        ),
        (
            "CHG",
            "2036",
            "Switzerland 1.25 % 2036",
            "CHF",
            STATE,
            "0.0125",
            "annually",
            "2020-06-11",
            "2036-06-11",
        ),
        (
            "GBG",
            "2034",
            "Gilt 4.00 % 2034",
            "GBP",
            STATE,
            "0.04",
            "semiannually",
            "2020-01-22",
            "2034-01-22",
        ),
    ]
    .into_iter()
    .map(
        |(issuer, asset, name, currency, class, rate, frequency, dated, maturity)| Sketch {
            kind: InstrumentType::Bond,
            issuer,
            asset,
            name,
            currency,
            class: ("fixed-income", class),
            listing: None,
            price: Decimal::new(995, 1),
            terms: bearing(rate, frequency, "30/360", dated, maturity),
        },
    )
}

/// What bonds and loans have in common.
fn bearing(rate: &str, frequency: &str, day_count: &str, dated: &str, maturity: &str) -> Value {
    json!({
        "coupon_rate": rate,
        "coupon_frequency": frequency,
        "day_count": day_count,
        "dated_date": dated,
        "maturity_date": maturity,
    })
}

fn other_bonds() -> impl Iterator<Item = Sketch> {
    let linked = [
        (
            "DEG",
            "ILB_2033",
            "Germany inflation-linked 0.10 % 2033",
            "EUR",
            "0.001",
            "annually",
            "2021-02-11",
            "2033-04-15",
        ),
        (
            "USG",
            "TIPS_2032",
            "US Treasury TIPS 0.625 % 2032",
            "USD",
            "0.00625",
            "semiannually",
            "2017-07-15",
            "2032-07-15",
        ),
        (
            "GBG",
            "ILG_2035",
            "Index-linked gilt 0.75 % 2035",
            "GBP",
            "0.0075",
            "semiannually",
            "2018-11-22",
            "2035-11-22",
        ),
    ]
    .into_iter()
    .map(
        |(issuer, asset, name, currency, rate, frequency, dated, maturity)| Sketch {
            kind: InstrumentType::IndexLinkedBond,
            issuer,
            asset,
            name,
            currency,
            class: ("fixed-income", "inflation-linked"),
            listing: None,
            price: Decimal::new(1012, 1),
            terms: bearing(rate, frequency, "actual/actual", dated, maturity),
        },
    );
    let zero = [
        ("DEG", "ZERO_2030", "Germany zero 2030", "EUR", "2030-08-15", 851),
        (
            "USG",
            "STRIP_2031",
            "US Treasury strip 2031",
            "USD",
            "2031-02-15",
            788,
        ),
    ]
    .into_iter()
    .map(|(issuer, asset, name, currency, maturity, price)| Sketch {
        kind: InstrumentType::ZeroCouponBond,
        issuer,
        asset,
        name,
        currency,
        class: ("fixed-income", "government-bonds"),
        listing: None,
        price: Decimal::new(price, 1),
        terms: json!({ "maturity_date": maturity }),
    });
    linked.chain(zero)
}

/// The leveraged-loan book.
fn loans() -> impl Iterator<Item = Sketch> {
    [
        (
            "AUR",
            "TLB_2029",
            "Aurelia Packaging Term Loan B 2029",
            "USD",
            "0.0835",
            "sofr",
            "0.0325",
            "2022-06-30",
            "2029-06-30",
            991,
        ),
        (
            "CAS",
            "TLB_2030",
            "Cascade Software Term Loan B 2030",
            "USD",
            "0.0785",
            "sofr",
            "0.0275",
            "2023-03-31",
            "2030-03-31",
            998,
        ),
        (
            "BLU",
            "TLB_2028",
            "Blueridge Health Term Loan B 2028",
            "USD",
            "0.0860",
            "sofr",
            "0.0350",
            "2021-09-30",
            "2028-09-30",
            974,
        ),
        (
            "TER",
            "TLB_2031",
            "Terranova Foods Term Loan B 2031",
            "USD",
            "0.0810",
            "sofr",
            "0.0300",
            "2024-03-31",
            "2031-03-31",
            1001,
        ),
        (
            "KIN",
            "TLA_2030",
            "Kingsway Leisure Term Loan A 2030",
            "GBP",
            "0.0795",
            "sonia",
            "0.0350",
            "2024-06-30",
            "2030-06-30",
            966,
        ),
        (
            "MED",
            "TLB_2030",
            "Medianus Diagnostics Term Loan B 2030",
            "EUR",
            "0.0640",
            "euribor",
            "0.0375",
            "2023-06-30",
            "2030-06-30",
            985,
        ),
        (
            "ORB",
            "TLB_2031",
            "Orbis Telecom Term Loan B 2031",
            "EUR",
            "0.0615",
            "euribor",
            "0.0350",
            "2024-09-30",
            "2031-09-30",
            993,
        ),
    ]
    .into_iter()
    .map(
        |(issuer, asset, name, currency, rate, reference, margin, dated, maturity, price)| {
            let mut terms = bearing(rate, "quarterly", "actual/360", dated, maturity);
            terms["reference_rate"] = reference.into();
            terms["margin"] = margin.into();
            terms["amortisation"] = "0.01".into();
            Sketch {
                kind: InstrumentType::Loan,
                issuer,
                asset,
                name,
                currency,
                class: ("fixed-income", "leveraged-loans"),
                listing: None,
                price: Decimal::new(price, 1),
                terms,
            }
        },
    )
}

fn private_funds() -> impl Iterator<Item = Sketch> {
    [
        (
            "EQV",
            "BUYOUT_IV",
            "Equivest Buyout IV",
            "EUR",
            "buyout",
            "4000000",
            "2021-09-15",
            "leveraged_buyout",
            "Europe",
            2021,
        ),
        (
            "HAR",
            "CREDIT_II",
            "Harbour Street Direct Lending II",
            "USD",
            "private-debt",
            "3000000",
            "2022-03-01",
            "private_debt",
            "North America",
            2022,
        ),
        (
            "NOV",
            "SEED_III",
            "Novaterra Ventures III",
            "USD",
            "venture-capital",
            "1500000",
            "2021-11-30",
            "venture_capital",
            "Global",
            2021,
        ),
        (
            "EQV",
            "INFRA_I",
            "Equivest Nordic Infrastructure I",
            "EUR",
            "private-markets",
            "2500000",
            "2023-01-16",
            "other",
            "Nordics",
            2023,
        ),
    ]
    .into_iter()
    .map(
        |(issuer, asset, name, currency, class, commitment, since, strategy, region, vintage)| Sketch {
            kind: InstrumentType::PrivateMarketFund,
            issuer,
            asset,
            name,
            currency,
            class: ("private-markets", class),
            listing: None,
            price: Decimal::ONE,
            terms: json!({
                "commitment": commitment,
                "commitment_date": since,
                "manager": ISSUERS.iter().find(|(short, ..)| *short == issuer).map(|(_, name, ..)| name),
                "strategy": strategy,
                "region": region,
                "vintage": vintage,
            }),
        },
    )
}

fn derivatives() -> impl Iterator<Item = Sketch> {
    // The underlyings by their place among the stocks.
    let options = [
        (
            "CAS",
            "C250_2027",
            "Cascade Software call 250 Dec 2027",
            "USD",
            16,
            "call",
            "250",
            "2027-12-17",
            3_120,
        ),
        (
            "HUD",
            "P60_2027",
            "Hudson Bancorp put 60 Jun 2027",
            "USD",
            19,
            "put",
            "60",
            "2027-06-18",
            405,
        ),
        (
            "RHN",
            "C90_2027",
            "Rheinwerk call 90 Dec 2027",
            "EUR",
            11,
            "call",
            "90",
            "2027-12-17",
            640,
        ),
    ]
    .into_iter()
    .map(
        |(issuer, asset, name, currency, underlying, right, strike, expiry, cents)| {
            let underlying: contract::ids::InstrumentId = object(Kind::Instrument, underlying);
            Sketch {
                kind: InstrumentType::Option,
                issuer,
                asset,
                name,
                currency,
                class: ("derivatives", "options"),
                listing: None,
                price: Decimal::new(cents, 2),
                terms: json!({
                    "underlying_id": underlying,
                    "right": right,
                    "strike": strike,
                    "expiry": expiry,
                    "multiplier": "100",
                }),
            }
        },
    );
    let forwards = [
        (
            "FWD_EURUSD_2027",
            "EUR/USD forward Jun 2027",
            "EUR",
            "USD",
            "500000",
            "1.1425",
            "2027-06-16",
        ),
        (
            "FWD_EURDKK_2027",
            "EUR/DKK forward Mar 2027",
            "EUR",
            "DKK",
            "1000000",
            "7.4560",
            "2027-03-17",
        ),
        (
            "FWD_GBPUSD_2026",
            "GBP/USD forward Dec 2026",
            "GBP",
            "USD",
            "250000",
            "1.3180",
            "2026-12-16",
        ),
    ]
    .into_iter()
    .map(|(asset, name, base, quote, notional, rate, settlement)| Sketch {
        kind: InstrumentType::FxForward,
        issuer: "",
        asset,
        name,
        currency: quote,
        class: ("derivatives", "fx-forwards"),
        listing: None,
        price: Decimal::ONE,
        terms: json!({
            "base_currency": base,
            "quote_currency": quote,
            "notional": notional,
            "forward_rate": rate,
            "settlement_date": settlement,
        }),
    });
    options.chain(forwards)
}

fn money() -> impl Iterator<Item = Sketch> {
    [
        ("CASH_EUR", "Cash EUR", "EUR"),
        ("CASH_USD", "Cash USD", "USD"),
        ("CASH_DKK", "Cash DKK", "DKK"),
        ("CASH_CHF", "Cash CHF", "CHF"),
        ("CASH_GBP", "Cash GBP", "GBP"),
    ]
    .into_iter()
    .map(|(asset, name, currency)| Sketch {
        kind: InstrumentType::Cash,
        issuer: "",
        asset,
        name,
        currency,
        class: ("cash", ""),
        listing: None,
        price: Decimal::ONE,
        terms: json!({}),
    })
}
