import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AgeList } from './age-list.js';

describe('AgeList', () => {
  it('keeps ids in the order of their last change', () => {
    const step = fc.tuple(fc.constantFrom('touch', 'remove', 'remove oldest'), fc.constantFrom('a', 'b', 'c', 'd'));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const list = new AgeList();
        const model = new Map<string, number>();
        for (const [at, [what, id]] of steps.entries()) {
          const target = what === 'remove oldest' ? list.oldest?.id : id;
          if (target === undefined) continue;
          model.delete(target);
          if (what === 'touch') {
            list.touch(target, at);
            model.set(target, at);
          } else list.remove(target);
          const [first] = model;
          expect([list.size, list.oldest?.id, list.oldest?.at]).toEqual([model.size, first?.[0], first?.[1]]);
        }
        while (list.oldest !== undefined) {
          const [first] = model.keys();
          expect(list.oldest.id).toBe(first);
          model.delete(first!);
          list.remove(list.oldest.id);
        }
        expect(model.size).toBe(0);
      }),
    );
  });
});
