import { type ConfigFinding, durationMs, Field, nextPeriod, startOfPeriod, Type, zoneOffset } from '@millrace/sdk';
import { finding } from './finding.js';

/** The spans a report is made for. */
export const periodFields = {
  per: Type.Enum(['hour', 'day', 'week', 'month', 'span'], {
    title: 'One result per',
    description: 'Weeks begin on Monday. span: any length, counted from the start of 1970 in world time (UTC).',
    default: 'day',
  }),
  span: Type.Optional(
    Field.duration({
      title: 'Length',
      description: 'How long a period is.',
      examples: ['15 min', '10 s'],
      ui: { when: { property: 'per', in: ['span'] } },
    }),
  ),
  zone: Type.Optional(
    Type.String({
      title: 'Time zone',
      description: 'Where a day begins, such as Europe/Berlin. Default: the time zone of the workflow.',
      examples: ['Europe/Berlin'],
      'x-ui': { widget: 'timezone', advanced: true },
    }),
  ),
};

export interface PeriodConfig {
  per: 'hour' | 'day' | 'week' | 'month' | 'span';
  span?: number | string;
  zone?: string;
}

const HOUR = 3_600_000;

export function lintPeriod({ per, span }: PeriodConfig): ConfigFinding[] {
  return per === 'span' && (span === undefined || durationMs(span) <= 0)
    ? [finding('PERIOD_LENGTH', '/span', 'Say how long a span is, such as "15 min".')]
    : [];
}

export function periodWords({ per, span }: PeriodConfig): string {
  return per === 'span' ? `every ${typeof span === 'number' ? `${span} ms` : span}` : `per ${per}`;
}

/** Cuts time into periods, [start, end). Days have 23 to 25 hours where clocks change. */
export class Periods {
  readonly #per: PeriodConfig['per'];
  readonly #length: number;
  readonly #zone: string;
  #last: [number, number] = [0, 0];

  constructor(config: PeriodConfig, zone: string) {
    this.#per = config.per;
    this.#length = config.per === 'span' ? durationMs(config.span ?? HOUR) : HOUR;
    this.#zone = config.zone ?? zone;
  }

  start(time: number): number {
    const [start, end] = this.#last;
    if (time >= start && time < end) return start;
    const found = this.#start(time);
    this.#last = [found, this.end(found)];
    return found;
  }

  #start(time: number): number {
    if (this.#per === 'span') return Math.floor(time / this.#length) * this.#length;
    if (this.#per === 'hour') {
      const shift = zoneOffset(time, this.#zone);
      return Math.floor((time + shift) / HOUR) * HOUR - shift;
    }
    return startOfPeriod(time, this.#per, this.#zone);
  }

  end(start: number): number {
    return this.#per === 'span' || this.#per === 'hour'
      ? start + this.#length
      : nextPeriod(start, this.#per, this.#zone);
  }
}
