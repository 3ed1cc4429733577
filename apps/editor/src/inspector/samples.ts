import { api } from '../api/client.js';
import type { GraphDocument, RecordType, Value } from '../api/types.js';
import { useApp } from '../store/app.js';
import { currentDoc, useEditor } from '../store/editor.js';
import { active } from '../store/session.js';

export interface Samples {
  values: Value[];
  /** Records that really passed here (true), or the first ones of the source before it. */
  live: boolean;
  at: number;
}

const sourceCache = new Map<string, Promise<{ values: Value[]; type: RecordType }>>();

/** The first records of a source with this config; asked once for each config. Rejects with `ApiError`. */
export function sourceSample(
  operator: string,
  config: Value,
  again = false,
): Promise<{ values: Value[]; type: RecordType }> {
  const key = `${operator} ${JSON.stringify(config)}`;
  let asked = again ? undefined : sourceCache.get(key);
  if (!asked) {
    asked = api.sampleSource(operator, config);
    asked.catch(() => sourceCache.delete(key));
    sourceCache.set(key, asked);
  }
  return asked;
}

function sourcesBefore(doc: GraphDocument, id: string): string[] {
  const seen = new Set([id]);
  const queue = [id];
  const found: string[] = [];
  while (queue.length > 0) {
    const here = queue.shift()!;
    const inputs = doc.edges.filter((edge) => edge.target === here);
    if (inputs.length === 0 && here !== id) found.push(here);
    for (const edge of inputs) {
      if (!seen.has(edge.source)) {
        seen.add(edge.source);
        queue.push(edge.source);
      }
    }
  }
  return found;
}

/** Records to try an expression of a node on: those that passed its input, else those of a source before it whose fields fit. */
export async function samplesFor(id: string, port: string | undefined): Promise<Samples | undefined> {
  const doc = currentDoc();
  const { run, published, validation } = useEditor.getState();
  const edge = doc.edges.find(
    (other) => other.target === id && (port === undefined || (other.targetHandle ?? 'in') === port),
  );
  if (!edge) return undefined;
  if (
    run &&
    active(run.status) &&
    published?.edges.some((other) => other.id === edge.id && other.source === edge.source)
  ) {
    const { records } = await api.edgeSample(run.id, edge.id, 200).catch(() => ({ records: [] }));
    if (records.length > 0) return { values: records.map((record) => record.value), live: true, at: Date.now() };
  }
  const wanted = Object.keys(validation.nodes[edge.source]?.outputs[edge.sourceHandle ?? 'out']?.type?.fields ?? {});
  const { manifests } = useApp.getState();
  for (const source of sourcesBefore(doc, id)) {
    const node = doc.nodes.find((other) => other.id === source);
    if (!node || manifests.get(node.operator)?.kind !== 'source') continue;
    try {
      const { values } = await sourceSample(node.operator, validation.nodes[source]?.config ?? node.config ?? {});
      const first = values[0];
      if (first && typeof first === 'object' && wanted.every((name) => name in first))
        return { values, live: false, at: Date.now() };
    } catch {
      // A source that cannot be read now gives no sample; its own finding says why.
    }
  }
  return undefined;
}
