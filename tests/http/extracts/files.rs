//! Extracts as files: the archive and its manifest, and Parquet, read by others than who wrote them.

use std::io::{Cursor, Read};

use actix_web::web::Bytes;
use parquet::file::reader::{FileReader, SerializedFileReader};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{CSV, LEEDS, PARQUET, ZIP, begin, copy_response, rows, take};
use crate::support::{on_both, response};

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The files of an archive, in order.
fn unpacked(archive: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(archive)).expect("an archive");
    (0..archive.len())
        .map(|at| {
            let mut file = archive.by_index(at).expect("a file");
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).expect("it unpacks");
            (file.name().expect("a name").into_owned(), bytes)
        })
        .collect()
}

#[test]
fn an_archive_ends_with_what_proves_it_whole() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        national
            .submit("key-0123456789-a", &response(LEEDS, "P-1", "2026-07-14", "better"))
            .await
            .expect(201);
        copy_response(&world, 1200).await;
        let plain = take(&world, &national, CSV).await;
        for (data, more) in [("csv", ""), ("parquet", "&data=parquet")] {
            let begun = begin(&world, &national, &format!("{ZIP}{more}&from=2026-07-14")).await;
            assert_eq!(begun.headers["content-type"], "application/zip");
            assert_eq!(begun.headers["cache-control"], "no-store");
            assert_eq!(
                begun.headers["content-disposition"],
                "attachment; filename=\"khi-shared-lives-2026-07-20T090000Z.zip\""
            );
            let files = unpacked(&begun.rest().await.expect("it comes whole"));
            let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
            assert_eq!(names, [format!("responses.{data}").as_str(), "manifest.json"]);
            let (bytes, manifest) = (&files[0].1, &files[1].1);
            let manifest: Value = serde_json::from_slice(manifest).expect("JSON");
            assert_eq!(manifest["file"]["name"], names[0]);
            assert_eq!(manifest["file"]["bytes"], bytes.len());
            assert_eq!(manifest["file"]["sha256"], sha256(bytes));
            assert_eq!(manifest["rows"], 1201);
            assert_eq!(manifest["as_of"], "2026-07-20T09:00:00.000000Z");
            let asked =
                json!({"questionnaire": "shared-lives", "scheme": null, "from": "2026-07-14", "to": null});
            assert_eq!(manifest["asked"], asked);
            assert_eq!(
                (&manifest["versions"][0]["version"], &manifest["versions"][0]["rows"]),
                (&json!("1.0.0"), &json!(1201))
            );
            let reasons =
                ["skipped", "dont-know", "prefer-not-to-say", "not-applicable", "unreadable", "not-asked"];
            let told: Vec<&str> = manifest["reasons"]
                .as_array()
                .expect("reasons")
                .iter()
                .filter_map(|r| r["code"].as_str())
                .collect();
            assert_eq!(told, reasons);
            if data == "csv" {
                assert_eq!(bytes, &plain, "the same rows as by themselves");
                let head = plain.split(|byte| *byte == b'\r').next().expect("names");
                let columns = manifest["columns"].as_array().expect("columns");
                let names: Vec<&str> = columns.iter().filter_map(|c| c["name"].as_str()).collect();
                assert_eq!(names.join(",").as_bytes(), head);
                let column = |name: &str| columns.iter().find(|c| c["name"] == name).expect(name).clone();
                let connected = column("q_connected");
                assert_eq!((&connected["item"], &connected["type"]), (&json!("connected"), &json!("text")));
                assert_eq!(connected["reason"], "q_connected__missing");
                assert_eq!(connected["values"][0]["code"], "better");
                assert!(connected["words"].as_str().is_some_and(|words| words.ends_with('?')), "{connected}");
                assert_eq!(column("n_friends")["range"][0], 0);
                assert_eq!(column("s_lonely_when__evening")["values"][0]["versions"], json!(["1.0.0"]));
                assert!(!names.iter().any(|name| name.contains("one_thing")), "own words have no column");
            }
        }
    });
}

#[test]
fn parquet_holds_the_same_cells_as_csv() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        let mut body = response(LEEDS, "P-1", "2026-07-14", "better");
        body["answers"]["lonely"] = json!("often");
        body["answers"]["lonely-when"] = json!(["evening"]);
        body["answers"]["choose"] = json!({"missing": "dont-know"});
        national.submit("key-0123456789-a", &body).await.expect(201);
        // More than one page, and not a whole group.
        copy_response(&world, 700).await;
        let csv = rows(&take(&world, &national, CSV).await);
        let file =
            SerializedFileReader::new(Bytes::from(take(&world, &national, PARQUET).await)).expect("Parquet");
        let facts = file.metadata().file_metadata();
        assert_eq!(facts.num_rows(), 701);
        let said =
            facts.key_value_metadata().expect("what is said of it").iter().find(|pair| pair.key == "khi");
        let manifest: Value =
            serde_json::from_str(said.and_then(|pair| pair.value.as_deref()).expect("a manifest"))
                .expect("JSON");
        assert_eq!((&manifest["rows"], manifest.get("file")), (&json!(701), None));
        assert_eq!(manifest["columns"].as_array().map(Vec::len), Some(csv[0].len()));
        let mut read = 0;
        for (row, expected) in file.get_row_iter(None).expect("rows").zip(&csv) {
            for (name, field) in row.expect("a row").get_column_iter() {
                let shown = match field {
                    parquet::record::Field::Null => String::new(),
                    parquet::record::Field::Bool(flag) => u8::from(*flag).to_string(),
                    parquet::record::Field::Str(text) => text.clone(),
                    parquet::record::Field::Int(number) => number.to_string(),
                    parquet::record::Field::Date(days) => {
                        let day = chrono::NaiveDate::default() + chrono::TimeDelta::days(i64::from(*days));
                        day.to_string()
                    }
                    parquet::record::Field::TimestampMicros(at) => {
                        let at = chrono::DateTime::from_timestamp_micros(*at).expect("a moment");
                        at.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
                    }
                    other => panic!("{name}: {other:?}"),
                };
                assert_eq!(shown, expected[name], "{name}");
            }
            read += 1;
        }
        assert_eq!(read, 701);
    });
}
