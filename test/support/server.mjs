import { spawn } from 'node:child_process';
import { Agent, request } from 'node:http';
import { fileURLToPath } from 'node:url';

/**
 * Starts a server process on a data directory.
 * @param {string} dataDir
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<{ url: string, token: string, kill(signal?: NodeJS.Signals): Promise<void>, call(path: string, options?: { method?: string, body?: unknown, headers?: Record<string, string> }): Promise<{ status: number, body: any }> }>}
 */
export async function serverProcess(dataDir, env = {}) {
  const file = fileURLToPath(new URL('./server-process.mjs', import.meta.url));
  const child = spawn(process.execPath, [file], {
    env: { ...process.env, PORT: '0', MILLRACE_DATA: dataDir, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const line = await new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
      if (text.includes('\n')) resolve(text.split('\n')[0]);
    });
    child.once('exit', (code) => reject(new Error(`the server ended with ${code} before it was ready`)));
  });
  const { url, token } = JSON.parse(line);
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  return {
    url,
    token,
    kill: async (signal = 'SIGKILL') => {
      child.kill(signal);
      await ended;
      agent.destroy();
    },
    call: (path, { method, body, headers } = {}) =>
      new Promise((resolve, reject) => {
        const payload = body === undefined ? undefined : JSON.stringify(body);
        const all = {
          authorization: `Bearer ${token}`,
          ...(payload && { 'content-type': 'application/json' }),
          ...headers,
        };
        const sent = request(
          new URL(path, url),
          { method: method ?? (payload ? 'POST' : 'GET'), headers: all, agent },
          (response) => {
            let text = '';
            response.setEncoding('utf8').on('data', (chunk) => {
              text += chunk;
            });
            response.on('end', () =>
              resolve({ status: response.statusCode, body: text === '' ? undefined : JSON.parse(text) }),
            );
            response.on('error', reject);
          },
        );
        sent.on('error', reject);
        sent.end(payload);
      }),
  };
}

/** Makes a workflow of a graph and publishes it; answers its id and its run. */
export async function publish(server, graph) {
  const created = await server.call('/api/workflows', { body: { graph } });
  if (created.status !== 201) throw new Error(JSON.stringify(created.body));
  const { id, revision } = created.body;
  const published = await server.call(`/api/workflows/${id}/publish`, { body: { revision } });
  if (published.status !== 200) throw new Error(JSON.stringify(published.body));
  return { id, run: published.body.run };
}
