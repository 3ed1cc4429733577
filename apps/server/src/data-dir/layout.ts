import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** The rooms of a data directory. All directories are for their owner only (0700), all files 0600. */
export interface Layout {
  root: string;
  /** Documents of the control plane. */
  control: string;
  /** One directory a run. */
  runs: string;
  savepoints: string;
  /** Metrics by the minute, one file a run. */
  metrics: string;
  /** Ingest logs by workflow and node: they belong to the workflow, not the run. */
  ingest: string;
  /** The only place that file nodes may read and write unless FILE_ROOTS opens more. */
  files: string;
  lock: string;
  secretKey: string;
}

export function makeLayout(root: string): Layout {
  const layout: Layout = {
    root,
    control: join(root, 'control'),
    runs: join(root, 'runs'),
    savepoints: join(root, 'savepoints'),
    metrics: join(root, 'metrics'),
    ingest: join(root, 'ingest'),
    files: join(root, 'files'),
    lock: join(root, 'server.lock'),
    secretKey: join(root, 'secret.key'),
  };
  for (const dir of [
    root,
    layout.control,
    layout.runs,
    layout.savepoints,
    layout.metrics,
    layout.ingest,
    layout.files,
  ]) {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
  }
  chmodSync(root, 0o700);
  return layout;
}
