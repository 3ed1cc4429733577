import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ControlTarget } from '@millrace/bull';
import { type Catalogue, type Clock, MillraceError, systemClock } from '@millrace/sdk';
import type { Logger } from 'pino';
import { createApp } from './app.js';
import { Credentials } from './auth/credentials.js';
import { Tickets } from './auth/tickets.js';
import { ChannelSockets } from './channels/sockets.js';
import { ConnectionService } from './connections/service.js';
import { ConnectionTester } from './connections/tester.js';
import { makeLayout } from './data-dir/layout.js';
import { type DataDirLock, lockDataDir } from './data-dir/lock.js';
import { createLogger } from './http/logging.js';
import { openApi } from './http/openapi.js';
import { hostCheck } from './http/origin.js';
import { IngestService } from './ingest/service.js';
import { ingestSockets } from './ingest/websocket.js';
import { Hub } from './live/hub.js';
import { ViewFeeds } from './live/view-feeds.js';
import { serveLive } from './live/websocket.js';
import { Prometheus } from './metrics/prometheus.js';
import { Privacy } from './privacy/privacy.js';
import { routes } from './routes/table.js';
import { bullEngine } from './runs/bull-engine.js';
import { embeddedEngine } from './runs/embedded-engine.js';
import type { Engine } from './runs/engine.js';
import { RunManager } from './runs/manager.js';
import { ViewService } from './runs/views.js';
import { Sampler } from './samples/sampler.js';
import { openCipher } from './secrets/cipher.js';
import { Vault } from './secrets/vault.js';
import type { Services } from './services.js';
import { isLoopback, readSettings, type Settings } from './settings.js';
import { openStore } from './store/open-store.js';
import type { Store } from './store/port.js';
import { firstStart } from './workflows/first-start.js';
import { WorkflowService } from './workflows/service.js';
import { readTemplates } from './workflows/templates.js';

export interface StartServerOptions {
  /** Gives the operators here, in the server. */
  loadCatalogue(plugins: readonly string[]): Promise<Catalogue>;
  /** Module with the same `loadCatalogue`, imported by every task thread, and the absolute paths of the plugins. */
  catalogue: { module: string; plugins: string[] };
  settings?: Settings;
  /** Lines for the person at the terminal. Default: standard output. */
  print?(line: string): void;
  logger?: Logger;
  clock?: Clock;
  /** Set: runs live in this Redis and on workers. Default: the engine of one machine. */
  redis?: ControlTarget;
  /** Any other engine. */
  engine?: Engine;
  editorDir?: string;
  examplesDir?: string;
}

export interface RunningServer {
  /** Address it answers under, without a token. */
  url: string;
  port: number;
  /** A link that logs in, once, within 15 minutes. */
  loginUrl(): Promise<string>;
  services: Services;
  /** Pauses the runs, answers what is under way, lets go of the data directory. */
  close(): Promise<void>;
}

/** Ports tried after the wanted one. */
const PORT_TRIES = 20;

/**
 * Starts the whole server: data directory, store, runs that should be running, HTTP. Prints one line with a login link.
 * Throws DATA_DIR_IN_USE, PUBLIC_BIND_REFUSED, SETTING_WRONG, PORT_IN_USE; `params.exitCode` says how a process should end.
 */
export async function startServer(options: StartServerOptions): Promise<RunningServer> {
  const settings = options.settings ?? readSettings();
  const layout = makeLayout(settings.dataDir);
  const lock = lockDataDir(layout.lock);
  try {
    return await start(options, settings, layout, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function start(
  options: StartServerOptions,
  settings: Settings,
  layout: ReturnType<typeof makeLayout>,
  lock: DataDirLock,
): Promise<RunningServer> {
  const { clock = systemClock } = options;
  const print = options.print ?? ((line: string) => void process.stdout.write(`${line}\n`));
  const logger = options.logger ?? createLogger(settings.logLevel);
  const catalogue = await options.loadCatalogue(options.catalogue.plugins);
  const store = await openStore(settings, layout);
  const services = await compose({ ...options, clock, logger }, settings, layout, catalogue, store);
  const { hub, tickets, runs, credentials, ingest } = services;
  const app = createApp({ services, editorDir: options.editorDir ?? installed('apps/editor/dist') });
  const server = createServer(
    {
      headersTimeout: 10_000,
      requestTimeout: 30_000,
      connectionsCheckingInterval: 2000,
      keepAliveTimeout: 10_000,
      maxHeaderSize: 16_384,
    },
    app,
  );
  const hostAllowed = hostCheck(settings.publicUrl);
  const channels = await ChannelSockets.open(clock, credentials);
  const live = serveLive(server, {
    hub,
    tickets,
    hostAllowed,
    publicUrl: settings.publicUrl,
    feeds: new ViewFeeds(services.views, clock),
    others: [
      ingestSockets({
        ingest,
        credentials,
        ingested: (node, records) => services.prometheus.ingested(node.workflowId, node.nodeId, records),
      }),
      channels,
    ],
    maySee: (user) => services.privacy.maySee(user),
    runExists: async (id) => (await store.runs.get(id)) !== undefined,
  });
  // Before anyone can ask for something: a run must not be started twice.
  await runs.restore();
  const port = await listen(server, settings);
  const url =
    settings.publicUrl?.href.replace(/\/$/, '') ??
    `http://${settings.host === '::1' ? '[::1]' : settings.host}:${port}`;
  lock.announce(url);
  const loginUrl = async () => `${url}/#t=${await credentials.createLogin()}`;
  if (port !== settings.port && settings.port !== 0) print(`Port ${settings.port} is taken, so this is port ${port}.`);
  print(`Open ${await loginUrl()}`);
  await firstStart(services);
  return {
    url,
    port,
    loginUrl,
    services,
    close: async () => {
      live.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const cut = setTimeout(() => server.closeAllConnections(), 3000);
      await runs.close();
      server.closeAllConnections();
      await closed;
      clearTimeout(cut);
      await ingest.close();
      await store.close();
      lock.release();
    },
  };
}

async function compose(
  options: StartServerOptions & { clock: Clock; logger: Logger },
  settings: Settings,
  layout: ReturnType<typeof makeLayout>,
  catalogue: Catalogue,
  store: Store,
): Promise<Services> {
  const { clock, logger } = options;
  const hub = new Hub();
  const ingest = new IngestService(layout.ingest, store, clock);
  const cipher = await openCipher(store, layout.secretKey);
  const vault = await Vault.open(store, catalogue, cipher);
  const keyFile = layout.secretKey;
  const engine =
    options.engine ??
    (options.redis === undefined
      ? embeddedEngine(options.catalogue, clock, logger)
      : await bullEngine({ redis: options.redis, catalogue, keyFile, clock, logger }));
  const runs: RunManager = new RunManager({
    store,
    layout,
    engine,
    catalogue,
    hub,
    clock,
    logger,
    prepare: (doc) => ingest.prepare(doc.workflowId, doc.graph.nodes),
    sampled: (doc, sample) => {
      const tell = (names: string[]) => {
        for (const name of names) hub.publish({ type: 'view', name, workflowId: doc.workflowId });
      };
      // Only a hint: when the store is just closing, nobody is left to be told.
      views.changed(doc.workflowId, sample.nodes).then(tell, () => undefined);
    },
  });
  const connections = await ConnectionService.open({
    store,
    catalogue,
    cipher,
    clock,
    tester: new ConnectionTester(options.catalogue),
    changed: (workflowIds) => {
      for (const id of workflowIds)
        runs
          .reconnect(id)
          .catch((error: unknown) => logger.warn({ err: error, workflow: id }, 'run did not reconnect'));
    },
  });
  const privacy = new Privacy(settings.personalDataRole, catalogue);
  const examplesDir = options.examplesDir ?? installed('examples');
  const views = new ViewService({ store, runs, catalogue, hub, privacy, now: () => clock.now() });
  return {
    settings,
    layout,
    clock,
    logger,
    store,
    catalogue,
    credentials: new Credentials(store, clock, settings.adminToken),
    connections,
    tickets: new Tickets(clock),
    hub,
    runs,
    workflows: new WorkflowService({ store, runs, catalogue, layout, vault, connections, hub, clock, ingest }),
    views,
    privacy,
    ingest,
    sampler: new Sampler(options.catalogue, layout.files),
    prometheus: new Prometheus(() => runs),
    openApi: openApi(routes),
    templates: readTemplates(examplesDir, catalogue),
    examplesDir,
  };
}

/** A folder of the installation, looked for upwards from this file: sources, build and bundle lie at different depths. */
function installed(path: string): string {
  for (let dir = dirname(fileURLToPath(import.meta.url)); ; dir = dirname(dir)) {
    const candidate = join(dir, path);
    if (existsSync(candidate) || dirname(dir) === dir) return candidate;
  }
}

/** Listens on the wanted port, on loopback also on the next free one after it. Answers the port. */
async function listen(server: Server, { host, port }: Settings): Promise<number> {
  const tries = isLoopback(host) && port !== 0 ? PORT_TRIES : 0;
  for (let i = 0; ; i++) {
    try {
      await listenOn(server, port + i, host);
      return (server.address() as AddressInfo).port;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EADDRINUSE' && i < tries && port + i < 65_535) continue;
      if (code !== 'EADDRINUSE' && code !== 'EACCES' && code !== 'EADDRNOTAVAIL') throw error;
      throw new MillraceError(`Port ${port} on ${host} cannot be used (${code}).`, {
        code: 'PORT_IN_USE',
        params: { host, port, exitCode: 2 },
        hint: 'Choose another one with PORT, or stop the program that has it.',
        cause: error,
      });
    }
  }
}

function listenOn(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error) => reject(error);
    server.once('error', failed);
    server.listen(port, host.replace(/^\[|\]$/g, ''), () => {
      server.off('error', failed);
      resolve();
    });
  });
}
