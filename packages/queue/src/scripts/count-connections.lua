-- Promise: a process' connections are counted as they come and go, in the order given. One that comes is counted unless its owner,
-- or the guests of its address, hold as many as they may over all living processes.
-- KEYS[1] instances  KEYS[2] the process' own hash
-- ARGV[1] instance id  ARGV[2] seconds a process lives  ARGV[3] what the keys of instances begin with
-- ARGV[4…] of each connection: field, the process' own count with this change in it, and limit of its owner, then of its address. Without
--   an address that field is empty; without limits the connection has gone, and is refused nothing
-- Answer: for each connection the number of the field that has no room, counted from 1, and nothing stored of it; 0 if it has
local time = redis.call("TIME")
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local living = redis.call("ZRANGEBYSCORE", KEYS[1], now - ARGV[2] * 1000, "+inf")

local function isFull(field, own, limit)
  if field == "" or limit == "" then return false end
  local total = tonumber(own)
  for _, id in ipairs(living) do
    if id ~= ARGV[1] then total = total + tonumber(redis.call("HGET", ARGV[3] .. id, field) or "0") end
  end
  return total > tonumber(limit)
end

local function store(field, own)
  if field == "" then return end
  if own == "0" then redis.call("HDEL", KEYS[2], field) else redis.call("HSET", KEYS[2], field, own) end
end

local answers = {}
local isAdmitted = false
for at = 4, #ARGV, 6 do
  local owner, held, most, address, heldThere, mostThere = unpack(ARGV, at, at + 5)
  local full = isFull(owner, held, most) and 1 or isFull(address, heldThere, mostThere) and 2 or 0
  if full == 0 then
    store(owner, held)
    store(address, heldThere)
    isAdmitted = isAdmitted or most ~= ""
  end
  answers[#answers + 1] = full
end
if not isAdmitted then return answers end
-- A process takes connections before its first report has arrived: whoever holds some is alive.
redis.call("EXPIRE", KEYS[2], ARGV[2])
redis.call("ZADD", KEYS[1], now, ARGV[1])
return answers
