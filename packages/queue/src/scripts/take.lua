-- Promise: takes out the next job in turn that this backend can run. Owners are asked in ring order, each at most
--   once, lanes whole; the owner served goes to the tail. A capability key that nobody decided yet is answered
--   instead, and nothing is taken. With a warm model, the first `lookAhead` jobs of the first `lookAhead` owners that
--   can be run (one priority each) are searched for it; a job passed over `maxPasses` times is not passed over again,
--   and one passed over `maxTurns` times keeps its owner's turn: an owner whose model is warm on more backends than the
--   others' would otherwise get more of the machine.
-- prelude.lua is put in front: parse(member) answers priority, owner, capability key and model key of a waiting job;
-- drop(jobId) takes it out of every key and answers its member, its owner and whether that owner still waits.
-- KEYS: see prelude.lua; KEYS[6] able, of the backend's catalogue
-- ARGV[2] backend id  ARGV[3] warm model key or ""  ARGV[4] lookAhead  ARGV[5] maxPasses  ARGV[6] maxTurns
-- Answer: {"job", job id, member} | {"unknown-capability", capability key, job id} | {"empty"}
local ableKey = KEYS[6]
local ownKey = "backend:" .. ARGV[2]
local warm = ARGV[3] ~= "" and ARGV[3] or nil
local lookAhead, maxPasses, maxTurns = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])

local answers = {}
local function verdict(capability)
  if string.sub(capability, 1, 8) == "backend:" then return capability == ownKey and "1" or "0" end
  if not answers[capability] then answers[capability] = redis.call("HGET", ableKey, capability) or "unknown" end
  return answers[capability]
end

local anyPasses = warm and redis.call("EXISTS", passesKey) == 1
local function isPassed(jobId, times)
  return anyPasses and tonumber(redis.call("HGET", passesKey, jobId) or "0") >= times
end

local function give(jobId, passed)
  for _, other in ipairs(passed) do redis.call("HINCRBY", passesKey, other, 1) end
  local member, owner, waits = drop(jobId)
  if waits then
    redis.call("LREM", ringKey, 1, owner)
    redis.call("RPUSH", ringKey, owner)
  end
  return { "job", jobId, member }
end

-- Calls visit(element) for a list's elements until it answers something. The first read is short: it mostly suffices.
local function walk(key, size, visit)
  local from = 0
  while true do
    local chunk = redis.call("LRANGE", key, from, from + size - 1)
    if #chunk == 0 then return nil end
    local answer = visit(chunk)
    if answer ~= nil then return answer end
    from, size = from + size, 64
  end
end

local first -- the job in turn, while a warm one is looked for
local ownersSeen = 0
local passedHeads = {} -- of each owner seen, the job that was its turn

local function visitOwner(owner)
  local passed = {} -- of this owner
  for _, priority in ipairs(PRIORITIES) do
    local answer = walk(laneKey(owner, priority), warm and lookAhead or 1, function(jobIds)
      local members = redis.call("HMGET", membersKey, unpack(jobIds))
      for index, jobId in ipairs(jobIds) do
        local _, _, capability, model = parse(members[index] or "")
        local able = capability and verdict(capability)
        if able == "unknown" and not first then return { "unknown-capability", capability, jobId } end
        if able == "1" then
          if not warm then return give(jobId, {}) end
          if model == warm then
            for _, other in ipairs(passedHeads) do passed[#passed + 1] = other end
            return give(jobId, passed)
          end
          first = first or jobId
          if isPassed(jobId, maxPasses) then return give(first, {}) end
          passed[#passed + 1] = jobId
          if #passed >= lookAhead then return false end
        end
      end
    end)
    if answer then return answer end
    if #passed > 0 then break end
  end
  if #passed == 0 then return nil end
  if isPassed(passed[1], maxTurns) then return give(first, {}) end
  passedHeads[#passedHeads + 1] = passed[1]
  ownersSeen = ownersSeen + 1
  if ownersSeen >= lookAhead then return give(first, {}) end
end

local answer = walk(ringKey, 8, function(owners)
  for _, owner in ipairs(owners) do
    local given = visitOwner(owner)
    if given then return given end
  end
end)
if answer then return answer end
if first then return give(first, {}) end
return { "empty" }
