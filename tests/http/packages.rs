//! Releases as data packages: every number of the release and no other, the same bytes each time, and a description that holds.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use actix_web::body::to_bytes;
use actix_web::http::Method;
use actix_web::test::TestRequest;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use khi::use_cases::{Frozen, package_release, withdraw_release};

use super::releases::{publish, send};
use super::support::{Client, World, on_both, response, scheme};

const LATEST: &str = "/api/v1/exports/latest.zip";

/// A package as it comes: its archive, and the files in it.
struct Taken {
    bytes: Vec<u8>,
    headers: BTreeMap<String, String>,
    files: BTreeMap<String, Vec<u8>>,
}

type Line = BTreeMap<String, String>;

impl Taken {
    fn json(&self, name: &str) -> Value {
        serde_json::from_slice(&self.files[name]).expect("JSON")
    }

    fn rows(&self, table: &str) -> Vec<Line> {
        let mut reader = csv::Reader::from_reader(&*self.files[&format!("{table}.csv")]);
        let names: Vec<String> = reader.headers().expect("names").iter().map(str::to_owned).collect();
        let line = |record: csv::StringRecord| {
            names.iter().cloned().zip(record.iter().map(str::to_owned)).collect::<Line>()
        };
        reader.records().map(|record| line(record.expect("a row"))).collect()
    }
}

async fn take(world: &World, path: &str) -> Taken {
    let response = (world.service().await)(TestRequest::with_uri(path)).await;
    assert_eq!(response.status().as_u16(), 200, "{path}");
    let headers = response
        .headers()
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().to_owned()))
        .collect();
    let bytes = to_bytes(response.into_body()).await.expect("it comes whole").to_vec();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&bytes)).expect("an archive");
    let mut files = BTreeMap::new();
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).expect("a file");
        let mut content = Vec::new();
        file.read_to_end(&mut content).expect("its content");
        files.insert(file.name().expect("a name").into_owned(), content);
    }
    Taken { bytes, headers, files }
}

/// Four schemes with answers and returns; the first is called what a spreadsheet would work out.
async fn filled(world: &World) -> Client<'_> {
    let national = world.national().await;
    let schemes = [
        ("leeds", "E08000035", 60),
        ("york", "E06000014", 50),
        ("barnet", "E09000003", 12),
        ("cardiff", "W06000015", 30),
    ];
    for (index, (name, council, people)) in schemes.into_iter().enumerate() {
        let id = format!("{name}-shared-lives");
        let mut new = scheme(&id, council);
        if index == 0 {
            new["name"] = json!("=2+3");
        }
        national.post("/api/v1/schemes", &new).await.expect(201);
        send(&national, &id, people, people / 2, people / 5).await;
        for quarter in ["2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2"] {
            let values = json!({"values": [{"kpi": "shared-lives-people", "numerator": 40 + index}]});
            national.put(&format!("/api/v1/schemes/{id}/returns/{quarter}"), &values).await.expect(201);
        }
    }
    national
}

/// The numbers in a JSON value, as they add up to a cell: those of the levels of intervals are the same everywhere.
fn numbers(value: &Value, found: &mut Vec<f64>) {
    match value {
        Value::Number(number) => found.push(number.as_f64().expect("a number")),
        Value::Array(list) => list.iter().for_each(|v| numbers(v, found)),
        Value::Object(map) => {
            map.iter().filter(|(key, _)| *key != "level").for_each(|(_, v)| numbers(v, found));
        }
        _ => {}
    }
}

fn sorted(mut all: Vec<f64>) -> Vec<f64> {
    all.sort_by(f64::total_cmp);
    all
}

/// The numbers of a row, by what the description says of its fields; without the number of the cell.
fn numbers_of(description: &Value, table: &str, row: &Line) -> Vec<f64> {
    let resources = description["resources"].as_array().expect("resources");
    let resource = resources.iter().find(|r| r["name"] == table).expect(table);
    let fields = resource["schema"]["fields"].as_array().expect("fields");
    let numeric = fields.iter().filter(|f| f["type"] == "integer" || f["type"] == "number");
    let cells = numeric.map(|f| f["name"].as_str().expect("a name")).filter(|name| *name != "cell");
    cells.filter_map(|name| row[name].parse().ok()).collect()
}

#[test]
fn every_number_of_a_package_stands_in_the_release_and_none_is_left_out() {
    on_both(|world| async move {
        filled(&world).await;
        let id = publish(&world, "12m-2026-Q2").await;
        let release = world.stranger().get(&format!("/api/v1/releases/{id}")).await.expect(200).json();
        let package = take(&world, &format!("/api/v1/exports/{id}.zip")).await;
        let description = package.json("datapackage.json");
        let cells = release["cells"].as_array().expect("cells");
        let (khi, answers, ascof) = (package.rows("khi"), package.rows("answers"), package.rows("ascof"));
        assert_eq!(khi.len(), cells.len());
        assert!(answers.len() > 5 && ascof.len() > 100, "{} {}", answers.len(), ascof.len());
        let shown = khi.iter().filter(|row| row["status"] == "shown").count();
        let hidden = khi.iter().filter(|row| row["status"] != "shown").count();
        assert!(shown > 5 && hidden > 20, "{shown} shown, {hidden} not");
        for (index, (row, cell)) in khi.iter().zip(cells).enumerate() {
            let number = (index + 1).to_string();
            assert_eq!(row["cell"], number);
            let spread = answers.iter().filter(|answer| answer["cell"] == number);
            let mut written = numbers_of(&description, "khi", row);
            written.extend(spread.flat_map(|answer| numbers_of(&description, "answers", answer)));
            let mut printed = Vec::new();
            numbers(cell, &mut printed);
            assert_eq!(sorted(written), sorted(printed.clone()), "cell {number}: {cell}");
            let code = cell["place"]["code"].as_str().expect("a code");
            let place = if cell["place"]["level"] == "scheme" { "scheme" } else { "area" };
            assert_eq!(row[place], code);
            for (name, path) in [
                ("indicator", "/indicator"),
                ("series", "/series"),
                ("model", "/model"),
                ("period", "/period"),
                ("status", "/status"),
                ("band", "/band"),
                ("merged_into", "/merged_into"),
                ("statement_en", "/statement/en"),
                ("statement_cy", "/statement/cy"),
            ] {
                let said = cell.pointer(path).and_then(Value::as_str).unwrap_or_default();
                assert_eq!(row[name], said, "cell {number}: {name}");
            }
            // The long form says the same of areas, and nothing of schemes.
            let long: BTreeMap<&str, &str> = ascof
                .iter()
                .filter(|row| row["cell"] == number)
                .map(|row| (row["measure_type"].as_str(), row["value"].as_str()))
                .collect();
            let pointed = |path: &str| cell.pointer(path).and_then(Value::as_f64);
            let expected: BTreeMap<&str, f64> = [
                ("numerator", pointed("/positive")),
                ("denominator", pointed("/n")),
                ("outcome", pointed("/percent").or(pointed("/mean"))),
                ("lower", pointed("/interval/low")),
                ("upper", pointed("/interval/high")),
            ]
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)))
            .collect();
            if place == "scheme" {
                assert!(long.is_empty(), "cell {number}");
            } else if expected.is_empty() {
                assert_eq!(long, BTreeMap::from([("outcome", "[c]")]), "cell {number}");
            } else {
                let long: BTreeMap<&str, f64> =
                    long.into_iter().map(|(name, value)| (name, value.parse().expect("a number"))).collect();
                assert_eq!(long, expected, "cell {number}");
            }
        }
        let kpis = package.rows("kpi");
        let printed = release["kpi_cells"].as_array().expect("KPIs");
        assert!(!kpis.is_empty());
        assert_eq!(kpis.len(), printed.len());
        for (row, cell) in kpis.iter().zip(printed) {
            let mut all = Vec::new();
            numbers(cell, &mut all);
            assert_eq!(sorted(numbers_of(&description, "kpi", row)), sorted(all), "{cell}");
            assert_eq!(
                (row["kpi"].as_str(), row["area"].as_str()),
                (cell["kpi"].as_str().expect("a KPI"), cell["place"]["code"].as_str().expect("a code"))
            );
        }
    });
}

#[test]
fn places_words_and_codes_are_those_of_the_release_and_formulas_are_inert() {
    on_both(|world| async move {
        filled(&world).await;
        publish(&world, "12m-2026-Q2").await;
        let package = take(&world, LATEST).await;
        let names: Vec<&str> = package.files.keys().map(String::as_str).collect();
        let expected = [
            "answers.csv",
            "areas.csv",
            "ascof.csv",
            "codebook.csv",
            "csv-metadata.json",
            "datapackage.json",
            "khi.csv",
            "kpi.csv",
            "questions.csv",
            "read-me.txt",
            "schemes.csv",
        ];
        assert_eq!(names, expected);
        let schemes = package.rows("schemes");
        let named: Vec<(&str, &str)> =
            schemes.iter().map(|row| (row["scheme"].as_str(), row["name"].as_str())).collect();
        assert!(named.contains(&("leeds-shared-lives", "'=2+3")), "{named:?}");
        assert!(package.rows("khi").iter().any(|row| row["place"] == "'=2+3"));
        // Nothing that a spreadsheet would run, in any cell of words.
        let description = package.json("datapackage.json");
        for resource in description["resources"].as_array().expect("resources") {
            let table = resource["name"].as_str().expect("a name");
            let fields = resource["schema"]["fields"].as_array().expect("fields");
            let words =
                fields.iter().filter(|f| f["type"] == "string").map(|f| f["name"].as_str().expect("a name"));
            let words: Vec<&str> = words.collect();
            for row in package.rows(table) {
                for name in &words {
                    assert!(
                        !row[*name].trim_start().starts_with(['=', '+', '-', '@']),
                        "{table} {name}: {}",
                        row[*name]
                    );
                }
            }
        }
        // Areas go up to the whole.
        let areas = package.rows("areas");
        let codes: BTreeSet<&str> = areas.iter().map(|row| row["code"].as_str()).collect();
        assert!(codes.contains("E08000035") && codes.contains("K02000001") && !codes.contains("S92000003"));
        assert!(areas.iter().all(|row| row["within"].is_empty() || codes.contains(row["within"].as_str())));
        let questions = package.rows("questions");
        let connected: Vec<&Line> = questions.iter().filter(|row| row["item"] == "connected").collect();
        assert!(
            connected[0]["words_en"].ends_with('?')
                && connected[0]["indicators"].contains("social-connection")
        );
        let better = connected.iter().find(|row| row["code"] == "better").expect("an answer");
        assert!(better["positive_for"].contains("social-connection") && !better["licence"].is_empty());
        assert!(
            questions.iter().all(|row| row["questionnaire"].starts_with("shared-lives")),
            "of these figures only"
        );
        let codebook = package.rows("codebook");
        let of = |id: &str| codebook.iter().find(|row| row["id"] == id).unwrap_or_else(|| panic!("{id}"));
        assert!(!of("indicator:social-connection")["title_cy"].is_empty());
        assert_eq!(of("kpi:shared-lives-people")["unit"], "people");
        for id in [
            "group:arrangement:live-in",
            "status:suppressed",
            "unit:people",
            "model:shared-lives",
            "left-out:proxy",
        ] {
            of(id);
        }
    });
}

#[test]
fn a_package_is_what_it_says_it_is() {
    on_both(|world| async move {
        filled(&world).await;
        publish(&world, "12m-2026-Q2").await;
        let package = take(&world, LATEST).await;
        let description = package.json("datapackage.json");
        assert_eq!(description["name"], "khi-12m-2026-q2-1");
        assert_eq!(description["licenses"][0]["name"], "OGL-UK-3.0");
        let web = package.json("csv-metadata.json");
        let resources = description["resources"].as_array().expect("resources");
        assert_eq!(resources.len(), 8);
        let columns = |table: &str, field: &str| -> BTreeSet<String> {
            package.rows(table).into_iter().map(|mut row| row.remove(field).expect("a field")).collect()
        };
        for (resource, table) in resources.iter().zip(web["tables"].as_array().expect("tables")) {
            let name = resource["name"].as_str().expect("a name");
            let bytes = &package.files[resource["path"].as_str().expect("a path")];
            assert_eq!(resource["bytes"], json!(bytes.len()), "{name}");
            let sum: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(resource["hash"], json!(format!("sha256:{sum}")), "{name}");
            assert_eq!(table["url"], resource["path"]);
            let schema = &resource["schema"];
            let names: Vec<&str> = schema["fields"]
                .as_array()
                .expect("fields")
                .iter()
                .filter_map(|f| f["name"].as_str())
                .collect();
            let head = bytes.split(|byte| *byte == b'\r').next().expect("a first line");
            assert_eq!(names.join(",").as_bytes(), head, "{name}");
            let described: Vec<&str> = table["tableSchema"]["columns"]
                .as_array()
                .expect("columns")
                .iter()
                .filter_map(|c| c["name"].as_str())
                .collect();
            assert_eq!(names, described, "{name}");
            let key: Vec<&str> =
                schema["primaryKey"].as_array().expect("a key").iter().filter_map(Value::as_str).collect();
            let rows = package.rows(name);
            let keys: BTreeSet<Vec<&str>> =
                rows.iter().map(|row| key.iter().map(|field| row[*field].as_str()).collect()).collect();
            assert_eq!(keys.len(), rows.len(), "{name}: each key once");
            for reference in schema["foreignKeys"].as_array().into_iter().flatten() {
                let field = reference["fields"][0].as_str().expect("a field");
                let to =
                    reference["reference"]["resource"].as_str().filter(|to| !to.is_empty()).unwrap_or(name);
                let known = columns(to, reference["reference"]["fields"][0].as_str().expect("a field"));
                let lost: Vec<String> = columns(name, field)
                    .into_iter()
                    .filter(|v| !v.is_empty() && !known.contains(v))
                    .collect();
                assert!(lost.is_empty(), "{name}.{field}: {lost:?}");
            }
        }
    });
}

#[test]
fn the_same_release_gives_the_same_bytes_and_who_has_them_is_not_sent_them_again() {
    on_both(|world| async move {
        let national = filled(&world).await;
        let first = publish(&world, "12m-2026-Q2").await;
        let path = format!("/api/v1/exports/{first}.zip");
        let package = take(&world, &path).await;
        assert_eq!(package.headers["content-type"], "application/zip");
        assert_eq!(package.headers["cache-control"], "public, max-age=60");
        assert_eq!(package.headers["content-disposition"], "attachment; filename=\"khi-12m-2026-q2-1.zip\"");
        let tag = package.headers["etag"].clone();
        let client = world.stranger();
        let again = client.send(Method::GET, &path, &[("If-None-Match", &tag)], None).await.expect(304);
        assert_eq!((again.text.as_str(), again.header("etag")), ("", Some(tag.as_str())));
        let head = client.send(Method::HEAD, &path, &[], None).await.expect(200);
        assert_eq!(
            (head.header("etag"), head.header("content-type")),
            (Some(tag.as_str()), Some("application/zip"))
        );

        // Figures move, time passes, another release takes its place, another process makes it: the same bytes.
        for person in 0..15 {
            let late = response("york-shared-lives", &format!("P-{person}"), "2026-05-11", "worse");
            national.submit(&format!("key-0123456789-late-{person:02}"), &late).await.expect(201);
        }
        world.set_time("2026-08-20T09:30:00Z");
        let second = publish(&world, "12m-2026-Q2").await;
        let other = world.another_process().await;
        assert!(take(&other, &path).await.bytes == package.bytes, "another process");
        let made = world.act(move |app| package_release(app, Some(&first))).await.expect("made");
        let Frozen::Here(made) = made else { panic!("it stands") };
        assert!(made.bytes == package.bytes, "made again");
        let next = take(&world, LATEST).await;
        assert_eq!(next.json("datapackage.json")["id"], json!(second));
        assert!(next.bytes != package.bytes);
    });
}

#[test]
fn what_is_unknown_or_withdrawn_is_not_given() {
    on_both(|world| async move {
        let client = world.stranger();
        for path in [LATEST, "/api/v1/exports/absent.zip", "/api/v1/exports/%00.zip"] {
            assert_eq!(client.get(path).await.expect(404).json()["code"], "unknown", "{path}");
        }
        filled(&world).await;
        let id = publish(&world, "12m-2026-Q2").await;
        let path = format!("/api/v1/exports/{id}.zip");
        let tag = take(&world, &path).await.headers["etag"].clone();
        client.post(&path, &json!({})).await.expect(405);
        world
            .act(move |app| withdraw_release(app, &id, "York had sent the answers of another year."))
            .await
            .expect("withdrawn");
        for headers in [vec![], vec![("If-None-Match", tag.as_str())]] {
            let gone = client.send(Method::GET, &path, &headers, None).await.expect(410).json();
            let said = gone["errors"][0]["detail"].as_str().expect("why");
            assert!(said.contains("York had sent the answers of another year."), "{said}");
        }
        client.get(LATEST).await.expect(404);
    });
}
