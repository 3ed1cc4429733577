export type Format = 'ndjson' | 'csv';

/** What the name of a file says about its bytes: `.gz` is gzip, `.csv` and `.tsv` are CSV, everything else is NDJSON. */
export function formatOf(
  path: string,
  set: Format | 'auto' = 'auto',
): { format: Format; gzip: boolean; tabs: boolean } {
  const name = path.toLowerCase();
  const gzip = name.endsWith('.gz');
  const plain = gzip ? name.slice(0, -3) : name;
  const tabs = plain.endsWith('.tsv');
  const format = set !== 'auto' ? set : tabs || plain.endsWith('.csv') ? 'csv' : 'ndjson';
  return { format, gzip, tabs };
}
