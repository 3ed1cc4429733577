import type { Catalogue, Clock } from '@millrace/sdk';
import type { Logger } from 'pino';
import type { Credentials } from './auth/credentials.js';
import type { Tickets } from './auth/tickets.js';
import type { ConnectionService } from './connections/service.js';
import type { Layout } from './data-dir/layout.js';
import type { IngestService } from './ingest/service.js';
import type { Hub } from './live/hub.js';
import type { Prometheus } from './metrics/prometheus.js';
import type { Privacy } from './privacy/privacy.js';
import type { RunManager } from './runs/manager.js';
import type { ViewService } from './runs/views.js';
import type { Sampler } from './samples/sampler.js';
import type { Settings } from './settings.js';
import type { Store } from './store/port.js';
import type { WorkflowService } from './workflows/service.js';
import type { Template } from './workflows/templates.js';

/** Everything a route may use. */
export interface Services {
  settings: Settings;
  layout: Layout;
  clock: Clock;
  logger: Logger;
  store: Store;
  catalogue: Catalogue;
  credentials: Credentials;
  connections: ConnectionService;
  tickets: Tickets;
  hub: Hub;
  runs: RunManager;
  workflows: WorkflowService;
  views: ViewService;
  privacy: Privacy;
  ingest: IngestService;
  sampler: Sampler;
  prometheus: Prometheus;
  templates: readonly Template[];
  /** Where the templates and their sample input are. */
  examplesDir: string;
  /** The API as OpenAPI 3.1. */
  openApi: object;
}
