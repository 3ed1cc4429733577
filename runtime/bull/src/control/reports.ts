import { decodeBlob, encodeBlob, type TaskReport } from '@millrace/engine';
import type { RedisClient } from '../redis/connect.js';
import { reportsKey } from './keys.js';

/** Most buckets of a latency histogram are 0: only the others travel, as bucket, count, bucket, count … */
export function encodeReport(report: TaskReport): Buffer {
  const nodes = Object.fromEntries(
    Object.entries(report.nodes).map(([id, node]) => {
      const sparse: number[] = [];
      node.latency.forEach((count, bucket) => {
        if (count > 0) sparse.push(bucket, count);
      });
      return [id, { ...node, latency: sparse }];
    }),
  );
  return Buffer.from(encodeBlob({ ...report, nodes }));
}

export function decodeReport(blob: Buffer): TaskReport {
  const report = decodeBlob(blob, "A task's report") as TaskReport;
  for (const node of Object.values(report.nodes)) {
    const sparse = node.latency as unknown as number[];
    const dense = new Uint32Array(sparse.length > 0 ? sparse.at(-2)! + 1 : 0);
    for (let i = 0; i < sparse.length; i += 2) dense[sparse[i]!] = sparse[i + 1]!;
    node.latency = dense;
  }
  return report;
}

export async function readReports(redis: RedisClient, run: string): Promise<Map<string, TaskReport>> {
  const fields = await redis.hgetallBuffer(reportsKey(run));
  return new Map(Object.entries(fields).map(([field, blob]) => [field, decodeReport(blob)]));
}

/** Records taken in by all nodes of a task: growth means progress. */
export function takenIn(report: TaskReport): number {
  return Object.values(report.nodes).reduce((sum, node) => sum + node.in, 0);
}
