//! Recorded questions from a folder of definitions: heard on the survey's pages and in the preview, and served whole and in part.

use std::path::Path;

use actix_web::http::Method;
use serde_json::json;

use khi::definition_files::read_folder;
use khi::domain::definition::{SourceFile, digest};

use super::support::{Browser, World, contacts, on_both_with};

const FOLDER: &str = "tests/spec/fixtures/definitions/valid";

fn garden_club() -> Vec<SourceFile> {
    read_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join(FOLDER), false).expect("the folder reads")
}

/// A recording's bytes, all of them ASCII, and its address.
fn recording(name: &str) -> (String, String) {
    let path = format!("audio/{name}");
    let file = garden_club().into_iter().find(|f| f.path == path).expect("the recording");
    let address = format!("/media/{}.wav", digest(&file.bytes));
    (String::from_utf8(file.bytes).expect("ASCII"), address)
}

/// The link of a scheme with a garden club.
async fn link(world: &World) -> String {
    let national = world.national().await;
    let scheme = json!({"id": "leeds-gardens", "name": "Example gardens", "model": "community-enterprise",
                        "areas": [{"code": "E08000035", "from": "2020-04-01"}]});
    national.post("/api/v1/schemes", &scheme).await.expect(201);
    national.put("/api/v1/schemes/leeds-gardens/contacts", &contacts("leeds")).await.expect(200);
    let links = "/api/v1/schemes/leeds-gardens/open-links";
    let made = national.post(links, &json!({"questionnaire": "garden-club"})).await.expect(201).json();
    made["link"].as_str().and_then(|l| l.strip_prefix("http://khi.test")).expect("our address").to_owned()
}

#[test]
fn a_recorded_question_is_heard_without_script_and_no_other_is() {
    on_both_with(&garden_club(), |world| async move {
        let link = link(&world).await;
        let (_, calm) = recording("calm-easy-en.wav");
        let mut browser = Browser::new(&world, 1).await;
        browser.start(&format!("{link}?speed=slow")).await;
        browser.answer_until("/survey/q/calm").await;
        for status in [200, 422] {
            let page = &browser.page;
            assert_eq!((page.status, heard(&page.html)), (status, vec![calm.as_str()]), "{}", page.html);
            let player =
                page.html.split("<audio ").nth(1).and_then(|p| p.split("</audio>").next()).expect("a player");
            for part in ["controls ", "preload=\"none\"", "data-speed=\"slow\"", "aria-labelledby=\"listen\""]
            {
                assert!(player.contains(part), "{part}: {player}");
            }
            assert!(page.html.contains("<span id=\"listen\">Listen</span>"));
            assert!(
                !page.html.contains("data-listen") && !page.html.contains("autoplay"),
                "one way to listen"
            );
            browser.answer(&[]).await;
        }
        let next = browser.answer(&["5"]).await;
        assert_eq!((next.address.as_str(), heard(&next.html).len()), ("/survey/q/worried", 0));
        assert!(next.html.contains("data-listen"), "what is not recorded is read by the browser's voice");

        // Nobody hears what they did not ask for, or another language than they read.
        for look in ["aloud=no", "language=cy"] {
            let mut browser = Browser::new(&world, 2).await;
            browser.start(&format!("{link}?{look}")).await;
            let page = browser.answer_until("/survey/q/calm").await;
            assert_eq!(heard(&page.html).len(), 0, "{look}");
            assert_eq!(page.html.contains("data-listen"), look != "aloud=no", "{look}");
        }
    });
}

#[test]
fn the_preview_has_each_recording_of_its_rendition_and_language() {
    on_both_with(&garden_club(), |world| async move {
        let stranger = world.stranger();
        let of = |name| recording(name).1;
        let (welcome, visits) = (of("welcome-easy-en.wav"), of("visits-easy-en.wav"));
        let (calm, teach) = (of("calm-easy-en.wav"), of("teach-cy.wav"));
        let cases = [
            ("1.0.0?rendition=easy-read&language=en", vec![&welcome, &visits, &calm]),
            ("1.0.0?rendition=standard&language=cy", vec![&teach]),
            ("2.0.0?rendition=easy-read&language=en", vec![&calm]),
            ("1.0.0?rendition=easy-read&language=en&aloud=no", vec![]),
        ];
        for (version, recordings) in cases {
            let page = stranger.get(&format!("/preview/garden-club/{version}")).await.expect(200).text;
            assert_eq!(heard(&page), recordings, "{version}");
            assert_eq!(page.contains("aria-labelledby=\"listen-calm\""), recordings.contains(&&calm));
        }
    });
}

#[test]
fn a_recording_is_served_whole_and_in_ranges_and_kept_for_ever() {
    on_both_with(&garden_club(), |world| async move {
        let stranger = world.stranger();
        let get = async |headers: &[(&str, &str)]| {
            stranger.send(Method::GET, &recording("visits-easy-en.wav").1, headers, None).await
        };
        let (bytes, address) = recording("visits-easy-en.wav");
        let length = bytes.len();
        let etag = format!("\"{}\"", digest(bytes.as_bytes()));
        let whole = get(&[]).await.expect(200);
        assert_eq!(whole.text, bytes);
        for (name, value) in [
            ("content-type", "audio/wav"),
            ("cache-control", "public, max-age=31536000, immutable"),
            ("accept-ranges", "bytes"),
            ("content-encoding", "identity"),
            ("etag", &etag),
        ] {
            assert_eq!(whole.header(name), Some(value), "{name}");
        }
        assert_eq!(get(&[("If-None-Match", &etag)]).await.expect(304).text, "");
        assert_eq!(get(&[("If-None-Match", &etag), ("Range", "bytes=0-1")]).await.expect(304).text, "");

        let last = length - 1;
        for (range, part, place) in [
            ("bytes=0-1", &bytes[..2], format!("bytes 0-1/{length}")),
            ("bytes=40-", &bytes[40..], format!("bytes 40-{last}/{length}")),
            ("bytes=-4", &bytes[length - 4..], format!("bytes {}-{last}/{length}", length - 4)),
            ("bytes=0-99999", &bytes[..], format!("bytes 0-{last}/{length}")),
        ] {
            for condition in [&[][..], &[("If-Range", etag.as_str())], &[("If-None-Match", "\"other\"")]] {
                let reply = get(&[&[("Range", range)], condition].concat()).await.expect(206);
                assert_eq!(
                    (reply.text.as_str(), reply.header("content-range")),
                    (part, Some(place.as_str()))
                );
                assert_eq!(reply.header("content-type"), Some("audio/wav"));
            }
            let changed = get(&[("Range", range), ("If-Range", "\"other\"")]).await.expect(200);
            assert_eq!(changed.text, bytes, "the rest of something else is of no use");
        }
        let outside = get(&[("Range", "bytes=5000-")]).await.expect(416);
        assert_eq!(outside.header("content-range"), Some(format!("bytes */{length}").as_str()));
        let head = stranger.send(Method::HEAD, &address, &[("Range", "bytes=0-1")], None).await.expect(200);
        assert_eq!(head.header("content-type"), Some("audio/wav"), "only GET has ranges");

        let digest = digest(bytes.as_bytes());
        for unknown in [
            format!("{digest}.mp3"),
            digest.clone(),
            format!("{}.wav", "0".repeat(64)),
            "manifest.json".into(),
        ] {
            stranger.get(&format!("/media/{unknown}")).await.expect(404);
        }
        stranger.post(&address, &json!({})).await.expect(405);
    });
}

/// The addresses of what a page lets one hear.
fn heard(html: &str) -> Vec<&str> {
    html.split("<audio ").skip(1).filter_map(|p| p.split_once(" src=\"")?.1.split('"').next()).collect()
}
