import { MillraceError } from '@millrace/sdk';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkExpression } from './expression/check.js';
import { compileExpression } from './expression/compile.js';
import { EXPRESSION_FUNCTIONS } from './expression/functions/index.js';
import { messageOf } from './message.js';
import { catalogue, graph, node, sinkNode, stockNode } from './testing/catalogue.js';
import { cpuTime } from './testing/cpu.js';
import { validateGraph } from './validate/index.js';

/** Words of the language in any order: much nonsense, some of it valid. */
const words = fc.constantFrom(
  ...EXPRESSION_FUNCTIONS.map(({ name }) => `${name}(`),
  ..."a b items status `x y` 订单 _time _value 1 2.5 -3 0 \"t\" 'u' '5 min' null true ) ) ( [ ] { } : , . + - * / % == != < >= && || ! ? in .map(x, .exists(x, .filter(x, x".split(
    ' ',
  ),
);
const source = fc.oneof(
  fc.array(words, { maxLength: 12 }).map((parts) => parts.join(' ')),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
);
const record = fc.oneof(
  fc.dictionary(
    fc.constantFrom('a', 'b', 'items', 'status', 'x y', '订单', 'constructor', 'toString'),
    fc.jsonValue({ maxDepth: 2 }),
  ),
  fc.jsonValue({ maxDepth: 1 }),
);

describe('whatever is thrown at it', () => {
  it('an expression is refused with an error of ours, or answers plain JSON or an error of ours', () => {
    fc.assert(
      fc.property(source, record, (text, value) => {
        const findings = checkExpression(text, { fields: { a: 'number', status: 'text' }, open: false });
        for (const finding of findings) {
          expect(messageOf(finding)).not.toMatch(/undefined|\{\w+\}/);
          expect(messageOf(finding, 'zh')).not.toMatch(/undefined|\{\w+\}/);
          const { from, to } = finding.range!;
          expect(from >= 0 && from <= to && to <= text.length, `${from} to ${to}`).toBe(true);
        }
        try {
          const answer = compileExpression(text)(value);
          expect(answer).not.toBeUndefined();
          if (answer !== null) expect(['string', 'number', 'boolean', 'object']).toContain(typeof answer);
          JSON.stringify(answer);
        } catch (error) {
          if (!(error instanceof MillraceError)) throw error;
          expect(messageOf(error), error.code).not.toMatch(/undefined|\{\w+\}|^[A-Z_]+$/);
        }
      }),
      { numRuns: 5000 },
    );
  });

  it('a document gets findings, never a throw, and is not changed', () => {
    const scalar = fc.constantFrom<unknown>(
      '',
      'a',
      'stock',
      'test.filter',
      'shop.stock',
      1,
      0,
      -1,
      null,
      true,
      [],
      {},
      'constructor',
    );
    const part = fc.dictionary(
      fc.constantFrom(
        'id',
        'operator',
        'config',
        'source',
        'target',
        'version',
        'position',
        'label',
        'sourceHandle',
        'where',
        'toString',
      ),
      fc.oneof(scalar, fc.dictionary(fc.constantFrom('where', 'fields', 'x'), scalar)),
    );
    const document = fc.record(
      {
        schema: fc.constantFrom(1, 1, 1, 2, 'x'),
        name: scalar,
        nodes: fc.oneof(fc.array(fc.oneof(part, scalar), { maxLength: 4 }), scalar),
        edges: fc.oneof(fc.array(fc.oneof(part, scalar), { maxLength: 4 }), scalar),
        settings: scalar,
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(document, (value) => {
        const before = JSON.stringify(value);
        const { findings, graph: checked } = validateGraph(value, catalogue);
        expect(JSON.stringify(value)).toBe(before);
        expect(checked === undefined).toBe(findings.some(({ severity }) => severity === 'error'));
        for (const finding of findings) expect(messageOf(finding), finding.code).not.toMatch(/undefined|\{\w+\}/);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a document of the largest size', () => {
  const within = (milliseconds: number, run: () => void) => expect(cpuTime(run)).toBeLessThan(milliseconds);

  it('is checked soon when it is sound', () => {
    const nodes = Array.from({ length: 998 }, (_, i) =>
      node(`f${i}`, 'test.filter', { where: `sku == 'A-${i}' && qty * price > ${i}` }),
    );
    const edges = ['stock>f0', ...nodes.slice(1).map((_, i) => `f${i}>f${i + 1}`), 'f997>out'];
    const document = graph([stockNode, ...nodes, sinkNode], edges);
    within(1000, () => expect(validateGraph(document, catalogue).findings).toEqual([]));
  });

  it('and when everything in it is wrong', () => {
    const name = (i: number) => `${'abcdefghij'.repeat(4)}${i}`;
    const nodes = Array.from({ length: 1000 }, (_, i) =>
      node(name(i), 'test.filter', { where: `skuu${i} == ghost${i} && lowr(x) > "y"`, whre: 1 }),
    );
    const document = graph([...nodes.slice(0, 999), stockNode]);
    document.edges = Array.from({ length: 3000 }, (_, i) => ({
      id: `e${i}`,
      source: `${name(i)}x`,
      target: name(i % 900),
    }));
    within(1000, () => expect(validateGraph(document, catalogue).findings.at(-1)!.code).toBe('FINDINGS_CUT'));
  });

  it('and when it is garbage of ten thousand nodes', () => {
    const garbage = {
      schema: 1,
      nodes: Array.from({ length: 10_000 }, (_, i) => ({ id: i, operator: {}, config: [[[[i]]]] })),
      edges: 'x',
    };
    within(500, () => expect(validateGraph(garbage, catalogue).findings).toMatchObject([{ code: 'TOO_MANY_NODES' }]));
    const small = {
      schema: 1,
      name: 't',
      nodes: Array.from({ length: 1000 }, (_, i) => ({ id: i, oprator: {}, config: [i], x: 1, y: 2, z: 3 })),
      edges: Array.from({ length: 3000 }, () => ({})),
    };
    within(500, () => expect(validateGraph(small, catalogue).findings.length).toBeGreaterThan(100));
  });

  it('and when one setting holds thousands of mistakes', () => {
    const document = graph(
      [
        stockNode,
        node('s', 'test.set', { fields: {}, steps: Array.from({ length: 3000 }, () => ({ kind: 'scael', bye: 1 })) }),
        sinkNode,
      ],
      ['stock>s', 's>out'],
    );
    within(500, () => expect(validateGraph(document, catalogue).findings.length).toBeGreaterThan(20));
  });
});
