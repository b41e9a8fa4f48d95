//! What is in the files: the same as in the API's own lists, however it is written.

use super::{fetch, made, order, text};
use crate::harness::{Developer, Portal};
use bytes::Bytes;
use contract::demo;
use parquet::{
    file::reader::{FileReader, SerializedFileReader},
    record::Field,
};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

/// Every row of a list.
async fn walk(developer: &Developer, path: &str) -> Vec<Map<String, Value>> {
    let (mut rows, mut cursor) = (Vec::new(), String::new());
    let sign = if path.contains('?') { '&' } else { '?' };
    loop {
        let page = developer
            .get(&format!("{path}{sign}limit=100{cursor}"))
            .await
            .expect(200)
            .json();
        for row in page["data"].as_array().expect("rows") {
            rows.push(row.as_object().expect("a row").clone());
        }
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return rows,
        }
    }
}

fn lines(text: &str) -> Vec<Map<String, Value>> {
    text.lines()
        .map(|line| serde_json::from_str(line).expect("a JSON object"))
        .collect()
}

/// The members of `of` alone, in its order.
fn only(row: &Map<String, Value>, of: &Map<String, Value>) -> Map<String, Value> {
    of.keys()
        .map(|name| (name.clone(), row.get(name).cloned().unwrap_or_default()))
        .collect()
}

#[tokio::test]
async fn lines_of_json_are_the_rows_of_the_lists() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let entity = json!({ "reporting_entity_id": demo::REPORTING_ENTITY });
    let of_entity = format!("/v1/reporting-entities/{}", demo::REPORTING_ENTITY);
    for (dataset, filters, path) in [
        (
            "transactions",
            entity.clone(),
            format!("{of_entity}/transactions"),
        ),
        (
            "transactions",
            json!({ "type": "capital_call" }),
            "/v1/transactions?type=capital_call".to_owned(),
        ),
        (
            "positions",
            json!({ "status": "all" }),
            "/v1/positions?status=all".to_owned(),
        ),
        (
            "cashflows",
            json!({ "portfolio_id": demo::PORTFOLIO, "from": "2026-01-01" }),
            format!(
                "/v1/cashflows?status=all&portfolio_id={}&from=2026-01-01",
                demo::PORTFOLIO
            ),
        ),
        ("holdings", entity, format!("{of_entity}/holdings")),
    ] {
        let extract = made(&developer, order(dataset, "ndjson", filters)).await;
        let written = lines(&text(&developer, &extract).await);
        let mut listed = walk(&developer, &path).await;
        assert!(!written.is_empty(), "{dataset}");
        for row in &mut listed {
            if dataset == "holdings" {
                row.insert("reporting_entity_id".to_owned(), json!(demo::REPORTING_ENTITY));
            }
            *row = only(row, &written[0]);
        }
        assert_eq!(written, listed, "{dataset}");
        assert_eq!(extract["row_count"], written.len());
        assert_eq!(extract["progress"]["rows_done"], written.len());
    }
}

#[tokio::test]
async fn performance_is_written_day_by_day() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let filters =
        json!({ "reporting_entity_id": demo::REPORTING_ENTITY, "currency": "USD", "from": "2026-01-01" });
    let mut body = order("performance", "ndjson", filters);
    body["as_of"] = json!("2026-03-31");
    let extract = made(&developer, body).await;
    let written = lines(&text(&developer, &extract).await);
    let path = format!(
        "/v1/reporting-entities/{}/performance?from=2026-01-01&to=2026-03-31&currency=USD",
        demo::REPORTING_ENTITY
    );
    let shown = developer.get(&path).await.expect(200).json();
    let series = shown["series"].as_array().expect("days");
    assert_eq!(written.len(), 90);
    for (row, day) in written.iter().zip(series) {
        let day = day.as_object().expect("a day");
        assert_eq!(only(row, day), *day);
        assert_eq!(
            (&row["reporting_entity_id"], &row["currency"]),
            (&json!(demo::REPORTING_ENTITY), &json!("USD"))
        );
    }
}

/// The cells of a CSV file, read as RFC 4180 has it.
fn cells(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                cell.push('"');
                letters.next();
            }
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut cell)),
            '\r' if !quoted => {
                assert_eq!(letters.next(), Some('\n'));
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            letter => cell.push(letter),
        }
    }
    assert!(row.is_empty() && cell.is_empty(), "the last line ends");
    rows
}

/// A member as a cell of CSV.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(ids) => ids.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}

/// A member as a cell of Parquet, written out.
fn field(value: &Field) -> String {
    match value {
        Field::Null => String::new(),
        Field::Str(text) => text.clone(),
        Field::Bool(flag) => flag.to_string(),
        Field::Date(days) => jiff::civil::date(1970, 1, 1)
            .checked_add(jiff::Span::new().days(*days))
            .expect("a day")
            .to_string(),
        Field::TimestampMillis(millis) => contract::Timestamp::from_millis(*millis).to_string(),
        Field::Decimal(decimal) => {
            let bytes: [u8; 16] = decimal.data().try_into().expect("sixteen bytes");
            let scale = u32::try_from(decimal.scale()).expect("a scale");
            let value = rust_decimal::Decimal::from_i128_with_scale(i128::from_be_bytes(bytes), scale);
            value.normalize().to_string()
        }
        other => panic!("an unexpected cell: {other:?}"),
    }
}

/// The same cell with figures written alike.
fn plain(cell: &str) -> String {
    match cell.parse::<rust_decimal::Decimal>() {
        Ok(figure) => figure.normalize().to_string(),
        Err(_) => cell.to_owned(),
    }
}

#[tokio::test]
async fn every_format_holds_the_same_table() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let deposit = json!({
        "type": "deposit", "account_id": demo::ACCOUNT, "trade_date": "2026-06-30", "amount": "12.5",
        "comment": "said \"keep\", then left"
    });
    developer.post("/v1/transactions", deposit).await.expect(201);
    for dataset in [
        "transactions",
        "positions",
        "cashflows",
        "holdings",
        "performance",
    ] {
        let json = made(&developer, order(dataset, "ndjson", json!({}))).await;
        let rows = lines(&text(&developer, &json).await);
        let csv = made(&developer, order(dataset, "csv", json!({}))).await;
        let mut table = cells(&text(&developer, &csv).await);
        let header = table.remove(0);
        assert_eq!(header, rows[0].keys().cloned().collect::<Vec<_>>());
        let wanted: Vec<Vec<String>> = rows.iter().map(|row| row.values().map(cell).collect()).collect();
        assert_eq!(table, wanted, "{dataset}");
        let parquet = made(&developer, order(dataset, "parquet", json!({}))).await;
        let bytes = fetch(&developer, &parquet, &[])
            .await
            .bytes()
            .await
            .expect("a file");
        let read: Vec<Vec<String>> = columnar(bytes, &header);
        let wanted: Vec<Vec<String>> = wanted
            .iter()
            .map(|row| row.iter().map(|cell| plain(cell)).collect())
            .collect();
        assert_eq!(read, wanted, "{dataset}");
    }
}

fn columnar(bytes: Bytes, header: &[String]) -> Vec<Vec<String>> {
    let reader = SerializedFileReader::new(bytes).expect("a Parquet file");
    let schema = reader.metadata().file_metadata().schema_descr();
    let names: Vec<_> = schema
        .columns()
        .iter()
        .map(|column| column.name().to_owned())
        .collect();
    assert_eq!(names, header);
    reader
        .get_row_iter(None)
        .expect("rows")
        .map(|row| {
            let row = row.expect("a row");
            row.get_column_iter()
                .map(|(_, value)| plain(&field(value)))
                .collect()
        })
        .collect()
}

#[tokio::test]
async fn a_file_is_fetched_whole_or_in_part_without_a_token() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let extract = made(&developer, order("positions", "csv", json!({}))).await;
    let response = fetch(&developer, &extract, &[("accept-encoding", "gzip, br")]).await;
    let header = |response: &reqwest::Response, name: &str| {
        let value = response.headers().get(name);
        value
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_owned()
    };
    let tag = header(&response, "etag");
    assert_eq!(header(&response, "accept-ranges"), "bytes");
    assert_eq!(header(&response, "content-encoding"), "");
    assert_eq!(
        header(&response, "content-type"),
        "text/csv; charset=utf-8; header=present"
    );
    assert!(header(&response, "content-disposition").starts_with("attachment; filename=\"positions-"));
    let whole = response.bytes().await.expect("a file");
    let digest = hex::encode(Sha256::digest(&whole));
    assert_eq!(extract["sha256"], digest);
    assert_eq!(extract["size_bytes"], whole.len());
    assert_eq!(tag, format!("\"{digest}\""));

    let size = whole.len();
    let last = format!("bytes={}-", size - 10);
    for (range, status, bytes) in [
        ("bytes=0-99", 206, &whole[..100]),
        ("bytes=-10", 206, &whole[size - 10..]),
        (last.as_str(), 206, &whole[size - 10..]),
        ("bytes=0-1,4-5", 200, &whole[..]),
    ] {
        let part = fetch(&developer, &extract, &[("range", range), ("if-range", &tag)]).await;
        assert_eq!(part.status(), status, "{range}");
        assert_eq!(part.bytes().await.expect("a part"), bytes, "{range}");
    }
    let part = fetch(&developer, &extract, &[("range", "bytes=0-99")]).await;
    assert_eq!(header(&part, "content-range"), format!("bytes 0-99/{size}"));
    assert_eq!(header(&part, "content-length"), "100");
    let other = fetch(
        &developer,
        &extract,
        &[("range", "bytes=0-99"), ("if-range", "\"other\"")],
    )
    .await;
    assert_eq!(other.status(), 200);
    let behind = fetch(&developer, &extract, &[("range", "bytes=999999999-")]).await;
    assert_eq!(behind.status(), 416);
    assert_eq!(header(&behind, "content-range"), format!("bytes */{size}"));
    assert_eq!(header(&behind, "content-type"), "application/problem+json");
    let known = fetch(&developer, &extract, &[("if-none-match", &tag)]).await;
    assert_eq!((known.status().as_u16(), header(&known, "etag")), (304, tag));
    let link = extract["download_url"].as_str().expect("a link");
    let head = developer.client.http.head(link).send().await.expect("a response");
    assert_eq!(
        (head.status().as_u16(), header(&head, "content-length")),
        (200, size.to_string())
    );
}

#[tokio::test]
async fn a_link_that_was_changed_opens_nothing() {
    let portal = Portal::new().await;
    let (developer, stranger) = (portal.sandbox().await, portal.sandbox().await);
    let extract = made(&developer, order("positions", "csv", json!({}))).await;
    let theirs = made(&stranger, order("positions", "csv", json!({}))).await;
    let link = extract["download_url"].as_str().expect("a link");
    let id = |extract: &Value| extract["id"].as_str().expect("an id").to_owned();
    let reversed: String = {
        let (rest, signature) = link.rsplit_once('=').expect("a signature");
        format!("{rest}={}", signature.chars().rev().collect::<String>())
    };
    for changed in [
        reversed,
        link.replace("expires=1", "expires=2"),
        link.replace("epoch=1", "epoch=2"),
        link.replace(&developer.sandbox, &stranger.sandbox),
        link.replace(&id(&extract), &id(&theirs)),
        link.split('?').next().unwrap_or_default().to_owned(),
        format!("{link}&more=1"),
    ] {
        assert_ne!(changed, link);
        let refused = developer
            .client
            .http
            .get(&changed)
            .send()
            .await
            .expect("a response");
        assert_eq!(refused.status(), 404, "{changed}");
        let problem: Value = refused.json().await.expect("a problem");
        assert!(
            problem["type"]
                .as_str()
                .is_some_and(|kind| kind.ends_with("#not-found"))
        );
    }
    let put = developer.client.http.put(link).send().await.expect("a response");
    assert_eq!(put.status(), 405);
}
