// Five pages of the demo as people meet them.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { test } from '@playwright/test';
import { hurry, person, post } from '../support/answers.js';
import { freePort, ready } from '../support/server.js';
import { enter } from '../support/staff.js';

const PASSWORD = 'kindness-comes-first';
const WINDOW = { width: 1100, height: 860 };
const FOLDER = path.resolve(__dirname, '../../../docs/pictures');

test('pictures', async ({ browser }) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'khi-shots-'));
  if (process.env.KHI_DEMO) fs.cpSync(process.env.KHI_DEMO, folder, { recursive: true });
  const at = `http://127.0.0.1:${await freePort()}`;
  const log = fs.openSync(path.join(folder, 'serve.log'), 'a');
  const server = spawn(process.env.KHI_BIN, ['demo', '--listen', at.slice('http://'.length)], { cwd: folder, stdio: ['ignore', log, log] });
  try {
    await ready(at, server, folder, 580_000);
    const take = async (name, { cookies = [], before = async () => '/', scroll, height = WINDOW.height } = {}) => {
      const context = await browser.newContext({ viewport: { ...WINDOW, height }, locale: 'en-GB', colorScheme: 'light' });
      await context.addCookies(cookies.map(([key, value]) => ({ name: key, value, url: at })));
      const page = await context.newPage();
      await page.goto(new URL(await before(page, context), at).href);
      if (scroll) await page.locator(scroll).first().evaluate((element) => window.scrollTo(0, element.getBoundingClientRect().top + window.scrollY - 24));
      await page.screenshot({ path: path.join(FOLDER, `${name}.png`), animations: 'disabled' });
      await context.close();
    };

    await take('figures', { scroll: 'form.find' });
    await take('question', {
      before: async (page, context) => {
        await page.goto(at);
        const link = await page.locator('a[href*="/s/"]').first().getAttribute('href');
        await post(context.request, new URL(link, at).href, { length: 'all' });
        return hurry(context.request, at, person(), 'connected');
      },
    });
    await take('place', { before: async () => '/places/E08000035', scroll: 'h1' });
    await take('passport', {
      before: async (page) => {
        await page.goto(at);
        return page.locator('a[href^="/claims/"]').first().getAttribute('href');
      },
    });
    const { session } = await enter(at, 'lead@demo.example', PASSWORD);
    await take('dashboard', { cookies: [['khi-staff', session]], before: async () => '/scheme/dashboard', scroll: '.glance', height: 1150 });
  } finally {
    server.kill('SIGKILL');
    await new Promise((resolve) => server.once('exit', resolve));
    fs.rmSync(folder, { recursive: true, force: true });
  }
});
