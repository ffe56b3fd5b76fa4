import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { chromium, type Browser } from 'playwright-core';
import { privateEnvironment, readEnvironment } from './env.ts';
import { ROOT } from './layout.ts';
import { errorCode, Problem } from './problem.ts';

export type { Browser, Page } from 'playwright-core';

interface Installation {
  executablePath: string;
  /** What it needs in its environment besides what every program gets. */
  env: Record<string, string>;
}

const SYSTEM_BROWSERS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** No GPU is needed to test a page, and containers have a /dev/shm too small for Chromium. */
const SWITCHES = ['--disable-gpu', '--disable-dev-shm-usage'];

/**
 * Starts a headless Chromium: the one that CHROMIUM_PATH names; else the one from npm (Linux on x64), which needs
 * nothing from the machine; else an installed Chromium or Chrome. The caller closes it.
 * @throws Problem when none starts; it says what was tried. A test without a browser fails, it never skips.
 */
export async function launchBrowser(): Promise<Browser> {
  const failures: string[] = [];
  for (const find of candidates(readEnvironment().CHROMIUM_PATH)) {
    try {
      const { executablePath, env } = await find();
      return await chromium.launch({ executablePath, args: SWITCHES, env: { ...privateEnvironment(), ...env } });
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new Problem(
    ['No headless Chromium could be started.', ...failures].join('\n'),
    'Install one (Debian and Ubuntu: apt-get install chromium), or set CHROMIUM_PATH to one.',
  );
}

function candidates(chosen: string | undefined): (() => Installation | Promise<Installation>)[] {
  if (chosen) return [() => ({ executablePath: chosen, env: {} })];
  const installed = SYSTEM_BROWSERS.filter((file) => existsSync(file));
  return [
    ...(process.platform === 'linux' && process.arch === 'x64' ? [unpackFromNpm] : []),
    ...installed.map((executablePath) => () => ({ executablePath, env: {} })),
  ];
}

/** Unpacks the browser from npm once per version, with its libraries and fonts, and says where it is. */
async function unpackFromNpm(): Promise<Installation> {
  const packageFile = path.join(
    path.dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')),
    '../package.json',
  );
  const { version } = JSON.parse(await readFile(packageFile, 'utf8')) as { version: string };
  const folder = path.join(ROOT, 'node_modules/.cache/chorus', `chromium-${version}`);
  if (!existsSync(folder)) await unpackTo(folder);
  return {
    executablePath: path.join(folder, 'chromium'),
    env: {
      LD_LIBRARY_PATH: path.join(folder, 'al2023/lib'),
      FONTCONFIG_FILE: path.join(folder, 'fonts.conf'),
    },
  };
}

/**
 * The package unpacks into the system's temporary folder, whatever is there already, and brings its libraries only on
 * AWS Lambda. So it runs in a process of its own that sees another temporary folder and a Lambda; the result is moved
 * into place whole, so that two test files starting at once cannot meet half a browser.
 */
async function unpackTo(folder: string): Promise<void> {
  await mkdir(path.dirname(folder), { recursive: true });
  const staging = await mkdtemp(`${folder}-`);
  try {
    const script = `
      import chromium from '@sparticuz/chromium';
      await chromium.executablePath();`;
    await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
      cwd: import.meta.dirname,
      env: { TMPDIR: staging, AWS_LAMBDA_JS_RUNTIME: 'nodejs24.x' },
      timeout: 120_000,
    });
    await writeFile(path.join(staging, 'fonts.conf'), fontsConf(folder));
    await rename(staging, folder);
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    // Another process was faster: its copy is as good.
    if (!['ENOTEMPTY', 'EEXIST'].includes(errorCode(error) ?? '')) throw error;
  }
}

/** Fonts from the package, so that a machine without any draws text too, then the machine's own. */
const fontsConf = (folder: string): string => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${folder}/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${folder}/fonts-cache</cachedir>
</fontconfig>
`;
