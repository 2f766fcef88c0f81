// A scheme worker reads the dashboard and takes the report away in every form; a commissioner compares: by keyboard alone, on a server of its own.
import fs from 'node:fs';

import { faultsOf } from './checks/index.js';
import { Keyboard } from './pages/hands.js';
import { OwnKhi, PASSWORD } from './support/own.js';
import { release } from './support/release.js';
import { expect, none, step, test } from './support/visitor.js';

const ENGINES = ['axe-core', 'HTML_CodeSniffer'];
/** Of each form: how its file begins. */
const FORMS = { HTML: '<!DOCTYPE html>', PDF: '%PDF-', XLSX: 'PK', CSV: 'part,level,code', JSON: '{' };
const SCHEMES = { 'leeds-shared-lives': 'E08000035', 'hull-shared-lives': 'E06000010', 'wakefield-shared-lives': 'E08000036', 'kirklees-shared-lives': 'E08000034' };

test('a scheme worker reads the dashboard and takes the report away; a commissioner compares: by keyboard', async ({ browser }) => {
  const own = await OwnKhi.start();
  try {
    for (const [id, code] of Object.entries(SCHEMES).slice(1)) await own.api.addScheme(id, `Example ${id}`, 'shared-lives', code);
    await release(process.env.KHI_BIN, { cwd: own.folder, env: own.environment }, own.api, SCHEMES);

    await step('the worker signs in and reads the dashboard', async () => {
      const hand = await comesIn(own, browser, 'wren@test.example', ['--role', 'scheme-worker', '--scheme', 'leeds-shared-lives'], /\/scheme$/);
      const { page } = hand;
      await hand.press(page.locator('.places a[href="/scheme/dashboard"]'));
      await page.waitForURL(/\/scheme\/dashboard$/);
      await expect(page.locator('.panel .words').first()).toContainText(/ in 10 people said/);
      // From the words to the panel, and the figures behind a drawing.
      await hand.press(page.locator('.glance a').first());
      await page.waitForURL(/#/);
      const figures = page.locator('.panel summary').first();
      await hand.press(figures);
      await expect(page.locator('.panel details[open] table').first()).toBeVisible();
      expect(await faultsOf(page, {}, ENGINES)).toEqual([]);
      await hand.press(page.locator('main a[href^="/scheme/report"]'));
      await page.waitForURL(/\/scheme\/report/);
      for (const [name, start] of Object.entries(FORMS)) {
        const link = page.getByRole('link', { name: `Report as ${name}`, exact: true });
        await hand.reach(link);
        const [file] = await Promise.all([page.waitForEvent('download'), hand.press(link)]);
        expect(file.suggestedFilename()).toBe(`leeds-shared-lives-${/period=([\w-]+)/.exec(page.url())[1]}.en.${name.toLowerCase()}`);
        const bytes = fs.readFileSync(await file.path());
        expect(bytes.subarray(0, start.length).toString('latin1').toLowerCase(), name).toBe(start.toLowerCase());
        expect(bytes.length, name).toBeGreaterThan(2_000);
      }
      none(hand.faults);
    });

    await step('what is printed has no controls, and every panel whole', async () => {
      const hand = await comesIn(own, browser, 'rowan@test.example', ['--role', 'scheme-lead', '--scheme', 'leeds-shared-lives'], /\/scheme$/);
      const { page } = hand;
      await page.goto(`${own.at}/scheme/dashboard`);
      await page.emulateMedia({ media: 'print' });
      expect(await page.locator('form.no-print').isVisible()).toBe(false);
      expect(await page.locator('.panel .drawn-narrow').first().isVisible()).toBe(true);
      const pdf = await page.pdf({ format: 'A4' });
      expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    });

    await step('the commissioner compares', async () => {
      const hand = await comesIn(own, browser, 'clem@test.example', ['--role', 'area', '--area', 'E08000035'], /\/area$/);
      const { page } = hand;
      await hand.press(page.locator('.places a[href="/area/dashboard"]'));
      await page.waitForURL(/\/area\/dashboard$/);
      const panel = page.locator('.panel').first();
      await expect(panel).toContainText('Yorkshire and The Humber: no clear difference');
      await expect(panel.locator('svg.drawn-narrow title', { hasText: 'beside others' })).toHaveCount(1);
      // The scheme that works for the council, beside the same.
      await hand.reach(page.locator('#place'));
      await page.locator('#place').selectOption('leeds-shared-lives');
      await hand.press(page.locator('main form button.main'));
      await page.waitForURL(/place=leeds-shared-lives/);
      await expect(page.locator('.panel').first()).toContainText('England: no clear difference');
      await hand.press(page.locator('main a[href="/outcomes"]'));
      await page.waitForURL(/\/outcomes$/);
      expect(await faultsOf(page, {}, ENGINES)).toEqual([]);
      // Another council's scheme is not to be seen.
      await page.goto(`${own.at}/area/dashboard?place=york-shared-lives`);
      await expect(page.locator('.problem')).toContainText('There is no such place');
      none(hand.faults);
    });
  } finally {
    await own.stop();
  }
});

/** Somebody with a remembered browser signs in with their password, and begins where their role does. */
async function comesIn(own, browser, email, role, home) {
  const { device } = await own.session(email, ...role);
  const context = await browser.newContext({ viewport: { width: 900, height: 900 } });
  await context.addCookies([{ name: 'khi-device', value: device, url: own.at, httpOnly: true, sameSite: 'Lax' }]);
  const page = await context.newPage();
  const hand = new Keyboard(page);
  await page.goto(`${own.at}/sign-in`);
  await hand.write(page.locator('#email'), email);
  await hand.write(page.locator('#password'), PASSWORD);
  await hand.press(page.locator('main form button.main'));
  await page.waitForURL(home);
  return hand;
}
