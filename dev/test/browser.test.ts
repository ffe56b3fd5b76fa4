import { afterEach, expect, test, vi } from 'vitest';
import { launchBrowser } from '../src/browser.ts';

afterEach(() => vi.unstubAllEnvs());

test('a browser starts and draws text on a machine that brings neither libraries nor fonts', async () => {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.setContent('<span>Chorus</span>');
    expect(await page.locator('span').evaluate((element) => element.getBoundingClientRect().width)).toBeGreaterThan(10);
  } finally {
    await browser.close();
  }
});

test('a browser that is missing is a problem with advice', async () => {
  vi.stubEnv('CHROMIUM_PATH', '/nowhere/chromium');
  await expect(launchBrowser()).rejects.toMatchObject({
    name: 'Problem',
    message: expect.stringContaining('/nowhere/chromium'),
    advice: expect.stringContaining('CHROMIUM_PATH'),
  });
});
