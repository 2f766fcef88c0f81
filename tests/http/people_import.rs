//! People from a scheme's own file: as it is, with every fault in one answer, and nothing written in a dry run.

use std::io::Write;

use actix_web::http::Method;
use serde_json::{Value, json};

use khi::domain::access::Role;

use super::support::{Client, Reply, on_both};

const IMPORT: &str = "/api/v1/schemes/leeds-shared-lives/participants/import";
const PEOPLE: &str = "/api/v1/schemes/leeds-shared-lives/participants";
const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

async fn send(client: &Client<'_>, query: &str, media: &str, body: &[u8]) -> Reply {
    client
        .send(Method::POST, &format!("{IMPORT}{query}"), &[("Content-Type", media)], Some(body.to_vec()))
        .await
}

async fn people(client: &Client<'_>) -> Vec<Value> {
    client.get(PEOPLE).await.expect(200).items()
}

#[test]
fn a_schemes_own_file_is_read_as_it_is_and_a_dry_run_writes_nothing() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        let file = "Our people (autumn),,,,,,,\n,,,,,,,\n\
            Client Ref,Name,Date Commenced,Placement type,Local Authority,Support needs,Language,Notes\n\
            P-1,Jo CANARY,03/04/2026,Live-in,Leeds,\"Learning disability; autism\",English,CANARY\n\
            P-2,Al CANARY,3 April 2026,Short breaks,E08000035,Dementia,Welsh,\n";
        let reply = send(&national, "?dry_run=true", "text/csv", file.as_bytes()).await.expect(200);
        assert!(!reply.text.contains("CANARY"), "nothing of who somebody is comes back: {}", reply.text);
        let report = reply.json();
        assert_eq!((&report["added"], &report["faults"]), (&json!(2), &json!([])));
        assert_eq!(report["kept_apart"], json!(["Name"]));
        let columns: Vec<String> = report["columns"]
            .as_array()
            .expect("columns")
            .iter()
            .map(|c| {
                format!(
                    "{} {}",
                    c["column"].as_str().expect("column"),
                    c["matched"].as_str().expect("matched")
                )
            })
            .collect();
        let expected = [
            "reference known",
            "name known",
            "supported_from known",
            "arrangement known",
            "council known",
            "need known",
            "language known",
            "not-used nothing",
        ];
        assert_eq!(columns, expected);
        assert!(people(&national).await.is_empty());

        let report = send(&national, "", "text/csv", file.as_bytes()).await.expect(200).json();
        assert_eq!((&report["dry_run"], &report["added"]), (&json!(false), &json!(2)));
        let stored = people(&national).await;
        assert_eq!(stored[0]["supported_from"], "2026-04-03");
        assert_eq!(stored[0]["about"], json!({"need": ["learning-disability", "autism"]}));
        assert_eq!(stored[0]["arrangements"], json!([{"kind": "live-in", "from": "2026-04-03", "to": null}]));
        assert_eq!(stored[1]["language"], "cy");
        assert!(!serde_json::to_string(&stored).expect("json").contains("CANARY"));

        // What the file does not say of somebody who is known stays, and whoever is not in it stays.
        let more = "ref\tended\nP-1\t30/06/2026\n";
        let report =
            send(&national, "", "text/tab-separated-values", more.as_bytes()).await.expect(200).json();
        assert_eq!(
            report["people"],
            json!([{"row": 2, "participant": "P-1", "change": "changed", "changed": ["supported_to"],
                    "identity": null, "identity_changed": []}])
        );
        let stored = people(&national).await;
        assert_eq!(
            (&stored[0]["supported_to"], &stored[0]["about"]["need"][1]),
            (&json!("2026-06-30"), &json!("autism"))
        );
        let report = send(&national, "", "text/plain", more.as_bytes()).await.expect(200).json();
        assert_eq!((&report["same"], &report["changed"]), (&json!(1), &json!(0)));
    });
}

#[test]
fn every_fault_is_named_by_row_and_column_and_nothing_is_written() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        let faults = |reply: &Reply| -> Vec<String> {
            reply.faults().into_iter().map(|(pointer, code)| format!("{pointer} {code}")).collect()
        };
        let file = "Ref,Start date,End date,Council,Needs,Key worker\n\
            P 1,04/13/2026,,,,\n\
            P-2,03/04/26,,,,\n\
            P-3,03/04/2026,01/04/2026,York,Flying,nobody@example.org\n\
            P-3,,,,,\n\
            ,03/04/2026,,,,\n";
        let reply = send(&national, "", "text/csv", file.as_bytes()).await.expect(422);
        let expected = [
            "/2/Ref bad-reference",
            "/2/Start date month-first",
            "/3/Start date year-not-clear",
            "/4/Council wrong-council",
            "/4/End date ends-before-it-begins",
            "/4/Key worker unknown-worker",
            "/4/Needs unknown-code",
            "/5/Ref repeated",
            "/5/Start date required",
            "/6/Ref required",
        ];
        assert_eq!(faults(&reply), expected);
        assert!(reply.text.contains("13/04/2026 is 13 April 2026"), "a fault says what would be right");
        let dry = send(&national, "?dry_run=true", "text/csv", file.as_bytes()).await.expect(200).json();
        assert_eq!(dry["faults"].as_array().map(Vec::len), Some(10));
        assert!(people(&national).await.is_empty());

        let unwanted = "Ref,Started,DOB,NHS No\nP-1,03/04/2026,01/02/1990,9999999999\n";
        let reply = send(&national, "", "text/csv", unwanted.as_bytes()).await.expect(422);
        assert_eq!(faults(&reply), ["/1/DOB not-wanted", "/1/NHS No not-wanted"]);
        assert!(!reply.text.contains("1990"));
        let reply = send(&national, "", "text/csv", b"Colour\nred\n").await.expect(422);
        assert_eq!(faults(&reply), ["/1/reference required", "/1/supported_from required"]);
        assert_eq!(faults(&send(&national, "", "text/csv", b"").await.expect(422)), ["/1 empty"]);
        assert_eq!(faults(&send(&national, "", "text/csv", b"Ref,Start\n").await.expect(422)), ["/2 empty"]);
        assert_eq!(
            faults(&send(&national, "", "text/csv", b"Ref,Start\nP-1,\xff\n").await.expect(422)),
            [" not-utf-8"]
        );
        send(&national, "", "application/pdf", b"x").await.expect(415);
        send(&national, "?dry_run=maybe", "text/csv", b"x").await.expect(400);
        let large = vec![b'x'; 5 * 1024 * 1024];
        send(&national, "", "text/csv", &large).await.expect(413);
    });
}

#[test]
fn a_column_can_be_chosen_or_left_out_and_a_slip_is_shown() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        let file = "Folder,Referense,Start dat,Begins\nA-1,P-1,03/04/2026,04/04/2026\n";
        let dry = send(&national, "?dry_run=true", "text/csv", file.as_bytes()).await.expect(200).json();
        let matched: Vec<&Value> =
            dry["columns"].as_array().expect("columns").iter().map(|c| &c["matched"]).collect();
        assert_eq!(matched, ["nothing", "close", "close", "nothing"]);
        let query = "?column=Folder%3Dreference&column=Referense%3Dnot-used&column=Start%20dat%3Dnot-used&column=Begins%3Dsupported_from";
        send(&national, query, "text/csv", file.as_bytes()).await.expect(200);
        let stored = people(&national).await;
        assert_eq!(
            (&stored[0]["participant"], &stored[0]["supported_from"]),
            (&json!("A-1"), &json!("2026-04-04"))
        );
        send(&national, "?column=Folder%3Dcolour", "text/csv", file.as_bytes()).await.expect(400);
        let reply =
            send(&national, "?column=Nowhere%3Dcouncil", "text/csv", file.as_bytes()).await.expect(422);
        assert_eq!(reply.faults(), [("/1/Nowhere".to_owned(), "unknown-column".to_owned())]);
    });
}

/// A workbook of one sheet with these rows of cells, each as it stands in the file.
fn workbook(rows: &str) -> Vec<u8> {
    let mut parts = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let head = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>";
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006";
    let files = [
        (
            "[Content_Types].xml",
            format!(
                "<Types xmlns=\"{package}/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/><Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/><Override PartName=\"/xl/styles.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml\"/></Types>"
            ),
        ),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"r1\" Type=\"{office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets><sheet name=\"People\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"r1\" Type=\"{office}/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"r2\" Type=\"{office}/styles\" Target=\"styles.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/styles.xml",
            format!(
                "<styleSheet xmlns=\"{main}\"><cellXfs count=\"2\"><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>"
            ),
        ),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet xmlns=\"{main}\"><sheetData>{rows}</sheetData></worksheet>"),
        ),
    ];
    for (name, text) in files {
        parts.start_file(name, zip::write::SimpleFileOptions::default()).expect("a part");
        parts.write_all(format!("{head}{text}").as_bytes()).expect("written");
    }
    parts.finish().expect("whole").into_inner()
}

#[test]
fn a_workbook_is_read_with_its_dates_and_one_that_is_too_much_is_refused() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        let text =
            |at: &str, words: &str| format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{words}</t></is></c>");
        let rows = format!(
            "<row r=\"1\">{}{}{}</row><row r=\"3\"><c r=\"A3\"><v>42</v></c><c r=\"B3\" s=\"1\"><v>46115</v></c></row>\
             <row r=\"4\">{}<c r=\"B4\"><v>46116</v></c>{}</row>",
            text("A1", "Ref"),
            text("B1", "Started"),
            text("C1", "Date left"),
            text("A4", "P-2"),
            text("C4", "01/06/2026")
        );
        send(&national, "", WORKBOOK, &workbook(&rows)).await.expect(200);
        let stored = people(&national).await;
        let days: Vec<(&Value, &Value, &Value)> =
            stored.iter().map(|p| (&p["participant"], &p["supported_from"], &p["supported_to"])).collect();
        assert_eq!(
            days,
            [
                (&json!("42"), &json!("2026-04-03"), &Value::Null),
                (&json!("P-2"), &json!("2026-04-04"), &json!("2026-06-01")),
            ]
        );
        let code = |reply: Reply| reply.faults().pop().expect("a fault").1;
        assert_eq!(code(send(&national, "", WORKBOOK, b"PK not one").await.expect(422)), "not-a-workbook");
        assert_eq!(
            code(send(&national, "", WORKBOOK, &workbook(&rows)[..300]).await.expect(422)),
            "not-a-workbook"
        );
        // A cell at the far end of the sheet does not make room for all before it.
        let far = format!(
            "<row r=\"1\">{}{}</row><row r=\"1048576\">{}</row>",
            text("A1", "Ref"),
            text("B1", "Start"),
            text("XFD1048576", "x")
        );
        assert_eq!(code(send(&national, "", WORKBOOK, &workbook(&far)).await.expect(422)), "too-large");
        // Sixty megabytes of nothing, packed into sixty kilobytes.
        let bomb = format!("<row r=\"1\">{}</row>", " ".repeat(60 * 1024 * 1024));
        let packed = workbook(&bomb);
        assert!(packed.len() < 400_000, "{}", packed.len());
        assert_eq!(code(send(&national, "", WORKBOOK, &packed).await.expect(422)), "too-large");
    });
}

#[test]
fn names_and_contacts_of_a_file_are_stored_apart_and_a_later_file_adds_to_them() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        let lead = world.signed_in(Role::SchemeLead(world.number("leeds-shared-lives"))).await;
        let identity = |reference: &str| format!("{PEOPLE}/by-ref/{reference}/identity");
        let file = "Ref,Started,First name,Surname,Known as,E-mail,Home phone,Mobile,Address,Formats needed,Whose contact,Carer name,How to ask\n\
            P-1,03/04/2026,Mair,Example,,mair@home.example,0113 496 0000,07700 900123,\"1 Example Street, Leeds, LS1 4AP\",Easy read; BSL,Carer,Gwen Example,Letter\n\
            P-2,03/04/2026,Al,Example,Ally,,,,,,,,\n\
            P-3,03/04/2026,,,,,,,,,,,\n";
        // The national body may import people, and learns and stores nothing of who they are.
        let report = send(&national, "", "text/csv", file.as_bytes()).await.expect(200).json();
        assert_eq!((&report["added"], &report["identities"]), (&json!(3), &Value::Null));
        assert_eq!(report["kept_apart"].as_array().map(Vec::len), Some(11));
        lead.get(&identity("P-1")).await.expect(404);

        let dry = send(&lead, "?dry_run=true", "text/csv", file.as_bytes()).await.expect(200);
        assert!(!dry.text.contains("Gwen") && !dry.text.contains("900123"), "nothing of it comes back");
        assert_eq!(dry.json()["identities"], json!({"added": 2, "changed": 0, "same": 0}));
        lead.get(&identity("P-1")).await.expect(404);
        let report = send(&lead, "", "text/csv", file.as_bytes()).await.expect(200).json();
        assert_eq!((&report["same"], &report["identities"]["added"]), (&json!(3), &json!(2)));
        let stored = lead.get(&identity("P-1")).await.expect(200).json();
        assert_eq!(
            stored,
            json!({"name": "Mair Example", "called": null, "email": "mair@home.example", "mobile": "07700 900123",
                   "address": {"lines": ["1 Example Street", "Leeds"], "postcode": "LS1 4AP"}, "channel": "letter",
                   "contact": {"whose": "supporter", "name": "Gwen Example"},
                   "communication": {"formats": ["bsl", "easy-read"], "note": null}})
        );
        let second = lead.get(&identity("P-2")).await.expect(200).json();
        assert_eq!((&second["channel"], &second["contact"]), (&json!("none"), &json!({"whose": "own"})));
        lead.get(&identity("P-3")).await.expect(404);

        // What the next file does not say stays; where nothing is said of whose an address is, it counts as shared.
        let more = "Ref,Email\nP-1,new@home.example\nP-2,ally@home.example\n";
        let report = send(&lead, "", "text/csv", more.as_bytes()).await.expect(200).json();
        assert_eq!(report["identities"], json!({"added": 0, "changed": 2, "same": 0}));
        assert_eq!(
            (&report["people"][0]["identity"], &report["people"][0]["identity_changed"]),
            (&json!("changed"), &json!(["email"]))
        );
        let again = lead.get(&identity("P-1")).await.expect(200).json();
        assert_eq!((&again["email"], &again["name"]), (&json!("new@home.example"), &json!("Mair Example")));
        let second = lead.get(&identity("P-2")).await.expect(200).json();
        assert_eq!(second["channel"], "none", "how somebody is asked does not change by itself");
        let report = send(&lead, "", "text/csv", more.as_bytes()).await.expect(200).json();
        assert_eq!(report["identities"], json!({"added": 0, "changed": 0, "same": 2}));
    });
}

#[test]
fn faults_in_names_and_contacts_are_named_by_row_and_column() {
    on_both(|world| async move {
        world.with_leeds().await;
        let lead = world.signed_in(Role::SchemeLead(world.number("leeds-shared-lives"))).await;
        let file = "Ref,Started,Name,Email,Postcode,How to ask,Whose contact,Formats\n\
            P-1,03/04/2026,Jo CANARY,not an address,,pigeon,nobody,morse\n\
            P-2,03/04/2026,,jo@home.example,,,,\n\
            P-3,03/04/2026,Jo CANARY,,LS1 4AP,,,\n\
            P-4,03/04/2026,Jo CANARY,,,Text,Supporter,\n";
        let reply = send(&lead, "", "text/csv", file.as_bytes()).await.expect(422);
        let mut faults: Vec<String> =
            reply.faults().into_iter().map(|(pointer, code)| format!("{pointer} {code}")).collect();
        faults.sort();
        let expected = [
            "/2/Email bad-email",
            "/2/Formats unknown-code",
            "/2/How to ask unknown-code",
            "/2/Whose contact unknown-code",
            "/3/Email required",
            "/4/Postcode too-few",
            "/5/How to ask contact-missing",
            "/5/Whose contact required",
        ];
        assert_eq!(faults, expected, "{}", reply.text);
        assert!(!reply.text.contains("CANARY"));
        assert!(people(&lead).await.is_empty());
    });
}

#[test]
fn the_template_can_be_filled_in_and_imported_as_it_is() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        let lead = world.signed_in(Role::SchemeLead(world.number("leeds-shared-lives"))).await;
        let text = lead.get(&format!("{PEOPLE}/template.csv")).await.expect(200);
        assert!(text.text.contains("Leeds") && text.text.contains("live-in"), "{}", text.text);
        let empty = send(&lead, "?dry_run=true", "text/csv", text.text.as_bytes()).await.expect(200).json();
        assert_eq!(empty["faults"][0]["code"], "empty", "the example is nobody");
        let columns = empty["columns"].as_array().expect("columns");
        let known = columns.iter().filter(|c| c["matched"] == "known").count();
        assert_eq!((known, columns.len()), (19, 19), "each heading is known: {columns:?}");
        // The example itself is right: it is taken as soon as it has a reference of its own.
        let filled = text.text.replace("\nEXAMPLE,", "\nP-1,");
        let report = send(&lead, "", "text/csv", filled.as_bytes()).await.expect(200).json();
        assert_eq!((&report["added"], &report["identities"]["added"]), (&json!(1), &json!(1)));

        let service = world.service().await;
        let token = lead.token().to_owned();
        let request = actix_web::test::TestRequest::with_uri(&format!("{PEOPLE}/template.xlsx"))
            .insert_header(("Authorization", format!("Bearer {token}")));
        let bytes = actix_web::test::read_body(service(request).await).await;
        let report = send(&lead, "?dry_run=true", WORKBOOK, &bytes).await.expect(200).json();
        assert_eq!(report["columns"], empty["columns"], "the workbook has the same headings");
        assert_eq!(report["faults"][0]["code"], "empty");

        national.get(&format!("{PEOPLE}/template.csv")).await.expect(200);
        world.stranger().get(&format!("{PEOPLE}/template.csv")).await.expect(401);
        let worker = world.signed_in(Role::SchemeWorker(world.number("leeds-shared-lives"))).await;
        worker.get(&format!("{PEOPLE}/template.csv")).await.expect(403);
        lead.get("/api/v1/schemes/nowhere/participants/template.csv").await.expect(404);
    });
}
