// The two engines that know WCAG: axe-core with every rule it has, and pa11y with HTML_CodeSniffer at AAA.
import fs from 'node:fs';

import axeCore from 'axe-core';
import pa11y from 'pa11y';

import reviewed from './reviewed.json';

const source = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** Every rule that is not deprecated: those of A, AA, AAA and best practice, those off by default, and the experimental ones. */
export const RULES = axeCore.getRules().filter((rule) => !rule.tags.includes('deprecated')).map((rule) => rule.ruleId);

/** What axe-core finds. What it leaves to a person to judge is a fault too, unless reviewed.json gives the reason why it is none. */
export async function axe(page) {
  await page.evaluate(source);
  const { violations, incomplete } = await page.evaluate(async (rules) => {
    const told = (result) => result.nodes.map((node) => ({
      rule: result.id, where: node.target.join(' '), html: node.html.slice(0, 160), why: [...node.any, ...node.all, ...node.none].map((c) => c.message).join('; '),
      key: [...node.any, ...node.all, ...node.none].map((c) => c.data?.messageKey).filter(Boolean).join(' '),
    }));
    const found = await window.axe.run(document, { runOnly: { type: 'rule', values: rules }, resultTypes: ['violations', 'incomplete'] });
    return { violations: found.violations.flatMap(told), incomplete: found.incomplete.flatMap(told) };
  }, RULES);
  const open = incomplete.filter((found) => !accepted('axe', found.rule, found));
  return [...violations, ...open.map((found) => ({ ...found, rule: `${found.rule} (to be judged)` }))]
    .map((found) => `${found.rule}: ${found.where}: ${found.html}: ${found.why}`);
}

/** What pa11y finds with HTML_CodeSniffer, standard WCAG2AAA. It looks at the page that is shown, in whatever state. */
export async function codeSniffer(page) {
  const shown = { on() {}, off() {}, async setViewport() {}, evaluate: (...what) => page.evaluate(...what) };
  const { issues } = await pa11y(page.url(), { browser: {}, page: shown, ignoreUrl: true, runners: ['htmlcs'], standard: 'WCAG2AAA', userAgent: '', wait: 0, threshold: 0 });
  return issues.filter((issue) => !accepted('htmlcs', issue.code, issue)).map((issue) => `${issue.code}: ${issue.selector}: ${issue.context}: ${issue.message}`);
}

/** Which entries of reviewed.json were needed so far, so that those that no longer are can be told. */
export const needed = new Set();

/** An entry of reviewed.json in one line. */
export function nameOf(entry) {
  return `${entry.engine}, ${entry.rule}: ${entry.where}`;
}

function accepted(engine, rule, found) {
  const entry = reviewed.find((e) => e.engine === engine && rule === e.rule && new RegExp(e.where).test(`${found.html ?? found.context} ${found.key ?? ''}`));
  if (entry) needed.add(nameOf(entry));
  return Boolean(entry);
}
