-- Promise: how many jobs start before each wanted one, as if one backend took everything in turn (0 is next).
--   In round k (from 1) every owner with at least k jobs starts one, in ring order; so the owner's k-th job has
--   before it all earlier rounds and, in its own, the owners that stand before its owner in the ring.
--   A few jobs cost by how many owners wait, not by how many jobs do: every submit asks for its own.
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

local ring = redis.call("LRANGE", ringKey, 0, -1)
local counts = hmget(ownersKey, ring, 1)
for index = 1, #ring do counts[index] = tonumber(counts[index] or "0") end

local answer = {}
local function tell(jobId, position)
  answer[#answer + 1] = jobId
  answer[#answer + 1] = position
end

-- The round in which a job that waits starts; nil if its lane was lost. New jobs stand at the tail, so it is looked for from there.
local function roundOf(jobId, owner, priority)
  local before = 0
  for _, earlier in ipairs(PRIORITIES) do
    if earlier == priority then break end
    before = before + redis.call("LLEN", laneKey(owner, earlier))
  end
  local place = redis.call("LPOS", laneKey(owner, priority), jobId, "RANK", -1)
  return place and before + place + 1
end

if ARGV[2] == "jobs" then
  local rounds = {} -- round → owner → the job that starts then
  for index, member in ipairs(hmget(membersKey, ARGV, 3)) do
    if member then
      local priority, owner = parse(member)
      local jobId = ARGV[index + 2]
      local round = roundOf(jobId, owner, priority)
      if round then
        rounds[round] = rounds[round] or {}
        rounds[round][owner] = jobId
      end
    end
  end
  for round, jobOf in pairs(rounds) do
    local earlier, standing = 0, 0
    for index = 1, #ring do earlier = earlier + math.min(counts[index], round - 1) end
    for index, owner in ipairs(ring) do
      if jobOf[owner] then tell(jobOf[owner], earlier + standing) end
      if counts[index] >= round then standing = standing + 1 end
    end
  end
  return answer
end

local isEveryone = ARGV[2] == "everyone"
local wantedOwners = {}
for index = 3, #ARGV do wantedOwners[ARGV[index]] = true end
local last = 0 -- the last round that anything wanted starts in
for index, owner in ipairs(ring) do
  if isEveryone or wantedOwners[owner] then last = math.max(last, counts[index]) end
end
local roundSize = {}
for index = 1, #ring do
  for round = 1, math.min(counts[index], last) do roundSize[round] = (roundSize[round] or 0) + 1 end
end
local startedBefore = { 0 }
for round = 1, #roundSize do startedBefore[round + 1] = startedBefore[round] + roundSize[round] end

local standing = {} -- per round: owners before this one in the ring that take part
for index, owner in ipairs(ring) do
  if isEveryone or wantedOwners[owner] then
    local round = 0
    for _, priority in ipairs(PRIORITIES) do
      for _, jobId in ipairs(redis.call("LRANGE", laneKey(owner, priority), 0, -1)) do
        round = round + 1
        tell(jobId, (startedBefore[round] or 0) + (standing[round] or 0))
      end
    end
  end
  for round = 1, math.min(counts[index], last) do standing[round] = (standing[round] or 0) + 1 end
end
return answer
