"""A browser without script, for whole-process tests of answering: it keeps a cookie, and sends a page's own form.

It follows no redirect by itself, so that a test can look at each step, and break in between.
"""
import datetime, html.parser, http.client, urllib.parse


class Form(html.parser.HTMLParser):
    """What the form of a page holds."""

    def __init__(self, text):
        super().__init__()
        self.fields, self.offered, self.chosen, self.buttons, self.kind, self.receipt = [], [], [], [], "note", None
        self.action, self.within = None, None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if tag == "form":
            self.action = found.get("action")
        elif tag == "button" and found.get("name") == "go":
            self.buttons.append(found["value"])
        elif tag == "textarea":
            self.kind, self.within = "words", "words"
        elif tag == "input" and found.get("name") == "answer":
            self.kind = {"radio": "one", "checkbox": "many"}.get(found.get("type"), "number")
            if self.kind == "number":
                self.chosen += filter(None, [found.get("value")])
            else:
                self.offered.append(found["value"])
                self.chosen += [found["value"]] if "checked" in found else []
        elif tag == "input" and found.get("type") == "hidden":
            self.fields.append((found["name"], found["value"]))
        elif found.get("class") == "receipt":
            self.within = "receipt"

    def handle_data(self, data):
        if self.within == "words" and data:
            self.chosen.append(data)
        elif self.within == "receipt":
            self.receipt = data
        self.within = None

    def handle_endtag(self, tag):
        self.within = None


class Page:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def text(self):
        return self.body.decode()

    @property
    def form(self):
        return Form(self.text)

    @property
    def goes_to(self):
        return self.headers.get("Location") if self.status == 303 else None


class Browser:
    """One person's browser. Errors of the connection are the caller's: whether a page was saved is then unknown."""

    def __init__(self, port, timeout=30):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
        self.cookie = None

    def send(self, method, path, form=None, **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookie:
            headers["Cookie"] = f"khi={self.cookie}"
        body = None
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urllib.parse.urlencode(form)
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
            page = Page(answer.status, answer.headers, answer.read())
        except (OSError, http.client.HTTPException):
            self.connection.close()
            raise
        for cookie in page.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition("=")
            if name == "khi":
                self.cookie = value.split(";")[0] or None
        return page

    def get(self, path, **headers):
        return self.send("GET", path, **headers)

    def post(self, path, form, **headers):
        return self.send("POST", path, form, **headers)


def invite(client, scheme, council, person, **about):
    """Enters a participant and invites them to `shared-lives`; gives the invitation with the path of its link."""
    enrolment = {"council": council, "supported_from": "2024-01-01", "about": about}
    answer = client.send("PUT", f"/api/v1/schemes/{scheme}/participants/by-ref/{person}", enrolment)
    if answer.status not in (201, 204):
        raise RuntimeError(f"entering a participant: {answer.status} {answer.body[:500]!r}")
    body = {"participant": person, "questionnaire": "shared-lives", "due_on": str(datetime.date.today())}
    answer = client.send("POST", f"/api/v1/schemes/{scheme}/invitations", body)
    if answer.status != 201:
        raise RuntimeError(f"inviting: {answer.status} {answer.body[:500]!r}")
    invited = answer.json
    invited["link"] = urllib.parse.urlsplit(invited["link"]).path
    return invited

