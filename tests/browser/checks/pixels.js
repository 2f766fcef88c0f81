// Two screenshots compared by how light their pixels are: what differs in colour alone does not count.
import { PNG } from 'pngjs';

/** How many pixels differ by at least this contrast ratio. */
export function changed(before, after, ratio) {
  const [a, b] = [PNG.sync.read(before), PNG.sync.read(after)];
  if (a.width !== b.width || a.height !== b.height) return Math.max(a.width * a.height, b.width * b.height);
  let count = 0;
  for (let at = 0; at < a.data.length; at += 4) {
    if (a.data[at] === b.data[at] && a.data[at + 1] === b.data[at + 1] && a.data[at + 2] === b.data[at + 2]) continue;
    const [light, dark] = [lightness(a.data, at), lightness(b.data, at)].sort((x, y) => y - x);
    if ((light + 0.05) / (dark + 0.05) >= ratio) count += 1;
  }
  return count;
}

const LINEAR = Array.from({ length: 256 }, (_, v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));

/** Relative luminance, as WCAG defines it. */
function lightness(data, at) {
  return 0.2126 * LINEAR[data[at]] + 0.7152 * LINEAR[data[at + 1]] + 0.0722 * LINEAR[data[at + 2]];
}

/** Whether a chosen answer looks chosen without its colour: at least 80 pixels of its card change by 3:1 (1.4.1, 1.4.11). Chooses the last. */
export async function chosenShows(page) {
  const inputs = page.locator('main input:is([type="radio"], [type="checkbox"])');
  if (!(await inputs.count())) return [];
  const input = inputs.last();
  const card = input.locator('xpath=ancestor::label');
  const shown = (await card.count()) ? card : input;
  const set = (chosen) => input.evaluate((element, value) => { element.checked = value; }, chosen);
  const was = await input.isChecked();
  await page.evaluate(() => document.activeElement?.blur());
  await set(false);
  const before = await shown.screenshot();
  await set(true);
  const after = await shown.screenshot();
  await set(was);
  const pixels = changed(before, after, 3);
  return pixels >= 80 ? [] : [`a chosen answer differs from one not chosen by ${pixels} pixels of 3:1; 80 are needed`];
}
