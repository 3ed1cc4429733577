import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { orderGraph, type TestServer, testServer } from '../testing/test-server.js';

let made: TestServer;
beforeEach(async () => {
  made = await testServer();
});
afterEach(() => made.dispose());

async function publish(graph?: object) {
  const workflow = (await made.send('/api/workflows', { body: { graph: graph ?? orderGraph() } })).body;
  const reply = await made.send(`/api/workflows/${workflow.id}/publish`, { body: { revision: workflow.revision } });
  return { workflow, reply, run: reply.body.run };
}

describe('the live connection', () => {
  const open = (ticket: string, headers: { [name: string]: string } = {}) =>
    new Promise<{ socket: WebSocket; messages: { type: string }[] } | number>((resolve) => {
      const messages: { type: string }[] = [];
      const socket = new WebSocket(`ws://127.0.0.1:${made.server.port}/api/live?ticket=${ticket}`, { headers });
      socket.on('message', (data) => messages.push(JSON.parse(String(data))));
      socket.on('open', () => resolve({ socket, messages }));
      socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
      socket.on('error', () => undefined);
    });
  const ticket = async () => (await made.send('/api/live-ticket', { body: {} })).body.ticket as string;
  const until = async (ready: () => boolean) => {
    while (!ready()) await new Promise((resolve) => setTimeout(resolve, 5));
  };

  it('needs a ticket that works once, our host and our origin', async () => {
    const one = await ticket();
    expect(await open(one, { origin: 'http://evil.example' })).toBe(403);
    expect(await open(one, { host: 'evil.example' })).toBe(421);
    const live = await open(one, { origin: made.server.url });
    expect(live).not.toBeTypeOf('number');
    (live as { socket: WebSocket }).socket.terminate();
    expect(await open(one)).toBe(401);
    expect(await open('')).toBe(401);
  });

  it('tells of workflows, runs and metrics that were asked for', async () => {
    const { socket, messages } = (await open(await ticket())) as {
      socket: WebSocket;
      messages: { type: string; [name: string]: unknown }[];
    };
    socket.send(JSON.stringify({ subscribe: { workflows: true } }));
    socket.send(JSON.stringify({ subscribe: { run: 'no-such-run' } }));
    await until(() => messages.some((message) => message.type === 'error'));
    const { run } = await publish();
    await until(
      () =>
        messages.some((message) => message.type === 'run') && messages.some((message) => message.type === 'workflow'),
    );
    expect(messages.some((message) => message.type === 'metrics')).toBe(false);
    socket.send(JSON.stringify({ subscribe: { run: run.id } }));
    await until(() => messages.some((message) => message.type === 'metrics' && message.runId === run.id));
    socket.terminate();
  });

  it('ends for a client that sends nonsense', async () => {
    for (const [message, code] of [
      ['{"op":', 1007],
      ['[]', 1007],
      [Buffer.alloc(300_000), 1009],
    ] as const) {
      const { socket } = (await open(await ticket())) as { socket: WebSocket };
      const closed = new Promise((resolve) => socket.on('close', resolve));
      socket.send(typeof message === 'string' ? message : message.toString('latin1'));
      expect(await closed).toBe(code);
    }
  });
});

describe('server-sent events', () => {
  it('tell of one run', async () => {
    const { run } = await publish();
    const { hub } = made.server.services;
    const others = hub.size;
    const stop = new AbortController();
    const reply = await fetch(`${made.server.url}/api/events?run=${run.id}`, {
      headers: { authorization: `Bearer ${made.tokens.viewer}` },
      signal: stop.signal,
    });
    expect(reply.headers.get('content-type')).toBe('text/event-stream');
    const messages: { type: string; runId?: string }[] = [];
    let text = '';
    for await (const chunk of reply.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const parts = text.split('\n\n');
      text = parts.pop()!;
      for (const part of parts) if (part.startsWith('data: ')) messages.push(JSON.parse(part.slice(6)));
      if (messages.some((message) => message.type === 'metrics')) break;
    }
    stop.abort();
    expect(messages.find((message) => message.type === 'metrics')).toMatchObject({ runId: run.id });
    expect(messages.some((message) => message.type === 'workflow')).toBe(false);
    await expect.poll(() => hub.size).toBe(others);
  });

  it('need a run that there is', async () => {
    expect((await made.send('/api/events?run=nope')).status).toBe(404);
  });
});
