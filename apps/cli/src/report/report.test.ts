import type { NodeReport, RunReport } from '@millrace/embedded';
import { describe, expect, it } from 'vitest';
import { count, rate, span } from './numbers.js';
import { Progress, progressLine } from './progress.js';
import { failure, runJson } from './run-json.js';
import { deadLetterLines, nodeTable, problemLines } from './table.js';

function node(numbers: Partial<NodeReport>): NodeReport {
  const none = {
    in: 0,
    out: 0,
    handled: 0,
    filtered: 0,
    late: 0,
    skipped: 0,
    deadLettered: 0,
    throughput: 0,
    aptUs: 0,
  };
  return { ...none, latencyMs: { p50: 0, p95: 0, p99: 0 }, ...numbers };
}

const report: RunReport = {
  status: 'finished',
  durationMs: 1250,
  nodes: {
    orders: node({ out: 1234567, throughput: 987654, aptUs: 0.4, latencyMs: { p50: null, p95: null, p99: null } }),
    paid: node({
      in: 1234567,
      out: 1000,
      handled: 1000,
      filtered: 1233567,
      throughput: 800,
      aptUs: 12.2,
      latencyMs: { p50: 0.31, p95: 9, p99: 1500 },
    }),
  },
  deadLetters: [],
  restarts: 0,
};

describe('numbers', () => {
  it.each([
    [0, '0'],
    [0.5, '0.5'],
    [999, '999'],
    [1234, '1.23 k'],
    [56_700, '56.7 k'],
    [2_500_000, '2.50 M'],
    [3e9, '3.00 G'],
  ])('a rate of %d reads %s', (value, text) => expect(rate(value)).toBe(text));

  it.each([
    [0, '0.0 ms'],
    [9.94, '9.9 ms'],
    [42.4, '42 ms'],
    [1250, '1.25 s'],
    [125_000, '2 min 5 s'],
  ])('a span of %d ms reads %s', (ms, text) => expect(span(ms)).toBe(text));

  it('counts have separators', () => expect(count(1234567)).toBe('1,234,567'));
});

describe('a problem at a node', () => {
  const problem = { code: 'DOWN', message: 'The shop does not answer.', hint: 'It is tried again.', since: 1 };
  const troubled = { ...report, nodes: { ...report.nodes, paid: node({ problem }) } };

  it('is said below the table, in the progress line and in the JSON', () => {
    expect(problemLines(report)).toBe('');
    expect(problemLines(troubled)).toBe('paid: The shop does not answer. It is tried again. [DOWN]\n');
    expect(progressLine(troubled, ['orders'], 200)).toContain('paid: The shop does not answer.');
    expect(runJson(troubled).nodes.paid?.problem).toEqual(problem);
    expect(runJson(report).nodes.paid).not.toHaveProperty('problem');
  });
});

describe('the table of a run', () => {
  it('has a line per node, and only the fates that somebody met', () => {
    expect(nodeTable(report)).toBe(
      [
        'node           in        out   filtered  records/s      APT     p50     p95     p99',
        'orders          0  1,234,567          0      988 k  0.40 µs       -       -       -',
        'paid    1,234,567      1,000  1,233,567        800    12 µs  0.3 ms  9.0 ms  1.50 s',
        '',
      ].join('\n'),
    );
  });

  it('is followed by the dead letters, most frequent first', () => {
    const deadLetters = [
      { nodeId: 'a', code: 'X', message: 'one', count: 1 },
      { nodeId: 'b', code: 'Y', message: 'many', count: 1500 },
    ];
    const lines = deadLetterLines({ ...report, deadLetters });
    expect(lines).toContain('  1,500 × b: many [Y]\n  1 × a: one [X]\n');
    expect(deadLetterLines(report)).toBe('');
  });
});

describe('the progress line', () => {
  it('shows a bar when the end is known, within the width of the terminal', () => {
    const line = progressLine({ ...report, status: 'running', progress: 0.52 }, ['orders'], 80);
    expect(line).toBe(`[${'#'.repeat(16)}${'-'.repeat(14)}]  52 %  1,234,567 records  988 k/s  1.3 s`);
    expect(progressLine({ ...report, status: 'running', progress: 0.52 }, ['orders'], 30).length).toBeLessThan(30);
  });

  it('shows only numbers when it is not, and the status when something is up', () => {
    expect(progressLine({ ...report, status: 'restarting', restarts: 2 }, ['orders'], 80)).toBe(
      'restarting  1,234,567 records  988 k/s  1.3 s  2 restarts',
    );
  });

  it('writes nothing where no person looks, and steps aside for other lines', () => {
    let written = '';
    const err = (text: string) => {
      written += text;
    };
    const io = { out: () => {}, err, terminal: false, columns: 80, cwd: '/' };
    new Progress(io, []).draw(report);
    expect(written).toBe('');
    const progress = new Progress({ ...io, terminal: true }, []);
    progress.draw(report);
    progress.above(() => io.err('a line\n'));
    expect(written.endsWith('\r\u001b[2Ka line\n')).toBe(true);
  });
});

describe('the JSON of a run', () => {
  it('has exactly the documented keys', () => {
    const json = runJson({ ...report, progress: 1, extra: true } as RunReport);
    expect(Object.keys(json)).toEqual(['status', 'durationMs', 'nodes']);
    expect(Object.keys(json.nodes.paid!)).toEqual([
      'in',
      'out',
      'handled',
      'filtered',
      'late',
      'skipped',
      'deadLettered',
      'throughput',
      'aptUs',
      'latencyMs',
    ]);
  });

  it('says why a run never started', () => {
    expect(failure(Object.assign(new Error('no'), { code: 'X', hint: 'do' }))).toEqual({
      status: 'failed',
      durationMs: 0,
      nodes: {},
      error: { code: 'X', message: 'no', hint: 'do' },
    });
  });
});
