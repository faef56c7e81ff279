// What no single command of Redis can do, one script per operation: atomic, one round trip.
//
//   counter  a list [next number, last number, life of the server that made it]. Decimal texts: Lua's numbers are
//            doubles. Another server's counter is none: a replica that was promoted, or a server that loaded a snapshot,
//            may not know of numbers that were given out
//   life     a text `<run id> <replication id> <id of the life> <its begin, ms>`. A server takes another replication id
//            with every promotion, so neither a start nor a promotion, be it there and back, leaves the life as it was
//   window   a sorted set with one member; its score is the count
//
// Values, hashes and sets are Redis's own. Five kinds, five types: asking a key for another kind is
// Redis's error WRONGTYPE, without a look at the type.
import { createHash } from 'node:crypto';
import { MEMBERS_MAX, VALUE_BYTES_MAX } from '../limits.js';

export interface Script {
  readonly source: string;
  /** What Redis calls it. */
  readonly sha: string;
}

const script = (source: string): Script => ({
  source,
  sha: createHash('sha1').update(source).digest('hex'),
});

/** Comparison and successor of canonical decimal texts up to 2^63. */
const DECIMALS = `
local function less(a, b)
  return #a < #b or (#a == #b and a < b)
end
local function successor(n)
  if #n < 16 then return string.format('%.0f', tonumber(n) + 1) end
  local low = tonumber(string.sub(n, -9)) + 1
  if low < 1e9 then return string.sub(n, 1, -10) .. string.format('%09.0f', low) end
  return string.format('%.0f', tonumber(string.sub(n, 1, -10)) + 1) .. '000000000'
end
`;

/**
 * Which life of which server this is: anew with every start of its process, and with every promotion, be it there and
 * back. Nothing where the server does not tell. About 5 µs.
 */
const SERVER_LIFE = `
local function server_life()
  local info = redis.call('INFO', 'server', 'replication')
  local run, history = string.match(info, 'run_id:(%w+)'), string.match(info, 'master_replid:(%w+)')
  return run and history and run .. ' ' .. history
end
`;

/** Key: life. Argument: the id of a new life. Answers id and age, ms; nothing when the server does not tell who it is. */
export const LIFE = script(`${SERVER_LIFE}
local current = server_life()
if not current then return false end
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local known = redis.call('GET', KEYS[1])
if known then
  local server, id, born = string.match(known, '^(%w+ %w+) (%S+) (%d+)$')
  if server == current then return {id, string.format('%.0f', now - tonumber(born))} end
end
redis.call('SET', KEYS[1], current .. ' ' .. ARGV[1] .. ' ' .. string.format('%.0f', now))
return {ARGV[1], '0'}
`);

/** Keys: counter, reservation or nothing. Arguments: note, time to live, idle time of the counter, ms. */
export const RESERVE_NEXT = script(`${DECIMALS}${SERVER_LIFE}
if KEYS[2] then
  local known = redis.call('GET', KEYS[2])
  if known then return 'e' .. known end
end
local range = redis.call('LRANGE', KEYS[1], 0, 2)
if not range[1] or less(range[2], range[1]) or range[3] ~= (server_life() or '') then return 'x' end
if KEYS[2] then
  local value = range[1] .. ' ' .. ARGV[1]
  if #value > ${VALUE_BYTES_MAX} then return 's' end
  redis.call('SET', KEYS[2], value, 'PX', ARGV[2])
end
redis.call('LSET', KEYS[1], 0, successor(range[1]))
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 'f' .. range[1]
`);

/** Keys: counter, lease or nothing. Arguments: first, last, idle time, ms, the lease's value. Answers 0 without the lease. */
export const SEED_COUNTER = script(`${DECIMALS}${SERVER_LIFE}
if KEYS[2] then
  if redis.call('GET', KEYS[2]) ~= ARGV[4] then return 0 end
end
local range = redis.call('LRANGE', KEYS[1], 0, 2)
local next = ARGV[1]
local server = server_life() or ''
if KEYS[2] then redis.call('DEL', KEYS[2]) end
if range[1] and range[3] ~= server then
  redis.call('DEL', KEYS[1])
elseif range[1] then
  if not less(range[2], ARGV[1]) then return 1 end
  if successor(range[2]) == ARGV[1] then next = range[1] end
  redis.call('DEL', KEYS[1])
end
redis.call('RPUSH', KEYS[1], next, ARGV[2], server)
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
`);

/** Key: value. Arguments: expected, new value, time to live, ms. */
export const REPLACE = script(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1
`);

/** Key: hash. Arguments: names and values by turns. Answers 0 when it would be too many. */
export const HASH_SET = script(`
local size = redis.call('HLEN', KEYS[1])
if size + #ARGV / 2 > ${MEMBERS_MAX} then
  for i = 1, #ARGV, 2 do
    if redis.call('HEXISTS', KEYS[1], ARGV[i]) == 0 then size = size + 1 end
  end
  if size > ${MEMBERS_MAX} then return 0 end
end
for i = 1, #ARGV, 1000 do
  redis.call('HSET', KEYS[1], unpack(ARGV, i, math.min(i + 999, #ARGV)))
end
return 1
`);

/** Key: set. Arguments: time to live, ms, then members. Answers 0 when it would be too many. */
export const SET_ADD = script(`
local size = redis.call('SCARD', KEYS[1])
if size + #ARGV - 1 > ${MEMBERS_MAX} then
  local seen = {}
  for i = 2, #ARGV do
    if not seen[ARGV[i]] and redis.call('SISMEMBER', KEYS[1], ARGV[i]) == 0 then size = size + 1 end
    seen[ARGV[i]] = true
  end
  if size > ${MEMBERS_MAX} then return 0 end
end
for i = 2, #ARGV, 1000 do
  redis.call('SADD', KEYS[1], unpack(ARGV, i, math.min(i + 999, #ARGV)))
end
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return 1
`);

/** Key: window. Arguments: amount, length of the window, ms. */
export const COUNT_IN_WINDOW = script(`
local isNew = redis.call('EXISTS', KEYS[1]) == 0
local count = redis.call('ZINCRBY', KEYS[1], ARGV[1], 'n')
if isNew then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return count
`);

export const SCRIPTS: readonly Script[] = [
  LIFE,
  RESERVE_NEXT,
  SEED_COUNTER,
  REPLACE,
  HASH_SET,
  SET_ADD,
  COUNT_IN_WINDOW,
];
