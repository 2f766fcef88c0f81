// The pictures of docs/pictures, taken by scripts/screenshots. No test: nothing is compared.
import path from 'node:path';
import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: __dirname,
  testMatch: 'take.js',
  outputDir: path.resolve(__dirname, '../../../target/browser'),
  workers: 1,
  timeout: 600_000,
  reporter: [['line']],
  use: { launchOptions: { executablePath: process.env.KHI_CHROMIUM, args: ['--no-sandbox', '--disable-gpu', '--force-color-profile=srgb', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'] } },
});
