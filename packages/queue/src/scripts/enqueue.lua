-- Promise: adds entries in the order given, each to the tail (RPUSH) or head (LPUSH) of its owner's lane.
--   A job that waits already stays where it is. Without an epoch nothing is added.
-- KEYS: see prelude.lua
-- ARGV[2] RPUSH | LPUSH  ARGV[3…] pairs: job id, member
-- Answer: how many were added, or EPOCH_MISSING
if redis.call("EXISTS", epochKey) == 0 then return "EPOCH_MISSING" end
local added = 0
for index = 3, #ARGV, 2 do added = added + add(ARGV[index], ARGV[index + 1], ARGV[2]) end
return added
