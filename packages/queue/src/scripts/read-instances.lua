-- Promise: reads what the living processes told, changes nothing.
-- KEYS[1] instances
-- ARGV[1] seconds a process lives  ARGV[2] what the keys of instances begin with  ARGV[3] 1: with counts of connections
-- Answer: of each process its hash, as fields and values in turns; without counts only its report
local time = redis.call("TIME")
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local answer = {}
for _, id in ipairs(redis.call("ZRANGEBYSCORE", KEYS[1], now - ARGV[1] * 1000, "+inf")) do
  local key = ARGV[2] .. id
  if ARGV[3] == "1" then
    table.insert(answer, redis.call("HGETALL", key))
  else
    table.insert(answer, { "report", redis.call("HGET", key, "report") or "" })
  end
end
return answer
