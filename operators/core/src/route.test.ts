import { compileExpression } from '@millrace/graph';
import { outputPorts } from '@millrace/sdk';
import { checkOperator, runOperator } from '@millrace/sdk/testing';
import { describe, expect, it } from 'vitest';
import { route } from './route.js';

const compile = compileExpression;
const rules = [
  { port: 'big', when: 'n > 10' },
  { port: 'even', when: 'n % 2 == 0' },
];

describe('core.route', () => {
  it('does what its examples say', async () => {
    await checkOperator(route, { compile });
  });

  it('has an output per rule, and "otherwise" always', () => {
    expect(Object.keys(outputPorts(route, { rules }))).toEqual(['big', 'even', 'otherwise']);
    expect(route.fields?.({ rules }, { in: undefined })).toEqual({
      big: undefined,
      even: undefined,
      otherwise: undefined,
    });
  });

  it('tries rules in order and stops at the first', () => {
    const harness = runOperator(route, { rules }, { compile });
    for (const n of [12, 4, 3, null]) harness.feed({ n });
    expect(harness.outputs()).toEqual({ big: [{ n: 12 }], even: [{ n: 4 }], otherwise: [{ n: 3 }, { n: null }] });
  });

  it('sends nothing anywhere when one of the rules cannot be computed', () => {
    const harness = runOperator(
      route,
      {
        rules: [
          { port: 'a', when: 'n > 1' },
          { port: 'b', when: 't > 1' },
        ],
        mode: 'all',
      },
      { compile },
    );
    harness.feed({ n: 5, t: 'x' });
    expect([harness.outputs(), harness.dead.length]).toEqual([{ a: [], b: [], otherwise: [] }, 1]);
  });

  it('moves a row of an upsert stream from one output to another', () => {
    const harness = runOperator(route, { rules }, { compile });
    harness
      .feed({ value: { id: 1, n: 20 }, op: 'upsert' })
      .feed({ value: { id: 1, n: 2 }, op: 'upsert' })
      .feed({ value: { id: 1 }, op: 'delete' });
    const ops = (port: string) => harness.records(port).map((r) => r.op);
    expect([ops('big'), ops('even'), ops('otherwise')]).toEqual([
      ['upsert', 'delete', 'delete'],
      ['delete', 'upsert', 'delete'],
      ['delete', 'delete', 'delete'],
    ]);
  });

  it.each([
    ['otherwise', 'ROUTE_PORT_RESERVED'],
    ['my port', 'ROUTE_PORT_NAME'],
    ['big', 'ROUTE_PORT_TWICE'],
  ])('finds the bad output name %j', (port, code) => {
    expect(route.lint?.({ rules: [...rules, { port, when: 'true' }] })).toMatchObject([
      { code, path: '/rules/2/port', severity: 'error' },
    ]);
  });
});
