// What a page does by itself: nothing.

/** Choosing or writing an answer leads nowhere and asks nobody (3.2.1, 3.2.2, 3.2.5). */
export async function staysPut(page) {
  const input = page.locator('main form :is(input:not([type="hidden"]), textarea)').first();
  if (!(await input.count())) return [];
  const faults = [];
  const before = page.url();
  const asked = [];
  const note = (request) => asked.push(request.url());
  page.on('request', note);
  await input.focus();
  const type = await input.getAttribute('type');
  await page.evaluate(() => { window.stillHere = true; });
  for (const key of ['radio', 'checkbox'].includes(type) ? ['Space', ...(type === 'radio' ? ['ArrowDown'] : [])] : ['1']) await page.keyboard.press(key);
  await page.evaluate(() => document.activeElement?.blur()).catch(() => {});
  await page.waitForTimeout(60);
  page.off('request', note);
  const still = await page.evaluate(() => window.stillHere === true).catch(() => false);
  if (!still || page.url() !== before) faults.push('giving an answer leads to another page');
  if (asked.length) faults.push(`giving an answer asks for ${asked.join(', ')}`);
  if (still && type === 'radio') await page.evaluate(() => document.querySelectorAll('main input').forEach((i) => { i.checked = i.defaultChecked; }));
  else if (still) await page.evaluate(() => document.querySelectorAll('main input, main textarea').forEach((i) => { if (i.type === 'checkbox') i.checked = i.defaultChecked; else i.value = i.defaultValue; }));
  return faults;
}

/** Nothing moves, nothing speaks, and nothing changes under the reader's eyes (1.4.2, 2.2.2, 2.3.3). */
export async function staysStill(page) {
  const moving = await page.evaluate(() => document.getAnimations().filter((a) => a.playState === 'running').map((a) => a.effect?.target?.outerHTML.slice(0, 80)));
  const faults = moving.map((what) => `moves: ${what}`);
  if (await page.evaluate(() => window.said?.length > 0)) faults.push('speaks before it is asked to');
  const styled = await page.evaluate(() => [...document.querySelectorAll('body, body *')].filter((e) => !e.closest('svg') && parseFloat(getComputedStyle(e).transitionDuration) > 0).slice(0, 3).map((e) => e.outerHTML.slice(0, 80)));
  return [...faults, ...styled.map((what) => `changes slowly: ${what}`)];
}

/** Everything the page says and offers is there without script as well. */
export function content(page) {
  return page.evaluate(() => {
    const main = document.body.cloneNode(true);
    main.querySelectorAll('[data-listen], script, noscript').forEach((e) => e.remove());
    const controls = [...main.querySelectorAll('a[href], button, input, select, textarea, summary')].map((e) => `${e.tagName} ${e.getAttribute('type') ?? ''} ${e.getAttribute('name') ?? ''} ${e.getAttribute('value') ?? ''}`);
    return { words: main.textContent.replace(/\s+/g, ' ').trim(), controls };
  });
}

/** Follows what a page asks for, from wherever: other hosts, cookies, storage, errors of script. Ask for `faults` at any time. */
export function watch(context, at) {
  const seen = { requests: [], faults: [] };
  context.on('request', (request) => {
    seen.requests.push(request.url());
    if (!request.url().startsWith(`${at}/`) && !request.url().startsWith('data:')) seen.faults.push(`asks another host: ${request.url()}`);
  });
  context.on('page', (page) => {
    page.on('pageerror', (error) => seen.faults.push(`an error of script: ${error.message}`));
    page.on('dialog', (dialog) => {
      seen.faults.push(`a dialog: ${dialog.message()}`);
      dialog.dismiss().catch(() => {});
    });
    page.on('popup', (popup) => seen.faults.push(`a window opens by itself: ${popup.url()}`));
    page.on('console', (message) => {
      if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) seen.faults.push(`in the console: ${message.text().slice(0, 200)}`);
    });
  });
  return seen;
}

/** No cookie but the session's, and nothing else kept in the browser. */
export async function keepsNothing(page) {
  const cookies = await page.context().cookies();
  const faults = cookies.filter((c) => !['khi', 'khi-staff'].includes(c.name)).map((c) => `a cookie: ${c.name}`);
  faults.push(...cookies.filter((c) => !c.httpOnly || c.sameSite === 'None' || c.expires !== -1).map((c) => `the cookie ${c.name} is open to script, to other sites, or outlives the browser`));
  const stored = await page.evaluate(() => [...Object.keys(localStorage), ...Object.keys(sessionStorage)]).catch(() => []);
  return [...faults, ...stored.map((key) => `kept in the browser: ${key}`)];
}
