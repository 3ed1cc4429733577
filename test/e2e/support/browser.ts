import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { onTestFailed } from 'vitest';
import type { TestServer } from './server.js';

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export async function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
}

export interface Tab {
  page: Page;
  context: BrowserContext;
  /** What the page complained about; requests that fail while the network is cut on purpose are no faults. */
  faults: string[];
}

/** A tab that sends the admin token with every request; the login by link has a test of its own. */
export async function openTab(
  browser: Browser,
  server: Pick<TestServer, 'url' | 'admin'>,
  options: { theme?: 'light' | 'dark'; language?: string; width?: number; height?: number } = {},
): Promise<Tab> {
  const { theme = 'light', language = 'en', width = 1440, height = 900 } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    locale: language,
    extraHTTPHeaders: { authorization: `Bearer ${server.admin}` },
  });
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.url });
  await context.addInitScript(
    ([wantedTheme, wantedLanguage]) => {
      localStorage.setItem('millrace.theme', wantedTheme!);
      localStorage.setItem('millrace.language', wantedLanguage!);
    },
    [theme, language],
  );
  const page = await context.newPage();
  onTestFailed(async ({ task }) => {
    const path = join(tmpdir(), `millrace-e2e-${task.name.replace(/\W+/g, '-').slice(0, 40)}.png`);
    await page.screenshot({ path }).then(
      () => process.stdout.write(`screen at the failure: ${path}\n`),
      () => undefined,
    );
  });
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource|WebSocket connection|net::ERR/.test(message.text()))
      faults.push(message.text());
  });
  return { page, context, faults };
}

/** Waits until the draft is on the server. */
export const saved = (page: Page) => page.locator('.save[data-save=saved]').waitFor();
