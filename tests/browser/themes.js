// Looks: every theme in every language and rendition, and a sample in which every theme stands once.

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
/** Each value of a look, and what of them meet, `count` at a time. */
const met = (look, count) => [...together(look, 1), ...together(look, count)];
const together = (look, count, from = 0) => (count === 0 ? [''] : NAMES.flatMap((name, n) => (n < from ? [] : together(look, count - 1, n + 1).map((rest) => `${name}=${look[name]} ${rest}`))));

/** Takes the look that brings most of what is still missing. */
function best(looks, count, missing) {
  const gains = looks.map((look) => met(look, count).filter((one) => missing.has(one)).length);
  const found = looks[gains.indexOf(Math.max(...gains))];
  met(found, count).forEach((one) => missing.delete(one));
  return found;
}

/** One look for every choice of these settings; the others are spread over them so that as many of `count` values as can be had meet. */
function spread(settings, count) {
  const looks = products(NAMES);
  const missing = new Set(looks.flatMap((look) => met(look, count)));
  return products(settings).map((core) => best(looks.filter((look) => Object.entries(core).every(([name, value]) => look[name] === value)), count, missing));
}

/** Every theme in every rendition and language: 16 looks. */
export const every = () => spread(['contrast', 'rendition', 'language'], 3);

/** Every theme once: four looks, in which each value of each setting stands at least once. */
export const sample = () => spread(['contrast'], 2);

/** “large high standard cy”: a look in a test's name. */
export function named(look) {
  return [look.contrast, look.size, look.rendition, look.pictures === 'yes' ? 'pictures' : 'no pictures', look.spacing === 'wide' ? 'wide' : '', look.language].filter(Boolean).join(', ');
}
