// Somebody with a browser of their own: window, language and eyes as given, an address of their own, and a watch over what pages ask for.
import { test as base } from '@playwright/test';

import { keepsNothing, watch } from '../checks/behaviour.js';
import { needed } from '../checks/engines.js';
import { Keyboard, Pointer } from '../pages/hands.js';
import { SurveyPage } from '../pages/survey.js';
import { Api } from './api.js';
import { hurry, person, post } from './answers.js';
import { record } from './figures.js';

let visitors = 0;

/** Runs in pages: voices of these languages that say nothing, and remember in `window.said` what they were given. */
function speakWith(languages) {
  window.said = [];
  const voices = languages.map((lang) => ({ lang, name: lang, default: false, localService: true, voiceURI: lang }));
  const fake = {
    getVoices: () => voices, cancel() {}, addEventListener() {}, speaking: false,
    speak(utterance) { window.said.push({ text: utterance.text, lang: utterance.lang, rate: utterance.rate }); setTimeout(() => utterance.onend?.(), 0); },
  };
  Object.defineProperty(window, 'speechSynthesis', { value: fake });
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
}

export class Visitor {
  static async arrives(browser, { at = process.env.KHI_AT, keyboard = false, language = 'en', voices = [], ...options } = {}) {
    const visitor = new Visitor();
    visitors += 1;
    visitor.at = at;
    visitor.api = Api.here();
    visitor.context = await browser.newContext({
      viewport: { width: 800, height: 900 },
      locale: language === 'cy' ? 'cy-GB' : 'en-GB',
      extraHTTPHeaders: { 'X-Forwarded-For': `198.18.${(process.pid + (visitors >> 8)) % 250}.${visitors % 250}` },
      ...options,
    });
    visitor.seen = watch(visitor.context, visitor.at);
    await visitor.context.addInitScript(speakWith, voices);
    visitor.page = await visitor.context.newPage();
    visitor.hand = keyboard ? new Keyboard(visitor.page) : new Pointer(visitor.page);
    visitor.survey = new SurveyPage(visitor.page, visitor.hand);
    return visitor;
  }

  /** Another survey page in this browser, used by pointer, for what a test does on the side. */
  get request() {
    return this.context.request;
  }

  /** Starts a survey by its link, without showing anything: the look and the length are the form's. */
  async begin(link, settings = {}) {
    await post(this.request, link, { length: 'all', ...settings });
  }

  /** Answers without showing anything, up to a page. */
  hurry(who, until) {
    return hurry(this.request, this.at, who, until);
  }

  /** Opens a page of the survey by its address. */
  goTo(path) {
    return this.page.goto(`${this.at}${path}`);
  }

  /** What was seen that must not be. */
  async faults() {
    return [...this.seen.faults, ...(await keepsNothing(this.page))];
  }

  async leaves() {
    // A page may still be asking for something that a test answers in the server's place.
    await this.context.unrouteAll({ behavior: 'ignoreErrors' });
    await this.context.close();
  }
}

/** Tests get `arrive`, which gives visitors. Whatever they all saw must be without fault when the test ends. */
export const test = base.extend({
  arrive: async ({ browser }, use, testInfo) => {
    const present = [];
    await use(async (options) => {
      const visitor = await Visitor.arrives(browser, options);
      present.push(visitor);
      return visitor;
    });
    const faults = (await Promise.all(present.map((v) => v.faults()))).flat();
    await Promise.all(present.map((v) => v.leaves()));
    for (const entry of needed) testInfo.annotations.push({ type: 'needed', description: entry });
    if (testInfo.status === 'passed') none(faults);
  },
});

/** Fails with a line for each fault, if there is any. */
export function none(faults) {
  if (faults.length) throw new Error(`${faults.length} faults:\n  ${[...new Set(faults)].join('\n  ')}`);
}

export const { expect, step } = { expect: base.expect, step: base.step };
export { person, record };
