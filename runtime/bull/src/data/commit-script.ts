import type { Script } from '../redis/script.js';

/**
 * One task's commit, all or nothing. Allowed to write when Redis is full: what it consumes is what empties it. The run id of the server
 * is part of the question, so that a task never goes on across a restart or failover with entries in hand that the server has lost.
 */
export const COMMIT: Script = {
  name: 'millraceCommit',
  lua: `#!lua flags=allow-oom
-- KEYS  1 task   2 state log   3 snapshots   4 waiting records   5 run
--       then one for each output, one for each consumed lane, one for each letter (letters of its node),
--       two for each replayed letter (replayed, replays of its node)
-- ARGV  1 run id of the server   2 owner   3 epoch   4 sequence n   5 progress   6 finished 0|1
--       7 changes of the state, '' = none   8 first log entry to keep, 0 = all
--       9 letters to keep for each node
--       then lists, each behind its length:
--       snapshots  field, blob ('' = remove it)
--       outputs    lane, records, entry number, payload
--       consumed   lane, records, first entry to keep
--       letters    node, payload
--       replayed   number
--       watched    lane
-- returns  { OK | DUPLICATE: n was stored by this owner | FENCED: another owner or sequence | RESTARTED: another server | GONE: no such task,
--            records waiting in each watched lane ... }
local task = redis.call('HMGET', KEYS[1], 'owner', 'epoch', 'sequence', 'by')
if not task[1] or redis.call('EXISTS', KEYS[5]) == 0 then return { 'GONE' } end
if string.match(redis.call('INFO', 'server'), 'run_id:(%x+)') ~= ARGV[1] then return { 'RESTARTED' } end
if task[1] ~= ARGV[2] or task[2] ~= ARGV[3] then
  redis.call('HINCRBY', KEYS[5], 'refused', 1)
  return { 'FENCED' }
end
local n, stored = tonumber(ARGV[4]), tonumber(task[3])
local reply = 'OK'
if n == stored and task[4] == ARGV[2] then
  reply = 'DUPLICATE'
elseif n ~= stored + 1 then
  redis.call('HINCRBY', KEYS[5], 'refused', 1)
  return { 'FENCED' }
end
local write = reply == 'OK'
local key, at = 6, 10
if write then
  if ARGV[7] ~= '' then redis.call('XADD', KEYS[2], ARGV[4] .. '-0', 'd', ARGV[7]) end
  if ARGV[8] ~= '0' then redis.call('XTRIM', KEYS[2], 'MINID', ARGV[8]) end
end
local count = tonumber(ARGV[at])
for i = at + 1, at + 2 * count, 2 do
  if write then
    if ARGV[i + 1] == '' then redis.call('HDEL', KEYS[3], ARGV[i])
    else redis.call('HSET', KEYS[3], ARGV[i], ARGV[i + 1]) end
  end
end
at = at + 1 + 2 * count
count = tonumber(ARGV[at])
for i = at + 1, at + 4 * count, 4 do
  if write then
    redis.call('XADD', KEYS[key], ARGV[i + 2] .. '-0', ARGV[i + 1], ARGV[i + 3])
    redis.call('HINCRBY', KEYS[4], ARGV[i], ARGV[i + 1])
  end
  key = key + 1
end
at = at + 1 + 4 * count
count = tonumber(ARGV[at])
for i = at + 1, at + 3 * count, 3 do
  if write then
    redis.call('XTRIM', KEYS[key], 'MINID', ARGV[i + 2])
    -- Minus zero is no integer to Redis.
    if ARGV[i + 1] ~= '0' then redis.call('HINCRBY', KEYS[4], ARGV[i], '-' .. ARGV[i + 1]) end
  end
  key = key + 1
end
at = at + 1 + 3 * count
count = tonumber(ARGV[at])
for i = at + 1, at + 2 * count, 2 do
  if write then
    local number = redis.call('HINCRBY', KEYS[5], 'letters/' .. ARGV[i], 1)
    redis.call('XADD', KEYS[key], 'MAXLEN', '~', ARGV[9], number .. '-0', 'p', ARGV[i + 1])
  end
  key = key + 1
end
at = at + 1 + 2 * count
count = tonumber(ARGV[at])
for i = at + 1, at + count do
  if write then
    redis.call('SADD', KEYS[key], ARGV[i])
    redis.call('SREM', KEYS[key + 1], ARGV[i])
  end
  key = key + 2
end
at = at + 1 + count
-- Last: should the server refuse any of the above, the commit does not count, and the task stops on it instead of going on with half.
if write then
  redis.call('HSET', KEYS[1], 'sequence', ARGV[4], 'by', ARGV[2], 'meta', ARGV[5], 'finished', ARGV[6])
end
local answer = { reply }
count = tonumber(ARGV[at])
for i = at + 1, at + count do
  answer[#answer + 1] = tonumber(redis.call('HGET', KEYS[4], ARGV[i]) or 0)
end
return answer
`,
};

/** A question that costs little: is it the same server, has it room, what waits in these lanes? */
export const LOOK: Script = {
  name: 'millraceLook',
  lua: `#!lua flags=no-writes,allow-oom
-- KEYS  1 waiting records
-- ARGV  1 '1' = look at the memory too   then lanes
-- returns  { run id of the server, bytes used, most bytes (0 = no limit), records waiting in each lane ... }
local answer = { string.match(redis.call('INFO', 'server'), 'run_id:(%x+)'), 0, 0 }
if ARGV[1] == '1' then
  local memory = redis.call('INFO', 'memory')
  answer[2] = tonumber(string.match(memory, 'used_memory:(%d+)'))
  answer[3] = tonumber(string.match(memory, 'maxmemory:(%d+)'))
end
for i = 2, #ARGV do answer[i + 2] = tonumber(redis.call('HGET', KEYS[1], ARGV[i]) or 0) end
return answer
`,
};
