import { catalogueRoutes } from './catalogue.js';
import { connectionRoutes } from './connections.js';
import { ingestRoutes } from './ingest.js';
import { liveRoutes } from './live.js';
import type { Route } from './route.js';
import { runRoutes } from './runs.js';
import { sessionRoutes } from './session.js';
import { workflowRoutes } from './workflows.js';

/** Every route there is. Ingest comes first: it is asked most often, and routes are tried in order. */
export const routes: readonly Route[] = [
  ...ingestRoutes,
  ...sessionRoutes,
  ...workflowRoutes,
  ...runRoutes,
  ...catalogueRoutes,
  ...connectionRoutes,
  ...liveRoutes,
];
