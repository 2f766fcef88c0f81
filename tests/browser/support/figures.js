// What was measured on the way, printed when all is done: tests hand figures to `record`, Playwright hands them here.
import fs from 'node:fs';
import path from 'node:path';

import { test } from '@playwright/test';

import reviewed from '../checks/reviewed.json';

/** Notes a figure. Of several by one name, `most`, `least` or the sum is told. */
export function record(name, value, how = 'sum') {
  test.info().annotations.push({ type: 'figure', description: JSON.stringify({ name, value, how }) });
}

export default class Figures {
  constructor() {
    this.figures = new Map();
    this.needed = new Set();
    this.began = Date.now();
  }

  onBegin(config) {
    this.all = !config.cliArgs?.length && !process.argv.some((a) => ['-g', '--grep'].includes(a) || a.endsWith('.spec.js'));
  }

  onTestEnd(_test, result) {
    for (const { type, description } of result.annotations ?? []) {
      if (type === 'needed') this.needed.add(description);
      if (type !== 'figure') continue;
      const { name, value, how } = JSON.parse(description);
      const known = this.figures.get(name);
      const join = { sum: (a, b) => a + b, most: Math.max, least: Math.min }[how];
      this.figures.set(name, known === undefined ? value : join(known, value));
    }
  }

  onEnd(result) {
    const lines = [...this.figures].map(([name, value]) => `  ${name}: ${Math.round(value * 100) / 100}`);
    console.log(`\n${result.status} in ${Math.round((Date.now() - this.began) / 1000)} s\n${lines.join('\n')}`);
    const folder = path.resolve(__dirname, '../../../target/browser');
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(folder, 'figures.json'), `${JSON.stringify(Object.fromEntries(this.figures), null, 1)}\n`);
    const idle = reviewed.map((e) => `${e.engine}, ${e.rule}: ${e.where}`).filter((entry) => !this.needed.has(entry));
    if (process.env.KHI_ALL && this.all && idle.length) {
      console.log(`Nothing needs these entries of checks/reviewed.json any more:\n  ${idle.join('\n  ')}`);
      return { status: 'failed' };
    }
    return undefined;
  }

  printsToStdio() {
    return true;
  }
}
