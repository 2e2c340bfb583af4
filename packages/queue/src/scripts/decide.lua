-- Promise: records whether backends with this catalogue can run jobs with this capability key.
-- KEYS[1] able, of the catalogue
-- ARGV[1] capability key  ARGV[2] 1 | 0  ARGV[3] seconds to keep the catalogue's answers
-- Answer: 1
redis.call("HSET", KEYS[1], ARGV[1], ARGV[2])
return redis.call("EXPIRE", KEYS[1], ARGV[3])
