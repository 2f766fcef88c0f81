// What has a number: how much a page weighs, how large things are to press, how many stops and keys it takes.
import { FIRST } from './support/answers.js';
import { MOST_STOPS } from './checks/index.js';
import { tabThrough } from './checks/focus.js';
import { chosenShows } from './checks/pixels.js';
import { targets } from './checks/shape.js';
import { helpPlace } from './checks/words.js';
import { OF_SURVEY, OUTSIDE, Drafts, show, showOutside } from './states.js';
import { expect, none, person, record, test } from './support/visitor.js';

/** What a browser that knows nothing of us fetches for a page: bytes over the wire with headers, and requests, the icon included. */
async function weigh(visitor, address) {
  const client = await visitor.context.newCDPSession(visitor.page);
  await client.send('Network.enable');
  let bytes = 0;
  const requests = new Set();
  client.on('Network.requestWillBeSent', (event) => requests.add(event.requestId));
  client.on('Network.loadingFinished', (event) => { bytes += event.encodedDataLength; });
  await visitor.page.goto(address, { waitUntil: 'networkidle' });
  expect(visitor.page.url()).toBe(address);
  const icon = await visitor.page.locator('link[rel~="icon"]').getAttribute('href');
  const asked = [...visitor.seen.requests].some((url) => url.endsWith(icon));
  const body = asked ? 0 : (await (await visitor.request.get(new URL(icon, visitor.at).href)).body()).length;
  return { bytes: bytes + body, requests: requests.size + (asked ? 0 : 1) };
}

for (const [name, questionnaire, place] of [['the first question', 'shared-lives', 'friends'], ['a question with a scale', 'homeshare-homesharer', 'satis'], ['a question with pictures', 'shared-lives', 'choose-what']]) {
  test(`${name} weighs at most 50 kB, in at most 10 requests, all to us`, async ({ arrive }) => {
    const [before, visitor] = [await arrive(), await arrive({ voices: ['en-GB'] })];
    await before.begin((await before.api.invite({ questionnaire })).link);
    await before.hurry(person(), FIRST);
    await visitor.context.addCookies(await before.context.cookies());
    const { bytes, requests } = await weigh(visitor, `${visitor.at}/survey/q/${place}`);
    expect(bytes).toBeLessThanOrEqual(50_000);
    expect(requests).toBeLessThanOrEqual(10);
    record(`bytes of ${name}`, bytes, 'most');
    record(`requests of ${name}`, requests, 'most');
  });
}

test('answers are at least 60 px high, and 76 px in large print', async ({ arrive }) => {
  const faults = [];
  for (const [size, least] of [['normal', 60], ['large', 76], ['largest', 76]]) {
    const visitor = await arrive({ voices: ['en-GB'], viewport: { width: 320, height: 568 } });
    for (const questionnaire of ['shared-lives', 'homeshare-homesharer']) {
      const drafts = new Drafts(visitor, { size, pictures: 'no' }, questionnaire);
      for (const state of OF_SURVEY.filter((s) => s.question && (!s.of || s.of === questionnaire))) {
        await show(visitor, drafts, state);
        for (const target of await targets(visitor.page)) {
          const smallest = Math.min(target.width, target.height);
          record(target.answer ? `smallest answer in ${size} print, px` : `smallest of everything else in ${size} print, px`, smallest, 'least');
          if (target.answer && (target.height < least || target.width < 60)) faults.push(`${size}: ${state.name}: ${Math.round(target.width)} x ${Math.round(target.height)}: ${target.what}`);
        }
      }
    }
  }
  none(faults);
});

test(`a page with a question has at most ${MOST_STOPS} focus stops, all answers counted as one`, async ({ arrive }) => {
  const faults = [];
  const visitor = await arrive({ voices: ['en-GB'] });
  for (const questionnaire of ['shared-lives', 'homeshare-homesharer']) {
    const drafts = new Drafts(visitor, {}, questionnaire);
    for (const state of OF_SURVEY.filter((s) => s.question && (!s.of || s.of === questionnaire))) {
      await show(visitor, drafts, state);
      const { counted, stops } = await tabThrough(visitor.page);
      if (counted > MOST_STOPS) faults.push(`${state.name}: ${stops.map((s) => s.what).join(', ')}`);
      record('most focus stops on a page with a question', counted, 'most');
    }
  }
  none(faults);
});

test('after an answer, at most three keys lead on', async ({ arrive }) => {
  const visitor = await arrive({ voices: ['en-GB'] });
  const { page, survey } = visitor;
  for (const [questionnaire, place, value] of [['shared-lives', 'connected', 'worse'], ['shared-lives', 'choose-what', 'time-alone'], ['homeshare-homesharer', 'satis', '10']]) {
    const drafts = new Drafts(visitor, {}, questionnaire);
    await show(visitor, drafts, { draft: 'begun', path: `/survey/q/${place}` });
    await survey.card(value).focus();
    await page.keyboard.press('Space');
    let keys = 0;
    for (; keys < 20 && survey.place === place; keys += 1) {
      const onContinue = await page.evaluate(() => document.activeElement.value === 'continue' && document.activeElement.tagName === 'BUTTON');
      const moved = onContinue ? page.waitForURL((url) => !url.pathname.endsWith(place)) : null;
      await page.keyboard.press(onContinue ? 'Enter' : 'Tab');
      await moved;
    }
    expect(keys, place).toBeLessThanOrEqual(3);
    record('most keys after an answer', keys, 'most');
  }
});

test('help is in the same place on every page', async ({ arrive }) => {
  const places = new Map();
  for (const [states, look] of [[OF_SURVEY.filter((s) => !s.of || s.of === 'shared-lives'), showSurvey], [OUTSIDE, async (v, _d, s) => showOutside(v, s)]]) {
    const visitor = await arrive();
    const drafts = new Drafts(visitor);
    for (const state of states) {
      await look(visitor, drafts, state);
      const place = await helpPlace(visitor.page);
      places.set(place, [...(places.get(place) ?? []), state.name]);
    }
  }
  if (places.size !== 1) throw new Error([...places].map(([place, names]) => `${place}: ${names.join(', ')}`).join('\n'));
  record('pages with help in the same place', [...places.values()][0].length);
});

async function showSurvey(visitor, drafts, state) {
  await show(visitor, drafts, state);
}

test('no two pages of a survey have the same title', async ({ arrive }) => {
  const visitor = await arrive();
  const titles = [];
  await visitor.begin((await visitor.api.invite()).link);
  await visitor.goTo('/survey');
  await visitor.survey.answer(person({ who: 'helped' }), { look: async ({ page }) => { titles.push(await page.title()); } });
  expect(titles.filter((title, n) => titles.indexOf(title) !== n)).toEqual([]);
});

for (const [name, eyes, settings] of [
  ['in forced colours', { forcedColors: 'active' }, {}], ['in forced colours on black', { forcedColors: 'active', colorScheme: 'dark' }, {}],
  ['in light', {}, { contrast: 'light' }], ['in dark', {}, { contrast: 'dark' }], ['in high contrast', {}, { contrast: 'high' }],
]) {
  test(`a chosen answer looks chosen without its colour, ${name}`, async ({ arrive }) => {
    const visitor = await arrive(eyes);
    const faults = [];
    for (const [questionnaire, places] of [['shared-lives', ['connected', 'choose-what']], ['homeshare-homesharer', ['satis']]]) {
      const drafts = new Drafts(visitor, { ...settings, size: 'largest' }, questionnaire);
      for (const place of places) {
        await show(visitor, drafts, { draft: 'begun', path: `/survey/q/${place}` });
        faults.push(...(await chosenShows(visitor.page)));
      }
    }
    none(faults);
  });
}
