-- Promise: a connection is counted unless its owner, or the guests of its address, hold as many as they may over all living
-- processes. The caller's own counts are given with the new connection in them; they are stored only if it is admitted.
-- KEYS[1] instances  KEYS[2] the process' own hash
-- ARGV[1] instance id  ARGV[2] seconds a process lives  ARGV[3] what the keys of instances begin with
-- ARGV[4…] field, own count, limit, in turns; the fields are asked in this order
-- Answer: the number of the field that has no room, counted from 1; 0 if the connection is admitted
local time = redis.call("TIME")
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local living = redis.call("ZRANGEBYSCORE", KEYS[1], now - ARGV[2] * 1000, "+inf")
for index = 4, #ARGV, 3 do
  local total = tonumber(ARGV[index + 1])
  for _, id in ipairs(living) do
    if id ~= ARGV[1] then total = total + tonumber(redis.call("HGET", ARGV[3] .. id, ARGV[index]) or "0") end
  end
  if total > tonumber(ARGV[index + 2]) then return (index - 1) / 3 end
end
for index = 4, #ARGV, 3 do redis.call("HSET", KEYS[2], ARGV[index], ARGV[index + 1]) end
-- A process takes connections before its first report has arrived: whoever holds some is alive.
redis.call("EXPIRE", KEYS[2], ARGV[2])
redis.call("ZADD", KEYS[1], now, ARGV[1])
return 0
