-- Promise: gives a message the next place in its topic's order, keeps it among the last ones, and tells whoever listens.
-- `prev` in what is told is the message before it, so that a listener notices a gap and reads what it missed from the stream.
-- KEYS[1] stream of the topic
-- ARGV[1] channel  ARGV[2] message as JSON  ARGV[3] messages to keep  ARGV[4] seconds to keep them
-- Answer: how many connections were told
local last = redis.call("XREVRANGE", KEYS[1], "+", "-", "COUNT", 1)
local prev = last[1] and last[1][1] or ""
local id = redis.call("XADD", KEYS[1], "MAXLEN", ARGV[3], "*", "value", ARGV[2])
redis.call("EXPIRE", KEYS[1], ARGV[4])
return redis.call("PUBLISH", ARGV[1], '{"id":"' .. id .. '","prev":"' .. prev .. '","value":' .. ARGV[2] .. "}")
