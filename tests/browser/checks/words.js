// What the page says to somebody who cannot see it, and that it says the right thing.

/** What must hold of the words of every page. `expected`: `lang`; `fresh`, if nothing has been chosen; `error`, if something was wrong. */
export async function says(page, expected = {}) {
  // The browser moves the focus a moment after it shows the page.
  await page.waitForFunction(() => !document.querySelector('.problem[autofocus]:not(:focus-within, :focus)'), null, { timeout: 500, polling: 20 }).catch(() => {});
  const faults = await page.evaluate((want) => {
    const found = [];
    const text = (element) => (element?.textContent ?? '').trim().replace(/\s+/g, ' ');
    const root = document.documentElement;
    if (!root.lang) found.push('no lang');
    else if (want.lang && root.lang !== want.lang) found.push(`lang is ${root.lang}, the words are ${want.lang}`);

    // One h1; the title begins with it, and says when there is an error.
    const headings = document.querySelectorAll('h1');
    if (headings.length !== 1) found.push(`${headings.length} headings of the first level`);
    const heading = headings[0]?.cloneNode(true);
    heading?.querySelectorAll('.more, svg').forEach((e) => e.remove());
    const title = document.title.replace(/^(Error|Gwall): /, '');
    if (!text(heading)) found.push('an empty heading');
    else if (!title.startsWith(text(heading))) found.push(`the title “${document.title}” does not begin with the heading “${text(heading)}”`);
    const problem = document.querySelector('.problem');
    const told = /^(Error|Gwall): /.test(document.title);
    if (problem && !told) found.push('there is an error, and the title does not begin with “Error: ”');
    if (!problem && told) found.push('the title speaks of an error that is not shown');
    if (want.error && !problem) found.push('no summary of what was wrong');
    if (problem) {
      if (problem !== document.activeElement && !problem.contains(document.activeElement)) found.push('the focus is not on what was wrong');
      const link = problem.querySelector('a[href^="#"]');
      if (link && !document.getElementById(link.getAttribute('href').slice(1))) found.push('the link of the error leads nowhere');
      if (link) {
        const beside = document.getElementById('error');
        const unseen = text(beside?.querySelector('.unseen'));
        if (!beside) found.push('what was wrong does not stand beside the answer');
        else if (text(beside).slice(unseen.length).trim() !== text(link)) found.push('the error says one thing above and another beside the answer');
        if (!document.querySelector('main [aria-describedby~="error"]')) found.push('the error is not tied to the answer');
      }
      if (headings[0]?.compareDocumentPosition(problem) & Node.DOCUMENT_POSITION_FOLLOWING) found.push('the error stands below the question');
    }

    // Native controls in named groups, and nothing chosen for anybody.
    for (const input of document.querySelectorAll('main input:not([type="hidden"]), main textarea, main select')) {
      const label = input.labels?.[0];
      if (!label || !text(label)) found.push(`no label: ${input.outerHTML.slice(0, 100)}`);
      if (input.labels?.length > 1) found.push(`several labels: ${input.outerHTML.slice(0, 100)}`);
      if (['radio', 'checkbox'].includes(input.type)) {
        const legend = input.closest('fieldset')?.querySelector('legend');
        if (!text(legend)) found.push(`an answer outside a group with a name: ${input.outerHTML.slice(0, 100)}`);
        if (want.fresh && (input.checked || input.defaultChecked)) found.push(`chosen beforehand: ${input.value}`);
      } else if (want.fresh && input.value) found.push(`written beforehand: ${input.value}`);
      if (input.required || input.getAttribute('aria-required') === 'true') found.push('an answer that must be given');
      if (input.type === 'range') found.push('a slider');
      if (input.hasAttribute('autofocus')) found.push('the focus is moved into a field');
    }
    for (const id of new Set([...document.querySelectorAll('[aria-describedby], [aria-labelledby]')].flatMap((e) => `${e.getAttribute('aria-describedby') ?? ''} ${e.getAttribute('aria-labelledby') ?? ''}`.split(/\s+/).filter(Boolean)))) {
      if (!document.getElementById(id)) found.push(`nothing has the id “${id}” that something refers to`);
    }
    const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);
    for (const id of new Set(ids.filter((id, n) => ids.indexOf(id) !== n))) found.push(`several elements have the id “${id}”`);
    for (const element of document.querySelectorAll('main [role]:not([role="alert"], svg, [role="img"], [role="status"], [role="presentation"], [role="region"])')) found.push(`a role instead of an element: ${element.outerHTML.slice(0, 80)}`);
    for (const element of document.querySelectorAll('[tabindex]')) {
      if (element.tabIndex > 0) found.push(`tabindex ${element.tabIndex}`);
      if (element.tabIndex < 0 && element.matches('a, button, input, textarea, summary')) found.push(`Tab passes by ${element.outerHTML.slice(0, 80)}`);
    }
    for (const element of document.querySelectorAll('[accesskey]')) found.push(`accesskey ${element.accessKey}`);

    // What moves, sounds, opens elsewhere, or takes from the reader what is theirs.
    for (const media of document.querySelectorAll('audio, video')) if (media.autoplay) found.push('something plays by itself');
    for (const element of document.querySelectorAll('marquee, blink, [target="_blank"], meta[http-equiv="refresh"]')) found.push(element.outerHTML.slice(0, 80));
    const viewport = document.querySelector('meta[name="viewport"]')?.content ?? '';
    if (!/width=device-width/.test(viewport)) found.push('no viewport');
    if (/user-scalable\s*=\s*(no|0)|maximum-scale/.test(viewport)) found.push('zooming is forbidden');

    // A page that asks can be left in every way: on, back, without an answer, for now, and to how it looks.
    const form = document.querySelector('form[class^="kind-"]');
    if (form) {
      const button = (value) => [...form.elements].some((e) => e.tagName === 'BUTTON' && e.name === 'go' && e.value === value && !e.disabled && e.checkVisibility());
      for (const value of want.buttons ?? ['continue', 'look', 'stop']) if (!button(value)) found.push(`no button “${value}”`);
      const answers = [...form.elements].filter((e) => e.name === 'answer' && !e.disabled && e.checkVisibility());
      if (!answers.length && !form.classList.contains('kind-note')) found.push('nothing to answer with');
      if (form.method !== 'post') found.push('answers would stand in the address');
      if (form.getAttribute('novalidate') === null) found.push('the browser would complain in its own words');
    }
    for (const fake of document.querySelectorAll('[onclick], [role="button"], a[href^="javascript:"], main .card:not(label), [onchange], [oninput]')) found.push(`works by script only: ${fake.outerHTML.slice(0, 80)}`);
    if (document.querySelector('button[type="button"]:not([data-listen])')) found.push('a button that does nothing without script');
    return found;
  }, expected);
  return faults;
}

/** Each answer is called by its visible words, once; a group by its question, once (1.1.1, 2.5.3). */
export async function names(page) {
  const client = await page.context().newCDPSession(page);
  const { nodes } = await client.send('Accessibility.getFullAXTree');
  await client.detach();
  const named = (...roles) => nodes.filter((n) => !n.ignored && roles.includes(n.role?.value)).map((n) => (n.name?.value ?? '').trim().replace(/\s+/g, ' '));
  const faults = [];
  const shown = await page.evaluate(() => {
    const plain = (element) => element.innerText.trim().replace(/\s+/g, ' ');
    const visible = (selector) => [...document.querySelectorAll(selector)].filter((e) => e.checkVisibility());
    return {
      answers: visible('main label:has(input[type="radio"], input[type="checkbox"])').map((label) => plain(label.querySelector('.words') ?? label)),
      inputs: visible('main input:is([type="radio"], [type="checkbox"])').length,
      buttons: visible('button').map(plain),
      groups: visible('main fieldset:has(input)').map((f) => plain(f.querySelector('legend') ?? f)),
    };
  });
  const answers = named('radio', 'checkbox');
  if (shown.answers.length !== shown.inputs) faults.push(`${shown.inputs} answers, ${shown.answers.length} of them with words`);
  shown.answers.forEach((words, n) => {
    if (answers[n] !== words) faults.push(`the answer “${words}” is called “${answers[n]}”`);
  });
  named('button').forEach((name) => {
    if (!shown.buttons.some((words) => words === name)) faults.push(`a button is called “${name}”, which it does not say`);
  });
  const groups = named('group', 'radiogroup').filter(Boolean);
  for (const words of shown.groups) {
    const name = groups.find((g) => g.endsWith(words));
    if (!name) faults.push(`no group is called “${words}”: ${groups.join(' | ')}`);
    else if (words && name.split(words).length !== 2) faults.push(`the question “${words}” is read twice: “${name}”`);
  }
  return faults;
}

/** Where help stands: as a line that must be the same on every page (3.2.6). */
export function helpPlace(page) {
  return page.evaluate(() => {
    const line = [...document.body.children].filter((e) => e.tagName !== 'SCRIPT').map((e) => `${e.tagName.toLowerCase()}${e.id ? `#${e.id}` : ''}.${e.className}`);
    const help = document.querySelector('details.help');
    const before = help ? [...document.querySelectorAll('.bar a, .bar button, .bar summary')].indexOf(help.querySelector('summary')) : 'none';
    return `${line.join(' ')} / in ${help?.parentElement?.parentElement?.className} at ${before}`;
  });
}

const HELP = 'header.above main#main.column footer.bar / in bar at 0';

export async function helpInItsPlace(page) {
  const place = await helpPlace(page);
  const numbers = await page.evaluate(() => [...document.querySelectorAll('details.help a[href^="tel:"]')].map((a) => a.getAttribute('href')));
  return [...(place === HELP ? [] : [`help is not where it always is: ${place}`]), ...(numbers.includes('tel:999') ? [] : ['help has no number for danger'])];
}
