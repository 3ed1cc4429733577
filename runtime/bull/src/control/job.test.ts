import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InstanceKey, readInstanceKey } from './instance-key.js';
import { readJob, signJob, type TaskJob } from './job.js';

const keyOf = (secret: string) => new InstanceKey(createHash('sha256').update(secret).digest());
const key = keyOf('one');
const job: TaskJob = { run: 'r', stage: 's', index: 0, generation: 4, digest: 'd' };

describe('the lease in a job', () => {
  it('is taken when its signature fits', () => {
    expect(readJob(signJob(job, key), key)).toEqual(job);
    expect(readJob(signJob(job, undefined), undefined)).toEqual(job);
  });

  it('is refused unsigned, signed with another key, or changed', () => {
    const signed = signJob(job, key);
    for (const wrong of [
      signJob(job, undefined),
      signJob(job, keyOf('two')),
      { ...signed, run: 'other' },
      { ...signed, generation: 5 },
      { ...signed, digest: 'other' },
    ])
      expect(() => readJob(wrong, key)).toThrow('not signed');
  });

  it('is refused in any other shape, without harm', () => {
    fc.assert(
      fc.property(fc.anything(), (data) => {
        expect(() => readJob(data, key)).toThrow('refused');
      }),
    );
  });
});

describe('secrets of a run', () => {
  it('come back from their seal with the same key, for the same run', () => {
    const sealed = key.seal('{"MILLRACE_SECRET_a":"hush"}', 'run-1');
    expect(sealed.includes('hush')).toBe(false);
    expect(key.open(sealed, 'run-1')).toBe('{"MILLRACE_SECRET_a":"hush"}');
    expect(() => key.open(sealed, 'run-2')).toThrow('cannot be opened');
    expect(() => keyOf('two').open(sealed, 'run-1')).toThrow('cannot be opened');
    sealed[sealed.length - 1]! ^= 1;
    expect(() => key.open(sealed, 'run-1')).toThrow('cannot be opened');
  });

  it('need a key of some length', () => {
    expect(readInstanceKey({})).toBeUndefined();
    expect(() => readInstanceKey({ SECRET_KEY: 'short' })).toThrow('too short');
    expect(readInstanceKey({ SECRET_KEY: 'x'.repeat(32) })).toBeInstanceOf(InstanceKey);
  });
});
