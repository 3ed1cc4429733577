import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type SecretRef, secretText } from '@millrace/connector-http';
import { IngestLog } from '@millrace/connector-http/ingest-log';
import { signatureHolds } from '@millrace/connector-http/signature';
import { decodeUtf8, parseStrictJson } from '@millrace/connector-http/strict-json';
import { type Clock, MillraceError } from '@millrace/sdk';
import { HttpError } from '../http/errors.js';
import type { Store } from '../store/port.js';
import { INGEST_OPERATOR } from '../workflows/ingest-nodes.js';

/** Records of one request, and bytes of one record. */
const MAX_RECORDS = 1000;
const MAX_RECORD = 256 * 1024;
/** How long a published node is remembered without asking the store again, ms. */
const NODE_TTL = 1000;

export interface IngestNode {
  workflowId: string;
  nodeId: string;
  secret: string | undefined;
}

/** Takes records for ingest nodes of published workflows into their logs. */
export class IngestService {
  readonly #logs = new Map<string, IngestLog>();
  readonly #nodes = new Map<string, { node: IngestNode; until: number }>();
  /** Signatures of the last minutes: one is good once. */
  readonly #signatures = new Map<string, number>();

  constructor(
    private readonly dir: string,
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  /** The ingest node of the published version, or undefined. */
  async node(workflowId: string, nodeId: string): Promise<IngestNode | undefined> {
    const name = `${workflowId}/${nodeId}`;
    const known = this.#nodes.get(name);
    if (known !== undefined && known.until > this.clock.now()) return known.node;
    this.#nodes.delete(name);
    const workflow = await this.store.workflows.get(workflowId);
    if (workflow === undefined || workflow.publishedVersion === null) return undefined;
    const version = await this.store.versions.get(workflowId, workflow.publishedVersion);
    const found = version?.graph.nodes.find((node) => node.id === nodeId && node.operator === INGEST_OPERATOR);
    if (found === undefined) return undefined;
    const secret: string | SecretRef | undefined = found.config?.secret;
    const node = { workflowId, nodeId, secret: secret === undefined ? undefined : secretText(secret) };
    this.#nodes.set(name, { node, until: this.clock.now() + NODE_TTL });
    return node;
  }

  /** True if the body carries a fresh signature of the node's secret. */
  signed(
    node: IngestNode,
    headers: { timestamp: string | undefined; signature: string | undefined },
    body: Uint8Array,
  ): boolean {
    const now = this.clock.now();
    if (node.secret === undefined || !signatureHolds(node.secret, headers, body, now)) return false;
    for (const [signature, until] of this.#signatures) {
      if (until > now) break;
      this.#signatures.delete(signature);
    }
    const signature = `${node.workflowId}/${node.nodeId}/${headers.timestamp}/${headers.signature}`;
    if (this.#signatures.has(signature)) return false;
    this.#signatures.set(signature, now + 2 * 300_000);
    return true;
  }

  /** Answers the ids of the records once they are on disk. `id` for one object, `ids` for a list. */
  async take(
    node: IngestNode,
    body: Buffer,
    type: string,
    key: string | undefined,
  ): Promise<{ id: string } | { ids: string[] }> {
    const { values, single } = readRecords(body, type);
    const log = this.log(node.workflowId, node.nodeId);
    const hash = key === undefined ? undefined : createHash('sha256').update(body).digest('base64');
    const { position, n } = await log.append(
      values,
      key !== undefined && hash !== undefined ? { key, hash } : undefined,
    );
    if (single) return { id: String(position) };
    return { ids: Array.from({ length: n }, (_, i) => `${position}.${i}`) };
  }

  /** Writes checked records of a socket; `id` is unique to its message. Resolves when they are on disk. */
  async append(node: IngestNode, texts: readonly string[], id: string | undefined): Promise<void> {
    const hash = id === undefined ? undefined : createHash('sha256').update(texts.join('\n')).digest('base64');
    await this.log(node.workflowId, node.nodeId).append(
      texts,
      id !== undefined && hash !== undefined ? { key: `ws/${id}`, hash } : undefined,
    );
  }

  /** The log of a node, opened once. Must be open before a run reads it: opening mends what a crash left half written. */
  log(workflowId: string, nodeId: string): IngestLog {
    const name = `${workflowId}/${nodeId}`;
    const log = this.#logs.get(name) ?? IngestLog.open(join(this.dir, workflowId, nodeId), { clock: this.clock });
    this.#logs.set(name, log);
    return log;
  }

  /** Opens the logs of a graph's ingest nodes. */
  prepare(workflowId: string, nodes: readonly { id: string; operator: string }[]): void {
    for (const node of nodes) if (node.operator === INGEST_OPERATOR) this.log(workflowId, node.id);
  }

  /** Closes the logs of a workflow that goes. */
  async release(workflowId: string): Promise<void> {
    for (const [name, log] of this.#logs) {
      if (!name.startsWith(`${workflowId}/`)) continue;
      this.#logs.delete(name);
      this.#nodes.delete(name);
      await log.close();
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#logs.values()].map((log) => log.close()));
    this.#logs.clear();
  }
}

/** Records as JSON texts, each checked. */
export const recordTexts = (records: readonly unknown[]): string[] => checkCount(records).map(recordText);

/** The records of a body as JSON texts, each checked. */
export function readRecords(body: Buffer, type: string): { values: string[]; single: boolean } {
  const text = decodeUtf8(body);
  if (type === 'application/x-ndjson') {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    return { values: checkCount(lines).map((line) => recordText(parseStrictJson(line))), single: false };
  }
  const parsed: unknown = parseStrictJson(text);
  if (!Array.isArray(parsed)) return { values: [recordText(parsed)], single: true };
  return { values: checkCount(parsed).map(recordText), single: false };
}

function checkCount<T>(records: readonly T[]): readonly T[] {
  if (records.length === 0) throw new HttpError(422, 'NO_RECORDS', 'The request holds no record.');
  if (records.length <= MAX_RECORDS) return records;
  throw new HttpError(413, 'TOO_MANY_RECORDS', `A request may hold ${MAX_RECORDS} records.`, {
    params: { limit: MAX_RECORDS, records: records.length },
    hint: 'Send them in several requests.',
  });
}

function recordText(record: unknown): string {
  if (record === null || typeof record !== 'object' || Array.isArray(record)) {
    throw new HttpError(422, 'NOT_A_RECORD', 'A record must be a JSON object.');
  }
  const text = JSON.stringify(record);
  if (Buffer.byteLength(text) <= MAX_RECORD) return text;
  throw new MillraceError(`A record is larger than ${MAX_RECORD} bytes.`, {
    code: 'RECORD_TOO_LARGE',
    params: { limit: MAX_RECORD },
  });
}
