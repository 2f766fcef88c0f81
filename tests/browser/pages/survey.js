// The survey as a person meets it. Finds everything by what it is for, never by its words, so that it works in every language.
import { placeOf, saidBy } from '../support/answers.js';
import { Pointer } from './hands.js';

export class SurveyPage {
  constructor(page, hand = new Pointer(page)) {
    this.page = page;
    this.hand = hand;
  }

  /** Opens a link of an invitation, or an open link. */
  async open(link) {
    await this.page.goto(link);
  }

  /** Which page this is: `who`, `friends`, `check`, `sent`. */
  get place() {
    return placeOf(this.page.url());
  }

  /** What the page takes: `one`, `many`, `scale`, `number`, `words` or `note`; none for pages of other kinds. */
  async kind() {
    const form = await this.page.locator('#page').getAttribute('class', { timeout: 2000 }).catch(() => null);
    return form?.match(/kind-(\w+)/)?.[1];
  }

  /** The values of the cards. */
  async choices() {
    return this.page.locator('input[name="answer"]:is([type="radio"], [type="checkbox"])').evaluateAll((inputs) => inputs.map((i) => i.value));
  }

  card(value, name = 'answer') {
    return this.page.locator(`input[name="${name}"][value="${value}"]`);
  }

  async chosen() {
    return this.page.locator('input[name="answer"]:checked').evaluateAll((inputs) => inputs.map((i) => i.value));
  }

  async choose(value, name) {
    await this.hand.choose(this.card(value, name));
  }

  async write(text) {
    await this.hand.write(this.page.locator('#answer'), text);
  }

  /** Says what this person says on this page, without going on. */
  async say(who) {
    const kind = await this.kind();
    const said = saidBy(who, this.place, kind, await this.choices());
    for (const answer of said) {
      if (kind === 'number' || kind === 'words') await this.write(answer);
      else await this.choose(answer);
    }
    return said;
  }

  /** Presses a button, and waits for the page that follows. */
  async press(selector) {
    await this.page.evaluate(() => { window.stillHere = true; });
    await this.hand.press(this.page.locator(selector).last());
    for (let waited = 0; waited < 10_000; waited += 20) {
      const gone = await this.page.evaluate(() => !window.stillHere && document.readyState !== 'loading').catch(() => false);
      if (gone) return this.page.waitForLoadState('load');
      await this.page.waitForTimeout(20);
    }
    throw new Error(`${selector} led nowhere on ${this.page.url()}`);
  }

  start() { return this.press('#page button[value="all"]'); }
  startWithFew() { return this.press('#page button[value="few"]'); }
  carryOn() { return this.press('#page button.main'); }
  goOn() { return this.press('button[name="go"][value="continue"]'); }
  skip() { return this.press('button[name="go"][value="skip"]'); }
  back() { return this.press('button[name="go"][value="back"]'); }
  stop() { return this.press('button[name="go"][value="stop"]'); }
  send() { return this.press('button[name="go"][value="send"]'); }
  changeLook() { return this.press('.bar :is(button[value="look"], a.plain)'); }
  change(place) { return this.press(`a.change[href*="/${place}?"]`); }

  /** Opens or closes “Help now”. */
  async help() {
    await this.hand.press(this.page.locator('details.help > summary'));
  }

  /** Changes settings on the page “Change how this looks”, and saves. */
  async looks(settings) {
    for (const [name, value] of Object.entries(settings)) await this.choose(value, name);
    await this.press('#page button.main');
  }

  /** Answers page by page until `until`, as `who` would; `look` is called on every page, before anything is done. */
  async answer(who, { until = 'sent', look = async () => {} } = {}) {
    for (let pages = 0; pages < 100; pages += 1) {
      await look(this);
      if (this.place === until || this.place === 'sent') return;
      if (this.place === 'check') await this.send();
      else {
        await this.say(who);
        await this.goOn();
      }
    }
    throw new Error(`${until} was not reached`);
  }

  /** The code on the receipt, or on the page after stopping. */
  async receipt() {
    return (await this.page.locator('.receipt').innerText()).trim();
  }

  /** What the check page says was answered, by place. */
  async answers() {
    return Object.fromEntries(await this.page.locator('.row').evaluateAll((rows) => rows.map((row) => [
      row.querySelector('a.change').getAttribute('href').replace(/^\/survey\/(q\/)?/, '').replace(/\?.*/, ''),
      row.querySelector('.said').innerText.trim(),
    ])));
  }
}
