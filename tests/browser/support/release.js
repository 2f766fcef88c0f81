// A release, and the draft of the next one: six Shared Lives schemes with enough answers to be shown.
import { spawnSync } from 'node:child_process';

const PEOPLE = 36;
const MORE = { 'york-shared-lives': ['York Shared Lives', 'E06000014'], 'bradford-shared-lives': ['Bradford Shared Lives', 'E08000032'] };

/** Sends answers of the last financial year that is over, releases it, and drafts the same period again. `schemes`: id and council of each. */
export async function release(khi, options, api, schemes) {
  const period = lastYear(new Date());
  const all = { ...schemes };
  for (const [id, [name, council]] of Object.entries(MORE)) {
    await api.addScheme(id, name, 'shared-lives', council);
    all[id] = council;
  }
  for (const [id, council] of Object.entries(all)) {
    const batch = Array.from({ length: PEOPLE }, (_, n) => answer(id, council, period, n));
    const { items } = await api.send('POST', '/responses/batch', batch);
    const refused = items.find((item) => item.status !== 'recorded');
    if (refused) throw new Error(`an answer of ${id}: ${JSON.stringify(refused)}`);
  }
  const draft = run(khi, options, ['release', 'draft', period.name, '--days', '0']);
  run(khi, options, ['release', 'publish', draft]);
  run(khi, options, ['release', 'draft', period.name, '--days', '14']);
}

/** The financial year before the running one: its name, and a day of it. */
function lastYear(today) {
  const first = today.getUTCMonth() < 3 ? today.getUTCFullYear() - 2 : today.getUTCFullYear() - 1;
  return { name: `${first}-${String((first + 1) % 100).padStart(2, '0')}`, day: `${first}-06-15` };
}

function answer(scheme, council, period, n) {
  return {
    idempotency_key: `key-of-the-release-${scheme}-${n}`, questionnaire: 'shared-lives', version: '1.0.0', scheme, council, occasion: 'review', completed_on: period.day,
    mode: 'online', rendition: 'easy-read', language: 'en', completed_by: 'self', consent: { version: '1', statistics: true }, about: { arrangement: ['live-in'] },
    answers: { connected: n % 4 === 0 ? 'same' : 'better', kind: n % 6 === 0 ? 'sometimes' : 'yes' },
  };
}

/** Runs `khi`, and gives the id that it prints. */
function run(khi, options, words) {
  const done = spawnSync(khi, words, { ...options, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`khi ${words.join(' ')}: ${done.stdout}${done.stderr}`);
  return /\b[0-9A-Z]{26}\b/.exec(done.stdout)?.[0];
}
