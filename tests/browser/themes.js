// Looks: every theme in every language and rendition, and a sample in which every two values of two settings meet at least once.

const VALUES = {
  contrast: ['light', 'dark', 'high', 'device'],
  size: ['normal', 'large', 'largest'],
  rendition: ['easy-read', 'standard'],
  pictures: ['yes', 'no'],
  spacing: ['normal', 'wide'],
  language: ['en', 'cy'],
};

const NAMES = Object.keys(VALUES);
const products = (names) => names.reduce((looks, name) => looks.flatMap((look) => VALUES[name].map((value) => ({ ...look, [name]: value }))), [{}]);
const together = (look, count, from = 0) => (count === 0 ? [''] : NAMES.flatMap((name, n) => (n < from ? [] : together(look, count - 1, n + 1).map((rest) => `${name}=${look[name]} ${rest}`))));

/** Takes the look that brings most of what is still missing. */
function best(looks, count, missing) {
  const gains = looks.map((look) => together(look, count).filter((met) => missing.has(met)).length);
  const found = looks[gains.indexOf(Math.max(...gains))];
  together(found, count).forEach((met) => missing.delete(met));
  return found;
}

/**
 * Every theme in every rendition and language, 16 looks; size, pictures and spacing are spread over them so that as many
 * threes of values as can be had meet.
 */
export function every() {
  const looks = products(NAMES);
  const missing = new Set(looks.flatMap((look) => together(look, 3)));
  return products(['contrast', 'rendition', 'language']).map((core) => best(looks.filter((look) => Object.entries(core).every(([name, value]) => look[name] === value)), 3, missing));
}

/** As few looks as are found by taking, again and again, the one with the most pairs that are still missing. */
export function sample() {
  const looks = products(NAMES);
  const missing = new Set(looks.flatMap((look) => together(look, 2)));
  const taken = [];
  while (missing.size) taken.push(best(looks, 2, missing));
  return taken;
}

/** “large high standard cy”: a look in a test's name. */
export function named(look) {
  return [look.contrast, look.size, look.rendition, look.pictures === 'yes' ? 'pictures' : 'no pictures', look.spacing === 'wide' ? 'wide' : '', look.language].filter(Boolean).join(', ');
}
