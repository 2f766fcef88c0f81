// Where the focus goes, whether it can be seen, and how many stops a page has.
import { changed } from './pixels.js';

/** The element with the focus: what it is, where it stands, and what is wrong with how it shows. Nothing on the page itself. */
export function focusHere(page) {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body || element === document.documentElement) return null;
    const shown = element.closest('.card') ?? element;
    const box = shown.getBoundingClientRect();
    const style = getComputedStyle(shown);
    const faults = [];
    const ring = parseFloat(style.outlineWidth);
    if (style.outlineStyle === 'none' || !(ring >= 2)) faults.push(`no ring of 2 px: ${style.outlineStyle} ${style.outlineWidth}`);
    const fits = box.height <= innerHeight && box.width <= innerWidth;
    const slack = 1;
    if (fits && (box.top < -slack || box.left < -slack || box.bottom > innerHeight + slack || box.right > innerWidth + slack)) {
      faults.push(`not fully in view: ${Math.round(box.top)} to ${Math.round(box.bottom)} of ${innerHeight}`);
    }
    if (!fits && (box.bottom <= 0 || box.top >= innerHeight)) faults.push('not in view');
    const middle = document.elementFromPoint(Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 2), Math.min(Math.max(box.top + Math.min(box.height, innerHeight) / 2, 1), innerHeight - 2));
    if (middle && !shown.contains(middle) && !middle.contains(shown)) faults.push(`covered by ${middle.tagName.toLowerCase()}`);
    const text = (shown.innerText || element.getAttribute('aria-label') || element.value || '').trim().replace(/\s+/g, ' ').slice(0, 40);
    const group = ['radio', 'checkbox'].includes(element.type) ? `${element.type} ${element.name}` : null;
    window.stops ??= new Map();
    if (!window.stops.has(element)) window.stops.set(element, window.stops.size);
    return {
      what: `${element.tagName.toLowerCase()}${element.type ? `[${element.type}]` : ''} “${text}”`, group, faults, number: window.stops.get(element),
      box: { x: box.x + scrollX, y: box.y + scrollY, width: box.width, height: box.height },
    };
  });
}

/** Everything that can have the focus, in the order of the page; a group of radios counts once, as Tab has it. */
function focusable(page) {
  return page.evaluate(() => {
    const found = [];
    const groups = new Set();
    for (const element of document.querySelectorAll('a[href], button, input, select, textarea, summary, audio[controls], [tabindex], [contenteditable]')) {
      if (element.disabled || element.type === 'hidden' || !element.checkVisibility({ visibilityProperty: true })) continue;
      if (element.tabIndex < 0) continue;
      if (element.type === 'radio') {
        const key = `${element.form?.id} ${element.name}`;
        if (groups.has(key)) continue;
        groups.add(key);
      }
      found.push(element.outerHTML.slice(0, 80));
    }
    return found;
  });
}

/** The next Tab leads to the first stop: the browser goes on from where the focus was, also when that is no longer there. */
async function fromTheTop(page) {
  await page.evaluate(() => {
    const first = document.createElement('span');
    first.tabIndex = -1;
    document.body.prepend(first);
    first.focus({ preventScroll: true });
    first.remove();
    window.stops = new Map();
    scrollTo(0, 0);
  });
}

/** Tabs once through the page, and back one step: the stops, and what is wrong with them. */
export async function tabThrough(page) {
  const expected = await focusable(page);
  await fromTheTop(page);
  const stops = [];
  const faults = [];
  for (let presses = 0; presses <= expected.length + 3; presses += 1) {
    await page.keyboard.press('Tab');
    const here = await focusHere(page);
    if (!here || stops.some((stop) => stop.number === here.number)) {
      if (here && stops.length && stops.at(-1).number === here.number && expected.length > 1) faults.push(`the focus is caught in ${here.what}`);
      break;
    }
    stops.push(here);
    faults.push(...here.faults.map((f) => `${here.what}: ${f}`));
  }
  if (stops.length !== expected.length) faults.push(`${stops.length} stops by Tab, ${expected.length} elements that can have the focus: ${stops.map((s) => s.what).join(', ')}`);
  for (let n = 1; n < stops.length; n += 1) {
    const [before, after] = [stops[n - 1].box, stops[n].box];
    const above = after.y + after.height <= before.y + 2;
    const sameRow = after.y < before.y + before.height - 2 && before.y < after.y + after.height - 2;
    if (above || (sameRow && after.x < before.x)) faults.push(`the focus goes back up or left, from ${stops[n - 1].what} to ${stops[n].what}`);
  }
  if (stops.length > 1) {
    await stayAt(page, stops.at(-1));
    await page.keyboard.press('Shift+Tab');
    const back = await focusHere(page);
    const group = stops.at(-1).group;
    const wanted = group ? stops.findLast((s) => s.group !== group) ?? stops.at(-2) : stops.at(-2);
    if (!back || (back.number !== stops.at(-2).number && back.number !== wanted.number && back.group !== stops.at(-2).group)) faults.push(`Shift and Tab leads from ${stops.at(-1).what} to ${back?.what}`);
  }
  const counted = new Set(stops.map((stop) => stop.group ?? `own ${stop.number}`)).size;
  return { stops, counted, faults };
}

async function stayAt(page, stop) {
  await page.evaluate((number) => [...window.stops].find(([, n]) => n === number)[0].focus(), stop.number);
}

/** The ring of each stop as pixels: at least two px all around, of at least 3:1 against what was there before (2.4.13). */
export async function rings(page) {
  const { stops } = await tabThrough(page);
  const faults = [];
  const seen = new Set();
  for (const stop of stops) {
    const kind = stop.what.replace(/“.*/, '');
    if (seen.has(kind)) continue;
    seen.add(kind);
    await stayAt(page, stop);
    await page.keyboard.press('Shift'); // the focus came by keyboard
    const box = (await focusHere(page))?.box;
    if (!box) continue;
    const clip = { x: Math.max(0, box.x - 14), y: Math.max(0, box.y - 14), width: box.width + 28, height: box.height + 28 };
    const options = { clip, fullPage: true, caret: 'hide' };
    const focused = await page.screenshot(options);
    await page.evaluate(() => document.activeElement.blur());
    const plain = await page.screenshot(options);
    const pixels = changed(plain, focused, 3);
    const needed = 2 * 2 * (box.width + box.height) * 0.9;
    if (pixels < needed) faults.push(`${stop.what}: its ring changes ${pixels} pixels by 3:1, and ${Math.round(needed)} are needed`);
  }
  return faults;
}
