import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { millraceOk } from '../support/cli.js';
import { ownFolder } from '../support/folder.js';
import { type Row, readRows, sorted } from '../support/ndjson.js';
import { answer, needShared, root } from '../support/shared.js';

/** Real rows, in order and in order of arrival, at one task and at three: the answers of two other engines must come out each time. */
const FORMS = ['sorted', 'disordered'] as const;
const WAYS = FORMS.flatMap((form) => [1, 3].map((parallelism) => ({ form, parallelism })));

const RETAIL = { sorted: 'data/online_retail.ndjson.gz', disordered: 'data/online_retail_disordered300.ndjson.gz' };
const TAOBAO = { sorted: 'data/taobao.ndjson.gz', disordered: 'data/taobao_disordered120.ndjson.gz' };

interface Job {
  graph: string;
  /** Id of the source node. */
  source: string;
  parallelism: number;
  settings?: readonly string[];
}

/** Rows that the graph writes for an input file; checks that no record got lost, late or stuck on the way. */
async function run({ graph, source, parallelism, settings = [] }: Job, input: string): Promise<Row[]> {
  const output = join(ownFolder(), 'result.ndjson');
  const sets = [`${source}.path=${input}`, `result.path=${output}`, ...settings].flatMap((setting) => [
    '--set',
    setting,
  ]);
  const { stdout } = await millraceOk([
    'run',
    join(root, graph),
    ...sets,
    '--parallelism',
    String(parallelism),
    '--json',
  ]);
  const { status, nodes } = JSON.parse(stdout) as { status: string; nodes: Record<string, Record<string, number>> };
  expect(status).toBe('finished');
  for (const node of Object.values(nodes)) {
    expect(node).toMatchObject({ filtered: 0, late: 0, skipped: 0, deadLettered: 0, handled: node.in });
  }
  return readRows(output);
}

/** Money of the answers is rounded to three decimals. */
function expectRevenue(actual: readonly Row[], expected: readonly Row[]): void {
  const found = sorted(actual, 'w', 'country');
  const wanted = sorted(expected, 'w', 'country');
  expect(found.map(({ w, country, lines_n }) => ({ w, country, lines_n }))).toEqual(
    wanted.map(({ w, country, lines_n }) => ({ w, country, lines_n })),
  );
  for (const [index, row] of wanted.entries()) {
    for (const field of ['net', 'gross']) {
      expect(
        Math.abs(Number(found[index]![field]) - Number(row[field])),
        `${row.w} ${row.country} ${field}`,
      ).toBeLessThan(0.002);
    }
  }
}

describe('online retail', () => {
  it.for(WAYS)('revenue per country and hour, $form, parallelism $parallelism', async ({ form, parallelism }, test) => {
    const [input, answers] = needShared(test, RETAIL[form], 'answers/online_retail.json') as [string, string];
    const rows = await run(
      { graph: 'examples/revenue-per-country/graph.json', source: 'invoices', parallelism },
      input,
    );
    expectRevenue(rows, answer(answers, 'revenue_country_hour'));
    expect(Object.keys(rows[0]!)).toEqual(['w', 'country', 'net', 'gross', 'lines_n']);
  });

  it.for(WAYS)('revenue per country and day, $form, parallelism $parallelism', async ({ form, parallelism }, test) => {
    const [input, answers] = needShared(test, RETAIL[form], 'answers/online_retail.json') as [string, string];
    const rows = await run({ graph: 'test/examples/graphs/retail-day.json', source: 'invoices', parallelism }, input);
    expectRevenue(rows, answer(answers, 'revenue_country_day'));
  });
});

describe('taobao', () => {
  const graph = 'test/examples/graphs/clicks-5m.json';

  it.for(WAYS)(
    'clicks per category and 5 minutes, $form, parallelism $parallelism',
    async ({ form, parallelism }, test) => {
      const [input, all] = needShared(test, TAOBAO[form], TAOBAO.sorted) as [string, string];
      const rows = await run({ graph, source: 'clicks', parallelism }, input);
      expect(sorted(rows, 'w', 'category_id')).toEqual(sorted(countedPlainly(readRows(all)), 'w', 'category_id'));
    },
  );

  it.for(WAYS)(
    'clicks per behaviour and 5 minutes, $form, parallelism $parallelism',
    async ({ form, parallelism }, test) => {
      const [input, answers] = needShared(test, TAOBAO[form], 'answers/taobao.json') as [string, string];
      const rows = await run(
        { graph, source: 'clicks', parallelism, settings: ['per-5-min.groupBy=["behavior"]'] },
        input,
      );
      expect(sorted(rows, 'w', 'behavior')).toEqual(sorted(answer(answers, 'behavior_5m'), 'w', 'behavior'));
    },
  );
});

/** The same counts by a loop over the rows. */
function countedPlainly(clicks: readonly Row[]): Row[] {
  const counts = new Map<string, Row & { n: number }>();
  for (const { event_time, category_id } of clicks) {
    const time = Date.parse(String(event_time));
    const w = new Date(time - (time % 300_000)).toISOString().replace('.000Z', 'Z');
    const row = counts.get(`${w} ${category_id}`) ?? { w, category_id, n: 0 };
    row.n++;
    counts.set(`${w} ${category_id}`, row);
  }
  return [...counts.values()];
}
