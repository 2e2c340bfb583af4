-- Promise: says whether all that waits can be reached, that is, whether the keys still agree with one another (the
--   invariants of prelude.lua). If they do not, because a key or a part of one was lost or somebody wrote something else
--   there, the epoch is taken away: nothing more is added to what is broken, and the queue is rebuilt as after a wipe.
-- KEYS: see prelude.lua
-- Answer: 1, or 0 if the queue must be rebuilt
if redis.call("EXISTS", epochKey) == 0 then return 0 end

local function isWhole()
  local laneOf, waiting = {}, {} -- job id → the lane it must be in; owner → how many wait
  local members = redis.call("HGETALL", membersKey)
  for index = 1, #members, 2 do
    local priority, owner = parse(members[index + 1])
    if not priority then return false end
    laneOf[members[index]] = laneKey(owner, priority)
    waiting[owner] = (waiting[owner] or 0) + 1
  end

  local ring = redis.call("LRANGE", ringKey, 0, -1)
  local counts = redis.call("HGETALL", ownersKey)
  if #counts ~= 2 * #ring then return false end
  for index = 1, #counts, 2 do
    if tonumber(counts[index + 1]) ~= waiting[counts[index]] then return false end
  end
  for _, owner in ipairs(ring) do
    if not waiting[owner] then return false end
    waiting[owner] = nil -- an owner stands in the ring once
    for _, priority in ipairs(PRIORITIES) do
      local lane = laneKey(owner, priority)
      for _, jobId in ipairs(redis.call("LRANGE", lane, 0, -1)) do
        if laneOf[jobId] ~= lane then return false end
        laneOf[jobId] = nil -- a job waits once
      end
    end
  end
  redis.call("HLEN", passesKey) -- only for its type
  return next(laneOf) == nil
end

-- A key of another type makes every command on it an error.
local isReadable, isSound = pcall(isWhole)
if isReadable and isSound then return 1 end
redis.call("DEL", epochKey)
return 0
