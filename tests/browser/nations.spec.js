// A person in Scotland, Wales or Northern Ireland meets their own nation's numbers and words, and none that hold in England only.
import { post } from './support/answers.js';
import { NATIONS } from './support/api.js';
import { expect, none, person, record, test } from './support/visitor.js';

/** What belongs to one nation's services, in both languages. Words that another nation has as well are left out for that one. */
function own(nation) {
  const words = (texts) => Object.values(texts ?? {});
  return new Set([
    ...nation.advice.flatMap((a) => words(a.name)), ...words(nation.regulator.name), ...words(nation.regulator.short),
    ...words(nation.capacity_law.name), ...words(nation.capacity_law.short), ...words(nation.safeguarding.term), ...words(nation.safeguarding.who_to_tell),
  ]);
}

/** Words that hold in England only, whatever nations.json says. */
const ENGLAND_ONLY = ['CQC', 'Care Quality Commission', 'Comisiwn Ansawdd Gofal', 'NHS England', 'GIG Lloegr', 'Healthwatch', 'Care Act 2014', 'Safeguarding Adults Board', 'Care Certificate', 'England', 'Lloegr'];

function holds(text, words) {
  const escaped = words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\p{L}\\d])${escaped}(?![\\p{L}\\d])`, 'iu').test(text);
}

for (const [key, { code, place }] of Object.entries(NATIONS)) {
  for (const questionnaire of ['shared-lives', 'homeshare-homesharer', 'homeshare-householder']) {
    test(`in ${key}, ${questionnaire} speaks of what there is in ${place}`, async ({ arrive }) => {
      const visitor = await arrive();
      const { items: nations } = await visitor.api.send('GET', '/nations');
      const here = nations.find((n) => n.code === code);
      const mine = own(here);
      const foreign = nations.filter((n) => n !== here).flatMap((n) => [...own(n)]).filter((words) => !mine.has(words));
      if (key !== 'england') foreign.push(...ENGLAND_ONLY);
      const numbers = new Set(['999', '01632960123', ...here.advice.map((a) => a.number.replace(/\D/g, ''))]);
      const faults = [];
      for (const language of ['en', 'cy']) {
        for (const rendition of ['easy-read', 'standard']) {
          const { link } = await visitor.api.invite({ nation: key, questionnaire });
          const pages = [`${link}?language=${language}&rendition=${rendition}`];
          await visitor.context.clearCookies();
          await visitor.begin(link, { language, rendition });
          const { items } = await visitor.api.send('GET', `/questionnaires/${questionnaire}`);
          await visitor.hurry(person({ who: 'helped', experience: 'poor' }), 'check');
          pages.push(...['who', 'count', 'company', 'quotes', 'ask-again', 'share', 'helper', 'helper-how', 'helper-support', 'check', 'look', 'stop', ...items.map((i) => `q/${i.id}`)].map((p) => `${visitor.at}/survey/${p}`));
          for (const address of pages) await visited(address);
          await post(visitor.request, `${visitor.at}/survey/check`, { go: 'send' });
          await visited(`${visitor.at}/survey/sent`);
          await visited(link);

          async function visited(address) {
            const answer = await visitor.request.get(address);
            const html = (await answer.text()).replace(/<(style|script)[\s\S]*?<\/\1>/g, '');
            const text = html.replace(/<[^>]+>/g, ' ').replaceAll('&#39;', "'").replaceAll('&amp;', '&').replace(/\s+/g, ' ');
            // What stands in a longer word of this nation's own is its own: “NHS 111” in “NHS 111 Wales”.
            const rest = [...mine].sort((a, b) => b.length - a.length).reduce((t, words) => t.replaceAll(words, '·'), text);
            const where = `${new URL(answer.url()).pathname} (${language}, ${rendition})`;
            if (!answer.ok()) faults.push(`${where}: ${answer.status()}`);
            faults.push(...foreign.filter((words) => holds(rest, words)).map((words) => `${where}: “${words}”`));
            const called = [...html.matchAll(/href="tel:([^"]*)"/g)].map((m) => m[1]);
            if (!called.includes('999')) faults.push(`${where}: no number for danger`);
            faults.push(...called.filter((n) => !numbers.has(n)).map((n) => `${where}: calls ${n}`));
            faults.push(...[...numbers].filter((n) => !called.includes(n)).map((n) => `${where}: does not give ${n}`));
            record('pages read in four nations', 1);
          }
        }
      }
      none(faults);
    });
  }
}

test('in Northern Ireland, whoever opens help sees Lifeline, and no 111', async ({ arrive }) => {
  const visitor = await arrive();
  await visitor.survey.open((await visitor.api.invite({ nation: 'northern-ireland' })).link);
  await visitor.survey.help();
  await expect(visitor.page.locator('.numbers')).toContainText('0808 808 8000');
  await expect(visitor.page.locator('.numbers')).not.toContainText('111');
});

test('where it is not known in which nation somebody is, only what holds in all of them is said', async ({ arrive }) => {
  const visitor = await arrive();
  for (const path of ['/s', '/withdraw', '/survey/check', '/survey/thrown-away']) {
    await visitor.goTo(path);
    const called = await visitor.page.locator('details.help a').evaluateAll((links) => links.map((l) => l.getAttribute('href')));
    expect(called).toEqual(['tel:999', 'tel:116123']);
  }
});
