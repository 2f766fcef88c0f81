// What people say in these tests, page by page; and answering by plain HTTP, to be quickly where a test begins.

/** A person's way through: who answers, and what is said. Whatever is not named takes the first answer there is. */
export function person(differences = {}) {
  return { who: 'self', count: 'yes', company: 'together', lonely: 'often', 'helper-how': ['read', 'explained'], 'choose-what': ['friends-time', 'learning'], ...differences };
}

/** What this person says on the page with this address: `choices` are the values of its cards, `kind` says what it takes. */
export function saidBy(who, place, kind, choices) {
  const named = who[place];
  if (named !== undefined) return Array.isArray(named) ? named : [named];
  if (kind === 'number') return ['4'];
  if (kind === 'words') return ['A dog to walk with'];
  if (kind === 'note') return [];
  return choices.slice(kind === 'scale' ? 7 : 0).slice(0, 1);
}

/** The last part of an address below `/survey/`: `friends`, `who`, `check`. */
export function placeOf(url) {
  return new URL(url, 'http://khi').pathname.replace(/^\/survey\/(q\/)?/, '');
}

/** The first question of a questionnaire, whichever it is. */
export const FIRST = 'the first question';

/**
 * Answers by HTTP, without showing anything, until the page `until` is reached; gives its address. `request` shares its cookies with the
 * browser's pages.
 */
export async function hurry(request, at, who, until) {
  let answer = await request.get(`${at}/survey`);
  for (let pages = 0; pages < 100; pages += 1) {
    const url = answer.url();
    const place = placeOf(url);
    if (place === until || (until === FIRST && new URL(url).pathname.startsWith('/survey/q/'))) return url;
    if (place === 'sent') throw new Error(`everything was sent before ${until} was reached`);
    if (!answer.ok()) throw new Error(`${url}: ${answer.status()}, on the way to ${until}`);
    const html = await answer.text();
    const kind = /class="kind-(\w+)"/.exec(html)?.[1];
    const choices = [...html.matchAll(/<input type="(?:radio|checkbox)" name="answer"[^>]* value="([^"]*)"/g)].map((m) => m[1]);
    const form = place === 'check' ? { go: 'send' } : fields('continue', saidBy(who, place, kind, choices));
    answer = await post(request, url, form);
  }
  throw new Error(`${until} was not reached`);
}

/** Sends a form as a page would, and follows where it leads. */
export async function post(request, url, form) {
  const body = new URLSearchParams(Array.isArray(form) ? form : Object.entries(form)).toString();
  return request.post(url, { data: body, headers: { 'content-type': 'application/x-www-form-urlencoded' } });
}

function fields(go, answers) {
  return [['go', go], ...answers.map((answer) => ['answer', answer])];
}
