import { type AnyOperator, type TSchema, Type } from '@millrace/sdk';
import { describe, expect, it } from 'vitest';
import {
  catalogue,
  catalogueWith,
  filter,
  findingsOf,
  graph,
  node,
  sinkNode,
  sourceNode,
} from '../testing/catalogue.js';
import { cpuTime } from '../testing/cpu.js';
import { validateGraph } from './index.js';

/** One node between a source and a sink. */
const around = (middle: ReturnType<typeof node>) =>
  graph([sourceNode, middle, sinkNode], [`orders>${middle.id}`, `${middle.id}.out>out`]);
const windowNode = (config: object, more = {}) => around(node('w', 'test.window', config, more));
const setNode = (config: object, more = {}) => around(node('s', 'test.set', config, more));

describe('operators', () => {
  it('suggests the operator that was meant, also by the last part of its name', () => {
    const [finding] = findingsOf(around(node('f', 'test.fliter')), 'OPERATOR_UNKNOWN');
    expect(finding).toMatchObject({
      path: '/nodes/1/operator',
      nodeId: 'f',
      fix: { code: 'SET', value: 'test.filter' },
    });
    expect(finding!.message).toBe(
      'There is no operator "test.fliter". Did you mean "test.filter"? If it belongs to a plugin, load the plugin.',
    );
    expect(findingsOf(around(node('f', 'filter')), 'OPERATOR_UNKNOWN')[0]!.params.suggestion).toBe('test.filter');
  });

  it('never takes the name of an operator for a path', () => {
    const [finding] = findingsOf(around(node('f', '../../../../etc/passwd')), 'OPERATOR_UNKNOWN');
    expect(finding!.params).toEqual({ operator: '../../../../etc/passwd' });
  });

  it('refuses a config of a newer operator', () => {
    const [finding] = findingsOf(setNode({ fields: {} }, { version: 4 }), 'OPERATOR_VERSION');
    expect(finding).toMatchObject({ path: '/nodes/1/version', params: { version: 4, current: 3 } });
    expect(finding!.message).toContain('version 3 is installed. Update Millrace or the plugin.');
  });

  it('brings an older config up step by step', () => {
    const { findings, graph: checked } = validateGraph(
      setNode({ values: { total: 'qty * price' } }, { version: 1 }),
      catalogue,
    );
    expect(findings).toEqual([]);
    expect(checked!.document.nodes[1]).toMatchObject({ version: 3, config: { fields: { total: 'qty * price' } } });
  });

  it('says when an upgrade step is missing or fails', () => {
    const base = {
      ...filter,
      version: 3,
      upgrade: {
        2: () => {
          throw new Error('no such column');
        },
      },
    };
    const missing = { ...base, type: 'plugin.missing' as const };
    const failing = { ...base, type: 'plugin.failing' as const };
    const operators = catalogueWith(missing, failing);
    const config = { where: 'true' };
    expect(
      findingsOf(around(node('m', 'plugin.missing', config, { version: 1 })), 'OPERATOR_UPGRADE_MISSING', operators)[0]!
        .message,
    ).toBe(
      'plugin.missing cannot bring a config of version 1 to version 3. Set the node up again, or install the older version.',
    );
    expect(
      findingsOf(around(node('m', 'plugin.failing', config, { version: 2 })), 'OPERATOR_CHECK_FAILED', operators)[0]!
        .message,
    ).toBe(
      'The operator plugin.failing failed while it was asked for its upgrade step: no such column. Tell its author.',
    );
  });

  it('warns of parallelism that has no effect', () => {
    const [finding] = findingsOf(windowNode({ size: '1 min' }, { parallelism: 4 }), 'PARALLELISM_SINGLE');
    expect(finding).toMatchObject({
      severity: 'warning',
      path: '/nodes/1/parallelism',
      fix: { code: 'SET', value: 1 },
    });
    expect(finding!.message).toBe('Window sum runs as a single task; the parallelism 4 has no effect. Set it to 1.');
  });

  it('turns a throw inside an operator into a finding', () => {
    const broken = {
      ...filter,
      type: 'plugin.broken' as const,
      lint: () => {
        throw new TypeError('x is undefined');
      },
    };
    const [finding] = findingsOf(
      around(node('b', 'plugin.broken', { where: 'true' })),
      'OPERATOR_CHECK_FAILED',
      catalogueWith(broken),
    );
    expect(finding!.message).toBe(
      'The operator plugin.broken failed while it was asked for its own rules: x is undefined. Tell its author.',
    );
  });

  it.each([
    ['lint', { lint: () => 5 }, 'its own rules'],
    ['outputs', { outputs: () => null }, 'its output ports'],
    ['fields', { fields: () => ({ out: 'text' }) }, 'its field types'],
    ['mode', { mode: () => ({ out: 'upsert' }) }, 'its stream mode'],
  ])('does not stumble over an operator whose %s answers nonsense', (_what, part, named) => {
    const odd = { ...filter, ...part, type: 'plugin.odd' } as unknown as AnyOperator;
    const found = findingsOf(
      around(node('o', 'plugin.odd', { where: 'true' })),
      'OPERATOR_CHECK_FAILED',
      catalogueWith(odd),
    );
    expect(found).toHaveLength(1);
    expect(found[0]!.message).toContain(`while it was asked for ${named}`);
  });
});

describe('configs', () => {
  it('names a missing setting by its title, at the place where it belongs', () => {
    const [finding] = findingsOf(around(node('f', 'test.filter', {})), 'CONFIG_MISSING');
    expect(finding).toMatchObject({ path: '/nodes/1/config/where', nodeId: 'f' });
    expect(finding!.message).toBe('"where" is missing (Keep when). Fill it in.');
    expect(findingsOf(around(node('f', 'test.filter')), 'CONFIG_MISSING'), 'no config at all').toHaveLength(1);
  });

  it('suggests the setting that was meant, but not one that is there already', () => {
    const [finding] = findingsOf(windowNode({ size: 5, limitt: 3 }), 'CONFIG_UNKNOWN');
    expect(finding).toMatchObject({
      path: '/nodes/1/config/limitt',
      fix: { code: 'RENAME', path: '/nodes/1/config/limitt', value: 'limit' },
    });
    expect(finding!.message).toBe('There is no setting "limitt" here. Did you mean "limit"?');
    expect(findingsOf(windowNode({ size: 5, sise: 3 }), 'CONFIG_UNKNOWN')[0]!.fix).toMatchObject({ code: 'REMOVE' });
  });

  it('says what a value must be', () => {
    expect(findingsOf(windowNode({ size: 5, limit: 'many' }), 'CONFIG_TYPE')[0]!.message).toBe(
      'This must be a whole number, not text.',
    );
    expect(findingsOf(windowNode({ size: 5, limit: 500 }), 'CONFIG_RANGE')[0]!.message).toBe(
      'The value 500 is out of range: at least 1; at most 100; enter a value within it.',
    );
    expect(findingsOf(windowNode({ size: '5 minutes' }), 'CONFIG_DURATION')[0]!.message).toBe(
      '5 minutes is not a span of time. Write a number with ms, s, min, h or d, such as 5 min.',
    );
    const [choice] = findingsOf(windowNode({ size: 5, emit: 'finall' }), 'CONFIG_ENUM');
    expect(choice!.message).toBe('finall is not possible here. Choose one of: final, early. Did you mean final?');
    expect(choice!.fix).toEqual({ code: 'SET', path: '/nodes/1/config/emit', value: 'final' });
  });

  it('never repeats a secret', () => {
    const [finding] = findingsOf(windowNode({ size: 5, token: 'HUNTER2' }), 'CONFIG_PATTERN');
    expect(JSON.stringify(finding)).not.toContain('HUNTER2');
  });

  it('explains a union by the branch that was meant', () => {
    const config = (step: object) => setNode({ fields: {}, steps: [step] });
    expect(findingsOf(config({ kind: 'scale', by: 'x' }))).toMatchObject([
      { code: 'CONFIG_TYPE', path: '/nodes/1/config/steps/0/by', message: 'This must be a number, not text.' },
    ]);
    expect(findingsOf(config({ kind: 'scael', by: 2 }))).toMatchObject([
      { code: 'CONFIG_ENUM', path: '/nodes/1/config/steps/0/kind', params: { suggestion: 'scale' } },
    ]);
    expect(findingsOf(config({ by: 2 }))).toMatchObject([
      { code: 'CONFIG_MISSING', path: '/nodes/1/config/steps/0/kind' },
    ]);
  });

  it('fills in defaults, in the chosen branch of a union too, and leaves the document alone', () => {
    const document = setNode({ fields: {}, steps: [{ kind: 'scale', by: 2 }] });
    const { graph: checked } = validateGraph(document, catalogue);
    expect(checked!.document.nodes[1]!.config.steps).toEqual([{ kind: 'scale', by: 2, places: 2 }]);
    expect(document.nodes[1]!.config.steps).toEqual([{ kind: 'scale', by: 2 }]);
    expect(validateGraph(windowNode({ size: 1 }), catalogue).graph!.document.nodes[1]!.config).toEqual({
      size: 1,
      emit: 'final',
    });
  });

  it('carries the findings of lint, with the sentence of the operator', () => {
    const [finding] = findingsOf(windowNode({ size: 5, emit: 'early' }), 'WINDOW_EARLY_LIMIT');
    expect(finding).toMatchObject({
      severity: 'error',
      path: '/nodes/1/config/limit',
      message: 'Early results need a limit. Set one.',
    });
  });

  it('knows time zones in configs and settings', () => {
    expect(findingsOf(windowNode({ size: 5, zone: 'Mars/Olympus' }), 'TIMEZONE_UNKNOWN')[0]).toMatchObject({
      path: '/nodes/1/config/zone',
      message: 'There is no time zone "Mars/Olympus". Use a name such as Europe/Berlin, Asia/Shanghai or UTC.',
    });
    const document = { ...windowNode({ size: 5 }), settings: { timeZone: 'Europe/Berlim' } };
    expect(findingsOf(document, 'TIMEZONE_UNKNOWN')[0]!.path).toBe('/settings/timeZone');
  });
});

describe('schemas of plugins', () => {
  const plugin = (schema: object) => ({ ...filter, type: 'plugin.x' as const, config: schema as TSchema });
  const check = (schema: object, config: object) =>
    findingsOf(around(node('p', 'plugin.x', config)), undefined, catalogueWith(plugin(schema)));

  it('match patterns in linear time', () => {
    const schema = { type: 'object', properties: { sku: { type: 'string', pattern: '^(a+)+$' } } };
    const run = () => check(schema, { sku: `${'a'.repeat(40)}!` });
    expect(run()[0]!.code).toBe('CONFIG_PATTERN');
    expect(cpuTime(run)).toBeLessThan(100);
  });

  it('cannot reach the network, and say so when they cannot be compiled', () => {
    const [remote] = check({ $ref: 'http://169.254.169.254/latest/meta-data/' }, {});
    expect(remote).toMatchObject({ code: 'OPERATOR_SCHEMA_INVALID', nodeId: 'p' });
    expect(check({ type: 'object', properties: { a: { type: 'string', pattern: '(?=x)' } } }, {})[0]!.code).toBe(
      'OPERATOR_SCHEMA_INVALID',
    );
    expect(check({ $async: true, type: 'object' }, {})[0]!.code).toBe('OPERATOR_SCHEMA_INVALID');
    expect(check({ type: 'nonsense' }, {})[0]!.message).toContain('declares a config that cannot be checked');
  });

  it('may use tuples of older drafts', () => {
    const schema = Type.Object({ pair: Type.Tuple([Type.String(), Type.Number()]) });
    expect(check(schema, { pair: ['a', 1] })).toEqual([]);
    expect(check(schema, { pair: ['a', 'b'] })[0]).toMatchObject({
      code: 'CONFIG_TYPE',
      path: '/nodes/1/config/pair/1',
    });
  });
});
