// A scheme's workspace as its lead uses it: from the mail with the set-up link to the first survey, and one wave from import to last reminder.
import { faultsOf } from './checks/index.js';
import { Keyboard } from './pages/hands.js';
import { hurry, person, post } from './support/answers.js';
import { OwnKhi, PASSWORD } from './support/own.js';
import { expect, none, record, step, test } from './support/visitor.js';

const ENGINES = ['axe-core', 'HTML_CodeSniffer'];
const isInvitation = (mail) => /some questions|rhai cwestiynau/.test(head(mail));
const isReminder = (mail) => /still answer|ateb o hyd/.test(head(mail));
const head = (mail) => /^Subject: (.*)/m.exec(mail)?.[1] ?? '';

/** A lead at a keyboard. Counts pages and fields, and has both engines look at every page. */
class Lead {
  constructor(own, page, hand) {
    Object.assign(this, { own, page, hand, pages: 0, fields: 0, faults: [], looked: new Set() });
  }

  static async arrives(own, browser, options) {
    const context = await browser.newContext({ viewport: { width: 900, height: 900 }, locale: 'en-GB', ...options });
    const page = await context.newPage();
    return new Lead(own, page, new Keyboard(page));
  }

  /** A page is before them. */
  async arrived() {
    this.pages += 1;
    const heading = `${new URL(this.page.url()).pathname.replace(/[0-9A-Z]{20,}/, '…')} ${await this.page.locator('h1').innerText()}`;
    if (this.looked.has(heading)) return;
    this.looked.add(heading);
    this.faults.push(...(await faultsOf(this.page, {}, ENGINES)).map((fault) => `${heading}: ${fault}`));
  }

  async open(path) {
    await this.page.goto(`${this.own.at}${path}`);
    await this.arrived();
  }

  async write(selector, text) {
    this.fields += 1;
    await this.hand.write(this.page.locator(selector), text);
  }

  async paste(selector, text) {
    this.fields += 1;
    await this.hand.reach(this.page.locator(selector));
    await this.page.keyboard.insertText(text);
  }

  async tick(selector, wanted = true) {
    const box = this.page.locator(selector);
    if ((await box.isChecked()) !== wanted) {
      this.fields += 1;
      await this.hand.choose(box);
    }
  }

  async press(selector) {
    const button = this.page.locator(selector).first();
    await this.hand.reach(button);
    await Promise.all([this.page.waitForEvent('load'), this.hand.press(button)]);
    await this.arrived();
  }

  /** Sets the account up, from the link of the mail, and comes in. */
  async setUp(link, name) {
    await this.open(link);
    await this.write('#name', name);
    await this.write('#password', PASSWORD);
    await this.write('#again', PASSWORD);
    await this.press('main form button.main');
    this.secret = await this.page.locator('#secret').innerText();
    await this.write('#code', this.own.codeOf(this.secret, 0));
    await this.press('main form button.main');
    await expect(this.page.locator('.codes li')).toHaveCount(10);
  }

  /** Signs in once more, with the next code of the phone. */
  async signIn(email) {
    await this.page.context().clearCookies();
    await this.open('/sign-in');
    await this.write('#email', email);
    await this.write('#password', PASSWORD);
    await this.press('main form button.main');
    await this.write('#code', this.own.codeOf(this.secret, 0));
    await this.press('main form button.main');
  }

  async nameLeads() {
    await this.open('/scheme/contacts');
    for (const [place, name] of ['Ann', 'Bob'].entries()) {
      await this.write(`[id="lead-${place}-name"]`, name);
      await this.write(`[id="lead-${place}-email"]`, `${name.toLowerCase()}@leeds.example`);
    }
    await this.press('main form button.main');
  }

  async bringIn(rows) {
    await this.open('/scheme/import');
    await this.paste('#table', rows.map((row) => row.join('\t')).join('\n'));
    await this.press('main form button.main');
    await this.press('button[value=import]');
    expect(new URL(this.page.url()).pathname).toBe('/scheme/people');
  }

  async sees(words) {
    await expect(this.page.locator('main')).toContainText(words);
  }

  /** Looks at a page again and again until it says so. */
  async waitsFor(path, words) {
    for (let tries = 0; tries < 40; tries += 1) {
      await this.page.goto(`${this.own.at}${path}`);
      if ((await this.page.locator('main').innerText()).includes(words)) break;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    await this.sees(words);
    await this.arrived();
  }
}

const day = (own, ago) => new Date(own.first - ago * 86_400_000).toISOString().slice(0, 10).split('-').reverse().join('/');

/** As many people as a small scheme has, as they stand in its Excel file. */
function people(own, count) {
  const heading = ['Client ID', 'Full name', 'Start date', 'E-mail', 'How to ask', 'Whose contact details', 'Preferred language', 'Primary need'];
  const one = (n) => [`SL-${100 + n}`, `Person Example ${n}`, day(own, 20 + n * 11), `person${n}@home.example`, n % 5 === 4 ? 'letter' : 'email', 'own', n % 7 === 3 ? 'Welsh' : 'English', 'Learning disability'];
  const rows = Array.from({ length: count }, (_, n) => one(n));
  return [heading, ...rows].map((row) => (row[4] === 'letter' ? row.with(4, 'visit') : row));
}

test('somebody invited by mail has 38 people in and the first survey sent within fifteen minutes', async ({ browser }) => {
  const own = await OwnKhi.start();
  try {
    const link = await step('The national team invites the lead of a scheme', () => own.inviteLead('lea@leeds.example'));
    const lead = await Lead.arrives(own, browser);
    await step('The lead opens the mail and sets the account up', () => lead.setUp(link, 'Lea Example'));
    await step('An empty workspace says what to do first', async () => {
      await lead.open('/scheme');
      await lead.sees('Four steps to your first survey');
    });
    await step('They name two safeguarding leads', () => lead.nameLeads());
    await step('They paste 38 people from Excel', () => lead.bringIn(people(own, 38)));
    await step('They ask everybody who is due', async () => {
      await lead.open('/scheme');
      await lead.sees('To ask now (38)');
      await lead.press('button[value=all]');
      await lead.sees('Asked, no answer yet (38)');
    });
    const mails = 38 - Math.floor(38 / 5);
    expect(await own.count(isInvitation, mails)).toBe(mails);
    await lead.waitsFor('/scheme', 'The e-mail was sent.');
    // Twelve seconds to read a page and five for a field are slow for somebody who does this at work.
    const seconds = lead.pages * 12 + lead.fields * 5;
    record('pages from the set-up link to the first survey', lead.pages);
    record('fields from the set-up link to the first survey', lead.fields);
    record('seconds from the set-up link to the first survey, for somebody slow', seconds);
    expect(lead.pages).toBeLessThanOrEqual(14);
    expect(lead.fields).toBeLessThanOrEqual(12);
    expect(seconds).toBeLessThan(15 * 60);
    none([...lead.faults, ...lead.hand.faults]);
  } finally {
    await own.stop();
  }
});

test('one wave by keyboard alone, from import to the last reminder', async ({ browser }) => {
  const own = await OwnKhi.start();
  try {
    const lead = await Lead.arrives(own, browser);
    const link = await own.inviteLead('lea@leeds.example');
    await lead.setUp(link, 'Lea Example');
    await lead.nameLeads();
    await step('They ask in waves only', async () => {
      await lead.open('/scheme/settings/shared-lives');
      await lead.tick('[name=baseline]', false);
      await lead.tick('[name=exit]', false);
      await lead.write('#every_months', ' ');
      await lead.press('main form button.main');
      await lead.sees('Asked only in waves.');
    });
    await step('They bring in five people', () => lead.bringIn(people(own, 5)));
    let wave;
    await step('They begin a wave of today', async () => {
      await lead.open('/scheme/waves');
      await lead.press('main form button.main');
      wave = new URL(lead.page.url()).pathname;
      await lead.sees('5 to ask now');
    });
    await step('They ask everybody who is due', async () => {
      await lead.press('main a.button.main');
      await lead.press('button[value=all]');
      await lead.sees('Asked, no answer yet (5)');
      await lead.sees('To print or hand over (1)');
    });
    expect(await own.count(isInvitation, 4)).toBe(4);
    await step('The wave says what became of each message', async () => {
      await lead.waitsFor(wave, '4 invitations sent');
      await lead.sees('1 invitations to hand over');
    });
    await step('The letter of the one who is visited is made', async () => {
      await lead.open('/scheme');
      const download = lead.page.waitForEvent('download');
      await lead.hand.reach(lead.page.locator('form[action="/scheme/letters"] button'));
      await lead.hand.key('Enter');
      expect((await download).suggestedFilename()).toBe('letters.pdf');
    });
    await step('One person answers by the link of their mail, in Welsh', async () => {
      const context = await browser.newContext();
      const mail = own.mails().find((text) => isInvitation(text) && text.includes('person3@home.example'));
      expect(mail).toContain('Helo Person');
      const way = /http:\/\/127\.0\.0\.1:\d+(\/s\/[\w-]+)/.exec(mail)[1];
      await post(context.request, `${own.at}${way}`, { length: 'all' });
      await hurry(context.request, own.at, person(), 'check');
      await post(context.request, `${own.at}/survey/check`, { go: 'send' });
      await context.close();
      await lead.open(wave);
      await lead.sees('1 answered');
    });
    await step('A week later the others are reminded, and nobody who answered', async () => {
      await own.later(8);
      expect(await own.count(isReminder, 3)).toBe(3);
      await lead.signIn('lea@leeds.example');
      await lead.waitsFor(wave, '3 reminders sent');
    });
    await step('Somebody is in hospital: they are left in peace', async () => {
      await lead.open('/scheme/people/SL-100/event');
      await lead.hand.choose(lead.page.locator('input[value=hospital]'));
      await lead.press('main form button.main');
      await lead.sees('on hold');
    });
    await step('Three weeks after the invitation the last reminder goes out', async () => {
      await own.later(14);
      expect(await own.count(isReminder, 5)).toBe(5);
      await lead.signIn('lea@leeds.example');
      await lead.waitsFor(wave, '5 reminders sent');
      await lead.sees('1 on hold');
    });
    await step('Nobody gets a third', async () => {
      await own.later(20);
      await new Promise((resolve) => setTimeout(resolve, 65_000)); // reminders are looked for once a minute
      expect(own.mails().filter(isReminder)).toHaveLength(5);
    });
    record('pages of a wave by keyboard', lead.pages);
    none([...lead.faults, ...lead.hand.faults]);
    expect(Object.keys(lead.hand.keys).every((key) => ['Tab', 'Shift+Tab', 'ArrowDown', 'ArrowUp', 'Space', 'Enter', 'Control+a'].includes(key))).toBe(true);
  } finally {
    await own.stop();
  }
});
