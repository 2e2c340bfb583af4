-- Promise: notes that somebody looks at a job now, or no longer, and tells who does; whoever was silent for a while is gone.
-- KEYS[1] viewers of the job
-- ARGV[1] who  ARGV[2] 1: looks, 0: went away  ARGV[3] milliseconds after which one who is silent is gone
-- Answer: who looks
local time = redis.call("TIME")
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if ARGV[2] == "1" then redis.call("ZADD", KEYS[1], now, ARGV[1]) else redis.call("ZREM", KEYS[1], ARGV[1]) end
redis.call("ZREMRANGEBYSCORE", KEYS[1], "-inf", now - ARGV[3])
redis.call("PEXPIRE", KEYS[1], ARGV[3])
return redis.call("ZRANGE", KEYS[1], 0, -1)
