-- Promise: how many jobs start before each wanted one, as if one backend took everything in turn (0 is next).
--   In round k (from 0) every owner with more than k jobs starts one, in ring order; so the owner's k-th job has
--   before it all earlier rounds and, in its own, the owners that stand before its owner in the ring.
-- KEYS: see prelude.lua
-- ARGV[2] owners | jobs  ARGV[3…] their ids; or ARGV[2] everyone
-- Answer: {job id, position, job id, position, …}; what does not wait is absent
local CHUNK = 1000 -- unpack() is limited by Lua's stack

local function hmget(key, fields, from)
  local values = {}
  for start = from, #fields, CHUNK do
    local stop = math.min(start + CHUNK - 1, #fields)
    for _, value in ipairs(redis.call("HMGET", key, unpack(fields, start, stop))) do values[#values + 1] = value end
  end
  return values
end

local isEveryone = ARGV[2] == "everyone"
local wantedOwners, wantedJobs = {}, nil
if ARGV[2] == "owners" then
  for index = 3, #ARGV do wantedOwners[ARGV[index]] = true end
elseif ARGV[2] == "jobs" then
  wantedJobs = {}
  for index, member in ipairs(hmget(membersKey, ARGV, 3)) do
    if member then
      local _, owner = parse(member)
      wantedOwners[owner] = true
      wantedJobs[ARGV[index + 2]] = true
    end
  end
end
if not isEveryone and not next(wantedOwners) then return {} end

local ring = redis.call("LRANGE", ringKey, 0, -1)
local counts = hmget(ownersKey, ring, 1)
local roundSize = {}
for index = 1, #ring do
  counts[index] = tonumber(counts[index] or "0")
  for round = 1, counts[index] do roundSize[round] = (roundSize[round] or 0) + 1 end
end
local startedBefore = { 0 }
for round = 1, #roundSize do startedBefore[round + 1] = startedBefore[round] + roundSize[round] end

local answer = {}
local standing = {} -- per round: owners before this one in the ring that take part
for index, owner in ipairs(ring) do
  if isEveryone or wantedOwners[owner] then
    local round = 0
    for _, priority in ipairs(PRIORITIES) do
      for _, jobId in ipairs(redis.call("LRANGE", laneKey(owner, priority), 0, -1)) do
        round = round + 1
        if not wantedJobs or wantedJobs[jobId] then
          answer[#answer + 1] = jobId
          answer[#answer + 1] = (startedBefore[round] or 0) + (standing[round] or 0)
        end
      end
    end
  end
  for round = 1, counts[index] do standing[round] = (standing[round] or 0) + 1 end
end
return answer
