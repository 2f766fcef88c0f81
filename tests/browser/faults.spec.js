// Do the checks see what they are for? Faults are planted, one at a time, and looked for with the checks that the pages must pass.
import { CHECKS, expectedOf, faultsOf } from './checks/index.js';
import { FAULTS } from './faults.js';
import { OF_SURVEY, Drafts, show } from './states.js';
import { expect, record, test, Visitor } from './support/visitor.js';

/** The checks that are made where somebody has eyes of their own: on journeys in a small window or without script, and in forced colours. */
function checksFor({ viewport, javaScriptEnabled, forcedColors }) {
  if (forcedColors) return ['says', 'help in its place', 'fits', 'focus', 'chosen shows'];
  if (viewport?.width < 800 || javaScriptEnabled === false) return ['says', 'help in its place', 'fits', 'focus'];
  return Object.keys(CHECKS);
}

test.describe.configure({ mode: 'parallel' });

/** Changes what the server answers to this browser. Says afterwards whether there was anything to change. */
async function plant(visitor, fault) {
  let planted = false;
  const kinds = { html: 'document', css: 'stylesheet', js: 'script', headers: 'document' };
  await visitor.context.route('**/*', async (route) => {
    const kind = route.request().resourceType();
    const what = Object.keys(kinds).find((w) => fault[w] && kinds[w] === kind);
    if (!what && !(kind === 'document' && fault.js)) return route.continue();
    const response = await route.fetch({ maxRedirects: 0 });
    if (response.status() >= 300 && response.status() < 400) return route.fulfill({ response });
    const headers = { ...response.headers(), ...fault.headers };
    delete headers['content-security-policy'];
    delete headers['content-length'];
    delete headers['content-encoding'];
    const before = await response.text();
    const after = what === 'html' ? fault.html(before) : what === 'headers' || !what ? before : `${before}\n${fault[what]}`;
    planted ||= Boolean(what) && (what === 'headers' || before !== after);
    return route.fulfill({ response, headers, body: after });
  });
  return () => planted;
}

async function lookFor(browser, fault) {
  const settings = { language: 'en', contrast: 'light', ...fault.look };
  const visitor = await Visitor.arrives(browser, { voices: ['en-GB', 'cy-GB'], ...fault.eyes });
  try {
    const state = OF_SURVEY.find((s) => s.name === fault.state);
    const planted = fault.name ? await plant(visitor, fault) : () => true;
    await show(visitor, new Drafts(visitor, settings, state.of ?? 'shared-lives'), state).catch((error) => { if (fault.name === undefined) throw error; });
    if (!planted()) throw new Error(`“${fault.name}” could not be planted in “${fault.state}”`);
    const found = await visitor.faults();
    for (const check of checksFor(fault.eyes ?? {})) {
      if (found.length) break;
      found.push(...(await faultsOf(visitor.page, expectedOf(state, settings), [check])), ...visitor.seen.faults);
    }
    return found;
  } finally {
    await visitor.leaves();
  }
}

/** The faults are looked for in parts, so that both browsers work and a slow machine has time for each. */
const PARTS = 6;

for (let part = 0; part < PARTS; part += 1) {
  test(`of the faults that are planted, at least 95% are found: part ${part + 1} of ${PARTS}`, async ({ browser }) => {
    const faults = FAULTS.filter((_, i) => i % PARTS === part);
    const missed = [];
    const by = [];
    for (const fault of faults) {
      const found = await lookFor(browser, fault);
      if (!found.length) missed.push(fault.name);
      else by.push(`${fault.name}: ${found[0].slice(0, 160)}`);
    }
    record('faults planted', faults.length);
    record('faults found', faults.length - missed.length);
    await test.info().attach('found by', { body: by.join('\n') });
    if (process.env.KHI_TELL) console.log(by.join('\n'));
    // No part may miss more than one in twenty, so the whole does not either.
    expect(missed.length, `not found: ${missed.join('; ')}`).toBeLessThanOrEqual(faults.length * 0.05);
  });
}

test('enough faults are planted for the share of them to say something', () => {
  expect(FAULTS.length).toBeGreaterThanOrEqual(40);
});

test('where nothing is planted, nothing is found', async ({ browser }) => {
  const found = [];
  const seen = new Set();
  for (const { state, look, eyes } of FAULTS) {
    const key = JSON.stringify([state, look, eyes]);
    if (seen.has(key)) continue;
    seen.add(key);
    found.push(...(await lookFor(browser, { state, look, eyes })).map((fault) => `${key}: ${fault}`));
  }
  expect(found).toEqual([]);
});
