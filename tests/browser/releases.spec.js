// A release, from the draft to what everybody reads: by keyboard alone, on a server of its own.
import { Keyboard } from './pages/hands.js';
import { OwnKhi } from './support/own.js';
import { expect, none, step, test } from './support/visitor.js';

const SCHEMES = [['leeds-shared-lives', 'E08000035'], ['york-shared-lives', 'E06000014']];
const PEOPLE = 36;

const answer = (scheme, council, n) => ({
  idempotency_key: `key-of-a-release-${scheme}-${n}`, questionnaire: 'shared-lives', version: '1.0.0', scheme, council, occasion: 'review', completed_on: '2026-06-15', mode: 'online',
  rendition: 'easy-read', language: 'en', completed_by: 'self', consent: { version: '1', statistics: true }, answers: { connected: n % 4 === 0 ? 'same' : 'better', kind: n % 6 === 0 ? 'sometimes' : 'yes' },
});

test('the national body drafts, attacks and publishes a release, and everybody reads it: by keyboard', async ({ browser }) => {
  const own = await OwnKhi.start();
  try {
    const [, [york, council]] = SCHEMES;
    await own.api.send('POST', '/schemes', { id: york, name: 'York Shared Lives', model: 'shared-lives', areas: [{ code: council, from: '2020-04-01', to: null }], cqc_location_id: null });
    for (const [scheme, of] of SCHEMES) {
      const { items } = await own.api.send('POST', '/responses/batch', Array.from({ length: PEOPLE }, (_, n) => answer(scheme, of, n)));
      expect(items.filter((item) => item.status !== 'recorded')).toEqual([]);
    }
    const { session } = await own.session('nora@test.example', '--role', 'national');
    const context = await browser.newContext({ viewport: { width: 800, height: 900 } });
    await context.addCookies([{ name: 'khi-staff', value: session, url: own.at, httpOnly: true, sameSite: 'Lax' }]);
    const page = await context.newPage();
    const hand = new Keyboard(page);

    await step('draft', async () => {
      await page.goto(`${own.at}/national/releases`);
      await hand.write(page.locator('#days'), '0');
      await hand.press(page.locator('main form button.main'));
      await page.waitForURL(/\/national\/releases\/\w+\?done=drafted/);
    });
    const draft = page.url().split('?')[0];
    await step('attack', async () => {
      await hand.press(page.locator('form[action$="/attack"] button'));
      await page.waitForURL(/\/attack$/);
      expect(await page.locator('.problem').count()).toBe(0);
      await hand.press(page.locator('main a.button'));
      await page.waitForURL(draft);
    });
    await step('nothing is public yet', async () => {
      expect((await own.api.send('GET', '/releases')).items).toEqual([]);
    });
    await step('publish', async () => {
      await hand.press(page.locator('a.button[href$="/publish"]'));
      await page.waitForURL(`${draft}/publish`);
      expect(await page.locator('main ul li').count()).toBeGreaterThan(3);
      await hand.press(page.locator('main form button.main'));
      await page.waitForURL(/\/national\/releases\?done=published/);
    });
    none(hand.faults);
    await context.close();

    await step('read', async () => {
      const everybody = await browser.newContext({ viewport: { width: 800, height: 900 } });
      const public_ = await everybody.newPage();
      const reader = new Keyboard(public_);
      await public_.goto(`${own.at}/places`);
      await reader.write(public_.locator('#q'), 'leeds');
      await reader.key('Enter');
      await public_.waitForURL(/\?q=leeds/);
      await reader.press(public_.locator('section[aria-labelledby="found"] a'));
      await public_.waitForURL(/\/places\/E08000035$/);
      const { items } = await own.api.send('GET', `/releases/${(await own.api.send('GET', '/releases')).items[0].id}/cells?place=E08000035&indicator=social-connection`);
      expect(await public_.locator('#shared-lives-social-connection-connections-1').count()).toBe(1);
      await expect(public_.locator('main')).toContainText(`${items[0].percent.toFixed(1)}%`);
      none(reader.faults);
      await everybody.close();
    });
  } finally {
    await own.stop();
  }
});
