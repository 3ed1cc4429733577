import type { Script } from '../redis/script.js';

/** A worker takes a task: the first act of a lease. */
export const TAKE_TASK: Script = {
  name: 'millraceTakeTask',
  lua: `#!lua flags=allow-oom
-- KEYS  1 run hash   2 task hash
-- ARGV  1 layout   2 generation   3 owner
-- returns  the new epoch | 'obsolete': another generation or layout counts now | 'gone': there is no such task
if redis.call('HGET', KEYS[1], 'layout') ~= ARGV[1] then return 'obsolete' end
local generation = redis.call('HGET', KEYS[2], 'generation')
if not generation then return 'gone' end
if generation ~= ARGV[2] then return 'obsolete' end
redis.call('HSET', KEYS[2], 'owner', ARGV[3])
return redis.call('HINCRBY', KEYS[2], 'epoch', 1)
`,
};

/** The supervisor takes a task away from whoever holds it. */
export const FENCE_TASK: Script = {
  name: 'millraceFenceTask',
  lua: `#!lua flags=allow-oom
-- KEYS  1 run hash   2 task hash
-- ARGV  1 layout   2 expected generation, '' = any
-- returns  the new generation | 'obsolete' | 'gone'
if redis.call('HGET', KEYS[1], 'layout') ~= ARGV[1] then return 'obsolete' end
local generation = redis.call('HGET', KEYS[2], 'generation')
if not generation then return 'gone' end
if ARGV[2] ~= '' and generation ~= ARGV[2] then return 'obsolete' end
redis.call('HINCRBY', KEYS[2], 'epoch', 1)
redis.call('HSET', KEYS[2], 'owner', '')
return redis.call('HINCRBY', KEYS[2], 'generation', 1)
`,
};

/** A run comes into being with all its tasks, or not at all. */
export const CREATE_RUN: Script = {
  name: 'millraceCreateRun',
  lua: `#!lua
-- KEYS  1 run   then each task
-- ARGV  1 run record   2 status
-- returns  1 | 0 = there is a run of this name
if redis.call('HEXISTS', KEYS[1], 'layout') == 1 then return 0 end
for i = 2, #KEYS do
  redis.call('HSET', KEYS[i], 'owner', '', 'epoch', 0, 'generation', 1, 'sequence', 0)
end
redis.call('HSET', KEYS[1], 'record', ARGV[1], 'layout', 1, 'status', ARGV[2])
return 1
`,
};
