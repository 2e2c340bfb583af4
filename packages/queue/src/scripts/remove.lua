-- Promise: takes jobs out; absent ones change nothing. Nobody's turn moves, save that an owner without jobs leaves.
-- KEYS: see prelude.lua
-- ARGV[2…] job ids
-- Answer: how many were there
local count = 0
for index = 2, #ARGV do
  if drop(ARGV[index]) then count = count + 1 end
end
return count
