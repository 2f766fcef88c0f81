// Staff for the tests: accounts with a connected app, the token of a session, and that of a remembered browser.
import { spawnSync } from 'node:child_process';
import crypto from 'node:crypto';

/** Adds an account, connects an app, and signs in: the tokens of the session and of the remembered browser, if there is one. */
export async function addStaff(khi, options, at, email, password, more, now) {
  const added = spawnSync(khi, ['user', 'add', email, ...more, '--password-stdin'], { input: password, ...options });
  if (added.status !== 0) throw new Error(`khi user add: ${added.stderr}`);
  return enter(at, email, password, now);
}

/** Connects an app for an account that has none, and signs in with its next code. */
export async function enter(at, email, password, now = () => Date.now() / 1000) {
  const cookies = {};
  await send(at, cookies, '/sign-in', { email, password });
  const page = await (await fetch(`${at}/sign-in/app`, { headers: head(cookies) })).text();
  const secret = /id="secret">([^<]+)</.exec(page)?.[1];
  if (!secret) throw new Error(`no app was offered to ${email}: ${page.slice(0, 2000)}`);
  await send(at, cookies, '/sign-in/app', { code: codeOf(secret, 0, now()) });
  await send(at, cookies, '/sign-in', { email, password });
  await send(at, cookies, '/sign-in/code', { code: codeOf(secret, 1, now()), remember: 'yes' });
  return { session: cookies['khi-staff'], device: cookies['khi-device'] };
}

/** The code of so many steps from now (RFC 6238), or from another time in seconds. */
export function codeOf(secret, steps, now = Date.now() / 1000) {
  const bits = [...secret.replaceAll(' ', '')].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigInt64BE(BigInt(Math.floor(now / 30) + steps));
  const hash = crypto.createHmac('sha1', key).update(step).digest();
  return String((hash.readUInt32BE(hash[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

const head = (cookies) => ({ cookie: Object.entries(cookies).map(([name, value]) => `${name}=${value}`).join('; ') });

async function send(at, cookies, path, form) {
  const answer = await fetch(`${at}${path}`, { method: 'POST', redirect: 'manual', headers: { ...head(cookies), 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams(form) });
  for (const cookie of answer.headers.getSetCookie()) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie);
    cookies[name] = value;
  }
  if (answer.status >= 400) throw new Error(`${path}: ${answer.status}`);
}
