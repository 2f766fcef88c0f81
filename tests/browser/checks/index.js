// Every check there is, in one list, cheap ones first. Each takes a page and what is expected of it, and gives what is wrong.
import { keepsNothing, staysPut, staysStill } from './behaviour.js';
import { wordsInDrawings } from './drawings.js';
import { axe, codeSniffer } from './engines.js';
import { rings, tabThrough } from './focus.js';
import { chosenShows } from './pixels.js';
import { fits, fitsSpaced, largeEnough, reads } from './shape.js';
import { helpInItsPlace, names, says } from './words.js';

/** Focus stops that a page with a question may have: one for all answers, and seven for everything else. */
export const MOST_STOPS = 8;

export const CHECKS = {
  says,
  'help in its place': helpInItsPlace,
  names,
  'large enough': largeEnough,
  fits,
  'fits with wider spacing': fitsSpaced,
  reads,
  'words in drawings': wordsInDrawings,
  'stays still': staysStill,
  'keeps nothing': keepsNothing,
  focus: async (page, expected) => {
    const { counted, faults } = await tabThrough(page);
    return expected.question && counted > MOST_STOPS ? [...faults, `${counted} focus stops; at most ${MOST_STOPS}`] : faults;
  },
  'stays put': staysPut,
  'axe-core': axe,
  'HTML_CodeSniffer': codeSniffer,
  'chosen shows': chosenShows,
  'rings show': rings,
};

/** Runs checks by name; gives every fault with the name of the check that found it. */
export async function faultsOf(page, expected, checks = Object.keys(CHECKS)) {
  const faults = [];
  for (const name of checks) faults.push(...(await CHECKS[name](page, expected)).map((fault) => `${name}: ${fault}`));
  return faults;
}

/** What is expected of a page in a state, for somebody with this look. */
export function expectedOf(state, look = {}) {
  const buttons = state.question ? ['continue', 'look', 'stop', ...(state.skip ? ['skip'] : []), ...(state.name === 'who' ? [] : ['back'])] : undefined;
  return { lang: state.lang ?? look.language, size: look.size, fresh: state.fresh, error: state.error, question: state.question, buttons };
}
