-- Promise: makes a waiting job the next of all: head of its owner's high lane, its owner at the head of the ring.
--   A member that no lane holds is a damage, and is left to be found: with a place it would be believed.
-- KEYS: see prelude.lua
-- ARGV[2] job id
-- Answer: 1, or 0 if it does not wait
local member = redis.call("HGET", membersKey, ARGV[2])
local priority, owner = parse(member or "")
if not priority or redis.call("LREM", laneKey(owner, priority), 1, ARGV[2]) == 0 then return 0 end
drop(ARGV[2])
add(ARGV[2], "h" .. string.sub(member, 2), "LPUSH")
redis.call("LREM", ringKey, 1, owner)
redis.call("LPUSH", ringKey, owner)
return 1
