-- Promise: in one step forgets what is left, fills the queue in the order given and sets the epoch.
--   If the epoch is there nothing happens (somebody else has rebuilt it), unless forced.
-- KEYS: see prelude.lua
-- ARGV[2] the new epoch  ARGV[3] 1 to force  ARGV[4…] pairs: job id, member
-- Answer: 1 if it was rebuilt, else 0
if ARGV[3] ~= "1" and redis.call("EXISTS", epochKey) == 1 then return 0 end
wipe()
-- An eviction may have left lanes whose owner is no longer counted.
for index = 5, #ARGV, 2 do
  local _, owner = parse(ARGV[index])
  for _, priority in ipairs(PRIORITIES) do redis.call("DEL", laneKey(owner, priority)) end
end
for index = 4, #ARGV, 2 do add(ARGV[index], ARGV[index + 1], "RPUSH") end
redis.call("SET", epochKey, ARGV[2])
return 1
