// What keeps a table of the rows so far: dedupe, top-n, regular joins.
import { sameTables, Table } from '../changes.mjs';
import { NotOffered, reader, start } from '../harness.mjs';

/** Far longer than any case takes: time to live that ends only when a case says so. */
const TTL = 1_000_000_000;

/** First or last row of a key by event time. @param {import('../cases.mjs').Case} one */
function dedupRowtime({ config, input }) {
  const forgets = input.some(({ op }) => op === 'ttl_expire');
  const dedupe = start('core.dedupe', {
    by: ['key'],
    keep: config.keep,
    emit: 'updating',
    remember: forgets ? 'clock' : 'for-ever',
    ...(forgets && { within: TTL }),
  });
  const results = reader(dedupe);
  let table = new Table(config.update_before);
  let now = 0;
  /** @type {any[]} */
  const actual = [];
  for (const { op, key, v, ts } of input) {
    if (op === 'snapshot_restore') dedupe.snapshotRestore();
    else if (op === 'ttl_expire') {
      now += TTL;
      dedupe.clock(now);
      table = new Table(config.update_before);
    } else dedupe.feed({ value: { key, v, ts }, time: ts });
    for (const { value, op: change } of results()) {
      actual.push(...table.apply(value.key, [value.key, value.v, value.ts], change));
    }
  }
  return { actual };
}

/** Repeats within a span of event time; the watermark is computed after each batch. @param {import('../cases.mjs').Case} one */
function dedupWithinWatermark({ config, input }) {
  const { delay } = config;
  const dedupe = start('core.dedupe', {
    by: ['key'],
    keep: 'first',
    emit: 'at-once',
    remember: 'event-time',
    within: delay,
  });
  const results = reader(dedupe);
  let watermark = 0;
  const actual = input.flatMap(({ batch }) => {
    for (const [key, ts] of batch) dedupe.feed({ value: { key, ts }, time: ts });
    for (const [, ts] of batch) watermark = Math.max(watermark, ts - delay);
    dedupe.watermark(watermark);
    return results().map(({ value }) => [value.key, value.ts]);
  });
  return { actual };
}

/** @param {any} value @param {boolean} rank */
const topRow = ({ key, id, v, place }, rank) => (rank ? [key, id, v, place] : [key, id, v]);

/**
 * The best rows so far. Places are a table by group and rank, rows one by row. @param {import('../cases.mjs').Case} one
 * @returns {{ changes: any[][], table: Table }}
 */
function topChanges({ config, input }) {
  const { from = 1, to, rank = true } = config;
  if (from > 1 && !rank) throw new NotOffered('the best rows without the first of them, and without their rank');
  const descending = config.order === 'desc' || config.desc === true;
  const top = start('core.top-n', {
    n: to,
    groupBy: ['key'],
    orderBy: [{ field: 'v', direction: descending ? 'desc' : 'asc' }],
    per: 'so-far',
    ...(rank ? { rows: 'places', rank: 'place' } : { rows: 'rows', rowKey: ['n'] }),
  });
  const results = reader(top);
  const table = new Table(config.update_before ?? true);
  /** @type {any[][]} */
  const changes = [];
  for (const [n, { op, key, id, v }] of input.entries()) {
    if (op === 'snapshot_restore') top.snapshotRestore();
    else top.feed({ value: { key, id, v, n }, time: n });
    for (const { value, op: change } of results()) {
      if (rank && value.place < from) continue;
      changes.push(...table.apply(rank ? [value.key, value.place] : value.n, topRow(value, rank), change));
    }
  }
  return { changes, table };
}

/** @param {import('../cases.mjs').Case} one */
const topn = (one) => ({ actual: topChanges(one).changes });
/** @param {import('../cases.mjs').Case} one */
const topnFinal = (one) => ({ actual: [...topChanges(one).table.rows.values()] });

/**
 * Changes of a regular join. A null row that is replaced is one upsert for us, so the tables are compared.
 * @param {import('../cases.mjs').Case} one
 */
function changelog({ config, input, expected }) {
  const table = { mode: /** @type {const} */ ('upsert'), key: ['n'] };
  const join = start(
    'core.join',
    { leftKey: ['id'], rightKey: ['id'], select: 'nest', type: config.type ?? 'left' },
    { inputModes: { left: table, right: table } },
  );
  const results = reader(join);
  const rows = new Table();
  /** Rows that are there, by side and content: a row that is taken back is found by what it says. @type {Map<string, number[]>} */
  const known = new Map();
  /** @type {any[][]} */
  const actual = [];
  for (const [n, { side, kind, id, v = null }] of input.entries()) {
    const remove = kind === '-D' || kind === '-U';
    const same = JSON.stringify([side, id, v]);
    const numbers = known.get(same) ?? [];
    known.set(same, numbers);
    const number = remove ? (numbers.pop() ?? n) : n;
    if (!remove) numbers.push(n);
    join.feed({
      port: side === 'L' ? 'left' : 'right',
      value: { n: number, id, v },
      time: n,
      op: remove ? 'delete' : 'upsert',
    });
    for (const { value, op } of results()) {
      const { left, right } = value;
      actual.push(...rows.apply([left?.n ?? null, right?.n ?? null], [(left ?? right).id, right?.v ?? null], op));
    }
  }
  return sameTables(actual, expected) ? { actual: expected } : { actual };
}

export const tables = {
  dedup_rowtime: dedupRowtime,
  dedup_within_watermark: dedupWithinWatermark,
  topn,
  topn_final: topnFinal,
  changelog,
};
