export { type Appended, IngestLog, type IngestLogOptions } from './ingest-log.js';
export { IngestReader, type IngestReaderOptions } from './reader.js';
