// How the tests run: two browsers side by side, no second tries, screenshots of what failed in target/browser.
import path from 'node:path';
import { defineConfig } from '@playwright/test';

const all = Boolean(process.env.KHI_ALL);

export default defineConfig({
  testDir: '.',
  outputDir: path.resolve(__dirname, '../../target/browser'),
  globalSetup: require.resolve('./support/server.js'),
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: true,
  timeout: all ? 60 * 60_000 : 900_000,
  expect: { timeout: 20_000 },
  reporter: [['dot'], [require.resolve('./support/figures.js')]],
  use: {
    screenshot: 'only-on-failure',
    actionTimeout: 10_000,
    navigationTimeout: 15_000,
    launchOptions: {
      executablePath: process.env.KHI_CHROMIUM,
      // No other host exists: whatever a page asks of one fails, and the test with it.
      args: ['--no-sandbox', '--disable-gpu', '--force-color-profile=srgb', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
    },
  },
});
