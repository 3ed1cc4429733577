import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Aborted, type DecodeTools, type InRecord, RecordCursor } from './decode-batch.js';
import { encodeBatch, type OutRecord } from './encode-batch.js';
import { murmur2, partitionOfKey } from './murmur2.js';

const { crc32c, compressionsAlgorithmsByBitmask } = await import('@platformatic/kafka');
const tools: DecodeTools = {
  crc32c: (data) => crc32c(data),
  decompress: (bitmask, data) => compressionsAlgorithmsByBitmask[bitmask]!.decompressSync(data),
};
const record = (text: string, time = 1_700_000_000_000): OutRecord => ({
  key: null,
  value: Buffer.from(text),
  time,
  id: undefined,
});

function batch(
  records: OutRecord[],
  at: number,
  producer: { id?: bigint; transactional?: boolean } = {},
  bitmask = 0,
): Buffer {
  const codec = compressionsAlgorithmsByBitmask[bitmask]!;
  const bytes = encodeBatch(
    records,
    { id: producer.id ?? 1n, epoch: 0, sequence: 0, transactional: producer.transactional ?? false },
    bitmask === 0 ? undefined : { bitmask, compress: (data) => codec.compressSync(data) },
    (data) => crc32c(data),
  );
  bytes.writeBigInt64BE(BigInt(at), 0);
  return bytes;
}

/** What a broker writes at the end of a transaction. */
function marker(at: number, id: bigint, kind: 'abort' | 'commit'): Buffer {
  const bytes = batch(
    [{ key: Buffer.from([0, 0, 0, kind === 'abort' ? 0 : 1]), value: null, time: 5, id: undefined }],
    at,
    { id },
  );
  bytes.writeInt16BE((1 << 4) | (1 << 5), 21);
  bytes.writeUInt32BE(crc32c(bytes.subarray(21)) >>> 0, 17);
  return bytes;
}

function read(bytes: Buffer, from = 0, aborted: Aborted[] = [], piece = 3): { records: InRecord[]; next: number } {
  const cursor = new RecordCursor(from, tools, true);
  const records: InRecord[] = [];
  cursor.feed({ bytes, aborted });
  while (!cursor.empty) cursor.take(piece, (one) => records.push(one));
  return { records, next: cursor.next };
}
const texts = (records: InRecord[]) => records.map((one) => one.value?.toString());

describe('a record batch', () => {
  const arbitrary = fc.record({
    key: fc.option(fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes))),
    value: fc.option(fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes))),
    time: fc.integer({ min: 0, max: 4_102_444_800_000 }),
    id: fc.option(
      fc.string({ maxLength: 80, unit: 'binary' }).map((text) => Buffer.from(text)),
      { nil: undefined },
    ),
  });

  it.each([0, 1, 2, 3])('comes back the same, with compression %i', (bitmask) => {
    fc.assert(
      fc.property(fc.array(arbitrary, { minLength: 1, maxLength: 40 }), fc.nat(1e12), (records, offset) => {
        const { records: back, next } = read(batch(records, offset, {}, bitmask), offset);
        expect(next).toBe(offset + records.length);
        expect(back).toEqual(
          records.map(({ key, value, time, id }, i) => ({
            offset: offset + i,
            key,
            value,
            time,
            headers: id === undefined ? {} : { 'millrace-id': id.toString('utf8') },
          })),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('is read from the offset that was asked for, and left alone when it is not whole', () => {
    const bytes = Buffer.concat([batch([record('a'), record('b'), record('c')], 10), batch([record('d')], 13)]);
    expect(texts(read(bytes, 12).records)).toEqual(['c', 'd']);
    const cut = read(bytes.subarray(0, bytes.length - 1), 10);
    expect(texts(cut.records)).toEqual(['a', 'b', 'c']);
    expect(cut.next).toBe(13);
  });

  it('is refused when its checksum does not fit', () => {
    const bytes = batch([record('a')], 0);
    bytes[66]! ^= 1;
    expect(() => read(bytes)).toThrow('checksum');
  });
});

describe('a reader of committed records', () => {
  it('passes over aborted transactions and markers, also where two producers write in turn', () => {
    const tx = (id: bigint) => ({ id, transactional: true });
    const bytes = Buffer.concat([
      batch([record('gone 1')], 0, tx(7n)),
      batch([record('kept 1')], 1, tx(8n)),
      batch([record('plain')], 2),
      batch([record('gone 2')], 3, tx(7n)),
      marker(4, 7n, 'abort'),
      batch([record('kept 2'), record('kept 3')], 5, tx(7n)),
      marker(7, 8n, 'commit'),
      marker(8, 7n, 'commit'),
    ]);
    const { records, next } = read(bytes, 0, [{ producerId: 7, firstOffset: 0 }]);
    expect(texts(records)).toEqual(['kept 1', 'plain', 'kept 2', 'kept 3']);
    expect(next).toBe(9);
  });
});

describe('the partition of a key', () => {
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('of %s has the hash that the Java client gives', (text, hash) => {
    expect(murmur2(Buffer.from(text))).toBe(hash);
  });

  it('is always one of them', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.integer({ min: 1, max: 500 }), (key, n) => {
        const partition = partitionOfKey(key, n);
        expect(partition >= 0 && partition < n).toBe(true);
      }),
    );
  });
});
