// A khi of a test's own, on an empty database, with its own mail folder and a clock that the test sets: days pass in a moment.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { Api } from './api.js';
import { freePort, ready } from './server.js';
import { addStaff, codeOf } from './staff.js';

export const PASSWORD = 'a-long-password-for-tests';

/** The library that gives a program another time (Debian: libfaketime). */
function faketime() {
  const folder = '/usr/lib';
  const found = fs.readdirSync(folder).map((f) => path.join(folder, f, 'faketime/libfaketimeMT.so.1')).find((f) => fs.existsSync(f));
  if (!found) throw new Error('libfaketime is missing: install it (Debian: apt-get install libfaketime)');
  return found;
}

export class OwnKhi {
  /** Starts at ten o'clock of a Monday morning. */
  static async start({ council = 'E08000035' } = {}) {
    const own = new OwnKhi();
    own.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'khi-own-'));
    own.first = Date.UTC(2027, 2, 1, 10, 0, 0);
    own.ahead = own.first - Date.now();
    own.setClock();
    own.at = `http://127.0.0.1:${await freePort()}`;
    own.environment = {
      ...process.env, DATABASE_URL: `sqlite://${own.folder}/khi.db`, KHI_SECRET_FILE: `${own.folder}/khi.secret`, KHI_PUBLIC_URL: own.at,
      LD_PRELOAD: faketime(), FAKETIME_TIMESTAMP_FILE: own.clock, FAKETIME_CACHE_DURATION: '1', FAKETIME_DONT_FAKE_MONOTONIC: '1',
    };
    const options = { cwd: own.folder, env: own.environment };
    const added = spawnSync(process.env.KHI_BIN, ['user', 'add', 'national@test.example', '--role', 'national', '--password-stdin', '--api-without-code'], { input: PASSWORD, ...options });
    if (added.status !== 0) throw new Error(`khi user add: ${added.stderr}`);
    const log = fs.openSync(path.join(own.folder, 'serve.log'), 'a');
    own.server = spawn(process.env.KHI_BIN, ['serve', '--listen', own.at.slice('http://'.length)], { ...options, stdio: ['ignore', log, log] });
    try {
      await ready(own.at, own.server, own.folder);
      own.api = await Api.signIn(own.at, 'national@test.example', PASSWORD);
      await own.api.send('POST', '/schemes', { id: 'leeds-shared-lives', name: 'Leeds Shared Lives', model: 'shared-lives', areas: [{ code: council, from: '2020-04-01', to: null }], cqc_location_id: null });
    } catch (error) {
      await own.stop();
      throw error;
    }
    return own;
  }

  get clock() {
    return path.join(this.folder, 'clock');
  }

  setClock() {
    fs.writeFileSync(this.clock, `+${Math.round(this.ahead / 1000)}`);
  }

  /** What the server's clock shows, in seconds. */
  get now() {
    return (Date.now() + this.ahead) / 1000;
  }

  /** So many days pass. */
  async later(days) {
    this.ahead += days * 86_400_000;
    this.setClock();
    await new Promise((resolve) => setTimeout(resolve, 1_500)); // the server reads its clock's file once a second
  }

  /** Somebody invites a lead to set up an account: gives the link of the mail. */
  async inviteLead(email) {
    const national = await this.session('second-national@test.example', '--role', 'national');
    const answer = await fetch(`${this.at}/national/staff`, {
      method: 'POST', redirect: 'manual', headers: { cookie: `khi-staff=${national.session}`, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ go: 'invite', email, role: 'scheme-lead', scheme: 'leeds-shared-lives' }),
    });
    if (answer.status !== 303) throw new Error(`the lead could not be invited: ${answer.status}`);
    const mail = await this.mail((text) => text.includes('/set-up/'));
    return /http:\/\/127\.0\.0\.1:\d+(\/set-up\/[\w-]+)/.exec(mail)[1];
  }

  /** An account with a connected app, and the cookies of a session. */
  session(email, ...more) {
    return addStaff(process.env.KHI_BIN, { cwd: this.folder, env: this.environment }, this.at, email, PASSWORD, more, () => this.now);
  }

  /** Every mail that was written so far, the earliest first. */
  mails() {
    const folder = path.join(this.folder, 'outbox');
    if (!fs.existsSync(folder)) return [];
    const read = (name) => fs.readFileSync(path.join(folder, name), 'utf8').replaceAll('=\r\n', '').replaceAll('=3D', '=');
    return fs.readdirSync(folder).filter((name) => name.endsWith('.eml')).sort().map(read);
  }

  /** Waits for a mail of which `is` is true. */
  async mail(is) {
    for (let end = Date.now() + 90_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 200))) {
      const found = this.mails().find(is);
      if (found) return found;
    }
    throw new Error('the mail did not come');
  }

  /** Waits until so many mails of which `is` is true were written. */
  async count(is, wanted) {
    let found = 0;
    for (let end = Date.now() + 150_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 250))) {
      found = this.mails().filter(is).length;
      if (found >= wanted) break;
    }
    return found;
  }

  codeOf(secret, steps) {
    return codeOf(secret, steps, this.now);
  }

  async stop() {
    if (this.server?.exitCode === null) {
      this.server.kill('SIGKILL');
      await new Promise((resolve) => this.server.once('exit', resolve));
    }
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}
