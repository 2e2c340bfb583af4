-- Promise: keeps a value of a job's attempt for a while; a value of an older attempt than the kept one changes nothing.
-- KEYS[1] progress or preview of the job
-- ARGV[1] attempt  ARGV[2] value  ARGV[3] seconds to keep it
-- Answer: 1, or 0 if a newer attempt's value is kept
if tonumber(redis.call("HGET", KEYS[1], "attempt") or "0") > tonumber(ARGV[1]) then return 0 end
redis.call("HSET", KEYS[1], "attempt", ARGV[1], "value", ARGV[2])
redis.call("EXPIRE", KEYS[1], ARGV[3])
return 1
