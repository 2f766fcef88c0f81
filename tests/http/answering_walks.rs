//! Random walks: people answer, change, go back, reload, close, come back on another device, lose their session, let hours and
//! weeks pass, change how it looks, stop, begin again and press twice. Each page must be the one that the model of the walk
//! says, and the stored response must say what the walk said: nothing lost, nothing doubled.

use chrono::TimeDelta;
use serde_json::{Value, json};

use khi::domain::submission::Submission;
use khi::storage::{StorageError, responses};
use khi::use_cases::open_response;

use super::answering_model::{Person, Questions};
use super::support::{Browser, Chance, Ticket, World, on_both};

/// How many walks on each database: the full number with `KHI_ALL=1`.
fn walks() -> usize {
    if std::env::var("KHI_ALL").is_ok() { 1_000 } else { 60 }
}

const BEGIN: &str = "2026-07-20T09:00:00Z";
const DEVICES: usize = 3;

/// A browser of the person, with what the model knows of it.
struct Device {
    browser: Browser,
    sitting: u32,
    /// Which beginning it belongs to; none if it has no place in the survey.
    beginning: Option<u32>,
    /// Whether the page before it is one to change an answer on.
    changing: bool,
}

struct Walk<'w> {
    world: &'w World,
    questions: &'w Questions,
    chance: Chance,
    person: Person,
    /// The ways in: the link's path and the code; for an anonymous draft the code, once it was given.
    ways: Vec<String>,
    devices: Vec<Device>,
    waited: TimeDelta,
    log: Vec<String>,
}

impl Walk<'_> {
    fn what(&self) -> String {
        self.log.join("\n")
    }

    fn page(&self, device: usize) -> String {
        let address = &self.devices[device].browser.page.address;
        address.strip_prefix("/survey/").unwrap_or(address).to_owned()
    }

    /// Holds what lies before the person to the model.
    fn expect(&self, device: usize, page: &str) {
        let shown = &self.devices[device].browser.page;
        assert_eq!((shown.status, self.page(device)), (200, page.to_owned()), "{}", self.what());
        if page != "check" {
            let mut seen = self.person.sees(page, self.devices[device].sitting);
            let mut chosen: Vec<String> = shown.chosen().into_iter().map(str::to_owned).collect();
            seen.sort_unstable();
            chosen.sort_unstable();
            assert_eq!(chosen, seen, "{page}\n{}", self.what());
        }
        let hides = self.person.hides(page, self.devices[device].sitting);
        assert_eq!(shown.hides_an_answer(), hides, "{page}\n{}", self.what());
    }

    fn live(&self) -> Vec<usize> {
        let beginning = Some(self.person.beginning);
        (0..DEVICES).filter(|d| self.devices[*d].beginning == beginning).collect()
    }

    /// A device to go on with: one that has a place, else one that gets one.
    async fn device(&mut self) -> usize {
        let live = self.live();
        if live.is_empty() || (!self.ways.is_empty() && self.chance.in_hundred(4)) {
            let device = self.chance.below(DEVICES);
            self.start(device).await;
            return device;
        }
        // Mostly the same one: people do not change devices all the time.
        if self.chance.in_hundred(85) { live[0] } else { *self.chance.one_of(&live) }
    }

    /// Comes in by link or by code.
    async fn start(&mut self, device: usize) {
        let way = self.chance.one_of(&self.ways).clone();
        let few = self.chance.in_hundred(15);
        self.log.push(format!("device {device} comes in by {way}{}", if few { ", few" } else { "" }));
        let browser = &mut self.devices[device].browser;
        let anew = self.person.reference.is_none() && way.starts_with('/');
        let link = if way.starts_with('/') {
            way
        } else {
            browser.open("/s").await;
            browser.post("/s", &[("code", &way)]).await.address.clone()
        };
        let page = browser.open(&link).await;
        assert!(page.has_start(), "{} {}", page.status, page.html);
        let mut form = page.form();
        form.push(("length".into(), if few { "few" } else { "all" }.into()));
        let form: Vec<(&str, &str)> = form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        browser.post(&link, &form).await;
        let sitting = self.person.sit_down(few);
        let known = &mut self.devices[device];
        (known.sitting, known.beginning, known.changing) = (sitting, Some(self.person.beginning), false);
        if anew {
            self.ways.clear(); // an open link begins another answer each time; its person gets a code on stopping
        }
        let resume = self.person.resume(self.questions);
        self.expect(device, &resume);
    }

    async fn open(&mut self, device: usize, page: &str, changing: bool) {
        self.log.push(format!("device {device} opens {page}{}", if changing { " to change it" } else { "" }));
        let path = if page.is_empty() { "/survey".to_owned() } else { format!("/survey/{page}") };
        let path = if changing { format!("{path}?change=yes") } else { path };
        self.devices[device].browser.open(&path).await;
        let lands = if page.is_empty() {
            self.person.resume(self.questions)
        } else {
            self.person.lands(page, self.questions)
        };
        self.devices[device].changing = changing && lands == page && page != "check";
        self.expect(device, &lands);
    }

    /// Something to enter on the page before the person; right or wrong.
    fn entry(&mut self, device: usize, right: bool) -> Vec<String> {
        let page = self.page(device);
        let shown = &self.devices[device].browser.page;
        let alone = self.questions.alone(&page);
        let offered: Vec<String> = shown.offered().into_iter().map(str::to_owned).collect();
        match (shown.kind(), right) {
            ("number", true) => vec![self.chance.below(100).to_string()],
            ("number", false) => vec![(*self.chance.one_of(&["", "x", "100", "-1", "1.5"])).to_owned()],
            ("words", true) => {
                let words = [
                    "More walks",
                    "Mwy o gerdded",
                    "<b>“&amp;”</b>",
                    "O'Neill\n\n2 lines",
                    "😀 ok",
                    &"long ".repeat(700),
                ];
                vec![self.chance.one_of(&words).trim().to_owned()]
            }
            ("words", false) => vec![if self.chance.in_hundred(50) { "  ".into() } else { "x".repeat(4001) }],
            ("many", true) => {
                let several: Vec<String> = offered.iter().filter(|o| !alone.contains(o)).cloned().collect();
                if !alone.is_empty() && self.chance.in_hundred(20) {
                    return alone.to_vec();
                }
                let chosen: Vec<String> =
                    several.iter().filter(|_| self.chance.in_hundred(40)).cloned().collect();
                if chosen.is_empty() { vec![several[0].clone()] } else { chosen }
            }
            ("many", false) if !alone.is_empty() => vec![offered[0].clone(), alone[0].clone()],
            ("one", true) => vec![self.chance.one_of(&offered).clone()],
            _ => Vec::new(),
        }
    }

    /// Presses a button; with nothing entered, what the page came with is sent.
    async fn press(&mut self, device: usize, go: &str, entered: Vec<String>, twice: bool) {
        let page = self.page(device);
        let shown = self.devices[device].browser.page.clone();
        let short: Vec<String> = entered.iter().map(|e| e.chars().take(30).collect()).collect();
        self.log
            .push(format!("device {device} on {page}: {go} {short:?}{}", if twice { ", twice" } else { "" }));
        let (path, form) = shown.filled(go, &entered.iter().map(String::as_str).collect::<Vec<_>>());
        let sent: Vec<String> = form.iter().filter(|(n, _)| n == "answer").map(|(_, v)| v.clone()).collect();
        if twice {
            let mut twin = self.devices[device].browser.twin();
            let (to, sent) = (path.clone(), form.clone());
            let other = actix_web::rt::spawn(async move {
                let form: Vec<(&str, &str)> = sent.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
                twin.post(&to, &form).await.status
            });
            self.post(device, &path, &form).await;
            assert!(matches!(other.await.expect("sent"), 200 | 422));
        } else {
            self.post(device, &path, &form).await;
        }
        let (sitting, changing) = (self.devices[device].sitting, self.devices[device].changing);
        let lands = self.person.send(self.questions, (&page, go, &sent), changing, sitting);
        match lands {
            None => {
                let shown = &self.devices[device].browser.page;
                assert_eq!((shown.status, self.page(device)), (422, page), "{}", self.what());
                assert!(
                    shown.title().starts_with("Error: ") || shown.title().starts_with("Gwall: "),
                    "{}",
                    shown.title()
                );
            }
            Some(lands) if lands == "look" => self.change_look(device, &page).await,
            Some(lands) if lands == "stop" => self.stop(device, &page).await,
            // Two at once: the page that came back may be from between them.
            Some(_) if twice => self.open(device, "", false).await,
            Some(lands) => {
                self.devices[device].changing = false;
                self.expect(device, &lands);
            }
        }
    }

    async fn post(&mut self, device: usize, path: &str, form: &[(String, String)]) {
        let form: Vec<(&str, &str)> = form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        self.devices[device].browser.post(path, &form).await;
    }

    async fn change_look(&mut self, device: usize, from: &str) {
        assert_eq!(self.page(device), "look", "{}", self.what());
        let languages: Vec<&str> = self.questions.languages().iter().map(String::as_str).collect();
        let language = *self.chance.one_of(&languages);
        let rendition = *self.chance.one_of(&["easy-read", "standard"]);
        let few = if self.chance.in_hundred(15) { !self.person.few } else { self.person.few };
        let settings = [
            ("language", language),
            ("rendition", rendition),
            ("pictures", *self.chance.one_of(&["yes", "no"])),
            ("size", *self.chance.one_of(&["normal", "large", "largest"])),
            ("contrast", *self.chance.one_of(&["device", "light", "dark", "high"])),
            ("length", if few { "few" } else { "all" }),
        ];
        self.log.push(format!("  looks: {settings:?}"));
        let mut form = self.devices[device].browser.page.form();
        for (name, value) in settings {
            let field = form.iter_mut().find(|(n, _)| n == name).expect("a setting");
            field.1 = value.to_owned();
        }
        self.post(device, "/survey/look", &form).await;
        (self.person.language, self.person.rendition) = (language.to_owned(), rendition.to_owned());
        self.person.few = few;
        self.devices[device].changing = false;
        let lands = self.person.lands(from, self.questions);
        self.expect(device, &lands);
    }

    async fn stop(&mut self, device: usize, from: &str) {
        let choice = match self.chance.below(20) {
            0..=5 => "keep",
            6..=9 => "keep-shown",
            10..=11 => "few",
            12 => "send",
            13 => "throw",
            _ => "back",
        };
        let offered = self.devices[device].browser.page.offered().contains(&choice);
        assert_eq!(self.devices[device].browser.page.offered().contains(&"send"), self.person.may_send());
        let choice = if offered { choice } else { "back" };
        self.log.push(format!("  stops: {choice}"));
        let sitting = self.devices[device].sitting;
        let browser = &mut self.devices[device].browser;
        if choice == "back" {
            browser.press("back", &[]).await;
        } else {
            browser.answer(&[choice]).await;
        }
        let (status, address) = (browser.page.status, browser.page.address.clone());
        let code = browser.page.receipt().map(str::to_owned);
        self.devices[device].changing = false;
        let lands = match choice {
            "keep" | "keep-shown" => {
                self.person.show_next_time(choice == "keep-shown");
                assert_eq!((status, code.is_some()), (200, self.person.reference.is_none()));
                self.ways.extend(code);
                self.devices[device].beginning = None;
                return;
            }
            "throw" => {
                assert_eq!(address, "/survey/thrown-away", "{}", self.what());
                self.person.throw_away();
                if self.person.reference.is_none() {
                    self.ways.clear();
                }
                return;
            }
            "few" => {
                self.person.few = true;
                self.person.resume(self.questions)
            }
            "send" => {
                self.person.pass_the_rest(self.questions, sitting);
                self.person.resume(self.questions)
            }
            _ => self.person.lands(from, self.questions),
        };
        self.expect(device, &lands);
    }

    /// Two devices answer two questions at the same moment.
    async fn two_at_once(&mut self) {
        let live = self.live();
        let (Some(one), Some(other)) = (live.first().copied(), live.last().copied()) else { return };
        let (first, second) = ("q/connected", "q/healthier");
        let reachable = |page| self.person.lands(page, self.questions) == page;
        if !reachable(first) || !reachable(second) {
            return;
        }
        self.log.push(format!("devices {one} and {other} answer {first} and {second} at once"));
        let mut twin = self.devices[other].browser.twin();
        let said = (
            *self.chance.one_of(&["better", "same", "worse"]),
            *self.chance.one_of(&["better", "same", "worse"]),
        );
        let saving = actix_web::rt::spawn(async move {
            twin.post(&format!("/survey/{second}"), &[("answer", said.1), ("go", "continue")]).await.status
        });
        let form = [("answer", said.0), ("go", "continue")];
        self.devices[one].browser.post(&format!("/survey/{first}"), &form).await;
        assert_eq!(saving.await.expect("saved"), 200);
        for (device, page, said) in [(one, first, said.0), (other, second, said.1)] {
            let sitting = self.devices[device].sitting;
            self.person.send(self.questions, (page, "continue", &[said.to_owned()]), false, sitting);
        }
        self.open(one, "", false).await;
    }

    async fn act(&mut self) {
        let device = self.device().await;
        let page = self.page(device);
        let known = self.questions.pages().contains(&page);
        if !known {
            return self.open(device, "", false).await;
        }
        let can = |go: &str| self.devices[device].browser.page.has(go);
        let (can_skip, can_back) = (can("skip"), can("back"));
        match self.chance.below(100) {
            0..=44 if page != "check" => {
                let entered = self.entry(device, true);
                let twice = self.chance.in_hundred(12);
                self.press(device, "continue", entered, twice).await;
            }
            45..=50 if page != "check" => {
                let entered = self.entry(device, false);
                self.press(device, "continue", entered, false).await;
            }
            51..=56 if can_skip => {
                let twice = self.chance.in_hundred(20);
                self.press(device, "skip", Vec::new(), twice).await;
            }
            57..=65 if can_back => {
                let entered = if self.chance.in_hundred(40) { self.entry(device, true) } else { Vec::new() };
                self.press(device, "back", entered, false).await;
            }
            66..=69 => self.open(device, &page, false).await,
            70..=72 => self.open(device, "", false).await,
            73..=79 => {
                let page = self.chance.one_of(&self.questions.pages()).clone();
                let changing = self.chance.in_hundred(40);
                self.open(device, &page, changing).await;
            }
            80..=83 => self.press(device, "look", Vec::new(), false).await,
            84..=89 => {
                let entered = if self.chance.in_hundred(30) { self.entry(device, true) } else { Vec::new() };
                self.press(device, "stop", entered, false).await;
            }
            90..=92 => {
                let time =
                    if self.chance.in_hundred(20) { TimeDelta::days(19) } else { TimeDelta::hours(20) };
                if self.waited + time < TimeDelta::days(28) {
                    self.log.push(format!("{} hours pass", time.num_hours()));
                    self.waited += time;
                    self.world.wait(time);
                }
            }
            93..=94 if !self.ways.is_empty() => {
                self.log.push(format!("device {device} loses its session"));
                self.devices[device].browser.cookie = None;
                self.devices[device].beginning = None;
                assert_eq!(self.devices[device].browser.open("/survey").await.status, 403);
            }
            95..=97 => self.two_at_once().await,
            _ if page == "check" => {
                let links = self.devices[device].browser.page.changes();
                let link = (*self.chance.one_of(&links)).to_owned();
                let page = link.trim_start_matches("/survey/").trim_end_matches("?change=yes").to_owned();
                self.open(device, &page, true).await;
            }
            _ => {}
        }
    }

    /// Goes to the end and sends; gives the receipt.
    async fn finish(&mut self) -> String {
        let live = self.live();
        let device = live.first().copied().unwrap_or_default();
        if live.is_empty() {
            self.start(device).await;
        }
        self.open(device, "", false).await;
        while self.page(device) != "check" {
            let entered = self.entry(device, true);
            self.press(device, "continue", entered, false).await;
            self.open(device, "", false).await;
        }
        self.log.push(format!("device {device} sends"));
        let others: Vec<_> = self.live().into_iter().map(|d| self.devices[d].browser.twin()).collect();
        let senders = if self.chance.in_hundred(40) { others } else { Vec::new() };
        let sending = senders.into_iter().map(|mut twin| {
            actix_web::rt::spawn(async move {
                twin.post("/survey/check", &[("go", "send")]).await.receipt().map(str::to_owned)
            })
        });
        let sending: Vec<_> = sending.collect();
        let sent = self.devices[device].browser.press("send", &[]).await;
        assert_eq!((sent.status, sent.address.as_str()), (200, "/survey/sent"));
        let receipt = sent.receipt().expect("a receipt").to_owned();
        for other in sending {
            assert_eq!(other.await.expect("sent").as_ref(), Some(&receipt), "{}", self.what());
        }
        for way in self.ways.iter().filter(|_| self.person.reference.is_some()) {
            let code = way.trim_start_matches("/s/");
            let page = self.devices[0].browser.open(&format!("/s/{code}")).await;
            assert!(!page.has_start(), "only thanks: {}", self.log.join("\n"));
        }
        receipt
    }
}

/// The response with this receipt, and how many the person has.
async fn stored(world: &World, receipt: &str) -> (Submission, usize) {
    let (app, receipt) = (world.app.clone(), receipt.to_owned());
    let read = move || {
        let (number, hash) = app.secrets.read_receipt(&receipt).expect("a receipt");
        let (row, all) = app.store.read(|db| {
            let row = responses::find_by_receipt(db, number, &hash)?.expect("stored");
            let all = responses::of_people(db, number, std::slice::from_ref(&row.person))?.len();
            Ok((row, all))
        })?;
        Ok::<_, StorageError>((open_response(&app, &row)?, all))
    };
    actix_web::web::block(read).await.expect("runs").expect("read")
}

async fn walk(world: &World, questions: &Questions, seed: u64, ticket: &Ticket, person: Person) {
    world.set_time(BEGIN);
    let mut devices = Vec::new();
    for device in (0..).take(DEVICES) {
        let host = u8::try_from((seed * 3 + device) % 250).expect("small") + 1;
        let browser = Browser::new(world, host).await;
        devices.push(Device { browser, sitting: 0, beginning: None, changing: false });
    }
    let mut ways = vec![ticket.link.clone()];
    if person.reference.is_some() {
        ways.push(ticket.code.clone());
    }
    let mut chance = Chance(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let acts = 15 + chance.below(40);
    let log = vec![format!("walk {seed}")];
    let mut walk = Walk { world, questions, chance, person, ways, devices, waited: TimeDelta::zero(), log };
    for _ in 0..acts {
        walk.act().await;
        if walk.ways.is_empty() && walk.live().is_empty() {
            walk.ways.push(ticket.link.clone()); // thrown away: an open link begins anew
        }
    }
    let receipt = walk.finish().await;
    let (response, all) = stored(world, &receipt).await;
    assert_eq!(all, 1, "{}", walk.what());
    walk.person.check(questions, &response, &walk.what());
    let day = khi::clock::today(&*world.clock);
    assert_eq!(response.completed_on, day, "{}", walk.what());
}

#[test]
fn after_any_walk_the_response_says_what_the_walk_said() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        let definition = national.get("/api/v1/questionnaires/shared-lives").await.expect(200).json();
        let questions = Questions::of(&definition);
        let open_link = national.open_link().await;
        let mut people = Vec::new();
        for seed in 0..walks() {
            let about = match seed % 3 {
                0 => json!({"arrangement": ["live-in"], "age_band": ["25-34"]}),
                1 => json!({"arrangement": ["day-support"]}),
                _ => json!({}),
            };
            people.push(if seed % 6 == 5 {
                (open_link.clone(), Person::new(None, json!({})))
            } else {
                let reference = format!("P-{seed}");
                let mut sent = about.clone();
                if let Some(band) = sent.get_mut("age_band") {
                    *band = json!("25-34");
                }
                (
                    national.invite_with(&reference, sent, Value::Null).await,
                    Person::new(Some(reference), about),
                )
            });
        }
        // KHI_WALK=810 walks that one only, to look at what went wrong in it.
        let only: Option<u64> = std::env::var("KHI_WALK").ok().and_then(|walk| walk.parse().ok());
        let people = (0..).zip(people).filter(|(seed, _)| only.is_none_or(|only| only == *seed));
        let mut walked = 0;
        for (seed, (ticket, person)) in people {
            walk(&world, &questions, seed, &ticket, person).await;
            walked += 1;
        }
        assert_eq!(world.stored().await.len(), walked, "one response a walk");
    });
}
