import { setTimeout as pause } from 'node:timers/promises';
import type { Problem } from '@millrace/sdk';
import { expect } from 'vitest';
import type { Instance } from '../lib/instance.mjs';
import { Live, until } from './run.js';

/** How a flow is started: folder with its files, graph, and the node that has the trouble. */
export interface Trial {
  folder: string;
  graph: unknown;
  node: 'in' | 'out';
  env?: { readonly [name: string]: string };
}

/**
 * What a person reads at the node when the flow cannot work: wrong password, unknown topic or table. It must be a sentence with
 * a hint, and must not hold the secret.
 */
export async function troubleAt(trial: Trial, secret?: string): Promise<Problem & { failed: boolean }> {
  const live = await Live.start(trial.folder, trial.graph, trial.env);
  const trouble = await live.trouble(trial.node);
  expect(trouble.code).toMatch(/^[A-Z][A-Z0-9_]+$/);
  expect(trouble.message).toMatch(/^\S.*\s.*\S$/s);
  expect(trouble.hint, 'what to do').toBeTruthy();
  if (secret !== undefined) expect(JSON.stringify(trouble)).not.toContain(secret);
  return trouble;
}

/** The server is down when the flow starts, and comes up: the node says so, and the run gets through without a restart. */
export async function downAtStart(
  trial: Trial,
  server: Instance,
  arrived: () => Promise<boolean> | boolean,
): Promise<Problem> {
  await server.kill();
  let live: Live;
  let trouble: Problem & { failed: boolean };
  try {
    live = await Live.start(trial.folder, trial.graph, trial.env);
    trouble = await live.trouble(trial.node);
    expect(trouble.failed, `${trouble.code}: ${trouble.message}`).toBe(false);
  } finally {
    await server.launch();
  }
  await until('the records after the server came up', arrived, 90_000);
  await healthyAgain(live, trial.node);
  return trouble;
}

/** The server dies while records move and comes back `down` ms later: a problem at the node, then it goes on without a restart. */
export async function downInTheMiddle(
  trial: Trial,
  server: Instance,
  options: { moving: () => Promise<boolean> | boolean; arrived: () => Promise<boolean> | boolean },
): Promise<Problem> {
  const live = await Live.start(trial.folder, trial.graph, trial.env);
  await until('records to move', options.moving, 60_000);
  expect(await options.arrived(), 'all arrived before the fault: the run was not live').toBe(false);
  await server.kill();
  let trouble: Problem & { failed: boolean };
  try {
    trouble = await live.trouble(trial.node);
    expect(trouble.failed, `${trouble.code}: ${trouble.message}`).toBe(false);
  } finally {
    await server.launch();
  }
  await until('the rest of the records', options.arrived, 120_000);
  await healthyAgain(live, trial.node);
  return trouble;
}

/**
 * The server (or the network before it) stops answering for `ms` while records come: back-pressure shows, memory stays flat, and
 * the run gets through afterwards.
 */
export async function slowServer(
  trial: Trial,
  fault: { begin: () => void; end: () => void },
  options: {
    moving: () => Promise<boolean> | boolean;
    arrived: () => Promise<boolean> | boolean;
    ms?: number;
    growth?: number;
  },
): Promise<void> {
  const { ms = 8000, growth = 150 * 1024 * 1024 } = options;
  const live = await Live.start(trial.folder, trial.graph, trial.env);
  await until('records to move', options.moving, 60_000);
  const pressure = live.backPressuredMs();
  fault.begin();
  try {
    // The exchange before the sink fills first; from then on nothing may grow.
    await pause(ms / 2);
    const memory = process.memoryUsage.rss();
    const taken = live.given('in');
    await pause(ms / 2);
    expect(process.memoryUsage.rss() - memory, 'growth of memory while the server stands').toBeLessThan(growth);
    if (trial.node === 'out') {
      expect(live.backPressuredMs() - pressure, 'ms of back-pressure').toBeGreaterThan(ms / 4);
      expect(live.given('in') - taken, 'records read while the sink stands').toBeLessThan(taken / 2 + 20_000);
    }
  } finally {
    fault.end();
  }
  await until('the rest of the records', options.arrived, 120_000);
  await healthyAgain(live, trial.node);
}

async function healthyAgain(live: Live, node: string): Promise<void> {
  await until('the problem to go away', () => live.problem(node) === undefined);
  expect(live.handle.report().restarts, 'restarts of tasks').toBe(0);
  expect(live.handle.report().error).toBeUndefined();
}
