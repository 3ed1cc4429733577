import { describe, expect, it } from 'vitest';
import type { RunSetup } from './job.js';
import { addLoad, chooseMove, chooseWorker, emptyLoad } from './placement.js';
import { isFit, type WorkerInfo } from './registry.js';

const worker = (id: string, change: Partial<WorkerInfo> = {}): WorkerInfo => ({
  id,
  host: 'shop-1',
  pid: 1,
  slots: 4,
  pool: '',
  files: ['/'],
  sharedFiles: [],
  startedAt: 0,
  ...change,
});
const setup = (change: Partial<RunSetup> = {}): RunSetup => ({
  baseDir: '/data/files',
  host: 'shop-1',
  localStages: [],
  pool: '',
  overwrite: false,
  commitEvery: null,
  cut: '',
  ...change,
});

/** Places tasks one after the other; answers the workers they went to. */
function placed(workers: WorkerInfo[], stages: string[], run = setup()): (string | undefined)[] {
  const load = emptyLoad();
  return stages.map((stage) => {
    const chosen = chooseWorker(workers, load, 'run', stage, run);
    if (chosen) addLoad(load, 'run', stage, chosen.id);
    return chosen?.id;
  });
}

describe('placement of tasks', () => {
  it('spreads a stage over the workers, then the run', () => {
    expect(placed([worker('a'), worker('b')], ['s', 's', 't', 't', 'u', 'v'])).toEqual(['a', 'b', 'a', 'b', 'a', 'b']);
  });

  it('never takes more slots than there are', () => {
    expect(placed([worker('a', { slots: 1 }), worker('b', { slots: 2 })], ['s', 's', 's', 's'])).toEqual([
      'a',
      'b',
      'b',
      undefined,
    ]);
  });

  it('prefers the emptier worker of two that have nothing of the run', () => {
    const load = emptyLoad();
    addLoad(load, 'other', 's', 'a');
    expect(chooseWorker([worker('a'), worker('b')], load, 'run', 's', setup())?.id).toBe('b');
  });

  it('sends tasks with files to workers that have the folder, and the others anywhere', () => {
    const far = worker('far', { host: 'shop-2' });
    const local = setup({ localStages: ['files'] });
    expect(placed([far, worker('near')], ['files', 'files', 'sum'], local)).toEqual(['near', 'near', 'far']);
    expect(isFit(far, local, 'files')).toBe(false);
    expect(isFit(worker('x', { files: ['/data/files'] }), local, 'files')).toBe(true);
    expect(isFit(worker('x', { files: ['/data/fi'] }), local, 'files')).toBe(false);
    expect(isFit(worker('x', { host: 'shop-2', sharedFiles: ['/data'] }), local, 'files')).toBe(true);
  });

  it('moves tasks to a worker that has joined until the run is spread, and then no more', () => {
    const workers = [worker('a'), worker('b')];
    const tasks = ['s/0', 's/1', 't/0', 'u/0'].map((field) => ({ field, stage: field[0]!, worker: 'a' }));
    const moves: string[] = [];
    for (;;) {
      const load = emptyLoad();
      for (const task of tasks) addLoad(load, 'run', task.stage, task.worker);
      const field = chooseMove(tasks, workers, load, 'run', setup());
      if (field === undefined) break;
      moves.push(field);
      tasks.find((task) => task.field === field)!.worker = 'b';
    }
    expect(moves).toHaveLength(2);
    expect(moves[0]).toMatch(/^s/);
  });

  it('keeps pools apart', () => {
    expect(isFit(worker('x', { pool: 'own' }), setup(), 's')).toBe(false);
    expect(isFit(worker('x'), setup({ pool: 'own' }), 's')).toBe(false);
    expect(isFit(worker('x', { pool: 'own' }), setup({ pool: 'own' }), 's')).toBe(true);
  });
});
