// Every page in every state that a person can meet, with the way to it. Accessibility is checked on each; faults are planted in some.
import { FIRST, person, post } from './support/answers.js';

/** Sends the page's form as it is, and waits for the page that follows. */
const sendAsIs = async ({ survey }) => survey.goOn();
const press = (selector) => async ({ survey }) => survey.press(selector);
const openHelp = async ({ survey }) => survey.help();
const write = (text, then = sendAsIs) => async (visitor) => {
  await visitor.page.locator('#answer').fill(text);
  await then(visitor);
};
const choose = (...values) => async (visitor) => {
  for (const value of values) await visitor.survey.choose(value);
};
const both = (first, second) => async (visitor) => {
  await first(visitor);
  await second(visitor);
};

/**
 * States within somebody's survey, which all follow the look that was chosen. `draft` says how far the survey has come (see `Drafts`),
 * `path` is the address, `then` what is done there. `fresh`: nothing may be chosen beforehand. `error`: the page says what was wrong.
 */
export const OF_SURVEY = [
  { name: 'start', draft: 'unopened', path: (d) => d.startAddress, fresh: true },
  { name: 'start, help opened', draft: 'unopened', path: (d) => d.startAddress, then: openHelp },
  { name: 'look before start', draft: 'unopened', path: (d) => d.lookAddress },
  { name: 'start again', draft: 'begun', path: (d) => d.link },
  { name: 'who', draft: 'started', path: '/survey/who', fresh: true, question: true },
  { name: 'who, nothing chosen', draft: 'started', path: '/survey/who', then: sendAsIs, fresh: true, error: true },
  { name: 'count', draft: 'counting', path: '/survey/count', fresh: true, question: true },
  { name: 'count, nothing chosen', draft: 'counting', path: '/survey/count', then: sendAsIs, error: true },
  { name: 'note', draft: 'begun', path: '/survey/q/about-feelings', question: true, of: 'homeshare-homesharer' },
  { name: 'number', draft: 'begun', path: '/survey/q/friends', fresh: true, question: true, skip: true, of: 'shared-lives' },
  { name: 'number, nothing written', draft: 'begun', path: '/survey/q/friends', then: sendAsIs, error: true, of: 'shared-lives' },
  { name: 'number, no number', draft: 'begun', path: '/survey/q/friends', then: write('lots'), error: true, of: 'shared-lives' },
  { name: 'number, too large', draft: 'begun', path: '/survey/q/friends', then: write('1000'), error: true, of: 'shared-lives' },
  { name: 'number, answered', draft: 'whole', path: '/survey/q/friends', of: 'shared-lives' },
  { name: 'single', draft: 'begun', path: '/survey/q/connected', fresh: true, question: true, skip: true },
  { name: 'single, nothing chosen', draft: 'begun', path: '/survey/q/connected', then: sendAsIs, error: true },
  { name: 'single, answered', draft: 'whole', path: '/survey/q/connected' },
  { name: 'single, help opened', draft: 'begun', path: '/survey/q/connected', then: openHelp },
  { name: 'single, to change', draft: 'whole', path: '/survey/q/connected?change=yes' },
  { name: 'single, answered before', draft: 'back', path: '/survey/q/connected', fresh: true },
  { name: 'scale', draft: 'begun', path: '/survey/q/satis', fresh: true, question: true, skip: true, of: 'homeshare-homesharer' },
  { name: 'scale, nothing chosen', draft: 'begun', path: '/survey/q/satis', then: sendAsIs, error: true, of: 'homeshare-homesharer' },
  { name: 'scale, answered', draft: 'whole', path: '/survey/q/satis', of: 'homeshare-homesharer' },
  { name: 'multiple', draft: 'begun', path: '/survey/q/choose-what', fresh: true, question: true, skip: true, of: 'shared-lives' },
  { name: 'multiple, nothing chosen', draft: 'begun', path: '/survey/q/choose-what', then: sendAsIs, error: true, of: 'shared-lives' },
  { name: 'multiple, not together', draft: 'begun', path: '/survey/q/choose-what', then: both(choose('learning', 'nothing'), sendAsIs), error: true, of: 'shared-lives' },
  { name: 'multiple, answered', draft: 'whole', path: '/survey/q/choose-what', of: 'shared-lives' },
  { name: 'company', draft: 'begun', path: '/survey/company', fresh: true, question: true },
  { name: 'company, nothing chosen', draft: 'begun', path: '/survey/company', then: sendAsIs, error: true },
  { name: 'single, alone', draft: 'alone', path: '/survey/q/kind', fresh: true, question: true, skip: true },
  { name: 'words', draft: 'begun', path: '/survey/q/one-thing', fresh: true, question: true, skip: true },
  { name: 'words, nothing written', draft: 'begun', path: '/survey/q/one-thing', then: sendAsIs, error: true },
  { name: 'words, too long', draft: 'begun', path: '/survey/q/one-thing', then: write('A dog. '.repeat(700)), error: true },
  { name: 'words, answered', draft: 'whole', path: '/survey/q/one-thing' },
  { name: 'words, answered before', draft: 'back', path: '/survey/q/one-thing', fresh: true },
  { name: 'quotes', draft: 'said', path: '/survey/quotes', fresh: true, question: true, skip: true },
  { name: 'quotes, nothing chosen', draft: 'said', path: '/survey/quotes', then: sendAsIs, error: true },
  { name: 'ask again', draft: 'begun', path: '/survey/ask-again', fresh: true, question: true, skip: true },
  { name: 'share', draft: 'begun', path: '/survey/share', fresh: true, question: true, skip: true },
  { name: 'helper', draft: 'begun', path: '/survey/helper', fresh: true, question: true },
  { name: 'helper, nothing chosen', draft: 'begun', path: '/survey/helper', then: sendAsIs, error: true },
  { name: 'helper, for a proxy', draft: 'proxy', path: '/survey/helper', fresh: true, question: true },
  { name: 'how they helped', draft: 'begun', path: '/survey/helper-how', fresh: true, question: true },
  { name: 'how they helped, nothing chosen', draft: 'begun', path: '/survey/helper-how', then: sendAsIs, error: true },
  { name: 'whether they support', draft: 'begun', path: '/survey/helper-support', fresh: true, question: true },
  { name: 'check', draft: 'whole', path: '/survey/check' },
  { name: 'check, answered before', draft: 'back', path: '/survey/check' },
  { name: 'check, answered alone', draft: 'alone-over', path: '/survey/check' },
  { name: 'check, some put off', draft: 'later', path: '/survey/check' },
  { name: 'look', draft: 'begun', path: '/survey/look?from=q/connected' },
  { name: 'stop', draft: 'begun', path: '/survey/stop?from=q/connected', fresh: true },
  { name: 'stop, with all choices', draft: 'counted', path: '/survey/stop?from=q/connected', fresh: true },
  { name: 'stop, nothing chosen', draft: 'begun', path: '/survey/stop?from=q/connected', then: sendAsIs, error: true },
  { name: 'stopped', draft: 'stopping', path: '/survey/stop?from=q/connected', then: both(choose('keep'), sendAsIs), last: true },
  { name: 'stopped, by open link', draft: 'open', path: '/survey/stop?from=q/connected', then: both(choose('keep-shown'), sendAsIs), last: true },
  { name: 'sent', draft: 'sent', path: '/survey/sent' },
  { name: 'sent, help opened', draft: 'sent', path: '/survey/sent', then: openHelp },
  { name: 'sent, not to be counted', draft: 'not-counted', path: '/survey/sent' },
  { name: 'answered', draft: 'sent', path: (d) => d.link },
  { name: 'over', draft: 'over', path: (d) => d.link },
];

/** States outside a survey. They look as the browser asks: light or dark, English or Welsh. */
export const OUTSIDE = [
  { name: 'code', path: '/s', fresh: true },
  { name: 'code, nothing written', path: '/s', then: press('#page button.main'), error: true },
  { name: 'code, unknown', path: '/s', then: write('1J-ABCDE-FGHJK', press('#page button.main')), error: true },
  { name: 'link, unknown', path: '/s/00000000000000000000000000000000' },
  { name: 'no place', path: '/survey/check', alone: true },
  { name: 'no place, help opened', path: '/survey/check', alone: true, then: openHelp },
  { name: 'too many from here', before: tooManyStarts, path: (v) => v.full, then: press('#page button.main'), last: true },
  { name: 'thrown away', path: '/survey/thrown-away' },
  { name: 'withdraw', path: '/withdraw', fresh: true },
  { name: 'withdraw, nothing written', path: '/withdraw', then: press('#page button.main'), error: true },
  { name: 'withdraw, unknown', path: '/withdraw', then: write('1J-ABCD-EFGH-JKMN-PQRS', press('#page button.main')), error: true },
  { name: 'withdrawn', before: sendOne, path: '/withdraw', then: async (v) => { await v.page.locator('#answer').fill(v.code); await v.survey.press('#page button.main'); } },
  { name: 'my answers', path: '/my-answers', fresh: true },
  { name: 'my answers, unknown', path: '/my-answers', then: write('1J-ABCD-EFGH-JKMN-PQRS', press('#page button.main')), error: true },
  { name: 'my answers, seen', lang: 'en', before: sendOne, path: '/my-answers', then: async (v) => { await v.page.locator('#answer').fill(v.code); await v.survey.press('#page button.main'); } },
  { name: 'privacy', path: '/privacy', fresh: true },
  { name: 'complain', path: '/complain', fresh: true },
  { name: 'complain, nothing written', path: '/complain', then: press('#page button.main'), error: true },
  { name: 'visit, hand over', before: signIn, path: '/visit' },
  { name: 'visit, no code', before: signIn, path: '/visit', then: press('#page button.main'), error: true },
  { name: 'visit, no role', before: signIn, path: '/visit', then: async (v) => { await v.page.locator('#answer').fill('1J'); await v.survey.choose('read', 'help'); await v.survey.press('#page button.main'); }, error: true },
  { name: 'visit, handed over', before: signIn, path: '/visit', then: handOver, lang: 'en', last: true },
  { name: 'code, too many tries', path: '/s', before: tooManyCodes, then: write('1J-ABCDE-FGHJK', press('#page button.main')), error: true },
];

const wrong = (path) => async (v) => { if (path) await v.page.goto(`${v.at}${path}`); await v.page.locator('main form button.main').click(); };

/** Pastes a table, and looks what would happen. */
const tryTable = (table) => async (visitor) => { await visitor.page.locator('#table').fill(table); await wrong()(visitor); };

/** Pages for staff, as each role sees them. */
export const STAFF = [
  { name: 'sign in', path: '/sign-in', alone: true },
  { name: 'sign in, nothing written', path: '/sign-in', alone: true, then: wrong() },
  { name: 'forgotten password', path: '/forgotten', alone: true },
  { name: 'forgotten password, asked', path: '/forgotten', alone: true, then: async (v) => { await v.page.locator('#email').fill('nobody@test.example'); await wrong()(v); } },
  { name: 'a set-up link that leads nowhere', path: '/set-up/0000000000', alone: true },
  { name: 'national', before: (v) => as('NATIONAL')(v), path: '/national' },
  { name: 'all accounts', before: (v) => as('NATIONAL')(v), path: '/national/staff' },
  { name: 'all accounts, nobody invited', before: (v) => as('NATIONAL')(v), path: '/national/staff', then: wrong() },
  { name: 'an account that can be changed', before: (v) => as('NATIONAL')(v), path: '/national/staff', then: (v) => v.page.locator('.lines summary').first().click() },
  { name: 'schemes', before: (v) => as('NATIONAL')(v), path: '/national/schemes' },
  { name: 'adding a scheme', before: (v) => as('NATIONAL')(v), path: '/national/schemes/add' },
  { name: 'adding a scheme, nothing written', before: (v) => as('NATIONAL')(v), path: '/national/schemes/add', then: wrong() },
  { name: 'importing schemes', before: (v) => as('NATIONAL')(v), path: '/national/schemes/import' },
  { name: 'areas', before: (v) => as('NATIONAL')(v), path: '/national/areas?q=leeds' },
  { name: 'questionnaires', before: (v) => as('NATIONAL')(v), path: '/national/questionnaires' },
  { name: 'who returned', before: (v) => as('NATIONAL')(v), path: '/national/coverage' },
  { name: 'how long data are kept', before: (v) => as('NATIONAL')(v), path: '/national/retention' },
  { name: 'releases', before: (v) => as('NATIONAL')(v), path: '/national/releases' },
  { name: 'releases, drafted for too long', before: (v) => as('NATIONAL')(v), path: '/national/releases', then: async (v) => { await v.page.locator('#days').fill('x'); await wrong()(v); } },
  { name: 'releases, a draft', before: (v) => as('NATIONAL')(v), path: '/national/releases', then: (v) => openDraft(v) },
  { name: 'releases, a draft that was replaced', before: (v) => as('NATIONAL')(v), path: '/national/releases', then: (v) => v.page.locator('.lines a[href^="/national/releases/"]').last().click() },
  { name: 'releases, a draft that was attacked', before: (v) => as('NATIONAL')(v), path: '/national/releases', then: async (v) => { await openDraft(v); await v.page.locator('form[action$="/attack"] button').click(); } },
  { name: 'releases, publishing is confirmed', before: (v) => as('NATIONAL')(v), path: '/national/releases', then: async (v) => { await openDraft(v); await v.page.goto(`${v.page.url()}/publish`); } },
  { name: 'releases, a draft that is not there', before: (v) => as('NATIONAL')(v), path: '/national/releases/absent' },
  { name: 'complaints', before: (v) => as('NATIONAL')(v), path: '/national/complaints' },
  { name: 'a dashboard of the United Kingdom', before: (v) => as('NATIONAL')(v), path: '/national/dashboard' },
  { name: 'a dashboard of no place', before: (v) => as('NATIONAL')(v), path: '/national/dashboard?place=nowhere' },
  { name: 'a dashboard of an area', before: (v) => as('AREA')(v), path: '/area/dashboard' },
  { name: 'a dashboard of a scheme', before: (v) => as('LEAD')(v), path: '/scheme/dashboard' },
  { name: 'a dashboard of a scheme, its figures opened', before: (v) => as('LEAD')(v), path: '/scheme/dashboard', then: async (v) => { for (const s of await v.page.locator('.panel summary').all()) await s.click(); } },
  { name: 'a report of the United Kingdom', before: (v) => as('NATIONAL')(v), path: '/national/report' },
  { name: 'the state of the sector', before: (v) => as('NATIONAL')(v), path: '/national/report?part=sector' },
  { name: 'a report of no place', before: (v) => as('NATIONAL')(v), path: '/national/report?place=nowhere' },
  { name: 'a report of an area', before: (v) => as('AREA')(v), path: '/area/report' },
  { name: 'a report of a scheme', before: (v) => as('LEAD')(v), path: '/scheme/report' },
  { name: 'a report of a scheme, in Welsh', before: (v) => as('LEAD')(v), path: '/scheme/report?language=cy' },
  { name: 'evidence for an inspection', before: (v) => as('LEAD')(v), path: '/scheme/report?part=evidence' },
  { name: 'a poster', before: (v) => as('LEAD')(v), path: '/scheme/report?part=poster' },
  { name: 'what was done', before: (v) => as('LEAD')(v), path: '/scheme/done' },
  { name: 'what was done, in too long a sentence', before: (v) => as('LEAD')(v), path: '/scheme/done', then: async (v) => { await v.page.locator('#thing-2').fill('word '.repeat(16)); await wrong()(v); } },
  { name: 'complaints to a scheme', before: (v) => as('LEAD')(v), path: '/scheme/complaints' },
  { name: 'scheme', before: (v) => as('LEAD')(v), path: '/scheme' },
  { name: 'somebody is due', before: withPerson, path: (v) => `/scheme?month=${v.month}` },
  { name: 'nobody ticked', before: withPerson, path: '/scheme', then: (v) => v.page.locator('button[value=send][name=go]').click() },
  { name: 'people of a scheme', before: withPerson, path: '/scheme/people' },
  { name: 'nobody found', before: withPerson, path: '/scheme/people?q=zzz' },
  { name: 'add a person', before: (v) => as('LEAD')(v), path: '/scheme/people/add' },
  { name: 'add a person, nothing written', before: (v) => as('LEAD')(v), path: '/scheme/people/add', then: wrong() },
  { name: 'a person', before: withPerson, path: (v) => `/scheme/people/${v.ref}` },
  { name: 'a person on hold', before: onHold, path: (v) => `/scheme/people/${v.ref}` },
  { name: 'change a person', before: withPerson, path: (v) => `/scheme/people/${v.ref}/edit` },
  { name: 'why not asked', before: withPerson, path: (v) => `/scheme/people/${v.ref}/why?questionnaire=shared-lives&due_on=${v.due}` },
  { name: 'why not asked, nothing chosen', before: withPerson, path: (v) => `/scheme/people/${v.ref}/why?questionnaire=shared-lives&due_on=${v.due}`, then: wrong() },
  { name: 'something happened', before: withPerson, path: (v) => `/scheme/people/${v.ref}/event` },
  { name: 'support ends', before: withPerson, path: (v) => `/scheme/people/${v.ref}/leave` },
  { name: 'book a visit', before: withPerson, path: (v) => `/scheme/people/${v.ref}/visit` },
  { name: 'erase a person', before: withPerson, path: (v) => `/scheme/people/${v.ref}/erase` },
  { name: 'link and letter', before: invited, path: (v) => `/scheme/asked/${v.invitation}` },
  { name: 'bring in people', before: (v) => as('LEAD')(v), path: '/scheme/import' },
  { name: 'bring in people, nothing pasted', before: (v) => as('LEAD')(v), path: '/scheme/import', then: wrong() },
  { name: 'bring in people, with faults', before: (v) => as('LEAD')(v), path: '/scheme/import', then: tryTable('Client ID\tStart date\tColour\nP 1\t31/31/2026\tx\nW-2\t01/02/2026\ty') },
  { name: 'bring in people, all right', before: (v) => as('LEAD')(v), path: '/scheme/import', then: tryTable('Client ID\tStart date\nW-1\t01/02/2026\nW-2\t01/02/2026') },
  { name: 'side by side', before: (v) => as('NATIONAL')(v), path: '/outcomes' },
  { name: 'side by side, a place that there is not', before: (v) => as('NATIONAL')(v), path: '/outcomes?place=nowhere' },
  { name: 'one figure over time', before: (v) => as('NATIONAL')(v), path: '/outcomes/over-time' },
  { name: 'one figure over time, a place that there is not', before: (v) => as('NATIONAL')(v), path: '/outcomes/over-time?place=nowhere' },
  { name: 'one figure over time, where nobody answered', before: (v) => as('NATIONAL')(v), path: '/outcomes/over-time?model=small-supports' },
  { name: 'how a scheme compares, and a draft', before: (v) => as('LEAD')(v), path: '/scheme/compare' },
  { name: 'a comment on a draft, nothing written', before: (v) => as('LEAD')(v), path: '/scheme/compare', then: wrong() },
  { name: 'choosing councils', before: (v) => as('NATIONAL')(v), path: '/outcomes/councils?area=E08000035&area=E06000014' },
  { name: 'choosing councils, only one chosen', before: (v) => as('NATIONAL')(v), path: '/outcomes?together=yes&area=E08000035' },
  { name: 'side by side, two councils together', before: (v) => as('NATIONAL')(v), path: '/outcomes?area=E08000035&area=E06000014' },
  { name: 'side by side, of a scheme by quarter', before: (v) => as('LEAD')(v), path: '/outcomes?by=quarter' },
  { name: 'targets', before: (v) => as('LEAD')(v), path: '/targets' },
  { name: 'targets, nothing written', before: (v) => as('LEAD')(v), path: '/targets', then: wrong() },
  { name: 'targets of an area', before: (v) => as('AREA')(v), path: '/targets', then: async (v) => { await v.page.locator('#value').fill('95'); await v.page.locator('button[value=set]').click(); } },
  { name: 'returns', before: (v) => as('LEAD')(v), path: '/scheme/returns' },
  { name: 'a return', before: (v) => as('LEAD')(v), path: '/scheme/returns', then: (v) => v.page.locator('.lines a').first().click() },
  { name: 'a return, nothing written', before: (v) => as('LEAD')(v), path: '/scheme/returns', then: async (v) => { await v.page.locator('.lines a').first().click(); await wrong()(v); } },
  { name: 'returns, to be reviewed', before: (v) => as('NATIONAL')(v), path: '/returns' },
  { name: 'returns of a region', before: (v) => as('NATIONAL')(v), path: '/returns?within=E12000003' },
  { name: 'returns of a period that there is not', before: (v) => as('NATIONAL')(v), path: '/returns?period=1999-Q1' },
  { name: 'returns of a council', before: (v) => as('AREA')(v), path: '/returns' },
  { name: 'a return that is reviewed', before: withReturn, path: (v) => v.reviewed },
  { name: 'a return that is asked about without words', before: withReturn, path: (v) => v.reviewed, then: (v) => v.page.locator('button[value=ask]').click() },
  { name: 'a return that was asked about', before: withReturn, path: (v) => v.reviewed, then: async (v) => { await v.page.locator('#query').fill('Is that of the last day?'); await v.page.locator('button[value=ask]').click(); } },
  { name: 'returns of an area itself', before: (v) => as('AREA')(v), path: '/area/returns' },
  { name: 'a return of an area itself', before: (v) => as('AREA')(v), path: '/area/returns', then: (v) => v.page.locator('.lines a').nth(1).click() },
  { name: 'returns of the national body', before: (v) => as('NATIONAL')(v), path: '/national/returns' },
  { name: 'links for units', before: withReturnLink, path: '/scheme/return-links' },
  { name: 'a link for a unit', before: withReturnLink, path: (v) => v.linkPage },
  { name: 'the link of a unit', before: withReturnLink, path: (v) => v.unitLink },
  { name: 'the figures of a unit', before: withReturnLink, path: (v) => v.unitLink, then: wrong() },
  { name: 'the figures of a unit, with a fault', before: withReturnLink, path: (v) => v.unitLink, then: async (v) => { await wrong()(v); await v.page.locator('input.code').first().fill('50%'); await wrong()(v); } },
  { name: 'the figures of a unit, sent in', alone: true, path: '/unit-return/sent' },
  { name: 'a link of a unit that is over', alone: true, path: '/unit-return' },
  { name: 'bring in returns', before: (v) => as('LEAD')(v), path: '/scheme/returns/import' },
  { name: 'bring in returns, nothing pasted', before: (v) => as('LEAD')(v), path: '/scheme/returns/import', then: wrong() },
  { name: 'bring in returns, with faults', before: (v) => as('LEAD')(v), path: '/scheme/returns/import', then: tryTable('Period\tFigure\tNumerator\tComment\nsoon\tshared-lives-people\t50%\tx\n2026-Q1\tjoy\t3\ty') },
  { name: 'bring in returns, with doubts', before: (v) => as('LEAD')(v), path: '/scheme/returns/import', then: tryTable('Period\tFigure\tNumerator\n2026-Q1\tshared-lives-people\t9000\n2026-Q1\tshared-lives-carers\t3') },
  { name: 'waves', before: (v) => as('LEAD')(v), path: '/scheme/waves' },
  { name: 'a wave in the past', before: (v) => as('LEAD')(v), path: '/scheme/waves', then: async (v) => { await v.page.locator('#due_on').fill('2020-01-01'); await wrong()(v); } },
  { name: 'a wave', before: withWave, path: (v) => `/scheme/waves/${v.wave}` },
  { name: 'tasks of a scheme', before: (v) => as('LEAD')(v), path: '/scheme/tasks' },
  { name: 'safety of a scheme', before: (v) => as('LEAD')(v), path: '/scheme/contacts' },
  { name: 'safety of a scheme, half written', before: (v) => as('LEAD')(v), path: '/scheme/contacts', then: async (v) => { await v.page.locator('[id="lead-0-email"]').fill('x'); await wrong()(v); } },
  { name: 'how a scheme is set up', before: (v) => as('LEAD')(v), path: '/scheme/settings' },
  { name: 'when a survey is asked', before: (v) => as('LEAD')(v), path: '/scheme/settings/shared-lives' },
  { name: 'when a survey is asked, with faults', before: (v) => as('LEAD')(v), path: '/scheme/settings/shared-lives', then: async (v) => { await v.page.locator('#grace_days').fill('x'); await wrong()(v); } },
  { name: 'open links', before: withLink, path: '/scheme/links' },
  { name: 'a poster', before: withLink, path: (v) => `/scheme/links/${v.openLink}` },
  { name: 'on a visit, for a lead', before: withVisit, path: '/visit' },
  { name: 'staff of a scheme', before: (v) => as('LEAD')(v), path: '/scheme/staff' },
  { name: 'what is not for this role', before: (v) => as('LEAD')(v), path: '/national' },
  { name: 'your account', before: (v) => as('LEAD')(v), path: '/account' },
  { name: 'another password', before: (v) => as('LEAD')(v), path: '/account/password' },
  { name: 'another password, nothing written', before: (v) => as('LEAD')(v), path: '/account/password', then: wrong() },
  { name: 'another app', before: (v) => as('LEAD')(v), path: '/sign-in/app' },
  { name: 'proving who one is', before: (v) => as('LEAD')(v), path: '/account/prove?next=/scheme/staff' },
];

/** Pages for everybody, for authors and for staff, outside the survey. The two engines look at them. `site`: of the public site, also on a narrow window. */
export const PUBLIC = [
  { name: 'home', path: '/' },
  { name: 'claims', path: '/claims' },
  { name: 'a claim', path: '/claims/social-connection.connections-1.shared-lives.uk' },
  { name: 'a claim that is not there', path: '/claims/nothing' },
  { site: true, name: 'places', path: '/places' },
  { site: true, name: 'places, found', path: '/places?q=york' },
  { site: true, name: 'places, nothing found', path: '/places?q=zzz' },
  { site: true, name: 'a place', path: '/places/E08000035' },
  { site: true, name: 'a place, the whole country', path: '/places/K02000001' },
  { site: true, name: 'a place, a nation', path: '/places/W92000004' },
  { site: true, name: 'a place, a scheme', path: '/places/york-shared-lives' },
  { site: true, name: 'a place that is not there', path: '/places/nowhere' },
  { site: true, name: 'indicators', path: '/indicators' },
  { site: true, name: 'an indicator', path: '/indicators/social-connection', then: (v) => openAll(v) },
  { site: true, name: 'an indicator of which nothing is shown', path: '/indicators/anxiety', then: (v) => openAll(v) },
  { site: true, name: 'an indicator that is not there', path: '/indicators/joy' },
  { site: true, name: 'models', path: '/models' },
  { site: true, name: 'a model', path: '/models/shared-lives', then: (v) => openAll(v) },
  { site: true, name: 'releases', path: '/releases' },
  { site: true, name: 'a release', path: '/releases', then: (v) => v.page.locator('.sayings a').first().click() },
  { site: true, name: 'a release that is not there', path: '/releases/absent' },
  { site: true, name: 'methods', path: '/methods' },
  { site: true, name: 'methods in detail', path: '/methods/detail' },
  { site: true, name: 'downloads', path: '/downloads' },
  { site: true, name: 'accessibility statement', path: '/accessibility' },
  { name: 'a report that is not there', path: '/releases/absent/report/K02000001.html' },
  { name: 'for developers', path: '/api/docs' },
  { name: 'previews', path: '/preview' },
  { name: 'a preview', path: '/preview/shared-lives/1.0.0?rendition=easy-read&language=en' },
  { name: 'a preview in Welsh', path: '/preview/homeshare-homesharer/1.0.0?rendition=standard&language=cy&contrast=high&pictures=no' },
  { name: 'a task that is not there', path: '/task/0000000000' },
];

/** Goes on to the draft that is open. */
const openDraft = (v) => v.page.locator('a.button[href^="/national/releases/"]').first().click();
/** Opens everything that can be opened. */
const openAll = (v) => v.page.evaluate(() => { for (const part of document.querySelectorAll('details')) part.open = true; });

const SCHEME = '/schemes/england-shared-lives';
let made = 0;

/** A lead, and somebody of the scheme who is due. */
async function withPerson(visitor) {
  await as('LEAD')(visitor);
  visitor.ref = `W-${process.pid}-${(made += 1)}`;
  await visitor.api.send('PUT', `${SCHEME}/participants/by-ref/${visitor.ref}`, { council: 'E08000035', supported_from: '2024-01-01', about: { need: ['autism'] } });
  const { occasions } = await visitor.api.send('GET', `${SCHEME}/participants/by-ref/${visitor.ref}`);
  visitor.due = occasions.find((o) => o.may.includes('invite')).due_on;
  visitor.month = visitor.due.slice(0, 7);
}

async function onHold(visitor) {
  await withPerson(visitor);
  await visitor.api.send('POST', `${SCHEME}/participants/by-ref/${visitor.ref}/events`, { kind: 'hospital' });
}

async function invited(visitor) {
  await withPerson(visitor);
  const { items } = await visitor.api.send('POST', `${SCHEME}/invitations/due`, { people: [{ participant: visitor.ref }] });
  visitor.invitation = items[0].id;
}

/** A return of the last quarter, sent in anew, as an area sees it. */
async function withReturn(visitor) {
  const now = new Date();
  const [year, quarter] = now.getUTCMonth() < 3 ? [now.getUTCFullYear() - 1, 4] : [now.getUTCFullYear(), Math.floor(now.getUTCMonth() / 3)];
  const period = `${year}-Q${quarter}`;
  await visitor.api.send('PUT', `${SCHEME}/returns/${period}`, { values: [{ kpi: 'shared-lives-people', numerator: 41 }] });
  visitor.reviewed = `/returns/schemes/england-shared-lives/${period}`;
  await as('AREA')(visitor);
}

/** A link through which a unit sends in its figures of this quarter. */
async function withReturnLink(visitor) {
  await as('CATALYST')(visitor);
  const now = new Date();
  const period = `${now.getUTCFullYear()}-Q${Math.floor(now.getUTCMonth() / 3) + 1}`;
  const page = await post(visitor.request, `${visitor.at}/scheme/return-links`, { unit: 'garden', period, go: 'make' });
  visitor.linkPage = new URL(page.url()).pathname;
  visitor.unitLink = new URL(/value="([^"]+\/r\/[^"]+)"/.exec(await page.text())[1]).pathname;
}

async function withWave(visitor) {
  await as('LEAD')(visitor);
  const { items } = await visitor.api.send('GET', `${SCHEME}/waves`);
  const due_on = new Date(Date.now() + 40 * 864e5).toISOString().slice(0, 10);
  visitor.wave = items[0]?.id ?? (await visitor.api.send('POST', `${SCHEME}/waves`, { questionnaire: 'shared-lives', due_on })).id;
}

async function withLink(visitor) {
  await as('LEAD')(visitor);
  visitor.openLink = (await visitor.api.send('POST', `${SCHEME}/open-links`, { questionnaire: 'shared-lives' })).id;
}

async function withVisit(visitor) {
  await withPerson(visitor);
  await post(visitor.request, `${visitor.at}/scheme/people/${visitor.ref}/visit`, { on: new Date(Date.now() + 864e5).toISOString().slice(0, 10) });
}

async function tooManyCodes(visitor) {
  for (let n = 0; n < 11; n += 1) await post(visitor.request, `${visitor.at}/s`, { code: '1J-ABCDE-FGHJK' });
}

async function tooManyStarts(visitor) {
  visitor.full = (await visitor.api.openLink()).link;
  for (let n = 0; n < 40; n += 1) {
    await visitor.begin(visitor.full);
    await visitor.context.clearCookies();
  }
}

async function sendOne(visitor) {
  await visitor.begin((await visitor.api.invite()).link);
  await visitor.hurry(person(), 'sent');
  await visitor.goTo('/survey/sent');
  visitor.code = await visitor.survey.receipt();
  await visitor.context.clearCookies();
}

/** Somebody who was remembered in this browser, so that the password is enough. */
async function signIn(visitor) {
  await visitor.context.addCookies([{ name: 'khi-device', value: process.env.KHI_DEVICE, url: visitor.at }]);
  await post(visitor.request, `${visitor.at}/sign-in`, { email: process.env.KHI_COLLECTOR, password: process.env.KHI_STAFF_PASSWORD });
  await visitor.context.clearCookies({ name: 'khi-device' });
}

/** Lets the browser go on in a session of staff. */
const as = (who) => async (visitor) => {
  await visitor.context.clearCookies();
  const value = process.env[`KHI_SESSION_${who}`];
  await visitor.context.addCookies([{ name: 'khi-staff', value, url: visitor.at, httpOnly: true, sameSite: 'Lax' }]);
};

async function handOver(visitor) {
  const { code } = await visitor.api.invite();
  await visitor.page.locator('#answer').fill(code);
  await visitor.survey.press('#page button.main');
}

/** Surveys at different points, all of one look. Each has a cookie of its own, which the browser is given when its turn comes. */
export class Drafts {
  constructor(visitor, settings = {}, questionnaire = 'shared-lives') {
    Object.assign(this, { visitor, settings, questionnaire, made: new Map() });
  }

  /** Lets the browser go on with the survey that has come as far as `name`. */
  async use(name) {
    const { visitor } = this;
    await visitor.context.clearCookies();
    let made = this.made.get(name);
    if (!made) {
      made = await this.make(name);
      made.cookies = await visitor.context.cookies();
      this.made.set(name, made);
    }
    await visitor.context.clearCookies();
    await visitor.context.addCookies(made.cookies);
    this.link = made.link;
    const query = new URLSearchParams(this.settings);
    this.startAddress = `${made.link}?${query}`;
    this.lookAddress = `${made.link}/look?${query}`;
  }

  async make(name) {
    const { visitor, settings, questionnaire } = this;
    const { api } = visitor;
    if (name === 'open') {
      const { link } = await api.openLink({ questionnaire });
      await visitor.begin(link, settings);
      await visitor.hurry(person({ who: 'helped' }), FIRST);
      return { link };
    }
    const { link } = await api.invite({ questionnaire, ended: name === 'over' });
    if (name === 'unopened' || name === 'over') return { link };
    await visitor.begin(link, settings);
    const helped = person({ who: 'helped', ...(name === 'not-counted' && { count: 'no' }) });
    const make = {
      started: async () => {},
      counting: () => visitor.hurry(helped, 'count'),
      begun: () => visitor.hurry(helped, FIRST),
      stopping: () => visitor.hurry(helped, FIRST),
      counted: () => visitor.hurry(helped, 'choose-what'),
      said: async () => {
        await visitor.hurry(helped, FIRST);
        await post(visitor.request, `${visitor.at}/survey/q/one-thing`, { go: 'continue', answer: 'A dog to walk with' });
      },
      alone: () => visitor.hurry(person({ who: 'helped', company: 'alone' }), 'kind'),
      'alone-over': () => visitor.hurry(person({ who: 'helped', company: 'alone' }), 'check'),
      later: () => visitor.hurry(person({ who: 'helped', company: 'later' }), 'check'),
      proxy: () => visitor.hurry(person({ who: 'proxy' }), FIRST),
      whole: () => visitor.hurry(helped, 'check'),
      back: async () => {
        await visitor.hurry(helped, 'check');
        await visitor.context.clearCookies();
        await visitor.begin(link, settings);
      },
      sent: () => visitor.hurry(helped, 'sent'),
      'not-counted': () => visitor.hurry(helped, 'sent'),
    };
    await make[name]();
    return { link };
  }
}

/** Shows a state within a survey. */
export async function show(visitor, drafts, state) {
  await drafts.use(state.draft);
  const path = typeof state.path === 'function' ? state.path(drafts) : `${visitor.at}${state.path}`;
  await visitor.page.goto(path);
  await state.then?.(visitor);
  if (state.last) drafts.made.delete(state.draft);
}

/** Shows a state outside a survey. */
export async function showOutside(visitor, state) {
  if (state.alone) await visitor.context.clearCookies();
  await state.before?.(visitor);
  const path = typeof state.path === 'function' ? state.path(visitor) : state.path;
  await visitor.page.goto(path.startsWith('/') ? `${visitor.at}${path}` : path);
  if (state.before && new URL(visitor.page.url()).pathname === '/sign-in') throw new Error(`${state.name}: this led to the sign-in page`);
  await state.then?.(visitor);
  await visitor.context.clearCookies();
}
