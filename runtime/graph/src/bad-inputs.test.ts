import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineOperator, MillraceError } from '@millrace/sdk';
import { afterEach, describe, expect, it } from 'vitest';
import { checkExpression } from './expression/check.js';
import { compileExpression } from './expression/compile.js';
import { parseDocument } from './parse/parse-document.js';
import { catalogue, catalogueWith, filter, graph, node, sinkNode, sourceNode } from './testing/catalogue.js';
import { cpuTime } from './testing/cpu.js';
import { validateGraph } from './validate/index.js';

interface BadInput {
  id: string;
  where: string;
  payload: unknown;
  mustHappen: string;
}

/** The shared list of bad inputs: named by the environment, kept in the repository, or beside it. */
function findList(): string | undefined {
  const root = fileURLToPath(new URL('../../../', import.meta.url));
  const places = [
    process.env.MILLRACE_BAD_INPUTS,
    `${root}test/security/bad_inputs.json`,
    `${root}../shared/security/bad_inputs.json`,
  ];
  return places.find((place) => place !== undefined && existsSync(place));
}

const file = findList();
const list: BadInput[] = file ? JSON.parse(readFileSync(file, 'utf8')) : [];
const inputs = new Map(list.map((input) => [input.id.slice(0, 3), input]));

/** The list speaks of `version` and `type`; we say `schema` and `operator`. */
const OPERATORS: Record<string, string> = {
  map: 'test.union',
  filter: 'test.filter',
  'source.http': 'shop.orders',
  'sink.http': 'test.print',
};

function textOf({ payload }: BadInput): string {
  const raw =
    typeof payload === 'object' && payload !== null && '$gen' in payload
      ? String(new Function(`return ${payload.$gen}`)())
      : String(payload);
  return raw
    .replace('"version":1', '"schema":1,"name":"t"')
    .replace('"schema":1,"name":"t","name":"t"', '"schema":1,"name":"t"')
    .replace(/"type":"([^"]+)"/g, (_all, type: string) => `"operator":"${OPERATORS[type] ?? type}"`)
    .replace('"operator":"shop.orders","config":{}', '"operator":"shop.orders","config":{"path":"x"}');
}

function findingsFor(text: string) {
  const { value, findings } = parseDocument(text);
  return findings.length > 0 ? findings : validateGraph(value, catalogue).findings;
}

const EXPECTED: Record<string, { code: string; params?: object; path?: string }> = {
  G01: { code: 'GRAPH_CYCLE', params: { path: 'a>a' } },
  G02: { code: 'GRAPH_CYCLE', params: { path: 'a>b>a' } },
  G03: { code: 'EDGE_TARGET_UNKNOWN', params: { id: 'ghost' } },
  G04: { code: 'NODE_ID_DUPLICATE', params: { id: 'a' } },
  G05: { code: 'NODE_ID_RESERVED', params: { id: '__proto__' } },
  G06: { code: 'KEY_FORBIDDEN' },
  G07: { code: 'KEY_FORBIDDEN' },
  G08: { code: 'OPERATOR_UNKNOWN' },
  G09: { code: 'KEY_FORBIDDEN' },
  G10: { code: 'TOO_DEEP' },
  G11: { code: 'TOO_MANY_NODES' },
  G12: { code: 'EDGE_DUPLICATE' },
  G14: { code: 'DOCUMENT_UNKNOWN', path: '/nodes/0/docsUrl' },
  G15: { code: 'DOCUMENT_UNKNOWN', path: '/nodes/0/icon' },
  G19: { code: 'NUMBER_NOT_FINITE', path: '/nodes/0/position/x' },
};

afterEach(() => {
  expect(({} as { x?: unknown; polluted?: unknown }).x).toBeUndefined();
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

describe.skipIf(!file)('graphs of the list of bad inputs (skipped without the list)', () => {
  it.each(Object.entries(EXPECTED).filter(([id]) => inputs.has(id)))('%s is refused', (id, expected) => {
    const text = textOf(inputs.get(id)!);
    const findings = findingsFor(text);
    expect(cpuTime(() => findingsFor(text))).toBeLessThan(500);
    expect(findings).toContainEqual(
      expect.objectContaining({
        ...expected,
        severity: 'error',
        ...(expected.params ? { params: expect.objectContaining(expected.params) } : {}),
      }),
    );
  });

  it('G12 stays refused without its double edges', () => {
    const { value } = parseDocument(textOf(inputs.get('G12')!));
    const document = value as { name?: string; edges: { source: string; target: string }[] };
    const seen = new Set<string>();
    document.edges = document.edges.filter(
      ({ source, target }) => !seen.has(`${source} ${target}`) && seen.add(`${source} ${target}`),
    );
    expect(validateGraph(document, catalogue).findings).toContainEqual(
      expect.objectContaining({ code: 'AMPLIFICATION', params: expect.objectContaining({ limit: 1000 }) }),
    );
  });

  it('G13 is kept as the text it is', () => {
    const { value } = parseDocument(textOf(inputs.get('G13')!));
    const { findings } = validateGraph(value, catalogue);
    expect(findings.filter(({ path }) => path.includes('label'))).toEqual([]);
  });

  it('G20 cannot set fields that belong to the server', () => {
    const extra = JSON.parse(String(inputs.get('G20')!.payload));
    const { findings } = validateGraph({ ...graph([sourceNode, sinkNode], ['orders>out']), ...extra }, catalogue);
    expect(findings.map(({ code, path }) => `${code} ${path}`).sort()).toEqual(
      Object.keys(extra)
        .map((key) => `DOCUMENT_UNKNOWN /${key}`)
        .sort(),
    );
  });

  it.each(['G22', 'G23'])('%s: the schema of a plugin hangs nobody and fetches nothing', (id) => {
    const operator = defineOperator({
      ...filter,
      type: 'plugin.bad',
      config: JSON.parse(String(inputs.get(id)!.payload)),
    });
    const document = graph(
      [sourceNode, node('p', 'plugin.bad', { sku: `${'a'.repeat(28)}!` }), sinkNode],
      ['orders>p', 'p>out'],
    );
    const operators = catalogueWith(operator);
    const { findings } = validateGraph(document, operators);
    expect(cpuTime(() => validateGraph(document, operators))).toBeLessThan(100);
    expect(findings[0]!.code).toMatch(/CONFIG_PATTERN|OPERATOR_SCHEMA_INVALID/);
  });
});

describe.skipIf(!file)('expressions of the list of bad inputs (skipped without the list)', () => {
  const expressions = list.filter(
    ({ id, where, payload }) => id.startsWith('X') && where === 'expression' && typeof payload === 'string',
  );

  it.each(expressions.map(({ id, payload }) => [id, String(payload)]))('%s never runs: %s', (_id, source) => {
    expect(checkExpression(source)).toContainEqual(
      expect.objectContaining({ severity: 'error', code: expect.stringMatching(/^EXPRESSION_/) }),
    );
    expect(() => compileExpression(source)).toThrow(MillraceError);
    expect(cpuTime(() => checkExpression(source))).toBeLessThan(100);
  });

  it('X18 reads data that is named like a method as data, and X20 never evaluates data', async () => {
    const { record } = JSON.parse(String(inputs.get('X18')!.payload));
    expect(compileExpression('then')(record)).toBe('y');
    expect(await compileExpression('_value')(record)).toBe(record);
    const data = { name: '{{ $json.secret }}', secret: 1 };
    expect(compileExpression('name')(data)).toBe('{{ $json.secret }}');
  });
});
