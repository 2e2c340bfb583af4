-- Promise: adds entries in the order given, each to the tail (RPUSH) or head (LPUSH) of its owner's lane.
--   A job that waits already stays where it is. Without an epoch nothing is added.
--   The channel is told in the same step, so whoever hears it finds the entries.
-- KEYS: see prelude.lua
-- ARGV[2] RPUSH | LPUSH  ARGV[3] the channel, empty to tell nobody  ARGV[4…] pairs: job id, member
-- Answer: how many were added, or EPOCH_MISSING
if redis.call("EXISTS", epochKey) == 0 then return "EPOCH_MISSING" end
local added = 0
for index = 4, #ARGV, 2 do added = added + add(ARGV[index], ARGV[index + 1], ARGV[2]) end
if ARGV[3] ~= "" then redis.call("PUBLISH", ARGV[3], "") end
return added
