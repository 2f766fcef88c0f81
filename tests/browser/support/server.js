// A khi server of our own on an empty database, with one scheme of each model in each nation. Started once, ended with the tests.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';

import { Api, NATIONS } from './api.js';
import { release } from './release.js';
import { addStaff, enter } from './staff.js';

const EMAIL = 'national@test.example';
const PASSWORD = 'a-long-password-for-tests';

export default async function start() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'khi-browser-'));
  const port = await freePort();
  const at = `http://127.0.0.1:${port}`;
  const environment = { ...process.env, DATABASE_URL: `sqlite://${folder}/khi.db`, KHI_SECRET_FILE: `${folder}/khi.secret` };
  const khi = process.env.KHI_BIN;

  const added = spawnSync(khi, ['user', 'add', EMAIL, '--role', 'national', '--password-stdin', '--api-without-code'], { input: PASSWORD, cwd: folder, env: environment });
  if (added.status !== 0) throw new Error(`khi user add: ${added.stderr}`);

  const log = fs.openSync(path.join(folder, 'serve.log'), 'a');
  const server = spawn(khi, ['serve', '--listen', `127.0.0.1:${port}`, '--behind-proxy'], { cwd: folder, env: environment, stdio: ['ignore', log, log] });
  const stop = async () => {
    if (server.exitCode === null) {
      server.kill('SIGKILL');
      await new Promise((resolve) => server.once('exit', resolve));
    }
    fs.rmSync(folder, { recursive: true, force: true });
  };
  try {
    await ready(at, server, folder);
    const api = await Api.signIn(at, EMAIL, PASSWORD);
    for (const [nation, about] of Object.entries(NATIONS)) {
      await api.addScheme(`${nation}-shared-lives`, `${about.place} Shared Lives`, 'shared-lives', about.council);
      await api.addScheme(`${nation}-homeshare`, `${about.place} Homeshare`, 'homeshare', about.council);
    }
    const known = Object.entries(NATIONS).map(([nation, about]) => [`${nation}-shared-lives`, about.council]);
    await release(khi, { cwd: folder, env: environment }, api, Object.fromEntries(known));
    const add = (email, ...more) => addStaff(khi, { cwd: folder, env: environment }, at, email, PASSWORD, more);
    const collector = await add('collector@test.example', '--role', 'collector');
    const lead = await add('lead@test.example', '--role', 'scheme-lead', '--scheme', 'england-shared-lives');
    await api.addUnits('england-community-enterprise', 'Leeds Enterprises', 'community-enterprise', NATIONS.england.council);
    const catalyst = await add('catalyst@test.example', '--role', 'scheme-lead', '--scheme', 'england-community-enterprise');
    const area = await add('area@test.example', '--role', 'area', '--area', NATIONS.england.council);
    Object.assign(process.env, { KHI_SESSION_CATALYST: catalyst.session, KHI_SESSION_AREA: area.session });
    const national = await enter(at, EMAIL, PASSWORD);
    Object.assign(process.env, { KHI_COLLECTOR: 'collector@test.example', KHI_DEVICE: collector.device, KHI_SESSION_LEAD: lead.session, KHI_SESSION_NATIONAL: national.session });
    Object.assign(process.env, { KHI_AT: at, KHI_TOKEN: api.token, KHI_STAFF: EMAIL, KHI_STAFF_PASSWORD: PASSWORD });
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}

/** A port that nobody listens on. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** Waits until the server answers, at most so many milliseconds. */
export async function ready(at, server, folder, within = 60_000) {
  for (let end = Date.now() + within; Date.now() < end; ) {
    if (server.exitCode !== null) throw new Error(`khi serve ended: ${fs.readFileSync(path.join(folder, 'serve.log'), 'utf8').slice(-2000)}`);
    const answer = await fetch(`${at}/readyz`).catch(() => null);
    if (answer?.status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`khi serve was not ready in ${within / 1000} s`);
}
