//! Returns as a table: handed out, filled in, tried, sent in and corrected; and every fault by row, column and rule.

use std::io::Cursor;

use actix_web::http::Method;
use calamine::{Data, Reader as _, Xlsx};
use rust_xlsxwriter::{Format, Workbook};
use serde_json::{Value, json};

use super::super::support::{Client, Reply, World, on_both, scheme};
use super::{scheme_of, value};
use khi::domain::access::Role;

const CSV: &str = "text/csv";
const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const ENTERPRISE: &str = "/api/v1/schemes/leeds-enterprise";

/// A table as it stands in a file.
type Grid = Vec<Vec<String>>;

async fn download(world: &World, client: &Client<'_>, path: &str) -> Vec<u8> {
    let service = world.service().await;
    let request = actix_web::test::TestRequest::with_uri(path)
        .insert_header(("Authorization", format!("Bearer {}", client.token())));
    let response = service(request).await;
    assert_eq!(response.status(), 200, "{path}");
    actix_web::test::read_body(response).await.to_vec()
}

fn read(bytes: &[u8], format: &str) -> Grid {
    if format == "csv" {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").expect("its mark");
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
        return reader.records().map(|r| r.expect("a row").iter().map(str::to_owned).collect()).collect();
    }
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
    let formulas = book.worksheet_formula("Returns").expect("the sheet");
    assert!(formulas.used_cells().all(|(.., formula)| formula.is_empty()), "nothing is worked out");
    let range = book.worksheet_range("Returns").expect("the sheet");
    let cell = |cell: &Data| match cell {
        Data::Empty => String::new(),
        Data::String(text) => text.clone(),
        other => panic!("{other:?} is not text"),
    };
    range.rows().map(|row| row.iter().map(cell).collect()).collect()
}

fn write(grid: &Grid, format: &str) -> Vec<u8> {
    if format == "csv" {
        let mut writer = csv::Writer::from_writer(Vec::new());
        grid.iter().for_each(|row| writer.write_record(row).expect("a row"));
        return writer.into_inner().expect("written");
    }
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (line, row) in (0_u32..).zip(grid) {
        for (column, words) in (0_u16..).zip(row) {
            match words.parse::<f64>() {
                Ok(number) => sheet.write_number(line, column, number),
                Err(_) => sheet.write_string(line, column, words),
            }
            .expect("a cell");
        }
    }
    book.save_to_buffer().expect("a workbook")
}

fn media(format: &str) -> &'static str {
    if format == "csv" { CSV } else { WORKBOOK }
}

async fn send(client: &Client<'_>, path: &str, media: &str, body: Vec<u8>) -> Reply {
    client.send(Method::POST, path, &[("Content-Type", media)], Some(body)).await
}

/// The row of a figure, and the column with a heading.
fn at<'g>(grid: &'g mut Grid, sender: &str, kpi: &str, heading: &str) -> &'g mut String {
    let column = |grid: &Grid, heading: &str| grid[1].iter().position(|h| h == heading).expect("a heading");
    let (by, figure, wanted) = (column(grid, "Sent by"), column(grid, "Figure"), column(grid, heading));
    let row = grid.iter_mut().find(|row| row[by] == sender && row[figure] == kpi);
    row.and_then(|row| row.get_mut(wanted)).unwrap_or_else(|| panic!("{sender} {kpi} {heading}"))
}

async fn enterprise(national: &Client<'_>) {
    let mut enterprise =
        scheme_of("leeds-enterprise", "community-enterprise", &[("E08000035", "2020-04-01", None)]);
    enterprise["units"] = json!([
        {"id": "garden", "name": "=cmd|' /C calc'!A1", "from": "2024-01-01", "to": null},
        {"id": "kitchen", "name": "Kitchen", "from": "2024-01-01", "to": null},
    ]);
    national.post("/api/v1/schemes", &enterprise).await.expect(201);
}

#[test]
fn a_table_is_handed_out_filled_in_tried_sent_in_and_corrected() {
    for format in ["csv", "xlsx"] {
        on_both(|world| async move {
            let national = world.national().await;
            enterprise(&national).await;
            let lead = world.signed_in(Role::SchemeLead(world.number("leeds-enterprise"))).await;
            let people = json!({"values": [value("community-enterprise-people", 10.0, None)]});
            lead.put(&format!("{ENTERPRISE}/units/garden/returns/2026-Q1"), &people).await.expect(201);
            let draft = json!({"state": "draft", "values": [value("community-enterprises", 5.0, None)]});
            lead.put(&format!("{ENTERPRISE}/returns/2026-Q2"), &draft).await.expect(201);
            let draft = json!({"state": "draft", "values": [{"kpi": "community-enterprise-people", "numerator": "=1+1"}]});
            lead.put(&format!("{ENTERPRISE}/units/garden/returns/2026-Q2"), &draft).await.expect(201);

            // One row for each figure that is asked, with what is known; and nothing in it is alive.
            let template = format!("{ENTERPRISE}/returns/template?period=2026-Q2&format={format}");
            let mut grid = read(&download(&world, &lead, &template).await, format);
            assert_eq!(grid.len(), 2 + 3 + 2 * 2, "{grid:?}");
            assert_eq!(at(&mut grid, "scheme", "community-enterprises", "Numerator"), "5", "drafted");
            assert_eq!(at(&mut grid, "garden", "community-enterprise-people", "Last numerator"), "10");
            assert_eq!(at(&mut grid, "kitchen", "community-enterprise-people", "Last numerator"), "");
            assert_eq!(at(&mut grid, "garden", "community-enterprise-people", "Numerator"), "'=1+1");
            assert_eq!(at(&mut grid, "garden", "community-enterprise-hours", "Name"), "'=cmd|' /C calc'!A1");
            let alive = grid.iter().flatten().find(|c| c.starts_with(['=', '+', '-', '@', '\t', '\r']));
            assert_eq!(alive, None);
            assert_eq!(at(&mut grid, "garden", "community-enterprise-people", "Council name"), "Leeds");

            // Tried as it is: half a formula is no number, and nothing changes.
            let import = format!("{ENTERPRISE}/returns/import");
            let dry = format!("{import}?dry_run=true");
            let tried = send(&lead, &dry, media(format), write(&grid, format)).await.expect(200).json();
            let told = (&tried["faults"][0]["pointer"], &tried["faults"][0]["code"]);
            assert_eq!(told, (&json!("/6/Numerator"), &json!("not-a-number")), "{tried}");
            let refused = send(&lead, &import, media(format), write(&grid, format)).await.expect(422);
            assert_eq!(refused.faults(), [("/6/Numerator".into(), "not-a-number".into())]);

            // Filled in, and tried: what would be new is listed, and still nothing changes.
            *at(&mut grid, "garden", "community-enterprise-people", "Numerator") = "12".into();
            *at(&mut grid, "scheme", "community-enterprises-started", "Numerator") = "2".into();
            let tried = send(&lead, &dry, media(format), write(&grid, format)).await.expect(200).json();
            let counts = |r: &Value| {
                ["rows", "added", "corrected", "same", "removed", "empty"]
                    .map(|key| r[key].as_i64().expect(key))
            };
            assert_eq!(counts(&tried), [7, 3, 0, 0, 0, 4], "{tried}");
            assert_eq!(
                tried["returns"],
                json!([
                    {"unit": null, "period": "2026-Q2", "change": "submitted", "ends_draft": true, "figures": 2},
                    {"unit": "garden", "period": "2026-Q2", "change": "submitted", "ends_draft": true, "figures": 1},
                ])
            );
            let own = format!("{ENTERPRISE}/returns/2026-Q2");
            assert_eq!(lead.get(&own).await.json()["status"], "draft", "a dry run changes nothing");

            // Sent in; once more is nothing new.
            let done = send(&lead, &import, media(format), write(&grid, format)).await.expect(200).json();
            assert_eq!((&done["dry_run"], counts(&done)), (&json!(false), counts(&tried)));
            let stored = lead.get(&own).await.json();
            assert_eq!((&stored["status"], &stored["draft"]), (&json!("submitted"), &json!(null)));
            assert_eq!(stored["values"].as_array().map(Vec::len), Some(2), "{stored}");
            let kitchen = lead.get(&format!("{ENTERPRISE}/units/kitchen/returns/2026-Q2")).await.json();
            assert_eq!(kitchen["status"], "missing", "an empty cell is missing, and not 0");
            let again = send(&lead, &import, media(format), write(&grid, format)).await.expect(200).json();
            assert_eq!((counts(&again), &again["returns"]), ([7, 0, 0, 3, 0, 4], &json!([])));
            assert_eq!(lead.get(&own).await.json()["revision"], stored["revision"]);

            // Handed out again, corrected, and one figure taken out.
            let mut grid = read(&download(&world, &lead, &template).await, format);
            assert_eq!(at(&mut grid, "garden", "community-enterprise-people", "Numerator"), "12");
            *at(&mut grid, "garden", "community-enterprise-people", "Numerator") = "13.5".into();
            at(&mut grid, "scheme", "community-enterprises-started", "Numerator").clear();
            let tried = send(&lead, &dry, media(format), write(&grid, format)).await.expect(200).json();
            assert_eq!(counts(&tried), [7, 0, 1, 1, 1, 4]);
            let figures = tried["figures"].as_array().expect("a list");
            let corrected = figures.iter().find(|f| f["change"] == "corrected").expect("one");
            assert_eq!(
                corrected,
                &json!({"row": 6, "unit": "garden", "period": "2026-Q2", "kpi": "community-enterprise-people",
                    "council": "E08000035", "change": "corrected", "before": {"numerator": 12, "denominator": null},
                    "after": {"numerator": 13.5, "denominator": null}})
            );
            let removed = figures.iter().find(|f| f["change"] == "removed").expect("one");
            assert_eq!((&removed["before"]["numerator"], &removed["after"]), (&json!(2), &json!(null)));
            let seen = tried["seen"].as_str().expect("a text");
            let path = format!("{import}?note=Counted%20anew&seen={seen}");
            send(&lead, &path, media(format), write(&grid, format)).await.expect(200);
            let garden = lead.get(&format!("{ENTERPRISE}/units/garden/returns/2026-Q2")).await.json();
            let history = garden["history"].as_array().expect("a list");
            let told: Vec<_> =
                history.iter().map(|h| (h["act"].as_str(), h["superseded_by"].as_i64())).collect();
            assert_eq!(told, [(Some("submitted"), Some(3)), (Some("corrected"), None)]);
            assert_eq!(
                (&history[0]["values"][0]["numerator"], &history[1]["said"]),
                (&json!(12), &json!("Counted anew"))
            );
            assert_eq!(lead.get(&own).await.json()["values"].as_array().map(Vec::len), Some(1));
            // What was looked at is not what is there any more.
            assert_eq!(send(&lead, &path, media(format), write(&grid, format)).await.status, 412);
            let log = lead.get(&format!("{ENTERPRISE}/audit")).await.expect(200).text;
            assert_eq!(log.matches("return-sent").count(), 1 + 2 + 2, "{log}");
        });
    }
}

#[test]
fn every_fault_of_a_table_is_named_by_row_column_and_rule_and_nothing_changes() {
    on_both(|world| async move {
        let national = world.national().await;
        enterprise(&national).await;
        let councils = [("E08000035", "2020-04-01", None), ("E06000014", "2020-04-01", None)];
        national
            .post("/api/v1/schemes", &scheme_of("two-councils", "shared-lives", &councils))
            .await
            .expect(201);
        let cardiff = scheme_of("cardiff-shared-lives", "shared-lives", &[("W06000015", "2020-04-01", None)]);
        national.post("/api/v1/schemes", &cardiff).await.expect(201);
        let planted = "Period,Sent by,Council,Figure,Numerator,Denominator,Percent\n\
            2026-Q2,,Leeds,shared-lives-people,90%,,\n\
            2026-Q2,,York,shared-lives-people,,,90\n\
            2026-Q2,,Leeds,shared-lives-good,3,0,\n\
            2026-Q2,,York,shared-lives-good,3,2,\n\
            2026-Q2,,Leeds,ae-visits,3,,\n\
            2026-Q2,,York,ae-visits,,40,\n\
            2026-Q2,,Leeds,hospital-nights,-3,40,\n\
            2026-Q2,,York,hospital-nights,3.141,40,\n\
            2026-Q2,,Leeds,shared-lives-carers,some,,\n\
            2026-Q2,,York,shared-lives-carers,3,4,\n\
            2026-Q2,,Bradford,shared-lives-people,3,,\n\
            2026-Q2,,,shared-lives-people,3,,\n\
            2026-Q2,,Leeds,joy,3,,\n\
            2026-Q2,,Leeds,,3,,\n\
            2026-Q2,,Leeds,shared-lives-growth,3,,\n\
            2026-Q2,,Leeds,homeshare-started,3,,\n\
            2026-Q2,,Leeds,shared-lives-reach,3,4,\n\
            2026-Q2,,Leeds,shared-lives-good-scotland,3,4,\n\
            2026-Q4,,Leeds,shared-lives-people,3,,\n\
            soon,,Leeds,shared-lives-people,3,,\n\
            ,,Leeds,shared-lives-people,3,,\n\
            2025-26,,Leeds,shared-lives-people,3,,\n\
            2026-Q2,shed,Leeds,shared-lives-people,3,,\n\
            2026-Q1,,Leeds,shared-lives-people,3,,\n\
            2026-Q1,,E08000035,shared-lives-people,4,,\n\
            2026-Q2,,Leeds,shared-lives-people-live-in,1000000000000000,,\n";
        let expected = [
            "/2/Numerator percentage",
            "/3/Numerator required",
            "/3/Percent percentage",
            "/4/Denominator zero-denominator",
            "/5/Denominator numerator-above-denominator",
            "/6/Denominator denominator-missing",
            "/7/Numerator required",
            "/8/Numerator negative",
            "/9/Numerator too-many-decimals",
            "/10/Numerator not-a-number",
            "/11/Denominator denominator-not-allowed",
            "/12/Council wrong-council",
            "/13/Council council-missing",
            "/14/Figure unknown-kpi",
            "/15/Figure required",
            "/16/Figure worked-out",
            "/17/Figure wrong-model",
            "/18/Figure wrong-sender",
            "/19/Figure wrong-nation",
            "/20/Period period-not-begun",
            "/21/Period bad-period",
            "/22/Period required",
            "/23/Figure wrong-period",
            "/24/Sent by unknown-unit",
            "/26/Figure repeated",
            "/27/Numerator too-large",
        ];
        let two = "/api/v1/schemes/two-councils/returns";
        let faults = |reply: &Reply| -> Vec<String> {
            reply.faults().into_iter().map(|(pointer, code)| format!("{pointer} {code}")).collect()
        };
        let refused = send(&national, &format!("{two}/import"), CSV, planted.into()).await.expect(422);
        assert_eq!(faults(&refused), expected);
        let dry = send(&national, &format!("{two}/import?dry_run=true"), CSV, planted.into()).await;
        let dry = dry.expect(200).json();
        let told = dry["faults"].as_array().expect("a list").iter();
        let told: Vec<String> = told
            .map(|f| {
                format!("{} {}", f["pointer"].as_str().expect("a place"), f["code"].as_str().expect("a code"))
            })
            .collect();
        assert_eq!(told, expected);
        assert!(
            dry["faults"]
                .as_array()
                .expect("a list")
                .iter()
                .all(|f| f["detail"].as_str().is_some_and(|d| d.len() > 10))
        );
        for period in ["2026-Q1", "2026-Q2"] {
            assert_eq!(
                national.get(&format!("{two}/{period}")).await.json()["status"],
                "missing",
                "{period}"
            );
        }
        // England's inspectors do not rate in Wales.
        let welsh = "Period,Figure,Numerator,Denominator\n2026-Q2,shared-lives-good,1,1\n";
        let path = "/api/v1/schemes/cardiff-shared-lives/returns/import";
        assert_eq!(
            faults(&send(&national, path, CSV, welsh.into()).await.expect(422)),
            ["/2/Figure wrong-nation"]
        );
        // What is wrong with the file as a whole.
        let import = format!("{ENTERPRISE}/returns/import");
        for (text, wrong) in [
            ("Quarter,Unit\n2026-Q2,garden\n", vec!["/1/Figure required", "/1/Numerator required"]),
            ("Period,Quarter,Figure,Numerator\n1,2,3,4\n", vec!["/1/Quarter repeated"]),
            ("", vec!["/1 empty"]),
            ("Period,Figure,Numerator\n", vec!["/2 empty"]),
            ("Period,Figure,Numerator\n2026-Q2,community-enterprises,\n", vec![" nothing-to-send"]),
        ] {
            assert_eq!(
                faults(&send(&national, &import, CSV, text.into()).await.expect(422)),
                wrong,
                "{text}"
            );
        }
        let reply = send(&national, &import, CSV, b"Period,Figure,Numerator\n\xff,x,1\n".to_vec()).await;
        assert_eq!(faults(&reply.expect(422)), [" not-utf-8"]);
        // A return is corrected, and never taken back whole.
        let one = "Period,Figure,Numerator\n2026-Q2,community-enterprises,4\n";
        send(&national, &import, CSV, one.into()).await.expect(200);
        let none = one.replace(",4", ",");
        assert_eq!(
            faults(&send(&national, &import, CSV, none.into()).await.expect(422)),
            ["/2/Numerator nothing-to-send"]
        );
        send(&national, &import, "application/pdf", Vec::new()).await.expect(415);
        send(&national, &format!("{import}?dry_run=maybe"), CSV, one.into()).await.expect(400);
    });
}

#[test]
fn a_percentage_in_a_workbook_is_refused_as_it_is_shown_and_doubts_are_told() {
    on_both(|world| async move {
        let national = world.national().await;
        national.post("/api/v1/schemes", &scheme("leeds-shared-lives", "E08000035")).await.expect(201);
        let import = "/api/v1/schemes/leeds-shared-lives/returns/import";
        let mut book = Workbook::new();
        let percent = Format::new().set_num_format("0%");
        let sheet = book.add_worksheet();
        for (column, heading) in (0_u16..).zip(["Period", "Figure", "Numerator", "Denominator"]) {
            sheet.write_string(0, column, heading).expect("a cell");
        }
        sheet.write_string(1, 0, "2026-Q2").expect("a cell");
        sheet.write_string(1, 1, "shared-lives-good").expect("a cell");
        sheet.write_number_with_format(1, 2, 0.9, &percent).expect("a cell");
        sheet.write_number(1, 3, 1.0).expect("a cell");
        let reply = send(&national, import, WORKBOOK, book.save_to_buffer().expect("a workbook")).await;
        assert_eq!(reply.expect(422).faults(), [("/2/Numerator".into(), "percentage".into())]);
        // Far from what is likely, and from last time: taken, and told.
        let before = json!({"values": [value("shared-lives-people", 100.0, None)]});
        national.put("/api/v1/schemes/leeds-shared-lives/returns/2026-Q1", &before).await.expect(201);
        let many = "Period,Figure,Numerator\n2026-Q2,shared-lives-people,\"4,000\"\n";
        let done = send(&national, import, CSV, many.into()).await.expect(200).json();
        let doubts = done["doubts"].as_array().expect("a list").iter();
        let doubts: Vec<_> = doubts.map(|d| (d["pointer"].as_str(), d["code"].as_str())).collect();
        let at = Some("/2/Numerator");
        assert_eq!(doubts, [(at, Some("out-of-range")), (at, Some("jump"))]);
        let stored = national.get("/api/v1/schemes/leeds-shared-lives/returns/2026-Q2").await.json();
        assert_eq!(stored["values"][0]["numerator"], 4000);
    });
}

#[test]
fn a_council_takes_and_sends_its_own_table_and_nobody_elses() {
    on_both(|world| async move {
        let national = world.national().await;
        national.post("/api/v1/schemes", &scheme("leeds-shared-lives", "E08000035")).await.expect(201);
        let council = world.signed_in(Role::Area("E08000035".into())).await;
        let template = "/api/v1/areas/E08000035/returns/template?period=2025-26&format=csv";
        let mut grid = read(&download(&world, &council, template).await, "csv");
        *at(&mut grid, "E08000035", "shared-lives-reach", "Numerator") = "240".into();
        *at(&mut grid, "E08000035", "shared-lives-reach", "Denominator") = "650,000".into();
        let import = "/api/v1/areas/E08000035/returns/import";
        let done = send(&council, import, CSV, write(&grid, "csv")).await.expect(200).json();
        assert_eq!((&done["added"], &done["returns"][0]["unit"]), (&json!(1), &json!(null)));
        let stored = council.get("/api/v1/areas/E08000035/returns/2025-26").await.expect(200).json();
        assert_eq!(stored["values"][0]["denominator"], 650_000);
        // A row of another council's table is not taken for one's own.
        let other = "Period,Sent by,Figure,Numerator,Denominator\n2025-26,E06000014,shared-lives-reach,1,2\n";
        let refused = send(&council, import, CSV, other.into()).await.expect(422);
        assert_eq!(refused.faults(), [("/2/Sent by".into(), "unknown-unit".into())]);
        let lead = world.signed_in(Role::SchemeLead(world.number("leeds-shared-lives"))).await;
        let york = "/api/v1/areas/E06000014/returns/import";
        assert_eq!(send(&council, york, CSV, other.into()).await.status, 404);
        assert_eq!(send(&lead, import, CSV, other.into()).await.status, 403);
        let leeds = "/api/v1/schemes/leeds-shared-lives/returns";
        assert_eq!(send(&council, &format!("{leeds}/import"), CSV, other.into()).await.status, 403);
        let worker = world.signed_in(Role::SchemeWorker(world.number("leeds-shared-lives"))).await;
        for (client, status) in [(&lead, 200), (&worker, 403), (&council, 403), (&national, 200)] {
            let reply = client.get(&format!("{leeds}/template?period=2026-Q2")).await;
            assert_eq!(reply.status.as_u16(), status, "{}", reply.text);
        }
        for (query, code) in [
            ("period=2026-Q4", "period-not-begun"),
            ("period=soon", "bad-period"),
            ("format=csv", "required"),
            ("period=2026-Q2&format=pdf", "query"),
        ] {
            let refused = lead.get(&format!("{leeds}/template?{query}")).await.expect(400);
            assert_eq!(refused.faults()[0].1, code, "{query}");
        }
    });
}
