/**
 * The beginning of a script in which time matters: `now` in milliseconds, which is ARGV[2], or the server's time when that is
 * empty. So processes need not agree on theirs, and a test can pass time.
 */
export const LUA_NOW = `
local now = tonumber(ARGV[2])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
`
