import { IngestLog, IngestReader } from '@millrace/connector-http/ingest-log';
import { writeFileSync, rmSync } from 'node:fs';
writeFileSync('/tmp/small/filler', Buffer.alloc(600_000));
const log = IngestLog.open('/tmp/small/log');
let ok = 0, bad = {};
const seen = [];
for (let i = 0; i < 3000; i++) { try { await log.append([JSON.stringify({ i, pad: 'x'.repeat(300) })]); ok++; seen.push(i); } catch (e) { bad[e.code + '/' + e.params.reason] = (bad[e.code + '/' + e.params.reason] ?? 0) + 1; } }
console.log({ ok, bad });
rmSync('/tmp/small/filler');
for (let i = 3000; i < 3200; i++) { await log.append([JSON.stringify({ i })]); ok++; seen.push(i); }
const r = new IngestReader({ dir: '/tmp/small/log', position: null, wake() {}, shape: (v) => v });
const got = []; for (let b; (b = r.poll(1000)); ) got.push(...b.values.map((v) => v.i));
console.log(ok, got.length, JSON.stringify(got) === JSON.stringify(seen));
r.close(); await log.close();
IngestLog.open('/tmp/small/log').close();
