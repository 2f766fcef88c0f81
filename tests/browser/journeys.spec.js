// From the link to the receipt, by people who use the web in very different ways. Everybody must arrive, and nothing they say may be lost.
import { content, staysStill } from './checks/behaviour.js';
import { fits, SPACING } from './checks/shape.js';
import { helpInItsPlace, says } from './checks/words.js';
import { expect, none, person, record, step, test } from './support/visitor.js';

const RECEIPT = /^1?[0-9A-Z]{1,3}(-[0-9A-Z]{4}){4}$/;

/** On every page of a journey: right language, nothing chosen for anybody, help in its place, nothing to scroll sideways, nothing cut off. */
function onEveryPage(found, { lang = 'en', more = [] } = {}) {
  return async ({ page, place }) => {
    const answering = /^\/survey\/(q\/|who|count|company|quotes|ask-again|share|helper)/.test(new URL(page.url()).pathname);
    const faults = [...(await says(page, { lang, fresh: answering })), ...(await helpInItsPlace(page)), ...(await fits(page))];
    for (const check of more) faults.push(...(await check(page)));
    found.push(...faults.map((fault) => `${place}: ${fault}`));
  };
}

/** Somebody answers a whole survey: from their link, through every page, to the receipt. */
async function wholeJourney(visitor, { who = person(), questionnaire, link, settings = {}, lang, more, begin = (survey) => survey.start() } = {}) {
  const { survey, page, api } = visitor;
  const found = [];
  const look = onEveryPage(found, { lang, more });
  let pages = 0;
  await step('They open their link', async () => {
    link ??= (await api.invite({ questionnaire })).link;
    const query = new URLSearchParams(settings).toString();
    await survey.open(query ? `${link}?${query}` : link);
    await look(survey);
  });
  await step('They start', () => begin(survey));
  await step('They answer page by page, and send', () => survey.answer(who, { look: async (at) => { pages += 1; await look(at); } }));
  await step('They get a receipt', async () => {
    expect(survey.place).toBe('sent');
    expect(await survey.receipt()).toMatch(RECEIPT);
  });
  none(found);
  record('journeys finished', 1);
  record('pages met on journeys', pages + 1);
  return { page, pages };
}

for (const questionnaire of ['shared-lives', 'homeshare-homesharer']) {
  test(`somebody who cannot use a mouse answers ${questionnaire} by keyboard alone`, async ({ arrive }) => {
    const visitor = await arrive({ keyboard: true, voices: ['en-GB'] });
    await wholeJourney(visitor, { questionnaire, who: person({ who: 'helped' }) });
    none(visitor.hand.faults);
    expect(Object.keys(visitor.hand.keys).every((key) => ['Tab', 'Shift+Tab', 'ArrowDown', 'ArrowUp', 'Space', 'Enter', 'Control+a'].includes(key))).toBe(true);
    await test.info().attach('focus order', { body: visitor.hand.stops.join('\n') });
    record('focus stops on journeys by keyboard', visitor.hand.stops.length);
  });
}

test('by keyboard somebody changes an answer, opens help, skips, and goes back', async ({ arrive }) => {
  const visitor = await arrive({ keyboard: true });
  const { survey, page } = visitor;
  await visitor.begin((await visitor.api.invite()).link);
  await visitor.hurry(person(), 'enough-contact');
  await visitor.goTo('/survey/q/enough-contact');
  await step('They read whom to call, and close it again', async () => {
    await survey.help();
    await expect(page.locator('.numbers')).toBeVisible();
    await survey.help();
    await expect(page.locator('.numbers')).toBeHidden();
  });
  await step('They skip a question, and go back to answer it', async () => {
    await survey.skip();
    expect(survey.place).toBe('friends-make');
    await survey.back();
    await survey.choose('sometimes');
    await survey.choose('no');
    await survey.goOn();
  });
  await step('They change an answer before sending', async () => {
    await visitor.hurry(person(), 'check');
    await visitor.goTo('/survey/check');
    const before = await survey.answers();
    await survey.change('enough-contact');
    expect(await survey.chosen()).toEqual(['no']);
    await survey.choose('yes');
    await survey.goOn();
    expect(survey.place).toBe('check');
    expect({ ...(await survey.answers()), 'enough-contact': '' }).toEqual({ ...before, 'enough-contact': '' });
  });
  await survey.send();
  expect(survey.place).toBe('sent');
  none(visitor.hand.faults);
});

test('somebody whose script does not load answers, and misses nothing', async ({ arrive }) => {
  const visitor = await arrive({ javaScriptEnabled: false });
  await wholeJourney(visitor, { who: person({ who: 'helped', company: 'alone' }) });
});

test('a page without script says and offers all that it does with script', async ({ arrive }) => {
  const [withScript, without] = [await arrive({ voices: ['en-GB'] }), await arrive({ javaScriptEnabled: false })];
  const { link } = await withScript.api.invite();
  for (const visitor of [withScript, without]) await visitor.begin(link);
  await withScript.hurry(person(), 'check');
  for (const path of ['/survey/who', '/survey/q/friends', '/survey/q/connected', '/survey/q/choose-what', '/survey/q/one-thing', '/survey/check', '/survey/look', '/survey/stop']) {
    await Promise.all([withScript.goTo(path), without.goTo(path)]);
    const strip = (c) => ({ ...c, words: c.words.replace(/You answered this before\. Your answer is hidden\. You can choose again\.|No answer/g, '') });
    expect((await content(without.page)).controls.length, path).toBe((await content(withScript.page)).controls.length);
    expect(strip(await content(without.page)).words.length, path).toBeGreaterThan(100);
  }
});

test('on a small phone', async ({ arrive }) => {
  await wholeJourney(await arrive({ viewport: { width: 320, height: 568 }, hasTouch: true, isMobile: true }), { who: person({ who: 'helped' }) });
});

test('on a phone held sideways', async ({ arrive }) => {
  await wholeJourney(await arrive({ viewport: { width: 568, height: 320 } }), { questionnaire: 'homeshare-homesharer' });
});

for (const keyboard of [false, true]) {
  test(`in a window of 1280 px at 400%${keyboard ? ', by keyboard' : ''}`, async ({ arrive }) => {
    const visitor = await arrive({ viewport: { width: 320, height: 256 }, deviceScaleFactor: 4, keyboard });
    await wholeJourney(visitor, { who: person({ who: 'helped' }), questionnaire: keyboard ? 'homeshare-homesharer' : 'shared-lives' });
    none(visitor.hand.faults ?? []);
  });
}

test('in forced colours', async ({ arrive }) => {
  await wholeJourney(await arrive({ forcedColors: 'active', colorScheme: 'dark', keyboard: true }), { who: person({ who: 'helped' }) });
});

test('in Welsh, easy read', async ({ arrive }) => {
  await wholeJourney(await arrive({ language: 'cy' }), { lang: 'cy', who: person({ who: 'helped' }) });
});

test('in Welsh, in usual words', async ({ arrive }) => {
  await wholeJourney(await arrive(), { lang: 'cy', settings: { language: 'cy', rendition: 'standard' }, questionnaire: 'homeshare-householder' });
});

test('in usual words, without pictures', async ({ arrive }) => {
  const { page } = await wholeJourney(await arrive(), { settings: { rendition: 'standard', pictures: 'no' } });
  await expect(page.locator('svg')).toHaveCount(0);
});

test('in the largest words on a small phone', async ({ arrive }) => {
  await wholeJourney(await arrive({ viewport: { width: 320, height: 568 } }), { settings: { size: 'largest', spacing: 'wide' }, questionnaire: 'homeshare-homesharer' });
});

test('with a reader’s own spacing, nothing is cut off', async ({ arrive }) => {
  const visitor = await arrive({ viewport: { width: 320, height: 568 } });
  await visitor.context.addInitScript((rules) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(rules);
    document.adoptedStyleSheets = [sheet];
  }, SPACING);
  await wholeJourney(visitor, { who: person({ who: 'helped' }) });
});

test('nothing moves for somebody who asked for less motion', async ({ arrive }) => {
  await wholeJourney(await arrive({ reducedMotion: 'reduce' }), { more: [staysStill] });
});

test('somebody is helped, and goes on together', async ({ arrive }) => {
  const visitor = await arrive();
  const met = [];
  await wholeJourney(visitor, { who: person({ who: 'helped' }), more: [async (page) => (met.push(new URL(page.url()).pathname), [])] });
  for (const place of ['company', 'helper', 'helper-how', 'helper-support']) expect(met).toContain(`/survey/${place}`);
});

test('somebody is helped, and answers the private questions alone: the helper sees nothing of it', async ({ arrive }) => {
  const visitor = await arrive();
  const { survey, page } = visitor;
  await visitor.begin((await visitor.api.invite()).link);
  await visitor.hurry(person({ who: 'helped' }), 'company');
  await visitor.goTo('/survey/company');
  await step('They say that they want to be alone', async () => {
    await survey.choose('alone');
    await survey.goOn();
    await expect(page.locator('.eyebrow')).toBeVisible();
  });
  await step('They answer, and see their own answer when they go back', async () => {
    await survey.choose('no');
    await survey.goOn();
    await survey.back();
    expect(await survey.chosen()).toEqual(['no']);
  });
  await survey.answer(person(), { until: 'check' });
  await step('Afterwards nothing of it can be seen, on no page', async () => {
    await expect(page.locator('.row', { has: page.locator('a[href*="/kind?"]') }).locator('.said.quiet')).toHaveCount(1);
    for (const place of ['kind', 'listened-to', 'safe', 'someone-to-tell', 'one-thing']) {
      await visitor.goTo(`/survey/q/${place}?change=yes`);
      expect(await survey.chosen(), place).toEqual([]);
      await expect(page.locator('#saved'), place).toBeVisible();
      expect(await page.content()).not.toContain('A dog to walk with');
    }
  });
  await visitor.goTo('/survey/check');
  await survey.send();
  expect(survey.place).toBe('sent');
});

test('somebody else answers, and is not asked what only the person can say', async ({ arrive }) => {
  const met = [];
  await wholeJourney(await arrive(), { questionnaire: 'homeshare-homesharer', who: person({ who: 'proxy' }), more: [async (page) => (met.push(new URL(page.url()).pathname), [])] });
  for (const place of ['satis', 'worth', 'happy', 'anxious', 'ucla1', 'direct']) expect(met).not.toContain(`/survey/q/${place}`);
  for (const place of ['company', 'quotes', 'share', 'helper-how']) expect(met).not.toContain(`/survey/${place}`);
});

test('somebody puts the private questions off, comes back, and is asked again', async ({ arrive }) => {
  const visitor = await arrive();
  const { survey, page } = visitor;
  const { link } = await visitor.api.invite();
  const who = person({ who: 'helped', company: 'later' });
  await visitor.begin(link);
  await visitor.hurry(who, 'check');
  await visitor.goTo('/survey/check');
  await expect(page.locator('.saved')).toBeVisible();
  expect(Object.keys(await survey.answers())).not.toContain('safe');
  await survey.stop();
  await survey.choose('keep');
  await survey.goOn();
  await step('They come back on their own', async () => {
    await survey.open(link);
    await survey.carryOn();
    expect(survey.place).toBe('company');
    await survey.answer(person({ who: 'helped', company: 'alone' }));
    expect(survey.place).toBe('sent');
  });
});

for (const choice of ['keep', 'keep-shown']) {
  test(`somebody stops, ${choice === 'keep' ? 'and what they said is hidden' : 'and sees what they said'} when they come back elsewhere`, async ({ arrive }) => {
    const [here, there] = [await arrive(), await arrive()];
    const { link } = await here.api.invite();
    await here.survey.open(link);
    await here.survey.start();
    await here.survey.answer(person(), { until: 'friends-make' });
    await step('They choose an answer, and stop at once', async () => {
      await here.survey.choose('same');
      await here.survey.stop();
      await here.survey.choose(choice);
      await here.survey.goOn();
      await expect(here.page.locator('h1')).toBeVisible();
    });
    await step('On another device they go on where they were', async () => {
      await there.survey.open(link);
      await there.survey.carryOn();
      expect(there.survey.place).toBe('friends-keep');
      await there.survey.back();
      expect(await there.survey.chosen()).toEqual(choice === 'keep' ? [] : ['same']);
      await there.survey.goOn();
      await there.survey.answer(person(), { until: 'check' });
      if (choice === 'keep') await expect(there.page.locator('.row', { has: there.page.locator('a[href*="/friends-make?"]') }).locator('.said.quiet')).toHaveCount(1);
      await there.survey.send();
      expect(there.survey.place).toBe('sent');
    });
    await step('The first browser no longer has a place', async () => {
      await here.goTo('/survey/check');
      await expect(here.page.locator('main a[href="/s"]')).toBeVisible();
    });
  });
}

test('somebody throws their answers away, and can begin again', async ({ arrive }) => {
  const visitor = await arrive();
  const { survey } = visitor;
  const { link } = await visitor.api.invite();
  await visitor.begin(link);
  await visitor.hurry(person(), 'connected');
  await visitor.goTo('/survey/q/connected');
  await survey.stop();
  await survey.choose('throw');
  await survey.goOn();
  expect(survey.place).toBe('thrown-away');
  await survey.open(link);
  await survey.start();
  expect(survey.place).toBe('who');
  await survey.answer(person(), { until: 'check' });
});

test('somebody has said enough, and sends what they have', async ({ arrive }) => {
  const visitor = await arrive();
  const { survey } = visitor;
  await visitor.begin((await visitor.api.invite()).link);
  await visitor.hurry(person(), 'healthier');
  await visitor.goTo('/survey/q/healthier');
  await survey.stop();
  await survey.choose('send');
  await survey.goOn();
  await survey.answer(person(), {});
  expect(survey.place).toBe('sent');
});

test('somebody types the code from their letter', async ({ arrive }) => {
  const visitor = await arrive({ keyboard: true });
  const { survey, page, api } = visitor;
  const { code } = await api.invite();
  await visitor.goTo('/s');
  await step('They press the button too early, and are told what to do', async () => {
    await survey.carryOn();
    await expect(page.locator('.problem')).toBeFocused();
  });
  await step('They type it in small letters, with spaces', async () => {
    await survey.write(code.toLowerCase().replaceAll('-', ' '));
    await survey.carryOn();
  });
  await survey.start();
  await survey.answer(person());
  expect(survey.place).toBe('sent');
  none(visitor.hand.faults);
});

test('somebody uses a link that is open to all, stops, and comes back by the code they got', async ({ arrive }) => {
  const visitor = await arrive();
  const { survey } = visitor;
  await survey.open((await visitor.api.openLink()).link);
  await survey.start();
  await survey.answer(person(), { until: 'going-out' });
  await survey.stop();
  await survey.choose('keep');
  await survey.goOn();
  const code = await survey.receipt();
  await visitor.goTo('/s');
  await survey.write(code);
  await survey.carryOn();
  await survey.carryOn();
  expect(survey.place).toBe('going-out');
  await survey.answer(person());
  expect(survey.place).toBe('sent');
});

test('somebody wants only a few questions', async ({ arrive }) => {
  const few = await wholeJourney(await arrive(), { begin: (survey) => survey.startWithFew() });
  const all = await wholeJourney(await arrive());
  expect(few.pages).toBeLessThan(all.pages - 8);
});

test('what somebody chose is kept, whichever way they leave the page', async ({ arrive }) => {
  const visitor = await arrive();
  const { survey, page } = visitor;
  await visitor.begin((await visitor.api.invite()).link);
  await visitor.hurry(person(), 'connected');
  await visitor.goTo('/survey/q/connected');
  await step('Back, and on again', async () => {
    await survey.choose('worse');
    await survey.back();
    await survey.goOn();
    expect(await survey.chosen()).toEqual(['worse']);
  });
  await step('To another language, larger words and other colours', async () => {
    await survey.choose('same');
    await survey.changeLook();
    await survey.looks({ language: 'cy', size: 'largest', contrast: 'high', pictures: 'no', spacing: 'wide' });
    expect(survey.place).toBe('connected');
    expect(await survey.chosen()).toEqual(['same']);
    await expect(page.locator('html')).toHaveAttribute('lang', 'cy');
    await expect(page.locator('html')).toHaveAttribute('data-contrast', 'high');
    await expect(page.locator('html')).toHaveAttribute('data-size', 'largest');
    await expect(page.locator('main svg')).toHaveCount(0);
  });
  await step('To usual words, and back to English', async () => {
    await survey.changeLook();
    await survey.looks({ language: 'en', rendition: 'standard' });
    expect(await survey.chosen()).toEqual(['same']);
  });
  await step('By the browser’s own Back, and a reload', async () => {
    await survey.goOn();
    await page.goBack();
    await page.reload();
    expect(await survey.chosen()).toEqual(['same']);
  });
  await step('To stop, and back', async () => {
    await survey.choose('better');
    await survey.stop();
    await survey.back();
    expect(await survey.chosen()).toEqual(['better']);
  });
});

test('the look is remembered for the next time', async ({ arrive }) => {
  const [first, next] = [await arrive(), await arrive()];
  const { link } = await first.api.invite();
  await first.survey.open(link);
  await first.survey.changeLook();
  await first.survey.looks({ size: 'large', contrast: 'dark', language: 'cy' });
  await expect(first.page.locator('html')).toHaveAttribute('data-size', 'large');
  await first.survey.start();
  await next.survey.open(link);
  await expect(next.page.locator('html')).toHaveAttribute('data-contrast', 'dark');
  await expect(next.page.locator('html')).toHaveAttribute('lang', 'cy');
});

test('an error says what to do, beside the answer and above, and loses nothing', async ({ arrive }) => {
  const visitor = await arrive();
  const { survey, page } = visitor;
  await visitor.begin((await visitor.api.invite()).link);
  await visitor.hurry(person(), 'friends');
  await visitor.goTo('/survey/q/friends');
  await survey.write('about five');
  await survey.goOn();
  await expect(page).toHaveTitle(/^Error: /);
  await expect(page.locator('.problem')).toBeFocused();
  await expect(page.locator('#answer')).toHaveValue('about five');
  await page.locator('.problem a').click();
  await expect(page.locator('#answer')).toBeFocused();
  await survey.write('5');
  await survey.goOn();
  expect(survey.place).toBe('enough-contact');
});

test('after sending, the link says thank you and shows nothing', async ({ arrive }) => {
  const [first, later] = [await arrive(), await arrive()];
  const { link } = await first.api.invite();
  await first.begin(link);
  await first.hurry(person(), 'sent');
  await later.survey.open(link);
  await expect(later.page.locator('#page')).toHaveCount(0);
  await first.goTo('/survey/q/connected');
  expect(first.survey.place).toBe('sent');
  await step('They take their answers back with the receipt', async () => {
    const code = await first.survey.receipt();
    await first.goTo('/withdraw');
    await first.survey.write(code);
    await first.survey.press('#page button.main');
    await expect(first.page.locator('#page')).toHaveCount(0);
  });
});

test('listening begins when somebody asks for it, in their language only', async ({ arrive }) => {
  const english = await arrive({ voices: ['en-GB', 'fr-FR'] });
  const { survey, page } = english;
  const { link } = await english.api.invite();
  const button = page.locator('[data-listen]');
  await step('Nothing is said by itself', async () => {
    await survey.open(link);
    await expect(button).toBeVisible();
    expect(await page.evaluate(() => window.said)).toEqual([]);
  });
  await step('The page is read out, from its heading on', async () => {
    await button.click();
    await expect.poll(() => page.evaluate(() => window.said.length)).toBeGreaterThan(3);
    const said = await page.evaluate(() => window.said);
    expect(said[0].text).toBe((await page.locator('h1').innerText()).trim());
    expect(new Set(said.map((s) => s.lang))).toEqual(new Set(['en-GB']));
  });
  await step('Without a Welsh voice, nothing offers to read Welsh', async () => {
    await survey.open(`${link}?language=cy`);
    await expect(button).toBeHidden();
  });
});
