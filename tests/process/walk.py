#!/usr/bin/env python3
"""kill -9 between any two pages of a survey, and in the middle of them: the person goes on where they were, and nothing is lost.

    walk.py --database sqlite|postgres --rounds N --seed S

First one person: the server is killed after every single page. Then people who answer at once while it is killed at random
moments, on PostgreSQL sometimes with the database. What was acknowledged (a redirect came back) must be there at every later look;
at the end each has one response that says what was said, and the link shows thanks.
"""
import argparse, http.client, json, sqlite3, sys, threading, time
import server
from browser import Browser, invite
from server import Client, run_test, seeded

PEOPLE = 8


class Person:
    """One who answers, and what was said with an acknowledgement."""

    def __init__(self, port, invited, chance):
        self.invited, self.chance = invited, chance
        self.browser = Browser(port)
        self.said, self.receipt, self.repeated, self.pages = {}, None, 0, 0

    def until_answered(self, method, path, form=None):
        """Repeats a request until the server answers it, whatever happens to the server meanwhile; says whether it was repeated."""
        repeated = False
        while True:
            try:
                page = self.browser.send(method, path, form)
                if page.status != 503:
                    return page, repeated
            except (OSError, http.client.HTTPException):
                pass
            repeated, self.repeated = True, self.repeated + 1
            time.sleep(0.02)

    def start(self):
        """Comes in, by link or by code."""
        way = self.chance.choice((self.invited["link"], f"/s/{self.invited['code'].lower()}"))
        page, _ = self.until_answered("GET", way)
        expect(page, 200)
        page, _ = self.until_answered("POST", way, page.form.fields + [("length", "all")])
        expect(page, 303)
        assert page.goes_to == "/survey" and self.browser.cookie, page.headers

    def place(self):
        """Where the survey goes on."""
        page, _ = self.until_answered("GET", "/survey")
        expect(page, 303)
        return page.goes_to

    def step(self):
        """One page: what is shown is answered. Gives the address that was answered, and the next one."""
        here = self.place()
        page, _ = self.until_answered("GET", here)
        expect(page, 200)
        if here == "/survey/check":
            done, _ = self.until_answered("POST", here, [("go", "send")])
            expect(done, 303)
            assert done.goes_to == "/survey/sent", done.goes_to
            thanks, _ = self.until_answered("GET", "/survey/sent")
            expect(thanks, 200)
            self.receipt = thanks.form.receipt
            return here, None
        form = page.form
        assert not form.chosen, f"{here} is answered already: {form.chosen}"
        entered = self.entry(form)
        skip = "skip" in form.buttons and self.chance.random() < 0.1
        sent = [("answer", e) for e in entered] + [("go", "skip" if skip else "continue")]
        page, repeated = self.until_answered("POST", here, sent)
        expect(page, 303)  # saved twice is saved once
        self.said[here.removeprefix("/survey/")] = {"missing": "skipped"} if skip else entered
        self.pages += 1
        return here, page.goes_to

    def entry(self, form):
        if form.kind == "number":
            return [str(self.chance.randint(0, 99))]
        if form.kind == "words":
            return [f"My words {self.chance.random()}"]
        if form.kind == "many":
            plain = [o for o in form.offered if o not in ("nothing", "no-special-time")]
            return self.chance.sample(plain, self.chance.randint(1, 2))
        offered = [o for o in form.offered if o not in ("proxy", "later")]
        return [self.chance.choice(offered)] if form.offered else []


def expect(page, status):
    if page.status != status:
        raise AssertionError(f"expected {status}, got {page.status}: {page.body[:300]!r}")


class Test(server.Test):
    def __init__(self, folder, database, seed):
        super().__init__(folder, database, seed)
        self.khi, self.folder, self.token = self.servers[0], folder, None

    def begin(self):
        self.khi.start()
        self.khi.add_user()
        client = Client(self.khi.port)
        self.token = client.sign_in()
        ((self.scheme, self.council),) = server.make_schemes(client, 1)
        added = self.khi.run("user", "add", "lead@test.example", "--role", "scheme", "--scheme", self.scheme, "--password-stdin", "--api-without-code", typed=server.PASSWORD)
        assert added.returncode == 0, added.stderr
        time.sleep(1)  # the server sees the account
        self.lead = client.sign_in("lead@test.example")

    def person(self, name):
        client = Client(self.khi.port, self.token)
        invited = invite(client, self.scheme, self.council, name, arrangement=["live-in"])
        return Person(self.khi.port, invited, seeded(self.seed, name))

    def restart(self):
        self.khi.kill()
        self.khi.start()

    def killed_after_every_page(self):
        """One person, who finds each page after the one before."""
        person, kills = self.person("P-each"), 0
        person.start()
        self.restart()
        while person.receipt is None:
            here, following = person.step()
            self.restart()
            kills += 1
            if following:
                place = person.place()
                self.check(f"after {here} it goes on", place != following and f"at {place}, not {following}")
        self.look_at(person)
        print(f"killed after each of {kills} pages", flush=True)

    def killed_at_random(self, rounds, chance):
        """People who answer at once, one survey after another, while the server is killed again and again."""
        stop, finished, failed = threading.Event(), [], []

        def answer(number):
            while people[number] and not stop.is_set():
                person = people[number].pop()
                try:
                    person.start()
                    while person.receipt is None and not stop.is_set():
                        person.step()
                        if person.receipt is None and person.chance.random() < 0.05:
                            person.browser.cookie = None  # another device
                            person.start()
                        time.sleep(person.chance.random() * 0.01)
                except Exception as error:  # noqa: BLE001 - every surprise is a failure of the test
                    failed.append(f"person {number}: {error!r}")
                    return
                (finished if person.receipt else under_way).append(person)

        under_way = []
        people = [[self.person(f"P-{number}-{turn}") for turn in range(rounds * 4 + 4)] for number in range(PEOPLE)]
        threads = [threading.Thread(target=answer, args=(number,), daemon=True) for number in range(PEOPLE)]
        for thread in threads:
            thread.start()
        for number in range(1, rounds + 1):
            time.sleep(chance.uniform(0.1, 1.2))
            if self.postgres and chance.random() < 0.2:
                self.postgres.crash()
                self.khi.wait_ready(30)
                time.sleep(chance.uniform(0.1, 0.5))
            self.restart()
        time.sleep(0.5)
        stop.set()
        for thread in threads:
            thread.join()
        self.check("nobody met anything but pages", "; ".join(failed))
        for person in under_way:  # stopped with the test: they go on where they were
            while person.receipt is None:
                person.step()
        for person in finished + under_way:
            self.look_at(person)
        everybody = finished + under_way
        print(f"killed {rounds} times: {sum(p.pages for p in everybody)} pages of {len(everybody)} people, {sum(p.repeated for p in everybody)} requests repeated", flush=True)
        self.check("people were under way", not any(p.repeated for p in everybody) and "no request was repeated: nothing was tested")

    def look_at(self, person):
        """Thanks only, and one response that says what was said."""
        page, _ = person.until_answered("GET", person.invited["link"])
        thanks = page.status == 200 and b'name="length"' not in page.body
        self.check("the link shows thanks", not thanks and f"{page.status} {page.body[:300]!r}")
        found = self.stored(person.invited["id"])
        self.check("one response", len(found) != 1 and f"{len(found)} of {person.invited['id']}")
        if len(found) == 1:
            self.check("it says what was said", difference(person.said, self.with_words(*found[0])))

    def with_words(self, response, body):
        """What is stored, with the person's own words. They are sealed there; a lead reads them with the task that they raised."""
        sealed = {item for item, answer in body["answers"].items() if isinstance(answer, dict) and "sealed" in answer}
        if sealed:
            lead, tasks = Client(self.khi.port, self.lead), f"/api/v1/schemes/{self.scheme}/tasks"
            listed = lead.get(tasks, limit=5000)["items"]
            (task,) = [task["id"] for task in listed if task["response"].endswith(f"-{response}")]
            read = {said["item"]: said["answer"] for said in lead.get(f"{tasks}/{task}")["said"]}
            body["answers"].update({item: read[item] for item in sealed})
        assert not any(isinstance(answer, dict) and "words" in answer for item, answer in body["answers"].items() if item not in sealed), body
        return body

    def stored(self, invitation):
        """The stored responses to an invitation: id and body."""
        text = "SELECT id, body FROM responses"
        if self.postgres:
            rows = [row.split("|", 1) for row in self.postgres.sql("khi", text).splitlines()]
        else:
            with sqlite3.connect(self.folder / "khi.db") as db:
                rows = db.execute(text).fetchall()
        found = [(response, json.loads(body)) for response, body in rows]
        return [(response, body) for response, body in found if body["invitation"] == invitation]


def difference(said, stored):
    """What the response says otherwise than the person did."""
    def entered(answer):
        match answer:
            case {"words": words}:
                return [words]
            case {"missing": "dont-know"}:
                return ["missing:dont-know"]
            case {"missing": _}:
                return answer
            case list():
                return [str(a) for a in answer]
        return [str(answer)]

    wrong = {}
    for page, answer in said.items():
        item = page.removeprefix("q/")
        if item in stored["answers"] and entered(stored["answers"][item]) != answer:
            wrong[page] = (answer, stored["answers"][item])
    asked = {item for item, answer in stored["answers"].items() if answer != {"missing": "not-asked"}}
    unsaid = asked - {page.removeprefix("q/") for page in said}
    if said["who"] != [stored["completed_by"]] or (said["count"] == ["yes"]) != stored["consent"]["statistics"]:
        wrong["who, count"] = (said["who"], said["count"], stored["completed_by"], stored["consent"])
    return (wrong or unsaid) and f"{wrong}, never said: {unsaid}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()

    def run(test):
        test.begin()
        test.killed_after_every_page()
        test.killed_at_random(options.rounds, seeded(options.seed, "rounds"))
        test.khi.kill()
        test.check("khi tallies verify", test.khi.verify())

    return run_test(lambda folder: Test(folder, options.database, options.seed), run)


if __name__ == "__main__":
    sys.exit(main())
