export { createApp } from './app.js';
export { login } from './login.js';
export { routes } from './routes/table.js';
export type { Engine, LiveRun, MetricsSample } from './runs/engine.js';
export { DEFAULT_PORT, readSettings, type Settings } from './settings.js';
export { type RunningServer, type StartServerOptions, startServer } from './start-server.js';
export { openLmdbStore } from './store/lmdb-store.js';
export type { Store } from './store/port.js';
