import { LUA_NOW } from '../../redis/lua-now.js'

// Under the prefix there are three kinds of keys. None outlives what it is for.
//   e:<key>  an entry, a hash: `text`, the JSON, and `about`: until when it is fresh and stale, and its generations
//   f:<key>  somebody makes the value: whose flight it is, and the generations of its tags when it began
//   g:<tag>  the generation of a tag: any text that was never there before
// An entry or a flight counts only while all its generations are still the ones that it began with. So a purge deletes the
// generations of its tags and needs to know no keys, and what was begun before it can never be kept after it.

/** Milliseconds after which a flight whose process died is anybody's. */
export const FLIGHT_MS = 2_000
// a generation lives for as long as the entries that carry it, and longer than any flight
const GENERATION_MS = 60_000

const HEAD = `${LUA_NOW}
local prefix = ARGV[1]
local generations = {}
local function generation(tag)
  if generations[tag] == nil then
    generations[tag] = redis.call('GET', prefix .. 'g:' .. tag)
  end
  return generations[tag]
end

-- carried: tag, generation, tag, generation ...
local function current(carried)
  for i = 1, #carried, 2 do
    if generation(carried[i]) ~= carried[i + 1] then return false end
  end
  return true
end

local function extend(tag, ms)
  if redis.call('PTTL', prefix .. 'g:' .. tag) < ms then
    redis.call('PEXPIRE', prefix .. 'g:' .. tag, ms)
  end
end

local function flight(key)
  local packed = redis.call('GET', prefix .. 'f:' .. key)
  if not packed then return nil end
  local found = cmsgpack.unpack(packed)
  return current(found.carried) and found or nil
end

-- the tags are ARGV[first] to ARGV[last]
local function begin(key, token, first, last)
  local carried = {}
  for i = first, last do
    local tag = ARGV[i]
    if generation(tag) then
      extend(tag, ${GENERATION_MS})
    else
      generations[tag] = token
      redis.call('SET', prefix .. 'g:' .. tag, token, 'PX', ${GENERATION_MS})
    end
    table.insert(carried, tag)
    table.insert(carried, generations[tag])
  end
  local packed = cmsgpack.pack({ token = token, carried = carried })
  redis.call('SET', prefix .. 'f:' .. key, packed, 'PX', ${FLIGHT_MS})
end
`

// ARGV: prefix, now, token or '', then key, number of tags, tags ... for each key
// answers for each key: text or nil, ms for which it is fresh, and for which it is there, 1 when the flight is the caller's, tags ...
const look = `${HEAD}
local token, i, answers = ARGV[3], 4, {}
while ARGV[i] do
  local key, last = ARGV[i], i + 1 + ARGV[i + 1]
  local answer = { false, 0, 0, 0 }
  local packed = redis.call('HGET', prefix .. 'e:' .. key, 'about')
  local about = packed and cmsgpack.unpack(packed)
  if about and now < about.stale and current(about.carried) then
    answer = { redis.call('HGET', prefix .. 'e:' .. key, 'text'), about.fresh - now, about.stale - now, 0 }
    for j = 1, #about.carried, 2 do table.insert(answer, about.carried[j]) end
  end
  if token ~= '' and answer[2] <= 0 and not flight(key) then
    begin(key, token, i + 2, last)
    answer[4] = 1
  end
  table.insert(answers, answer)
  i = last + 1
end
return answers`

// ARGV: prefix, now, token, key, tags ...; takes the flight from whoever has it, and the old value away
const take = `${HEAD}
redis.call('UNLINK', prefix .. 'e:' .. ARGV[4])
begin(ARGV[4], ARGV[3], 5, #ARGV)`

// ARGV: prefix, now, token, then key, text or '' for none, ms fresh, ms stale ... for each key
// answers for each key: 1 when it was kept, 0 when the flight was overtaken
const keep = `${HEAD}
local answers = {}
for i = 4, #ARGV, 4 do
  local key, text = ARGV[i], ARGV[i + 1]
  local found = flight(key)
  local kept = found and found.token == ARGV[3]
  if kept then
    redis.call('DEL', prefix .. 'f:' .. key)
    redis.call('UNLINK', prefix .. 'e:' .. key)
  end
  if kept and text ~= '' then
    local fresh = now + ARGV[i + 2]
    local stale = fresh + ARGV[i + 3]
    local about = cmsgpack.pack({ fresh = fresh, stale = stale, carried = found.carried })
    redis.call('HSET', prefix .. 'e:' .. key, 'text', text, 'about', about)
    redis.call('PEXPIREAT', prefix .. 'e:' .. key, stale)
    for j = 1, #found.carried, 2 do extend(found.carried[j], stale - now) end
  end
  table.insert(answers, kept and 1 or 0)
end
return answers`

// ARGV: prefix, now, token, ms, keys ...; prolongs the flights that are still the caller's; 0 ms gives them up
const hold = `${HEAD}
for i = 5, #ARGV do
  local found = flight(ARGV[i])
  if found and found.token == ARGV[3] then
    redis.call('PEXPIRE', prefix .. 'f:' .. ARGV[i], ARGV[4])
  end
end`

// ARGV: prefix, channel, message, number of keys, keys ..., tags ...
const forget = `
local prefix, keys = ARGV[1], tonumber(ARGV[4])
for i = 5, #ARGV do
  if i < 5 + keys then
    redis.call('UNLINK', prefix .. 'e:' .. ARGV[i], prefix .. 'f:' .. ARGV[i])
  else
    redis.call('DEL', prefix .. 'g:' .. ARGV[i])
  end
end
redis.call('PUBLISH', ARGV[2], ARGV[3])`

export const SCRIPTS = { look, take, keep, hold, forget }
