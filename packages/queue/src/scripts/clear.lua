-- Promise: empties the queue; the epoch stays, so that entries can be added again at once.
-- KEYS: see prelude.lua
-- Answer: how many jobs left
return wipe()
