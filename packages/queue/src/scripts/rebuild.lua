-- Promise: in one step forgets what is left, fills the queue in the order given and sets the epoch.
--   If the epoch is there nothing happens: somebody else has rebuilt it.
-- KEYS: see prelude.lua
-- ARGV[2] the new epoch  ARGV[3…] pairs: job id, member
-- Answer: 1 if it was rebuilt, else 0
if redis.call("EXISTS", epochKey) == 1 then return 0 end
wipe()
for index = 3, #ARGV, 2 do add(ARGV[index], ARGV[index + 1], "RPUSH") end
redis.call("SET", epochKey, ARGV[2])
return 1
