//! A browser without script: it keeps a cookie, follows redirects, and sends a page's own form with what is chosen on it.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;

use actix_web::http::Method;
use actix_web::test::TestRequest;

use super::world::{Reply, Service, World};

/// Somebody's browser.
pub(crate) struct Browser {
    service: Service,
    from: SocketAddr,
    /// The token in its cookie.
    pub(crate) cookie: Option<String>,
    /// The tokens of staff, `khi-staff` and `khi-device`; and of the return of a unit, `khi-return`.
    pub(crate) staff: BTreeMap<String, String>,
    /// What lies before the person.
    pub(crate) page: Page,
}

/// A page as it came.
#[derive(Debug, Clone, Default)]
pub(crate) struct Page {
    pub(crate) status: u16,
    /// Its address, without what follows “?”.
    pub(crate) address: String,
    pub(crate) html: String,
    /// Where the browser was sent on the way here.
    pub(crate) hops: Vec<String>,
    tags: Vec<Tag>,
}

#[derive(Debug, Clone)]
struct Tag {
    name: String,
    attributes: Vec<(String, String)>,
    /// The text up to the next tag.
    text: String,
}

impl Tag {
    fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    fn is(&self, name: &str) -> bool {
        self.get("name") == Some(name)
    }
}

impl Browser {
    /// A new browser at the address 192.0.2.`host`.
    pub(crate) async fn new(world: &World, host: u8) -> Self {
        let from = SocketAddr::from(([192, 0, 2, host], 40_000));
        Self {
            service: world.service().await,
            from,
            cookie: None,
            staff: BTreeMap::new(),
            page: Page::default(),
        }
    }

    /// Another browser window with the same cookie.
    pub(crate) fn twin(&self) -> Self {
        Self {
            service: self.service.clone(),
            from: self.from,
            cookie: self.cookie.clone(),
            staff: self.staff.clone(),
            page: self.page.clone(),
        }
    }

    /// The same browser, whose requests go to another process from now on.
    pub(crate) async fn at(&self, world: &World) -> Self {
        Self { service: world.service().await, ..self.twin() }
    }

    /// One request, with no redirect followed.
    pub(crate) async fn send(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        form: Option<&[(&str, &str)]>,
    ) -> Reply {
        let body = form.map(|form| ("application/x-www-form-urlencoded".to_owned(), encoded(form)));
        self.send_body(method, path, headers, body).await
    }

    /// One request with any body (media type and text), with no redirect followed.
    async fn send_body(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<(String, String)>,
    ) -> Reply {
        let mut request = TestRequest::with_uri(path).method(method).peer_addr(self.from);
        let own = self.cookie.iter().map(|token| ("khi".to_owned(), token.clone()));
        let cookies: Vec<String> =
            own.chain(self.staff.clone()).map(|(name, token)| format!("{name}={token}")).collect();
        if !cookies.is_empty() {
            request = request.insert_header(("Cookie", cookies.join("; ")));
        }
        for header in headers {
            request = request.insert_header(*header);
        }
        if let Some((kind, body)) = body {
            request = request.insert_header(("Content-Type", kind)).set_payload(body);
        }
        let reply = Reply::of((self.service)(request).await).await;
        for (_, cookie) in reply.headers.iter().filter(|(name, _)| name == "set-cookie") {
            let (name, rest) = cookie.split_once('=').expect("a cookie");
            let value = rest.split(';').next().unwrap_or_default();
            let token = (!value.is_empty() && !rest.contains("Max-Age=0")).then(|| value.to_owned());
            match (name, token) {
                ("khi", token) => self.cookie = token,
                ("khi-staff" | "khi-device" | "khi-return", Some(token)) => {
                    drop(self.staff.insert(name.to_owned(), token))
                }
                ("khi-staff" | "khi-device" | "khi-return", None) => drop(self.staff.remove(name)),
                _ => panic!("no cookie but those of sessions: {name}"),
            }
        }
        reply
    }

    /// Opens an address and follows where it leads.
    pub(crate) async fn open(&mut self, path: &str) -> &Page {
        let reply = self.send(Method::GET, path, &[], None).await;
        self.follow(path, reply).await
    }

    /// Sends a form of any kind, and follows where it leads.
    pub(crate) async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> &Page {
        let reply = self.send(Method::POST, path, &[], Some(form)).await;
        self.follow(path, reply).await
    }

    /// Sends a form with parts, as pages with a file do, and follows where it leads. `file`: its name and what is in it.
    pub(crate) async fn post_parts(
        &mut self,
        path: &str,
        form: &[(&str, &str)],
        file: Option<(&str, &str)>,
    ) -> &Page {
        let mut body = String::new();
        for (name, value) in form {
            body.push_str(&format!(
                "--parts\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            ));
        }
        if let Some((name, text)) = file {
            body.push_str(&format!(
                "--parts\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
                 Content-Type: application/octet-stream\r\n\r\n{text}\r\n"
            ));
        }
        body.push_str("--parts--\r\n");
        let kind = "multipart/form-data; boundary=parts".to_owned();
        let reply = self.send_body(Method::POST, path, &[], Some((kind, body))).await;
        self.follow(path, reply).await
    }

    async fn follow(&mut self, path: &str, mut reply: Reply) -> &Page {
        let mut hops = vec![path.to_owned()];
        while reply.status.as_u16() == 303 {
            let to = reply.header("location").expect("somewhere to go").to_owned();
            reply = self.send(Method::GET, &to, &[], None).await;
            hops.push(to);
            assert!(hops.len() < 10, "{hops:?}");
        }
        let address = hops.last().and_then(|h| h.split('?').next()).unwrap_or_default().to_owned();
        assert_eq!(reply.header("cache-control"), Some("no-store"), "{address}");
        let tags = tags(&reply.text);
        self.page = Page { status: reply.status.as_u16(), address, html: reply.text, hops, tags };
        &self.page
    }

    /// Presses a button of the page after choosing (or typing) `answers`; with none, what the page came with stays.
    pub(crate) async fn press(&mut self, go: &str, answers: &[&str]) -> &Page {
        let (path, form) = self.page.filled(go, answers);
        let form: Vec<(&str, &str)> = form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        self.post(&path, &form).await
    }

    /// Chooses and goes on.
    pub(crate) async fn answer(&mut self, answers: &[&str]) -> &Page {
        self.press("continue", answers).await
    }

    /// Presses “Start” on the page of a link.
    pub(crate) async fn start(&mut self, link: &str) -> &Page {
        let page = self.open(link).await;
        assert_eq!(page.status, 200, "{}", page.html);
        let form = page.form();
        let action = page.action();
        let mut form: Vec<(&str, &str)> = form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        form.push(("length", "all"));
        self.post(&action, &form).await
    }

    /// Goes on until the page with this address, with an answer for each page on the way.
    pub(crate) async fn answer_until(&mut self, address: &str) -> &Page {
        for _ in 0..60 {
            if self.page.address == address {
                return &self.page;
            }
            let answer = self.page.first_answer();
            self.answer(&answer.iter().map(String::as_str).collect::<Vec<_>>()).await;
        }
        panic!("{address} was not reached; the last page was {}", self.page.address);
    }
}

impl Page {
    /// What is written in its `title`.
    pub(crate) fn title(&self) -> &str {
        self.tags.iter().find(|t| t.name == "title").map_or("", |t| t.text.as_str())
    }

    /// The answers that can be chosen.
    pub(crate) fn offered(&self) -> Vec<&str> {
        let cards = self.tags.iter().filter(|t| t.name == "input" && t.is("answer"));
        cards.filter(|t| t.get("type") != Some("text")).filter_map(|t| t.get("value")).collect()
    }

    /// What is chosen or typed already.
    pub(crate) fn chosen(&self) -> Vec<&str> {
        let of_answer = || self.tags.iter().filter(|t| t.is("answer"));
        let typed = of_answer().filter(|t| t.get("type") == Some("text")).filter_map(|t| t.get("value"));
        let written = of_answer().filter(|t| t.name == "textarea").map(|t| t.text.as_str());
        let checked = of_answer().filter(|t| t.get("checked").is_some()).filter_map(|t| t.get("value"));
        checked.chain(typed.chain(written).filter(|v| !v.is_empty())).collect()
    }

    /// Whether it has a button of this kind.
    pub(crate) fn has(&self, go: &str) -> bool {
        self.tags.iter().any(|t| t.name == "button" && t.is("go") && t.get("value") == Some(go))
    }

    /// Whether it has the button that starts a survey.
    pub(crate) fn has_start(&self) -> bool {
        self.tags.iter().any(|t| t.name == "button" && t.is("length"))
    }

    /// `many`, `one`, `number`, `words` or `note`, by what can be entered.
    pub(crate) fn kind(&self) -> &'static str {
        let answer = self.tags.iter().find(|t| t.is("answer"));
        match answer.map(|t| (t.name.as_str(), t.get("type").unwrap_or_default())) {
            Some(("textarea", _)) => "words",
            Some((_, "text")) => "number",
            Some((_, "checkbox")) => "many",
            Some(_) => "one",
            None => "note",
        }
    }

    /// Whether an answer is there, and hidden.
    pub(crate) fn hides_an_answer(&self) -> bool {
        self.tags.iter().any(|t| t.get("class") == Some("saved") && t.get("id") == Some("saved"))
    }

    /// The links of “Change”.
    pub(crate) fn changes(&self) -> Vec<&str> {
        let links = self.tags.iter().filter(|t| t.get("class") == Some("change"));
        links.filter_map(|t| t.get("href")).collect()
    }

    /// What is written in the box of the code or the receipt.
    pub(crate) fn receipt(&self) -> Option<&str> {
        self.tags.iter().find(|t| t.get("class") == Some("receipt")).map(|t| t.text.as_str())
    }

    /// The words of its problem, if it tells one.
    pub(crate) fn problem(&self) -> Option<&str> {
        self.tags.iter().find(|t| t.name == "a" && t.get("href") == Some("#answer")).map(|t| t.text.as_str())
    }

    /// Where its form is sent.
    pub(crate) fn action(&self) -> String {
        let form = self.tags.iter().find(|t| t.name == "form").expect("a form");
        form.get("action").map_or_else(|| self.address.clone(), str::to_owned)
    }

    /// Its form's fields as they came, without buttons and answers.
    pub(crate) fn form(&self) -> Vec<(String, String)> {
        let fields = self.tags.iter().filter(|t| t.name == "input" && !t.is("answer"));
        let sent = fields.filter(|t| t.get("type") != Some("radio") || t.get("checked").is_some());
        sent.filter_map(|t| Some((t.get("name")?.to_owned(), t.get("value")?.to_owned()))).collect()
    }

    /// The form as a browser sends it when `go` is pressed: it holds only what the page offers.
    #[track_caller]
    pub(crate) fn filled(&self, go: &str, answers: &[&str]) -> (String, Vec<(String, String)>) {
        assert!(self.has(go), "no button “{go}” on {}: {}", self.address, self.html);
        let offered: BTreeSet<&str> = self.offered().into_iter().collect();
        let free = matches!(self.kind(), "number" | "words");
        let mut form = self.form();
        let kept = self.chosen();
        for answer in if answers.is_empty() { &kept[..] } else { answers } {
            assert!(free || offered.contains(answer), "“{answer}” is not offered on {}", self.address);
            form.push(("answer".to_owned(), (*answer).to_owned()));
        }
        if free && answers.is_empty() && kept.is_empty() {
            form.push(("answer".to_owned(), String::new()));
        }
        form.push(("go".to_owned(), go.to_owned()));
        (self.action(), form)
    }

    /// Something that answers this page.
    fn first_answer(&self) -> Vec<String> {
        match self.kind() {
            "words" => vec!["My own words".to_owned()],
            "number" => vec!["4".to_owned()],
            "note" => Vec::new(),
            _ => self.offered().first().map(|a| vec![(*a).to_owned()]).unwrap_or_default(),
        }
    }
}

/// The form as it travels.
pub(crate) fn encoded(form: &[(&str, &str)]) -> String {
    let escaped = |text: &str| -> String {
        text.bytes()
            .map(|b| match b {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => char::from(b).to_string(),
                b' ' => "+".to_owned(),
                _ => format!("%{b:02X}"),
            })
            .collect()
    };
    form.iter().map(|(n, v)| format!("{}={}", escaped(n), escaped(v))).collect::<Vec<_>>().join("&")
}

/// Every opening tag, in order.
fn tags(html: &str) -> Vec<Tag> {
    let mut found = Vec::new();
    let mut rest = html;
    while let Some((_, after)) = rest.split_once('<') {
        let end = after.find('>').expect("a tag ends");
        let (inside, text) = (&after[..end], &after[end + 1..]);
        rest = text;
        if inside.starts_with(['/', '!']) {
            continue;
        }
        let (name, attributes) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
        let text = text.split('<').next().unwrap_or_default();
        let text = if name == "textarea" { text } else { text.trim() };
        found.push(Tag { name: name.to_owned(), attributes: attributes_of(attributes), text: plain(text) });
    }
    found
}

fn attributes_of(mut rest: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    loop {
        rest = rest.trim_start();
        let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        if end == 0 {
            return found;
        }
        let (name, after) = rest.split_at(end);
        match after.strip_prefix("=\"").and_then(|quoted| quoted.split_once('"')) {
            Some((value, after)) => {
                found.push((name.to_owned(), plain(value)));
                rest = after;
            }
            None => {
                found.push((name.to_owned(), String::new()));
                rest = after;
            }
        }
    }
}

/// Text without HTML's escapes.
fn plain(text: &str) -> String {
    let escapes = [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")];
    escapes.iter().fold(text.to_owned(), |text, (escaped, plain)| text.replace(escaped, plain))
}
