import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { type Behaviour, defineOperator, defineSource, type Example } from '../operator.js';
import { Type } from '../schema.js';
import type { ValueState } from '../state.js';
import { checkOperator } from './check.js';

const config = Type.Object({ step: Type.Number({ default: 1 }) });
const docs = { title: 'Count', summary: 'Counts.', category: 'shape' } as const;
type States = { n: ValueState<number> };

function counter(create: (step: number) => Behaviour<States>, examples: Example<never>[], more: object = {}) {
  return defineOperator<typeof config, States>({
    type: 'test.count',
    version: 1,
    docs,
    config,
    inputs: { in: {} },
    outputs: { out: {}, late: { side: true } },
    key: () => ['id'],
    traits: { partitioning: 'by-key' },
    state: { n: { kind: 'value' } },
    examples: examples as never,
    create: ({ config: { step } }) => create(step),
    ...more,
  });
}
const example = {
  title: 'two of a',
  config: {} as never,
  input: [{ value: { id: 'a' } }, { watermark: 5 }, { value: { id: 'a' } }],
  output: {
    out: [
      { id: 'a', n: 1 },
      { id: 'a', n: 2 },
    ],
  },
};
const inState = (step: number): Behaviour<States> => ({
  onRecord(record, _port, ctx) {
    const n = (ctx.state.n.get() ?? 0) + step;
    ctx.state.n.set(n);
    ctx.emit('out', { n, id: record.value.id });
  },
});

describe('checkOperator', () => {
  it('runs every example three ways', async () => {
    expect(await checkOperator(counter(inState, [example, { ...example, title: 'again' }]))).toEqual({
      type: 'test.count',
      runs: 6,
    });
  });

  it('finds state that hides in a closure', async () => {
    let n = 0;
    const hidden = counter(() => {
      n = 0;
      return { onRecord: (record, _port, ctx) => ctx.emit('out', { id: record.value.id, n: ++n }) };
    }, [example]);
    await expect(checkOperator(hidden)).rejects.toThrow(/restored after every step: port "out", record 2/);
  });

  it('lists missing, wrong and unexpected records, and records that failed', async () => {
    const wrong = counter(
      () => ({
        onRecord(record, _port, ctx) {
          if (ctx.watermark === 5) throw new Error('broken');
          ctx.late(record);
        },
      }),
      [example],
    );
    await expect(checkOperator(wrong)).rejects.toThrow(
      /failed at \{"id":"a"\}: broken[\s\S]*port "out" lacks[\s\S]*port "late" has more/,
    );
  });

  it('checks the declaration itself', async () => {
    const odd = counter(inState, [{ ...example, config: { step: 'x' } as never }], {
      type: 'Count',
      version: 2,
      docs: { ...docs, summary: 'no stop' },
      traits: {},
    });
    const error = await checkOperator(odd).catch((e: Error) => e.message);
    for (const part of ['namespace.name', 'upgrade has no step from version 1 to 2', 'not a sentence', 'config/step'])
      expect(error).toContain(part);
  });

  it('gives sinks a folder and compares the files they leave', async () => {
    const sink = defineOperator({
      type: 'test.sink',
      version: 1,
      docs: { ...docs, category: 'sink' },
      config: Type.Object({ path: Type.String() }),
      inputs: { in: {} },
      outputs: {},
      examples: [
        {
          title: 'appends',
          config: { path: 'a/out.txt' },
          files: { 'a/out.txt': 'x' },
          input: [{ value: 'y' }, { value: 'z' }],
          expectFiles: { 'a/out.txt': 'xyz' },
        },
      ],
      create({ config: { path }, services }) {
        let text = '';
        const file = services.resolvePath(path);
        return {
          onRecord: (record) => {
            text += record.value;
          },
          async prepareCommit() {
            await writeFile(file, (await readFile(file, 'utf8')) + text);
            text = '';
          },
        };
      },
    });
    expect((await checkOperator(sink)).runs).toBe(3);
  });

  it('reads sources whole, reopened at each position, and in small polls', async () => {
    const lines = (broken: boolean) =>
      defineSource({
        type: 'test.lines',
        version: 1,
        docs: { ...docs, category: 'source' },
        config: Type.Object({ path: Type.String() }),
        outputs: { out: {} },
        examples: [
          {
            title: 'three lines',
            config: { path: 'in.txt' },
            files: { 'in.txt': 'a\nb\nc' },
            output: { out: ['a', 'b', 'c'] },
          },
        ],
        create: ({ config: { path }, services }) => ({
          live: false,
          partitions: () => [path],
          async open(partition, position) {
            const all = (await readFile(services.resolvePath(partition), 'utf8')).split('\n');
            let at = broken ? 0 : ((position as number | null) ?? 0);
            return {
              poll(max) {
                const values = all.slice(at, at + max);
                at += values.length;
                return { values, position: at, end: at === all.length };
              },
            };
          },
        }),
      });
    expect((await checkOperator(lines(false))).runs).toBe(3);
    await expect(checkOperator(lines(true))).rejects.toThrow(/did not move on/);
  });
});
