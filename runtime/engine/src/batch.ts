import type { Op, StreamRecord } from '@millrace/sdk';
import { decodeBlob, encodeBlob } from './codec.js';

/** In-stream signals between records. `at`: before the record of that index. */
export type Mark = { at: number; kind: 'watermark'; value: number } | { at: number; kind: 'idle' | 'active' | 'end' };

/** Records with the signals between them, in stream order. */
export interface Batch {
  records: StreamRecord[];
  marks: Mark[];
}

const OPS: Op[] = ['insert', 'upsert', 'delete'];

/** Columns keep the entry small: times and births are delta-friendly numbers, ops and keys are left out when all are alike. */
interface Wire {
  v: unknown[];
  t: number[];
  b: number[] | number;
  k: (string | null)[] | null;
  o: number[] | null;
  m: [number, number, number][];
}

const MARK_KINDS = ['watermark', 'idle', 'end', 'active'] as const;

/** `keysOf`: the keys at the far node; a record's own key is that of the last node it met. */
export function encodeBatch(batch: Batch, keysOf?: readonly (string | undefined)[]): Uint8Array {
  const { records, marks } = batch;
  const n = records.length;
  const v = new Array<unknown>(n);
  const t = new Array<number>(n);
  const first = n > 0 ? records[0]!.born : 0;
  let born: number[] | null = null;
  let keys: (string | null)[] | null = null;
  let ops: number[] | null = null;
  for (let i = 0; i < n; i++) {
    const record = records[i]!;
    v[i] = record.value;
    t[i] = record.time;
    if (born === null && record.born !== first) born = new Array<number>(i).fill(first);
    if (born !== null) born[i] = record.born;
    const key = keysOf?.[i];
    if (keys === null && key !== undefined) keys = new Array<null>(i).fill(null);
    if (keys !== null) keys[i] = key ?? null;
    if (ops === null && record.op !== 'insert') ops = new Array<number>(i).fill(0);
    if (ops !== null) ops[i] = OPS.indexOf(record.op);
  }
  const wire: Wire = {
    v,
    t,
    b: born ?? first,
    k: keys,
    o: ops,
    m: marks.map((mark) => [mark.at, MARK_KINDS.indexOf(mark.kind), mark.kind === 'watermark' ? mark.value : 0]),
  };
  return encodeBlob(wire);
}

export function decodeBatch(payload: Uint8Array): Batch {
  const wire = decodeBlob(payload, 'An exchange entry') as Wire;
  const n = wire.v.length;
  const records = new Array<StreamRecord>(n);
  const { v, t, b, k, o } = wire;
  for (let i = 0; i < n; i++) {
    records[i] = {
      value: v[i],
      time: t[i]!,
      key: k?.[i] ?? undefined,
      born: typeof b === 'number' ? b : b[i]!,
      op: o ? OPS[o[i]!]! : 'insert',
    };
  }
  const marks = wire.m.map(([at, kind, value]): Mark => {
    const name = MARK_KINDS[kind]!;
    return name === 'watermark' ? { at, kind: name, value } : { at, kind: name };
  });
  return { records, marks };
}
