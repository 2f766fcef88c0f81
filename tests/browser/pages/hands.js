// Two ways to use a page: by pointing and pressing, and by keyboard alone. Journeys are written once, for either.
import { focusHere } from '../checks/focus.js';

/** A mouse or a finger. */
export class Pointer {
  constructor(page) {
    this.page = page;
  }

  async choose(input) {
    await input.locator('xpath=ancestor::label').click();
  }

  async write(field, text) {
    await field.fill(text);
  }

  async press(button) {
    await button.click();
  }
}

/** Tab, Shift and Tab, arrows, Space and Enter; nothing else. Remembers every place that had the focus. */
export class Keyboard {
  constructor(page) {
    this.page = page;
    this.stops = [];
    this.faults = [];
    this.keys = {};
  }

  async key(name) {
    this.keys[name] = (this.keys[name] ?? 0) + 1;
    await this.page.keyboard.press(name);
  }

  /** Notes where the focus is, and whether that can be seen. */
  async look() {
    const here = await focusHere(this.page);
    if (here) {
      this.stops.push(`${new URL(this.page.url()).pathname} ${here.what}`);
      this.faults.push(...here.faults.map((f) => `${this.page.url()}: ${here.what}: ${f}`));
    }
    return here;
  }

  /** Tabs to an element, forwards or backwards, whichever way it lies. */
  async reach(target) {
    const where = await target.evaluate((element) => {
      const now = document.activeElement;
      if (now === element) return 'here';
      if (!now || now === document.body) return 'after';
      return element.compareDocumentPosition(now) & Node.DOCUMENT_POSITION_FOLLOWING ? 'before' : 'after';
    });
    if (where === 'here') return;
    for (let presses = 0; presses < 80; presses += 1) {
      await this.key(where === 'before' ? 'Shift+Tab' : 'Tab');
      await this.look();
      if (await target.evaluate((element) => document.activeElement === element)) return;
      // A group of radios is one stop: the focus may enter it at another answer.
      const inGroup = await target.evaluate((element) => element.type === 'radio' && document.activeElement?.type === 'radio' && document.activeElement.name === element.name);
      if (inGroup) return;
    }
    throw new Error(`${await target.evaluate((e) => e.outerHTML.slice(0, 120))} cannot be reached by Tab on ${this.page.url()}`);
  }

  async choose(input) {
    await this.reach(input);
    const type = await input.getAttribute('type');
    if (type === 'checkbox') return this.key('Space');
    const own = () => input.evaluate((element) => document.activeElement === element);
    for (let presses = 0; !(await own()); presses += 1) {
      if (presses > 30) throw new Error(`an answer cannot be reached by arrows on ${this.page.url()}`);
      const down = await input.evaluate((e) => Boolean(document.activeElement.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING));
      await this.key(down ? 'ArrowDown' : 'ArrowUp');
      await this.look();
    }
    if (!(await input.isChecked())) await this.key('Space');
  }

  async write(field, text) {
    await this.reach(field);
    await this.key('Control+a');
    await this.page.keyboard.type(text);
  }

  async press(button) {
    await this.reach(button);
    const tag = await button.evaluate((e) => e.tagName);
    await this.key(tag === 'BUTTON' && this.stops.length % 2 ? 'Space' : 'Enter');
  }
}
