// Looks: every one, and a sample in which every two values of two settings meet at least once.

const VALUES = {
  contrast: ['light', 'dark', 'high', 'device'],
  size: ['normal', 'large', 'largest'],
  rendition: ['easy-read', 'standard'],
  pictures: ['yes', 'no'],
  spacing: ['normal', 'wide'],
  language: ['en', 'cy'],
};

/** Every look, of each language. */
export function every() {
  return Object.entries(VALUES).reduce((looks, [name, values]) => looks.flatMap((look) => values.map((value) => ({ ...look, [name]: value }))), [{}]);
}

/** As few looks as are found by taking, again and again, the one with the most pairs that are still missing. */
export function sample(languages = ['en', 'cy']) {
  const names = Object.keys(VALUES);
  const pairs = (look) => names.flatMap((a, n) => names.slice(n + 1).map((b) => `${a}=${look[a]} ${b}=${look[b]}`));
  const looks = every().filter((look) => languages.includes(look.language));
  const missing = new Set(looks.flatMap(pairs));
  const taken = [];
  while (missing.size) {
    const gains = looks.map((look) => pairs(look).filter((pair) => missing.has(pair)).length);
    const best = looks[gains.indexOf(Math.max(...gains))];
    pairs(best).forEach((pair) => missing.delete(pair));
    taken.push(best);
  }
  return taken;
}

/** “large high standard cy”: a look in a test's name. */
export function named(look) {
  return [look.contrast, look.size, look.rendition, look.pictures === 'yes' ? 'pictures' : 'no pictures', look.spacing === 'wide' ? 'wide' : '', look.language].filter(Boolean).join(', ');
}
