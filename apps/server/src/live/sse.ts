import type { Request, Response } from 'express';
import type { Hub } from './hub.js';
import { Outbox } from './outbox.js';
import { wanted } from './websocket.js';

const HEARTBEAT = 5000;

/** Server-sent events: the messages of one run, or of everything but metrics when no run is named. */
export function serveEvents(request: Request, response: Response, hub: Hub, runId: string | undefined): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  response.write('retry: 2000\n\n');
  const outbox = new Outbox({
    buffered: () => response.writableLength,
    write: (text) => void response.write(`data: ${text}\n\n`),
    giveUp: () => response.destroy(),
  });
  const runs = new Set(runId === undefined ? [] : [runId]);
  const detach = hub.add({
    wants: (message) => wanted(message, runs, runId === undefined),
    send: (text, key) => outbox.send(text, key),
  });
  const timer = setInterval(() => {
    outbox.flush();
    outbox.send('{"type":"ping"}', 'ping');
  }, HEARTBEAT);
  request.on('close', () => {
    clearInterval(timer);
    detach();
    response.end();
  });
}
