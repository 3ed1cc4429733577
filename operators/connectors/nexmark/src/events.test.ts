import { checkOperator, runSource } from '@millrace/sdk/testing';
import { describe, expect, it } from 'vitest';
import { reversed } from './channels.js';
import { events } from './events.js';
import { kindOf, lastAuction, lastPerson } from './ids.js';
import { Timeline } from './timeline.js';

describe('nexmark.events', () => {
  it('does what its examples say', async () => {
    await checkOperator(events);
  });

  it('makes 1 person, 3 auctions and 46 bids of every 50 events, with ids that follow one another', () => {
    const kinds = Array.from({ length: 100 }, (_, i) => kindOf(i));
    expect(kinds.filter((kind) => kind === 'persons')).toHaveLength(2);
    expect(kinds.filter((kind) => kind === 'auctions')).toHaveLength(6);
    expect([0, 49, 50, 99].map(lastPerson)).toEqual([0, 0, 1, 1]);
    expect([0, 1, 2, 3, 4, 49, 50, 51, 54].map(lastAuction)).toEqual([-1, 0, 1, 2, 2, 2, 2, 3, 5]);
  });

  it('makes the same events whatever the number of partitions and the size of a poll', async () => {
    const config = { events: 1000, seed: 3, outOfOrderGroup: 100 };
    const bySeq = (values: { seq: number }[]) => [...values].sort((a, b) => a.seq - b.seq);
    const one = await runSource(events, config);
    const many = await runSource(events, { ...config, partitions: 4 }, { max: 7, reopen: true });
    expect(bySeq(many.values)).toEqual(bySeq(one.values));
    expect(many.partitions.size).toBe(4);
    const other = await runSource(events, { ...config, seed: 4 });
    expect(other.values).not.toEqual(one.values);
  });

  it('comes in another order within groups, each event once, never further behind than it says', async () => {
    const { values } = await runSource(events, { events: 2000, rate: 1000, outOfOrderGroup: 100 });
    expect(values.map(({ seq }) => seq)).not.toEqual(Array.from({ length: 2000 }, (_, i) => i));
    expect(new Set(values.map(({ seq }) => seq)).size).toBe(2000);
    const allowed = new Timeline(1000, 100, 0).disorder;
    let newest = 0;
    let furthest = 0;
    for (const { dateTime } of values) {
      newest = Math.max(newest, dateTime);
      furthest = Math.max(furthest, newest - dateTime);
    }
    expect(furthest).toBeGreaterThan(0);
    expect(furthest).toBeLessThanOrEqual(allowed);
  });

  it('refers to people and auctions that exist or come soon, with prices in their range', async () => {
    const { values } = await runSource(events, { events: 20_000, kinds: ['bids', 'auctions'] });
    let hot = 0;
    let bids = 0;
    for (const value of values) {
      if (value.auction === undefined) {
        expect(value.seller - 1000).toBeLessThanOrEqual(lastPerson(value.seq) + 10);
        expect(value.expires).toBeGreaterThan(value.dateTime);
        expect(value.reserve).toBeGreaterThan(value.initialBid);
        continue;
      }
      bids++;
      if ((value.auction - 1000) % 100 === 0) hot++;
      expect(value.auction - 1000).toBeLessThanOrEqual(lastAuction(value.seq) + 10);
      expect(value.bidder - 1000).toBeLessThanOrEqual(lastPerson(value.seq) + 10);
      expect(value.price).toBeGreaterThanOrEqual(100);
      expect(value.price).toBeLessThanOrEqual(100_000_000);
    }
    expect(hot / bids).toBeGreaterThan(0.45);
    expect(hot / bids).toBeLessThan(0.6);
  });

  it('gives bidders the higher ids of the original only when told to', async () => {
    const config = { events: 500, kinds: ['bids'] };
    const ours = await runSource(events, config);
    const theirs = await runSource(events, { ...config, flinkBidderQuirk: true });
    expect(theirs.values.map(({ bidder }) => bidder)).toEqual(ours.values.map(({ bidder }) => bidder + 1000));
  });

  it('warns of a disorder that is not waited for, and refuses a group that repeats events', () => {
    const lint = (config: object) => events.lint!(config).map(({ code }) => code);
    expect(lint({ rate: 1000, outOfOrderGroup: 100, time: { field: 'dateTime', disorder: 99 } })).toEqual([]);
    expect(lint({ rate: 1000, outOfOrderGroup: 100, time: { field: 'dateTime', disorder: 98 } })).toEqual([
      'NEXMARK_DISORDER',
    ]);
    expect(lint({ outOfOrderGroup: 1906, time: { field: 'dateTime', disorder: '1 h' } })).toEqual(['NEXMARK_GROUP']);
  });

  it('turns the bits of a channel number round', () => {
    expect([0, 1, 2].map(reversed)).toEqual([0, -2_147_483_648, 1_073_741_824]);
  });
});
