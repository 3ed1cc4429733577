import type { RedisClient } from '../redis/connect.js';
import type { InstanceKeys } from './keys.js';
import { connectionNameOf, readBeats, readWorkers, type WorkerInfo } from './registry.js';

/** ms without a heartbeat after which a worker counts as frozen. */
const FROZEN_AFTER = 1_300;
/** ms after this process has found Redis (again) in which it does not judge workers it has not seen alive: they may still be on their way. */
const GRACE = 4_000;
/** ms between two looks after which the later one does not judge: it was this process, or Redis, that stood still. */
const OWN_PAUSE = 700;

/** ms between two looks on a machine that is not overloaded. */
const USUAL_GAP = 350;

export interface Watched {
  /** May get tasks. */
  fit: WorkerInfo[];
  /** Hold what they have: alive, or not yet judged. */
  kept: Set<string>;
  lost: { id: string; why: string }[];
}

/**
 * Tells which workers are alive, by their connection in Redis' list and their heartbeats (a frozen process keeps its connection). Being
 * wrong costs a hand-over, never data: the epoch refuses the commits of the former owner.
 */
export class WorkerWatch {
  /** Workers whose connection was seen, and in how many looks it was absent since. */
  readonly #connected = new Map<string, number>();
  /** Latest heartbeat and whether it was seen to change. */
  readonly #beats = new Map<string, { at: number; moved: boolean }>();
  #lastLook = 0;
  #patience = FROZEN_AFTER;
  /** Since when this process is connected without a break, by its own monotonic clock, ms. */
  #since = performance.now();
  /** It has been connected all the time since its start. */
  #first = true;

  constructor(
    private readonly redis: RedisClient,
    private readonly keys: InstanceKeys,
    /** CLIENT LIST of one node does not show everybody. */
    private readonly cluster: boolean,
  ) {}

  /** Forgets what was seen: others have looked since. */
  reset(): void {
    this.#connected.clear();
    this.#beats.clear();
    this.#lastLook = 0;
  }

  /** The connection to Redis was lost: everybody has to come back first. */
  interrupted(): void {
    this.reset();
    this.#first = false;
    this.#since = performance.now();
  }

  /**
   * A process that has just started knows nobody, but when Redis has been there all the time nobody is on the way: it may judge at once.
   * Otherwise the death of a supervisor would stay unseen for as long as a newcomer that follows it waits.
   */
  async #settle(): Promise<void> {
    if (!this.#first || performance.now() - this.#since > GRACE) return;
    const uptime = /uptime_in_seconds:(\d+)/.exec(await this.redis.info('server'))?.[1];
    if (Number(uptime ?? 0) * 1000 > GRACE + 1000) this.#since = Number.NEGATIVE_INFINITY;
  }

  async look(): Promise<Watched> {
    await this.#settle();
    const [workers, { now, beats }, list] = await Promise.all([
      readWorkers(this.redis, this.keys),
      readBeats(this.redis, this.keys),
      this.cluster ? undefined : (this.redis.client('LIST') as Promise<string>),
    ]);
    const gap = now - this.#lastLook;
    const judges = gap < OWN_PAUSE;
    // A busy machine delays heartbeats as it delays this look.
    this.#patience = FROZEN_AFTER + 4 * Math.max(0, Math.min(gap, OWN_PAUSE) - USUAL_GAP);
    this.#lastLook = now;
    const watched: Watched = { fit: [], kept: new Set(), lost: [] };
    for (const worker of workers) {
      const why = this.#verdict(worker.id, beats.get(worker.id) ?? 0, now, list);
      if (why !== undefined && judges) {
        watched.lost.push({ id: worker.id, why });
        this.#connected.delete(worker.id);
        this.#beats.delete(worker.id);
        continue;
      }
      watched.kept.add(worker.id);
      if (why === undefined && now - (beats.get(worker.id) ?? 0) < this.#patience) watched.fit.push(worker);
    }
    return watched;
  }

  #verdict(id: string, beat: number, now: number, list: string | undefined): string | undefined {
    const settled = performance.now() - this.#since > GRACE;
    let known = this.#beats.get(id);
    if (known === undefined) {
      known = { at: beat, moved: false };
      this.#beats.set(id, known);
    } else if (beat !== known.at) {
      known.at = beat;
      known.moved = true;
    }
    if (list !== undefined) {
      if (list.includes(` name=${connectionNameOf(id)} `)) this.#connected.set(id, 0);
      else {
        const missed = this.#connected.get(id) ?? (settled ? 0 : undefined);
        if (missed !== undefined) {
          if (missed + 1 >= 2) return 'its connection is gone';
          this.#connected.set(id, missed + 1);
        }
      }
    }
    if (now - beat <= this.#patience) return undefined;
    return known.moved || settled ? 'its heartbeat has stopped' : undefined;
  }
}
