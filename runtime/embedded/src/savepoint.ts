import { readSavepointRows, SavepointWriter } from '@millrace/engine/savepoint';
import { type Environment, openEnvironment } from './environment.js';

/** Copies a run into one file. Its rows are the environment's own. */
export function writeSavepoint(environment: Environment, file: string): void {
  const writer = new SavepointWriter(file);
  environment.resetReadTxn();
  for (const { key, value } of environment.getRange({})) writer.row(key, value);
  writer.end();
}

/** Fills a new environment from a savepoint; refuses a damaged or foreign file before the environment comes into being. */
export async function readSavepoint(file: string, dataDir: string): Promise<void> {
  const rows: [Buffer, Buffer][] = [];
  readSavepointRows(file, (key, value) => {
    rows.push([key, value]);
  });
  const environment = openEnvironment(dataDir);
  environment.transactionSync(() => {
    for (const [key, value] of rows) environment.putSync(Buffer.from(key), Buffer.from(value));
  });
  await environment.close();
}
