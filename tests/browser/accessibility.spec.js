// Every page in every state: two engines, and what they do not know. In a sample of looks; with --all, in every theme, rendition and language, and so for every questionnaire.
import { CHECKS, expectedOf, faultsOf } from './checks/index.js';
import { RULES } from './checks/engines.js';
import { OF_SURVEY, OUTSIDE, PUBLIC, STAFF, Drafts, show, showOutside } from './states.js';
import { expect, none, record, step, test } from './support/visitor.js';
import { every, named, sample } from './themes.js';

const ALL = Boolean(process.env.KHI_ALL);
const ENGINES = ['axe-core', 'HTML_CodeSniffer', 'words in drawings'];
/** What is looked at in every look; and what is looked at in one look of each kind of colours, since no other setting matters to it. */
const EVERYWHERE = Object.keys(CHECKS).filter((name) => !['focus', 'rings show', 'chosen shows', 'stays put', 'keeps nothing', 'fits with wider spacing'].includes(name));
const WITH_FOCUS = [...EVERYWHERE, 'focus'];
const IN_DEPTH = Object.keys(CHECKS);

async function lookAt(visitor, states, { settings = {}, questionnaire = 'shared-lives', checks, deep = () => false }) {
  const found = [];
  const drafts = new Drafts(visitor, settings, questionnaire);
  for (const state of states) {
    await step(state.name, async () => {
      if (state.draft) await show(visitor, drafts, state);
      else await showOutside(visitor, state);
      const faults = await faultsOf(visitor.page, expectedOf(state, settings), deep(state) ? IN_DEPTH : checks);
      found.push(...faults.map((fault) => `${state.name}: ${fault}`));
      record('states looked at by both engines', 1);
    });
  }
  none(found);
}

function eyes(look) {
  return { language: look.language, colorScheme: look.contrast === 'device' ? 'dark' : 'light', voices: ['en-GB', 'cy-GB'] };
}

/** States that stand for the others where pictures of the screen are taken: one of each kind of page. */
const TYPICAL = ['start', 'number', 'single', 'multiple', 'scale', 'words', 'check', 'look', 'stop', 'sent'];

const of = (questionnaire) => OF_SURVEY.filter((state) => !state.of || state.of === questionnaire);
const looks = ALL ? every() : sample();
const colours = new Set();

for (const look of looks) {
  const first = !colours.has(look.contrast);
  colours.add(look.contrast);
  test(`all pages of a survey: ${named(look)}`, async ({ arrive }) => {
    const visitor = await arrive(eyes(look));
    await lookAt(visitor, of('shared-lives'), { settings: look, checks: first || ALL ? WITH_FOCUS : EVERYWHERE, deep: (state) => first && TYPICAL.includes(state.name) });
  });
}

for (const questionnaire of ['homeshare-homesharer', 'homeshare-householder']) {
  const own = ALL ? every() : [{ ...sample()[0], language: 'cy' }];
  for (const look of own) {
    test(`all questions of ${questionnaire}: ${named(look)}`, async ({ arrive }) => {
      const visitor = await arrive(eyes(look));
      const { items } = await visitor.api.send('GET', `/questionnaires/${questionnaire}`);
      const questions = items.filter((i) => !i.ask_if).map((i) => ({ name: i.id, draft: 'begun', path: `/survey/q/${i.id}`, fresh: true, question: true, skip: i.type !== 'note' }));
      const scales = of(questionnaire).filter((s) => s.of);
      await lookAt(visitor, [...questions, ...scales], { settings: look, questionnaire, checks: WITH_FOCUS, deep: (s) => s.name === 'scale' });
    });
  }
}

for (const look of [{ language: 'en', contrast: 'light' }, { language: 'cy', contrast: 'device' }]) {
  test(`all pages outside a survey: ${look.contrast}, ${look.language}`, async ({ arrive }) => {
    const visitor = await arrive(eyes(look));
    await lookAt(visitor, OUTSIDE, { settings: look, checks: WITH_FOCUS });
  });
}

/** With KHI_STATES=PATTERN, only the states whose names begin so: for whoever works on a few pages. */
const chosen = (states) => states.filter((state) => new RegExp(`^(${process.env.KHI_STATES ?? ''})`).test(state.name));
/** Every page fits into the window without scrolling sideways. */
const fitting = (states, width) => states.map((state) => ({ ...state, then: async (visitor) => {
  await state.then?.(visitor);
  expect(await visitor.page.evaluate(() => document.documentElement.scrollWidth), state.name).toBeLessThanOrEqual(width);
} }));

for (const colorScheme of ['light', 'dark']) {
  test(`pages for everybody: ${colorScheme}`, async ({ arrive }) => {
    const visitor = await arrive({ colorScheme });
    await lookAt(visitor, chosen(PUBLIC), { checks: ENGINES });
  });
}

for (const [colorScheme, width] of [['dark', 1280], ['light', 320]]) {
  test(`pages of the public site: ${colorScheme}, ${width} pixels`, async ({ arrive }) => {
    const visitor = await arrive({ colorScheme, viewport: { width, height: 900 } });
    await lookAt(visitor, fitting(chosen(PUBLIC.filter((state) => state.site)), width), { checks: ENGINES });
  });
}

for (const [colorScheme, width] of [['light', 800], ['dark', 320]]) {
  test(`pages for staff: ${colorScheme}, ${width} pixels`, async ({ arrive }) => {
    const visitor = await arrive({ colorScheme, viewport: { width, height: 900 } });
    await lookAt(visitor, chosen(STAFF), { checks: ENGINES });
    expect(await visitor.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  });
}

test('axe-core runs every rule it has, also those that are off by default', () => {
  for (const rule of ['target-size', 'color-contrast-enhanced', 'identical-links-same-purpose', 'meta-refresh-no-exceptions', 'label-content-name-mismatch']) {
    expect(RULES).toContain(rule);
  }
  record('rules of axe-core', RULES.length, 'most');
});
