-- What every queue script begins with (scripts.ts puts it in front): the keys, and how an entry comes and goes.
-- Invariants: a job id is in `members` exactly when it is in one lane of its owner; `owners` counts each owner's
-- waiting jobs; an owner is in the ring exactly when that count is above zero.
-- KEYS[1] epoch  KEYS[2] ring  KEYS[3] owners  KEYS[4] members  KEYS[5] passes
-- ARGV[1] what lane keys begin with; they share the hash tag of KEYS
local epochKey, ringKey, ownersKey, membersKey, passesKey = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local PRIORITIES = { "h", "n", "l" }

local function laneKey(owner, priority)
  return ARGV[1] .. owner .. ":" .. priority
end

-- A member is `priority|owner|capability key|model key`; only the model key may contain a bar.
local function parse(member)
  return string.match(member, "^(%a)|([^|]*)|([^|]*)|(.*)$")
end

-- Adds a job that does not wait yet; 1 if it was added.
local function add(jobId, member, side)
  if redis.call("HSETNX", membersKey, jobId, member) == 0 then return 0 end
  local priority, owner = parse(member)
  if redis.call("HINCRBY", ownersKey, owner, 1) == 1 then
    redis.call("RPUSH", ringKey, owner)
    -- Nothing of an owner's waits before the first job; what is in the lanes was left behind when other keys were lost.
    redis.call("DEL", laneKey(owner, "h"), laneKey(owner, "n"), laneKey(owner, "l"))
  end
  redis.call(side, laneKey(owner, priority), jobId)
  return 1
end

-- Takes a job out; answers its member, its owner, and whether the owner still waits; nil if it did not wait.
local function drop(jobId)
  local member = redis.call("HGET", membersKey, jobId)
  if not member then return nil end
  local priority, owner = parse(member)
  redis.call("HDEL", membersKey, jobId)
  redis.call("HDEL", passesKey, jobId)
  redis.call("LREM", laneKey(owner, priority), 1, jobId)
  if redis.call("HINCRBY", ownersKey, owner, -1) > 0 then return member, owner, true end
  redis.call("HDEL", ownersKey, owner)
  redis.call("LREM", ringKey, 1, owner)
  return member, owner, false
end

-- Forgets everything that waits; answers how many jobs that were.
-- Looks for lanes through every key that names an owner, because any of them may have been lost. One of another type
-- names nobody: its error is a table without entries.
local function wipe()
  local count = tonumber(redis.pcall("HLEN", membersKey)) or 0
  local owners = {}
  for _, owner in ipairs(redis.pcall("HKEYS", ownersKey)) do owners[owner] = true end
  for _, owner in ipairs(redis.pcall("LRANGE", ringKey, 0, -1)) do owners[owner] = true end
  for _, member in ipairs(redis.pcall("HVALS", membersKey)) do
    local _, owner = parse(member)
    if owner then owners[owner] = true end
  end
  for owner in pairs(owners) do
    for _, priority in ipairs(PRIORITIES) do redis.call("DEL", laneKey(owner, priority)) end
  end
  redis.call("DEL", ringKey, ownersKey, membersKey, passesKey)
  return count
end

