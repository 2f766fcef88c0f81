// Sizes and places, as the browser has laid them out.

/** Sizes that answers and everything else to press must have. In large print answers are larger. */
const ANSWER = { normal: 60, large: 76, largest: 76 };
const OTHER = 44;

/** Everything to press, with its size. Text links in a sentence are not counted (2.5.5 leaves them out). */
export function targets(page) {
  return page.evaluate(() => [...document.querySelectorAll('main :is(a[href], button, .card, textarea, input:not([type="hidden"]), select), .bar :is(a[href], button, summary), header a[href]')]
    .filter((e) => e.checkVisibility() && !(e.matches('input') && e.closest('.card')) && !(e.matches('p a[href]:not([class])') && getComputedStyle(e).display === 'inline'))
    .map((e) => {
      const box = e.getBoundingClientRect();
      return { answer: e.matches('.card, input, textarea'), width: box.width, height: box.height, what: e.outerHTML.slice(0, 90) };
    }));
}

export async function largeEnough(page, { size = 'normal' } = {}) {
  return (await targets(page)).flatMap((t) => {
    const least = t.answer ? ANSWER[size] : OTHER;
    const narrow = t.width < Math.min(least, 60) - 0.5;
    return t.height < least - 0.5 || narrow ? [`${Math.round(t.width)} x ${Math.round(t.height)} px, less than ${least}: ${t.what}`] : [];
  });
}

/** Nothing to scroll sideways, nothing cut off, nothing outside its box. */
export function fits(page) {
  return page.evaluate(() => {
    const found = [];
    const root = document.documentElement;
    if (root.scrollWidth > root.clientWidth) found.push(`the page is ${root.scrollWidth} px wide in a window of ${root.clientWidth}`);
    const skipped = (element) => element.closest('.unseen, svg, [hidden], .scroll, pre') || !element.checkVisibility();
    for (const element of document.body.querySelectorAll('*')) {
      if (skipped(element)) continue;
      const style = getComputedStyle(element);
      const cuts = ['hidden', 'clip'].some((v) => style.overflowX === v || style.overflowY === v);
      if (cuts && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1)) found.push(`cut off: ${element.outerHTML.slice(0, 90)}`);
      if (style.textOverflow === 'ellipsis') found.push(`shortened: ${element.outerHTML.slice(0, 90)}`);
      if (style.webkitLineClamp !== 'none') found.push(`shortened: ${element.outerHTML.slice(0, 90)}`);
    }
    // Words stand inside every box around them.
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (!node.data.trim() || skipped(node.parentElement)) continue;
      for (const line of [...node.data.matchAll(/\S+/g)].flatMap((word) => (range.setStart(node, word.index), range.setEnd(node, word.index + word[0].length), [...range.getClientRects()]))) {
        if (line.right > root.clientWidth + 1 || line.left < -1) found.push(`words outside the window: ${node.data.trim().slice(0, 40)}`);
        for (let box = node.parentElement; box && box !== document.body; box = box.parentElement) {
          if (!box.matches('.card, button, .second, summary, .bar, .above, .problem, .saved, .numbers, main, dd, dt, p, legend')) continue;
          const around = box.getBoundingClientRect();
          const slack = getComputedStyle(box).display === 'inline' ? Infinity : 3;
          if (line.top + line.height / 2 < around.top - slack || line.top + line.height / 2 > around.bottom + slack || line.left < around.left - slack || line.right > around.right + slack) {
            found.push(`words outside their box: “${node.data.trim().slice(0, 40)}” in ${box.outerHTML.slice(0, 60)}`);
            break;
          }
        }
      }
    }
    // What can be pressed does not lie over anything else that can be.
    const pressed = [...document.querySelectorAll('.card, main button, main a[href], .bar button, .bar summary, .bar a[href]')].filter((e) => e.checkVisibility());
    const boxes = pressed.map((e) => e.getBoundingClientRect());
    for (let a = 0; a < boxes.length; a += 1) {
      for (let b = a + 1; b < boxes.length; b += 1) {
        if (pressed[a].contains(pressed[b]) || pressed[b].contains(pressed[a])) continue;
        const [x, y] = [boxes[a], boxes[b]];
        if (x.left < y.right - 1 && y.left < x.right - 1 && x.top < y.bottom - 1 && y.top < x.bottom - 1) found.push(`one lies over the other: ${pressed[a].outerHTML.slice(0, 60)} and ${pressed[b].outerHTML.slice(0, 60)}`);
      }
    }
    return [...new Set(found)];
  });
}

/** The spacing that any reader may set (1.4.12), for a page that is shown. */
export const SPACING = '* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }';

/** Nothing is lost with the reader's own spacing. */
export async function fitsSpaced(page) {
  const set = (rules) => page.evaluate((text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    document.adoptedStyleSheets = [sheet];
  }, rules);
  await set(SPACING);
  const faults = await fits(page);
  await set('');
  return faults.map((fault) => `with wider spacing: ${fault}`);
}

/** Lines of at most 80 characters, 1.5 apart, not justified; words of at least 16 point; no italics, capitals or underlined blocks (1.4.8, E-2, E-4). */
export function reads(page) {
  return page.evaluate(() => {
    const found = [];
    const range = document.createRange();
    for (const block of document.querySelectorAll('main :is(p, h1, h2, h3, li, dd, dt, legend, label, caption), .numbers p')) {
      if (!block.checkVisibility() || block.querySelector('p, fieldset') || block.closest('.unseen')) continue;
      const style = getComputedStyle(block);
      if (style.textAlign === 'justify') found.push(`justified: ${block.innerText.slice(0, 40)}`);
      if (style.textTransform === 'uppercase' || style.fontStyle === 'italic') found.push(`capitals or italics: ${block.innerText.slice(0, 40)}`);
      const size = parseFloat(style.fontSize);
      if (block.matches('p, label, li, dd') && !block.closest('.numbers') && size < 21.2 && !block.matches('.made-up')) found.push(`words of ${size} px: ${block.innerText.slice(0, 40)}`);
      if (block.matches('p, li') && parseFloat(style.lineHeight) < 1.45 * size) found.push(`lines ${style.lineHeight} apart for words of ${size} px: ${block.innerText.slice(0, 40)}`);
      const lines = new Map();
      const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        for (const word of node.data.matchAll(/\S+/g)) {
          range.setStart(node, word.index);
          range.setEnd(node, word.index + word[0].length);
          const box = range.getClientRects()[0];
          if (!box || node.parentElement.closest('.unseen')) continue;
          const line = Math.round((box.top + box.height / 2) / 8);
          const key = lines.has(line) ? line : lines.has(line - 1) ? line - 1 : line;
          lines.set(key, (lines.get(key) ?? -1) + 1 + word[0].length);
        }
      }
      const longest = Math.max(0, ...lines.values());
      if (longest > 80) found.push(`a line of ${longest} characters: ${block.innerText.slice(0, 40)}`);
    }
    return [...new Set(found)];
  });
}
