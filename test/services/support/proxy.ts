import { connect, createServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/**
 * A TCP proxy on a port of its own that can stall (connections stay open, nothing passes), slow down, cut and heal: the network
 * between a run and a server. Kafka tells clients its own address, past a proxy: freeze the server there instead.
 */
export class NetworkProxy {
  readonly #server: Server;
  readonly #pairs = new Set<[Socket, Socket]>();
  #stalled = false;
  #refusing = false;
  #swallowing: 'requests' | 'answers' | undefined;
  #swallowed = 0;
  /** Bytes per second and direction of a connection; undefined: as fast as it goes. */
  #pace: number | undefined;
  /** Bytes that went through, both ways. */
  passed = 0;

  private constructor(host: string, port: number) {
    this.#server = createServer((client) => this.#serve(client, host, port));
  }

  /** In front of the server of a URL; closed with the test. */
  static async before(url: string): Promise<NetworkProxy> {
    const { hostname, port } = new URL(url);
    const proxy = new NetworkProxy(hostname, Number(port));
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => proxy.close());
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port;
  }

  /** The URL with our port in place of the server's. */
  through(url: string): string {
    return url.replace(
      /@?(127\.0\.0\.1|localhost|\[::1\]):\d+/,
      (part) => `${part.startsWith('@') ? '@' : ''}127.0.0.1:${this.port}`,
    );
  }

  get connections(): number {
    return this.#pairs.size;
  }

  stall(): void {
    this.#stalled = true;
    for (const pair of this.#pairs) for (const socket of pair) socket.pause();
  }

  /**
   * From now on drops what goes in one direction, and lets the other pass: requests that never arrive, or are carried out without an
   * answer. Answers a count of the bytes dropped. `heal` ends it; cut the connections first, they have a hole.
   */
  swallow(direction: 'requests' | 'answers'): () => number {
    this.#swallowing = direction;
    this.#swallowed = 0;
    return () => this.#swallowed;
  }

  /** Undoes `stall`, `cut`, `swallow` and `slow`. */
  heal(): void {
    this.#stalled = false;
    this.#refusing = false;
    this.#swallowing = undefined;
    this.#pace = undefined;
    for (const pair of this.#pairs) for (const socket of pair) socket.resume();
  }

  /** Resets all connections and refuses new ones. */
  cut(): void {
    this.#refusing = true;
    for (const pair of this.#pairs) for (const socket of pair) socket.resetAndDestroy();
  }

  slow(bytesPerSecond: number): void {
    this.#pace = bytesPerSecond;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #serve(client: Socket, host: string, port: number): void {
    if (this.#refusing) {
      client.resetAndDestroy();
      return;
    }
    const server = connect({ host, port });
    const pair: [Socket, Socket] = [client, server];
    this.#pairs.add(pair);
    const end = () => {
      this.#pairs.delete(pair);
      client.destroy();
      server.destroy();
    };
    for (const [from, to] of [pair, [server, client] as const]) {
      from.setNoDelay(true);
      from.on('error', end).on('close', end);
      const direction = from === client ? 'requests' : 'answers';
      from.on('data', (bytes: Buffer) => {
        if (this.#swallowing === direction) this.#swallowed += bytes.length;
        else this.#pass(bytes, from, to);
      });
      if (this.#stalled) from.pause();
    }
  }

  #pass(bytes: Buffer, from: Socket, to: Socket): void {
    this.passed += bytes.length;
    const go = () => {
      if (!this.#stalled && !from.destroyed) from.resume();
    };
    const room = to.write(bytes);
    if (this.#pace !== undefined) {
      from.pause();
      setTimeout(go, (bytes.length * 1000) / this.#pace);
    } else if (!room) {
      from.pause();
      to.once('drain', go);
    }
  }
}
