-- Promise: a process is among the living for ARGV[2] seconds more, with this report. Whoever has not reported for so long is
-- taken out. Counts of connections are absolute, so a repeated report changes nothing.
-- KEYS[1] instances  KEYS[2] the process' own hash
-- ARGV[1] instance id  ARGV[2] seconds  ARGV[3] report as JSON  ARGV[4] 1: the counts that follow are all there are
-- ARGV[5…] field and count, in turns
-- Answer: 1 if the counts of before were still there, or all were given; 0 if they are to be given
local time = redis.call("TIME")
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local isWhole = ARGV[4] == "1"
local isKnown = isWhole or redis.call("HEXISTS", KEYS[2], "report") == 1
if isWhole then redis.call("DEL", KEYS[2]) end
redis.call("HSET", KEYS[2], "report", ARGV[3])
for index = 5, #ARGV, 2 do redis.call("HSET", KEYS[2], ARGV[index], ARGV[index + 1]) end
redis.call("EXPIRE", KEYS[2], ARGV[2])
redis.call("ZADD", KEYS[1], now, ARGV[1])
redis.call("ZREMRANGEBYSCORE", KEYS[1], "-inf", now - ARGV[2] * 1000)
return isKnown and 1 or 0
