import { BroadcastChannel } from 'node:worker_threads';

/**
 * Tells readers in other threads of this process that a log has grown. Only a hint: readers also look by themselves, so a reader in
 * another process is merely slower to notice.
 */
const CHANNEL = 'millrace.ingest';

export function announcer(): { announce(dir: string): void; close(): void } {
  const channel = new BroadcastChannel(CHANNEL);
  channel.unref();
  return { announce: (dir) => channel.postMessage(dir), close: () => channel.close() };
}

/** Calls `grown` when the log in `dir` grows. Returns the way to stop. */
export function onGrowth(dir: string, grown: () => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = (event) => {
    if ((event as { data: unknown }).data === dir) grown();
  };
  channel.unref();
  return () => channel.close();
}
