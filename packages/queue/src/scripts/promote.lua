-- Promise: makes a waiting job the next of all: head of its owner's high lane, its owner at the head of the ring.
-- KEYS: see prelude.lua
-- ARGV[2] job id
-- Answer: 1, or 0 if it does not wait
local member, owner = drop(ARGV[2])
if not member then return 0 end
add(ARGV[2], "h" .. string.sub(member, 2), "LPUSH")
redis.call("LREM", ringKey, 1, owner)
redis.call("LPUSH", ringKey, owner)
return 1
